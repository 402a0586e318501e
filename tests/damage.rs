//! Valid documents, damaged at random: what is read is answered, what is not is told of a place that is there, and
//! nothing panics.

mod generate;
mod harness;

use generate::Dice;
use harness::{read, setting, written};
use serde_json::{Value, json};
use tactful::{Document, Engine};

/// Whether a JSON pointer names something in the document, whichever of several members of one name is meant.
fn exists(document: &Document, pointer: &str) -> bool {
    let Some(rest) = pointer.strip_prefix('/') else {
        return pointer.is_empty();
    };
    let (step, rest) = match rest.find('/') {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    };
    match document {
        Document::List(items) => {
            let index = step.parse::<usize>().ok();
            index
                .and_then(|index| items.get(index))
                .is_some_and(|item| exists(item, rest))
        }
        Document::Object(members) => {
            let wanted = step.replace("~1", "/").replace("~0", "~");
            members
                .iter()
                .any(|(name, member)| *name == wanted && exists(member, rest))
        }
        _ => false,
    }
}

/// Asks everything of what can be read; whether it could be.
fn ask(book: &Document, case: &Document) -> (bool, bool) {
    let engine = match Engine::from_document(book) {
        Ok((engine, warnings)) => {
            for warning in &warnings {
                assert!(exists(book, warning.path()), "no {} in {book:?}", warning.path());
            }
            engine
        }
        Err(problems) => {
            assert!(problems.iter().len() > 0);
            for problem in problems.iter() {
                assert!(exists(book, problem.path()), "no place for {problem} in {book:?}");
                assert!(!problem.sentence().is_empty());
            }
            return (false, false);
        }
    };
    match read(&engine, case) {
        Ok((bound, case)) => {
            let decision = bound.decide(case.now);
            written(bound.agenda(case.now));
            written(bound.explain(case.now));
            if let Some(touch) = decision.touch() {
                written(bound.confirm(touch, touch.at()));
            }
            (true, true)
        }
        Err(error) => {
            assert!(exists(case, error.path()), "no place for {error} in {case:?}");
            (true, false)
        }
    }
}

/// Values that may stand anywhere, and hardly ever fit.
fn odd(dice: &mut Dice) -> Value {
    let odd = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1.5),
        json!(-0.0),
        json!(1e308),
        json!(""),
        json!("\u{0}"),
        json!("\u{202e}x"),
        json!("~0~1/"),
        json!("x".repeat(70_000)),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"": null}),
        json!({"tag": "fan"}),
        json!({"all": []}),
        json!({"not": {"any": []}}),
        json!("customer"),
        json!("all"),
        json!("24:00"),
        json!("00:00"),
        json!("0s"),
        json!("400d"),
        json!("-1d"),
        json!("9999999999999999999w"),
        json!("0.0000001s"),
        json!("day"),
        json!("lifetime"),
        json!("Asia/Shanghai"),
        json!("0001-01-01T00:00:00Z"),
        json!("9999-12-31T23:59:59Z"),
        json!("2026-02-29"),
        json!("9999-12-31"),
        json!("-0001-01-01"),
        json!("2026-11-01T24:00"),
        json!("😀"),
        json!("forbid"),
        json!({"forbid": {}}),
        json!("direct"),
        json!("promotion"),
        json!("alpha"),
    ];
    dice.pick(&odd).clone()
}

/// How many nodes a document has.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Damages the node of this number, in document order.
fn damage(dice: &mut Dice, value: &mut Value, number: &mut usize) {
    if *number == 0 {
        *number = usize::MAX;
        return damage_here(dice, value);
    }
    *number -= 1;
    match value {
        Value::Array(items) => {
            for item in items {
                damage(dice, item, number);
                if *number == usize::MAX {
                    return;
                }
            }
        }
        Value::Object(members) => {
            for (_, member) in members.iter_mut() {
                damage(dice, member, number);
                if *number == usize::MAX {
                    return;
                }
            }
        }
        _ => {}
    }
}

fn damage_here(dice: &mut Dice, value: &mut Value) {
    let odd = odd(dice);
    match value {
        Value::Object(members) if dice.chance(70) => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = names.get(dice.below(names.len())).cloned().unwrap_or_default();
            match dice.below(4) {
                0 => drop(members.remove(&name)),
                1 => drop(members.insert(name, odd)),
                2 => drop(members.insert("other".to_owned(), odd)),
                _ => {
                    let moved = members.remove(&name).unwrap_or_default();
                    members.insert(format!("{name}s"), moved);
                }
            }
        }
        Value::Array(items) if dice.chance(70) => {
            let at = dice.below(items.len().max(1));
            match dice.below(4) {
                0 if !items.is_empty() => drop(items.remove(at)),
                1 if !items.is_empty() => items.push(items[at].clone()),
                2 if !items.is_empty() => items[at] = odd,
                _ => items.push(odd),
            }
        }
        Value::Number(number) if dice.chance(60) => {
            let near = number.as_i64().unwrap_or(0).wrapping_add(dice.range(-2, 2));
            *value = json!(near);
        }
        _ => *value = odd,
    }
}

