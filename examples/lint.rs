//! Tells what is legal in rulebooks and hardly meant: `lint RULEBOOK...`. Exits with 1 if anything is found.

use std::{env, error::Error, fs, process::ExitCode};

use tactful::{Rulebook, lints::Linter};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut found = false;
    for file in env::args().skip(1) {
        let rulebook: Rulebook = serde_json::from_str(&fs::read_to_string(&file)?)?;
        let lints = Linter::new().check(&rulebook)?;
        found |= !lints.findings().is_empty();
        print!("{file}\n{lints}");
    }
    Ok(if found {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
