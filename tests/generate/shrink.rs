//! Reducing a failing rulebook and case to a small one, by leaving out parts of the documents.

use serde_json::{Value, json};

/// The smallest pair found that still fails. `fails` must be false for pairs that are not valid: parts that others need
/// are then kept. At most `tries` calls.
pub fn smallest(
    book: &Value,
    case: &Value,
    tries: usize,
    mut fails: impl FnMut(&Value, &Value) -> bool,
) -> (Value, Value) {
    let mut whole = json!({"book": book, "case": case});
    let mut left = tries;
    loop {
        let mut progress = false;
        let mut path = Vec::new();
        let mut reduced = whole.clone();
        reduce(&mut reduced, &mut path, &mut |trial| {
            if left == 0 {
                return false;
            }
            left -= 1;
            let fails = fails(&trial["book"], &trial["case"]);
            progress |= fails;
            fails
        });
        whole = reduced;
        if !progress || left == 0 {
            return (whole["book"].clone(), whole["case"].clone());
        }
    }
}

/// One step of a path into a document.
#[derive(Clone)]
enum Step {
    Name(String),
    Index(usize),
}

fn at<'a>(root: &'a mut Value, path: &[Step]) -> Option<&'a mut Value> {
    path.iter().try_fold(root, |value, step| match step {
        Step::Name(name) => value.get_mut(name),
        Step::Index(index) => value.get_mut(index),
    })
}

/// Tries to do without each part, from the outside in, keeping what `fails` allows to lose.
fn reduce(root: &mut Value, path: &mut Vec<Step>, fails: &mut dyn FnMut(&Value) -> bool) {
    let Some(here) = at(root, path).map(|value| value.clone()) else {
        return;
    };
    for simple in simpler(&here) {
        if try_in_place(root, path, simple, fails) {
            return reduce(root, path, fails);
        }
    }
    let steps: Vec<Step> = match &here {
        Value::Object(map) => map.keys().map(|name| Step::Name(name.clone())).collect(),
        Value::Array(list) => (0..list.len()).rev().map(Step::Index).collect(),
        _ => return,
    };
    for step in steps {
        let Some(now) = at(root, path).map(|value| value.clone()) else {
            return;
        };
        let mut without = now;
        match (&mut without, &step) {
            (Value::Object(map), Step::Name(name)) => drop(map.remove(name)),
            (Value::Array(list), Step::Index(index)) if *index < list.len() => drop(list.remove(*index)),
            _ => continue,
        }
        if !try_in_place(root, path, without, fails) {
            path.push(step);
            reduce(root, path, fails);
            path.pop();
        }
    }
}

fn try_in_place(root: &mut Value, path: &[Step], new: Value, fails: &mut dyn FnMut(&Value) -> bool) -> bool {
    let Some(place) = at(root, path) else { return false };
    let old = std::mem::replace(place, new);
    if fails(root) {
        return true;
    }
    if let Some(place) = at(root, path) {
        *place = old;
    }
    false
}

/// Simpler values that may do instead: the parts of a compound condition, a shorter list.
fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(map) if map.len() == 1 => {
            let inner = map
                .get("all")
                .or(map.get("any"))
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            inner.into_iter().chain(map.get("not").cloned()).collect()
        }
        Value::Array(list) if list.len() > 3 => {
            let middle = list.len() / 2;
            vec![json!(list[..middle]), json!(list[middle..])]
        }
        _ => Vec::new(),
    }
}
