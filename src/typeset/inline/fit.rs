//! Where the lines of a justified paragraph end: the breaks that make all of its lines best together, after Knuth
//! and Plass, "Breaking Paragraphs into Lines" (1981). First without hyphenation, which most paragraphs do not need.
//!
//! What is wider than its line is set by first fit.
//!
//! Indices of candidates and nodes are handed out by the lists they index, which only grow.

use super::Room;
use super::breaks::{Position, Span, TOLERANCE};
use super::cutting::Cutting;
use super::pieces::{Break, Kind, Piece};

/// How much a space may grow before a line counts as loose, and how much it may shrink, in parts of its width.
pub(super) const STRETCH: f64 = 0.5;
pub(super) const SHRINK: f64 = 0.12;
/// How much a gap between ideographs may grow, in ems.
pub(super) const GAP_STRETCH: f64 = 0.08;

/// The loosest lines that are set without trying hyphenation, then with it, then at all.
const PASSES: [(bool, f64); 3] = [(false, 1.8), (true, 2.8), (true, f64::INFINITY)];

/// What a hyphen costs, beside the badness of a line (which is 100 for a line stretched to its limit).
const HYPHEN_PENALTY: f64 = 90.0;
/// What it costs to end a line within a word that the source has cut: after a hyphen, a dash or a solidus; and to begin
/// the next with a dash.
const CUT_PENALTY: f64 = 50.0;
const DASH_PENALTY: f64 = 120.0;
/// What it costs to begin a line with a leader: it would be a line of dots.
const LEADER_PENALTY: f64 = 300.0;
/// What costs extra: hyphens on two lines in a row, or on the last line but one; a tight line beside a loose one.
const TWO_HYPHENS: f64 = 8_000.0;
const UNEVEN: f64 = 3_000.0;

/// By how much a space is said to grow at least, in points, where a paragraph has none or one without width.
const LEAST_SPACE: f64 = 0.5;

/// In how many numbers of lines a candidate is reached, at most. The number matters only where a float stands beside some
/// of the lines, and few differ there; in a long paragraph they would be as many as it has lines.
const MOST_WAYS: usize = 4;

/// Width, and how much it can grow and shrink. Sums run over whole paragraphs, hence the precision.
#[derive(Clone, Copy, Default)]
struct Measure {
    width: f64,
    stretch: f64,
    shrink: f64,
}

/// A place where a line may end.
pub(super) struct Candidate {
    position: Position,
    /// Of everything before it, without the spaces that vanish there.
    before: Measure,
    /// Of everything up to where the next line starts.
    after: Measure,
    /// Width of the hyphen, when there is one.
    hyphen: Option<f64>,
    /// What it costs to end a line here.
    penalty: f64,
    forced: bool,
}

/// The best way found to end a line at a candidate.
struct Node {
    candidate: usize,
    /// How many lines there are up to here.
    line: usize,
    fitness: u8,
    demerits: f64,
    previous: usize,
}

/// So many candidates are looked at where lines may have to be broken anew, and of the lines so found the last are not
/// kept: what comes after them has a say in where they end.
const AHEAD: usize = 500;
const UNSETTLED: usize = 3;

/// The places where the lines of a paragraph may end, without hyphens and with them, made when they are first needed.
#[derive(Default)]
pub(super) struct Candidates {
    plain: Option<Vec<Candidate>>,
    hyphenated: Option<Vec<Candidate>>,
}

impl Candidates {
    fn of(&mut self, hyphenate: bool, cutting: &mut Cutting<'_, '_>) -> &[Candidate] {
        let list = if hyphenate { &mut self.hyphenated } else { &mut self.plain };
        list.get_or_insert_with(|| cutting.candidates(hyphenate))
    }
}

/// Where lines begin to be broken.
#[derive(Clone, Copy, Default)]
pub(super) struct Beginning {
    pub(super) start: Position,
    /// The number of the first line.
    pub(super) line: usize,
    /// Whether only the next few lines are asked for.
    pub(super) few: bool,
}

impl Beginning {
    /// How many candidates are looked at from one on.
    fn end(self, from: usize, all: usize) -> usize {
        if self.few { all.min(from + AHEAD) } else { all }
    }

    /// Leaves out the last lines where the paragraph goes on behind them.
    fn settled(self, mut lines: Vec<Span>, is_end: bool) -> Vec<Span> {
        if self.few && !is_end {
            lines.truncate(lines.len().saturating_sub(UNSETTLED).max(1));
        }
        lines
    }
}

