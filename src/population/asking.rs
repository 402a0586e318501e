//! Conditions that no column answers, asked of one customer after the other: of no more than need be.

use super::{
    block::{Block, Verdict, join, verdict_of},
    plan::{Node, Plan},
    rows::Rows,
};
use crate::{
    asked::view::{Ask, View},
    clock::instant::Instant,
    compiled::condition::Truth,
};

/// The customers of a block at one instant.
pub(crate) struct Asking<'b> {
    block: &'b Block,
    plan: &'b Plan<'b>,
    now: Instant,
    /// A question to each customer, from the first time on.
    questions: Vec<Option<Ask<'b>>>,
}

impl<'b> Asking<'b> {
    pub(crate) fn new(block: &'b Block, plan: &'b Plan<'b>, now: Instant) -> Self {
        Self {
            block,
            plan,
            now,
            questions: Vec::new(),
        }
    }

    /// Kleene's all. What is to be asked of single customers is asked last, and only of those for whom the rest leaves it
    /// open.
    pub(crate) fn all(&mut self, parts: &[usize], verdicts: &mut [Option<Verdict<'b>>]) -> Verdict<'b> {
        let rows = self.block.rows.len();
        let (known, asked): (Vec<usize>, Vec<usize>) = parts
            .iter()
            .partition(|&&part| verdict_of(verdicts, part).is_some());
        let rest = join(&known, verdicts, |sets| Rows::intersection(sets, rows));
        if asked.is_empty() {
            return rest;
        }
        if rest.open().count(rows) > rows / 2 {
            // So many that what they say may serve other audiences too.
            self.settle(&asked, verdicts);
            return join(parts, verdicts, |sets| Rows::intersection(sets, rows));
        }
        self.ask(&asked, &rest)
    }

    /// Finds the verdicts of what is still to be asked, for everybody.
    pub(crate) fn settle(&mut self, parts: &[usize], verdicts: &mut [Option<Verdict<'b>>]) {
        let everybody = Verdict::new(Rows::ALL, None);
        for &part in parts {
            if verdict_of(verdicts, part).is_none() {
                let verdict = self.ask(&[part], &everybody);
                if let Some(place) = verdicts.get_mut(part) {
                    *place = Some(verdict);
                }
            }
        }
    }

    /// Kleene's all of a verdict and of what is asked of those for whom it is not false.
    fn ask(&mut self, asked: &[usize], rest: &Verdict<'_>) -> Verdict<'b> {
        let rows = self.block.rows.len();
        let mut true_rest = rest.yes.iter(rows).peekable();
        let (mut yes, mut open) = (Vec::new(), Vec::new());
        for row in rest.open().iter(rows) {
            let known = true_rest.next_if_eq(&row).is_some();
            let mut truth = if known { Truth::True } else { Truth::Unknown };
            for &node in asked {
                truth = truth.and(self.truth(node, row));
                if truth == Truth::False {
                    break;
                }
            }
            match truth {
                Truth::True => {
                    yes.push(row);
                    open.push(row);
                }
                Truth::Unknown => open.push(row),
                Truth::False => {}
            }
        }
        let known = yes == open;
        let yes = Rows::of(yes, rows);
        Verdict::new(yes, (!known).then(|| Rows::of(open, rows)))
    }

    /// What a customer says.
    fn truth(&mut self, node: usize, row: u16) -> Truth {
        let (block, now, row) = (self.block, self.now, usize::from(row));
        let Some(Node::Asked(number)) = self.plan.nodes.get(node) else {
            return Truth::Unknown;
        };
        if self.questions.is_empty() {
            self.questions.resize_with(block.customers.len(), || None);
        }
        let (Some(asked), Some(customer), Some(question)) = (
            self.plan.asked.get(*number),
            block.customers.get(row),
            self.questions.get_mut(row),
        ) else {
            return Truth::Unknown;
        };
        let ask = question.get_or_insert_with(|| Ask::new(customer, now));
        let view = View {
            campaign: Some(asked.campaign),
            ..ask.view()
        };
        view.truth(asked.condition, now)
    }
}
