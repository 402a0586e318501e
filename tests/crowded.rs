//! The engine and the reference evaluator say the same of houses with more campaigns and senders than the engine keeps
//! lanes for, and with rules that read the touches planned before.

mod generate;
mod harness;
mod reference;

use generate::Dice;
use harness::{bind, decided, engine, first_difference, setting, written};
use serde_json::{Value, json};

const HOUSES: u64 = 60;

/// Copies of the campaigns, open to more customers, and rules that read touches.
fn crowd(dice: &mut Dice, book: &mut Value) {
    let name = |written: &Value| written.get("purpose").unwrap_or(written).clone();
    let purposes: Vec<Value> = book["purposes"].as_array().unwrap().iter().map(name).collect();
    let campaigns = book["campaigns"].as_array_mut().unwrap();
    let first = campaigns.clone();
    for number in 0..12 {
        let mut copy = dice.pick(&first).clone();
        copy["id"] = json!(format!("copy-{number}"));
        copy["priority"] = json!(dice.below(5));
        let copy_of = copy.as_object_mut().unwrap();
        for member in ["audience", "stop_when", "schedule", "rules", "reserve"] {
            if dice.chance(50) {
                copy_of.remove(member);
            }
        }
        if dice.chance(50) {
            copy["variants"] = json!([{"id": "v"}]);
        }
        if dice.chance(60) {
            copy["purpose"] = dice.pick(&purposes).clone();
        }
        campaigns.push(copy);
    }
    let mut rules = Vec::new();
    for number in 0..3 {
        let (least, spans) = (dice.below(3), ["6h", "1d", "3d"]);
        let mut when = json!({"touches": {"purposes": [dice.pick(&purposes)], "within": dice.pick(&spans)}});
        when[*dice.pick(&["ge", "lt"])] = json!(least + 1);
        rules.push(json!({"id": format!("reads-{number}"), "when": when, "then": "forbid",
            "scope": {"purposes": [dice.pick(&purposes)]}, "except": {"campaigns": [dice.pick(&first)["id"]]}}));
    }
    let policies = book
        .as_object_mut()
        .unwrap()
        .entry("policies")
        .or_insert(json!([]));
    policies
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "crowd", "rules": rules}));
}

#[test]
fn crowded_houses_agree() {
    let first = setting("TACTFUL_FIRST", 0);
    let (mut asked, mut placed, mut most, mut refused) = (0, 0, 0, 0);
    for number in first..first + setting("TACTFUL_HOUSES", HOUSES) {
        let mut dice = Dice::seeded(number ^ 0xC0_FFEE);
        let mut book = generate::rulebook(&mut dice);
        if ["30d", "400d"]
            .map(|long| json!(long))
            .contains(&book["look_ahead"])
        {
            continue;
        }
        crowd(&mut dice, &mut book);
        let engine = engine(&book);
        let mut case = generate::case(&mut dice, &book);
        case["customer"]["senders"] = (0..14).map(|number| json!(format!("advisor-{number}"))).collect();
        for channel in book["channels"].as_object().unwrap().keys() {
            case["customer"]["consent"][channel] = json!(true);
        }
        let (bound, now) = bind(&engine, &case);
        let agenda = written(bound.agenda(now));
        let same = |what: &str, ours: &Value, theirs: &Value| {
            let difference = first_difference("", ours, theirs);
            assert!(difference.is_none(), "house {number}: {what} {difference:?}");
        };
        same("agenda", &agenda, &reference::agenda(&book, &case));
        same(
            "decide",
            &decided(&bound, now),
            &reference::decide_explained(&book, &case),
        );
        asked += 1;
        let touches = agenda["touches"].as_array().unwrap().len();
        placed += touches;
        most = most.max(touches);
        let of_crowd = |reason: &&Value| {
            reason["rule"]
                .as_str()
                .is_some_and(|rule| rule.starts_with("crowd/"))
        };
        refused += agenda["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .filter(of_crowd)
            .count();
    }
    println!("{asked} asked, {placed} placed, at most {most} at once, {refused} refused for touches");
    assert!(asked >= 20 && placed >= 2 * asked && most >= 8 && refused >= 20);
}
