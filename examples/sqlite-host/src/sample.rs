//! A coffee house with customers, to try it on.

use std::{fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{Result, platform::Platform, store::Store};

/// Writes the sample's rulebook and facts into a directory, and its customers into the database there.
pub fn write(directory: &Path, customers: u32, days: i64) -> Result<()> {
    fs::create_dir_all(directory)?;
    fs::write(
        directory.join("rulebook.json"),
        include_str!("../sample/rulebook.json"),
    )?;
    fs::write(directory.join("facts.json"), include_str!("../sample/facts.json"))?;
    let start: DateTime<Utc> = "2026-11-21T02:00:00Z".parse()?;
    // Both databases are there before any worker is: two who make one at the same time would lock each other out.
    Platform::open(&directory.join("platform.db"))?;
    let mut store = Store::open(&directory.join("house.db"))?;
    let house = store.begin()?;
    house.set_clock(start, start + TimeDelta::days(days))?;
    for number in 0..customers {
        let id = format!("c-{number:04}");
        house.add_customer(&id, &customer(&id, number, start), start)?;
    }
    house.commit()
}

fn customer(id: &str, number: u32, start: DateTime<Utc>) -> Value {
    let mut tags = Vec::new();
    if number.is_multiple_of(3) {
        tags.push("latte");
    }
    if number.is_multiple_of(11) {
        tags.push("do_not_disturb");
    }
    let zone = ["Asia/Shanghai", "Asia/Urumqi", "Asia/Tokyo"][number as usize % 3];
    let city = ["上海", "北京", "哈尔滨"][number as usize / 2 % 3];
    json!({
        "id": id,
        "time_zone": zone,
        "tags": tags,
        "attributes": {
            "city": city,
            "joined_at": (start - TimeDelta::hours(i64::from(number) * 7)).to_rfc3339(),
        },
        "consent": {"sms": number.is_multiple_of(2), "direct": !number.is_multiple_of(5)},
    })
}
