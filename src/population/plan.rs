//! What all audiences ask, each distinct condition once.

use std::{collections::HashMap, hash::Hash};

use super::value::Value;
use crate::{
    asked::bound::FactTable,
    clock::instant::Instant,
    compiled::{
        campaign::Campaign,
        condition::{Comparison, Condition, ElapsedTest, FactKey, Operand, Source, Test, Truth},
        engine::{Compiled, Derived},
    },
};

/// All audiences as one graph; every node stands after those that it is made of.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) nodes: Vec<Node>,
    /// Those of which columns tell.
    pub(crate) subjects: Vec<Subject>,
    /// Conditions that no column answers: they are asked of every customer.
    pub(crate) asked: Vec<Asked<'a>>,
    /// The node of every campaign's audience.
    pub(crate) audiences: Vec<usize>,
}

/// A condition made of others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Unknown,
    All(Box<[usize]>),
    Any(Box<[usize]>),
    Not(usize),
    /// A tag that hosts give, by its number.
    Tag(usize),
    /// Tests of a subject, by the numbers of both.
    Tests(usize, usize),
    /// A condition asked of every customer, by its number.
    Asked(usize),
}

/// A value that follows from one attribute.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) from: From,
    /// Every distinct list of tests of it.
    pub(crate) tests: Vec<Vec<ValueTest>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum From {
    Attribute(usize),
    /// A fact of which the attribute is the key.
    Fact {
        fact: usize,
        attribute: usize,
    },
}

impl From {
    pub(crate) fn attribute(self) -> usize {
        match self {
            Self::Attribute(attribute) | Self::Fact { attribute, .. } => attribute,
        }
    }
}

/// A test against values that are the same for all customers; `None` is missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ValueTest {
    Present(bool),
    Compare(Comparison, Option<Value>),
    In(Vec<Option<Value>>),
}

#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) condition: &'a Condition,
    pub(crate) campaign: &'a Campaign,
}

/// A source as far as it is known for all customers.
enum Known {
    From(From),
    Same(Option<Value>),
    /// It takes a customer to tell.
    Open,
}

struct Planner<'a> {
    compiled: &'a Compiled,
    facts: &'a [FactTable],
    now: Instant,
    plan: Plan<'a>,
    // Looked up only, never walked.
    nodes: HashMap<Node, usize>,
    subjects: HashMap<From, usize>,
    tests: HashMap<(usize, Vec<ValueTest>), usize>,
    asked: HashMap<String, usize>,
    /// Derived tags that are the same for all campaigns, and those of the campaign at hand.
    derived: HashMap<usize, usize>,
    own_derived: HashMap<usize, usize>,
    /// Whether the campaign at hand was read since this was last set to false.
    reads_campaign: bool,
}

impl<'a> Plan<'a> {
    /// The plan for all campaigns at `now`.
    pub(crate) fn new(compiled: &'a Compiled, facts: &'a [FactTable], now: Instant) -> Self {
        let mut planner = Planner {
            compiled,
            facts,
            now,
            plan: Plan {
                nodes: Vec::new(),
                subjects: Vec::new(),
                asked: Vec::new(),
                audiences: Vec::new(),
            },
            nodes: HashMap::new(),
            subjects: HashMap::new(),
            tests: HashMap::new(),
            asked: HashMap::new(),
            derived: HashMap::new(),
            own_derived: HashMap::new(),
            reads_campaign: false,
        };
        for campaign in compiled.campaigns.iter() {
            planner.own_derived.clear();
            let node = match &campaign.audience {
                Some(audience) => planner.condition(audience, campaign),
                None => planner.node(Node::All([].into())),
            };
            planner.plan.audiences.push(node);
        }
        planner.plan
    }
}

/// The number under which a table knows a key; a new one is put at the end of the list.
fn number_of<K: Hash + Eq + Clone, T>(
    numbers: &mut HashMap<K, usize>,
    list: &mut Vec<T>,
    key: K,
    make: impl FnOnce(K) -> T,
) -> usize {
    if let Some(&number) = numbers.get(&key) {
        return number;
    }
    let number = list.len();
    list.push(make(key.clone()));
    numbers.insert(key, number);
    number
}