#[test]
fn damaged_values_are_told_or_answered() {
    let rounds = setting("TACTFUL_DAMAGE", 120);
    let (mut refused, mut bad_cases, mut answered) = (0, 0, 0);
    for number in 0..rounds {
        let mut dice = Dice::seeded(0xDA_0000 + number);
        let book = generate::rulebook(&mut dice);
        let case = generate::case(&mut dice, &book);
        for round in 0..40 {
            let (mut book, mut case) = (book.clone(), case.clone());
            let whole = if round % 2 == 0 { &mut book } else { &mut case };
            for _ in 0..=dice.below(3) {
                let mut node = dice.below(size(whole));
                damage(&mut dice, whole, &mut node);
            }
            match ask(&harness::document(&book), &harness::document(&case)) {
                (false, _) => refused += 1,
                (true, false) => bad_cases += 1,
                (true, true) => answered += 1,
            }
        }
    }
    println!("{refused} rulebooks refused, {bad_cases} cases refused, {answered} answered");
    assert!(refused as u64 > 5 * rounds && bad_cases as u64 > 5 * rounds && answered as u64 > 3 * rounds);
}

#[test]
fn damaged_bytes_are_told_or_answered() {
    let rounds = setting("TACTFUL_DAMAGE", 120);
    let (mut unread, mut refused, mut answered) = (0, 0, 0);
    for number in 0..rounds {
        let mut dice = Dice::seeded(0xB17_0000 + number);
        let book = generate::rulebook(&mut dice);
        let case = generate::case(&mut dice, &book);
        for round in 0..40 {
            let texts: Vec<Vec<u8>> = [&book, &case]
                .into_iter()
                .map(|value| value.to_string().into_bytes())
                .collect();
            let mut texts = texts;
            let text = &mut texts[round % 2];
            for _ in 0..=dice.below(2) {
                let at = dice.below(text.len());
                match dice.below(5) {
                    0 => text[at] = b"0123456789-+.eE:TZ\"{}[],dhms"[dice.below(28)],
                    1 => text[at] ^= 1 << dice.below(8),
                    2 => drop(text.remove(at)),
                    3 => text.insert(at, b"019.-:\\\"]}"[dice.below(10)]),
                    // a member twice: what stands before a comma is copied behind it
                    _ => {
                        let from = text[..at].iter().rposition(|&byte| byte == b',').unwrap_or(0);
                        let to = text[at..]
                            .iter()
                            .position(|&byte| byte == b',')
                            .map_or(at, |length| at + length);
                        let part = text[from..to].to_vec();
                        text.splice(to..to, part);
                    }
                }
            }
            let read: Vec<Result<Document, _>> =
                texts.iter().map(|text| serde_json::from_slice(text)).collect();
            let [Ok(book), Ok(case)] = read.as_slice() else {
                unread += 1;
                continue;
            };
            match ask(book, case) {
                (true, true) => answered += 1,
                _ => refused += 1,
            }
        }
    }
    println!("{unread} are no JSON, {refused} refused, {answered} answered");
    assert!(refused as u64 > 3 * rounds && answered as u64 > rounds);
}

#[test]
fn the_longest_look_ahead_over_many_windows_ends() {
    let quiet = |n: usize| {
        json!({"id": format!("q{n}"), "then": {"quiet": {"from": format!("{:02}:{:02}", n / 2 % 24, n % 60),
            "to": format!("{:02}:{:02}:30", n / 2 % 24, n % 60), "zone": "house"}}})
    };
    let cap = |n: usize| json!({"id": format!("c{n}"), "then": {"cap": {"at_most": 1, "per": format!("{}h", n + 1)}}});
    let rules: Vec<Value> = (0..30).map(quiet).chain((0..20).map(cap)).collect();
    let campaign = |n: usize| {
        json!({"id": format!("c{n}"), "purpose": "care", "value": "service", "channels": ["a", "b"], "patience": "week",
            "timing": {"best_in": "week"}, "priority": n, "variants": [{"id": "v"}],
            "schedule": {"on": {"days": ["mon", "thu"], "from": "00:00", "to": "24:00"}, "zone": "customer"}})
    };
    let book = json!({
        "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": ["Australia/Lord_Howe", "America/New_York"],
        "look_ahead": "400d", "purposes": ["care"],
        "channels": {"a": {"consent": "none"}, "b": {"consent": "none"}},
        "policies": [{"id": "p", "rules": rules}],
        "campaigns": (0..1).map(campaign).collect::<Vec<_>>(),
    });
    let case = json!({"customer": {"id": "c", "tags": [], "senders": ["x", "y"]}, "history": [], "now": "2026-02-28T23:59:59.999999Z"});
    let begun = std::time::Instant::now();
    assert_eq!(
        ask(&harness::document(&book), &harness::document(&case)),
        (true, true)
    );
    assert!(begun.elapsed().as_secs() < 120, "{:?}", begun.elapsed());
}
