//! The index of a block of campaigns: which of them a customer can concern, without asking each.
//!
//! An audience is, as a rule, a conjunction; each of its tests that reads one value, or one tag, is a column of bits over
//! the block's campaigns. A tag keeps the bits of those that ask for it and of those that refuse it. All tests of one
//! value become a table: the literals, sorted, cut the values into pieces, and each piece has the bits of the campaigns
//! whose tests of this value it does not make false. Then a customer costs one search per value and one probe per tag for
//! 256 campaigns, and what comes out, in the order in which they rank, is nearly all true. Time is a value like the
//! others: a window of fixed dates is two tests of the time, and so is a time that elapses.
//!
//! What the index keeps out is surely false, at every instant asked about. A missing value, which makes a test unknown,
//! keeps nothing out but what asks for presence, and a test that the index cannot read keeps nothing out. What it lets
//! through is asked in full, but for the audiences that the index knows all of: those are surely true, unless a value
//! that they read is missing.
//!
//! Measured against posting lists per tag with the rest asked one by one: on audiences that name a tag, lists are as
//! fast; one in seven of the workload's names none, and lists must ask all of these. Blocks also end early: the first
//! touch that can go now is mostly in the first block, however many there are. And a campaign that changes changes one
//! block.

use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};

use super::{
    campaign::{Campaign, Schedule},
    campaigns::BLOCK,
    condition::{Comparison, Condition, ElapsedTest, FactKey, Operand, Source, Test},
    engine::Derived,
    scalar::Scalar,
    symbols::Symbol,
};
use crate::clock::instant::Instant;

const WORDS: usize = BLOCK / 64;

/// A bit for each campaign of a block, in the order in which they rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mask([u64; WORDS]);

impl Mask {
    const ALL: Self = Self([u64::MAX; WORDS]);

    pub(crate) fn set(&mut self, bit: usize) {
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1_u64.rotate_left(u32::try_from(bit % 64).unwrap_or(0));
        }
    }

    #[inline]
    pub(crate) fn has(self, bit: usize) -> bool {
        let word = self.0.get(bit / 64).copied().unwrap_or(0);
        word.rotate_right(u32::try_from(bit % 64).unwrap_or(0)) & 1 == 1
    }

    #[inline]
    fn zip(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let mut joined = self;
        for (word, other) in joined.0.iter_mut().zip(other.0) {
            *word = join(*word, other);
        }
        joined
    }

    #[inline]
    fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    #[inline]
    fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    #[inline]
    fn without(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.0 == [0; WORDS]
    }

    /// Takes out the lowest bit.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<usize> {
        for (number, word) in self.0.iter_mut().enumerate() {
            if *word != 0 {
                let bit = usize::try_from(word.trailing_zeros()).unwrap_or(0);
                *word &= word.wrapping_sub(1);
                return Some(number.saturating_mul(64).saturating_add(bit));
            }
        }
        None
    }
}

/// A value by which campaigns are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    Source(Source),
    /// How long it is since an instant, in microseconds: at the first instant asked about, and at the last. It grows in
    /// between, so that what must be less is less at the first, and what must be more is more at the last.
    ElapsedFirst(Source),
    ElapsedLast(Source),
    /// The first instant asked about, and the last.
    First,
    Last,
}

/// What a customer is to an index.
pub(crate) trait Customer {
    /// The numbers of the tags that are held at some time, and whether that is at all times.
    fn tags(&self) -> impl Iterator<Item = (usize, bool)>;
    /// Hands over the value of a subject, or that it is missing.
    fn value<R>(&self, subject: &Subject, read: impl FnOnce(Option<&Scalar>) -> R) -> R;
}

/// Finds the campaigns of a block that can concern a customer.
#[derive(Debug)]
pub(crate) struct Index {
    all: Mask,
    /// Those that ask for a tag.
    ask_for_tags: Mask,
    /// Those whose audience asks nothing that is not here, and nothing that time changes.
    known: Mask,
    tags: Tags,
    tables: Vec<Table>,
}

/// The campaigns of a block that a customer can concern.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Possible {
    /// All but those whose audience is surely false, or that surely have no occurrence.
    pub(crate) all: Mask,
    /// Of these, those whose audience is surely true at all times.
    pub(crate) surely: Mask,
}