impl Cutting<'_, '_> {
    /// The lines of a justified paragraph.
    pub(super) fn total_fit(
        &mut self,
        known: &mut Candidates,
        beginning: Beginning,
        room: &mut dyn FnMut(usize) -> Room,
    ) -> Vec<Span> {
        let space = self.pieces.iter().find_map(|piece| match piece.kind {
            Kind::Space { collapsible: true, .. } => Some(f64::from(piece.width) * STRETCH),
            _ => None,
        });
        let space = space.unwrap_or_default().max(LEAST_SPACE);
        let mut lines = Vec::new();
        for (hyphenate, tolerance) in PASSES {
            let all = known.of(hyphenate, self);
            let Some(from) = index_of(all, beginning.start) else { continue };
            let end = beginning.end(from, all.len());
            let candidates = &all[..end];
            let mut search = Search { candidates, tolerance, indent: self.indent, space, room };
            // Where none of those that are looked at ends the line it is filled.
            if let Ok(chosen) = search.run(from, beginning.line)
                && !chosen.is_empty()
            {
                add_spans(candidates, (from, beginning.line), &chosen, &mut lines, room);
                return beginning.settled(lines, end == all.len());
            }
        }
        let candidates = known.of(true, self);
        self.fit_around_what_is_too_wide(candidates, beginning, space, room)
    }

    /// The lines of a paragraph in which something is wider than its line: that is set by first fit, and what stands before
    /// and after it as well as can be.
    fn fit_around_what_is_too_wide(
        &mut self,
        all: &[Candidate],
        beginning: Beginning,
        space: f64,
        room: &mut dyn FnMut(usize) -> Room,
    ) -> Vec<Span> {
        let mut lines = Vec::new();
        let mut start = beginning.start;
        loop {
            let Some(from) = index_of(all, start) else {
                start = self.fill_line(start, beginning.line, &mut lines, room);
                if start.piece >= self.pieces.len() || beginning.few {
                    return lines;
                }
                continue;
            };
            let line = beginning.line + lines.len();
            let candidates = &all[..beginning.end(from, all.len())];
            let mut search = Search { candidates, tolerance: f64::INFINITY, indent: self.indent, space, room };
            let (chosen, is_end) = match search.run(from, line) {
                Ok(chosen) => (chosen, true),
                Err(chosen) => (chosen, false),
            };
            add_spans(candidates, (from, line), &chosen, &mut lines, room);
            if is_end && !chosen.is_empty() {
                return beginning.settled(lines, candidates.len() == all.len());
            }
            let before = chosen.last().copied().unwrap_or(from);
            if let Some(line) = lines.last_mut().filter(|_| before > from) {
                line.ragged = true;
            }
            start = self.fill_line(all[before].position, beginning.line, &mut lines, room);
            if start.piece >= self.pieces.len() || beginning.few {
                return lines;
            }
        }
    }

    fn candidates(&mut self, hyphenate: bool) -> Vec<Candidate> {
        // Nearly every other piece is a space.
        let mut candidates = Vec::with_capacity(self.pieces.len() / 2 + 2);
        candidates.push(Candidate::start());
        // `seen` stops before the spaces that are still trailing.
        let (mut total, mut seen) = (Measure::default(), Measure::default());
        for index in 0..self.pieces.len() {
            let piece = self.pieces[index];
            if hyphenate && matches!(piece.kind, Kind::Word { .. }) {
                self.hyphen_candidates(index, total, &mut candidates);
            }
            self.candidates_within(index, total, &mut candidates);
            let width = f64::from(piece.width);
            total.width += width;
            match piece.kind {
                Kind::Space { collapsible, .. } => {
                    if collapsible {
                        total.stretch += width * STRETCH;
                        total.shrink += width * SHRINK;
                    }
                    // A no-break space does not vanish.
                    if !self.text(index).starts_with(' ') {
                        seen = total;
                    }
                }
                _ => seen = total,
            }
            let forced = piece.after == Break::Forced || index + 1 == self.pieces.len();
            // A gap vanishes where a line ends, as spaces do.
            let gap = if piece.opens { f64::from(self.size_and_spacing(index).0) * GAP_STRETCH } else { 0.0 };
            if forced || piece.after == Break::Allowed {
                let hyphen = (!forced && self.ends_in_soft_hyphen(index)).then(|| f64::from(self.hyphen_width(index)));
                let position = Position { piece: index + 1, offset: 0 };
                let penalty = self.penalty(index, hyphen.is_some(), forced);
                candidates.push(Candidate {
                    position,
                    before: seen,
                    after: Measure { stretch: total.stretch + gap, ..total },
                    hyphen,
                    penalty,
                    forced,
                });
            }
            total.stretch += gap;
        }
        candidates
    }

