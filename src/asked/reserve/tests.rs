//! Which placed touches can matter to another one, and what is kept of how they stand.

use serde_json::{Value, json};

use super::*;
use crate::{
    asked::view::tests::{ask, with},
    clock::instant::DAY,
};

const HOUR: i64 = DAY / 24;

fn book(cap: Value) -> Value {
    json!({"policies": [{"id": "house", "rules": [{"id": "r", "then": {"cap": cap}}]}]})
}

/// A view's touch, placed at an instant.
pub(in crate::asked) fn placed<'a>(view: &View<'a, '_>, t: Instant) -> Placed<'a> {
    Placed {
        campaign: view.campaign.expect("a campaign"),
        occurrence: view.occurrence.expect("an occurrence"),
        reach: view.reach.expect("a channel"),
        sender: None,
        mark: View {
            rank: if view.rank == usize::MAX { 1 } else { view.rank },
            ..*view
        }
        .mark(t, Symbol::ABSENT),
        respects: true,
        stand: RefCell::default(),
    }
}

/// The same customer's view of another campaign, by its number.
fn of<'a, 'p>(view: &View<'a, 'p>, number: usize) -> View<'a, 'p> {
    let campaign = view
        .ask
        .compiled
        .campaigns
        .by_id(&format!("c-{number}"))
        .expect("a campaign");
    View {
        campaign: Some(campaign),
        reach: campaign.channels.first(),
        ..*view
    }
}

#[test]
fn touches_meet_where_some_window_of_a_cap_holds_both() {
    let meet = |cap: Value, campaign: usize, after: i64, expected: bool| {
        let what = format!("{cap} c-{campaign} {after}");
        let campaigns = json!([{}, {}, {"channels": ["d"]}]);
        ask(book(cap), campaigns, json!({}), |view| {
            // At noon.
            let this = placed(view, view.ask.now);
            let other = of(view, campaign).mark(view.ask.now.plus(after), Symbol::ABSENT);
            assert_eq!(this.meets(&other, view.ask), expected, "{what}");
        });
    };
    let rolling = || json!({"at_most": 1, "per": "7d"});
    for (after, expected) in [
        (-7 * DAY, false),
        (1 - 7 * DAY, true),
        (0, true),
        (7 * DAY - 1, true),
        (7 * DAY, false),
    ] {
        meet(rolling(), 1, after, expected);
        meet(rolling(), 2, after, expected);
        meet(
            json!({"at_most": 1, "per": "7d", "counting": {"channels": ["c"]}}),
            1,
            after,
            expected,
        );
        meet(
            json!({"at_most": 1, "per": "7d", "counting": {"channels": ["c"]}}),
            2,
            after,
            false,
        );
        meet(
            json!({"at_most": 1, "per": "7d", "grouped_by": "channel"}),
            1,
            after,
            expected,
        );
        meet(
            json!({"at_most": 1, "per": "7d", "grouped_by": "channel"}),
            2,
            after,
            false,
        );
        meet(
            json!({"at_most": 1, "per": "7d", "grouped_by": "campaign"}),
            1,
            after,
            false,
        );
        meet(
            json!({"at_most": 1, "per": "7d", "grouped_by": "campaign"}),
            0,
            after,
            expected,
        );
    }
    for (after, expected) in [
        (-12 * HOUR - 1, false),
        (-12 * HOUR, true),
        (12 * HOUR - 1, true),
        (12 * HOUR, false),
    ] {
        meet(
            json!({"at_most": 1, "per": "day", "zone": "UTC"}),
            1,
            after,
            expected,
        );
    }
    meet(json!({"at_most": 1, "per": "lifetime"}), 1, 900 * DAY, true);
}

#[test]
fn how_a_touch_stands_is_kept_beside_what_cannot_matter_to_it() {
    let kept = |members: Value, other: usize, after: i64, stand: Stand<'static>, expected: Option<usize>| {
        let what = format!("{members} c-{other} {after}");
        let campaigns = json!([members, {}, {"value": "service", "purpose": "answer"}]);
        let mut book = book(json!({"at_most": 1, "per": "7d"}));
        book["purposes"] = json!(["p", {"purpose": "answer", "consent": "none"}]);
        ask(book, campaigns, json!({}), |view| {
            let this = placed(view, view.ask.now);
            *this.stand.borrow_mut() = Stand {
                among: stand.among,
                passes: stand.passes,
                full: SmallVec::new(),
            };
            let other = placed(&of(view, other), view.ask.now.plus(after));
            this.beside(&other, 3, view.ask);
            assert_eq!(this.stand.borrow().among, expected, "{what}");
        });
    };
    let among = |among: Option<usize>, passes: bool| Stand {
        among,
        passes,
        full: SmallVec::new(),
    };
    let far = 7 * DAY;
    kept(json!({}), 1, far, among(Some(3), true), Some(4));
    // It was asked among others, or never.
    kept(json!({}), 1, far, among(Some(2), true), Some(2));
    kept(json!({}), 1, far, among(None, true), None);
    // A cap counts both.
    kept(json!({}), 1, far - 1, among(Some(3), true), Some(3));
    // What is refused already goes on being refused, and an answer far off is far off.
    kept(json!({}), 1, far, among(Some(3), false), Some(4));
    kept(json!({}), 2, far, among(Some(3), true), Some(4));
    // It reads touches.
    let reads = json!({"audience": {"touches": {}, "lt": 5}});
    kept(reads, 1, far, among(Some(3), true), Some(3));
}

