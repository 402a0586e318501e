//! Writing conditions.

use super::{super::condition::*, AsDocument, Document, Object};

impl AsDocument for Condition {
    fn as_document(&self) -> Document {
        let object = match self {
            Condition::All(parts) => Object::new().with("all", parts),
            Condition::Any(parts) => Object::new().with("any", parts),
            Condition::Not(part) => Object::new().with("not", part.as_ref()),
            Condition::Tag(name) => Object::new().with("tag", name),
            Condition::Attribute { name, tests } => with_tests(Object::new().with("attribute", name), tests),
            Condition::Fact { fact, tests } => with_tests(with_fact(Object::new(), fact), tests),
            Condition::Elapsed { since, tests } => {
                let object = match since {
                    Reference::Attribute(name) => Object::new().with("elapsed", name),
                    Reference::Fact(fact) => {
                        Object::new().with_document("elapsed", with_fact(Object::new(), fact).done())
                    }
                };
                tests.iter().fold(object, |object, test| match test {
                    ElapsedTest::Lt(duration) => object.with("lt", *duration),
                    ElapsedTest::Ge(duration) => object.with("ge", *duration),
                    ElapsedTest::Present(present) => object.with("present", *present),
                })
            }
            Condition::Touches { filter, tests } => with_tests(Object::new().with("touches", filter), tests),
            Condition::Purchases {
                measure,
                within,
                tests,
            } => {
                let measure = match measure {
                    PurchaseMeasure::Count => "count",
                    PurchaseMeasure::Amount => "amount",
                };
                let object = Object::new().with("purchases", measure);
                with_tests(object.with_some("within", *within), tests)
            }
            Condition::Occurrence(ids) => Object::new().with("occurrence", ids),
            Condition::Score(tests) => with_tests(Object::new().with("score", true), tests),
        };
        object.done()
    }
}

fn with_tests(object: Object, tests: &[Test]) -> Object {
    tests.iter().fold(object, |object, test| {
        let operator = test.operator();
        match test {
            Test::Eq(operand)
            | Test::Ne(operand)
            | Test::Lt(operand)
            | Test::Le(operand)
            | Test::Gt(operand)
            | Test::Ge(operand) => object.with(operator, operand),
            Test::In(operands) => object.with(operator, operands),
            Test::Present(present) => object.with(operator, *present),
        }
    })
}

/// The members `fact` and `of`.
fn with_fact(object: Object, fact: &FactRef) -> Object {
    object.with("fact", &fact.name).with_some("of", fact.of.as_ref())
}

/// The members that name a value.
pub(super) fn with_reference(object: Object, reference: &Reference) -> Object {
    match reference {
        Reference::Attribute(name) => object.with("attribute", name),
        Reference::Fact(fact) => with_fact(object, fact),
    }
}

impl AsDocument for FactKey {
    fn as_document(&self) -> Document {
        match self {
            FactKey::Attribute(name) => Object::new().with("attribute", name).done(),
            FactKey::Campaign => "campaign".as_document(),
            FactKey::Sender => "sender".as_document(),
            FactKey::Channel => "channel".as_document(),
            FactKey::Is(literal) => Object::new().with("is", literal).done(),
        }
    }
}

impl AsDocument for Operand {
    fn as_document(&self) -> Document {
        match self {
            Operand::Literal(literal) => literal.as_document(),
            Operand::Reference(reference) => with_reference(Object::new(), reference).done(),
        }
    }
}

impl AsDocument for Status {
    fn as_document(&self) -> Document {
        self.as_str().as_document()
    }
}

impl AsDocument for TouchFilter {
    fn as_document(&self) -> Document {
        Object::new()
            .with_some("channels", self.channels.as_ref())
            .with_some("purposes", self.purposes.as_ref())
            .with_some("campaigns", self.campaigns.as_ref())
            .with_some("occurrences", self.occurrences.as_ref())
            .with_some("contents", self.contents.as_ref())
            .with_some("senders", self.senders.as_ref())
            .with_some("responses", self.responses.as_ref())
            .with_some("status", self.status.as_ref())
            .with_some("within", self.within)
            .done()
    }
}