impl<'a> Planner<'a> {
    fn node(&mut self, node: Node) -> usize {
        number_of(&mut self.nodes, &mut self.plan.nodes, node, |node| node)
    }

    fn condition(&mut self, condition: &'a Condition, campaign: &'a Campaign) -> usize {
        let node = match condition {
            Condition::All(parts) => Node::All(self.parts(parts, campaign)),
            Condition::Any(parts) => Node::Any(self.parts(parts, campaign)),
            Condition::Not(part) => Node::Not(self.condition(part, campaign)),
            Condition::Held(tag) => Node::Tag(*tag),
            Condition::Derived(number) => return self.derived(*number, campaign),
            Condition::Value { subject, tests } => self
                .value_tests(tests, campaign)
                .and_then(|tests| self.tests(subject, tests, campaign))
                .unwrap_or_else(|| self.ask(condition, campaign)),
            Condition::Elapsed { since, tests } => {
                let tests = tests.iter().map(|test| self.elapsed(*test)).collect();
                self.tests(since, tests, campaign)
                    .unwrap_or_else(|| self.ask(condition, campaign))
            }
            Condition::Touches { .. }
            | Condition::Purchases { .. }
            | Condition::Occurrence(_)
            | Condition::Score(_) => self.ask(condition, campaign),
        };
        self.node(node)
    }

