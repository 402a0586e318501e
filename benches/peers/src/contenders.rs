//! Who is compared, at which sizes, and how each of them is asked.

use std::{cell::RefCell, collections::HashSet, hint::black_box, rc::Rc, time::Duration};

use chrono::{DateTime, Utc};
use cpu_time::ThreadTime;

use crate::{
    audience, check,
    engines::{atree, cedar, celrust, datalogic, rego, zen},
    index::{Index, Seat, WholeIndex, WholeSeat},
    live_bytes::kept_by,
    measure::{self, Contender, Question},
    plain,
    report::{self, Row},
    workload::{self, Person, Spec},
};

const SIZES: [u64; 5] = [10, 100, 1_000, 10_000, 100_000];
const PEOPLE: u64 = 64;
/// An engine that at this pace takes longer than this for one customer is not asked at ten times the size.
const PATIENCE: Duration = Duration::from_millis(20);
/// Nor is one that has taken longer than this to compile.
const COMPILE_PATIENCE: Duration = Duration::from_secs(15);

/// What everybody is asked about.
pub(crate) struct Setting {
    pub(crate) campaigns: u64,
    /// The campaigns, the first to go first.
    pub(crate) ranked: Vec<Spec>,
    pub(crate) people: Vec<Person>,
    pub(crate) now: DateTime<Utc>,
}

impl Setting {
    /// The numbers of those who get something now; of all, should nobody.
    fn sent(&self) -> Rc<[usize]> {
        let gets = |number: &usize| {
            let placed = plain::decide(&self.ranked, &self.people[*number], self.now);
            placed.is_some_and(|placed| placed.at == self.now)
        };
        let sent: Vec<usize> = (0..self.people.len()).filter(gets).collect();
        if sent.is_empty() {
            (0..self.people.len()).collect()
        } else {
            sent.into()
        }
    }
}

type Matches = Box<dyn FnMut(usize) -> Vec<usize>>;
/// A question with what answers it for the person of a number; the answer itself only matters to the check.
type Asked = (Question, Box<dyn FnMut(usize) -> usize>);

/// A contender made ready.
pub(crate) struct Ready {
    compile: Duration,
    bytes: usize,
    /// The ranks of the campaigns whose audience is true for a person, for the check.
    pub(crate) matches: Option<Matches>,
    asked: Vec<Asked>,
}

struct Peer {
    name: &'static str,
    ready: fn(&Setting) -> Ready,
}

const PEERS: [Peer; 10] = [
    peer("tactful", tactful),
    peer("hand-written index", index),
    peer("hand-written index, whole answer", whole_index),
    peer("plain loop", plain_loop),
    peer("a-tree", a_tree),
    peer("zen-expression", zen_expression),
    peer("datalogic-rs", datalogic_rs),
    peer("cel", cel),
    peer("cedar-policy", cedar_policy),
    peer("regorus", regorus),
];
/// A program of `regorus` holds 65,535 instructions; ten times as many campaigns need more.
const LARGEST_REGO: u64 = 1_000;

const fn peer(name: &'static str, ready: fn(&Setting) -> Ready) -> Peer {
    Peer { name, ready }
}

/// Checks and times everybody at every size, or at the sizes up to the one that is given.
///
/// # Errors
///
/// Where the size is no number, or the results cannot be written. A contender that answers differently is a panic.
pub fn compare(arguments: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let largest = match arguments.first() {
        Some(argument) => argument.parse()?,
        None => SIZES[SIZES.len() - 1],
    };
    let mut slow = HashSet::new();
    let mut rows = Vec::new();
    for campaigns in SIZES.into_iter().filter(|&size| size <= largest) {
        let setting = Setting {
            campaigns,
            ranked: audience::ranked(campaigns),
            people: (0..PEOPLE).map(workload::person).collect(),
            now: workload::now(),
        };
        if campaigns > LARGEST_REGO {
            slow.insert("regorus");
        }
        check::decisions(&setting);
        rows.extend(at_one_size(&setting, &mut slow));
    }
    report::write(&rows)?;
    Ok(())
}

