//! The search for the lines that are best together, among the places where they may end.
//!
//! Indices of candidates and nodes are handed out by the lists they index, which only grow.

use super::Room;
use super::balance::SHORT;
use super::breaks::TOLERANCE;
use super::fit::{Candidate, PASSES};

/// What costs extra: a hyphen on the second line in a row, the third, each one more; on the last line but one; a tight line
/// beside a loose one. A third is as bad as spaces of two and a half times their width, a fourth as those of three times.
const HYPHENS_IN_A_ROW: [f64; 3] = [500_000.0, 30_000_000.0, 150_000_000.0];
const LAST_HYPHEN: f64 = 300_000.0;
const UNEVEN: f64 = 3_000.0;
/// What a short last line costs where it is to be none.
const SHORT_LAST: f64 = 300_000.0;

/// In how many ways that matter to what follows a candidate is reached, at most: in another number of lines, or behind
/// more than one hyphen in a row. The number matters only where a float stands beside some of the lines, and few differ
/// there; in a long paragraph they would be as many as it has lines.
const MOST_WAYS: usize = 6;

/// The best way found to end a line at a candidate.
struct Node {
    candidate: usize,
    /// How many lines there are up to here.
    line: usize,
    /// How many lines up to here end in hyphens, one after the other.
    hyphens: u8,
    fitness: u8,
    demerits: f64,
    previous: usize,
}

/// A search for the best lines.
pub(super) struct Search<'a> {
    pub(super) candidates: &'a [Candidate],
    pub(super) tolerance: f64,
    pub(super) indent: f32,
    /// By how much a space grows before a line counts as loose.
    pub(super) space: f64,
    /// Whether the last line should not be short.
    pub(super) is_pretty: bool,
    pub(super) room: &'a mut dyn FnMut(usize) -> Room,
}

