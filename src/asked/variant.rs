//! What would be said at an instant: the variant, its arm, fields and style.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{identity::bucket, view::View};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::{Arm, Field, Variant},
        condition::Truth,
        symbols::Symbol,
    },
    written::condition::Literal,
};

/// A variant that fits, and the arm that the customer's bucket falls in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen<'a> {
    pub(crate) variant: &'a Variant,
    pub(crate) arm: Option<&'a Arm>,
}

impl<'a> Chosen<'a> {
    pub(crate) fn content(&self) -> Option<&'a SmolStr> {
        self.arm
            .and_then(|arm| arm.content.as_ref())
            .or(self.variant.content.as_ref())
    }

    pub(crate) fn content_symbol(&self) -> Symbol {
        self.arm
            .map_or(self.variant.content_symbol, |arm| arm.content_symbol)
    }
}

impl<'a> View<'a, '_> {
    /// The first variant that fits at `t`.
    pub(crate) fn variant(&self, t: Instant) -> Option<Chosen<'a>> {
        let fits = |variant: &&Variant| {
            self.holds(variant.when.as_ref(), t).permits()
                && variant.fields.iter().all(|(_, field)| self.resolves(field))
        };
        let variant = self.campaign?.variants.iter().find(fits)?;
        Some(Chosen {
            variant,
            arm: self.arm(variant),
        })
    }

    /// The content that would be said at `t`; `None` where no variant fits.
    pub(crate) fn content_symbol(&self, t: Instant) -> Option<Symbol> {
        self.variant(t).map(|chosen| chosen.content_symbol())
    }

    /// The first instant after `t` at which the variant may change.
    pub(crate) fn variant_change(&self, t: Instant) -> Instant {
        let variants = self
            .campaign
            .map_or(&[] as &[Variant], |campaign| &campaign.variants);
        variants
            .iter()
            .map(|variant| self.next_change_of(variant.when.as_ref(), t))
            .min()
            .unwrap_or(Instant::MAX)
    }

    /// Adds the names of what kept variants from fitting at `t`.
    pub(crate) fn missing_in_variants(&self, t: Instant, names: &mut BTreeSet<&'a str>) {
        for variant in self.campaign.iter().flat_map(|campaign| &campaign.variants) {
            match self.holds(variant.when.as_ref(), t) {
                Truth::False => {}
                Truth::Unknown => {
                    if let Some(when) = &variant.when {
                        self.missing(when, t, names);
                    }
                }
                Truth::True => {
                    for (_, field) in &variant.fields {
                        if let (false, Field::Source { source, .. }) = (self.resolves(field), field) {
                            names.insert(self.missing_name(source));
                        }
                    }
                }
            }
        }
    }

    fn resolves(&self, field: &Field) -> bool {
        match field {
            Field::Is(_) => true,
            Field::Source { source, default } => default.is_some() || self.value(source).is_some(),
        }
    }

    fn arm(&self, variant: &'a Variant) -> Option<&'a Arm> {
        let total = variant
            .arms
            .iter()
            .fold(0_u64, |sum, arm| sum.saturating_add(arm.weight));
        if variant.arms.is_empty() {
            return None;
        }
        let bucket = u128::from(bucket(&variant.salt, &self.ask.bound.id));
        let mut cumulative = 0_u64;
        variant.arms.iter().find(|arm| {
            cumulative = cumulative.saturating_add(arm.weight);
            bucket.saturating_mul(u128::from(total)) < u128::from(cumulative).saturating_mul(10_000)
        })
    }

    /// The values that fill in a variant that fits.
    pub(crate) fn fields(&self, variant: &Variant) -> BTreeMap<String, Literal> {
        if variant.fields.is_empty() {
            return BTreeMap::new();
        }
        let fields = variant.fields.iter();
        fields
            .filter_map(|(name, field)| {
                let value = match field {
                    Field::Is(literal) => Some(literal.clone()),
                    Field::Source { source, default } => self
                        .value(source)
                        .map(|value| value.literal())
                        .or_else(|| default.clone()),
                };
                Some((name.to_string(), value?))
            })
            .collect()
    }

    /// How to say it: per key, the first style that fits.
    pub(crate) fn style(&self, t: Instant) -> BTreeMap<String, Literal> {
        let mut style = BTreeMap::new();
        for candidate in &self.ask.frame.styles {
            if self.holds(candidate.when.as_ref(), t).permits() {
                for (key, value) in &candidate.set {
                    style.entry(key.to_string()).or_insert_with(|| value.clone());
                }
            }
        }
        style
    }
}
