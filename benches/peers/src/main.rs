//! Checks that all contenders agree, times them round by round, and writes the table.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    peers::compare(&std::env::args().skip(1).collect::<Vec<_>>())
}
