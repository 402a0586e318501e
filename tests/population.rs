//! A population says of every customer and every audience what the reference evaluator says.

mod generate;
mod harness;
mod reference;

use std::collections::BTreeMap;

use generate::Dice;
use harness::{document, engine, setting};
use reference::{
    condition::{Moment, Truth},
    world::World,
};
use serde_json::{Value, json};
use tactful::Population;

const RULEBOOKS: u64 = 600;
const CUSTOMERS: usize = 12;

/// Of each campaign, the customers whom its audience is true of, by row, and how many it is unknown of.
type Found = BTreeMap<String, (Vec<usize>, usize)>;

fn by_reference(book: &Value, cases: &[Value]) -> Found {
    let mut found = Found::new();
    for (row, case) in cases.iter().enumerate() {
        let world = World::new(book, case);
        for campaign in &world.campaigns {
            let moment = Moment {
                world: &world,
                t: world.now,
                seen: &[],
                campaign: Some(campaign),
                occurrence: None,
                channel: None,
                sender: None,
            };
            let (rows, unknown) = found.entry(campaign.id.to_owned()).or_default();
            match moment.audience(None) {
                Truth::True => rows.push(row),
                Truth::Unknown(_) => *unknown += 1,
                Truth::False => {}
            }
        }
    }
    found
}

fn by_population(population: &Population, now: &Value) -> Found {
    let now = now.as_str().expect("an instant").parse().expect("an instant");
    let audiences = population.audiences(now);
    let counts = population.counts(now);
    assert_eq!(counts.len(), audiences.iter().len());
    audiences
        .iter()
        .zip(counts)
        .map(|(audience, count)| {
            let rows: Vec<usize> = audience.rows().collect();
            assert_eq!(audience.campaign(), count.campaign());
            assert_eq!(
                (audience.count(), audience.unknown()),
                (count.matching(), count.unknown())
            );
            assert_eq!(audience.count(), rows.len());
            let own = audiences.overlap(audience.campaign(), audience.campaign());
            assert_eq!(own, Some(rows.len()));
            (audience.campaign().to_owned(), (rows, audience.unknown()))
        })
        .collect()
}

/// The customers of the cases in the world and at the time of one of them.
fn in_the_world_of(cases: &[Value], chosen: &Value) -> Vec<Value> {
    let with = |case: &Value| {
        let mut case = case.clone();
        case["now"] = chosen["now"].clone();
        match chosen.get("facts") {
            Some(facts) => case["facts"] = facts.clone(),
            None => drop(case.as_object_mut().expect("an object").remove("facts")),
        }
        case
    };
    cases.iter().map(with).collect()
}

/// The population of the customers, the whole list so many times.
fn population(book: &Value, cases: &[Value], times: usize) -> Population {
    let engine = engine(book);
    let cases: Vec<_> = cases
        .iter()
        .map(|case| engine.read_case(&document(case)).expect("a case"))
        .collect();
    let facts = engine.bind_facts(&cases[0].facts).expect("the facts bind");
    let mut builder = engine.population(&facts).expect("the facts are of this engine");
    for _ in 0..times {
        for case in &cases {
            builder.push(&case.customer, &case.history).expect("a customer");
        }
    }
    builder.build()
}

/// A rulebook and cases for it.
fn book_and_cases(number: u64) -> (Value, Vec<Value>) {
    let mut dice = Dice::seeded(number);
    let book = generate::rulebook(&mut dice);
    let cases = (0..CUSTOMERS).map(|_| generate::case(&mut dice, &book)).collect();
    (book, cases)
}

#[test]
fn population_and_reference_agree() {
    let first = setting("TACTFUL_FIRST", 0);
    let mut seen = [0_usize; 3];
    for number in first..first + setting("TACTFUL_RULEBOOKS", RULEBOOKS) {
        let (book, cases) = book_and_cases(number);
        let mut population: Option<Population> = None;
        for chosen in cases.iter().take(3) {
            let cases = in_the_world_of(&cases, chosen);
            // The same customers are asked again after the world has changed.
            let population = match &mut population {
                Some(known) => {
                    let engine = known.engine();
                    let case = engine.read_case(&document(chosen)).expect("a case");
                    let facts = engine.bind_facts(&case.facts).expect("the facts bind");
                    known.set_facts(&facts).expect("the facts are of this engine");
                    known
                }
                None => population.insert(self::population(&book, &cases, 1)),
            };
            let theirs = by_reference(&book, &cases);
            let ours = by_population(population, &chosen["now"]);
            assert_eq!(ours, theirs, "rulebook {number}: {book:#}\n{cases:#?}");
            for (rows, unknown) in theirs.values() {
                seen[0] += rows.len();
                seen[1] += unknown;
                seen[2] += CUSTOMERS - rows.len() - unknown;
            }
        }
    }
    println!("{seen:?} true, unknown, false");
    assert!(seen.iter().all(|&count| count > 100), "one-sided: {seen:?}");
}

