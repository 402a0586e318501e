//! Bars: what forbids by what stays as it is, asked once for a customer.

use super::view::{Ask, View};
use crate::compiled::rule::Rule;

/// Which of the policies' bars stand in a customer's way, by bit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bars {
    /// Those that are known: no tag that they read is held for some time only.
    known: u64,
    standing: u64,
}

impl<'a> Ask<'a> {
    #[inline]
    pub(crate) fn bars(&'a self) -> Bars {
        *self.bound.bars.get_or_init(|| {
            let bits = &self.frame.rule_bits;
            let (view, timed) = (self.view(), self.bound.timed_tags);
            let known = bits.bars(|rule| !(timed && rule.reads.held_tags));
            let stands = |rule: &Rule| view.holds(rule.when.as_ref(), self.now).restrains();
            let standing = bits.bars(|rule| rule.bar & known != 0 && stands(rule));
            Bars { known, standing }
        })
    }
}

impl View<'_, '_> {
    /// Whether some rule is known to forbid this view's touch at all times.
    #[inline]
    pub(crate) fn is_barred(&self) -> bool {
        let judging = self.reach.map_or(0, |reach| reach.bars);
        judging != 0 && self.ask.bars().standing & judging != 0
    }

    /// Whether a rule is known to forbid at all times, or at none.
    #[inline]
    pub(crate) fn known_bar(&self, rule: &Rule) -> Option<bool> {
        let bars = (rule.bar != 0).then(|| self.ask.bars())?;
        (bars.known & rule.bar != 0).then_some(bars.standing & rule.bar != 0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::asked::view::tests::ask;

    #[test]
    fn a_bar_is_known_where_nothing_changes_it() {
        let known = |rule: Value, customer: Value, expected: Option<bool>| {
            let what = format!("{rule} {customer}");
            let mut rule = rule;
            (rule["id"], rule["then"]) = (json!("r"), json!("forbid"));
            let policy = json!({"policies": [{"id": "house", "rules": [rule]}]});
            ask(policy, json!([{}]), customer, |view| {
                let rule = view.rules().next().expect("a rule");
                assert_eq!(view.known_bar(rule), expected, "{what}");
                assert_eq!(view.is_barred(), expected == Some(true), "{what}");
                if let Some(bars) = expected {
                    assert_eq!(view.rule_refuses(rule, view.ask.now), bars, "{what}");
                }
            });
        };
        let tag = || json!({"when": {"tag": "a"}});
        known(tag(), json!({}), Some(false));
        known(tag(), json!({"tags": ["a"]}), Some(true));
        known(
            tag(),
            json!({"tags": [{"tag": "a", "since": "2026-03-04T13:00:00Z"}]}),
            None,
        );
        known(json!({}), json!({}), Some(true));
        // What is missing restrains.
        let attribute = || json!({"when": {"attribute": "n", "ge": 1}});
        known(attribute(), json!({}), Some(true));
        known(attribute(), json!({"attributes": {"n": 0}}), Some(false));
        let timed = json!({"tags": [{"tag": "a", "since": "2026-03-04T13:00:00Z"}], "attributes": {"n": 1}});
        known(attribute(), timed, Some(true));
        for when in [
            json!({"elapsed": "i", "ge": "1d"}),
            json!({"touches": {}, "ge": 1}),
            json!({"score": true, "ge": 1}),
            json!({"fact": "each", "of": "campaign", "ge": 1}),
            json!({"fact": "each", "of": "channel", "ge": 1}),
            json!({"fact": "each", "of": "sender", "ge": 1}),
            json!({"attribute": "purchases.last_at", "present": false}),
        ] {
            known(json!({"when": when}), json!({}), None);
        }
        // Only what refuses bars.
        let watching = json!({"policies": [{"id": "house", "rules": [
            {"id": "r", "observe": true, "then": "forbid"}]}]});
        ask(watching, json!([{}]), json!({}), |view| {
            assert!(!view.is_barred())
        });
    }

    #[test]
    fn rules_after_the_first_64_have_no_bit() {
        let rules = |then: Value| -> Vec<Value> {
            let rule = |number: u32| json!({"id": format!("r-{number:03}"), "then": then});
            (0..70).map(rule).collect()
        };
        let caps = rules(json!({"cap": {"at_most": 9, "per": "1d"}}));
        let policies = json!({"policies": [{"id": "a", "rules": rules(json!("forbid"))},
            {"id": "b", "rules": caps}]});
        ask(policies, json!([{}]), json!({}), |view| {
            let (bars, caps): (Vec<_>, Vec<_>) = view.rules().partition(|rule| rule.cap().is_none());
            let bits: Vec<u64> = bars.iter().map(|rule| rule.bar).collect();
            let expected: Vec<u64> = (0..70).map(|bit| 1_u64.checked_shl(bit).unwrap_or(0)).collect();
            assert_eq!(bits, expected);
            let bits: Vec<u64> = caps
                .iter()
                .filter_map(|rule| rule.cap())
                .map(|cap| cap.bit)
                .collect();
            assert_eq!(bits, expected);
            // Of so many caps the latest touches are kept.
            let kept = caps
                .iter()
                .filter(|rule| rule.cap().is_some_and(|cap| cap.place.is_some()));
            assert_eq!(kept.count(), 8);
            let reach = view.reach.expect("a channel");
            assert_eq!(
                (reach.caps, reach.bars, reach.counted_by),
                (u64::MAX, u64::MAX, u64::MAX)
            );
            assert!(reach.has_other_caps);
            // All bars refuse.
            assert!(bars.iter().all(|rule| view.rule_refuses(rule, view.ask.now)));
            assert!(!caps.iter().any(|rule| view.rule_refuses(rule, view.ask.now)));
        });
        // What has no bit is not known among placed touches, so that nothing is kept of it either.
        let mut caps = rules(json!({"cap": {"at_most": 9, "per": "1d", "grouped_by": "purpose"}}));
        caps.push(json!({"id": "z", "then": {"cap": {"at_most": 9, "per": "1d"}}}));
        let policies = json!({"policies": [{"id": "house", "rules": caps}]});
        ask(policies, json!([{}]), json!({}), |view| {
            let cap = view.rules().filter_map(|rule| rule.cap()).last();
            assert!(cap.is_some_and(|cap| cap.grouped_by.is_none() && cap.place.is_none()));
        });
    }
}
