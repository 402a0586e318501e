//! A case that tells two rulebooks apart.

use super::replay::{Sample, decide};
use crate::{
    checked::problem::Problems,
    compiled::engine::Engine,
    simulation::Draw,
    witness::{reach::Reach, vocabulary::Vocabulary},
    written::{facts::Case, rulebook::Rulebook},
};

/// Whether a case was found that two rulebooks decide differently.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// It was.
    Apart(Box<Sample>),
    /// It was not, in so many: which proves nothing.
    NotIn(usize),
}

/// Looks for a case that two rulebooks decide differently, among so many: somebody in each audience of either, and then
/// customers, histories, facts and instants drawn from what both speak of, at and beside the values and times at which their
/// conditions and rules turn. The same rulebooks are asked of the same cases, always.
///
/// # Errors
///
/// Every problem of the first of the two that does not compile.
pub fn distinguish(old: &Rulebook, new: &Rulebook, cases: usize) -> Result<Told, Problems> {
    let (old_engine, _) = Engine::compile(old)?;
    let (new_engine, _) = Engine::compile(new)?;
    let mut left = cases;
    let mut apart = |case: &Case| {
        left = left.checked_sub(1)?;
        // What one cannot be asked of tells nothing.
        let (was, is) = (decide(&old_engine, case).ok()?, decide(&new_engine, case).ok()?);
        (was != is).then(|| {
            Box::new(Sample {
                case: case.clone(),
                was,
                is,
            })
        })
    };
    for (book, engine) in [(old, &old_engine), (new, &new_engine)] {
        let reach = Reach { book, engine };
        for campaign in &book.campaigns {
            for question in [reach.served(campaign), reach.question(campaign)] {
                if let Ok(witness) = reach.find(&question, campaign, |met| apart(&met.case)) {
                    return Ok(Told::Apart(witness));
                }
            }
        }
    }
    let vocabulary = Vocabulary::of(&[old, new]);
    for number in 0..u64::try_from(cases).unwrap_or(u64::MAX) {
        let case = vocabulary.case(&mut Draw::numbered(number));
        if let Some(witness) = apart(&case) {
            return Ok(Told::Apart(witness));
        }
    }
    Ok(Told::NotIn(cases))
}