impl Index {
    pub(crate) fn new(campaigns: &[Arc<Campaign>], derived: &[Derived]) -> Self {
        let mut found = Found::default();
        let mut all = Mask::default();
        for (bit, campaign) in campaigns.iter().enumerate() {
            all.set(bit);
            found.campaign(campaign, bit, derived);
        }
        Self {
            all,
            ask_for_tags: found.ask_for_tags,
            known: found.known,
            tags: Tags::new(found.tags.into_values()),
            tables: found
                .tables
                .into_iter()
                .map(|(subject, tests)| Table::new(subject, &tests))
                .collect(),
        }
    }

    /// The campaigns that a customer can concern.
    pub(crate) fn possible(&self, customer: &impl Customer) -> Possible {
        let (mut wanted, mut refused) = (Mask::default(), Mask::default());
        let mut surely = self.known;
        for (tag, always) in customer.tags() {
            if let Some(entry) = self.tags.get(tag) {
                wanted = wanted.or(entry.wanted);
                if always {
                    refused = refused.or(entry.refused);
                } else {
                    surely = surely.without(entry.wanted.or(entry.refused));
                }
            }
        }
        let mut all = self
            .all
            .without(self.ask_for_tags.without(wanted))
            .without(refused);
        for table in &self.tables {
            if all.is_empty() {
                break;
            }
            let (possible, missing) = customer.value(&table.subject, |value| table.possible(value));
            all = all.and(possible);
            if missing {
                surely = surely.without(table.readers);
            }
        }
        Possible {
            all,
            surely: surely.and(all),
        }
    }
}

/// What asks for a tag, or refuses it.
#[derive(Debug)]
struct TagEntry {
    tag: usize,
    wanted: Mask,
    refused: Mask,
}

/// The entries, found by the tag's number: at most half of the places are taken, and a search goes on to the next place
/// until it finds a free one.
#[derive(Debug)]
struct Tags {
    places: Box<[Option<Box<TagEntry>>]>,
}

impl Tags {
    fn new(entries: impl ExactSizeIterator<Item = TagEntry>) -> Self {
        let size = entries.len().saturating_mul(2).next_power_of_two();
        let mut places: Box<[Option<Box<TagEntry>>]> = (0..size).map(|_| None).collect();
        for entry in entries {
            let start = Self::start(entry.tag, size);
            let free = (0..size).map(|step| start.wrapping_add(step) & size.wrapping_sub(1));
            let free = free
                .into_iter()
                .find(|&place| matches!(places.get(place), Some(None)));
            if let Some(place) = free.and_then(|place| places.get_mut(place)) {
                *place = Some(Box::new(entry));
            }
        }
        Self { places }
    }

    #[inline]
    fn start(tag: usize, size: usize) -> usize {
        // Spreads neighbouring numbers over the places.
        let spread = u64::try_from(tag)
            .unwrap_or(0)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            >> 32;
        usize::try_from(spread).unwrap_or(0) & size.wrapping_sub(1)
    }

    #[inline]
    fn get(&self, tag: usize) -> Option<&TagEntry> {
        let size = self.places.len();
        let mut place = Self::start(tag, size);
        loop {
            let entry = self.places.get(place)?.as_ref()?;
            if entry.tag == tag {
                return Some(entry);
            }
            place = place.wrapping_add(1) & size.wrapping_sub(1);
        }
    }
}

/// The tests of one value.
#[derive(Debug)]
struct Table {
    subject: Subject,
    /// Those that a missing value does not make false.
    missing: Mask,
    /// Those that read the value.
    readers: Mask,
    cuts: Cuts,
    /// Those that a value does not make false: below the first cut, at it, between it and the second, and so on.
    pieces: Box<[Mask]>,
}

/// The literals of the tests of one value, sorted, each once; in the form in which they are compared fastest.
#[derive(Debug)]
enum Cuts {
    /// Whole numbers, days or microseconds.
    Integers(Box<[i64]>),
    Numbers(Box<[f64]>),
    /// By number: texts are asked for equality only.
    Names(Box<[Symbol]>),
    Scalars(Box<[Scalar]>),
}

