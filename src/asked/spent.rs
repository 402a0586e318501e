//! What was already said for an occurrence, and how often it may be said again.

use super::{
    bound::{Entry, Mark},
    cap::{fullest, leave, sorted},
    occurrence::{Occurrence, OccurrenceId},
    view::View,
};
use crate::{
    clock::instant::Instant,
    compiled::{campaign::Repeat, symbols::Symbol},
    written::{condition::Status, rule::GroupedBy},
};

impl<'a> View<'a, '_> {
    /// The touches of the history that belong to an occurrence of this view's campaign, with what they carry. A touch that
    /// names no occurrence belongs to each that contains its instant.
    pub(crate) fn belonging(
        &self,
        occurrence: &'a Occurrence,
    ) -> impl Iterator<Item = (&'a Mark, &'a Entry)> + use<'a> {
        let (marks, entries) = (&self.ask.marks, &self.ask.entries);
        let campaign = self.campaign.map_or(Symbol::OTHER, |campaign| campaign.symbol);
        let mut id = None;
        marks.iter().zip(entries.iter()).filter(move |(mark, entry)| {
            mark.campaign == campaign
                && match &entry.occurrence {
                    Some(named) => **named == **id.get_or_insert_with(|| occurrence.id.to_string()),
                    None => occurrence.id == OccurrenceId::Always || occurrence.contains(mark.at),
                }
        })
    }

    /// Whether the occurrence may not be used at `t`. Of a repetition by a calendar that is not known only the gap is
    /// judged.
    pub(crate) fn is_spent(&self, occurrence: &'a Occurrence, t: Instant) -> bool {
        match self.repeat() {
            None => self.spending(occurrence).next().is_some(),
            Some(repeat) => {
                let (gap, cap) = self.repeated(repeat, occurrence, t);
                gap.is_some() || cap.is_some()
            }
        }
    }

    /// Where the occurrence is spent at `t`: an instant after `t`, not after the first at which it is not.
    pub(crate) fn spent_escape(&self, occurrence: &'a Occurrence, t: Instant) -> Instant {
        match self.repeat() {
            None => Instant::MAX,
            Some(repeat) => {
                let (gap, cap) = self.repeated(repeat, occurrence, t);
                gap.max(cap).unwrap_or(Instant::MAX)
            }
        }
    }

    fn repeat(&self) -> Option<&'a Repeat> {
        self.campaign.and_then(|campaign| campaign.repeat.as_ref())
    }

    fn spending(&self, occurrence: &'a Occurrence) -> impl Iterator<Item = &'a Mark> + use<'a> {
        let marks = self.belonging(occurrence).map(|(mark, _)| mark);
        marks.filter(|mark| mark.status != Status::Failed)
    }

    /// Until when at least the gap and the cap of a repetition refuse, where they do.
    fn repeated(
        &self,
        repeat: &Repeat,
        occurrence: &'a Occurrence,
        t: Instant,
    ) -> (Option<Instant>, Option<Instant>) {
        let all = sorted(self.spending(occurrence).map(|mark| mark.at));
        let gap_refuses = repeat.gap > 0 && fullest(&all, repeat.gap, t).1 > 0;
        let gap = gap_refuses.then(|| leave(&all, repeat.gap, 1, t));
        let by_content = repeat.cap.grouped_by == Some(GroupedBy::Content);
        let content = if by_content { self.content_symbol(t) } else { None };
        let times = match self.group(repeat.cap.grouped_by, content) {
            _ if repeat.cap.needs_zone(self) => return (gap, None),
            // With no variant chosen a cap by content passes.
            None => return (gap, None),
            Some(None) => all,
            Some(Some((by, symbol))) => sorted(
                self.spending(occurrence)
                    .filter(|mark| mark.dimension(by) == symbol)
                    .map(|mark| mark.at),
            ),
        };
        let cap = repeat.cap.refuses(self, &times, t).map(|_| {
            let escape = repeat.cap.escape(self, &times, t);
            if by_content {
                escape.min(self.variant_change(t))
            } else {
                escape
            }
        });
        (gap, cap)
    }
}
