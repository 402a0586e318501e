//! The report and the calendar say what the simulation holds.

use month::{calendar::calendar, report::report, sample};
use tactful::{Customer, Draw, Duration, Engine, Reaction, Simulated, Touch, World};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn november(customers: u64) -> Result<Simulated> {
    let (engine, _) = Engine::from_document(&serde_json::from_str(sample::RULEBOOK)?)?;
    let (from, until) = sample::month();
    let simulation = engine.simulation(from, until).seed(7);
    Ok(simulation.run(sample::customers(customers), &sample::November)?)
}

#[test]
fn the_report_stands_alone_and_its_numbers_are_the_simulations() -> Result {
    let simulated = november(200)?;
    let samples: Vec<_> = simulated.customers().iter().take(3).collect();
    let zone = chrono_tz::Asia::Shanghai;
    let page = report("A <month>", &simulated, &samples, "2026-11-01".parse()?, zone)?;
    assert_eq!(page.matches("<svg").count(), 5);
    assert!(page.contains("A &lt;month&gt;") && !page.contains("A <month>"));
    // Nothing is fetched from anywhere, and every colour is the page's.
    for outside in ["<script", "<link", "src=", "url(", "href="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(!page.contains("fill=\"#"), "a colour of no role");
    let touches: usize = simulated
        .customers()
        .iter()
        .map(|customer| customer.touches().len())
        .sum();
    let shown = page
        .split("<b>")
        .nth(1)
        .and_then(|rest| rest.split("</b>").next());
    assert_eq!(shown.ok_or("a tile")?.replace(',', ""), touches.to_string());
    for purpose in ["benefit", "promotion", "care", "service"] {
        let of = |touch: &&Touch| touch.purpose() == purpose;
        let count = simulated
            .customers()
            .iter()
            .map(|one| one.touches().iter().filter(of).count());
        let count: usize = count.sum();
        assert!(
            page.contains(&format!("<td>{purpose}<td>{count}")),
            "{purpose}: {count}"
        );
    }
    Ok(())
}

// By hand: one letter each Friday at nine, a click ten minutes later, and on Saturday the cap refuses at noon.
#[test]
fn a_calendar_worked_out_by_hand() -> Result {
    struct Clicks;
    impl World for Clicks {
        fn react(&self, _: &Customer, _: &Touch, _: &mut Draw) -> Reaction {
            Reaction::none().responds("clicked", Duration::minutes(10))
        }
    }
    let house = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "1d",
        "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
        "policies": [{"id": "house", "rules": [{"id": "few", "then": {"cap": {"at_most": 1, "per": "3d"}}}]}],
        "campaigns": [{"id": "letter", "purpose": "news", "value": "knowledge", "channels": ["mail"],
                       "schedule": {"on": {"days": ["fri", "sat"], "from": "09:00", "to": "18:00"}},
                       "variants": [{"id": "v"}]}]}"#;
    let (engine, _) = Engine::from_document(&serde_json::from_str(house)?)?;
    let (from, until) = (
        "2026-02-01T00:00:00+01:00".parse()?,
        "2026-03-01T00:00:00+01:00".parse()?,
    );
    // Before the first Friday comes the first Sunday, a day without a word and without a refusal.
    let simulated = engine
        .simulation(from, until)
        .run([(Customer::new("kim"), vec![])], &Clicks)?;
    let customer = &simulated.customers()[0];
    let text = calendar(
        &engine,
        &Clicks,
        customer,
        "2026-02-01".parse()?,
        chrono_tz::Europe::Berlin,
    );
    let lines: Vec<&str> = text.lines().collect();
    let cell = |text: &str| format!("| {text:<16}");
    let blank = cell("");
    assert_eq!(lines[3], format!("{}{}|", blank.repeat(6), cell("1")));
    let days: String = (2..=8).map(|day| cell(&day.to_string())).collect();
    assert_eq!(lines[5], format!("{days}|"));
    let saturday = cell("· few");
    assert_eq!(
        lines[6],
        format!("{}{}{saturday}{blank}|", blank.repeat(4), cell("09:00 letter"))
    );
    assert_eq!(
        lines[7],
        format!(
            "{}{}{}|",
            blank.repeat(4),
            cell("09:10 * clicked"),
            blank.repeat(2)
        )
    );
    assert_eq!(text.matches("09:00 letter").count(), 4);
    assert_eq!(text.matches("· few").count(), 4);
    Ok(())
}
