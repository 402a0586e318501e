//! Case files: questions with the decisions and reasons that a house expects, as data that anybody can write.
//!
//! A house keeps them beside its rulebook and asserts them in one test, from any crate; this module only reads and
//! compares, and the macro [`assert_case_files`](crate::assert_case_files) reads the files where it is written:
//!
//! ```no_run
//! // in tests/rulebook.rs of the house, with its files in tests/rulebook
//! # #[allow(clippy::test_attr_in_doctest)]
//! #[test]
//! fn the_rulebook_decides_as_it_is_written() {
//!     tactful::assert_case_files!("tests/rulebook");
//! }
//! ```
//!
//! The format, with an example to begin with, is told in [`guide::cases`](crate::guide::cases).

mod difference;
mod expected;
mod file;
mod folder;
mod rewrite;
mod run;

pub use file::{CaseFile, CaseInFile};
pub use folder::CaseFolder;
pub use run::{CaseFailure, CaseReport};

/// Asserts every case file of a folder of your crate, and of the folders in it: each file named `cases.json` or
/// `cases.*.json`. The path is relative to the crate's manifest.
///
/// Panics with what differs, in words, if a case is not decided as it is written, and if there is no case at all.
///
/// With `TACTFUL_REWRITE=1` in the environment it writes what is decided now over the expectations that differ, names
/// the files, and panics all the same: read the difference, then run without it. Nothing is written otherwise.
///
/// It stands in your test, and so do the reading and writing: the crate itself has neither.
#[macro_export]
macro_rules! assert_case_files {
    ($folder:expr) => {{
        let root = ::std::path::Path::new(::core::env!("CARGO_MANIFEST_DIR"));
        let mut texts = ::std::collections::BTreeMap::new();
        let mut folders = ::std::vec![::std::path::PathBuf::from($folder)];
        while let ::core::option::Option::Some(folder) = folders.pop() {
            let listed = ::std::fs::read_dir(root.join(&folder))
                .unwrap_or_else(|error| ::core::panic!("{}: {error}", folder.display()));
            for entry in listed {
                let entry = entry.unwrap_or_else(|error| ::core::panic!("{}: {error}", folder.display()));
                let path = folder.join(entry.file_name());
                if root.join(&path).is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    let text = ::std::fs::read_to_string(root.join(&path))
                        .unwrap_or_else(|error| ::core::panic!("{}: {error}", path.display()));
                    texts.insert(path.to_string_lossy().replace('\\', "/"), text);
                }
            }
        }
        let folder = $crate::cases::CaseFolder::new(texts);
        let report = folder.run();
        if ::std::env::var_os("TACTFUL_REWRITE").is_some_and(|asked| asked == "1") {
            let rewritten = folder.rewritten();
            for (path, text) in &rewritten {
                ::std::fs::write(root.join(path), text)
                    .unwrap_or_else(|error| ::core::panic!("{path}: {error}"));
            }
            if !rewritten.is_empty() {
                let names: ::std::vec::Vec<&str> = rewritten.keys().map(|path| path.as_str()).collect();
                ::core::panic!(
                    "expectations were rewritten in {}; read what changed, then run without TACTFUL_REWRITE\n\n{report}",
                    names.join(", ")
                );
            }
        }
        ::core::assert!(report.failures().is_empty(), "{report}");
        ::core::assert!(
            report.cases() > 0,
            "{}: there is no file named `cases.json` or `cases.*.json` in it, or in a folder in it",
            $folder
        );
        report
    }};
}
