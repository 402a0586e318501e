//! Reading conditions.

use super::{
    nearest::{did_you_mean, one_of, quoted},
    problem::{Code, Problem},
    read_words::{names_member, read_duration, read_literal, unreadable_names},
    reader::{Member, Members, Node, UNREADABLE},
};
use crate::written::{
    condition::{
        Condition, ElapsedTest, FactKey, FactRef, Literal, Operand, PurchaseMeasure, Reference, Status, Test,
        TouchFilter,
    },
    document::Document,
    duration::Duration,
};

/// The member that says which form a condition has.
const FORMS: [&str; 10] = [
    "all",
    "any",
    "not",
    "tag",
    "attribute",
    "fact",
    "elapsed",
    "touches",
    "purchases",
    "occurrence",
];
const SCORE: &str = "score";

const ATTRIBUTE: [&str; 9] = ["attribute", "eq", "ne", "lt", "le", "gt", "ge", "in", "present"];
const FACT: [&str; 10] = ["fact", "of", "eq", "ne", "lt", "le", "gt", "ge", "in", "present"];
const ELAPSED: [&str; 9] = ["elapsed", "lt", "ge", "present", "eq", "ne", "le", "gt", "in"];
const TOUCHES: [&str; 9] = ["touches", "eq", "ne", "lt", "le", "gt", "ge", "in", "present"];
const PURCHASES: [&str; 10] = [
    "purchases",
    "within",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "in",
    "present",
];
const SCORES: [&str; 9] = ["score", "eq", "ne", "lt", "le", "gt", "ge", "in", "present"];

const STATUSES: [(&str, Status); 5] = [
    ("scheduled", Status::Scheduled),
    ("sent", Status::Sent),
    ("failed", Status::Failed),
    ("cancelled", Status::Cancelled),
    ("held_out", Status::HeldOut),
];

/// Stands for a condition that could not be read.
pub(crate) fn unreadable_condition() -> Condition {
    Condition::All(Vec::new())
}

/// A condition; one that cannot be read is an empty `all`.
pub(crate) fn read_condition(node: Node<'_>, problems: &mut Vec<Problem>) -> Condition {
    let Document::Object(written) = node.document else {
        node.wrong_kind("a condition", problems);
        return unreadable_condition();
    };
    let mut forms = written
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| FORMS.contains(name) || *name == SCORE);
    let Some(form) = forms.next() else {
        no_form(&node, written, problems);
        return unreadable_condition();
    };
    match form {
        "all" => Condition::All(parts(&node.object(&["all"], problems), "all", problems)),
        "any" => Condition::Any(parts(&node.object(&["any"], problems), "any", problems)),
        "not" => {
            let members = node.object(&["not"], problems);
            let part = members.required("not", problems, read_condition);
            Condition::Not(Box::new(part.unwrap_or_else(unreadable_condition)))
        }
        "tag" => Condition::Tag(node.object(&["tag"], problems).required_name("tag", problems)),
        "attribute" => {
            let members = node.object(&ATTRIBUTE, problems);
            Condition::Attribute {
                name: members.required_name("attribute", problems),
                tests: tests(&members, problems),
            }
        }
        "fact" => {
            let members = node.object(&FACT, problems);
            Condition::Fact {
                fact: fact_members(&members, problems),
                tests: tests(&members, problems),
            }
        }
        "elapsed" => {
            let members = node.object(&ELAPSED, problems);
            let since = members.required("elapsed", problems, since);
            Condition::Elapsed {
                since: since.unwrap_or_else(unreadable_reference),
                tests: elapsed_tests(&members, problems),
            }
        }
        "touches" => {
            let members = node.object(&TOUCHES, problems);
            let filter = members.required("touches", problems, filter);
            Condition::Touches {
                filter: filter.unwrap_or_default(),
                tests: tests(&members, problems),
            }
        }
        "purchases" => {
            let members = node.object(&PURCHASES, problems);
            let measures = [
                ("count", PurchaseMeasure::Count),
                ("amount", PurchaseMeasure::Amount),
            ];
            let measure = members.required("purchases", problems, |node, problems| {
                node.word(&measures, problems)
            });
            Condition::Purchases {
                measure: measure.flatten().unwrap_or(PurchaseMeasure::Count),
                within: members.optional("within", problems, read_duration).flatten(),
                tests: tests(&members, problems),
            }
        }
        "occurrence" => {
            let members = node.object(&["occurrence"], problems);
            let ids = members.required("occurrence", problems, |node, problems| node.names(problems));
            Condition::Occurrence(ids.flatten().unwrap_or_else(unreadable_names))
        }
        _ => {
            let members = node.object(&SCORES, problems);
            members.required(SCORE, problems, |node, problems| {
                if node.boolean(problems) == Some(false) {
                    node.problem(
                        Code::BadValue,
                        "write `true`, or leave the condition out",
                        problems,
                    );
                }
            });
            Condition::Score(tests(&members, problems))
        }
    }
}