impl Search<'_> {
    /// The indices of the candidates after `from` where lines end, the first of them being the `line`-th. Where there is no
    /// way within the tolerance, those up to where there was one.
    pub(super) fn run(&mut self, from: usize, line: usize) -> Result<Vec<usize>, Vec<usize>> {
        let mut nodes = Vec::with_capacity(if from == 0 { self.candidates.len() } else { 0 });
        nodes.push(Node { candidate: from, line, hyphens: 0, fitness: 1, demerits: 0.0, previous: 0 });
        let mut active = vec![0_usize];
        let mut found: Vec<Node> = Vec::new();
        let mut dropped: Vec<usize> = Vec::new();
        for (index, candidate) in self.candidates.iter().enumerate().skip(from + 1) {
            found.clear();
            dropped.clear();
            active.retain(|&from| {
                let node = &nodes[from];
                let width = self.available(node.line);
                let (keep, reached) = self.try_line(node, from, index, width);
                if let Some(reached) = reached {
                    keep_best(&mut found, reached);
                }
                let keep = keep && !candidate.forced;
                if !keep {
                    dropped.push(from);
                }
                keep
            });
            for node in found.drain(..) {
                active.push(nodes.len());
                nodes.push(node);
            }
            if active.is_empty() {
                return Err(trace_best(&nodes, dropped));
            }
        }
        let last = self.candidates.len() - 1;
        if !self.candidates[last].forced {
            // These are not all candidates: no line has to end at the last of them.
            let best = active.into_iter().min_by(|a, b| nodes[*a].demerits.total_cmp(&nodes[*b].demerits));
            return Ok(trace(&nodes, best));
        }
        active.retain(|node| nodes[*node].candidate == last);
        Ok(trace_best(&nodes, active))
    }

    fn available(&mut self, line: usize) -> f64 {
        let indent = if line == 0 { self.indent } else { 0.0 };
        f64::from((self.room)(line).width - indent + TOLERANCE)
    }

    /// Sets a line from a node to a candidate. The first result says whether later candidates may do as well.
    fn try_line(&self, node: &Node, from: usize, to: usize, width: f64) -> (bool, Option<Node>) {
        let (start, end) = (&self.candidates[node.candidate], &self.candidates[to]);
        let natural = end.before.width - start.after.width + end.hyphen.unwrap_or(0.0);
        let slack = width - natural;
        if slack < 0.0 {
            let shrink = end.before.shrink - start.after.shrink;
            if -slack > shrink {
                // Trailing spaces and hyphens make later candidates no narrower than this by more than a hyphen.
                let hopeless = natural - end.hyphen.unwrap_or(0.0) - shrink > width;
                return (!hopeless, None);
            }
            return (true, Some(self.node(node, from, to, slack / shrink.max(f64::EPSILON))));
        }
        if end.forced {
            let mut last = self.node(node, from, to, 0.0);
            if self.is_pretty && natural < width * f64::from(SHORT) {
                last.demerits += SHORT_LAST;
            }
            return (true, Some(last));
        }
        let stretch = end.before.stretch - start.after.stretch;
        let ratio = if stretch > 0.0 { slack / stretch } else { self.ratio_without_stretch(slack, width) };
        (true, (ratio <= self.tolerance).then(|| self.node(node, from, to, ratio)))
    }

    /// How bad a line is that cannot grow: one that is nearly full is bad by as much of the measure as it leaves empty, any
    /// other is no better than if all of that went into one space.
    fn ratio_without_stretch(&self, slack: f64, width: f64) -> f64 {
        let ratio = 1.0 + 20.0 * slack / width.max(1.0);
        if ratio <= PASSES[0].1 { ratio } else { ratio.max(slack / self.space) }
    }

    fn node(&self, node: &Node, from: usize, to: usize, ratio: f64) -> Node {
        let (start, end) = (&self.candidates[node.candidate], &self.candidates[to]);
        let fitness = match ratio {
            r if r < -0.5 => 0,
            r if r <= 0.5 => 1,
            r if r <= 1.0 => 2,
            _ => 3,
        };
        let badness = 100.0 * ratio.abs().min(100.0).powi(3);
        let mut demerits = (1.0 + badness).powi(2) + end.penalty.powi(2) + node.demerits;
        let hyphens = if end.is_hyphen { node.hyphens.saturating_add(1) } else { 0 };
        demerits += match hyphens {
            0 if end.forced && start.hyphen.is_some() => LAST_HYPHEN,
            0 | 1 => 0.0,
            2 => HYPHENS_IN_A_ROW[0],
            3 => HYPHENS_IN_A_ROW[1],
            _ => HYPHENS_IN_A_ROW[2],
        };
        if node.fitness.abs_diff(fitness) > 1 {
            demerits += UNEVEN;
        }
        Node { candidate: to, line: node.line + 1, hyphens, fitness, demerits, previous: from }
    }
}

/// Of the ways to reach a candidate, the best for each number of lines, behind many hyphens and behind few; of them the best.
fn keep_best(found: &mut Vec<Node>, new: Node) {
    let is_alike = |node: &Node| node.line == new.line && (node.hyphens > 1) == (new.hyphens > 1);
    let rival = match found.iter().position(is_alike) {
        None if found.len() < MOST_WAYS => {
            found.push(new);
            return;
        }
        Some(same) => found.get_mut(same),
        None => found.iter_mut().max_by(|a, b| a.demerits.total_cmp(&b.demerits)),
    };
    if let Some(rival) = rival
        && new.demerits < rival.demerits
    {
        *rival = new;
    }
}

/// The candidates that lead to the best of those nodes that come furthest.
fn trace_best(nodes: &[Node], ends: Vec<usize>) -> Vec<usize> {
    let furthest = |node: &usize| nodes[*node].candidate;
    let best = ends
        .into_iter()
        .min_by(|a, b| furthest(b).cmp(&furthest(a)).then_with(|| nodes[*a].demerits.total_cmp(&nodes[*b].demerits)));
    trace(nodes, best)
}

/// The candidates where the lines up to a node end.
fn trace(nodes: &[Node], end: Option<usize>) -> Vec<usize> {
    let mut chosen = Vec::new();
    let mut at = end.unwrap_or(0);
    while at != 0 {
        chosen.push(nodes[at].candidate);
        at = nodes[at].previous;
    }
    chosen.reverse();
    chosen
}
