//! The schemas in the repository are those of the types. `schema/check` asks a validator of them.

use std::fs;

use tactful::schema;

#[test]
fn the_files_are_current() {
    for (name, schema) in [
        ("rulebook", schema::rulebook()),
        ("case", schema::case()),
        ("case_file", schema::case_file()),
        ("decision", schema::decision()),
        ("agenda", schema::agenda()),
    ] {
        let path = format!("schema/{name}.schema.json");
        let written = fs::read_to_string(&path).unwrap_or_default();
        let current = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        assert!(
            written == current,
            "{path} is not current; write it with `cargo run --features schema --example schema`"
        );
    }
}
