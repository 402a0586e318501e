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
    tz: Tz,
    segments: &'static [Segment],
}

impl PartialEq for Clock {
    fn eq(&self, other: &Self) -> bool {
        self.tz == other.tz
    }
}

// The table covers these years; outside, the offset at the edge holds. The tz database gives rules up to 2037 and beyond.
const FIRST: i64 = -2_208_988_800; // 1900-01-01
const LAST: i64 = 4_102_444_800; // 2100-01-01
// No two changes of a zone in the tz database are closer than three days, so a probe every two days misses none.
const PROBE: i64 = 2 * 86_400;

// A memo of pure values: what it holds depends on the tz database alone.
static TABLES: [OnceLock<Box<[Segment]>>; TZ_VARIANTS.len()] = [const { OnceLock::new() }; TZ_VARIANTS.len()];

impl Clock {
    pub(crate) fn new(tz: Tz) -> Self {
        // INVARIANT: the variants are declared in the order of `TZ_VARIANTS`, which a test holds.
        let segments = TABLES
            .get(tz as usize)
            .map_or(&[] as &[Segment], |table| table.get_or_init(|| segments(tz)));
        Self { tz, segments }
    }

    /// The segment that contains `t`.
    pub(crate) fn segment(self, t: Instant) -> Segment {
        let index = self
            .segments
            .partition_point(|segment| segment.from <= t)
            .saturating_sub(1);
        self.at(index)
    }

    fn at(self, index: usize) -> Segment {
        self.segments.get(index).copied().unwrap_or(Segment {
            from: Instant::MIN,
            until: Instant::MAX,
            offset: 0,
        })
    }

    /// The instant of a local reading, given as microseconds since the local epoch: in a gap the end of the gap, in a
    /// fold the first pass.
    pub(crate) fn resolve(self, local: i64) -> Instant {
        // No offset is as large as 26 hours, so the first segment that may hold the reading is the one 26 hours before.
        let earliest = Instant(local).minus(26 * 3_600 * SECOND);
        let first = self
            .segments
            .partition_point(|segment| segment.from <= earliest)
            .saturating_sub(1);
        let mut index = first;
        loop {
            let segment = self.at(index);
            let t = Instant(local).minus(segment.offset);
            if t < segment.from {
                return segment.from;
            }
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
