//! Checking derived tags: none may depend on itself, and none may grow without bounds where tags are spelled out.

use super::{check::Checker, nearest::quoted, path::Path, problem::Code};
use crate::written::{condition::Condition, tag::Tag};

/// A tag in use within a condition.
struct Use {
    tag: usize,
    /// The place of its name, as a JSON pointer's steps below the condition.
    steps: Vec<StepDown>,
}

#[derive(Clone, Copy)]
enum StepDown {
    Member(&'static str),
    Index(usize),
}

impl Checker<'_> {
    /// Finds cycles among derived tags, and how large each is with the tags in it spelled out.
    pub(crate) fn derived_tags(&mut self, tags: &[Tag], path: &Path<'_>) {
        let uses: Vec<Vec<Use>> = tags
            .iter()
            .map(|tag| {
                let mut uses = Vec::new();
                if let Some(when) = &tag.when {
                    self.uses(when, &mut Vec::new(), &mut uses);
                }
                uses
            })
            .collect();
        let groups = Groups::of(&uses);
        for (index, tag_uses) in uses.iter().enumerate() {
            for tag_use in tag_uses {
                // Within one group each tag depends on each other one; a tag alone may still name itself.
                if groups.of_tag(index) == groups.of_tag(tag_use.tag) {
                    let name = tags.get(tag_use.tag).map_or("", |tag| tag.name.as_str());
                    let sentence = format!("{} depends on itself through this; leave it out", quoted(name));
                    let (tag, when) = (path.index(index), "when");
                    below(&tag.member(when), &tag_use.steps, &mut |place| {
                        self.problem(place, Code::CyclicTag, sentence.clone());
                    });
                }
            }
        }
        self.tag_sizes = vec![(1, 1); tags.len()];
        // A group is complete only after those it depends on, so sizes are known before they are needed.
        for index in groups.complete {
            let Some(when) = tags.get(index).and_then(|tag| tag.when.as_ref()) else {
                continue;
            };
            let tag = path.index(index);
            if let Some(size) = self.expanded(when, &tag.member("when"))
                && let Some(slot) = self.tag_sizes.get_mut(index)
            {
                *slot = size;
            }
        }
    }

    fn uses(&self, condition: &Condition, steps: &mut Vec<StepDown>, uses: &mut Vec<Use>) {
        // Deeper conditions are told already.
        if steps.len() > self.limits.condition_depth.saturating_mul(2) {
            return;
        }
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let member = if matches!(condition, Condition::All(_)) {
                    "all"
                } else {
                    "any"
                };
                for (index, part) in parts.iter().enumerate() {
                    steps.push(StepDown::Member(member));
                    steps.push(StepDown::Index(index));
                    self.uses(part, steps, uses);
                    steps.pop();
                    steps.pop();
                }
            }
            Condition::Not(part) => {
                steps.push(StepDown::Member("not"));
                self.uses(part, steps, uses);
                steps.pop();
            }
            Condition::Tag(name) => {
                if let Some(tag) = self.names.tags.get(name.as_str()) {
                    let mut steps = steps.clone();
                    steps.push(StepDown::Member("tag"));
                    uses.push(Use { tag: *tag, steps });
                }
            }
            _ => {}
        }
    }

    /// Levels and parts of a condition with its derived tags spelled out; none if they are too many, which is told.
    pub(crate) fn expanded(&mut self, condition: &Condition, path: &Path<'_>) -> Option<(usize, usize)> {
        let (levels, parts) = self.size(condition, 1);
        if levels > self.limits.expanded_depth {
            let sentence = format!(
                "with its derived tags spelled out it is {levels} levels deep; at most {} are allowed",
                self.limits.expanded_depth
            );
            self.problem(path, Code::TooDeep, sentence);
            return None;
        }
        if parts > self.limits.expanded_nodes {
            let sentence = format!(
                "with its derived tags spelled out it has {parts} parts; at most {} are allowed",
                self.limits.expanded_nodes
            );
            self.problem(path, Code::TooLarge, sentence);
            return None;
        }
        Some((levels, parts))
    }

    fn size(&self, condition: &Condition, depth: usize) -> (usize, usize) {
        if depth > self.limits.condition_depth {
            return (1, 1);
        }
        let below = depth.saturating_add(1);
        let (levels, parts) = match condition {
            Condition::All(parts) | Condition::Any(parts) => parts
                .iter()
                .map(|part| self.size(part, below))
                .fold((0, 0), |sum: (usize, usize), part| {
                    (sum.0.max(part.0), sum.1.saturating_add(part.1))
                }),
            Condition::Not(part) => self.size(part, below),
            Condition::Tag(name) => {
                let tag = self.names.tags.get(name.as_str());
                let derived = tag.filter(|tag| {
                    self.book
                        .tags
                        .get(**tag)
                        .is_some_and(|declared| declared.when.is_some())
                });
                derived
                    .and_then(|tag| self.tag_sizes.get(*tag))
                    .copied()
                    .unwrap_or((0, 0))
            }
            _ => (0, 0),
        };
        (levels.saturating_add(1), parts.saturating_add(1))
    }
}