/// Many thousand rows: sets are kept as lists, as bits and as what they leave out, over several blocks.
#[test]
fn what_is_said_of_few_is_said_of_many() {
    const TIMES: usize = 2_800;
    for number in 0..setting("TACTFUL_RULEBOOKS", RULEBOOKS) / 30 {
        let (book, cases) = book_and_cases(number);
        let cases = in_the_world_of(&cases, &cases[0]);
        let population = population(&book, &cases, TIMES);
        assert_eq!(population.len(), TIMES * CUSTOMERS);
        let ours = by_population(&population, &cases[0]["now"]);
        for (campaign, (rows, unknown)) in by_reference(&book, &cases) {
            let many: Vec<usize> = (0..TIMES)
                .flat_map(|time| rows.iter().map(move |row| time * CUSTOMERS + row))
                .collect();
            assert!(
                ours[&campaign] == (many, unknown * TIMES),
                "rulebook {number}, campaign {campaign}"
            );
        }
    }
}

/// One campaign for everything that an audience may read, each as it is and denied.
fn everything() -> Value {
    let audiences = [
        json!({"tag": "timed"}),
        json!({"all": [{"tag": "timed"}, {"tag": "tea"}]}),
        json!({"elapsed": "joined_at", "lt": "30d"}),
        json!({"elapsed": "joined_at", "ge": "30d", "present": true}),
        json!({"elapsed": "joined_at", "present": false}),
        json!({"elapsed": {"fact": "opened_at", "of": {"attribute": "city"}}, "lt": "0s"}),
        json!({"elapsed": "purchases.last_at", "lt": "7d"}),
        json!({"attribute": "spend", "ge": 10, "lt": 20.5}),
        json!({"attribute": "spend", "in": [1, 10, 15.5]}),
        json!({"attribute": "spend", "ne": 10}),
        json!({"attribute": "spend", "ge": {"attribute": "limit"}}),
        json!({"attribute": "spend", "ge": {"fact": "threshold"}}),
        json!({"attribute": "spend", "lt": {"fact": "bar", "of": "campaign"}}),
        json!({"attribute": "city", "in": ["Berlin", "Wien"]}),
        json!({"attribute": "vip", "eq": true}),
        json!({"attribute": "birthday", "le": "1990-05-01"}),
        json!({"fact": "warm", "of": {"attribute": "city"}, "ge": 20}),
        json!({"fact": "warm", "of": {"is": "Berlin"}, "ge": 20}),
        json!({"fact": "warm", "of": {"attribute": "city"}, "present": true, "in": [8, 25]}),
        json!({"fact": "threshold", "ge": 1}),
        json!({"tag": "barred"}),
        json!({"tag": "wealthy"}),
        json!({"all": [{"tag": "tea"}, {"touches": {"within": "7d"}, "ge": 1}, {"attribute": "spend", "ge": 10}]}),
        json!({"any": [{"tag": "tea"}, {"touches": {"within": "7d"}, "ge": 2}]}),
        json!({"touches": {}, "ge": {"fact": "bar", "of": "campaign"}}),
        json!({"purchases": "amount", "within": "30d", "ge": 30}),
        json!({"all": [{"purchases": "count", "ge": 2}, {"tag": "tea"}, {"attribute": "vip", "eq": true}]}),
        json!({"all": []}),
        json!({"any": []}),
    ];
    let campaign = |(number, audience): (usize, &Value)| {
        [audience.clone(), json!({"not": audience})]
            .into_iter()
            .enumerate()
            .map(move |(denied, audience)| {
                json!({"id": format!("c-{number}-{denied}"), "purpose": "news", "value": "knowledge",
                    "channels": ["mail"], "variants": [{"id": "letter"}], "audience": audience})
            })
    };
    let campaigns: Vec<Value> = audiences.iter().enumerate().flat_map(campaign).collect();
    json!({"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "0s",
        "attributes": {"spend": "number", "limit": "integer", "city": "string", "vip": "boolean",
            "birthday": "date", "joined_at": "date-time"},
        "facts": {"warm": {"type": "number", "keyed": true}, "threshold": {"type": "number"},
            "bar": {"type": "integer", "keyed": true}, "opened_at": {"type": "date-time", "keyed": true}},
        "tags": ["timed", "tea",
            {"tag": "barred", "when": {"any": [{"tag": "wealthy"}, {"fact": "bar", "of": "campaign", "ge": 2}]}},
            {"tag": "wealthy", "when": {"attribute": "spend", "ge": 20}}],
        "purposes": ["news"], "channels": {"mail": {"consent": "none"}}, "campaigns": campaigns})
}