#[test]
fn what_is_found_serves_the_like() {
    let alike_in = |book: Value, campaign: Value, expected: bool| {
        let what = format!("{book} {campaign}");
        ask(book, json!([campaign, {}]), json!({}), |view| {
            let list = [placed(view, view.ask.now)];
            let tally = Tally::default();
            let view = View {
                seen: Seen::new(&list, &[], view.campaign.expect("a campaign").symbol, &tally),
                ..of(view, 1)
            };
            assert_eq!(view.alike().is_some(), expected, "{what}");
            assert!(view.respects_all());
        });
    };
    let alike = |cap: Value, campaign: Value, expected: bool| alike_in(book(cap), campaign, expected);
    let cap = |members: Value| with(json!({"at_most": 1, "per": "7d"}), &members);
    alike(cap(json!({})), json!({}), true);
    alike(cap(json!({"grouped_by": "channel"})), json!({}), true);
    alike(cap(json!({"grouped_by": "purpose"})), json!({}), true);
    alike(cap(json!({"counting": {"channels": ["c"]}})), json!({}), true);
    // A cap tells campaigns apart.
    alike(cap(json!({"grouped_by": "campaign"})), json!({}), false);
    alike(cap(json!({"grouped_by": "content"})), json!({}), false);
    alike(cap(json!({"counting": {"campaigns": ["c-0"]}})), json!({}), false);
    alike(
        cap(json!({"counting": {"except": {"campaigns": ["c-0"]}}})),
        json!({}),
        false,
    );
    let own = json!({"rules": [{"id": "o", "then": {"cap": {"at_most": 1, "per": "7d"}}}]});
    alike(cap(json!({})), own, false);
    // What is placed reads touches: by its audience, a wave's, or a rule that names it.
    let few = || json!({"touches": {}, "lt": 5});
    alike(cap(json!({})), json!({"audience": few()}), false);
    let waves = |audience: Value| {
        json!({"schedule": {"waves": [{"id": "w", "between": ["2026-03-01T00:00", "2026-04-01T00:00"],
                                       "audience": audience}]}})
    };
    alike(cap(json!({})), waves(few()), false);
    alike(
        cap(json!({})),
        waves(json!({"attribute": "n", "present": false})),
        true,
    );
    for (name, expected) in [("c-0", false), ("c-1", true)] {
        let mut book = book(cap(json!({})));
        let named = json!({"id": "s", "scope": {"campaigns": [name]}, "when": {"touches": {}, "ge": 5}, "then": "forbid"});
        book["policies"][0]["rules"]
            .as_array_mut()
            .expect("a list")
            .push(named);
        alike_in(book, json!({}), expected);
    }
}

#[test]
fn a_view_knows_whether_it_sees_what_all_see() {
    ask(
        book(json!({"at_most": 1, "per": "7d"})),
        json!([{}, {}]),
        json!({}),
        |view| {
            let of_none = Symbol::ABSENT;
            let own = view.campaign.expect("a campaign").symbol;
            let (list, tally) = ([placed(view, view.ask.now)], Tally::default());
            let none = Seen::default();
            assert!(none.is_empty() && none.tallied().is_none());
            assert_eq!(none.shared(), Some(0));

            let all = Seen::new(&list, &[], of_none, &tally);
            assert!(!all.is_empty());
            assert_eq!(all.shared(), Some(1));
            assert!(matches!(all.tallied(), Some((_, [_], None))));
            // But for one of them.
            let less = Seen { without: 1, ..all };
            assert_eq!(less.shared(), None);
            assert!(matches!(less.tallied(), Some((_, [_], Some(_)))));
            // And one more.
            let more = Seen {
                with: Some(&list[0].mark),
                ..all
            };
            assert_eq!(more.shared(), None);
            assert!(more.tallied().is_none());
            // What is placed after its reserve is seen by its own campaign.
            let later = Seen::new(&list, &list, own, &tally);
            assert_eq!(later.shared(), None);
            assert!(later.tallied().is_none());
            assert!(!Seen::new(&[], &list, own, &tally).is_empty());
            let of_others = Seen::new(&list, &list, of_none, &tally);
            assert_eq!(of_others.shared(), Some(1));
            assert!(of_others.tallied().is_some());
            assert!(Seen::new(&[], &list, of_none, &tally).is_empty());
            assert!(Seen::new(&[], &list, of_none, &tally).tallied().is_none());
        },
    );
}
