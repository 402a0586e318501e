//! Matching: the campaigns that can concern a customer. The one door between the campaigns and everything after.
//!
//! Today every audience is asked in turn. What comes through the door is exact, so that an index can take its place.

use super::view::Ask;
use crate::{
    clock::instant::Instant,
    compiled::{campaign::Campaign, condition::Truth},
};

impl<'a> Ask<'a> {
    /// The campaigns whose audience is true or unknown now, or may become true up to `until`, by priority and id.
    pub(crate) fn matching(&'a self, until: Instant) -> impl Iterator<Item = &'a Campaign> + use<'a> {
        self.compiled
            .campaigns
            .iter()
            .filter(move |campaign| self.concerns(campaign, until))
    }

    fn concerns(&self, campaign: &Campaign, until: Instant) -> bool {
        let Some(audience) = &campaign.audience else {
            return true;
        };
        let view = self.view();
        let view = super::view::View {
            campaign: Some(campaign),
            ..view
        };
        // Most campaigns are out for what neither time nor touches can change, and cost no more than that.
        if view.settled(audience) == Truth::False {
            return false;
        }
        if view.truth(audience, self.now).restrains() {
            return true;
        }
        // Touches that the plan places may let a customer in.
        let reads = campaign.audience_reads;
        if !view.may_change(reads) || reads.touches {
            return reads.touches;
        }
        let mut t = view.next_change(audience, self.now);
        while t <= until {
            if view.truth(audience, t).permits() {
                return true;
            }
            t = view.next_change(audience, t);
        }
        false
    }
}
