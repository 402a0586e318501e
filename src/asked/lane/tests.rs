//! What is kept of a lane as touches are placed, and of how many lanes.

use super::*;

const PLACE: Place = Place {
    number: 1,
    sender: Some(2),
    placed: 3,
    read_touches: false,
};

fn wait(passes: bool) -> Wait {
    Wait {
        from: Instant(10),
        until: Instant(20),
        passes,
    }
}

/// Notes that a lane waits, and what it told.
fn note(lanes: &Lanes, place: Place) {
    lanes.at(place, |lane| {
        lane.wait = Some(wait(true));
        lane.told = Some(Told {
            at: Instant(10),
            limit: None,
            reasons: Vec::new(),
        });
    });
}

/// Whether a wait is known, and lets pass at its end; whether what was told is known.
fn known(lanes: &Lanes, place: Place) -> (Option<bool>, bool) {
    let known = lanes.at(place, |lane| {
        (lane.wait.map(|wait| wait.passes), lane.told.is_some())
    });
    known.expect("a lane")
}

#[test]
fn what_was_found_is_known_in_the_same_place() {
    let lanes = Lanes::default();
    note(&lanes, PLACE);
    assert_eq!(known(&lanes, PLACE), (Some(true), true));
    for other in [
        Place { number: 2, ..PLACE },
        Place {
            sender: Some(3),
            ..PLACE
        },
        Place {
            sender: None,
            ..PLACE
        },
    ] {
        assert_eq!(known(&lanes, other), (None, false), "{other:?}");
    }
    assert_eq!(known(&lanes, PLACE), (Some(true), true));
}

#[test]
fn among_more_touches_it_refuses_still_and_may_go_on_to() {
    let moved = |from: Place, to: Place| {
        let lanes = Lanes::default();
        note(&lanes, from);
        (known(&lanes, to), known(&lanes, to))
    };
    let among = |placed: usize| Place { placed, ..PLACE };
    let still = (Some(false), false);
    let anew = (None, false);
    assert_eq!(moved(PLACE, among(4)), (still, still));
    assert_eq!(moved(PLACE, among(2)), (anew, anew));
    // What reads touches may refuse for the want of them.
    let reads = |place: Place| Place {
        read_touches: true,
        ..place
    };
    assert_eq!(moved(reads(PLACE), reads(among(4))), (anew, anew));
}

#[test]
fn of_very_many_lanes_the_first_are_kept_and_the_last() {
    let lanes = Lanes::default();
    let lane = |number: usize| Place { number, ..PLACE };
    for number in 0..MOST + 8 {
        note(&lanes, lane(number));
    }
    let is_known = |number: usize| {
        let lanes = lanes.0.borrow();
        lanes.iter().any(|known| known.place == lane(number))
    };
    for number in 0..MOST + 8 {
        let kept = number < MOST - 1 || number == MOST + 7;
        assert_eq!(is_known(number), kept, "{number}");
    }
}