/// Calls with the place that steps lead to.
fn below(path: &Path<'_>, steps: &[StepDown], call: &mut dyn FnMut(&Path<'_>)) {
    match steps {
        [] => call(path),
        [StepDown::Member(name), rest @ ..] => below(&path.member(name), rest, call),
        [StepDown::Index(index), rest @ ..] => below(&path.index(*index), rest, call),
    }
}

/// Tags in groups that depend on each other (strongly connected components), each tag alone unless it is in a cycle.
///
/// Found by Tarjan's algorithm with a stack of its own, as chains of tags can be long.
struct Groups {
    /// The group of each tag; unique per tag that is in no cycle and does not name itself.
    groups: Vec<Option<usize>>,
    /// Tags, those depended on first.
    complete: Vec<usize>,
}

struct Search<'u> {
    uses: &'u [Vec<Use>],
    /// When each tag was first seen.
    seen: Vec<Option<usize>>,
    /// The earliest open tag that each one leads back to.
    back: Vec<usize>,
    open: Vec<usize>,
    groups: Vec<Option<usize>>,
    complete: Vec<usize>,
}

impl Groups {
    fn of(uses: &[Vec<Use>]) -> Self {
        let count = uses.len();
        let mut search = Search {
            uses,
            seen: vec![None; count],
            back: vec![0; count],
            open: Vec::new(),
            groups: vec![None; count],
            complete: Vec::new(),
        };
        let mut clock = 0_usize;
        for root in 0..count {
            if search.seen.get(root).copied().flatten().is_none() {
                search.from(root, &mut clock);
            }
        }
        Self {
            groups: search.groups,
            complete: search.complete,
        }
    }

    fn of_tag(&self, tag: usize) -> Option<usize> {
        self.groups.get(tag).copied().flatten()
    }
}

impl Search<'_> {
    fn from(&mut self, root: usize, clock: &mut usize) {
        // Each frame is a tag and how many of its uses are followed.
        let mut frames = vec![(root, 0_usize)];
        self.enter(root, clock);
        while let Some((tag, followed)) = frames.pop() {
            match self.uses.get(tag).and_then(|uses| uses.get(followed)) {
                Some(next) => {
                    frames.push((tag, followed.saturating_add(1)));
                    let next = next.tag;
                    match self.seen.get(next).copied().flatten() {
                        None => {
                            self.enter(next, clock);
                            frames.push((next, 0));
                        }
                        Some(when) if self.groups.get(next).copied().flatten().is_none() => {
                            self.lead_back(tag, when);
                        }
                        Some(_) => {}
                    }
                }
                None => {
                    let back = self.back.get(tag).copied().unwrap_or(0);
                    if self.seen.get(tag).copied().flatten() == Some(back) {
                        self.close(tag);
                    }
                    if let Some((parent, _)) = frames.last().copied() {
                        self.lead_back(parent, back);
                    }
                }
            }
        }
    }

    fn enter(&mut self, tag: usize, clock: &mut usize) {
        if let (Some(seen), Some(back)) = (self.seen.get_mut(tag), self.back.get_mut(tag)) {
            *seen = Some(*clock);
            *back = *clock;
        }
        *clock = clock.saturating_add(1);
        self.open.push(tag);
    }

    fn lead_back(&mut self, tag: usize, when: usize) {
        if let Some(back) = self.back.get_mut(tag) {
            *back = (*back).min(when);
        }
    }

    fn close(&mut self, first: usize) {
        while let Some(tag) = self.open.pop() {
            if let Some(group) = self.groups.get_mut(tag) {
                *group = Some(first);
            }
            self.complete.push(tag);
            if tag == first {
                break;
            }
        }
    }
}
