//! Paragraphs, pictures and markers: inline content to lines.

use std::sync::Arc;

use super::beside::Beside;
use super::boxes::{Atom, BoxId, BoxKind, Inlines, LayoutBox, Marker, Reference};
use super::columns::Columns;
use super::floats::with_margins;
use super::flow::{Emitter, PageNumbers};
use super::picture::is_compressible;
use super::piece::{Content, Keep, Piece, PlacedAtom, PlacedLine};
use super::text_style::{line_height, text_style};
use super::untied::Untied;
use super::widths::{Horizontal, fixed_width, horizontal_edges};
use crate::typeset::inline::{
    self, Align, AtomAlign, Direction, Fragment, Hyphens, Inline, InlineBox, Line, Paragraph, Room, TextStyle,
};
use crate::typeset::style::Style;
use crate::typeset::style::computed::{BOTTOM, LEFT, LineHeight, RIGHT, TOP, VerticalAlign};

/// Further than any float is wide.
const FAR: f32 = 4096.0;
/// A picture that is so many lines tall stands for itself, though it stands in a line.
const TALL: f32 = 2.0;
/// How far a marker stands from the text, in ems.
const MARKER_GAP: f32 = 0.5;

impl Emitter<'_, '_, '_> {
    /// Lays out inline content and emits its lines.
    pub(crate) fn paragraph(&mut self, id: BoxId, inlines: &Inlines, x: f32, width: f32) {
        let mut placed: Vec<Option<PlacedAtom>> = Vec::with_capacity(inlines.atoms.len());
        let mut tall = Vec::new();
        for (number, atom) in inlines.atoms.iter().enumerate() {
            let (atom, too_tall) = self.atom(atom, width);
            placed.push(Some(atom));
            tall.extend(too_tall.map(|(id, place)| (number as u32, id, place)));
        }
        // A box that is taller than a page parts the lines before it from those after it.
        let mut from = 0;
        if !tall.is_empty() {
            for (at, item) in inlines.content.iter().enumerate() {
                let Inline::Atom { id: atom, .. } = item else { continue };
                let Some((_, within, place)) = tall.iter().find(|(number, ..)| number == atom) else { continue };
                self.lines_of(id, &part(inlines, from, at), &mut placed, (x, width), from == 0);
                let from_left = self.tree().get(id).style.direction == Direction::Ltr;
                self.in_the_flow(*within, x, *place, from_left);
                from = at + 1;
            }
        }
        if from == 0 {
            self.lines_of(id, inlines, &mut placed, (x, width), true);
        } else {
            self.lines_of(id, &part(inlines, from, inlines.content.len()), &mut placed, (x, width), false);
        }
    }

    /// The lines of a paragraph, or of the part of one that is not the first.
    fn lines_of(
        &mut self,
        id: BoxId,
        inlines: &Inlines,
        placed: &mut [Option<PlacedAtom>],
        (x, width): (f32, f32),
        is_first: bool,
    ) {
        let layout_box = self.tree().get(id);
        let style = &layout_box.style;
        let first_line = self.tree().first_lines.get(&id).filter(|_| is_first).map(Arc::as_ref);
        let mut paragraph = self.to_paragraph(layout_box, inlines, placed, width, first_line);
        if !is_first {
            paragraph.indent = 0.0;
        }
        self.settle_floats();
        let beside = self.lines_beside_floats(&paragraph, x, width);
        let Beside { lines, room, events, too_tall } = beside;
        let mut events = events.into_iter().peekable();
        let count = lines.len();
        let together = self.kept_for_notes(inlines, &lines);
        for (number, line) in lines.into_iter().enumerate() {
            let is_beside = !self.floats.is_clear(self.here());
            let is_kept = number < style.orphans || count - number < style.widows || number < together;
            let is_held = number > 0 && is_kept;
            while let Some((_, event)) = events.next_if(|(line, _)| *line <= number) {
                self.before_line(event, (x, width), is_held);
            }
            let keep = if is_held || number > 0 && is_beside { Keep::Avoid } else { Keep::Free };
            if !inlines.notes.is_empty() {
                self.notes_of_line(&line);
            }
            let atoms = atoms_of(&line, placed);
            let marker = self.marker.take().map(|marker| Box::new(beside_text(marker, room, (x, width))));
            let height = line.height;
            let line = PlacedLine { x, paragraph: Some(id), line, atoms, marker };
            self.emit(Piece::solid(height, keep, Content::Line(Box::new(line))));
        }
        for (_, event) in events {
            self.before_line(event, (x, width), false);
        }
        self.set_too_tall(too_tall, x);
    }

    /// What the inline formatter is asked: references filled in, atoms measured.
    fn to_paragraph(
        &self,
        layout_box: &LayoutBox,
        inlines: &Inlines,
        placed: &[Option<PlacedAtom>],
        width: f32,
        first_line: Option<&Style>,
    ) -> Paragraph {
        let style = &layout_box.style;
        let mut content = inlines.content.clone();
        let omits = layout_box.style.omits_repeated_pages;
        fill_in(&mut content, &inlines.references, self.context.numbers, omits);
        let strut = Arc::new(text_style(style, &layout_box.language));
        let height = line_height(style, &strut, self.context.fonts);
        for item in &mut content {
            if let Inline::Open { shape, .. } = item
                && shape.shares != Default::default()
            {
                *shape = Arc::new(InlineBox::clone(shape).in_width(width));
            }
            if let Inline::Atom { width, ascent, descent, align, id } = item
                && let Some(Some(atom)) = placed.get(*id as usize)
            {
                let extent = extent(atom);
                (*width, *ascent, *descent) = (extent.width, extent.above, extent.below);
                *align = self.shift(extent.align, &strut, (ascent, descent));
            }
        }
        let first_line = first_line.map_or_else(Vec::new, |first| in_first_line(&content, first, layout_box));
        let indent = style.indent.of(width);
        let is_bare = indent > 0.0 && begins_with_picture(&content, placed, TALL * height);
        let indent = if is_bare { 0.0 } else { indent };
        Paragraph {
            content,
            direction: style.direction,
            align: style.align,
            align_last: style.align_last,
            indent,
            line_height: height,
            strut,
            first_line,
            goes_on: inlines.goes_on,
        }
    }

    /// Moves an atom up or down by `vertical-align` (CSS 2.2, 10.8.1), beside text of the paragraph's own style.
    fn shift(&self, align: VerticalAlign, text: &TextStyle, (above, below): (&mut f32, &mut f32)) -> AtomAlign {
        let metrics = self.context.fonts.metrics(text);
        let up = match align {
            VerticalAlign::Top => return AtomAlign::Top,
            VerticalAlign::Bottom => return AtomAlign::Bottom,
            VerticalAlign::Baseline => 0.0,
            // The middle stands half an x-height above the baseline; a quarter of the size is near enough.
            VerticalAlign::Middle => text.size * 0.25 - (*above - *below) / 2.0,
            VerticalAlign::TextTop => metrics.ascent - *above,
            VerticalAlign::TextBottom => *below - metrics.descent,
            VerticalAlign::Sub => -0.2 * text.size,
            VerticalAlign::Super => 0.34 * text.size,
            VerticalAlign::Raise(length) => length.of(text.size * 1.2),
        };
        *above += up;
        *below -= up;
        AtomAlign::Baseline
    }

    /// An atom laid out; and, where it is too tall to stand on a line, the box that it is, and how wide that is.
    fn atom(&mut self, atom: &Atom, width: f32) -> (PlacedAtom, Option<(BoxId, Untied)>) {
        match atom {
            Atom::Picture(picture) => {
                let edges = horizontal_edges(&picture.style, width);
                let (w, h) = self.picture_size(picture, (width - edges).max(1.0), Some(width));
                (PlacedAtom::Picture { picture: picture.clone(), width: w, height: h, base: width }, None)
            }
            Atom::Box(id) => {
                let (atom, too_tall) = self.inline_block(*id, width);
                (atom, too_tall.map(|place| (*id, place)))
            }
        }
    }

    fn inline_block(&mut self, id: BoxId, width: f32) -> (PlacedAtom, Option<Untied>) {
        let style = Arc::clone(&self.tree().get(id).style);
        let edges = horizontal_edges(&style, width);
        let margin = |side: usize| style.margin[side].of(width).unwrap_or(0.0);
        let margins = margin(LEFT) + margin(RIGHT);
        let border_width = self.own_width(id, width);
        let place = Untied { width: border_width, content_width: (border_width - edges).max(0.0), base: width };
        let (flowed, is_too_tall) = self.on_its_own(id, place);
        let mut flowed = with_margins(flowed, margin(TOP), margin(BOTTOM));
        if matches!(self.tree().get(id).kind, BoxKind::Table) {
            flowed.last_baseline = flowed.row_baseline();
        }
        let full = (border_width + margins).max(0.0);
        let atom = PlacedAtom::Box { flowed, width: full, left: margin(LEFT), align: style.vertical_align };
        (atom, is_too_tall.then_some(place))
    }

    /// Lays out a list item's marker; the item's first line takes it.
    pub(crate) fn set_marker(&mut self, layout_box: &LayoutBox, marker: &Marker, horizontal: &Horizontal) {
        let style = &layout_box.style;
        let Some(line) = self.single_line(&marker.content, &marker.style, &layout_box.language) else { return };
        let gap = MARKER_GAP * style.font_size;
        let rtl = style.direction == Direction::Rtl;
        let x = if rtl {
            horizontal.content_x + horizontal.content_width + gap
        } else {
            horizontal.content_x - gap - line.natural
        };
        // The markers of items that begin with each other stand beside the same line, where there is room for them.
        let around = self.marker.take_if(
            |(outer, around)| {
                if rtl { *outer >= x + line.natural } else { *outer + around.natural <= x }
            },
        );
        self.flush_marker(horizontal.content_x, style);
        let taken = if rtl { &mut self.clearance.1 } else { &mut self.clearance.0 };
        *taken = taken.max(gap + line.natural);
        self.marker = Some(match around {
            Some(around) => together(around, (x, line)),
            None => (x, line),
        });
    }

    /// A box across all columns. A marker that waits stands before its first line, at the edge of the columns.
    pub(crate) fn across_columns(&mut self, id: BoxId, columns: &Columns) {
        let style = &self.tree().get(id).style;
        let (x, width) = (columns.outer_x, columns.outer_width);
        let rtl = style.direction_around == Direction::Rtl;
        let Some((waiting_x, line)) = &mut self.marker else { return self.spanning_block(id, x, width) };
        let inside = std::mem::replace(waiting_x, if rtl { x + width - line.natural } else { x });
        let taken = (line.natural + MARKER_GAP * style.font_size).min(width);
        self.spanning_block(id, if rtl { x } else { x + taken }, width - taken);
        if let Some((waiting_x, _)) = &mut self.marker {
            *waiting_x = inside;
        }
    }

    /// One line of text at its natural width.
    pub(crate) fn single_line(&mut self, content: &[Inline], style: &Style, language: &Arc<str>) -> Option<Line> {
        let strut = Arc::new(text_style(style, language));
        let paragraph = Paragraph {
            content: content.to_vec(),
            direction: style.direction,
            align: Align::Left,
            align_last: Some(Align::Left),
            indent: 0.0,
            line_height: line_height(style, &strut, self.context.fonts),
            strut,
            first_line: Vec::new(),
            goes_on: false,
        };
        let mut room = |_: usize| Room { left: 0.0, width: 10_000.0 };
        inline::layout(&paragraph, self.shaper, &mut room).into_iter().next()
    }

    /// Sets a marker beside what follows it, which has no line that could take it; its baseline is so far down.
    pub(crate) fn place_marker(&mut self, baseline: Option<f32>) {
        let Some((marker_x, line)) = self.marker.take() else { return };
        self.settle_floats();
        let marker_x = self.clear_of_floats(marker_x, &line);
        let baseline = baseline.unwrap_or(line.baseline);
        let empty = Line { fragments: Vec::new(), height: 0.0, baseline, natural: 0.0, ..line.clone() };
        let marker = Some(Box::new((marker_x, line)));
        let placed = PlacedLine { x: 0.0, paragraph: None, line: empty, atoms: Vec::new(), marker };
        self.emit(Piece::solid(0.0, Keep::Edge, Content::Line(Box::new(placed))));
    }

    /// Sets a marker that found no line on a line of its own.
    pub(crate) fn flush_marker(&mut self, x: f32, _style: &Style) {
        if let Some((marker_x, line)) = self.marker.take() {
            self.settle_floats();
            let marker_x = self.clear_of_floats(marker_x, &line);
            let height = line.height;
            let empty = Line { fragments: Vec::new(), ..line.clone() };
            let marker = Some(Box::new((marker_x, line)));
            let placed = PlacedLine { x, paragraph: None, line: empty, atoms: Vec::new(), marker };
            self.emit(Piece::solid(height, Keep::Free, Content::Line(Box::new(placed))));
        }
    }

    /// Where a marker begins that no text has taken along: beside the floats that stand where it would.
    fn clear_of_floats(&self, x: f32, line: &Line) -> f32 {
        let room = |x, width| self.floats.room(self.here(), self.here() + line.height, x, width);
        let from_left = room(x, FAR).left;
        let to_right = room(x - FAR, FAR + line.natural);
        let end = to_right.left + to_right.width - line.natural;
        let is_free = |at: &f32| room(*at, line.natural).width + 0.1 >= line.natural;
        [x, from_left, end].into_iter().find(is_free).unwrap_or(x)
    }

    /// The least and the most a box is wide, border box and margins included (CSS Sizing 3, 5).
    pub(crate) fn intrinsic(&mut self, id: BoxId) -> (f32, f32) {
        let layout_box = self.tree().get(id);
        let style = &layout_box.style;
        let (least, most) = match &layout_box.kind {
            BoxKind::Paragraph(inlines) => return self.paragraph_widths(layout_box, inlines),
            BoxKind::Picture(picture) => {
                let (w, _) = self.picture_size(picture, f32::MAX, None);
                (if is_compressible(picture) { 0.0 } else { w }, w)
            }
            BoxKind::Table => self.table_widths(id),
            _ => {
                let mut widths = (0.0_f32, 0.0_f32);
                for child in &layout_box.children {
                    let (least, most) = self.intrinsic(*child);
                    widths = (widths.0.max(least), widths.1.max(most));
                }
                widths
            }
        };
        let edges = horizontal_edges(style, 0.0);
        let margins = style.margin[LEFT].fixed().unwrap_or(0.0) + style.margin[RIGHT].fixed().unwrap_or(0.0);
        // A table is no narrower than its columns need, whatever it says (CSS 2.2, 17.5.2.2).
        let floor = if matches!(layout_box.kind, BoxKind::Table) && !style.is_fixed_table() { least } else { 0.0 };
        let fixed = fixed_width(style, edges);
        let cap = |width: f32| style.max_width.fixed().map_or(width, |most| width.min(most));
        let of = |width: f32| fixed.unwrap_or(cap(width)).max(floor) + edges + margins;
        (of(least), of(most))
    }

    fn paragraph_widths(&mut self, layout_box: &LayoutBox, inlines: &Inlines) -> (f32, f32) {
        let (mut narrow, mut wide) = (Vec::new(), Vec::new());
        let mut differ = false;
        for atom in &inlines.atoms {
            let (least, most) = self.atom_widths(atom);
            differ |= least.width() < most.width();
            narrow.push(Some(least));
            wide.push(Some(most));
        }
        let paragraph = self.to_paragraph(layout_box, inlines, &wide, 0.0, None);
        let (mut least, mut most) = self.widths_of(&paragraph);
        for item in &inlines.content {
            if let Inline::Float(id) = item {
                let float = self.intrinsic(*id);
                (least, most) = (least.max(float.0), most + float.1);
            }
        }
        if !differ {
            return (least, most);
        }
        let paragraph = self.to_paragraph(layout_box, inlines, &narrow, 0.0, None);
        (self.widths_of(&paragraph).0, most)
    }

    /// The least and the most a paragraph is wide; words are divided where it is asked what is needed for lack of room.
    fn widths_of(&mut self, paragraph: &Paragraph) -> (f32, f32) {
        let (least, most) = inline::intrinsic_widths(paragraph, self.shaper);
        (if self.is_tight { inline::tightest_width(paragraph, self.shaper) } else { least }, most)
    }

    /// An atom at the least and at the most width it may have.
    fn atom_widths(&mut self, atom: &Atom) -> (PlacedAtom, PlacedAtom) {
        match atom {
            Atom::Picture(picture) => {
                let (width, height) = self.picture_size(picture, f32::MAX, None);
                let placed = |width| PlacedAtom::Picture { picture: picture.clone(), width, height, base: 0.0 };
                (placed(if is_compressible(picture) { 0.0 } else { width }), placed(width))
            }
            Atom::Box(id) => {
                let (least, most) = self.intrinsic(*id);
                let placed = |width| PlacedAtom::Box {
                    flowed: super::piece::Flowed::default(),
                    width,
                    left: 0.0,
                    align: VerticalAlign::Baseline,
                };
                (placed(least), placed(most))
            }
        }
    }
}

