//! Writes customers, audiences and the counts that all must find: `population FOLDER [CUSTOMERS]`.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("a folder is missing")?);
    let people = arguments.next().map_or(Ok(1_000_000), |number| number.parse())?;
    // Here is the place for `tactful::Population`: it counts the same customers, its counts are held against those of the
    // plain loop, and its seconds go into `tactful_seconds.txt`, which `compare.py` shows where it is there.
    peers::write_population(&folder, people)?;
    Ok(())
}