fn at_one_size(setting: &Setting, slow: &mut HashSet<&'static str>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut contenders = Vec::new();
    let sending = setting.sent().len();
    for peer in PEERS
        .iter()
        .filter(|peer| !slow.contains(peer.name))
        .collect::<Vec<_>>()
    {
        eprintln!("{} campaigns: {}", setting.campaigns, peer.name);
        let mut ready = (peer.ready)(setting);
        if let Some(matches) = &mut ready.matches {
            check::matches(setting, peer.name, matches);
        }
        for (question, ask) in &mut ready.asked {
            check::answers(setting, peer.name, *question, ask);
        }
        let mut row = |question, value| rows.push(Row::new(setting.campaigns, peer.name, question, value));
        if ready.bytes > 0 {
            row(Question::Compile, ready.compile.as_nanos() as f64);
            row(Question::Memory, ready.bytes as f64);
        }
        if ready.compile > COMPILE_PATIENCE {
            slow.insert(peer.name);
        }
        contenders.extend(ready.asked.into_iter().map(|(question, ask)| Contender {
            name: peer.name,
            question,
            people: match question {
                Question::Sent => sending,
                _ => setting.people.len(),
            },
            ask,
        }));
    }
    for (name, question, median) in measure::medians(&mut contenders) {
        if question == Question::All && 10.0 * median > PATIENCE.as_nanos() as f64 {
            slow.insert(name);
        }
        rows.push(Row::new(setting.campaigns, name, question, median));
    }
    rows
}

/// What `make` returns, how long it took in the median of some tries, and how many bytes it keeps.
fn made<T>(make: impl Fn() -> T) -> (T, Duration, usize) {
    let mut times = Vec::new();
    // At least one try before the one that is kept: the first one of all also fills what lives for ever.
    while times.is_empty() || (times.len() < 5 && times.iter().sum::<Duration>() < Duration::from_secs(1)) {
        let start = ThreadTime::now();
        black_box(make());
        times.push(start.elapsed());
    }
    let (made, bytes) = kept_by(make);
    times.sort_unstable();
    (made, times[times.len() / 2], bytes)
}

fn tactful(setting: &Setting) -> Ready {
    let book = workload::rulebook(setting.campaigns);
    let (engine, compile, bytes) = made(|| tactful::Engine::compile(&book).expect("the workload compiles").0);
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let given: Vec<_> = setting
        .people
        .iter()
        .map(|person| (workload::customer(person), workload::history(person)))
        .collect();
    let bind = move |(customer, history): &(tactful::Customer, Vec<tactful::HistoryEntry>)| {
        engine
            .bind(customer, history, &facts)
            .expect("the customer binds")
    };
    let bound: Rc<Vec<_>> = Rc::new(given.iter().map(&bind).collect());
    let (decided, sending, planned, explained) = (bound.clone(), bound.clone(), bound.clone(), bound);
    let (now, sent) = (setting.now, setting.sent());
    Ready {
        compile,
        bytes,
        matches: None,
        asked: vec![
            (
                Question::Touch,
                Box::new(move |person| black_box(decided[person].decide(now)).reasons().len()),
            ),
            (
                Question::Sent,
                Box::new(move |person| {
                    let person = sent[person];
                    black_box(sending[person].decide(now)).reasons().len()
                }),
            ),
            (
                Question::Agenda,
                Box::new(move |person| black_box(planned[person].planned(now)).touches().len()),
            ),
            (
                Question::Reasons,
                Box::new(move |person| black_box(explained[person].agenda(now)).touches().len()),
            ),
            (
                Question::Bind,
                Box::new(move |person| {
                    black_box(bind(&given[person]));
                    0
                }),
            ),
        ],
    }
}

