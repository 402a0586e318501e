#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tactful_fuzz::decide(bytes));

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("Fuzzed by `cargo fuzz run --sanitizer none decide`.");
}
