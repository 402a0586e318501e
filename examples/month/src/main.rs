//! ```text
//! month [FILE]    prints one customer's month, and writes the report of all to FILE (report.html)
//! ```

use std::{env, fs};

use month::{calendar::calendar, report::report, sample};
use tactful::Engine;

const CUSTOMERS: u64 = 600;
const SEED: u64 = 2026;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = env::args().nth(1).unwrap_or_else(|| "report.html".to_owned());
    let (engine, _warnings) = Engine::from_document(&serde_json::from_str(sample::RULEBOOK)?)?;
    let (from, until) = sample::month();
    let simulated = engine
        .simulation(from, until)
        .seed(SEED)
        .run(sample::customers(CUSTOMERS), &sample::November)?;

    let (month, zone) = (
        from.with_timezone(&chrono_tz::Asia::Shanghai).date_naive(),
        chrono_tz::Asia::Shanghai,
    );
    let title = month.format("%B %Y").to_string();
    // Those who heard most, one of each number of touches.
    let mut samples: Vec<_> = simulated.customers().iter().collect();
    samples.sort_by_key(|customer| std::cmp::Reverse(customer.touches().len()));
    samples.dedup_by_key(|customer| customer.touches().len());
    samples.truncate(6);
    if let Some(first) = samples.first() {
        println!("{title} · {}\n", sample::name(first.customer()));
        println!("{}", calendar(&engine, &sample::November, first, month, zone));
        println!("* clicked   ¥ bought   ! complained   · refused at noon, and by what");
    }
    let title = format!("A coffee house in {title}");
    fs::write(&file, report(&title, &simulated, &samples, month, zone)?)?;
    println!("\nThe report of {CUSTOMERS} customers is in {file}");
    Ok(())
}
