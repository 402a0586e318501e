//! What was already said for an occurrence, and how often it may be said again.

use smol_str::SmolStr;

use super::{
    bound::{Entry, Mark},
    cap::{Times, fullest, leave},
    view::View,
};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::Repeat,
        occurrence::{Occurrence, OccurrenceId},
        symbols::Symbol,
    },
    written::{condition::Status, rule::GroupedBy},
};

impl<'a> View<'a, '_> {
    /// The touches of the history that belong to an occurrence of this view's campaign, with what they carry. A touch that
    /// names no occurrence belongs to each that contains its instant.
    pub(crate) fn belonging(
        &self,
        occurrence: &Occurrence,
    ) -> impl Iterator<Item = (&'a Mark, &'a Entry)> + use<'a> {
        let (marks, entries): (&'a [Mark], &'a [Entry]) = (&self.ask.marks, &self.ask.entries);
        let (campaign, occurrence) = (self.campaign, *occurrence);
        let symbol = campaign.map_or(Symbol::OTHER, |campaign| campaign.symbol);
        let mut id = None;
        let mut written = move || -> SmolStr {
            let id: &mut Option<SmolStr> = &mut id;
            id.get_or_insert_with(|| {
                campaign
                    .map(|campaign| occurrence.id.written(campaign))
                    .unwrap_or_default()
            })
            .clone()
        };
        marks.iter().zip(entries.iter()).filter(move |(mark, entry)| {
            mark.campaign == symbol
                && match &entry.occurrence {
                    Some(named) => *named == written(),
                    None => occurrence.id == OccurrenceId::Always || occurrence.contains(mark.at),
                }
        })
    }

    /// Whether the occurrence may not be used at `t`. Of a repetition by a calendar that is not known only the gap is
    /// judged.
    pub(crate) fn is_spent(&self, occurrence: &Occurrence, t: Instant) -> bool {
        match self.repeat() {
            None => self.ask.may_have_sent(self.campaign) && self.spending(occurrence).next().is_some(),
            Some(repeat) => {
                let (gap, cap) = self.repeated(repeat, occurrence, t);
                gap.is_some() || cap.is_some()
            }
        }
    }

    /// Where the occurrence is spent at `t`: an instant after `t`, not after the first at which it is not.
    pub(crate) fn spent_escape(&self, occurrence: &Occurrence, t: Instant) -> Instant {
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

    fn spending(&self, occurrence: &Occurrence) -> impl Iterator<Item = &'a Mark> + use<'a> {
        let marks = self.belonging(occurrence).map(|(mark, _)| mark);
        marks.filter(|mark| mark.status != Status::Failed)
    }

    /// Until when at least the gap and the cap of a repetition refuse, where they do.
    fn repeated(
        &self,
        repeat: &Repeat,
        occurrence: &Occurrence,
        t: Instant,
    ) -> (Option<Instant>, Option<Instant>) {
        // They come by instant.
        let all: Times = self.spending(occurrence).map(|mark| mark.at).collect();
        let gap = (repeat.gap > 0)
            .then(|| fullest(&all, repeat.gap, t))
            .filter(|&(_, used)| used > 0)
            .map(|(end, _)| leave(&all, repeat.gap, 1, end));
        let by_content = repeat.cap.grouped_by == Some(GroupedBy::Content);
        let content = if by_content { self.content_symbol(t) } else { None };
        let times = match self.group(repeat.cap.grouped_by, content) {
            _ if repeat.cap.needs_zone(self) => return (gap, None),
            // With no variant chosen a cap by content passes.
            None => return (gap, None),
            Some(None) => all,
            Some(Some((by, symbol))) => self
                .spending(occurrence)
                .filter(|mark| mark.dimension(by) == symbol)
                .map(|mark| mark.at)
                .collect(),
        };
        let cap = repeat.cap.refuses(self, &times, t).map(|full| {
            if by_content {
                full.until.min(self.variant_change(t))
            } else {
                full.until
            }
        });
        (gap, cap)
    }
}