fn index(setting: &Setting) -> Ready {
    let (index, compile, bytes) = made(|| Index::new(&setting.ranked));
    let index = Rc::new(index);
    let people = setting.people.clone();
    let seats: Rc<Vec<Seat>> = Rc::new(people.iter().map(|person| Seat::new(&index, person)).collect());
    let now = setting.now;
    let mut asked: Vec<Asked> = Vec::new();
    let mut ask = |question, answer: fn(&Index, &Seat, DateTime<Utc>) -> usize| {
        let (index, seats) = (index.clone(), seats.clone());
        asked.push((
            question,
            Box::new(move |person| answer(&index, &seats[person], now)),
        ));
    };
    ask(Question::Touch, |index, seat, now| {
        black_box(index.decide(seat, now)).map_or(0, |slot| slot.rank)
    });
    ask(Question::Agenda, |index, seat, now| {
        black_box(index.agenda(seat, now)).1
    });
    let (sent, sending, seated) = (setting.sent(), index.clone(), seats.clone());
    asked.push((
        Question::Sent,
        Box::new(move |person| {
            let seat = &seated[sent[person]];
            black_box(sending.decide(seat, now)).map_or(0, |slot| slot.rank)
        }),
    ));
    let mut ask = |question, answer: fn(&Index, &Seat, DateTime<Utc>) -> usize| {
        let (index, seats) = (index.clone(), seats.clone());
        asked.push((
            question,
            Box::new(move |person| answer(&index, &seats[person], now)),
        ));
    };
    ask(Question::First, |index, seat, now| {
        index.first(seat, now).unwrap_or(0)
    });
    ask(Question::All, Index::count);
    asked.push((
        Question::Bind,
        Box::new(move |person| {
            black_box(Seat::new(&index, &people[person]));
            0
        }),
    ));
    Ready {
        compile,
        bytes,
        matches: None,
        asked,
    }
}

/// What the other index takes to compile, to keep and to make ready stands with that one: only names are added here.
fn whole_index(setting: &Setting) -> Ready {
    let whole = WholeIndex::new(&setting.ranked);
    let people = setting.people.iter();
    let seats: Vec<WholeSeat> = people
        .map(|person| WholeSeat::new(&whole.index, person))
        .collect();
    let (now, sent) = (setting.now, setting.sent());
    Ready {
        compile: Duration::ZERO,
        bytes: 0,
        matches: None,
        asked: vec![(
            Question::Sent,
            Box::new(move |person| {
                let seat = &seats[sent[person]];
                black_box(whole.send(seat, now)).map_or(0, |answer| answer.reasons.len())
            }),
        )],
    }
}

fn plain_loop(setting: &Setting) -> Ready {
    let ranked: Rc<[Spec]> = setting.ranked.clone().into();
    let people: Rc<[Person]> = setting.people.clone().into();
    let now = setting.now;
    let mut asked: Vec<Asked> = Vec::new();
    let mut ask = |question, answer: fn(&[Spec], &Person, DateTime<Utc>) -> usize| {
        let (ranked, people) = (ranked.clone(), people.clone());
        asked.push((
            question,
            Box::new(move |person| answer(&ranked, &people[person], now)),
        ));
    };
    ask(Question::Touch, |ranked, person, now| {
        black_box(plain::decide(ranked, person, now)).map_or(0, |placed| placed.rank)
    });
    ask(Question::Agenda, |ranked, person, now| {
        black_box(plain::agenda(ranked, person, now)).len()
    });
    let sent = setting.sent();
    let (all, everybody) = (ranked.clone(), people.clone());
    asked.push((
        Question::Sent,
        Box::new(move |person| {
            let person = &everybody[sent[person]];
            black_box(plain::decide(&all, person, now)).map_or(0, |placed| placed.rank)
        }),
    ));
    let mut ask = |question, answer: fn(&[Spec], &Person, DateTime<Utc>) -> usize| {
        let (ranked, people) = (ranked.clone(), people.clone());
        asked.push((
            question,
            Box::new(move |person| answer(&ranked, &people[person], now)),
        ));
    };
    ask(Question::First, |ranked, person, now| {
        let first = ranked
            .iter()
            .position(|spec| audience::matches(spec, person, now));
        first.unwrap_or(0)
    });
    ask(Question::All, |ranked, person, now| {
        ranked
            .iter()
            .filter(|spec| audience::matches(spec, person, now))
            .count()
    });
    Ready {
        compile: Duration::ZERO,
        bytes: 0,
        matches: None,
        asked,
    }
}