/// Fills in references. Where repeated pages are left out, what stands between two references to one page goes with the second.
fn fill_in(content: &mut [Inline], references: &[(usize, Reference)], numbers: &PageNumbers, omits_repeated: bool) {
    let mut last: Option<(usize, String)> = None;
    for (at, reference) in references {
        let Some(number) = numbers.text(reference) else { continue };
        let repeats = last.as_ref().filter(|(_, said)| omits_repeated && *said == number).map(|(before, _)| *before);
        if let Some(before) = repeats {
            for item in content.iter_mut().take(at + 1).skip(before + 1) {
                if let Inline::Text { text, .. } = item {
                    *text = Arc::from("");
                }
            }
        } else if let Some(Inline::Text { text, .. }) = content.get_mut(*at) {
            *text = Arc::from(number.as_str());
        }
        last = Some((*at, number));
    }
}

/// A part of what stands in a paragraph, from one item to another; its atoms are those of the whole.
fn part(inlines: &Inlines, from: usize, to: usize) -> Inlines {
    let within = inlines.references.iter().filter(|(at, _)| (from..to).contains(at));
    Inlines {
        content: inlines.content[from..to].to_vec(),
        atoms: Vec::new(),
        references: within.map(|(at, reference)| (at - from, reference.clone())).collect(),
        notes: inlines.notes.clone(),
        goes_on: inlines.goes_on,
    }
}

