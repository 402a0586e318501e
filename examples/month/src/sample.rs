//! A coffee house in November: its customers, and how they behave. All of it is made up.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use tactful::{Customer, Draw, Duration, Facts, HistoryEntry, Reaction, Touch, World};

pub const RULEBOOK: &str = include_str!("../sample/rulebook.json");
const CITIES: [&str; 3] = ["上海", "北京", "广州"];
const NAMES: [&str; 6] = ["Lin Yue", "Zhao Min", "Chen Bo", "Sun Rui", "Wu Jing", "Guo Wei"];

/// The first of November in Shanghai, and the first of December.
pub fn month() -> (DateTime<Utc>, DateTime<Utc>) {
    let at = |text: &str| text.parse().expect("an instant");
    (at("2026-11-01T00:00:00+08:00"), at("2026-12-01T00:00:00+08:00"))
}

pub fn customers(count: u64) -> Vec<(Customer, Vec<HistoryEntry>)> {
    (0..count).map(|number| (customer(number), Vec::new())).collect()
}

fn customer(number: u64) -> Customer {
    // Spreads neighbouring numbers over all traits.
    let trait_of =
        |salt: u64, kinds: u64| (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (8 + 7 * salt)) % kinds;
    let (start, _) = month();
    let joined = start - TimeDelta::hours(24 * trait_of(0, 400) as i64 - 24 * 20 - trait_of(1, 24) as i64);
    let birthday = NaiveDate::from_yo_opt(1970 + trait_of(2, 35) as i32, 1 + trait_of(3, 365) as u32);
    let mut customer = Customer::new(format!("c-{number:04}"))
        .attribute("name", NAMES[number as usize % NAMES.len()])
        .attribute("city", CITIES[trait_of(4, 3) as usize])
        .attribute("joined_at", joined.to_rfc3339())
        .attribute("birthday", birthday.expect("a day").to_string())
        .known_purchases();
    for (tag, salt, one_in) in [("latte", 1, 3), ("takeaway", 2, 3), ("do_not_disturb", 3, 20)] {
        if trait_of(salt, one_in) == 0 {
            customer = customer.tag(tag);
        }
    }
    for visit in 0..trait_of(5, 7) {
        customer = customer.purchase(start - TimeDelta::days(3 + 9 * visit as i64), 32.0);
    }
    customer
}

/// The name that people know a customer by.
pub fn name(customer: &Customer) -> String {
    match customer.attributes.get("name") {
        Some(Some(tactful::Literal::Text(name))) => format!("{name} ({})", customer.id),
        _ => customer.id.clone(),
    }
}

/// Colder and colder, and customers who answer what suits them.
pub struct November;

impl World for November {
    fn facts(&self, day: NaiveDate) -> Facts {
        let later = f64::from(day.day());
        let warmth = [19.0, 12.0, 26.0];
        CITIES
            .iter()
            .zip(warmth)
            .fold(Facts::new(), |facts, (city, warm)| {
                facts.set_for(
                    "weather.temp_c",
                    *city,
                    warm - later * 0.4 - f64::from(day.day() % 5),
                )
            })
    }

    fn react(&self, _: &Customer, touch: &Touch, draw: &mut Draw) -> Reaction {
        let (clicks, buys, complains) = match touch.purpose() {
            "service" | "care" => (40, 10, 0),
            "benefit" => (30, 18, 1),
            _ => (14, 7, 3),
        };
        let roll = draw.below(100);
        let minutes = |draw: &mut Draw, most| Duration::minutes(1 + draw.below(most) as i64);
        if roll < buys {
            let clicked = Reaction::none().responds("clicked", minutes(draw, 60));
            clicked.buys(minutes(draw, 600), 28.0 + draw.below(20) as f64)
        } else if roll < clicks {
            Reaction::none().responds("clicked", minutes(draw, 240))
        } else if roll < clicks + complains {
            Reaction::none().responds("complained", minutes(draw, 120))
        } else {
            Reaction::none()
        }
    }
}
