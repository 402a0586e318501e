//! Every kind of mistake, and the place where it is told.

use super::*;

#[test]
fn wrong_values_are_named_by_their_path() {
    let long = "x".repeat(MOST_TEXT_BYTES + 1);
    let wrong = [
        (
            "/custmer",
            json!({}),
            "`custmer` is not known here; did you mean `customer`?",
        ),
        ("/customer", json!([]), "expected an object, found a list"),
        ("/customer/id", json!(""), "must not be empty"),
        ("/customer/id", json!(7), "expected text, found a whole number"),
        (
            "/customer/id",
            json!(long),
            "65537 bytes of text; write at most 65536",
        ),
        ("/customer/name", json!("x"), "`name` is not known here"),
        (
            "/customer/time_zone",
            json!("Mars"),
            "`Mars` is not a zone of the IANA database; write one like `Europe/Berlin`",
        ),
        ("/customer/tags", json!("latte"), "expected a list, found text"),
        (
            "/customer/tags/0",
            json!(null),
            "expected a tag, or an object with `tag`, `since` and `until`, found nothing",
        ),
        (
            "/customer/tags/0",
            json!("late"),
            "`late` is no declared tag; did you mean `latte`?",
        ),
        (
            "/customer/tags/0",
            json!("newcomer"),
            "`newcomer` is derived from its condition; leave it out of the tags held",
        ),
        ("/customer/tags/1/tag", json!("newcomer"), "`newcomer` is derived"),
        ("/customer/tags/1/tag", json!("vip"), "`vip` is no declared tag"),
        (
            "/customer/tags/1/since",
            json!("2026-11-01"),
            "`2026-11-01` is not an instant",
        ),
        ("/customer/tags/1/till", json!(null), "`till` is not known here"),
        (
            "/customer/attributes",
            json!([]),
            "expected an object, found a list",
        ),
        (
            "/customer/attributes/age",
            json!("34"),
            "expected a whole number, found text",
        ),
        (
            "/customer/attributes/age",
            json!(34.0),
            "expected a whole number, found a decimal number",
        ),
        (
            "/customer/attributes/age",
            json!([34]),
            "expected one value, found a list",
        ),
        (
            "/customer/attributes/spend",
            json!(true),
            "expected a number, found a boolean",
        ),
        (
            "/customer/attributes/city",
            json!(21),
            "expected text, found a whole number",
        ),
        (
            "/customer/attributes/vip",
            json!(1),
            "expected `true` or `false`, found a whole number",
        ),
        (
            "/customer/attributes/birthday",
            json!("2026-02-30"),
            "`2026-02-30` is not a date",
        ),
        (
            "/customer/attributes/joined_at",
            json!("2026-02-03T04:05:06"),
            "`2026-02-03T04:05:06` is not an instant",
        ),
        (
            "/customer/attributes/joined_at",
            json!(1_700_000_000),
            "expected an instant like",
        ),
        (
            "/customer/attributes/aeg",
            json!(34),
            "`aeg` is no declared attribute; did you mean `age`?",
        ),
        (
            "/customer/attributes/purchases.last_at",
            json!(null),
            "`purchases.last_at` is no declared attribute; declare",
        ),
        (
            "/customer/consent/sms",
            json!("yes"),
            "expected `true` or `false`, found text",
        ),
        ("/customer/senders/1", json!(null), "expected text, found nothing"),
        ("/customer/senders/1", json!(""), "must not be empty"),
        ("/customer/active_hours", json!([1, 2, 3]), "expected 24 counts"),
        (
            "/customer/active_hours/3",
            json!(-1),
            "`-1` is no count; write 0 or more",
        ),
        (
            "/customer/active_hours/3",
            json!(1.5),
            "expected a whole number, found a number",
        ),
        (
            "/customer/active_hours/3",
            json!(null),
            "expected a whole number, found nothing",
        ),
        (
            "/customer/purchases",
            json!(3),
            "expected a list, found a whole number",
        ),
        ("/customer/purchases/0", json!({"amount": 3}), "`at` is missing"),
        (
            "/customer/purchases/1/amount",
            json!("3"),
            "expected a number, found text",
        ),
        (
            "/customer/purchases/1/at",
            json!("yesterday"),
            "`yesterday` is not an instant",
        ),
        ("/history", json!({}), "expected a list, found an object"),
        ("/history/0", json!("sent"), "expected an object, found text"),
        (
            "/history/0/at",
            json!("2026-11-20 10:00"),
            "`2026-11-20 10:00` is not an instant",
        ),
        ("/history/0/channel", json!(""), "must not be empty"),
        ("/history/0/campaign", json!({}), "expected text, found an object"),
        ("/history/0/key", json!(12), "expected text, found a whole number"),
        (
            "/history/0/status",
            json!("Sent"),
            "`Sent` is not known here; write `scheduled`, `sent`, `failed`, `cancelled` or `held_out`",
        ),
        (
            "/history/0/response",
            json!([]),
            "`response` is not known here; did you mean `responses`?",
        ),
        (
            "/history/0/responses/0",
            json!({"kind": "read"}),
            "`at` is missing",
        ),
        ("/history/0/responses/0/kind", json!(""), "must not be empty"),
        ("/facts", json!([]), "expected an object, found a list"),
        ("/facts/weather", json!(3), "`weather` is no declared fact"),
        (
            "/facts/store.opn",
            json!(true),
            "`store.opn` is no declared fact; did you mean `store.open`?",
        ),
        (
            "/facts/weather.temp_c",
            json!(31.5),
            "`weather.temp_c` is keyed; write an object of its values by key",
        ),
        (
            "/facts/store.open",
            json!({}),
            "`store.open` is not keyed; write one value",
        ),
        (
            "/facts/store.open",
            json!("yes"),
            "expected `true` or `false`, found text",
        ),
        (
            "/facts/weather.temp_c/上海",
            json!("hot"),
            "expected a number, found text",
        ),
        (
            "/facts/weather.temp_c/上海",
            json!({}),
            "expected one value, found an object",
        ),
        ("/now", json!("soon"), "`soon` is not an instant"),
        ("/now", json!("9999-12-31T00:00:00Z"), "out of the calendar"),
    ];
    for (path, value, message) in wrong {
        let error = error_of(&with(path, value));
        assert_eq!(error.path(), path, "{error}");
        assert!(error.message().starts_with(message), "{error}");
    }
}

