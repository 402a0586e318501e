//! The rulebook on disk: read again when it changes, and taken only if it has no problems.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use tactful::{BoundFacts, Engine};

use crate::Result;

/// The rulebook in use, with the facts of the world.
pub struct Rulebook {
    path: PathBuf,
    facts_path: PathBuf,
    /// When the files were last changed, as far as they have been read.
    read: [Option<SystemTime>; 2],
    pub engine: Engine,
    pub facts: BoundFacts,
}

impl Rulebook {
    /// The first one must be good.
    pub fn open(directory: &Path) -> Result<Self> {
        let (path, facts_path) = (directory.join("rulebook.json"), directory.join("facts.json"));
        let read = [changed(&path), changed(&facts_path)];
        let (engine, facts) = load(&path, &facts_path)?;
        Ok(Self {
            path,
            facts_path,
            read,
            engine,
            facts,
        })
    }

    /// Reads what has changed. What cannot be used is told, all of it, and what was in use stays in use.
    pub fn refresh(&mut self, tell: impl Fn(String)) {
        let read = [changed(&self.path), changed(&self.facts_path)];
        if read == self.read {
            return;
        }
        self.read = read;
        match load(&self.path, &self.facts_path) {
            Ok((engine, facts)) => {
                tell(format!("rulebook {} is in use", engine.fingerprint()));
                (self.engine, self.facts) = (engine, facts);
            }
            Err(problems) => tell(format!(
                "rulebook {} stays in use:\n{problems}",
                self.engine.fingerprint()
            )),
        }
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

fn load(path: &Path, facts_path: &Path) -> Result<(Engine, BoundFacts)> {
    let (engine, _warnings) = Engine::from_document(&serde_json::from_str(&fs::read_to_string(path)?)?)?;
    let facts = engine.read_facts(&serde_json::from_str(&fs::read_to_string(facts_path)?)?)?;
    let facts = engine.bind_facts(&facts)?;
    Ok((engine, facts))
}