/// Content as it is set on a first line with a style of its own: what that says differently from the paragraph's. Words
/// are not hyphenated there.
fn in_first_line(content: &[Inline], first_style: &Style, layout_box: &LayoutBox) -> Vec<Inline> {
    let own = text_style(&layout_box.style, &layout_box.language);
    let first = text_style(first_style, &layout_box.language);
    let restyled = |style: &TextStyle| {
        let mut style = style.clone();
        style.hyphens = style.hyphens.min(Hyphens::Soft);
        style.size *= first.size / own.size.max(0.01);
        if first.families != own.families {
            style.families = Arc::clone(&first.families);
        }
        if first.features != own.features {
            style.features = Arc::clone(&first.features);
        }
        if first.weight != own.weight {
            style.weight = first.weight;
        }
        if first.color != own.color {
            style.color = first.color;
        }
        style.italic |= first.italic && !own.italic;
        if first.decorations != own.decorations {
            let added = first.decorations.iter().filter(|line| !own.decorations.contains(line));
            style.decorations = style.decorations.iter().chain(added).cloned().collect();
        }
        style.letter_spacing += first.letter_spacing - own.letter_spacing;
        style.word_spacing += first.word_spacing - own.word_spacing;
        if style.line_height.is_none() {
            style.line_height = line_height_in_first_line(&layout_box.style, first_style, style.size);
        }
        Arc::new(style)
    };
    let mut content = content.to_vec();
    for item in &mut content {
        if let Inline::Text { style, .. } = item {
            *style = restyled(style);
        }
    }
    content
}

