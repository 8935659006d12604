//! From placed pages to the display list.

use std::sync::Arc;

use super::block::boxes::{BoxTree, PictureBox};
use super::block::footnotes::Note;
use super::block::piece::{Cell, Content, Flowed, Frame, Piece, PlacedAtom, PlacedLine, Row};
use super::block::widths::radii;
use super::border::{self, Line as BorderLine};
use super::corners::{self, Rounded};
use super::display::drawing::Outline;
use super::display::{Artefact, Color, Item, Link, Owner, Page, Rect};
use super::inline::{Fragment, Line};
use super::off_paper::OffPaper;
use super::pager::margin_boxes::{self, PlacedMarginBox};
use super::pager::paginate::{PageDraft, Placed};
use super::style::Style;
use super::style::computed::{BOTTOM, LEFT, LineStyle, RIGHT, TOP};

/// The parts of a text's size that a link's rectangle reaches above and below the baseline.
const LINK_ASCENT: f32 = 0.85;
const LINK_DESCENT: f32 = 0.25;

/// Paints one page.
struct Painter<'a> {
    tree: &'a BoxTree,
    page: Page,
    number: i32,
    off_paper: Vec<OffPaper>,
    /// What content without a structure node is there for.
    artefact: Artefact,
    /// Where shared borders that show what is below them have been painted.
    sheer: Vec<Rect>,
}

/// Something that stands on a page, in the coordinates of the page area.
pub(crate) enum Standing {
    /// As the pager placed it.
    Placed(Placed),
    /// What the pager only named.
    Content {
        content: Content,
        height: f32,
        x: f32,
        y: f32,
    },
    Picture {
        picture: Box<PictureBox>,
        rect: Rect,
    },
    Flowed {
        flowed: Flowed,
        x: f32,
        y: f32,
    },
}

/// Takes what a draft names out of the units and notes, so that pages can be painted side by side.
pub(crate) fn take(draft: &mut PageDraft, units: &mut [Vec<Piece>], notes: &mut [Option<Note>]) -> Vec<Standing> {
    let mut solid = |unit: u32, piece: u32| {
        let piece = units.get_mut(unit as usize)?.get_mut(piece as usize)?;
        let Piece::Solid { content, height, .. } = piece else { return None };
        Some((std::mem::replace(content, Content::Blank), *height))
    };
    let mut section = |note: u32, section: usize| {
        let note = notes.get_mut(note as usize)?.as_mut()?;
        note.sections.get_mut(section).map(std::mem::take)
    };
    let standing = |placed: Placed| match placed {
        Placed::Strip { unit, piece, x, y } => {
            let (content, height) = solid(unit, piece)?;
            Some(Standing::Content { content, height, x, y })
        }
        Placed::Picture { unit, piece, x, y, height } => match solid(unit, piece)? {
            (Content::Picture { x: own, width, picture }, whole) => {
                // It keeps its shape and its middle.
                let smaller = width * height / whole.max(0.01);
                let x = x + own + (width - smaller) / 2.0;
                Some(Standing::Picture { picture, rect: Rect { x, y, width: smaller, height } })
            }
            _ => None,
        },
        Placed::Note { note, section: number, x, y } => Some(Standing::Flowed { flowed: section(note, number)?, x, y }),
        Placed::Flowed { flowed, x, y } => Some(Standing::Flowed { flowed: *flowed, x, y }),
        placed => Some(Standing::Placed(placed)),
    };
    std::mem::take(&mut draft.placed).into_iter().filter_map(standing).collect()
}