    /// What it costs to end a line after a piece.
    fn penalty(&self, piece: usize, hyphen: bool, forced: bool) -> f64 {
        let Piece { kind, end, opens, .. } = self.pieces[piece];
        if hyphen {
            return HYPHEN_PENALTY;
        }
        if self.leads(piece + 1) {
            return LEADER_PENALTY;
        }
        if forced || opens || !matches!(kind, Kind::Word { .. }) {
            return 0.0;
        }
        let (head, tail) = self.source.text.split_at(end as usize);
        if tail.starts_with(['\u{2013}', '\u{2014}']) {
            return DASH_PENALTY;
        }
        if head.ends_with(['-', '/', '\u{2010}', '\u{2013}', '\u{2014}']) { CUT_PENALTY } else { 0.0 }
    }

    fn hyphen_candidates(&mut self, piece: usize, total: Measure, candidates: &mut Vec<Candidate>) {
        let offsets = self.hyphens(piece);
        if offsets.is_empty() {
            return;
        }
        let hyphen = Some(f64::from(self.hyphen_width(piece)));
        for offset in offsets {
            let (before, after) = self.measures_cut_at(Position { piece, offset }, total);
            let (position, penalty) = (Position { piece, offset }, HYPHEN_PENALTY);
            candidates.push(Candidate { position, before, after, hyphen, penalty, forced: false });
        }
    }

    /// Where a word may be cut without a hyphen, which costs no more than to end a line between ideographs.
    fn candidates_within(&mut self, piece: usize, total: Measure, candidates: &mut Vec<Candidate>) {
        for offset in self.breaks_within(piece) {
            let position = Position { piece, offset };
            let (before, after) = self.measures_cut_at(position, total);
            candidates.push(Candidate { position, before, after, hyphen: None, penalty: 0.0, forced: false });
        }
    }

    /// Of everything before a place within a piece, and up to where the next line starts, `total` being before the piece.
    fn measures_cut_at(&mut self, at: Position, total: Measure) -> (Measure, Measure) {
        let (head, rest) = self.widths_cut_at(at.piece, at.offset);
        let before = Measure { width: total.width + f64::from(head), ..total };
        (before, Measure { width: total.width + f64::from(self.pieces[at.piece].width - rest), ..total })
    }
}

impl Candidate {
    fn start() -> Self {
        let nothing = Measure::default();
        Self {
            position: Position::default(),
            before: nothing,
            after: nothing,
            hyphen: None,
            penalty: 0.0,
            forced: false,
        }
    }
}

struct Search<'a> {
    candidates: &'a [Candidate],
    tolerance: f64,
    indent: f32,
    /// By how much a space grows before a line counts as loose.
    space: f64,
    room: &'a mut dyn FnMut(usize) -> Room,
}

impl Search<'_> {
    /// The indices of the candidates after `from` where lines end, the first of them being the `line`-th. Where there is no
    /// way within the tolerance, those up to where there was one.
    fn run(&mut self, from: usize, line: usize) -> Result<Vec<usize>, Vec<usize>> {
        let mut nodes = Vec::with_capacity(if from == 0 { self.candidates.len() } else { 0 });
        nodes.push(Node { candidate: from, line, fitness: 1, demerits: 0.0, previous: 0 });
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
            return (true, Some(self.node(node, from, to, 0.0)));
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
        if start.hyphen.is_some() && (end.hyphen.is_some() || end.forced) {
            demerits += TWO_HYPHENS;
        }
        if node.fitness.abs_diff(fitness) > 1 {
            demerits += UNEVEN;
        }
        Node { candidate: to, line: node.line + 1, fitness, demerits, previous: from }
    }
}

/// Of the ways to reach a candidate, the best for each number of lines; of them the best.
fn keep_best(found: &mut Vec<Node>, new: Node) {
    let rival = match found.iter().position(|node| node.line == new.line) {
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

/// Which candidate stands at a place.
fn index_of(candidates: &[Candidate], place: Position) -> Option<usize> {
    candidates.binary_search_by(|candidate| candidate.position.cmp(&place)).ok()
}

/// Adds the lines from one candidate on that end at the chosen ones; `first` is the number of the first of them.
fn add_spans(
    candidates: &[Candidate],
    (from, first): (usize, usize),
    chosen: &[usize],
    lines: &mut Vec<Span>,
    room: &mut dyn FnMut(usize) -> Room,
) {
    let mut start = candidates[from].position;
    for (number, candidate) in chosen.iter().map(|index| &candidates[*index]).enumerate() {
        let (hyphen, room) = (candidate.hyphen.is_some(), room(first + number));
        lines.push(Span { start, end: candidate.position, hyphen, last: candidate.forced, ragged: false, room });
        start = candidate.position;
    }
}
