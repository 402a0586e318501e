//! What comes after a decision: its touch recorded and the question asked again, or confirmed at delivery.

use super::Dice;
use super::clock::{self, DAY, HOUR, MINUTE, SECOND};
use serde_json::{Value, json};

/// The case after a host did what the decision says: the touch is recorded (held-out ones too) and time moved on.
/// None when there is nothing to record.
pub fn follow_up(dice: &mut Dice, case: &Value, decision: &Value) -> Option<Value> {
    let now = clock::instant(case["now"].as_str()?)?;
    let mut next = case.clone();
    let mut touches: Vec<(&Value, &str)> = decision["held_out"]
        .as_array()?
        .iter()
        .map(|held| (&held["touch"], "held_out"))
        .collect();
    let mut later = now + *dice.pick(&[0, SECOND, HOUR, DAY]);
    if decision["touch"].is_object() {
        let waits = decision["outcome"] == "wait";
        let status = if waits {
            *dice.pick(&["scheduled", "scheduled", "cancelled"])
        } else {
            *dice.pick(&["sent", "sent", "sent", "failed", "scheduled"])
        };
        touches.push((&decision["touch"], status));
        if waits && dice.chance(50) {
            later = clock::instant(decision["until"].as_str()?)?;
        }
    }
    if touches.is_empty() {
        return None;
    }
    let history = next["history"].as_array_mut()?;
    for (touch, status) in touches {
        history.push(entry(touch, status));
    }
    next["now"] = json!(clock::write(dice, later));
    Some(next)
}

/// The case at the delivery of a scheduled touch, and that touch: the one decided, or one of the history.
/// None when there is none.
pub fn delivery(dice: &mut Dice, case: &Value, decision: &Value) -> Option<(Value, Value)> {
    let mut later = case.clone();
    let history = later["history"].as_array_mut()?;
    let planned: Vec<Value> = history
        .iter()
        .filter(|entry| entry["status"] == "scheduled")
        .cloned()
        .collect();
    let touch = if decision["touch"].is_object() && !(planned.len() > 1 && dice.chance(40)) {
        let touch = decision["touch"].clone();
        history.push(entry(&touch, "scheduled"));
        touch
    } else {
        planned.get(dice.below(planned.len().max(1)))?.clone()
    };
    let at = clock::instant(touch["at"].as_str()?)?;
    let moved = dice.weighted(&[
        (50, 0),
        (10, SECOND),
        (10, -SECOND),
        (10, 5 * MINUTE),
        (10, HOUR),
        (5, DAY),
        (5, -DAY),
    ]);
    later["now"] = json!(clock::write(dice, at + moved));
    Some((later, touch))
}

/// A touch of a decision as an entry of the history.
fn entry(touch: &Value, status: &str) -> Value {
    let mut entry = json!({"status": status});
    for name in [
        "at",
        "channel",
        "campaign",
        "purpose",
        "occurrence",
        "sender",
        "content",
        "key",
    ] {
        entry[name] = touch[name].clone();
    }
    entry
}