fn a_tree(setting: &Setting) -> Ready {
    let (tree, compile, bytes) = made(|| atree::compile(&setting.ranked));
    let tree = Rc::new(tree);
    let (people, now) = (setting.people.clone(), setting.now);
    let events: Rc<Vec<_>> = Rc::new(people.iter().map(|person| tree.read(person, now)).collect());
    let (tree_2, tree_3, tree_4) = (tree.clone(), tree.clone(), tree.clone());
    let (events_2, events_3) = (events.clone(), events.clone());
    Ready {
        compile,
        bytes,
        matches: Some(Box::new(move |person| tree.all(&events[person]))),
        asked: vec![
            (
                Question::First,
                Box::new(move |person| tree_2.first(&events_2[person]).unwrap_or(0)),
            ),
            (
                Question::All,
                Box::new(move |person| tree_3.count(&events_3[person])),
            ),
            (
                Question::Bind,
                Box::new(move |person| {
                    black_box(tree_4.read(&people[person], now));
                    0
                }),
            ),
        ],
    }
}

fn zen_expression(setting: &Setting) -> Ready {
    let (compiled, compile, bytes) = made(|| zen::compile(&setting.ranked));
    let compiled = Rc::new(compiled);
    let (people, now) = (setting.people.clone(), setting.now);
    let isolates: Rc<Vec<_>> = Rc::new(
        people
            .iter()
            .map(|person| RefCell::new(zen::read(person, now)))
            .collect(),
    );
    let (compiled_2, compiled_3) = (compiled.clone(), compiled.clone());
    let (isolates_2, isolates_3) = (isolates.clone(), isolates.clone());
    Ready {
        compile,
        bytes,
        matches: Some(Box::new(move |person| {
            compiled.all(&mut isolates[person].borrow_mut()).collect()
        })),
        asked: vec![
            (
                Question::First,
                Box::new(move |person| {
                    compiled_2
                        .all(&mut isolates_2[person].borrow_mut())
                        .next()
                        .unwrap_or(0)
                }),
            ),
            (
                Question::All,
                Box::new(move |person| compiled_3.all(&mut isolates_3[person].borrow_mut()).count()),
            ),
            (
                Question::Bind,
                Box::new(move |person| {
                    black_box(zen::read(&people[person], now));
                    0
                }),
            ),
        ],
    }
}

fn datalogic_rs(setting: &Setting) -> Ready {
    let (rules, compile, bytes) = made(|| datalogic::compile(&setting.ranked));
    // Sessions borrow their engine; it is kept until the end.
    let rules: &'static datalogic::Rules = Box::leak(Box::new(rules));
    let (people, now) = (setting.people.clone(), setting.now);
    let parsed: Rc<Vec<_>> = Rc::new(people.iter().map(|person| datalogic::read(person, now)).collect());
    let (parsed_2, parsed_3, parsed_4) = (parsed.clone(), parsed.clone(), parsed.clone());
    let [mut session, mut session_2, mut session_3, mut session_4] =
        std::array::from_fn(|_| rules.engine.session());
    // Its audiences, and all the rest as the plain loop has it.
    let (ranked, everybody, sent) = (setting.ranked.clone(), setting.people.clone(), setting.sent());
    let mut touch = move |number: usize| {
        session_4.reset();
        let (person, document) = (&everybody[number], &parsed_4[number]);
        plain::decide_by(&ranked, person, now, |rank| {
            rules.matches(&mut session_4, document, rank) || plain::may_come(&ranked[rank], person, now)
        })
    };
    for &number in sent.iter() {
        let expected = plain::decide(&setting.ranked, &setting.people[number], now);
        assert_eq!(
            touch(number),
            expected,
            "datalogic-rs with plain rules agrees on the touch"
        );
    }
    Ready {
        compile,
        bytes,
        matches: Some(Box::new(move |person| rules.all(&mut session, &parsed[person]))),
        asked: vec![
            (
                Question::Sent,
                Box::new(move |person| black_box(touch(sent[person])).map_or(0, |placed| placed.rank)),
            ),
            (
                Question::First,
                Box::new(move |person| rules.first(&mut session_2, &parsed_2[person]).unwrap_or(0)),
            ),
            (
                Question::All,
                Box::new(move |person| rules.all(&mut session_3, &parsed_3[person]).len()),
            ),
            (
                Question::Bind,
                Box::new(move |person| {
                    black_box(datalogic::read(&people[person], now));
                    0
                }),
            ),
        ],
    }
}

