//! The committed corpus, without the fuzzer.

use std::{fs, path::Path};

fn each(target: &str, run: fn(&[u8])) {
    let folder = Path::new("corpus").join(target);
    let mut inputs = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        run(&fs::read(entry.unwrap().path()).unwrap());
        inputs += 1;
    }
    assert!(inputs >= 50, "{target}: {inputs}");
}

#[test]
fn rulebooks() {
    each("rulebook", tactful_fuzz::rulebook);
}

#[test]
fn cases() {
    each("case", tactful_fuzz::case);
}

#[test]
fn decisions() {
    each("decide", tactful_fuzz::decide);
}