impl Cuts {
    fn new(scalars: Vec<Scalar>) -> Self {
        let integer = |scalar: &Scalar| match *scalar {
            Scalar::Integer(number) | Scalar::Date(number) => Some(number),
            Scalar::Instant(at) => Some(at.0),
            _ => None,
        };
        let name = |scalar: &Scalar| match scalar {
            Scalar::Text(symbol, _) => Some(*symbol),
            _ => None,
        };
        if let Some(integers) = scalars.iter().map(integer).collect() {
            return Self::Integers(integers);
        }
        if let Some(numbers) = scalars.iter().map(Scalar::as_number).collect() {
            return Self::Numbers(numbers);
        }
        match scalars.iter().map(name).collect() {
            Some(names) => Self::Names(names),
            None => Self::Scalars(scalars.into()),
        }
    }

    /// The place of a value among the cuts.
    #[inline]
    fn piece(&self, value: &Scalar) -> usize {
        match (self, value) {
            (Self::Integers(cuts), Scalar::Integer(value) | Scalar::Date(value)) => piece(cuts, value),
            (Self::Integers(cuts), Scalar::Instant(value)) => piece(cuts, &value.0),
            (Self::Integers(cuts), value) => {
                let order = |cut: &i64| order(&Scalar::Integer(*cut), value);
                place(cuts, order)
            }
            (Self::Numbers(cuts), value) => match value.as_number() {
                Some(value) => piece(cuts, &value),
                None => place(cuts, |cut| order(&Scalar::Number(*cut), value)),
            },
            (Self::Names(cuts), Scalar::Text(symbol, _)) => piece(cuts, symbol),
            (Self::Names(_), _) => 0,
            (Self::Scalars(cuts), value) => place(cuts, |cut| order(cut, value)),
        }
    }
}

fn piece<T: PartialOrd>(cuts: &[T], value: &T) -> usize {
    let below = cuts.partition_point(|cut| cut < value);
    let at = cuts.get(below).is_some_and(|cut| cut == value);
    below.saturating_mul(2).saturating_add(usize::from(at))
}

fn place<T>(cuts: &[T], order: impl Fn(&T) -> Ordering) -> usize {
    let below = cuts.partition_point(|cut| order(cut).is_lt());
    let at = cuts.get(below).is_some_and(|cut| order(cut).is_eq());
    below.saturating_mul(2).saturating_add(usize::from(at))
}

/// A campaign's tests of one value: all of them must hold, or, turned round, not all.
struct ValueTests<'c> {
    bit: usize,
    tests: TestsOf<'c>,
    turned: bool,
}

enum TestsOf<'c> {
    Written(&'c [Test]),
    Made(Test),
}

impl TestsOf<'_> {
    fn tests(&self) -> &[Test] {
        match self {
            Self::Written(tests) => tests,
            Self::Made(test) => std::slice::from_ref(test),
        }
    }
}

/// How a value makes a test: by the place of the value among the cuts; none is missing.
#[derive(Clone, Copy)]
enum Value {
    Missing,
    Piece(usize),
}

impl Table {
    fn new(subject: Subject, tests: &[ValueTests<'_>]) -> Self {
        let mut cuts: Vec<Scalar> = Vec::new();
        for test in tests.iter().flat_map(|tests| tests.tests.tests()) {
            let operands: &[Operand] = match test {
                Test::Compare(_, operand) => std::slice::from_ref(operand),
                Test::In(list) => list,
                Test::Present(_) => &[],
            };
            for operand in operands {
                if let Operand::Literal(literal) = operand {
                    cuts.push(literal.clone());
                }
            }
        }
        cuts.sort_by(order);
        cuts.dedup_by(|a, b| order(a, b).is_eq());
        let possible = |value: Value| {
            let mut ruled_out = Mask::default();
            for tests in tests {
                if tests.are_false(value, &cuts) {
                    ruled_out.set(tests.bit);
                }
            }
            Mask::ALL.without(ruled_out)
        };
        let pieces = (0..=cuts.len().saturating_mul(2)).map(|piece| possible(Value::Piece(piece)));
        let pieces = pieces.collect();
        let missing = possible(Value::Missing);
        let mut readers = Mask::default();
        tests.iter().for_each(|tests| readers.set(tests.bit));
        Self {
            subject,
            missing,
            readers,
            pieces,
            cuts: Cuts::new(cuts),
        }
    }

    /// Those that a value does not make false, and whether it is missing.
    #[inline]
    fn possible(&self, value: Option<&Scalar>) -> (Mask, bool) {
        let Some(value) = value else {
            return (self.missing, true);
        };
        let piece = self.pieces.get(self.cuts.piece(value)).copied();
        (piece.unwrap_or(Mask::ALL), false)
    }
}

/// The order of values of one type. Texts, which are asked for equality only, by the number of the name: every literal
/// has one.
#[inline]
fn order(a: &Scalar, b: &Scalar) -> Ordering {
    match (a, b) {
        (Scalar::Text(a, _), Scalar::Text(b, _)) => a.cmp(b),
        _ => a.compare(b).unwrap_or(Ordering::Equal),
    }
}

impl ValueTests<'_> {
    /// Whether the tests together are surely false: neither true nor unknown.
    fn are_false(&self, value: Value, cuts: &[Scalar]) -> bool {
        let mut tests = self.tests.tests().iter();
        if self.turned {
            tests.all(|test| known(test, value, cuts) == Some(true))
        } else {
            tests.any(|test| known(test, value, cuts) == Some(false))
        }
    }
}