fn cel(setting: &Setting) -> Ready {
    let (programs, compile, bytes) = made(|| celrust::compile(&setting.ranked));
    let programs = Rc::new(programs);
    let (people, now) = (setting.people.clone(), setting.now);
    let contexts: Rc<Vec<_>> = Rc::new(people.iter().map(|person| programs.read(person, now)).collect());
    let (programs_2, programs_3, programs_4) = (programs.clone(), programs.clone(), programs.clone());
    let (contexts_2, contexts_3) = (contexts.clone(), contexts.clone());
    Ready {
        compile,
        bytes,
        matches: Some(Box::new(move |person| programs.all(&contexts[person]).collect())),
        asked: vec![
            (
                Question::First,
                Box::new(move |person| programs_2.all(&contexts_2[person]).next().unwrap_or(0)),
            ),
            (
                Question::All,
                Box::new(move |person| programs_3.all(&contexts_3[person]).count()),
            ),
            (
                Question::Bind,
                Box::new(move |person| {
                    black_box(programs_4.read(&people[person], now));
                    0
                }),
            ),
        ],
    }
}

fn cedar_policy(setting: &Setting) -> Ready {
    let (whole, compile, bytes) = made(|| cedar::whole(&setting.ranked));
    let (whole, apart) = (Rc::new(whole), cedar::apart(&setting.ranked));
    let (people, now) = (setting.people.clone(), setting.now);
    let requests: Rc<Vec<_>> = Rc::new(people.iter().map(|person| cedar::read(person, now)).collect());
    let (requests_2, requests_3, whole_2) = (requests.clone(), requests.clone(), whole.clone());
    Ready {
        compile,
        bytes,
        matches: Some(Box::new(move |person| whole.all(&requests[person]))),
        asked: vec![
            (
                Question::First,
                Box::new(move |person| apart.first(&requests_2[person]).unwrap_or(0)),
            ),
            (
                Question::All,
                Box::new(move |person| whole_2.count(&requests_3[person])),
            ),
            (
                Question::Bind,
                Box::new(move |person| {
                    black_box(cedar::read(&people[person], now));
                    0
                }),
            ),
        ],
    }
}

fn regorus(setting: &Setting) -> Ready {
    let (whole, compile, bytes) = made(|| rego::whole(&setting.ranked));
    let (mut machine, mut machine_2) = (whole.machine(), whole.machine());
    let chains = rego::chains(&setting.ranked);
    let mut chains: Vec<_> = chains.iter().map(rego::Policy::machine).collect();
    let (people, now) = (setting.people.clone(), setting.now);
    let inputs: Rc<Vec<_>> = Rc::new(people.iter().map(|person| rego::read(person, now)).collect());
    let (inputs_2, inputs_3) = (inputs.clone(), inputs.clone());
    Ready {
        compile,
        bytes,
        matches: Some(Box::new(move |person| rego::all(&mut machine, &inputs[person]))),
        asked: vec![
            (
                Question::First,
                Box::new(move |person| rego::first(&mut chains, &inputs_2[person]).unwrap_or(0)),
            ),
            (
                Question::All,
                Box::new(move |person| rego::count(&mut machine_2, &inputs_3[person])),
            ),
            (
                Question::Bind,
                Box::new(move |person| {
                    black_box(rego::read(&people[person], now));
                    0
                }),
            ),
        ],
    }
}
