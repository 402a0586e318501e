//! Workers are killed again and again, at any point. Afterwards everything is as if nobody had been.
//!
//! `KILLS` says how often; 200 unless it is set.

use std::{
    collections::BTreeMap,
    env,
    path::Path,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use rusqlite::Connection;
use sqlite_host::{Result, sample, store::Store};

const WORKERS: usize = 3;
const CUSTOMERS: u32 = 150;
const DAYS: i64 = 14;

/// What has arrived at the platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Delivery {
    customer: String,
    at: DateTime<Utc>,
    campaign: String,
    occurrence: String,
    channel: String,
}

/// Where workers were when they were killed, by what they left.
#[derive(Debug, Default)]
struct Kills {
    nothing_in_hand: u32,
    reserved: u32,
    handed_over: u32,
}

impl Kills {
    fn all(&self) -> u32 {
        self.nothing_in_hand + self.reserved + self.handed_over
    }
}

#[test]
fn killed_workers_lose_nothing_and_send_nothing_twice() -> Result<()> {
    let wanted: u32 = env::var("KILLS").map_or(Ok(200), |kills| kills.parse())?;
    let calm = tempfile::tempdir()?;
    sample::write(calm.path(), CUSTOMERS, DAYS)?;
    for mut worker in [work(calm.path())?, work(calm.path())?] {
        assert!(worker.wait()?.success());
    }
    let undisturbed = deliveries(calm.path())?;
    check(calm.path(), &undisturbed)?;
    assert!(
        undisturbed.len() > 300,
        "the sample says much: {}",
        undisturbed.len()
    );

    let (mut kills, mut runs, mut seed) = (Kills::default(), 0, 7);
    while kills.all() < wanted {
        let house = tempfile::tempdir()?;
        sample::write(house.path(), CUSTOMERS, DAYS)?;
        run(house.path(), wanted, &mut kills, &mut seed)?;
        let disturbed = deliveries(house.path())?;
        check(house.path(), &disturbed)?;
        assert_eq!(disturbed, undisturbed, "the same touches, at the same instants");
        runs += 1;
    }
    println!(
        "{} kills in {runs} runs of {} touches: {kills:?}",
        kills.all(),
        undisturbed.len()
    );
    // It was tried in all three places, unless it was tried too rarely.
    assert!(
        wanted < 40
            || [kills.nothing_in_hand, kills.reserved, kills.handed_over]
                .iter()
                .all(|&n| n > 0)
    );
    Ok(())
}

fn work(directory: &Path) -> Result<Child> {
    let worker = Command::new(env!("CARGO_BIN_EXE_sqlite-host"))
        .arg("work")
        .arg(directory)
        .env("SQLITE_HOST_WAY_MS", "2")
        .env("SQLITE_HOST_PATIENCE_MS", "150")
        .spawn()?;
    Ok(worker)
}

/// Kills a worker every now and then and starts another, until all is said.
fn run(directory: &Path, wanted: u32, kills: &mut Kills, seed: &mut u64) -> Result<()> {
    let mut workers: Vec<Child> = (0..WORKERS).map(|_| work(directory)).collect::<Result<_>>()?;
    let started = Instant::now();
    loop {
        thread::sleep(Duration::from_millis(2 + random(seed) % 40));
        assert!(started.elapsed() < Duration::from_secs(300), "it goes on");
        let number = (random(seed) % WORKERS as u64) as usize;
        if let Some(status) = workers[number].try_wait()? {
            assert!(status.success(), "a worker has failed");
            break;
        }
        if kills.all() < wanted {
            let before = open(directory)?;
            workers[number].kill()?;
            workers[number].wait()?;
            *kills_of(kills, left(directory, &before)?) += 1;
            workers[number] = work(directory)?;
        }
    }
    for mut worker in workers {
        assert!(worker.wait()?.success(), "a worker has failed");
    }
    Ok(())
}

enum Left {
    Nothing,
    Reserved,
    HandedOver,
}

fn kills_of(kills: &mut Kills, left: Left) -> &mut u32 {
    match left {
        Left::Nothing => &mut kills.nothing_in_hand,
        Left::Reserved => &mut kills.reserved,
        Left::HandedOver => &mut kills.handed_over,
    }
}

