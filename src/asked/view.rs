//! What a condition sees: the customer, the world and the touches, from the place of one touch under consideration.

use std::{borrow::Cow, cell::OnceCell, collections::HashMap};

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::{
    bound::{Bound, Entry, Mark},
    lane::Lanes,
    occurrence::Scheduled,
    plan::{Choice, Slot},
    seen::Seen,
};
use crate::{
    clock::{
        instant::{Instant, SECOND},
        zone::Clock,
    },
    compiled::{
        campaign::{Campaign, Reach},
        condition::{FactKey, PurchaseInstant, Source, Truth},
        engine::{Channel, Compiled, Frame},
        occurrence::Occurrence,
        rule::Zone,
        scalar::Scalar,
        symbols::Symbol,
    },
};

/// One question: a bound customer and the time.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) bound: &'a Bound,
    pub(crate) compiled: &'a Compiled,
    pub(crate) frame: &'a Frame,
    pub(crate) now: Instant,
    /// The history, by instant.
    pub(crate) marks: Cow<'a, [Mark]>,
    /// What they carry besides, in the same order.
    pub(crate) entries: Cow<'a, [Entry]>,
    /// Whether that is all of the customer's history.
    pub(crate) is_whole: bool,
    /// When the next purchase is due, once somebody asked.
    due: OnceCell<Option<Instant>>,
    /// What was found of the lanes.
    pub(crate) lanes: Lanes,
}

/// Where one touch under consideration stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a, 'p> {
    pub(crate) ask: &'a Ask<'a>,
    pub(crate) campaign: Option<&'a Campaign>,
    /// The truth of the campaign's audience, where it is known and the same at all times.
    pub(crate) audience: Option<Truth>,
    pub(crate) occurrence: Option<Occurrence>,
    pub(crate) reach: Option<&'a Reach>,
    /// The place of the sender among the customer's; none if the customer lists none.
    pub(crate) sender: Option<usize>,
    /// Its place in the plan, from 1.
    pub(crate) rank: usize,
    /// The touches placed by the plan that it sees.
    pub(crate) seen: Seen<'a, 'p>,
}

impl<'a> Ask<'a> {
    pub(crate) fn new(bound: &'a Bound, now: Instant) -> Self {
        let (marks, entries) = (Cow::Borrowed(&*bound.marks), Cow::Borrowed(&*bound.entries));
        let mut ask = Self::over(bound, now, marks, entries);
        ask.is_whole = true;
        ask
    }

    /// A question over a part of the history.
    pub(crate) fn over(
        bound: &'a Bound,
        now: Instant,
        marks: Cow<'a, [Mark]>,
        entries: Cow<'a, [Entry]>,
    ) -> Self {
        let named = if bound.compiled.mentions.filters_occurrences {
            Ask::as_written(bound, now, Cow::Borrowed(&marks), Cow::default()).named()
        } else {
            None
        };
        Self::as_written(bound, now, named.map_or(marks, Cow::Owned), entries)
    }

    fn as_written(bound: &'a Bound, now: Instant, marks: Cow<'a, [Mark]>, entries: Cow<'a, [Entry]>) -> Self {
        Self {
            bound,
            compiled: &bound.compiled,
            frame: &bound.compiled.frame,
            now,
            marks,
            entries,
            is_whole: false,
            due: OnceCell::new(),
            lanes: Lanes::default(),
        }
    }

    /// The history with the occurrences to which the touches without one belong: those of their campaign that contain
    /// their instant, and `always`. `None` where there are none.
    fn named(&self) -> Option<Vec<Mark>> {
        let unnamed = |mark: &Mark| mark.occurrences.is_empty() && mark.campaign != Symbol::ABSENT;
        if !self.marks.iter().any(unnamed) {
            return None;
        }
        let campaigns: HashMap<Symbol, &Campaign> = self
            .compiled
            .campaigns
            .iter()
            .map(|campaign| (campaign.symbol, campaign))
            .collect();
        let mut marks = self.marks.to_vec();
        for mark in marks.iter_mut().filter(|mark| unnamed(mark)) {
            mark.occurrences.push(self.compiled.symbols.get("always"));
            if let Some(campaign) = campaigns.get(&mark.campaign)
                && let Scheduled::Occurrences(found) = self.occurrences(campaign, mark.at, mark.at)
            {
                mark.occurrences
                    .extend(found.iter().map(|occurrence| occurrence.symbol));
            }
        }
        Some(marks)
    }

    /// Whether the history may hold touches of a campaign; if not, it surely holds none.
    #[inline]
    pub(crate) fn may_have_sent(&self, campaign: Option<&Campaign>) -> bool {
        campaign.is_some_and(|campaign| self.bound.sent & campaign.symbol.bit() != 0)
    }

    #[inline]
    pub(crate) fn end(&self) -> Instant {
        self.now.plus(self.frame.look_ahead)
    }

    /// The clocks of a zone; none at all is to refrain.
    #[inline]
    pub(crate) fn clocks(&'a self, zone: &'a Zone) -> &'a [Clock] {
        match zone {
            Zone::Customer => &self.bound.clocks,
            Zone::Fixed(clock) => std::slice::from_ref(clock),
        }
    }

    /// A view of the customer and the world alone.
    pub(crate) fn view(&'a self) -> View<'a, 'a> {
        View {
            ask: self,
            campaign: None,
            audience: None,
            occurrence: None,
            reach: None,
            sender: None,
            rank: usize::MAX,
            seen: Seen::default(),
        }
    }
}

impl<'a> Ask<'a> {
    /// As [`View::read`], of the customer and the world alone.
    #[inline]
    pub(crate) fn read<R>(&'a self, source: &Source, read: impl FnOnce(Option<&Scalar>) -> R) -> R {
        match source {
            Source::Attribute(number) => read(self.bound.attribute(*number)),
            source => self.view().read(source, read),
        }
    }

