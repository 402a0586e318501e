//! The index that tells of a send whatever a decision tells: the touch with its key and names, and why nothing above it
//! goes.
//!
//! It knows besides that the history has no touch of these campaigns, so that keys count from 0. And where anything goes,
//! it is neither night nor was there a touch today: what ranks above is kept by its schedule, the thirty days of its
//! channel or the respect of what is placed.

use chrono::{DateTime, Utc};
use smol_str::{SmolStr, format_smolstr};

use crate::workload::{CHANNELS, Spec};

use super::{
    Answer, DAY, Index, LOOK_AHEAD_DAYS, Reason, WholeSeat,
    calendar::Calendar,
    key::{Tail, key},
};

const VALUES: [&str; 6] = ["save", "earn", "knowledge", "experience", "local", "service"];
/// From two on; more are seldom.
const USED: [&str; 4] = [
    "2 of 2 per 30d used",
    "3 of 2 per 30d used",
    "4 of 2 per 30d used",
    "5 of 2 per 30d used",
];

pub(crate) struct WholeIndex {
    pub(crate) index: Index,
    /// By rank.
    labels: Vec<Label>,
}

/// What is told of a campaign.
struct Label {
    campaign: SmolStr,
    occurrence: &'static str,
    content: SmolStr,
    purpose: &'static str,
    value: &'static str,
    tail: Tail,
}

impl WholeIndex {
    pub(crate) fn new(ranked: &[Spec]) -> Self {
        Self {
            index: Index::new(ranked),
            labels: ranked.iter().map(Label::new).collect(),
        }
    }

    /// What goes now, if anything does.
    pub(crate) fn send(&self, whole_seat: &WholeSeat, now: DateTime<Utc>) -> Option<Answer> {
        let (index, seat) = (&self.index, &whole_seat.seat);
        let at = now.timestamp_micros();
        let mut calendar = Calendar::new(seat, at);
        if !calendar.lets_go_now() {
            return None;
        }
        let asked = index.asked(seat, at, LOOK_AHEAD_DAYS * DAY);
        let mut reasons = Vec::new();
        let mut sent = None;
        index.scan(seat, &asked, Some(index.open_from(at)), |rank| {
            let campaign = &index.campaigns[rank];
            let (from, until) = campaign.time_for(seat);
            let options = campaign.options();
            sent = calendar.goes_now(rank, options, from, until);
            if sent.is_some() {
                return false;
            }
            let found = calendar.find(rank, options, from, until);
            sent = found.filter(|slot| slot.at == at);
            if sent.is_some() {
                return false;
            }
            self.tell(rank, whole_seat, &calendar, &mut reasons);
            found.is_none_or(|slot| {
                calendar.take(slot);
                calendar.lets_go_now()
            })
        });
        let slot = sent?;
        let label = &self.labels[slot.rank];
        Some(Answer {
            customer: whole_seat.customer.clone(),
            key: key(&whole_seat.head, &label.tail),
            campaign: label.campaign.clone(),
            occurrence: label.occurrence,
            channel: CHANNELS[slot.channel],
            variant: "only",
            content: label.content.clone(),
            purpose: label.purpose,
            value: label.value,
            score: 0,
            at: now,
            reasons,
        })
    }

    /// Adds why a campaign does not go now, beside what is placed above it.
    fn tell(&self, rank: usize, seat: &WholeSeat, calendar: &Calendar<'_>, reasons: &mut Vec<Reason>) {
        let (campaign, now) = (&self.index.campaigns[rank], calendar.now);
        let is_in_audience = seat.seat.joined + campaign.joined_at_least <= now;
        if !is_in_audience {
            return;
        }
        let label = &self.labels[rank];
        let mut tell = |channel, code, rule, detail| {
            reasons.push(Reason {
                campaign: label.campaign.clone(),
                occurrence: label.occurrence,
                channel,
                code,
                rule,
                detail,
            });
        };
        if now < campaign.start || campaign.end <= now {
            let detail = SmolStr::new_static("outside its schedule");
            tell(None, "not_scheduled", None, detail);
        }
        let channel = usize::from(campaign.channels[0]);
        let name = Some(CHANNELS[channel]);
        let placed = calendar.placed_on(channel);
        if let Some(used) = seat.used(channel, placed, now) {
            let detail = match USED.get(used - 2) {
                Some(text) => SmolStr::new_static(text),
                None => format_smolstr!("{used} of 2 per 30d used"),
            };
            tell(name, "cap", Some("house/monthly"), detail);
        }
        if seat.displaces(channel, placed) {
            let detail = SmolStr::new_static("would displace a higher-ranked touch");
            tell(name, "reserved", None, detail);
        }
    }
}

impl Label {
    fn new(spec: &Spec) -> Self {
        let occurrence = if spec.window.is_some() { "once" } else { "always" };
        Self {
            campaign: SmolStr::new(&spec.id),
            occurrence,
            content: format_smolstr!("content-of-{}", spec.id),
            purpose: if spec.care { "care" } else { "promotion" },
            value: VALUES[spec.value],
            tail: Tail::new(&[&spec.id, occurrence, "0"]),
        }
    }
}