/// The line height of text of this size on a first line with a style of its own, where it is not the paragraph's in
/// proportion to the size.
fn line_height_in_first_line(paragraph: &Style, first: &Style, size: f32) -> Option<f32> {
    let differs = first.line_height != paragraph.line_height;
    match first.line_height {
        LineHeight::Points(points) if differs || size > paragraph.font_size => Some(points),
        LineHeight::Number(number) if differs => Some(number * size),
        _ => None,
    }
}

/// Two markers as one, in the order of their items.
fn together((outer_x, outer): (f32, Line), (inner_x, inner): (f32, Line)) -> (f32, Line) {
    let x = outer_x.min(inner_x);
    let end = (outer_x + outer.natural).max(inner_x + inner.natural);
    let moved =
        |(from, line): (f32, &Line)| line.fragments.iter().cloned().map(move |own| own.moved(from - x)).collect();
    let parts: [Vec<Fragment>; 2] = [moved((outer_x, &outer)), moved((inner_x, &inner))];
    let (height, baseline) = (outer.height.max(inner.height), outer.baseline.max(inner.baseline));
    (x, Line { fragments: parts.into_iter().flatten().collect(), natural: end - x, height, baseline, ..inner })
}

/// A marker moved as far as floats move the first line.
fn beside_text((marker_x, line): (f32, Line), room: Room, (x, width): (f32, f32)) -> (f32, Line) {
    let moved = if marker_x < x { room.left } else { room.left + room.width - width };
    (marker_x + moved, line)
}

