//! Runs an example that `cargo test` has built beside the tests.

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

/// What a run left.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Panics unless these lines begin lines of the output, in this order, with any others between. Blanks in front are
    /// not looked at.
    pub(crate) fn has_lines(&self, expected: &str) {
        let mut lines = self.out.lines().map(str::trim_start);
        for line in expected.lines().map(str::trim).filter(|line| !line.is_empty()) {
            assert!(
                lines.any(|printed| printed.starts_with(line)),
                "`{line}` is not printed, or not in this order:\n{}",
                self.out
            );
        }
    }
}

fn program(name: &str) -> PathBuf {
    // target/<profile>/deps/<this test> stands beside target/<profile>/examples.
    let test = env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let program = profile
        .join("examples")
        .join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is not built: run `cargo test`, or `cargo build --examples` first",
        program.display()
    );
    program
}

/// Runs an example in the root of the package.
pub(crate) fn run(name: &str, arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(program(name))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // An example that does not read its input closes it: not this run's concern.
    let writer = thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