/// Whether a test holds, where that is known of every value at this place.
fn known(test: &Test, value: Value, cuts: &[Scalar]) -> Option<bool> {
    let compare = |operand: &Operand| -> Option<Ordering> {
        let (Value::Piece(piece), Operand::Literal(literal)) = (value, operand) else {
            return None;
        };
        let cut = cuts.binary_search_by(|cut| order(cut, literal)).ok()?;
        Some(piece.cmp(&cut.saturating_mul(2).saturating_add(1)))
    };
    match test {
        Test::Present(wanted) => Some(matches!(value, Value::Piece(_)) == *wanted),
        Test::Compare(comparison, operand) => compare(operand).map(|ordering| comparison.holds(ordering)),
        Test::In(list) => {
            let mut all_known = true;
            for operand in list {
                match compare(operand) {
                    Some(Ordering::Equal) => return Some(true),
                    Some(_) => {}
                    None => all_known = false,
                }
            }
            all_known.then_some(false)
        }
    }
}

/// Whether a test compares with literals only.
fn is_literal(test: &Test) -> bool {
    let literal = |operand: &Operand| matches!(operand, Operand::Literal(_));
    match test {
        Test::Compare(_, operand) => literal(operand),
        Test::In(list) => list.iter().all(literal),
        Test::Present(_) => true,
    }
}

/// Whether a source gives all campaigns of a block the same.
fn same_for_all(source: &Source) -> bool {
    let key = match source {
        Source::Attribute(_) | Source::Purchase(_) => return true,
        Source::Fact { key, .. } => key,
    };
    !matches!(key, FactKey::Campaign | FactKey::Sender | FactKey::Channel)
}

/// What the campaigns of a block ask, gathered by what they ask it of.
#[derive(Default)]
struct Found<'c> {
    ask_for_tags: Mask,
    known: Mask,
    tags: BTreeMap<usize, TagEntry>,
    tables: Vec<(Subject, Vec<ValueTests<'c>>)>,
}

impl<'c> Found<'c> {
    fn campaign(&mut self, campaign: &'c Campaign, bit: usize, derived: &'c [Derived]) {
        self.schedule(&campaign.schedule, bit);
        let mut wanted: Option<Vec<usize>> = None;
        let known = match &campaign.audience {
            Some(audience) => self.condition(audience, false, bit, derived, &mut wanted),
            None => true,
        };
        if known {
            self.known.set(bit);
        }
        if let Some(tags) = wanted {
            self.ask_for_tags.set(bit);
            for tag in tags {
                self.tag(tag).wanted.set(bit);
            }
        }
    }

