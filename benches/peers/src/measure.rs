//! Medians over rounds; in every round everybody takes a turn, so that a noisy minute hits all alike. What counts is the
//! time that the processor worked for us: what it does for others in between is not ours.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use cpu_time::ThreadTime;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    Touch,
    /// Asked of those only who get something now.
    Sent,
    Agenda,
    /// With why the rest is not in it, which only tactful tells.
    Reasons,
    First,
    All,
    Bind,
    Compile,
    Memory,
}

pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) question: Question,
    /// How many are asked, each once in a pass.
    pub(crate) people: usize,
    pub(crate) ask: Box<dyn FnMut(usize) -> usize>,
}

/// How long a turn takes at least, so that the clock's own time does not show.
const TURN: Duration = Duration::from_millis(2);
/// How long all rounds of one size take together, about.
const BUDGET: Duration = Duration::from_secs(16);
const ROUNDS: std::ops::RangeInclusive<usize> = 5..=201;

/// The median time of one question to one person, in nanoseconds.
pub(crate) fn medians(contenders: &mut [Contender]) -> Vec<(&'static str, Question, f64)> {
    let passes: Vec<u32> = contenders
        .iter_mut()
        .map(|contender| {
            pass(contender);
            let start = ThreadTime::now();
            pass(contender);
            let once = start.elapsed().max(Duration::from_nanos(1));
            (TURN.as_nanos() / once.as_nanos()).clamp(1, 100_000) as u32
        })
        .collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contenders.len()];
    let start = Instant::now();
    while times[0].len() < *ROUNDS.start() || (times[0].len() < *ROUNDS.end() && start.elapsed() < BUDGET) {
        // Another one begins each round, so that nobody always comes after the same one.
        let first = times[0].len() % contenders.len();
        for number in (first..contenders.len()).chain(0..first) {
            let contender = &mut contenders[number];
            let start = ThreadTime::now();
            for _ in 0..passes[number] {
                pass(contender);
            }
            let asked = f64::from(passes[number]) * contender.people as f64;
            times[number].push(start.elapsed().as_nanos() as f64 / asked);
        }
    }
    let medians = times.into_iter().map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    let names = contenders
        .iter()
        .map(|contender| (contender.name, contender.question));
    names
        .zip(medians)
        .map(|((name, question), median)| (name, question, median))
        .collect()
}

/// Asks of everybody once.
fn pass(contender: &mut Contender) {
    for person in 0..contender.people {
        black_box((contender.ask)(black_box(person)));
    }
}
