//! Whether conditions can have some truth values together.

use super::{
    domain::Domain,
    truths::Truths,
    variable::{Asked, Value, Variable},
};
use crate::written::{
    condition::{Condition, Operand, Reference, Test},
    rulebook::Rulebook,
};

/// How many parts of conditions are looked at for one answer.
const EFFORT: usize = 2_000_000;
/// How many variables an answer may hang on: they are tried one within another.
const MOST_VARIABLES: usize = 500;

/// Conditions of a rulebook, each with the truth values that it is to have.
pub(crate) struct Question<'b> {
    pub(crate) book: &'b Rulebook,
    pub(crate) variables: Vec<Variable>,
    atoms: Vec<Atom>,
    wanted: Vec<Wanted>,
}

struct Wanted {
    formula: Formula,
    truths: Truths,
    /// How many parts the formula has.
    parts: usize,
}

/// One thing asked of one variable.
struct Atom {
    variable: usize,
    asked: Asked,
}

enum Formula {
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Not(Box<Formula>),
    /// By number.
    Atom(usize),
}

impl Formula {
    fn parts(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().map(Self::parts).fold(1, usize::saturating_add)
            }
            Self::Not(part) => part.parts().saturating_add(1),
            Self::Atom(_) => 1,
        }
    }
}

/// Whether it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// No value of anything makes it so.
    Never,
    /// A model was accepted.
    Yes,
    /// There may be models, but none was accepted, or there was too much to look at.
    CannotTell,
}

/// A value for some of the variables; the others do not matter.
pub(crate) type Model = Vec<Option<Value>>;

impl<'b> Question<'b> {
    pub(crate) fn new(book: &'b Rulebook) -> Self {
        Self {
            book,
            variables: Vec::new(),
            atoms: Vec::new(),
            wanted: Vec::new(),
        }
    }

    /// Wants a condition to be one of some truth values; none is always true.
    pub(crate) fn want(&mut self, condition: Option<&Condition>, truths: Truths) -> &mut Self {
        let formula = match condition {
            Some(condition) => self.formula(condition),
            None => Formula::All(Vec::new()),
        };
        let parts = formula.parts();
        self.wanted.push(Wanted {
            formula,
            truths,
            parts,
        });
        self
    }

    /// Whether it can be at all, whatever the engine says of it.
    pub(crate) fn answer(&self) -> Answer {
        self.search(1, |_| true)
    }

    /// Proposes models until one is accepted, at most so many.
    pub(crate) fn search(&self, most: usize, accept: impl FnMut(&Model) -> bool) -> Answer {
        if self.variables.len() > MOST_VARIABLES {
            return Answer::CannotTell;
        }
        let domains: Vec<Domain> = (0..self.variables.len())
            .map(|number| self.domain(number))
            .collect();
        let mut search = Search {
            question: self,
            tables: self.tables(&domains),
            domains: &domains,
            chosen: vec![None; domains.len()],
            effort: EFFORT,
            left: most,
            accept,
        };
        match search.go() {
            Found::Accepted => Answer::Yes,
            Found::Nothing if search.left == most && domains.iter().all(|domain| domain.is_whole) => {
                Answer::Never
            }
            Found::Nothing | Found::GaveUp => Answer::CannotTell,
        }
    }

    /// The values of a variable, by number.
    pub(crate) fn values(&self, number: usize) -> Vec<Value> {
        self.domain(number).values
    }

    fn domain(&self, number: usize) -> Domain {
        let atoms = self.atoms.iter().filter(|atom| atom.variable == number);
        let asked = atoms.map(|atom| &atom.asked);
        self.variables.get(number).map_or(
            Domain {
                values: Vec::new(),
                is_whole: false,
            },
            |variable| Domain::of(variable, asked, self.book),
        )
    }

