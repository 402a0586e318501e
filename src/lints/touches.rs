//! Sets of touches of whatever channel, purpose and campaign, whether anything declares them or not.

use std::collections::BTreeSet;

use super::house::{Kind, Ruling};
use crate::written::{
    rule::Cap,
    scope::{Counting, Scope, covers},
};

/// So many touches are compared one by one.
const MOST: usize = 1_000_000;

/// The touches in a scope and not in its exception, of one campaign where only those are meant.
#[derive(Clone, Copy, Default)]
pub(super) struct Touches<'a> {
    scope: Option<&'a Scope>,
    except: Option<&'a Scope>,
    campaign: Option<&'a str>,
}

impl<'a> Touches<'a> {
    /// Those that a rule speaks of.
    pub(super) fn of(ruling: &'a Ruling<'_>) -> Self {
        Self {
            scope: ruling.rule.scope.as_ref(),
            except: ruling.rule.except.as_ref(),
            campaign: ruling.campaign.map(|campaign| campaign.id.as_str()),
        }
    }

    /// Those that fill a rule's cap.
    pub(super) fn counted(ruling: &'a Ruling<'_>, cap: &'a Cap) -> Self {
        match &cap.counting {
            None => Self::of(ruling),
            Some(Counting::All) => Self::default(),
            Some(Counting::Scope { scope, except }) => Self {
                scope: Some(scope),
                except: except.as_ref(),
                campaign: None,
            },
        }
    }

    pub(super) fn has(self, kind: Kind<'_>) -> bool {
        self.has_touch((kind.channel, kind.purpose, Some(kind.campaign)))
    }

    /// Whether it has all of the other one's touches; no where there is too much to compare.
    pub(super) fn contains(self, other: Self) -> bool {
        let scopes: Vec<&Scope> = [self.scope, self.except, other.scope, other.except]
            .into_iter()
            .flatten()
            .collect();
        // Names that neither speaks of are all alike, and one that nothing can have stands for them.
        let names = |of: fn(&Scope) -> &Option<Vec<String>>| -> BTreeSet<&str> {
            let named = scopes.iter().filter_map(|scope| of(scope).as_ref());
            named.flatten().map(String::as_str).chain([""]).collect()
        };
        let channels = names(|scope| &scope.channels);
        let purposes = names(|scope| &scope.purposes);
        let mut campaigns = names(|scope| &scope.campaigns);
        campaigns.extend(self.campaign.into_iter().chain(other.campaign));
        let campaigns = || campaigns.iter().copied().map(Some).chain([None]);
        let pairs = channels.len().saturating_mul(purposes.len());
        if pairs.saturating_mul(campaigns().count()) > MOST {
            return false;
        }
        channels.iter().all(|channel| {
            purposes.iter().all(|purpose| {
                campaigns().all(|campaign| {
                    let touch = (*channel, *purpose, campaign);
                    self.has_touch(touch) || !other.has_touch(touch)
                })
            })
        })
    }

    fn has_touch(self, touch: (&str, &str, Option<&str>)) -> bool {
        let (_, _, campaign) = touch;
        self.campaign.is_none_or(|own| campaign == Some(own)) && covers(self.scope, self.except, touch)
    }
}
