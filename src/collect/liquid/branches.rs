//! `if`, `unless` and `case`: the branch that is to be read, or those that may be.

use super::arguments;
use super::condition::{Truth, equal, holds};
use super::expander::{Expander, MAX_DEPTH};
use super::value::Value;

/// Tags that have an end of their own, and branches.
const BRANCHING: [&str; 5] = ["if", "unless", "case", "for", "tablerow"];

impl Expander<'_, '_> {
    /// Reads the first branch whose condition holds. One that nobody here can decide is read as well, with a report: text
    /// that may be meant is better there twice than not at all.
    pub(super) fn choose(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let Some(close) = self.pairs.end_of(index, end) else {
            self.report(index);
            return None;
        };
        let mut heads = self.heads(index, close);
        let subject = match self.marks[index].name() {
            "case" => {
                // What stands before the first `when` belongs to none.
                heads.remove(0);
                Some(self.state.variables.operand(self.marks[index].arguments()))
            }
            _ => None,
        };
        heads.push(close);
        if depth >= MAX_DEPTH {
            self.run_between(index, close, depth);
            return Some(close);
        }
        for pair in heads.windows(2) {
            let truth = self.truth(pair[0], subject.as_ref());
            if truth == Truth::Unknown && !self.state.variables.budget.is_spent() {
                let mark = &self.marks[pair[0]];
                let asked = if subject.is_some() { self.marks[index].arguments() } else { mark.arguments() };
                let message = format!("whether `{asked}` holds, in `{{% {} … %}}`, is not known here", mark.name());
                self.note(pair[0], message);
            }
            if truth != Truth::No {
                self.run_between(pair[0], pair[1], depth);
            }
            if truth == Truth::Yes {
                break;
            }
        }
        Some(close)
    }

    /// The marks with which the branches of a block begin, itself first.
    pub(super) fn heads(&self, index: usize, close: usize) -> Vec<usize> {
        let mut heads = vec![index];
        let mut at = index + 1;
        while at < close {
            let name = self.marks[at].name();
            if matches!(name, "else" | "elsif" | "elseif" | "when") {
                heads.push(at);
            }
            // What is within another block belongs to that.
            let nested = BRANCHING.contains(&name).then(|| self.pairs.end_of(at, close)).flatten();
            at = nested.unwrap_or(at) + 1;
        }
        heads
    }

    /// Whether the branch that begins at this mark is to be read, the ones before it not being.
    fn truth(&self, head: usize, subject: Option<&Option<Value>>) -> Truth {
        let mark = &self.marks[head];
        let condition = mark.arguments();
        match (mark.name(), subject) {
            ("else", _) => Truth::Yes,
            ("when", Some(subject)) => {
                let values = arguments::alternatives(condition);
                let budget = &self.state.variables.budget;
                values.into_iter().fold(Truth::No, |truth, value| {
                    truth.or(match (subject, self.state.variables.operand(value)) {
                        (Some(subject), Some(value)) if budget.spend(subject.weight()) => {
                            Truth::of(equal(subject, &value))
                        }
                        _ => Truth::Unknown,
                    })
                })
            }
            ("unless", _) => holds(condition, &self.state.variables).not(),
            _ => holds(condition, &self.state.variables),
        }
    }
}