    /// Of each atom, its truth for each value of its variable.
    fn tables(&self, domains: &[Domain]) -> Vec<Vec<Truths>> {
        let of = |atom: &Atom| {
            let value_type = self.variables.get(atom.variable)?.value_type(self.book);
            let values = &domains.get(atom.variable)?.values;
            Some(
                values
                    .iter()
                    .map(|value| atom.asked.of(value, value_type))
                    .collect(),
            )
        };
        self.atoms
            .iter()
            .map(|atom| of(atom).unwrap_or_default())
            .collect()
    }

    fn formula(&mut self, condition: &Condition) -> Formula {
        match condition {
            Condition::All(parts) => Formula::All(parts.iter().map(|part| self.formula(part)).collect()),
            Condition::Any(parts) => Formula::Any(parts.iter().map(|part| self.formula(part)).collect()),
            Condition::Not(part) => Formula::Not(Box::new(self.formula(part))),
            Condition::Tag(name) => {
                let book = self.book;
                let tag = book.tags.iter().find(|tag| tag.name == *name);
                match tag.and_then(|tag| tag.when.as_ref()) {
                    Some(when) => self.formula(when),
                    None => self.atom(Variable::Tag(name.clone()), Asked::Holds),
                }
            }
            Condition::Attribute { name, tests } => {
                self.compared(Variable::Attribute(name.clone()), tests, |test| {
                    Condition::Attribute {
                        name: name.clone(),
                        tests: vec![test],
                    }
                })
            }
            Condition::Fact { fact, tests } => {
                self.compared(Variable::Fact(fact.clone()), tests, |test| Condition::Fact {
                    fact: fact.clone(),
                    tests: vec![test],
                })
            }
            Condition::Elapsed { since, tests } => {
                self.atom(Variable::Elapsed(since.clone()), Asked::Elapsed(tests.clone()))
            }
            Condition::Touches { filter, tests } => {
                self.compared(Variable::Touches(filter.clone()), tests, |test| {
                    Condition::Touches {
                        filter: filter.clone(),
                        tests: vec![test],
                    }
                })
            }
            Condition::Purchases {
                measure,
                within,
                tests,
            } => self.compared(Variable::Purchases(*measure, *within), tests, |test| {
                Condition::Purchases {
                    measure: *measure,
                    within: *within,
                    tests: vec![test],
                }
            }),
            Condition::Occurrence(ids) => self.atom(Variable::Occurrence, Asked::OneOf(ids.clone())),
            Condition::Score(tests) => {
                self.compared(Variable::Score, tests, |test| Condition::Score(vec![test]))
            }
        }
    }

    /// Tests against literals are one atom; each against something else that is read is one of its own.
    fn compared(&mut self, variable: Variable, tests: &[Test], alone: impl Fn(Test) -> Condition) -> Formula {
        let reads = |operand: &Operand| matches!(operand, Operand::Reference(_));
        let (related, plain): (Vec<Test>, Vec<Test>) = tests
            .iter()
            .cloned()
            .partition(|test| test.operands().iter().any(reads));
        let mut parts = Vec::new();
        if !plain.is_empty() {
            parts.push(self.atom(variable, Asked::Tests(plain)));
        }
        for test in related {
            parts.push(self.atom(Variable::Related(alone(test)), Asked::Holds));
        }
        Formula::All(parts)
    }

    fn atom(&mut self, variable: Variable, asked: Asked) -> Formula {
        let variable = match self.variables.iter().position(|known| *known == variable) {
            Some(known) => known,
            None => {
                self.variables.push(variable);
                self.variables.len().saturating_sub(1)
            }
        };
        self.atoms.push(Atom { variable, asked });
        Formula::Atom(self.atoms.len().saturating_sub(1))
    }
}

struct Search<'q, 'b, A> {
    question: &'q Question<'b>,
    domains: &'q [Domain],
    tables: Vec<Vec<Truths>>,
    /// Of each variable, the number of its value.
    chosen: Vec<Option<usize>>,
    effort: usize,
    /// Models that may still be proposed.
    left: usize,
    accept: A,
}

enum Found {
    Accepted,
    Nothing,
    GaveUp,
}