    /// What must hold for a condition, or its contrary if it is turned, not to be false; whether that is all there is to it,
    /// at all times. Of several demands for tags the one that fewer tags meet is kept.
    fn condition(
        &mut self,
        condition: &'c Condition,
        turned: bool,
        bit: usize,
        derived: &'c [Derived],
        wanted: &mut Option<Vec<usize>>,
    ) -> bool {
        let mut want = |tags: Vec<usize>| {
            let first = wanted.is_none();
            if wanted.as_ref().is_none_or(|known| tags.len() < known.len()) {
                *wanted = Some(tags);
            }
            first
        };
        match condition {
            Condition::All(parts) if !turned => parts.iter().fold(true, |known, part| {
                self.condition(part, turned, bit, derived, wanted) && known
            }),
            Condition::Any(parts) if turned => parts.iter().fold(true, |known, part| {
                self.condition(part, turned, bit, derived, wanted) && known
            }),
            Condition::Any(parts) => {
                let held = |part: &Condition| {
                    if let Condition::Held(tag) = part {
                        Some(*tag)
                    } else {
                        None
                    }
                };
                parts.iter().map(held).collect::<Option<_>>().is_some_and(want)
            }
            Condition::Not(part) => self.condition(part, !turned, bit, derived, wanted),
            Condition::Held(tag) if turned => {
                self.tag(*tag).refused.set(bit);
                true
            }
            Condition::Held(tag) => want(vec![*tag]),
            Condition::Derived(number) => derived
                .get(*number)
                .is_some_and(|tag| self.condition(&tag.when, turned, bit, derived, wanted)),
            Condition::Value { subject, tests } => {
                if !same_for_all(subject) {
                    return false;
                }
                self.test(
                    Subject::Source(subject.clone()),
                    ValueTests {
                        bit,
                        tests: TestsOf::Written(tests),
                        turned,
                    },
                );
                tests.iter().all(is_literal)
            }
            Condition::Elapsed { since, tests } => {
                self.elapsed(since, tests, turned, bit);
                false
            }
            Condition::All(_)
            | Condition::Touches { .. }
            | Condition::Purchases { .. }
            | Condition::Occurrence(_)
            | Condition::Score(_) => false,
        }
    }

    fn elapsed(&mut self, since: &Source, tests: &[ElapsedTest], turned: bool, bit: usize) {
        // Of several tests turned round any may fail, and which is not known here.
        if !same_for_all(since) || turned && tests.len() > 1 {
            return;
        }
        for test in tests {
            match (*test, turned) {
                (ElapsedTest::Lt(length), false) | (ElapsedTest::Ge(length), true) => {
                    self.made(
                        Subject::ElapsedFirst(since.clone()),
                        Comparison::Lt,
                        Scalar::Integer(length),
                        bit,
                    );
                }
                (ElapsedTest::Ge(length), false) | (ElapsedTest::Lt(length), true) => {
                    self.made(
                        Subject::ElapsedLast(since.clone()),
                        Comparison::Ge,
                        Scalar::Integer(length),
                        bit,
                    );
                }
                (ElapsedTest::Present(wanted), turned) => {
                    let tests = TestsOf::Made(Test::Present(wanted));
                    self.test(Subject::Source(since.clone()), ValueTests { bit, tests, turned });
                }
            }
        }
    }

    /// An occurrence must begin before the last instant asked about, and end after the first.
    fn schedule(&mut self, schedule: &Schedule, bit: usize) {
        let fixed = match schedule {
            Schedule::Between { between, .. } => between.fixed,
            Schedule::Waves { waves, .. } => waves
                .iter()
                .map(|wave| wave.between.fixed)
                .reduce(|a, b| {
                    let ((start_a, end_a), (start_b, end_b)) = (a?, b?);
                    Some((start_a.min(start_b), end_a.max(end_b)))
                })
                .flatten(),
            Schedule::After { anchor, from, until } => {
                let since = |subject: fn(Source) -> Subject| subject(anchor.clone());
                let (from, until) = (Scalar::Integer(*from), Scalar::Integer(*until));
                self.made(since(Subject::ElapsedLast), Comparison::Ge, from, bit);
                self.made(since(Subject::ElapsedFirst), Comparison::Lt, until, bit);
                None
            }
            Schedule::Always | Schedule::Every { .. } | Schedule::On { .. } => None,
        };
        if let Some((start, end)) = fixed {
            let at = |instant: Instant| Scalar::Instant(instant);
            self.made(Subject::Last, Comparison::Ge, at(start), bit);
            self.made(Subject::First, Comparison::Lt, at(end), bit);
        }
    }

    fn made(&mut self, subject: Subject, comparison: Comparison, literal: Scalar, bit: usize) {
        let tests = TestsOf::Made(Test::Compare(comparison, Operand::Literal(literal)));
        self.test(
            subject,
            ValueTests {
                bit,
                tests,
                turned: false,
            },
        );
    }

    fn test(&mut self, subject: Subject, tests: ValueTests<'c>) {
        match self.tables.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, list)) => list.push(tests),
            None => self.tables.push((subject, vec![tests])),
        }
    }

    fn tag(&mut self, tag: usize) -> &mut TagEntry {
        self.tags.entry(tag).or_insert_with(|| TagEntry {
            tag,
            wanted: Mask::default(),
            refused: Mask::default(),
        })
    }
}
