//! Writes customers, audiences and the counts that all must find: `population FOLDER [CUSTOMERS]`.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("a folder is missing")?);
    let people = arguments.next().map_or(Ok(1_000_000), |number| number.parse())?;
    peers::write_population(&folder, people)?;
    Ok(())
}
