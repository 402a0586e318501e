//! Case files and rulebooks of a folder, as texts.

use std::collections::BTreeMap;

use super::{file::CaseFile, rewrite::rewritten, run::CaseReport};
use crate::written::document::Document;

/// The JSON files of a folder by path: rulebooks, and the case files beside them, which are named `cases.json` or
/// `cases.*.json`. The host reads them; [`assert_case_files`](crate::assert_case_files) does it for a test.
///
/// ```
/// use std::collections::BTreeMap;
/// use tactful::cases::CaseFolder;
///
/// let rulebook = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
///     "purposes": ["news"], "channels": {"mail": {"consent": "none"}}, "tags": ["tea"],
///     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
///                    "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#;
/// let cases = r#"{"cases": [
///     {"name": "tea drinkers hear of it", "shows": "the audience",
///      "given": {"customer": {"id": "kim", "tags": ["tea"]}, "now": "2026-03-02T12:00:00+01:00"},
///      "then": {"outcome": "wait", "until": "2026-03-03T09:00:00+01:00"}}]}"#;
/// let text = |text: &str| text.to_owned();
/// let folder = CaseFolder::new(BTreeMap::from([
///     (text("tea/rulebook.json"), text(rulebook)),
///     (text("tea/cases.json"), text(cases)),
/// ]));
/// let report = folder.run();
/// assert_eq!((report.cases(), report.failures().len()), (1, 1));
/// assert_eq!(report.failures()[0].differences()[0], r#"then.outcome: "wait" is written, "send" is decided"#);
///
/// // What is decided now, written over what differs; the rest of the text stays as it is.
/// let rewritten = &folder.rewritten()["tea/cases.json"];
/// assert!(rewritten.contains(r#""touch": {"campaign": "first-flush", "#), "{rewritten}");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseFolder {
    texts: BTreeMap<String, String>,
}

impl CaseFolder {
    /// Texts by path; folders are parted by `/`.
    pub fn new(texts: BTreeMap<String, String>) -> Self {
        Self { texts }
    }

    /// Runs every case file.
    pub fn run(&self) -> CaseReport {
        let mut report = CaseReport::default();
        for (path, text) in self.case_files() {
            match self.read(path, text) {
                Ok((file, rulebook)) => report.add(path, file.run(&rulebook)),
                Err(why) => report.failed(path, why),
            }
        }
        report
    }

    /// The case files of which an expectation differs, with what is decided now in its place. Only the `then` of a case
    /// that differs is written anew, in the members that its author cares for; a file that cannot be read is left out, and
    /// so are expectations about the rulebook itself.
    pub fn rewritten(&self) -> BTreeMap<String, String> {
        self.case_files()
            .filter_map(|(path, text)| {
                let (file, rulebook) = self.read(path, text).ok()?;
                Some((path.to_owned(), rewritten(text, &file, &rulebook)?))
            })
            .collect()
    }

    fn case_files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().filter_map(|(path, text)| {
            let name = path.rsplit('/').next()?;
            (name.starts_with("cases.") && name.ends_with(".json")).then_some((path.as_str(), text.as_str()))
        })
    }

    fn read(&self, path: &str, text: &str) -> Result<(CaseFile, Document), String> {
        let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let file = CaseFile::read(&document).map_err(|problems| problems.to_string())?;
        let beside = match path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{}", file.rulebook()),
            None => file.rulebook().to_owned(),
        };
        let rulebook = self
            .texts
            .get(&beside)
            .ok_or_else(|| format!("the rulebook `{beside}` is not there"))?;
        let rulebook = serde_json::from_str(rulebook).map_err(|error| format!("{beside}: {error}"))?;
        Ok((file, rulebook))
    }
}
