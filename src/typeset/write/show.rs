//! The glyphs of a run as text-showing operators (ISO 32000-1, 9.4.3), and what is told of them to readers.

use crate::typeset::display::{GlyphRun, SEEN_AS_SPACE};

use super::content::number;
use super::embed::EmbeddedFace;
use super::glyph_text::{Cluster, clusters, letters_of};

/// Where in a text-showing operator the output is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Out,
    Array,
    String,
}

/// How far the text of a mark stands from that of the letter or the mark before it, in ems.
const MARK_STEP: f32 = 0.01;

/// How far before the right end of a ligature the text of a letter that has no glyph of its own stands, in ems; `index` counts
/// from the right. PDF.js, and pdftotext for raw text, break a line where something stands more than 0.2 back. pdftotext takes
/// what is less than 0.1 apart for a part of its own, and puts a space before it if it stands 0.03 behind the end of the last.
fn place(index: usize, count: usize) -> f32 {
    match (count, index) {
        (2, 0) => 0.08,
        (2, _) => 0.19,
        _ => 0.12 * (index + 1) as f32,
    }
}

/// Writes the glyphs of a run as TJ arrays.
pub(super) struct Show<'a> {
    out: &'a mut Vec<u8>,
    face: &'a EmbeddedFace,
    size: f32,
    /// Where the pen is, in points from the start of the run.
    pen: f32,
    /// Where a viewer's pen is.
    shown: f32,
    rise: f32,
    state: At,
}