const NOW: &str = "2026-03-02T12:00:00Z";

/// A customer of whom much is known, little or nothing.
fn anybody(dice: &mut Dice, facts: &Value) -> Value {
    let instants = [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.000001Z",
        "2026-02-23T12:00:00Z",
        "2026-03-02T11:59:59Z",
        NOW,
        "2026-03-02T12:00:01Z",
        "2026-03-09T12:00:00Z",
    ];
    let mut attributes = serde_json::Map::new();
    let known: [(&str, Vec<Value>); 6] = [
        (
            "spend",
            vec![
                json!(10),
                json!(10.0),
                json!(15.5),
                json!(20.5),
                json!(1),
                json!(-0.0),
            ],
        ),
        ("limit", vec![json!(10), json!(15), json!(0)]),
        ("city", vec![json!("Berlin"), json!("Wien"), json!("Graz")]),
        ("vip", vec![json!(true), json!(false)]),
        (
            "birthday",
            vec![json!("1990-05-01"), json!("1990-05-02"), json!("1960-01-01")],
        ),
        ("joined_at", instants.iter().map(|at| json!(at)).collect()),
    ];
    for (name, values) in known {
        if dice.chance(80) {
            attributes.insert(name.to_owned(), dice.pick(&values).clone());
        }
    }
    let mut tags = Vec::new();
    if dice.chance(40) {
        tags.push(json!("tea"));
    }
    for _ in 0..dice.below(3) {
        let (from, to) = (dice.below(instants.len()), dice.below(instants.len()));
        if from < to {
            tags.push(json!({"tag": "timed", "since": instants[from], "until": instants[to]}));
        }
    }
    if dice.chance(10) {
        tags.push(json!("timed"));
    }
    let touch = |at: &&str| json!({"at": at, "channel": "mail", "purpose": "news"});
    let history: Vec<Value> = dice.some(&instants, 0, 3).iter().map(touch).collect();
    let mut customer = json!({"id": "anybody", "tags": tags, "attributes": attributes});
    if dice.chance(70) {
        let bought = dice.some(&instants, 0, 4);
        let purchase = |at: &&str| json!({"at": at, "amount": 15});
        customer["purchases"] = bought.iter().map(purchase).collect();
    }
    json!({"customer": customer, "history": history, "now": NOW, "facts": facts})
}

/// Everything that audiences may read, at the very instants at which it changes; one customer in a hundred is asked one
/// by one and the rest in bits.
#[test]
fn everything_that_audiences_read_is_read_alike() {
    let book = everything();
    let facts = json!({"warm": {"Berlin": 25, "Graz": 8}, "threshold": 15.5,
        "bar": {"c-12-0": 15, "c-20-0": 2, "c-20-1": 1, "c-24-0": 2},
        "opened_at": {"Berlin": NOW, "Wien": "2026-03-09T12:00:00Z"}});
    for facts in [facts, json!({})] {
        let mut dice = Dice::seeded(11);
        let cases: Vec<Value> = (0..400).map(|_| anybody(&mut dice, &facts)).collect();
        let once = population(&book, &cases, 1);
        let often = population(&book, &cases, 50);
        for now in [
            "2026-03-02T11:59:59.999999Z",
            NOW,
            "2026-03-02T12:00:01Z",
            "2026-03-09T12:00:00Z",
        ] {
            let cases: Vec<Value> = cases
                .iter()
                .map(|case| {
                    let mut case = case.clone();
                    case["now"] = json!(now);
                    case
                })
                .collect();
            let theirs = by_reference(&book, &cases);
            let ours = by_population(&once, &json!(now));
            for (campaign, found) in &theirs {
                assert_eq!(&ours[campaign], found, "{campaign} at {now}");
            }
            let many = by_population(&often, &json!(now));
            for (campaign, (rows, unknown)) in theirs {
                let rows: Vec<usize> = (0..50)
                    .flat_map(|time| rows.iter().map(move |row| time * 400 + row))
                    .collect();
                assert!(many[&campaign] == (rows, unknown * 50), "{campaign} at {now}");
            }
        }
    }
}

/// Blocks are asked in any order and told in theirs.
#[cfg(feature = "rayon")]
#[test]
fn the_number_of_threads_changes_nothing() {
    let mut dice = Dice::seeded(3);
    let cases: Vec<Value> = (0..300).map(|_| anybody(&mut dice, &json!({}))).collect();
    let population = population(&everything(), &cases, 250);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        pool.install(|| by_population(&population, &json!(NOW)))
    };
    let alone = on(1);
    for threads in [2, 3, 7] {
        assert!(on(threads) == alone, "{threads} threads");
    }
}