/// Says what is wrong with an object that has no member of [`FORMS`].
fn no_form(node: &Node<'_>, written: &[(String, Document)], problems: &mut Vec<Problem>) {
    let mut known = FORMS.to_vec();
    known.push(SCORE);
    let mut told = false;
    for (name, document) in written {
        let operator = ATTRIBUTE.contains(&name.as_str()) || ["of", "within"].contains(&name.as_str());
        if operator {
            continue;
        }
        let place = node.below(document, node.path.member(name));
        let meant = did_you_mean(name, known.iter().copied());
        let sentence = format!("{} is not a condition{meant}", quoted(name));
        place.problem(Code::UnknownField, sentence, problems);
        told = true;
    }
    if !told {
        let sentence = format!("the condition says nothing; write one of {}", one_of(&known));
        node.problem(Code::MissingField, sentence, problems);
    }
}

fn parts<'n>(members: &Members<'n>, name: &'n str, problems: &mut Vec<Problem>) -> Vec<Condition> {
    let parts = members.required(name, problems, |node, problems| {
        node.list(problems, read_condition)
    });
    parts.flatten().unwrap_or_default()
}

fn unreadable_reference() -> Reference {
    Reference::Attribute(UNREADABLE.to_owned())
}

/// What an elapsed time is counted from: an attribute's name, or a fact.
fn since(node: Node<'_>, problems: &mut Vec<Problem>) -> Reference {
    match node.document {
        Document::Text(_) => Reference::Attribute(node.name(problems)),
        Document::Object(_) => {
            let members = node.object(&["fact", "of"], problems);
            Reference::Fact(fact_members(&members, problems))
        }
        _ => {
            node.wrong_kind("an attribute's name or a fact", problems);
            unreadable_reference()
        }
    }
}

/// The members `fact` and `of`.
pub(crate) fn fact_members(members: &Members<'_>, problems: &mut Vec<Problem>) -> FactRef {
    FactRef {
        name: members.required_name("fact", problems),
        of: members.optional("of", problems, fact_key),
    }
}

fn fact_key(node: Node<'_>, problems: &mut Vec<Problem>) -> FactKey {
    match node.document {
        Document::Object(written) if written.iter().any(|(name, _)| name == "is") => {
            FactKey::Is(node.object(&["is"], problems).required_name("is", problems))
        }
        Document::Object(_) => {
            let members = node.object(&["attribute", "is"], problems);
            FactKey::Attribute(members.required_name("attribute", problems))
        }
        Document::Text(_) => {
            let words = [("campaign", 0_u8), ("sender", 1), ("channel", 2)];
            match node.word(&words, problems) {
                Some(0) => FactKey::Campaign,
                Some(1) => FactKey::Sender,
                Some(_) => FactKey::Channel,
                None => FactKey::Is(UNREADABLE.to_owned()),
            }
        }
        _ => {
            node.wrong_kind(
                "`{\"attribute\": …}`, `{\"is\": …}`, `campaign`, `sender` or `channel`",
                problems,
            );
            FactKey::Is(UNREADABLE.to_owned())
        }
    }
}

