//! Rules that stand over nothing, and rules that never act.

use super::{
    finding::{LintCode, Notes, Witness},
    house::House,
};
use crate::{
    witness::{question::Answer, truths::Truths},
    written::campaign::Campaign,
};

impl House<'_> {
    pub(super) fn scopes(&self, notes: &mut Notes) {
        for ruling in &self.rules {
            let mut covered: Vec<&Campaign> = Vec::new();
            for (campaign, kind) in self.kinds() {
                if ruling.covers(kind) && covered.last().is_none_or(|last| last.id != campaign.id) {
                    covered.push(campaign);
                }
            }
            if covered.is_empty() {
                // A preset speaks of whatever a house may do.
                if !ruling.is_shipped && !self.book.campaigns.is_empty() {
                    let sentence = format!("no touch of any campaign is in scope of `{}`", ruling.address);
                    notes.found(LintCode::RuleWithoutTouch, ruling.path.as_str(), sentence, None);
                }
                continue;
            }
            let Some(when) = ruling.rule.when.as_ref().filter(|_| !ruling.is_shipped) else {
                continue;
            };
            let mut undecided = false;
            let acts = covered.iter().any(|campaign| {
                let mut question = self.reach.question(campaign);
                match question.want(Some(when), Truths::NOT_FALSE).answer() {
                    Answer::Yes => true,
                    Answer::CannotTell => {
                        undecided = true;
                        false
                    }
                    Answer::Never => false,
                }
            });
            if acts {
                continue;
            }
            let path = format!("{}/when", ruling.path);
            if undecided {
                notes.undecided(
                    LintCode::RuleNeverActs,
                    path,
                    "there is too much in the conditions to look at",
                );
                continue;
            }
            let witness = covered.iter().find_map(|campaign| {
                let question = self.reach.question(campaign);
                let found = self.somebody(campaign, &question, |met| {
                    let decision = met.bound.decide(met.case.now);
                    decision.touch().filter(|touch| touch.campaign() == campaign.id)?;
                    Some(Witness::of(
                        met,
                        format!(
                            "gets `{}`, and `{}` has nothing to say",
                            campaign.id, ruling.address
                        ),
                    ))
                });
                found.ok()
            });
            let sentence = format!(
                "`{}` never acts: its condition is false for everyone whom it could concern",
                ruling.address
            );
            notes.found(LintCode::RuleNeverActs, path, sentence, witness);
        }
    }
}
