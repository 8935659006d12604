//! Where the lines of a justified paragraph end: the breaks that make all of its lines best together, after Knuth
//! and Plass, "Breaking Paragraphs into Lines" (1981). First without hyphenation, which most paragraphs do not need.
//!
//! What is wider than its line is set by first fit.
//!
//! Indices of candidates and nodes are handed out by the lists they index, which only grow.

use super::Room;
use super::breaks::{Position, Span};
use super::cutting::Cutting;
use super::pieces::{Break, Kind, Piece};
use super::search::Search;

/// How much a space may grow before a line counts as loose, and how much it may shrink, in parts of its width.
pub(super) const STRETCH: f64 = 0.5;
pub(super) const SHRINK: f64 = 0.12;
/// How much a gap between ideographs may grow, in ems.
pub(super) const GAP_STRETCH: f64 = 0.08;

/// The loosest lines that are set without trying hyphenation, then with it, then at all.
pub(super) const PASSES: [(bool, f64); 3] = [(false, 1.8), (true, 3.5), (true, f64::INFINITY)];

/// What a hyphen costs, beside the badness of a line (which is 100 for a line stretched to its limit).
const HYPHEN_PENALTY: f64 = 300.0;
/// What it costs to end a line within a word that the source has cut: after a hyphen, a dash or a solidus; and to begin
/// the next with a dash.
const CUT_PENALTY: f64 = 50.0;
const DASH_PENALTY: f64 = 120.0;
/// What it costs to begin a line with a leader: it would be a line of dots.
const LEADER_PENALTY: f64 = 300.0;
/// What it costs to leave no more than two letters before a hyphen, which say little of the word.
const SHORT_START_PENALTY: f64 = 150.0;

/// By how much a space is said to grow at least, in points, where a paragraph has none or one without width.
const LEAST_SPACE: f64 = 0.5;

/// Width, and how much it can grow and shrink. Sums run over whole paragraphs, hence the precision.
#[derive(Clone, Copy, Default)]
pub(super) struct Measure {
    pub(super) width: f64,
    pub(super) stretch: f64,
    pub(super) shrink: f64,
}

/// A place where a line may end.
pub(super) struct Candidate {
    position: Position,
    /// Of everything before it, without the spaces that vanish there.
    pub(super) before: Measure,
    /// Of everything up to where the next line starts.
    pub(super) after: Measure,
    /// Width of the hyphen, when there is one.
    pub(super) hyphen: Option<f64>,
    /// Whether a line that ends here ends in a hyphen, also in one of the text.
    pub(super) is_hyphen: bool,
    /// What it costs to end a line here.
    pub(super) penalty: f64,
    pub(super) forced: bool,
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
    /// Whether the last line should not be short.
    pub(super) is_pretty: bool,
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
            let mut search =
                Search { candidates, tolerance, indent: self.indent, space, is_pretty: beginning.is_pretty, room };
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
            let mut search = Search {
                candidates,
                tolerance: f64::INFINITY,
                indent: self.indent,
                space,
                is_pretty: beginning.is_pretty,
                room,
            };
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
                let is_word = !forced && matches!(piece.kind, Kind::Word { .. });
                let penalty = self.penalty(index, hyphen.is_some(), forced);
                candidates.push(Candidate {
                    position,
                    before: seen,
                    after: Measure { stretch: total.stretch + gap, ..total },
                    hyphen,
                    is_hyphen: hyphen.is_some() || is_word && self.text(index).ends_with(['-', '\u{2010}']),
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
        let text = self.text(piece);
        for offset in offsets {
            let (before, after) = self.measures_cut_at(Position { piece, offset }, total);
            let position = Position { piece, offset };
            let letters = text[..offset as usize].chars().filter(|sign| sign.is_alphabetic()).count();
            let penalty = HYPHEN_PENALTY + if letters < 3 { SHORT_START_PENALTY } else { 0.0 };
            candidates.push(Candidate { position, before, after, hyphen, is_hyphen: true, penalty, forced: false });
        }
    }

    /// Where a word may be cut without a hyphen, which costs no more than to end a line between ideographs.
    fn candidates_within(&mut self, piece: usize, total: Measure, candidates: &mut Vec<Candidate>) {
        for offset in self.breaks_within(piece) {
            let position = Position { piece, offset };
            let (before, after) = self.measures_cut_at(position, total);
            let (hyphen, penalty) = (None, 0.0);
            candidates.push(Candidate { position, before, after, hyphen, is_hyphen: false, penalty, forced: false });
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
            is_hyphen: false,
            penalty: 0.0,
            forced: false,
        }
    }
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