/// An object that names an attribute or a fact, and perhaps more.
pub(crate) fn reference_members(members: &Members<'_>, problems: &mut Vec<Problem>) -> Reference {
    if members.has("fact") {
        members.forbid(
            "attribute",
            "a value comes from one place; keep `attribute` or `fact`",
            problems,
        );
        Reference::Fact(fact_members(members, problems))
    } else {
        members.forbid("of", "`of` belongs to a fact; leave it out", problems);
        Reference::Attribute(members.required_name("attribute", problems))
    }
}

fn operand(node: Node<'_>, problems: &mut Vec<Problem>) -> Operand {
    if let Document::Object(_) = node.document {
        let members = node.object(&["attribute", "fact", "of"], problems);
        return Operand::Reference(reference_members(&members, problems));
    }
    match read_literal(node, problems) {
        Some(literal) => Operand::Literal(literal),
        None => Operand::Reference(unreadable_reference()),
    }
}

/// The operators of a condition, in the order they are written in.
fn tests(members: &Members<'_>, problems: &mut Vec<Problem>) -> Vec<Test> {
    let mut tests = Vec::new();
    for Member { name, node } in members.each() {
        let test = match name {
            "eq" => Test::Eq,
            "ne" => Test::Ne,
            "lt" => Test::Lt,
            "le" => Test::Le,
            "gt" => Test::Gt,
            "ge" => Test::Ge,
            "in" => {
                let list = node.list(problems, operand);
                tests.push(Test::In(
                    list.unwrap_or_else(|| vec![Operand::Reference(unreadable_reference())]),
                ));
                continue;
            }
            "present" => {
                tests.push(Test::Present(node.boolean(problems).unwrap_or(true)));
                continue;
            }
            _ => continue,
        };
        tests.push(test(operand(node, problems)));
    }
    tests
}

fn elapsed_tests(members: &Members<'_>, problems: &mut Vec<Problem>) -> Vec<ElapsedTest> {
    let mut tests = Vec::new();
    let mut misplaced = false;
    for Member { name, node } in members.each() {
        // A null must not pass for nothing written, so each is read as it stands.
        match name {
            "lt" => tests.push(ElapsedTest::Lt(
                read_duration(node, problems).unwrap_or(Duration::ZERO),
            )),
            "ge" => tests.push(ElapsedTest::Ge(
                read_duration(node, problems).unwrap_or(Duration::ZERO),
            )),
            "present" => tests.push(ElapsedTest::Present(node.boolean(problems).unwrap_or(true))),
            "eq" | "ne" | "le" | "gt" | "in" => {
                let sentence = "an elapsed time is tested with `lt`, `ge` or `present` only";
                node.problem(Code::NotAllowed, sentence, problems);
                misplaced = true;
            }
            _ => {}
        }
    }
    // One mistake, one problem: the condition is not also without a test.
    if tests.is_empty() && misplaced {
        tests.push(ElapsedTest::Present(true));
    }
    tests
}

fn filter(node: Node<'_>, problems: &mut Vec<Problem>) -> TouchFilter {
    let known = [
        "channels",
        "purposes",
        "campaigns",
        "occurrences",
        "contents",
        "senders",
        "responses",
        "status",
        "within",
    ];
    let members = node.object(&known, problems);
    TouchFilter {
        channels: names_member(&members, "channels", problems),
        purposes: names_member(&members, "purposes", problems),
        campaigns: names_member(&members, "campaigns", problems),
        occurrences: names_member(&members, "occurrences", problems),
        contents: names_member(&members, "contents", problems),
        senders: names_member(&members, "senders", problems),
        responses: names_member(&members, "responses", problems),
        status: members
            .optional("status", problems, |node, problems| {
                node.list(problems, |status, problems| {
                    status.word(&STATUSES, problems).unwrap_or_default()
                })
            })
            .flatten(),
        within: members.optional("within", problems, read_duration).flatten(),
    }
}

/// Any literal, or a placeholder.
pub(crate) fn literal_or_placeholder(node: Node<'_>, problems: &mut Vec<Problem>) -> Literal {
    read_literal(node, problems).unwrap_or(Literal::Boolean(true))
}
