//! What was found once is known to the next who asks the same, and to nobody else.

use super::*;

const C: Symbol = Symbol(1);
const P: Symbol = Symbol(2);
const OTHER: Symbol = Symbol(3);

fn at(t: i64) -> Instant {
    Instant(t)
}

/// Among two placed touches: from 10 on some are displaced, from 20 on none.
fn noted() -> Tally<'static> {
    let tally = Tally::default();
    tally.note_respects(C, P, 2, at(10), at(20));
    tally
}

#[test]
fn respect_is_known_from_where_it_was_asked_to_where_it_was_found() {
    let tally = noted();
    for (t, known) in [(9, None), (10, Some(at(20))), (20, Some(at(20))), (21, None)] {
        assert_eq!(tally.respects(C, P, 2, at(t)), known, "{t}");
        assert_eq!(tally.displaces(C, P, 3, at(t)), known, "{t}");
    }
}

#[test]
fn respect_is_known_of_one_channel_and_purpose_among_so_many() {
    let tally = noted();
    for (channel, purpose) in [(OTHER, P), (C, OTHER), (P, C)] {
        assert_eq!(tally.respects(channel, purpose, 2, at(15)), None);
        assert_eq!(tally.displaces(channel, purpose, 3, at(15)), None);
    }
    for placed in [0, 1, 3, 4] {
        assert_eq!(tally.respects(C, P, placed, at(15)), None, "{placed}");
    }
    for (placed, known) in [(1, None), (2, None), (3, Some(at(20))), (9, Some(at(20)))] {
        assert_eq!(tally.displaces(C, P, placed, at(15)), known, "{placed}");
    }
}

#[test]
fn the_later_of_two_is_told() {
    let tally = noted();
    tally.note_respects(C, P, 3, at(5), at(15));
    assert_eq!(tally.displaces(C, P, 4, at(9)), Some(at(15)));
    assert_eq!(tally.displaces(C, P, 4, at(12)), Some(at(20)));
    assert_eq!(tally.displaces(C, P, 3, at(12)), Some(at(20)));
    assert_eq!(tally.respects(C, P, 3, at(12)), Some(at(15)));
}

#[test]
fn what_a_note_was_found_from_goes_and_nothing_else() {
    // Ends where the new one begins, or begins where it does: it was found from these. What ends before, or begins after,
    // stays; so does what is of others.
    for (channel, purpose, from, until, stays) in [
        (C, P, 10, 20, false),
        (C, P, 15, 20, false),
        (C, P, 20, 40, false),
        (C, P, 10, 19, true),
        (C, P, 21, 40, true),
        (OTHER, P, 15, 20, true),
        (C, OTHER, 15, 20, true),
    ] {
        let tally = Tally::default();
        tally.note_respects(channel, purpose, 2, at(from), at(until));
        tally.note_respects(C, P, 3, at(20), at(30));
        let known = tally.respects(channel, purpose, 2, at(from));
        assert_eq!(known, stays.then_some(at(until)), "{from} to {until}");
        assert_eq!(tally.respects(C, P, 3, at(20)), Some(at(30)));
    }
}

#[test]
fn the_oldest_goes() {
    let tally = Tally::default();
    let channel = |number: usize| Symbol(u32::try_from(number).expect("small"));
    for number in 0..MOST_KNOWN {
        tally.note_respects(channel(number), P, 2, at(10), at(20));
    }
    assert_eq!(tally.respects(channel(0), P, 2, at(15)), Some(at(20)));
    tally.note_respects(channel(MOST_KNOWN), P, 2, at(10), at(20));
    assert_eq!(tally.respects(channel(0), P, 2, at(15)), None);
    for number in 1..=MOST_KNOWN {
        assert_eq!(
            tally.respects(channel(number), P, 2, at(15)),
            Some(at(20)),
            "{number}"
        );
    }
}
