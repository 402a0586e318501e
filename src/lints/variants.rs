//! Variants that leave somebody out, and variants that nobody is left for.

use super::{
    finding::{LintCode, Notes, Witness},
    house::{House, reasons},
};
use crate::{
    asked::decision::{Reason, ReasonCode},
    witness::{
        question::Answer,
        reach::{Met, fits},
        truths::Truths,
    },
    written::{campaign::Campaign, variant::Variant},
};

impl House<'_> {
    pub(super) fn variants(&self, notes: &mut Notes) {
        for (path, campaign) in self.campaigns() {
            // Where nobody is in the audience, nobody is left out.
            if self.reach.question(campaign).answer() == Answer::Never {
                continue;
            }
            self.gap(campaign, &format!("{path}/variants"), notes);
            for number in 0..campaign.variants.len() {
                self.unreached(campaign, number, &format!("{path}/variants/{number}"), notes);
            }
        }
    }

    fn gap(&self, campaign: &Campaign, path: &str, notes: &mut Notes) {
        let mut question = self.reach.open(campaign);
        for variant in &campaign.variants {
            question.want(Some(&fits(variant)), Truths::NOT_TRUE);
        }
        let found = self.somebody(campaign, &question, |met| {
            let refused = left_out(met, campaign)?;
            let missing = refused.missing().join("`, `");
            let shows = if missing.is_empty() {
                "in the audience, and no variant fits".to_owned()
            } else {
                format!("in the audience, and no variant fits without `{missing}`")
            };
            Some(Witness::of(met, shows))
        });
        let sentence =
            "some in the audience have no variant and get nothing; write a last one without `when`";
        notes.shown(LintCode::VariantGap, path, sentence, found);
    }

    fn unreached(&self, campaign: &Campaign, number: usize, path: &str, notes: &mut Notes) {
        let Some((variant, earlier)) = campaign.variants.get(..=number).and_then(<[Variant]>::split_last)
        else {
            return;
        };
        let mut question = self.reach.question(campaign);
        question.want(Some(&fits(variant)), Truths::TRUE);
        for earlier in earlier {
            question.want(Some(&fits(earlier)), Truths::NOT_TRUE);
        }
        match question.answer() {
            Answer::Yes => return,
            Answer::CannotTell => {
                notes.undecided(
                    LintCode::VariantNever,
                    path,
                    "there is too much in the conditions to look at",
                );
                return;
            }
            Answer::Never => {}
        }
        let mut fitting = self.reach.question(campaign);
        fitting.want(Some(&fits(variant)), Truths::TRUE);
        let witness = self.somebody(campaign, &fitting, |met| {
            let agenda = met.bound.agenda(met.case.now);
            let mut touches = agenda.touches().iter();
            let touch =
                touches.find(|touch| touch.campaign() == campaign.id && touch.variant() != variant.id)?;
            Some(Witness::of(
                met,
                format!(
                    "`{}` would fit, but `{}` comes first",
                    variant.id,
                    touch.variant()
                ),
            ))
        });
        let sentence = if witness.is_ok() {
            "an earlier variant is chosen whenever this one fits"
        } else {
            "it fits nobody in the audience for whom no earlier one does"
        };
        notes.found(LintCode::VariantNever, path, sentence, witness.ok());
    }
}

/// That no variant fits a touch that would be for the customer: nothing else says that it is not.
fn left_out(met: &Met, campaign: &Campaign) -> Option<Reason> {
    let reasons = reasons(met, campaign);
    let is_not_for_them = |gap: &Reason, other: &Reason| {
        let option = (gap.channel(), gap.sender());
        gap.occurrence() == other.occurrence()
            && (other.channel().is_none() || option == (other.channel(), other.sender()))
            && matches!(
                other.code(),
                ReasonCode::NotScheduled | ReasonCode::Audience | ReasonCode::Stopped | ReasonCode::Forbidden
            )
    };
    let mut gaps = reasons
        .iter()
        .filter(|reason| reason.code() == ReasonCode::NoVariant);
    gaps.find(|gap| !reasons.iter().any(|other| is_not_for_them(gap, other)))
        .cloned()
}