    /// Of the purchases up to now. They are sorted.
    fn purchase(&self, instant: PurchaseInstant) -> Option<Instant> {
        let purchases = self.bound.purchases.as_deref()?;
        let known = purchases.partition_point(|&(at, _)| at <= self.now);
        let purchases = purchases.get(..known)?;
        match instant {
            PurchaseInstant::First => purchases.first().map(|&(at, _)| at),
            PurchaseInstant::Last => purchases.last().map(|&(at, _)| at),
            PurchaseInstant::Due => *self.due.get_or_init(|| due(purchases)),
        }
    }
}

/// The last purchase and the median gap; of fewer than three, nothing.
fn due(purchases: &[(Instant, Option<f64>)]) -> Option<Instant> {
    let mut instants: SmallVec<[Instant; 16]> = purchases.iter().map(|&(at, _)| at).collect();
    // Purchases at one instant are one purchase.
    instants.dedup();
    let mut gaps: SmallVec<[i64; 16]> = instants
        .iter()
        .zip(instants.iter().skip(1))
        .map(|(earlier, later)| later.since(*earlier).div_euclid(SECOND).saturating_mul(SECOND))
        .collect();
    gaps.sort_unstable();
    if gaps.len() < 2 {
        return None;
    }
    let median = gaps.get(gaps.len().saturating_sub(1) / 2)?;
    instants.last().map(|last| last.plus(*median))
}

impl<'a, 'p> View<'a, 'p> {
    /// The view of a slot's touch by one choice, in its place in the plan, from 1.
    #[inline]
    pub(crate) fn of(
        ask: &'a Ask<'a>,
        slot: &Slot<'a>,
        choice: Choice<'a>,
        rank: usize,
        seen: Seen<'a, 'p>,
    ) -> Self {
        Self {
            ask,
            campaign: Some(slot.campaign),
            audience: slot.audience,
            occurrence: slot.occurrence,
            reach: Some(choice.reach),
            sender: choice.sender,
            rank,
            seen,
        }
    }

    /// The channel by which the touch goes.
    #[inline]
    pub(crate) fn channel(&self) -> Option<&'a Channel> {
        self.ask.frame.channels.get(self.reach?.channel)
    }

    /// Hands over the value of a source, if there is one.
    #[inline]
    pub(crate) fn read<R>(&self, source: &Source, read: impl FnOnce(Option<&Scalar>) -> R) -> R {
        match source {
            Source::Attribute(number) => read(self.ask.bound.attribute(*number)),
            source => read(self.value(source).as_deref()),
        }
    }

    /// The value of a source, if there is one.
    #[inline]
    pub(crate) fn value(&self, source: &Source) -> Option<Cow<'a, Scalar>> {
        match source {
            Source::Attribute(number) => self.ask.bound.attribute(*number).map(Cow::Borrowed),
            Source::Purchase(instant) => self
                .ask
                .purchase(*instant)
                .map(|at| Cow::Owned(Scalar::Instant(at))),
            Source::Fact { fact, key } => {
                let table = self.ask.bound.facts.get(*fact)?;
                let value = match key {
                    FactKey::None => table.get(None),
                    keyed => table.get(Some(self.key(keyed)?)),
                };
                value.map(Cow::Borrowed)
            }
        }
    }

    /// What a keyed fact is looked up by, if that is known here.
    pub(crate) fn key<'k>(&self, key: &'k FactKey) -> Option<&'k str>
    where
        'a: 'k,
    {
        match key {
            FactKey::None => None,
            FactKey::Is(key) => Some(key),
            FactKey::Campaign => self.campaign.map(|campaign| &*campaign.id),
            FactKey::Channel => self.channel().map(|channel| &*channel.name),
            FactKey::Sender => {
                let sender = self.ask.bound.senders.get(self.sender?)?;
                Some(sender.0.as_str())
            }
            FactKey::Attribute(number) => match self.ask.bound.attribute(*number)? {
                Scalar::Text(_, text) => Some(text),
                _ => None,
            },
        }
    }

    /// The name of what is missing where a source has no value.
    pub(crate) fn missing_name(&self, source: &Source) -> &'a str {
        let frame = self.ask.frame;
        let attribute = |number: usize| frame.attribute_names.get(number).map_or("", SmolStr::as_str);
        match source {
            Source::Attribute(number) => attribute(*number),
            Source::Purchase(instant) => instant.name(),
            Source::Fact {
                key: FactKey::Attribute(number),
                ..
            } if self.ask.bound.attribute(*number).is_none() => attribute(*number),
            Source::Fact { fact, .. } => frame.fact_names.get(*fact).map_or("", SmolStr::as_str),
        }
    }

    /// The instant of a source, if it has one.
    #[inline]
    pub(crate) fn instant(&self, source: &Source) -> Option<Instant> {
        self.read(source, |value| value.and_then(Scalar::instant))
    }

    /// The touches that conditions see at `t`: those of the history, and those placed before, or at the same instant
    /// with a higher rank.
    pub(crate) fn touches(&self, t: Instant) -> impl Iterator<Item = &'p Mark> + use<'a, 'p>
    where
        'a: 'p,
    {
        let (marks, rank): (&'a [Mark], usize) = (&self.ask.marks, self.rank);
        let known = marks.partition_point(|mark| mark.at <= t);
        let history = marks.get(..known).unwrap_or_default().iter();
        history.chain(
            self.seen
                .marks()
                .filter(move |mark| (mark.at, mark.rank) <= (t, rank)),
        )
    }
}

#[cfg(test)]
pub(super) mod tests;