/// Whether the first that is seen of a paragraph is a picture taller than this.
fn begins_with_picture(content: &[Inline], placed: &[Option<PlacedAtom>], tall: f32) -> bool {
    let is_nothing = |item: &&Inline| match item {
        Inline::Text { text, .. } => text.trim_matches(|letter: char| letter.is_ascii_whitespace()).is_empty(),
        Inline::Atom { .. } | Inline::Break | Inline::Leader { .. } => false,
        _ => true,
    };
    match content.iter().find(|item| !is_nothing(item)) {
        Some(Inline::Atom { id, .. }) => match placed.get(*id as usize) {
            Some(Some(PlacedAtom::Picture { height, .. })) => *height > tall,
            _ => false,
        },
        _ => false,
    }
}

/// How large an atom is on its line, margins included, before `vertical-align` moves it.
struct Extent {
    width: f32,
    above: f32,
    below: f32,
    align: VerticalAlign,
}

fn extent(atom: &PlacedAtom) -> Extent {
    match atom {
        PlacedAtom::Picture { picture, width, height, base } => {
            let own = &picture.style;
            let margin = |side: usize| own.margin[side].of(*base).unwrap_or(0.0);
            let vertical = own.border[TOP].used()
                + own.border[BOTTOM].used()
                + own.padding[TOP].of(*base)
                + own.padding[BOTTOM].of(*base);
            let above = height + vertical + margin(TOP) + margin(BOTTOM);
            let width = width + horizontal_edges(own, *base) + margin(LEFT) + margin(RIGHT);
            Extent { width, above, below: 0.0, align: own.vertical_align }
        }
        PlacedAtom::Box { flowed, width, align, .. } => {
            let above = flowed.last_baseline.unwrap_or(flowed.height);
            Extent { width: *width, above, below: flowed.height - above, align: *align }
        }
    }
}

/// The atoms that stand on a line.
fn atoms_of(line: &Line, placed: &mut [Option<PlacedAtom>]) -> Vec<(u32, PlacedAtom)> {
    line.fragments
        .iter()
        .filter_map(|fragment| match fragment {
            Fragment::Atom { id, .. } => Some((*id, placed.get_mut(*id as usize)?.take()?)),
            _ => None,
        })
        .collect()
}
