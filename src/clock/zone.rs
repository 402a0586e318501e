//! The offsets of a zone as a table of segments, so that a reading is one search and the next change is known.

use std::sync::OnceLock;

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::instant::{Instant, SECOND};

/// A stretch of time in which the offset from UTC does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Start, included; the first of a zone starts at [`Instant::MIN`].
    pub(crate) from: Instant,
    /// End, excluded; the last of a zone ends at [`Instant::MAX`].
    pub(crate) until: Instant,
    /// Local time minus UTC, in microseconds.
    pub(crate) offset: i64,
}

/// A zone's clock. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    table: Option<&'static Table>,
}

/// The segments of a zone, by start.
#[derive(Debug)]
struct Table {
    segments: Box<[Segment]>,
    /// For each bucket of the years that the table covers, the number of the segment at its start: a search begins there,
    /// and ends there, but for buckets with a change.
    starts: Box<[u16]>,
}

// A bucket of microseconds: about 51 days.
const BUCKET_BITS: u32 = 42;

impl Table {
    fn new(segments: Box<[Segment]>) -> Self {
        let mut starts = Vec::new();
        let (first, last) = (FIRST.saturating_mul(SECOND), LAST.saturating_mul(SECOND));
        for bucket in (first >> BUCKET_BITS)..=(last >> BUCKET_BITS) {
            let start = Instant(bucket << BUCKET_BITS);
            let number = segments
                .partition_point(|segment| segment.from <= start)
                .saturating_sub(1);
            starts.push(u16::try_from(number).unwrap_or(u16::MAX));
        }
        Self {
            segments,
            starts: starts.into(),
        }
    }

    /// The number of the segment that contains `t`.
    #[inline]
    fn number(&self, t: Instant) -> usize {
        let bucket = (t.0 >> BUCKET_BITS).saturating_sub(FIRST.saturating_mul(SECOND) >> BUCKET_BITS);
        let last = self.starts.len().saturating_sub(1);
        let bucket = usize::try_from(bucket).unwrap_or(0).min(last);
        let mut number = self.starts.get(bucket).copied().map_or(0, usize::from);
        while self
            .segments
            .get(number)
            .is_some_and(|segment| segment.until <= t)
        {
            number = number.saturating_add(1);
        }
        // Never is in the last.
        number.min(self.segments.len().saturating_sub(1))
    }
}

// The table covers these years; outside, the offset at the edge holds. The tz database gives rules up to 2037 and beyond.
const FIRST: i64 = -2_208_988_800; // 1900-01-01
const LAST: i64 = 4_102_444_800; // 2100-01-01
// No two changes of a zone in the tz database are closer than three days, so a probe every two days misses none.
const PROBE: i64 = 2 * 86_400;

// A memo of pure values: what it holds depends on the tz database alone.
static TABLES: [OnceLock<Table>; TZ_VARIANTS.len()] = [const { OnceLock::new() }; TZ_VARIANTS.len()];

/// What is read where there is no table.
const UTC: Segment = Segment {
    from: Instant::MIN,
    until: Instant::MAX,
    offset: 0,
};

impl Clock {
    pub(crate) fn new(tz: Tz) -> Self {
        // INVARIANT: the variants are declared in the order of `TZ_VARIANTS`, which a test holds.
        let table = TABLES.get(tz as usize);
        let table = table.map(|table| table.get_or_init(|| Table::new(segments(tz))));
        Self { table }
    }

    /// The segment that contains `t`.
    #[inline]
    pub(crate) fn segment(self, t: Instant) -> Segment {
        self.at(self.table.map_or(0, |table| table.number(t)))
    }

    #[inline]
    fn at(self, index: usize) -> Segment {
        let segment = self.table.and_then(|table| table.segments.get(index));
        segment.copied().unwrap_or(UTC)
    }

    /// The instant of a local reading, given as microseconds since the local epoch: in a gap the end of the gap, in a
    /// fold the first pass.
    pub(crate) fn resolve(self, local: i64) -> Instant {
        // No offset is as large as 26 hours, so the first segment that may hold the reading is the one 26 hours before.
        let earliest = Instant(local).minus(26 * 3_600 * SECOND);
        let mut index = self.table.map_or(0, |table| table.number(earliest));
        loop {
            let segment = self.at(index);
            let t = Instant(local).minus(segment.offset).max(segment.from);
            if t < segment.until || segment.until == Instant::MAX {
                return t;
            }
            index = index.saturating_add(1);
        }
    }
}

fn offset_at(tz: Tz, seconds: i64) -> i64 {
    let utc = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
    i64::from(
        tz.offset_from_utc_datetime(&utc.naive_utc())
            .fix()
            .local_minus_utc(),
    )
}

fn segments(tz: Tz) -> Box<[Segment]> {
    let mut starts = vec![(i64::MIN, offset_at(tz, FIRST))];
    let mut offset = offset_at(tz, FIRST);
    let mut probed = FIRST;
    while probed < LAST {
        let next = probed.saturating_add(PROBE);
        let found = offset_at(tz, next);
        if found != offset {
            let (mut before, mut after) = (probed, next);
            while after.saturating_sub(before) > 1 {
                let middle = before.midpoint(after);
                if offset_at(tz, middle) == offset {
                    before = middle
                } else {
                    after = middle
                }
            }
            starts.push((after, found));
            offset = found;
        }
        probed = next;
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|&(from, _)| from.saturating_mul(SECOND))
        .chain([i64::MAX]);
    starts
        .iter()
        .zip(ends)
        .map(|(&(from, offset), until)| Segment {
            from: Instant(from.saturating_mul(SECOND)),
            until: Instant(until),
            offset: offset.saturating_mul(SECOND),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_index_their_tables() {
        for (index, tz) in TZ_VARIANTS.iter().enumerate() {
            assert_eq!(*tz as usize, index, "{tz}");
        }
    }

    #[test]
    fn tables_agree_with_the_tz_database() {
        for tz in TZ_VARIANTS {
            let clock = Clock::new(tz);
            for hours in (0..(2037 - 1970) * 8_766).step_by(17) {
                let seconds = hours * 3_600;
                let segment = clock.segment(Instant(seconds * SECOND));
                assert_eq!(
                    segment.offset,
                    offset_at(tz, seconds) * SECOND,
                    "{tz} at {seconds}"
                );
                assert!(segment.from.0 <= seconds * SECOND && seconds * SECOND < segment.until.0);
            }
        }
    }
}
