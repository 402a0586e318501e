//! Writes the JSON Schemas into a folder: `cargo run --features schema --example schema -- [FOLDER]`.

use std::{env, error::Error, fs, path::PathBuf};

use tactful::schema;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("schema"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for (name, schema) in [
        ("rulebook", schema::rulebook()),
        ("case", schema::case()),
        ("case_file", schema::case_file()),
        ("decision", schema::decision()),
        ("agenda", schema::agenda()),
    ] {
        let text = serde_json::to_string_pretty(&schema)?;
        fs::write(folder.join(format!("{name}.schema.json")), text + "\n")?;
    }
    Ok(())
}