impl<'a> Show<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, face: &'a EmbeddedFace, size: f32) -> Self {
        Self { out, face, size, pen: 0.0, shown: 0.0, rise: 0.0, state: At::Out }
    }

    pub(super) fn run(mut self, run: &GlyphRun) {
        let all = clusters(run, self.face.space.is_some());
        if run.parted && !run.rtl {
            self.parted(&all.collect::<Vec<_>>());
        } else {
            all.for_each(|cluster| self.cluster(&cluster));
        }
        self.rise(0.0);
        self.to(At::Out);
    }

    /// Shows a cluster: first the glyphs drawn onto it, with no text of their own, so that the extent of what
    /// carries the text is that of the letter (readers place the text by it), then the marks' text, then the letter.
    fn cluster(&mut self, cluster: &Cluster<'_>) {
        let start = self.pen;
        if cluster.glyphs.iter().any(|glyph| cluster.is_attached(glyph)) {
            self.span("");
            self.those(cluster, start, true);
            self.end_span();
        }
        self.marks(cluster.marks, Self::letter(cluster, start));
        let actual = self.face.texts.actual_text(cluster);
        if let Some(actual) = actual {
            self.span(actual);
        }
        self.those(cluster, start, false);
        if actual.is_some() {
            self.end_span();
        }
        self.before(cluster, start);
        self.pen = start + cluster.width();
    }

    /// Tells marks that belong to a letter which begins there, to the left of it. Each stands a little further on than the one
    /// before: readers sort by where things stand.
    fn marks(&mut self, marks: &str, letter: f32) {
        let count = marks.chars().count();
        for (before, mark) in marks.chars().rev().enumerate() {
            let at = letter - self.size * MARK_STEP * (count - before) as f32;
            self.carrier(at, mark.encode_utf8(&mut [0; 4]));
        }
    }

    /// Tells the letters of a ligature that come before its last, at the right end of what is drawn for all of them.
    fn before(&mut self, cluster: &Cluster<'_>, start: f32) {
        if cluster.before.is_empty() {
            return;
        }
        let own = self.own_width(cluster);
        let right = Self::letter(cluster, start) + own;
        let letters: Vec<_> = letters_of(cluster.before).collect();
        let share = own / (letters.len() + 1) as f32;
        for (index, (letter, marks)) in letters.iter().enumerate().rev() {
            let back = (self.size * place(index, letters.len())).min(share * (index + 1) as f32);
            self.marks(marks, right - back);
            match self.face.stand_ins.get(*letter) {
                Some(glyph) => {
                    self.rise(0.0);
                    self.glyph(*glyph, right - back);
                }
                None => self.carrier(right - back, letter),
            }
        }
    }

    /// Shows letters with gaps between them. Readers would take the gaps for spaces: the text of what stands between two
    /// spaces is told as one, over all the room it takes.
    fn parted(&mut self, all: &[Cluster<'_>]) {
        let is_space = |cluster: &Cluster<'_>| matches!(cluster.text, " " | "\u{A0}");
        for word in all.chunk_by(|a, b| is_space(a) == is_space(b)) {
            let has_gaps = word.iter().any(|cluster| self.gap(cluster) > 0.0);
            match word {
                [first, ..] if has_gaps && !is_space(first) => self.word(word),
                _ => word.iter().for_each(|cluster| self.cluster(cluster)),
            }
        }
    }

    fn word(&mut self, word: &[Cluster<'_>]) {
        let text: String =
            word.iter().map(|cluster| if cluster.text.is_empty() { "\u{AD}" } else { cluster.text }).collect();
        self.span(&text);
        for cluster in word {
            let start = self.pen;
            self.those(cluster, start, true);
            self.those(cluster, start, false);
            self.pen = start + cluster.width();
        }
        // The room of the text ends where its last glyph does: a space that nobody sees stands at the end of the last gap.
        if let (Some(space), true) = (self.face.space, word.last().is_some_and(|last| self.gap(last) > 0.0)) {
            self.rise(0.0);
            self.glyph(space, self.pen - self.face.code(space).1 * self.size / 1000.0);
        }
        self.end_span();
    }

    /// How wide the gap after a cluster is that readers take for a space; 0 where there is none.
    fn gap(&self, cluster: &Cluster<'_>) -> f32 {
        let gap = cluster.width() - self.own_width(cluster);
        if gap > self.size * SEEN_AS_SPACE { gap } else { 0.0 }
    }

    /// How wide the letters of a cluster are by themselves.
    fn own_width(&self, cluster: &Cluster<'_>) -> f32 {
        cluster.letters().map(|glyph| self.face.code(glyph.id).1).sum::<f32>() * self.size / 1000.0
    }

    /// Where the letter of a cluster begins: kerning may have moved it off the pen.
    fn letter(cluster: &Cluster<'_>, start: f32) -> f32 {
        let mut pen = start;
        let mut first = None::<f32>;
        for (glyph, (x_offset, _)) in cluster.placed() {
            if !cluster.is_attached(glyph) {
                let at = pen + x_offset;
                first = Some(first.map_or(at, |first| first.min(at)));
            }
            pen += glyph.advance;
        }
        first.unwrap_or(start)
    }

    fn those(&mut self, cluster: &Cluster<'_>, start: f32, attached: bool) {
        let mut pen = start;
        for (glyph, (x_offset, y_offset)) in cluster.placed() {
            if cluster.is_attached(glyph) == attached {
                self.rise(y_offset);
                self.glyph(glyph.id, pen + x_offset);
            }
            pen += glyph.advance;
        }
    }

    /// An invisible glyph that stands for a mark, or for a letter that the face has no blank glyph left for.
    fn carrier(&mut self, at: f32, text: &str) {
        if let Some(space) = self.face.space {
            self.rise(0.0);
            self.span(text);
            self.glyph(space, at);
            self.end_span();
        }
    }

    fn span(&mut self, actual: &str) {
        self.to(At::Out);
        self.out.extend_from_slice(b"/Span <</ActualText <FEFF");
        for unit in actual.encode_utf16() {
            self.out.extend_from_slice(format!("{unit:04X}").as_bytes());
        }
        self.out.extend_from_slice(b">>> BDC\n");
    }

    fn end_span(&mut self) {
        self.to(At::Out);
        self.out.extend_from_slice(b"EMC\n");
    }

    /// Shows a glyph `x` points from the start of the run.
    fn glyph(&mut self, glyph: u16, x: f32) {
        let (code, width) = self.face.code(glyph);
        let unit = self.size / 1000.0;
        let behind = ((x - self.shown) / unit).round();
        if behind != 0.0 && behind.is_finite() {
            self.to(At::Array);
            number(self.out, -behind);
            self.shown += behind * unit;
        }
        self.to(At::String);
        for byte in code.to_be_bytes() {
            match byte {
                b'(' | b')' | b'\\' => self.out.extend_from_slice(&[b'\\', byte]),
                // Raw line ends in a string would be read as line feeds.
                b'\r' => self.out.extend_from_slice(b"\\r"),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                _ => self.out.push(byte),
            }
        }
        self.shown += width * unit;
    }

    fn rise(&mut self, rise: f32) {
        if (self.rise - rise).abs() > f32::EPSILON {
            self.to(At::Out);
            self.rise = rise;
            number(self.out, rise);
            self.out.extend_from_slice(b" Ts\n");
        }
    }

    fn to(&mut self, wanted: At) {
        match (self.state, wanted) {
            (At::Out, At::Array) => self.out.push(b'['),
            (At::Out, At::String) => self.out.extend_from_slice(b"[("),
            (At::Array, At::String) => self.out.push(b'('),
            (At::Array, At::Out) => self.out.extend_from_slice(b"]TJ\n"),
            (At::String, At::Array) => self.out.push(b')'),
            (At::String, At::Out) => self.out.extend_from_slice(b")]TJ\n"),
            _ => {}
        }
        self.state = wanted;
    }
}
