//! The same question over a whole population, for the databases: how many customers match each campaign.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
    time::{Duration, Instant},
};

use chrono::Datelike;
use cpu_time::ThreadTime;

use crate::{
    audience,
    index::{Index, Seat},
    live_bytes::kept_by,
    workload::{self, CITIES, Person, Spec, Test},
};

const CAMPAIGNS: u64 = 1_000;
/// Customers that are made, written and counted together, so that the clock is asked seldom.
const BATCH: u64 = 1_000;

/// Writes `persons.csv`, the audiences as `audiences.json`, the counts of the plain loop as `expected.csv`, and how long
/// that and the hand-written index took to count, each on one thread.
///
/// # Errors
///
/// Where a file cannot be written. An index that counts otherwise is a panic.
pub fn write(folder: &Path, people: u64) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(
        folder.join("audiences.json"),
        audiences(&workload::specs(CAMPAIGNS)),
    )?;

    let now = workload::now();
    let ranked = audience::ranked(CAMPAIGNS);
    let index = Index::new(&ranked);
    let (mut counts, mut of_index) = (vec![0_u64; ranked.len()], vec![0_u64; ranked.len()]);
    let (mut plain_loop, mut indexed) = (Duration::ZERO, Duration::ZERO);
    let mut file = BufWriter::new(File::create(folder.join("persons.csv"))?);
    writeln!(
        file,
        "id,age,spend,orders,level,vip,city,joined_for,born,temp,tags"
    )?;
    for first in (0..people).step_by(BATCH as usize) {
        let batch: Vec<Person> = (first..people.min(first + BATCH)).map(workload::person).collect();
        for (number, person) in (first..).zip(&batch) {
            line(&mut file, number, person)?;
        }
        let start = ThreadTime::now();
        for person in &batch {
            for (count, spec) in counts.iter_mut().zip(&ranked) {
                *count += u64::from(audience::matches(spec, person, now));
            }
        }
        plain_loop += start.elapsed();
        let start = ThreadTime::now();
        for person in &batch {
            index.each(&Seat::new(&index, person), now, |rank| of_index[rank] += 1);
        }
        indexed += start.elapsed();
    }
    file.flush()?;
    assert_eq!(counts, of_index, "the index counts as the plain loop does");

    let mut by_number = vec![0; counts.len()];
    for (spec, count) in ranked.iter().zip(&counts) {
        let number = spec.id.strip_prefix("campaign-").map(str::parse::<usize>);
        by_number[number.expect("the id of a campaign").expect("its number")] = *count;
    }
    tactful(folder, people, &by_number)?;
    let mut expected = "campaign,count\n".to_owned();
    for (number, count) in by_number.iter().enumerate() {
        let _ = writeln!(expected, "{number},{count}");
    }
    fs::write(folder.join("expected.csv"), expected)?;
    for (name, took) in [("plain_loop", plain_loop), ("index", indexed)] {
        let seconds = took.as_secs_f64();
        fs::write(
            folder.join(format!("{name}_seconds.txt")),
            format!("{seconds:.3}\n"),
        )?;
        println!("{people} customers, {name}: {seconds:.2} s");
    }
    Ok(())
}

/// Counts with `tactful::Population` on two threads: made ready once, asked three times.
fn tactful(folder: &Path, people: u64, expected: &[u64]) -> io::Result<()> {
    let engine = workload::engine(expected.len() as u64);
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let start = Instant::now();
    let (population, bytes) = kept_by(|| {
        let mut population = engine.population(&facts).expect("facts of this engine");
        for person in (0..people).map(workload::person) {
            population
                .push(&workload::customer(&person), &workload::history(&person))
                .expect("the customer binds");
        }
        population.build()
    });
    let ready = start.elapsed().as_secs_f64();
    let mut seconds: Vec<f64> = (0..3)
        .map(|_| {
            let start = Instant::now();
            let counts = population.counts(workload::now());
            let seconds = start.elapsed().as_secs_f64();
            for count in counts {
                let number = count
                    .campaign()
                    .strip_prefix("campaign-")
                    .map(str::parse::<usize>);
                let number = number.expect("the id of a campaign").expect("its number");
                assert_eq!(count.matching() as u64, expected[number], "{}", count.campaign());
            }
            seconds
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!(
        "{people} customers, tactful: ready in {ready:.1} s, answered in {:.3} s, {} MB",
        seconds[1],
        bytes / 1_000_000
    );
    fs::write(folder.join("tactful_seconds.txt"), format!("{:.3}\n", seconds[1]))?;
    fs::write(folder.join("tactful_ready.txt"), format!("{ready:.1} s"))?;
    fs::write(
        folder.join("tactful_bytes.txt"),
        format!("{:.2} GB", bytes as f64 / 1e9),
    )
}

fn line(file: &mut impl Write, number: u64, person: &Person) -> io::Result<()> {
    let joined_for = (workload::now() - person.joined_at).num_seconds();
    write!(
        file,
        "{number},{},{},{},{},{},{},{joined_for},{},{},",
        person.age,
        person.spend,
        person.orders,
        person.level,
        person.vip,
        CITIES[person.city],
        person.birthday.year(),
        workload::temperature(person.city),
    )?;
    for (place, tag) in person.tags.iter().enumerate() {
        let between = if place == 0 { "" } else { "|" };
        write!(file, "{between}{tag}")?;
    }
    writeln!(file)
}

/// `[[["tag", 5], ["at_least", "age", 30]], …]`: the tests of each campaign.
fn audiences(specs: &[Spec]) -> String {
    let campaigns: Vec<serde_json::Value> = specs
        .iter()
        .map(|spec| spec.audience.iter().map(|&test| said(test)).collect())
        .collect();
    serde_json::Value::from(campaigns).to_string()
}

fn said(test: Test) -> serde_json::Value {
    use serde_json::json;
    let seconds = |days: i64| days * 86_400;
    match test {
        Test::Tag(tag) => json!(["tag", tag]),
        Test::NoTag(tag) => json!(["no_tag", tag]),
        Test::AgeAtLeast(age) => json!(["at_least", "age", age]),
        Test::AgeBelow(age) => json!(["below", "age", age]),
        Test::SpendAtLeast(spend) => json!(["at_least", "spend", spend]),
        Test::SpendBelow(spend) => json!(["below", "spend", spend]),
        Test::OrdersAtLeast(orders) => json!(["at_least", "orders", orders]),
        Test::LevelAtMost(level) => json!(["below", "level", level + 1]),
        Test::Vip => json!(["vip"]),
        Test::CityIs(city) => json!(["city", [CITIES[city]]]),
        Test::CityIn(a, b) => json!(["city", [CITIES[a], CITIES[b]]]),
        Test::JoinedAtLeast(days) => json!(["at_least", "joined_for", seconds(days)]),
        Test::JoinedBelow(days) => json!(["below", "joined_for", seconds(days)]),
        Test::BornSince(year) => json!(["at_least", "born", year]),
        Test::WarmerThan(degrees) => json!(["at_least", "temp", degrees]),
    }
}
