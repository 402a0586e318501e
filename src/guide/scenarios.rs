//! The practices that the crate is tested by, each with its rulebooks. Their cases are in `tests/scenarios`, with a page
//! that says how to run them and how to write such files for a house of one's own.

macro_rules! scenarios {
    ($($name:ident: $folder:literal [$($rulebook:literal),+];)+) => {
        $(
            #[doc = include_str!(concat!("../../tests/scenarios/", $folder, "/README.md"))]
            $(
                #[doc = concat!("\n# `", $rulebook, "`\n\n```json rulebook\n")]
                #[doc = include_str!(concat!("../../tests/scenarios/", $folder, "/", $rulebook))]
                #[doc = "\n```\n"]
            )+
            pub mod $name {}
        )+
    };
}

scenarios! {
    platform_restraint: "01-platform-restraint" ["rulebook.daily.json", "rulebook.monthly.json", "rulebook.weekly.json"];
    signal_not_noise: "02-signal-not-noise" ["rulebook.json"];
    hotel_concierge: "03-hotel-concierge" ["rulebook.json"];
    weather_robot: "04-weather-robot" ["rulebook.plain.json", "rulebook.silent.json"];
    launch_to_those_who_care: "05-launch-to-those-who-care" ["rulebook.json"];
    jewellery_advisor: "06-jewellery-advisor" ["rulebook.json", "rulebook.owner.json"];
    first_thirty_days: "07-first-thirty-days" ["rulebook.json"];
    monthly_cadence: "08-monthly-cadence" ["rulebook.json"];
    no_proactive_contact: "09-no-proactive-contact" ["rulebook.json"];
    promotion_in_waves: "10-promotion-in-waves" ["rulebook.json"];
    automatic_tags: "11-automatic-tags" ["rulebook.json"];
    anniversaries: "12-anniversaries" ["rulebook.json"];
    before_the_repurchase: "13-before-the-repurchase" ["rulebook.json"];
    fair_price: "14-fair-price" ["rulebook.json"];
    right_hour_right_manner: "15-right-hour-right-manner" ["rulebook.json"];
    after_sales_first: "16-after-sales-first" ["rulebook.json"];
    fatigue: "17-fatigue" ["rulebook.json"];
    account_safety: "18-account-safety" ["rulebook.json"];
    three_plays: "19-three-plays" ["rulebook.assistant.json", "rulebook.expert.json", "rulebook.partner.json"];
    small_favours: "20-small-favours" ["rulebook.json"];
    asking_for_feedback: "21-asking-for-feedback" ["rulebook.json"];
    promise_first: "22-promise-first" ["rulebook.json"];
    trust_before_activity: "23-trust-before-activity" ["rulebook.json"];
    legal_hours: "24-legal-hours" ["rulebook.house.json", "rulebook.refrain.json", "rulebook.zones.json"];
}
