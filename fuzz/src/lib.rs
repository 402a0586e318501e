//! What is fuzzed. Each function asserts what must hold of any bytes; the corpus is run by `cargo test` too.

mod grammar;

use std::sync::LazyLock;

use arbitrary::Unstructured;
use tactful::{
    Bound, Case, Document, Engine, Language, Outcome, Rulebook, Status, chrono::TimeDelta,
    chrono_tz::Asia::Shanghai, testing::Vocabulary,
};

/// A rulebook of any bytes compiles, or has problems with places; written back, it is the same.
pub fn rulebook(bytes: &[u8]) {
    let Some(document) = document(bytes) else { return };
    match Engine::from_document(&document) {
        Err(problems) => {
            let mut told = 0;
            for problem in &problems {
                assert!(
                    problem.path().is_empty() || problem.path().starts_with('/'),
                    "{problem}"
                );
                assert!(!problem.sentence().is_empty());
                told += 1;
            }
            assert!(told > 0, "refused, and nobody knows why");
        }
        Ok((engine, warnings)) => {
            for warning in &warnings {
                assert!(!warning.sentence().is_empty());
            }
            let book: Rulebook = serde_json::from_slice(bytes).expect("what compiles is a rulebook");
            let written = serde_json::to_string(&book).expect("a rulebook can be written");
            let again: Document = serde_json::from_str(&written).expect("what is written can be read");
            let (again, _) =
                Engine::from_document(&again).unwrap_or_else(|problems| panic!("{problems}\n{written}"));
            assert_eq!(engine.fingerprint(), again.fingerprint(), "{written}");
        }
    }
}

/// The rulebook that cases are asked of: the tour's, with something of everything.
static SHOP: LazyLock<Engine> = LazyLock::new(|| {
    let document: Document = serde_json::from_str(include_str!("../shop.json")).expect("a document");
    Engine::from_document(&document)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .0
});

/// A case of any bytes is decided, or has an error with a place; and every answer agrees with the others.
pub fn case(bytes: &[u8]) {
    let Some(document) = document(bytes) else { return };
    match SHOP.read_case(&document) {
        Err(error) => assert!(!error.message().is_empty(), "{error}"),
        Ok(case) => asked(&SHOP, &case),
    }
}

/// Any rulebook that compiles is asked of any case that fits it.
pub fn decide(bytes: &[u8]) {
    let mut bytes = Unstructured::new(bytes);
    let Ok(document) = grammar::rulebook(&mut bytes) else {
        return;
    };
    let Ok(book) = serde_json::from_value::<Rulebook>(document) else {
        return;
    };
    let Ok((engine, _)) = Engine::compile(&book) else {
        return;
    };
    let mut choices = Vec::new();
    while let Ok(choice) = bytes.arbitrary::<u32>() {
        choices.push(choice);
        if bytes.is_empty() || choices.len() == 160 {
            break;
        }
    }
    asked(&engine, &Vocabulary::of(&book).case_of(&choices));
}

/// Asks everything of a case.
fn asked(engine: &Engine, case: &Case) {
    let Some(bound) = bind(engine, case) else { return };
    let decision = bound.decide(case.now);
    assert_eq!(
        decision,
        bound.decide(case.now),
        "asked again, it is decided otherwise"
    );
    let agenda = bound.agenda(case.now);
    assert_eq!(
        decision.touch(),
        agenda.touches().first(),
        "the touch is the agenda's first"
    );
    let planned = bound.planned(case.now);
    assert_eq!(planned.touches(), agenda.touches());
    match decision.outcome() {
        Outcome::Send => assert_eq!(decision.touch().map(|touch| touch.at()), Some(case.now)),
        Outcome::Wait => assert!(decision.until().is_some_and(|until| until > case.now)),
        Outcome::Refrain => {
            assert!(decision.touch().is_none());
            assert!(
                decision
                    .recheck_at()
                    .is_none_or(|at| at > case.now && at - case.now <= TimeDelta::days(400))
            );
        }
    }
    for reason in decision.reasons() {
        assert!(reason.frees_at().is_none_or(|at| at > case.now), "{reason:?}");
    }
    let explanation = bound.explain(case.now);
    for language in [Language::english(), Language::chinese()] {
        assert!(!decision.sentences(&language, Shanghai).is_empty());
        assert!(!agenda.sentences(&language, Shanghai).is_empty());
        assert_eq!(
            explanation.sentences(&language, Shanghai).len(),
            explanation.reasons().len()
        );
    }
    let text = serde_json::to_string(&decision).expect("a decision can be written");
    assert_eq!(
        serde_json::from_str::<tactful::Decision>(&text).expect("and read"),
        decision
    );
    if let (Outcome::Send, Some(touch)) = (decision.outcome(), decision.touch()) {
        // What may be sent may be delivered, once it is in the history as planned.
        let mut later = case.clone();
        later.history.push(touch.entry(Status::Scheduled));
        let reasons = bind(engine, &later)
            .expect("the same customer")
            .confirm(touch, case.now);
        // What is planned later counts for the first decision, and not for a delivery before it; and the other way round,
        // what comes earlier at the same instant counts for the delivery.
        let planned = case.history.iter().any(|entry| entry.status == Status::Scheduled);
        assert!(reasons.is_empty() || planned, "{touch:?}: {reasons:?}");
    }
}

fn bind(engine: &Engine, case: &Case) -> Option<Bound> {
    let facts = engine.bind_facts(&case.facts).ok()?;
    engine.bind(&case.customer, &case.history, &facts).ok()
}

fn document(bytes: &[u8]) -> Option<Document> {
    serde_json::from_slice(bytes).ok()
}