    /// In order and without repetition: neither changes what is said.
    fn parts(&mut self, parts: &'a [Condition], campaign: &'a Campaign) -> Box<[usize]> {
        let mut numbers: Vec<usize> = parts.iter().map(|part| self.condition(part, campaign)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into()
    }

    fn derived(&mut self, number: usize, campaign: &'a Campaign) -> usize {
        if let Some(&node) = self.derived.get(&number) {
            return node;
        }
        if let Some(&node) = self.own_derived.get(&number) {
            self.reads_campaign = true;
            return node;
        }
        let Some(Derived { when, .. }) = self.compiled.frame.derived.get(number) else {
            return self.node(Node::Unknown);
        };
        let before = std::mem::replace(&mut self.reads_campaign, false);
        let node = self.condition(when, campaign);
        let known = if self.reads_campaign {
            &mut self.own_derived
        } else {
            &mut self.derived
        };
        known.insert(number, node);
        self.reads_campaign |= before;
        node
    }

    /// `t − at < length` is `at > t − length`. What overflows is farther away than any instant that is given.
    fn elapsed(&self, test: ElapsedTest) -> ValueTest {
        let compare =
            |comparison, length| ValueTest::Compare(comparison, Some(Value::Instant(self.now.minus(length))));
        match test {
            ElapsedTest::Lt(length) => compare(Comparison::Gt, length),
            ElapsedTest::Ge(length) => compare(Comparison::Le, length),
            ElapsedTest::Present(wanted) => ValueTest::Present(wanted),
        }
    }

    /// The tests, if what they compare with is the same for all customers.
    fn value_tests(&mut self, tests: &'a [Test], campaign: &'a Campaign) -> Option<Vec<ValueTest>> {
        let mut operand = |operand: &Operand| match operand {
            Operand::Literal(literal) => Some(Some(literal.into())),
            Operand::Source(source) => match self.known(source, campaign) {
                Known::Same(value) => Some(value),
                Known::From(_) | Known::Open => None,
            },
        };
        tests
            .iter()
            .map(|test| {
                Some(match test {
                    Test::Present(wanted) => ValueTest::Present(*wanted),
                    Test::Compare(comparison, with) => ValueTest::Compare(*comparison, operand(with)?),
                    Test::In(list) => ValueTest::In(list.iter().map(&mut operand).collect::<Option<_>>()?),
                })
            })
            .collect()
    }

    /// The tests of a source, if columns can answer them.
    fn tests(&mut self, source: &Source, tests: Vec<ValueTest>, campaign: &Campaign) -> Option<Node> {
        match self.known(source, campaign) {
            Known::From(from) => {
                let subject = number_of(&mut self.subjects, &mut self.plan.subjects, from, |from| {
                    Subject {
                        from,
                        tests: Vec::new(),
                    }
                });
                let list = &mut self.plan.subjects.get_mut(subject)?.tests;
                let test = number_of(&mut self.tests, list, (subject, tests), |(_, tests)| tests);
                Some(Node::Tests(subject, test))
            }
            Known::Same(value) => Some(match truth_of(&tests, value.as_ref()) {
                Truth::True => Node::All([].into()),
                Truth::False => Node::Any([].into()),
                Truth::Unknown => Node::Unknown,
            }),
            Known::Open => None,
        }
    }

    fn known(&mut self, source: &Source, campaign: &Campaign) -> Known {
        let (fact, key) = match source {
            Source::Attribute(attribute) => return Known::From(From::Attribute(*attribute)),
            Source::Purchase(_) => return Known::Open,
            Source::Fact { fact, key } => (*fact, key),
        };
        let key = match key {
            FactKey::None => None,
            FactKey::Is(key) => Some(&**key),
            FactKey::Campaign => {
                self.reads_campaign = true;
                Some(&*campaign.id)
            }
            FactKey::Attribute(attribute) => {
                return Known::From(From::Fact {
                    fact,
                    attribute: *attribute,
                });
            }
            FactKey::Sender | FactKey::Channel => return Known::Open,
        };
        Known::Same(
            self.facts
                .get(fact)
                .and_then(|table| table.get(key))
                .map(Into::into),
        )
    }

    /// The condition is asked of every customer. Conditions are the same if they are written the same.
    fn ask(&mut self, condition: &'a Condition, campaign: &'a Campaign) -> Node {
        let key = if reads_campaign(condition) {
            self.reads_campaign = true;
            format!("{} {condition:?}", campaign.id)
        } else {
            format!("{condition:?}")
        };
        Node::Asked(number_of(&mut self.asked, &mut self.plan.asked, key, |_| Asked {
            condition,
            campaign,
        }))
    }
}

/// Whether a condition that is not made of others reads something of the campaign.
fn reads_campaign(condition: &Condition) -> bool {
    let of_campaign = |source: &Source| {
        matches!(
            source,
            Source::Fact {
                key: FactKey::Campaign,
                ..
            }
        )
    };
    let operand = |operand: &Operand| matches!(operand, Operand::Source(source) if of_campaign(source));
    let any = |tests: &[Test]| {
        tests.iter().any(|test| match test {
            Test::Present(_) => false,
            Test::Compare(_, with) => operand(with),
            Test::In(list) => list.iter().any(operand),
        })
    };
    match condition {
        Condition::Value { subject, tests } => of_campaign(subject) || any(tests),
        Condition::Elapsed { since, .. } => of_campaign(since),
        Condition::Touches { tests, .. } | Condition::Purchases { tests, .. } => any(tests),
        _ => true,
    }
}

/// The tests of a value that is the same for all customers.
fn truth_of(tests: &[ValueTest], value: Option<&Value>) -> Truth {
    truth(tests, value.is_some(), |other| value?.compare(other))
}

/// Kleene's tests of a value of which is known whether it is there and how it stands to others.
pub(crate) fn truth(
    tests: &[ValueTest],
    present: bool,
    compare: impl Fn(&Value) -> Option<std::cmp::Ordering>,
) -> Truth {
    let standing = |other: &Option<Value>, holds: &dyn Fn(std::cmp::Ordering) -> bool| {
        other
            .as_ref()
            .and_then(&compare)
            .map_or(Truth::Unknown, |ordering| holds(ordering).into())
    };
    tests.iter().fold(Truth::True, |truth, test| {
        truth.and(match test {
            ValueTest::Present(wanted) => (present == *wanted).into(),
            ValueTest::Compare(comparison, other) => standing(other, &|ordering| comparison.holds(ordering)),
            ValueTest::In(list) => list.iter().fold(Truth::False, |truth, other| {
                truth.or(standing(other, &std::cmp::Ordering::is_eq))
            }),
        })
    })
}