impl<A: FnMut(&Model) -> bool> Search<'_, '_, A> {
    /// Tries every value of one more variable. The depth is that of the variables.
    fn go(&mut self) -> Found {
        let mut open = None;
        for Wanted {
            formula,
            truths,
            parts,
        } in &self.question.wanted
        {
            let Some(effort) = self.effort.checked_sub(*parts) else {
                return Found::GaveUp;
            };
            self.effort = effort;
            let can = self.truths(formula);
            if !can.has(*truths) {
                return Found::Nothing;
            }
            if !can.is_within(*truths) {
                open = open.or_else(|| self.undecided(formula));
            }
        }
        let Some(variable) = open else {
            return self.propose();
        };
        let values = self.domains.get(variable).map_or(0, |domain| domain.values.len());
        for value in 0..values {
            self.choose(variable, Some(value));
            match self.go() {
                Found::Nothing => {}
                found => {
                    self.choose(variable, None);
                    return found;
                }
            }
        }
        self.choose(variable, None);
        Found::Nothing
    }

    fn choose(&mut self, variable: usize, value: Option<usize>) {
        if let Some(chosen) = self.chosen.get_mut(variable) {
            *chosen = value;
        }
    }

    fn propose(&mut self) -> Found {
        let model: Model = self
            .chosen
            .iter()
            .zip(self.domains)
            .map(|(chosen, domain)| domain.values.get((*chosen)?).cloned())
            .collect();
        if !self.is_coherent(&model) {
            return Found::Nothing;
        }
        let Some(left) = self.left.checked_sub(1) else {
            return Found::GaveUp;
        };
        self.left = left;
        if (self.accept)(&model) {
            Found::Accepted
        } else if self.left == 0 {
            Found::GaveUp
        } else {
            Found::Nothing
        }
    }

    /// An instant is missing for all that read it, or for none; so are purchases.
    fn is_coherent(&self, model: &Model) -> bool {
        let missing = |variable: &Variable| {
            let known = self
                .question
                .variables
                .iter()
                .position(|known| known == variable)?;
            Some(*model.get(known)?.as_ref()? == Value::Missing)
        };
        let mut purchases: Option<bool> = None;
        self.question
            .variables
            .iter()
            .zip(model)
            .all(|(variable, value)| {
                let Some(value) = value else { return true };
                let is_missing = *value == Value::Missing;
                match variable {
                    Variable::Elapsed(since) => {
                        let same = match since {
                            Reference::Attribute(name) => Variable::Attribute(name.clone()),
                            Reference::Fact(fact) => Variable::Fact(fact.clone()),
                        };
                        missing(&same).is_none_or(|other| other == is_missing)
                    }
                    Variable::Purchases(..) => *purchases.get_or_insert(is_missing) == is_missing,
                    _ => true,
                }
            })
    }

    /// What a formula can still be.
    fn truths(&self, formula: &Formula) -> Truths {
        match formula {
            Formula::All(parts) => parts
                .iter()
                .map(|part| self.truths(part))
                .fold(Truths::TRUE, Truths::and),
            Formula::Any(parts) => parts
                .iter()
                .map(|part| self.truths(part).not())
                .fold(Truths::TRUE, Truths::and)
                .not(),
            Formula::Not(part) => self.truths(part).not(),
            Formula::Atom(number) => {
                let (Some(atom), Some(table)) = (self.question.atoms.get(*number), self.tables.get(*number))
                else {
                    return Truths::NONE;
                };
                match self.chosen.get(atom.variable) {
                    Some(Some(value)) => table.get(*value).copied().unwrap_or(Truths::NONE),
                    _ => table.iter().copied().fold(Truths::NONE, Truths::or_else),
                }
            }
        }
    }

    /// A variable on which the formula still hangs.
    fn undecided(&self, formula: &Formula) -> Option<usize> {
        match formula {
            Formula::All(parts) | Formula::Any(parts) => parts.iter().find_map(|part| self.undecided(part)),
            Formula::Not(part) => self.undecided(part),
            Formula::Atom(number) => {
                let variable = self.question.atoms.get(*number)?.variable;
                self.chosen.get(variable)?.is_none().then_some(variable)
            }
        }
    }
}