#[test]
fn what_is_missing_is_told_of_its_object() {
    let missing = [
        ("/customer", "", "`customer` is missing"),
        ("/customer/id", "/customer", "`id` is missing"),
        (
            "/customer/tags",
            "/customer",
            "`tags` is missing; write `\"tags\": []` if there are none",
        ),
        ("/customer/tags/1/tag", "/customer/tags/1", "`tag` is missing"),
        (
            "/history",
            "",
            "`history` is missing; write `\"history\": []` if there are none",
        ),
        ("/history/0/at", "/history/0", "`at` is missing"),
        ("/history/0/channel", "/history/0", "`channel` is missing"),
        ("/history/0/purpose", "/history/0", "`purpose` is missing"),
        (
            "/history/0/responses/0/kind",
            "/history/0/responses/0",
            "`kind` is missing",
        ),
        ("/now", "", "`now` is missing"),
    ];
    for (removed, path, message) in missing {
        for case in [without(removed), with(removed, Value::Null)] {
            let error = error_of(&case);
            assert_eq!((error.path(), error.message()), (path, message));
        }
    }
    let error = error_of(&json!(3));
    assert_eq!(
        (error.path(), error.message()),
        ("", "expected an object, found a whole number")
    );
}

#[test]
fn numbers_beyond_what_can_be_counted() {
    let read = |text: &str| {
        let text = example().to_string().replace("\"age\":34", text);
        read_declared_case(&serde_json::from_str(&text).unwrap(), &declarations())
    };
    assert!(read("\"age\":9223372036854775807").is_ok());
    let error = read("\"age\":9223372036854775808").unwrap_err();
    assert_eq!(error.path(), "/customer/attributes/age");
    assert!(read("\"spend\":18446744073709551615").is_err(), "written twice");
    let text = example()
        .to_string()
        .replace("\"spend\":31", "\"spend\":18446744073709551615");
    assert!(read_declared_case(&serde_json::from_str(&text).unwrap(), &declarations()).is_ok());
}

#[test]
fn a_member_written_twice_is_an_error() {
    let now = r#""now":"2026-11-21T10:00:00+08:00""#;
    for (once, path) in [
        (now, "/now"),
        ("\"age\":34", "/customer/attributes/age"),
        ("\"store.open\":true", "/facts/store.open"),
    ] {
        let text = example().to_string().replace(once, &format!("{once},{once}"));
        let error = read_declared_case(&serde_json::from_str(&text).unwrap(), &declarations()).unwrap_err();
        assert_eq!(error.path(), path);
        assert!(error.message().contains("is written twice; keep one"), "{error}");
    }
}
