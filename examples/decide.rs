//! Decides a stream of cases: one case per line in, one decision per line out, in the same order.
//!
//! ```text
//! cargo run --release --example decide -- --rulebook FILE [--facts FILE] [--agenda] [--explain] < cases.jsonl
//! ```
//!
//! Exits with 2 when the rulebook or the facts are bad, with 1 when some case was.

use std::{
    error::Error,
    fs,
    io::{self, BufRead, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde::{Deserialize, Serialize};
use tactful::{Agenda, BoundFacts, Decision, Document, Engine, Explanation, Facts, InputError};

struct Options {
    rulebook: PathBuf,
    facts: Option<PathBuf>,
    agenda: bool,
    explain: bool,
}

/// What is written for one case.
#[derive(Serialize)]
struct Answered {
    #[serde(flatten)]
    answer: Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    explained: Option<Explanation>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Decision(Box<Decision>),
    Agenda(Agenda),
}

/// What is written in the place of a bad case.
#[derive(Serialize)]
struct Refused {
    error: Mistake,
    line: usize,
}

#[derive(Serialize)]
struct Mistake {
    path: String,
    message: String,
}

impl From<InputError> for Mistake {
    fn from(error: InputError) -> Self {
        Self {
            path: error.path().to_owned(),
            message: error.message().to_owned(),
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let options = options()?;
    let Some(engine) = engine(&options.rulebook)? else {
        return Ok(ExitCode::from(2));
    };
    let facts = match &options.facts {
        Some(file) => engine
            .read_facts(&document(file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?,
        None => Facts::default(),
    };
    let shared = engine.bind_facts(&facts)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let mut all_good = true;
    for (number, line) in io::stdin().lock().split(b'\n').enumerate() {
        let line = line?;
        match answer(&engine, &facts, &shared, &line, &options) {
            Ok(answered) => serde_json::to_writer(&mut output, &answered)?,
            Err(error) => {
                all_good = false;
                serde_json::to_writer(
                    &mut output,
                    &Refused {
                        error,
                        line: number + 1,
                    },
                )?;
            }
        }
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn options() -> Result<Options, Box<dyn Error>> {
    use lexopt::prelude::*;
    let (mut rulebook, mut facts, mut agenda, mut explain) = (None, None, false, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rulebook") => rulebook = Some(arguments.value()?.into()),
            Long("facts") => facts = Some(arguments.value()?.into()),
            Long("agenda") => agenda = true,
            Long("explain") => explain = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let rulebook = rulebook.ok_or("name the rulebook: --rulebook FILE")?;
    Ok(Options {
        rulebook,
        facts,
        agenda,
        explain,
    })
}

fn document(file: &Path) -> Result<Document, Box<dyn Error>> {
    let text = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(parsed(&text).map_err(|error| format!(": bad_value: {}: {error}", file.display()))?)
}

/// JSON of any depth: a document keeps what is not too deep, so that the engine can say where it is.
fn parsed(text: &[u8]) -> serde_json::Result<Document> {
    let mut json = serde_json::Deserializer::from_slice(text);
    json.disable_recursion_limit();
    let document = Document::deserialize(&mut json)?;
    json.end()?;
    Ok(document)
}

/// The engine of a rulebook; none if it has problems, which are printed.
fn engine(file: &Path) -> Result<Option<Engine>, Box<dyn Error>> {
    match Engine::from_document(&document(file)?) {
        Ok((engine, warnings)) => {
            warnings
                .iter()
                .for_each(|warning| eprintln!("warning: {warning}"));
            Ok(Some(engine))
        }
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            Ok(None)
        }
    }
}

fn answer(
    engine: &Engine,
    facts: &Facts,
    shared: &BoundFacts,
    line: &[u8],
    options: &Options,
) -> Result<Answered, Mistake> {
    let unreadable = |error: &dyn Error| Mistake {
        path: String::new(),
        message: error.to_string(),
    };
    let document = parsed(line).map_err(|error| unreadable(&error))?;
    let case = engine.read_case(&document)?;
    // Most cases bring no facts of their own and share those of the file.
    let bound = if case.facts.is_empty() {
        engine.bind(&case.customer, &case.history, shared)?
    } else {
        let facts = engine.bind_facts(&facts.clone().overridden_by(&case.facts))?;
        engine.bind(&case.customer, &case.history, &facts)?
    };
    let answer = if options.agenda {
        Answer::Agenda(bound.agenda(case.now))
    } else {
        Answer::Decision(Box::new(bound.decide(case.now)))
    };
    Ok(Answered {
        answer,
        explained: options.explain.then(|| bound.explain(case.now)),
    })
}