/// The keys of touches on their way, with the time of their reservation.
fn open(directory: &Path) -> Result<BTreeMap<String, i64>> {
    let house = Connection::open(directory.join("house.db"))?;
    house.busy_timeout(Duration::from_secs(30))?;
    let mut found = house.prepare("SELECT key, reserved_at FROM touch WHERE status = 'scheduled'")?;
    let rows = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a kill left behind: the others finish theirs in a moment.
fn left(directory: &Path, before: &BTreeMap<String, i64>) -> Result<Left> {
    thread::sleep(Duration::from_millis(25));
    let platform = Connection::open(directory.join("platform.db"))?;
    platform.busy_timeout(Duration::from_secs(30))?;
    for (key, reserved_at) in open(directory)? {
        if before.get(&key) == Some(&reserved_at) {
            let sql = "SELECT EXISTS (SELECT * FROM delivery WHERE key = ?)";
            let arrived: bool = platform.query_row(sql, [key], |row| row.get(0))?;
            return Ok(if arrived { Left::HandedOver } else { Left::Reserved });
        }
    }
    Ok(Left::Nothing)
}

fn random(seed: &mut u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

fn deliveries(directory: &Path) -> Result<Vec<Delivery>> {
    let platform = Connection::open(directory.join("platform.db"))?;
    let sql = "SELECT customer, at, campaign, occurrence, channel FROM delivery";
    let mut found = platform.prepare(sql)?;
    let rows = found.query_map([], |row| {
        let at: String = row.get(1)?;
        Ok(Delivery {
            customer: row.get(0)?,
            at: DateTime::<FixedOffset>::parse_from_rfc3339(&at)
                .expect("an instant")
                .to_utc(),
            campaign: row.get(2)?,
            occurrence: row.get(3)?,
            channel: row.get(4)?,
        })
    })?;
    let mut deliveries = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    deliveries.sort();
    Ok(deliveries)
}

/// What the rulebook promises, checked without the engine, and what the house recorded.
fn check(directory: &Path, deliveries: &[Delivery]) -> Result<()> {
    let mut by_customer: BTreeMap<&str, Vec<&Delivery>> = BTreeMap::new();
    for delivery in deliveries {
        by_customer.entry(&delivery.customer).or_default().push(delivery);
    }
    for (customer, theirs) in by_customer {
        let number: usize = customer[2..].parse()?;
        let zone: Tz = ["Asia/Shanghai", "Asia/Urumqi", "Asia/Tokyo"][number % 3].parse()?;
        let mut days: Vec<NaiveDate> = Vec::new();
        let mut said = Vec::new();
        for delivery in &theirs {
            let local = delivery.at.with_timezone(&zone);
            assert!((8..22).contains(&local.hour()), "at night: {delivery:?}");
            days.push(local.date_naive());
            said.push((&delivery.campaign, &delivery.occurrence));
            let week = theirs
                .iter()
                .filter(|other| delivery.at - TimeDelta::days(7) < other.at && other.at <= delivery.at);
            assert!(week.count() <= 3, "more than three in seven days: {theirs:?}");
        }
        let count = days.len();
        days.dedup();
        assert_eq!(days.len(), count, "twice on one day: {theirs:?}");
        said.sort();
        said.dedup();
        assert_eq!(said.len(), count, "said twice: {theirs:?}");
        assert_ne!(number % 11, 0, "{customer} asked not to be written to");
    }
    // Each delivery is recorded as sent, each record is of a delivery, and nothing is on its way.
    let house = Connection::open(directory.join("house.db"))?;
    let attach = "ATTACH ? AS platform";
    house.execute(attach, [directory.join("platform.db").display().to_string()])?;
    let count = |sql: &str| house.query_row(sql, [], |row| row.get::<_, i64>(0));
    let sent = "SELECT count(*) FROM touch JOIN platform.delivery USING (key) WHERE status = 'sent'";
    assert_eq!(count(sent)?, deliveries.len() as i64);
    assert_eq!(
        count("SELECT count(*) FROM touch WHERE status = 'sent'")?,
        deliveries.len() as i64
    );
    assert_eq!(
        count("SELECT count(*) FROM touch WHERE status NOT IN ('sent', 'held_out', 'failed')")?,
        0
    );
    let store = Store::open(&directory.join("house.db"))?;
    let (now, until) = store.clock()?;
    assert!(now <= until);
    Ok(())
}
