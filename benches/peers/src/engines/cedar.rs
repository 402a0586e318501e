//! `cedar-policy`: one policy a campaign. A set of policies is always asked as a whole, so that the first match is found
//! with a set of one policy each, asked in order.

use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, Policy, PolicyId, PolicySet, Request,
    RestrictedExpression,
};
use chrono::{DateTime, Utc};

use super::{Plain, joined, numbers};
use crate::workload::{CITIES, Person, Spec};

pub(crate) struct Whole {
    authorizer: Authorizer,
    policies: PolicySet,
    none: Entities,
}

pub(crate) struct Apart {
    authorizer: Authorizer,
    policies: Vec<PolicySet>,
    none: Entities,
}

pub(crate) fn whole(ranked: &[Spec]) -> Whole {
    let policies = ranked.iter().enumerate().map(|(rank, spec)| policy(rank, spec));
    Whole {
        authorizer: Authorizer::new(),
        policies: PolicySet::from_policies(policies).expect("policies with ids of their own"),
        none: Entities::empty(),
    }
}

pub(crate) fn apart(ranked: &[Spec]) -> Apart {
    let policies = ranked
        .iter()
        .enumerate()
        .map(|(rank, spec)| PolicySet::from_policies([policy(rank, spec)]).expect("a policy"));
    Apart {
        authorizer: Authorizer::new(),
        policies: policies.collect(),
        none: Entities::empty(),
    }
}

fn policy(rank: usize, spec: &Spec) -> Policy {
    let audience = joined(spec, " && ", |test| match test {
        Plain::Tag(tag) => format!("context.tags.contains({tag})"),
        Plain::NoTag(tag) => format!("!context.tags.contains({tag})"),
        Plain::AtLeast(name, number) => format!("context.{name} >= {number}"),
        Plain::Below(name, number) => format!("context.{name} < {number}"),
        Plain::Vip => "context.vip".to_owned(),
        Plain::City(city) => format!("context.city == \"{city}\""),
        Plain::Cities(a, b) => format!("[\"{a}\", \"{b}\"].contains(context.city)"),
    });
    let text = format!("permit(principal, action, resource) when {{ {audience} }};");
    Policy::parse(Some(PolicyId::new(rank.to_string())), text).expect("a policy")
}

pub(crate) fn read(person: &Person, now: DateTime<Utc>) -> Request {
    let mut pairs: Vec<(String, RestrictedExpression)> = numbers(person, now)
        .into_iter()
        .map(|(name, number)| (name.to_owned(), RestrictedExpression::new_long(number)))
        .collect();
    let tags = person
        .tags
        .iter()
        .map(|&tag| RestrictedExpression::new_long(tag as i64));
    pairs.push(("tags".to_owned(), RestrictedExpression::new_set(tags)));
    pairs.push(("vip".to_owned(), RestrictedExpression::new_bool(person.vip)));
    let city = RestrictedExpression::new_string(CITIES[person.city].to_owned());
    pairs.push(("city".to_owned(), city));
    let entity = |text: &str| EntityUid::from_str(text).expect("an entity");
    Request::new(
        entity("House::\"house\""),
        entity("Action::\"send\""),
        entity("Customer::\"customer\""),
        Context::from_pairs(pairs).expect("a context"),
        None,
    )
    .expect("a request")
}

impl Whole {
    pub(crate) fn all(&self, request: &Request) -> Vec<usize> {
        let response = self.authorizer.is_authorized(request, &self.policies, &self.none);
        let ids = response.diagnostics().reason();
        ids.map(|id| id.to_string().parse().expect("a rank")).collect()
    }

    pub(crate) fn count(&self, request: &Request) -> usize {
        let response = self.authorizer.is_authorized(request, &self.policies, &self.none);
        response.diagnostics().reason().count()
    }
}

impl Apart {
    pub(crate) fn first(&self, request: &Request) -> Option<usize> {
        self.policies.iter().position(|policies| {
            let response = self.authorizer.is_authorized(request, policies, &self.none);
            response.decision() == Decision::Allow
        })
    }
}