/// Paints a page with what stands on it; its lines that run off the paper are told.
pub(crate) fn paint(
    draft: &PageDraft,
    standing: Vec<Standing>,
    margin_boxes: Vec<PlacedMarginBox>,
    tree: &BoxTree,
) -> (Page, Vec<OffPaper>) {
    let style = &draft.style;
    let page = Page {
        width: style.width,
        height: style.height,
        items: Vec::new(),
        links: Vec::new(),
        label: margin_boxes::label(draft),
    };
    let (number, artefact) = (draft.number, Artefact::Layout);
    let mut painter = Painter { tree, page, number, off_paper: Vec::new(), artefact, sheer: Vec::new() };
    let area = style.area;
    painter.page_background(&style.style, area, style.width, style.height);
    let border_box = style.border_box();
    painter.page_borders(&style.style, border_box);
    // Backgrounds and borders of blocks lie below floats and text (CSS 2.2, appendix E).
    for standing in &standing {
        if let Standing::Placed(Placed::Frame { frame, x, top, bottom, first, last }) = standing {
            painter.frame(frame, area.x + x, area.y + top, bottom - top, *first, *last);
        }
    }
    for standing in standing {
        match standing {
            Standing::Placed(placed) => painter.placed(placed, area.x, area.y),
            Standing::Content { content, height, x, y } => painter.content(content, height, area.x + x, area.y + y),
            Standing::Picture { picture, rect } => {
                painter.picture(&picture, Rect { x: area.x + rect.x, y: area.y + rect.y, ..rect });
            }
            Standing::Flowed { flowed, x, y } => painter.flowed(flowed, area.x + x, area.y + y),
        }
    }
    for margin_box in margin_boxes {
        painter.artefact = match margin_box.rect {
            rect if rect.y + rect.height <= border_box.y + 0.5 => Artefact::Header,
            rect if rect.y >= border_box.y + border_box.height - 0.5 => Artefact::Footer,
            _ => Artefact::Pagination,
        };
        painter.margin_box(margin_box);
    }
    (painter.page, painter.off_paper)
}

