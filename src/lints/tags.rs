//! Derived tags that say nothing.

use super::{
    finding::{LintCode, Notes, Witness},
    house::House,
};
use crate::{
    witness::{
        question::{Answer, Question},
        reach::some_noon,
        sketch::sketch,
        truths::Truths,
    },
    written::condition::Condition,
};

impl House<'_> {
    pub(super) fn tags(&self, notes: &mut Notes) {
        for (number, tag) in self.book.tags.iter().enumerate() {
            let Some(when) = &tag.when else { continue };
            let path = format!("/tags/{number}/when");
            let can_be = |truths| {
                let mut question = Question::new(self.book);
                question.want(Some(when), truths).answer()
            };
            for (code, truths, held, sentence) in [
                (
                    LintCode::TagNever,
                    Truths::TRUE,
                    false,
                    "nobody can ever hold this tag",
                ),
                (
                    LintCode::TagAlways,
                    Truths::NOT_TRUE,
                    true,
                    "everybody holds this tag, always",
                ),
            ] {
                match can_be(truths) {
                    Answer::Yes => {}
                    Answer::CannotTell => {
                        notes.undecided(code, path.as_str(), "there is too much in it to look at");
                    }
                    Answer::Never => {
                        let witness = self.holder(when, &tag.name, held);
                        notes.found(code, path.as_str(), sentence, witness);
                    }
                }
            }
        }
    }

    /// Somebody who holds a derived tag, or does not.
    fn holder(&self, when: &Condition, tag: &str, held: bool) -> Option<Witness> {
        let truths = if held { Truths::TRUE } else { Truths::NOT_TRUE };
        let mut question = Question::new(self.book);
        question.want(Some(when), truths);
        let mut witness = None;
        question.search(8, |model| {
            let case = sketch(&question, model, None, "c-1", some_noon(self.book.time_zone));
            witness = self.reach.meet(case).and_then(|met| {
                let tags = met.bound.tags(met.case.now);
                let known = tags.iter().find(|known| known.tag() == tag)?;
                let is_held = known.held() == Some(true);
                (is_held == held).then(|| {
                    let verb = if held { "holds" } else { "does not hold" };
                    Witness::of(&met, format!("one who {verb} `{tag}`, as everybody"))
                })
            });
            witness.is_some()
        });
        witness
    }
}