impl Painter<'_> {
    fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        if color.a > 0 && width > 0.0 && height > 0.0 {
            self.page.items.push(Item::Fill { rect: Rect { x, y, width, height }, color, artefact: self.artefact });
        }
    }

    fn placed(&mut self, placed: Placed, dx: f32, dy: f32) {
        match placed {
            Placed::Row { row, x, y } => self.row(*row, dx + x, dy + y),
            Placed::Rule { x, top, bottom, line } => {
                let rule = Rect { x: dx + x, y: dy + top, width: line.0, height: bottom - top };
                self.line_of_box(rule, LEFT, line, (0.0, 0.0));
            }
            // Frames have been painted, the others were taken out of the units.
            Placed::Frame { .. }
            | Placed::Strip { .. }
            | Placed::Picture { .. }
            | Placed::Note { .. }
            | Placed::Flowed { .. } => {}
        }
    }

    fn page_background(&mut self, style: &Style, area: Rect, width: f32, height: f32) {
        self.artefact = Artefact::Background;
        if let Some(color) = style.background_color() {
            self.fill(0.0, 0.0, width, height, color);
        }
        // That of the document lies behind its text, not behind margins.
        if let Some(color) = self.tree.canvas {
            self.fill(area.x, area.y, area.width, area.height, color);
        }
        self.artefact = Artefact::Layout;
    }

    /// The borders of a page: between its margins and its padding.
    fn page_borders(&mut self, style: &Style, border_box: Rect) {
        let frame = Frame {
            x: border_box.x,
            width: border_box.width,
            background: None,
            borders: style.border.map(|border| border.painted(style.color)),
            radii: radii(style),
        };
        self.frame(&frame, 0.0, border_box.y, border_box.height, true, true);
    }

    /// Background and borders; where a box was cut it has no border (`box-decoration-break: slice`).
    fn frame(&mut self, frame: &Frame, dx: f32, y: f32, height: f32, first: bool, last: bool) {
        let x = frame.x + dx;
        if height <= 0.0 || self.rounded_frame(frame, Rect { x, y, width: frame.width, height }, first, last) {
            return;
        }
        if let Some(color) = frame.background {
            self.fill(x, y, frame.width, height, color);
        }
        let [mut top, right, mut bottom, left] = frame.borders;
        top.0 = if first { top.0.min(height) } else { 0.0 };
        bottom.0 = if last { bottom.0 } else { 0.0 };
        let ends = (left.0, right.0);
        self.line_of_box(Rect { x, y, width: frame.width, height: top.0 }, TOP, top, ends);
        let foot = Rect { x, y: y + height - bottom.0, width: frame.width, height: bottom.0 };
        self.line_of_box(foot, BOTTOM, bottom, ends);
        for (side, line, x) in [(LEFT, left, x), (RIGHT, right, x + frame.width - right.0)] {
            // Double lines meet in the corners; others end where those above and below begin.
            let meets = matches!(line.2, LineStyle::Double | LineStyle::Groove | LineStyle::Ridge);
            let (from, to) = if meets { (0.0, 0.0) } else { (top.0, bottom.0) };
            let area = Rect { x, y: y + from, width: line.0, height: (height - from - to).max(0.0) };
            self.line_of_box(area, side, line, (top.0, bottom.0));
        }
    }

    /// Background and borders of a box with round corners; `false` where there are none. Lines that are not whole run along the
    /// straight parts of its sides alone.
    fn rounded_frame(&mut self, frame: &Frame, rect: Rect, first: bool, last: bool) -> bool {
        let Some(radii) = &frame.radii else { return false };
        let outer = Rounded::new(rect, radii, first, last);
        if !outer.is_round() {
            return false;
        }
        if let Some(color) = frame.background {
            self.area(corners::area(&outer), color);
        }
        let widths = corners::widths(frame, first, last);
        let Some(lines) = corners::whole_lines(frame, widths) else {
            // Where little is straight, nothing would be left of the line.
            if outer.is_mostly_straight() {
                self.straight_lines(frame, &outer, widths);
            } else {
                let widest = [TOP, RIGHT, BOTTOM, LEFT].into_iter().max_by(|a, b| widths[*a].total_cmp(&widths[*b]));
                let color = frame.borders[widest.unwrap_or(TOP)].1;
                self.area(corners::ring(&outer, widths), color);
            }
            return true;
        };
        // One line goes round; what has another colour lies on it.
        for (number, color) in lines.iter().enumerate() {
            let of_color = |side: usize| number == 0 || frame.borders[side].1 == *color;
            let widths = [TOP, RIGHT, BOTTOM, LEFT].map(|side| if of_color(side) { widths[side] } else { 0.0 });
            self.area(corners::ring(&outer, widths), *color);
        }
        true
    }

    /// Lines along a box with round corners, from one corner to the next.
    fn straight_lines(&mut self, frame: &Frame, outer: &Rounded, widths: [f32; 4]) {
        let (Rect { x, y, width, height }, radii) = (outer.rect, outer.radii);
        for side in [TOP, RIGHT, BOTTOM, LEFT] {
            // A side goes from the corner of its number to the next, clockwise.
            let axis = usize::from(matches!(side, LEFT | RIGHT));
            let (mut from, mut to) = (radii[side][axis], radii[(side + 1) % 4][axis]);
            if matches!(side, BOTTOM | LEFT) {
                (from, to) = (to, from);
            }
            let thick = widths[side];
            let area = match side {
                TOP => Rect { x: x + from, y, width: width - from - to, height: thick },
                BOTTOM => Rect { x: x + from, y: y + height - thick, width: width - from - to, height: thick },
                LEFT => Rect { x, y: y + from, width: thick, height: height - from - to },
                _ => Rect { x: x + width - thick, y: y + from, width: thick, height: height - from - to },
            };
            let (_, color, style) = frame.borders[side];
            self.line_of_box(area, side, (thick, color, style), (0.0, 0.0));
        }
    }

    fn area(&mut self, outline: Outline, color: Color) {
        self.page.items.push(Item::Area { outline: Box::new(outline), color, artefact: self.artefact });
    }

    fn line_of_box(&mut self, area: Rect, side: usize, line: BorderLine, ends: (f32, f32)) {
        for (Rect { x, y, width, height }, color) in border::strokes(area, side, line, ends) {
            self.fill(x, y, width, height, color);
        }
    }

    /// Borders shared with the neighbours: each centred on the edge of the cell.
    fn collapsed_borders(&mut self, frame: &Frame, dx: f32, y: f32, height: f32) {
        let x = frame.x + dx;
        let [top, right, bottom, left] = frame.borders;
        let (from, length) = (x - left.0 / 2.0, frame.width + left.0 / 2.0 + right.0 / 2.0);
        for (side, line, edge) in [(TOP, top, y), (BOTTOM, bottom, y + height)] {
            let area = Rect { x: from, y: edge - line.0 / 2.0, width: length, height: line.0 };
            self.shared_line(area, side, line);
        }
        for (side, line, edge) in [(LEFT, left, x), (RIGHT, right, x + frame.width)] {
            self.shared_line(Rect { x: edge - line.0 / 2.0, y, width: line.0, height }, side, line);
        }
    }

    /// Both neighbours paint a shared border, and borders cross: a colour that shows what is below it is painted once.
    fn shared_line(&mut self, area: Rect, side: usize, line: BorderLine) {
        for (stroke, color) in border::strokes(area, side, line, (0.0, 0.0)) {
            let parts = if color.a < u8::MAX { border::uncovered(stroke, &self.sheer) } else { vec![stroke] };
            for part in parts {
                self.fill(part.x, part.y, part.width, part.height, color);
                if color.a < u8::MAX {
                    self.sheer.push(part);
                }
            }
        }
    }

    fn content(&mut self, content: Content, height: f32, dx: f32, y: f32) {
        match content {
            Content::Blank | Content::Rest { .. } | Content::ColumnsStart(_) | Content::ColumnsEnd => {}
            Content::Line(line) => self.placed_line(*line, dx, y),
            Content::Picture { x, width, picture } => {
                self.picture(&picture, Rect { x: x + dx, y, width, height });
            }
            Content::Row(row) => self.row(*row, dx, y),
            Content::Float { x, flowed } => self.flowed(*flowed, x + dx, y),
        }
    }

    fn picture(&mut self, picture: &PictureBox, rect: Rect) {
        if picture.style.is_hidden() {
            return;
        }
        let owner = Owner::of(picture.tag, self.artefact);
        let (drawn, is_cut) = picture.fitted(rect);
        let clip = is_cut.then_some(rect);
        let outline = radii(&picture.style).and_then(|radii| {
            let style = &picture.style;
            let edges =
                [TOP, RIGHT, BOTTOM, LEFT].map(|side| style.border[side].used() + style.padding[side].length.pt);
            let border_box = Rect {
                x: rect.x - edges[LEFT],
                y: rect.y - edges[TOP],
                width: rect.width + edges[LEFT] + edges[RIGHT],
                height: rect.height + edges[TOP] + edges[BOTTOM],
            };
            let rounded = Rounded::new(border_box, &radii, true, true).inside(edges);
            rounded.is_round().then(|| Box::new(corners::area(&rounded)))
        });
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 255")]
        let alpha = (picture.style.opacity * 255.0).round() as u8;
        self.page.items.push(Item::Image { rect: drawn, clip, outline, image: picture.image, alpha, owner });
        if let Some(link) = picture.link {
            self.link(link, rect);
        }
    }

    fn placed_line(&mut self, placed: PlacedLine, dx: f32, y: f32) {
        let PlacedLine { x, paragraph, line, atoms, marker } = placed;
        let baseline = y + line.baseline;
        let page = (self.number, self.page.width);
        if let Some(marker) = marker {
            let (marker_x, marker_line) = *marker;
            let top = baseline - marker_line.baseline;
            self.off_paper.extend(OffPaper::of_marker(paragraph, &marker_line, marker_x + dx, page));
            self.line(marker_line, marker_x + dx, top, Vec::new());
        }
        let left = x + dx + line.x;
        self.off_paper.extend(OffPaper::of(paragraph, &line, left, page));
        self.line(line, left, y, atoms);
    }

    /// A line whose left edge is at `x`.
    fn line(&mut self, line: Line, x: f32, y: f32, mut atoms: Vec<(u32, PlacedAtom)>) {
        let baseline = y + line.baseline;
        let mut link_rect: Option<(u32, Rect)> = None;
        for fragment in line.fragments {
            match fragment {
                Fragment::Strip { x: own, width, top, height, color } => {
                    self.fill(x + own, baseline - top, width, height, color);
                }
                Fragment::Glyphs { x: own, width, raise, run, tag, link } => {
                    if let Some(link) = link {
                        let rect = Rect {
                            x: x + own,
                            y: baseline - raise - run.size * LINK_ASCENT,
                            width,
                            height: run.size * (LINK_ASCENT + LINK_DESCENT),
                        };
                        self.grow_link(&mut link_rect, link, rect);
                    }
                    if run.color.a > 0 && !run.glyphs.is_empty() {
                        let owner = Owner::of(tag, self.artefact);
                        self.page.items.push(Item::Glyphs { x: x + own, y: baseline - raise, run, owner });
                    }
                }
                Fragment::Atom { x: own, ascent, id, width, descent } => {
                    if let Some(at) = atoms.iter().position(|(number, _)| *number == id) {
                        let (_, atom) = atoms.swap_remove(at);
                        let rect = Rect { x: x + own, y: baseline - ascent, width, height: ascent + descent };
                        self.atom(atom, rect);
                    }
                }
                Fragment::Anchor(_) | Fragment::Note(_) | Fragment::Float(_) => {}
            }
        }
        if let Some((link, rect)) = link_rect {
            self.link(link, rect);
        }
    }

    /// Joins the pieces of one link on one line.
    fn grow_link(&mut self, current: &mut Option<(u32, Rect)>, link: u32, rect: Rect) {
        match current {
            Some((own, grown)) if *own == link => {
                let right = (grown.x + grown.width).max(rect.x + rect.width);
                let bottom = (grown.y + grown.height).max(rect.y + rect.height);
                grown.x = grown.x.min(rect.x);
                grown.y = grown.y.min(rect.y);
                grown.width = right - grown.x;
                grown.height = bottom - grown.y;
            }
            _ => {
                if let Some((link, rect)) = current.replace((link, rect)) {
                    self.link(link, rect);
                }
            }
        }
    }

    fn link(&mut self, link: u32, rect: Rect) {
        if let Some(info) = self.tree.links.get(link as usize) {
            self.page.links.push(Link {
                rect,
                target: info.target.clone(),
                contents: info.contents.clone(),
                tag: Some(info.tag),
            });
        }
    }

    fn atom(&mut self, atom: PlacedAtom, rect: Rect) {
        match atom {
            PlacedAtom::Picture { picture, width, height, base } => {
                let style = &picture.style;
                let margin = |side: usize| style.margin[side].of(base).unwrap_or(0.0);
                let edge = |side: usize| style.border[side].used() + style.padding[side].of(base);
                let border_box = Rect {
                    x: rect.x + margin(LEFT),
                    y: rect.y + margin(TOP),
                    width: width + edge(LEFT) + edge(RIGHT),
                    height: height + edge(TOP) + edge(BOTTOM),
                };
                let horizontal_x = border_box.x;
                let frame = Frame {
                    x: horizontal_x,
                    width: border_box.width,
                    background: style.background_color(),
                    borders: style.border.map(|border| border.painted(style.color)),
                    radii: radii(style),
                };
                self.frame(&frame, 0.0, border_box.y, border_box.height, true, true);
                let inner = Rect { x: border_box.x + edge(LEFT), y: border_box.y + edge(TOP), width, height };
                self.picture(&picture, inner);
            }
            PlacedAtom::Box { flowed, left, .. } => self.flowed(flowed, rect.x + left, rect.y),
        }
    }

    fn row(&mut self, row: Row, dx: f32, y: f32) {
        for (top, height, frame) in &row.backgrounds {
            self.frame(frame, dx, y + top, *height, true, true);
        }
        // All backgrounds before all borders: a neighbour's background must not cover a shared border.
        for cell in &row.cells {
            self.cell_frame(cell, dx, y);
        }
        for cell in row.cells {
            if cell.collapse {
                self.collapsed_borders(&cell.frame, dx, y + cell.y, cell.height);
            }
            self.flowed(cell.content, dx, y + cell.y + cell.inset);
        }
    }

    fn cell_frame(&mut self, cell: &Cell, dx: f32, y: f32) {
        if cell.collapse {
            if let Some(color) = cell.frame.background {
                self.fill(cell.x + dx, y + cell.y, cell.width, cell.height, color);
            }
        } else {
            self.frame(&cell.frame, dx, y + cell.y, cell.height, true, true);
        }
    }

    fn flowed(&mut self, mut flowed: Flowed, dx: f32, top: f32) {
        for (frame, from, to) in frame_extents(&flowed) {
            self.frame(&frame, dx, top + from, to - from, true, true);
        }
        let mut y = top;
        for strip in &flowed.strips {
            y += strip.space;
            if let Some(Piece::Solid { content, height, .. }) = flowed.pieces.get_mut(strip.piece as usize) {
                let content = std::mem::replace(content, Content::Blank);
                self.content(content, *height, dx, y);
            }
            y += strip.height;
        }
    }

    fn margin_box(&mut self, margin_box: PlacedMarginBox) {
        let PlacedMarginBox { rect, style, within, lines, .. } = margin_box;
        let within = within.as_ref().map(|(rect, style)| (*rect, style.as_ref()));
        for (rect, style) in std::iter::once((rect, &style)).chain(within).filter(|(_, style)| !style.is_hidden()) {
            let frame = Frame {
                x: rect.x,
                width: rect.width,
                background: style.background_color(),
                borders: style.border.map(|border| border.painted(style.color)),
                radii: radii(style),
            };
            self.frame(&frame, 0.0, rect.y, rect.height, true, true);
        }
        for (x, y, line) in lines {
            self.line(line, x, y, Vec::new());
        }
    }
}

/// The frames of laid-out content, and from where to where each reaches.
fn frame_extents(flowed: &Flowed) -> Vec<(Arc<Frame>, f32, f32)> {
    let mut out: Vec<(Arc<Frame>, f32, f32)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut y = 0.0;
    for strip in &flowed.strips {
        for _ in 0..strip.closes {
            if let Some(at) = open.pop() {
                out[at].2 = y;
            }
        }
        y += strip.space;
        for frame in &strip.opens {
            open.push(out.len());
            out.push((Arc::clone(frame), y, y));
        }
        y += strip.height;
    }
    for at in open {
        out[at].2 = y;
    }
    out
}
