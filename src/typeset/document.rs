//! The whole way from HTML to a display list.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::block::boxes::{BoxId, BoxKind, BoxTree};
use super::block::build::{self, Built};
use super::block::columns::Columns;
use super::block::flow::{Emitter, LayoutContext, PageNumbers, content_box, has_floats, is_plain, spans_columns};
use super::block::galley::Galley;
use super::block::piece::{Piece, Strip};
use super::block::text_style::text_style;
use super::display::{Bookmark, Destination, Document, Image, Page};
use super::dom::{Dom, NodeId};
use super::fonts::Fonts;
use super::information;
use super::inline::Direction;
use super::pager::margin_boxes;
use super::pager::paginate::{Pagination, paginate};
use super::paint;
use super::picture::Pictures;
use super::shape::Shaper;
use super::style::cascade::{self, Styles};
use super::style::page_rule::PageKind;
use super::style::page_style::{self, PageStyle};
use super::style::sheet::{Origin, Source};
use super::style::{Sheets, Style, USER_AGENT};
use super::{Options, Resources};
use crate::error::{Place, Warned, Warning};

/// Page numbers in the text may move the text: after so many rounds what stands is kept.
const MAX_ROUNDS: usize = 3;

/// Pieces of work for the threads; the result does not depend on it.
const CHUNKS: usize = 32;

/// Lays out a document.
pub(super) fn layout(html: &str, options: &Options<'_>, resources: &dyn Resources, fonts: &Fonts) -> Warned<Document> {
    let base_language = if options.base_language.is_empty() { "en" } else { options.base_language };
    let dom = Dom::parse(html, base_language);
    let sources = dom.elements().filter(|(_, element)| &*element.name == "img");
    let sources = sources.filter_map(|(_, element)| element.attribute("src"));
    let mut pictures = Pictures::probe(sources, dom.graphics(), resources, fonts);
    let mut warnings = Vec::new();
    if let Some(line) = dom.hoisted_line {
        let warning = Warning::new("elements nest too deeply; what lies deeper than 200 levels is set at that level");
        warnings.push(warning.at(Place { line: Some(line), ..Place::file(options.html_name) }));
    }
    let mut sheets = sheets(&dom, options);
    let prepared = Prepared::new(&dom, &mut sheets, options, fonts);
    warnings.append(&mut sheets.warnings);
    // Pictures are decoded beside the layout; one that turns out broken is taken out, and the layout made again.
    loop {
        let (images, laid_out) =
            rayon::join(|| pictures.decode(), || prepared.layout(&dom, &sheets, &pictures, options, fonts));
        let mut broken = false;
        for (number, image) in images.iter().enumerate() {
            if let Err(reason) = image {
                broken |= pictures.refuse(number, reason);
            }
        }
        if broken {
            continue;
        }
        let Warned { value: mut document, warnings: later } = laid_out;
        document.images = images.into_iter().map(|image| image.unwrap_or(EMPTY_IMAGE)).collect();
        pictures.resample(&mut document);
        document.info = information::of(&dom, options);
        warnings.extend(later);
        return Warned::new(document, warnings);
    }
}

/// Stands for a picture that is not shown.
const EMPTY_IMAGE: Image = Image::Samples { width: 1, height: 1, components: 1, samples: Vec::new(), alpha: None };

fn sheets(dom: &Dom, options: &Options<'_>) -> Sheets {
    let mut sheets = Sheets::default();
    sheets.add(USER_AGENT, Origin::UserAgent, Source { file: "ua.css", first_line: 1 });
    sheets.add(options.style, Origin::Author, Source { file: options.style_name, first_line: 1 });
    for (id, element) in dom.elements() {
        if &*element.name == "style" && element.is_html {
            let source = Source { file: options.html_name, first_line: element.line };
            sheets.add(&dom.text(id), Origin::Author, source);
        }
    }
    sheets
}

/// What is known before pictures and pages.
struct Prepared {
    styles: Styles,
    root_style: Arc<Style>,
    rtl: bool,
}

impl Prepared {
    fn new(dom: &Dom, sheets: &mut Sheets, options: &Options<'_>, fonts: &Fonts) -> Self {
        let units = |style: &Style| font_units(style, fonts);
        let initial = page_style::compute(&sheets.pages, PageKind::default(), &Style::default(), &units);
        let page = (initial.area.width, initial.area.height);
        let styles = cascade::compute(dom, sheets, options.html_name, page, &units);
        let root: NodeId = dom.first("html").unwrap_or(0);
        let root_style = Arc::clone(styles.get(styles.of(root).own));
        let rtl = dom.direction(root) == Direction::Rtl;
        Self { styles, root_style, rtl }
    }

    fn layout(
        &self,
        dom: &Dom,
        sheets: &Sheets,
        pictures: &Pictures,
        options: &Options<'_>,
        fonts: &Fonts,
    ) -> Warned<Document> {
        let Built { tree, root, mut warnings } = build::build(dom, &self.styles, pictures, options.html_name);
        let made: RefCell<BTreeMap<PageKind, Arc<PageStyle>>> = RefCell::default();
        let page_style = |kind: PageKind| {
            let make = || {
                let units = |style: &Style| font_units(style, fonts);
                Arc::new(page_style::compute(&sheets.pages, kind, &self.root_style, &units))
            };
            Arc::clone(made.borrow_mut().entry(kind).or_insert_with(make))
        };
        let typical = page_style(PageKind { first: false, blank: false, right: true });
        let jobs = jobs(&tree, root, typical.area.width);
        let mut missing: Vec<Warning> = Vec::new();
        let unknown = PageNumbers::default();
        let context =
            LayoutContext { tree: &tree, fonts, pictures, numbers: &unknown, page_height: typical.area.height };
        let all: Vec<usize> = (0..jobs.len()).collect();
        let mut units = emit(&jobs, &all, context, &mut missing);
        let volatile: Vec<usize> = all.into_iter().filter(|job| jobs[*job].is_volatile(&tree)).collect();
        let mut strips = galley(&mut units);
        let mut pagination = paginate(&strips, &units, self.rtl, &page_style);
        let mut filled_in = PageNumbers::default();
        for _ in 1..MAX_ROUNDS {
            let now = page_numbers(&pagination);
            if volatile.is_empty() || now == filled_in {
                break;
            }
            units.truncate(jobs.len());
            let known = LayoutContext { numbers: &now, ..context };
            for (job, pieces) in volatile.iter().zip(emit(&jobs, &volatile, known, &mut missing)) {
                units[*job] = pieces;
            }
            filled_in = now;
            strips = galley(&mut units);
            pagination = paginate(&strips, &units, self.rtl, &page_style);
        }
        warnings.extend(what_does_not_fit(&pagination, options));
        let typical_width = typical.area.width;
        if made.borrow().values().any(|style| (style.area.width - typical_width).abs() > 0.5) {
            let message =
                "the text area is not equally wide on all pages; lines are set to the width of a right-hand page";
            warnings.push(Warning::new(message).at(Place::file(options.style_name)));
        }
        drop(strips);
        let document = finish(pagination, units, &tree, dom, context, &mut missing);
        missing.sort();
        missing.dedup();
        warnings.extend(missing);
        Warned::new(Document { structure: tree.structure, ..document }, warnings)
    }
}

/// Warnings of what runs out of its page or its column.
fn what_does_not_fit(pagination: &Pagination, options: &Options<'_>) -> Vec<Warning> {
    let mut messages = Vec::new();
    if pagination.overfull > 0 {
        messages.push(format!("{} pieces of content are taller than a page and run off its foot", pagination.overfull));
    }
    if pagination.too_wide > 0 {
        messages.push(format!("{} lines are wider than their column", pagination.too_wide));
    }
    messages.into_iter().map(|message| Warning::new(message).at(Place::file(options.html_name))).collect()
}

/// `ch` and `ex` of a style, in points.
fn font_units(style: &Style, fonts: &Fonts) -> (f32, f32) {
    let metrics = fonts.metrics(&text_style(style, &Arc::from("")));
    (metrics.zero_advance, metrics.x_height)
}

/// A part of the flow that is laid out by itself.
enum Job {
    Open(BoxId, f32, f32),
    /// Boxes at a place, and the columns they stand in.
    Whole(Vec<BoxId>, f32, f32, Option<Arc<Columns>>),
    Close(BoxId, f32, f32),
}

impl Job {
    /// Whether page numbers stand in its text.
    fn is_volatile(&self, tree: &BoxTree) -> bool {
        match self {
            Self::Whole(ids, ..) => ids.iter().any(|id| is_volatile(tree, *id)),
            _ => false,
        }
    }
}

fn is_volatile(tree: &BoxTree, id: BoxId) -> bool {
    let layout_box = tree.get(id);
    match &layout_box.kind {
        BoxKind::Paragraph(inlines) => {
            let boxes = inlines.atoms.iter().any(|atom| match atom {
                super::block::boxes::Atom::Box(id) => is_volatile(tree, *id),
                super::block::boxes::Atom::Picture(_) => false,
            });
            boxes || !inlines.references.is_empty()
        }
        _ => layout_box.children.iter().any(|child| is_volatile(tree, *child)),
    }
}

/// Cuts the flow into jobs: large plain blocks are opened, so that their children can be laid out side by side.
fn jobs(tree: &BoxTree, root: BoxId, width: f32) -> Vec<Job> {
    let weights = weights(tree);
    let grain = (weights[root as usize] / CHUNKS).max(40);
    let mut out = Vec::new();
    let mut group: Vec<BoxId> = Vec::new();
    open_job(tree, root, 0.0, width, None, grain, &weights, &mut out, &mut group);
    out
}

#[allow(clippy::too_many_arguments, reason = "a recursion with its state")]
fn open_job(
    tree: &BoxTree,
    id: BoxId,
    x: f32,
    width: f32,
    columns: Option<&Arc<Columns>>,
    grain: usize,
    weights: &[usize],
    out: &mut Vec<Job>,
    group: &mut Vec<BoxId>,
) {
    out.push(Job::Open(id, x, width));
    let outer = (x, width);
    let (mut x, mut width) = content_box(tree.get(id), x, width);
    let own = Columns::of(&tree.get(id).style, x, width).map(Arc::new);
    if let Some(own) = &own {
        (x, width) = (own.x, own.width);
    }
    let columns = own.as_ref().or(columns);
    let whole = |group: &mut Vec<BoxId>| Job::Whole(std::mem::take(group), x, width, columns.cloned());
    let mut weight = 0;
    for child in &tree.get(id).children {
        let heavy = weights[*child as usize] > grain;
        let layout_box = tree.get(*child);
        let spans = columns.is_some() && spans_columns(layout_box);
        if heavy && !spans && is_plain(layout_box) && !layout_box.children.iter().any(|child| has_floats(tree, *child))
        {
            if !group.is_empty() {
                out.push(whole(group));
                weight = 0;
            }
            open_job(tree, *child, x, width, columns, grain, weights, out, group);
            continue;
        }
        group.push(*child);
        weight += weights[*child as usize];
        // Text goes on beside floats: they stay in one job with what follows.
        if weight > grain && !has_floats(tree, *child) && !group.iter().any(|id| has_floats(tree, *id)) {
            out.push(whole(group));
            weight = 0;
        }
    }
    if !group.is_empty() {
        out.push(whole(group));
    }
    out.push(Job::Close(id, outer.0, outer.1));
}

/// How much there is to lay out in each box: its inline items and all below.
fn weights(tree: &BoxTree) -> Vec<usize> {
    let mut weights = vec![1; tree.boxes.len()];
    // Boxes are made before their children.
    for id in (0..tree.boxes.len()).rev() {
        let layout_box = &tree.boxes[id];
        if let BoxKind::Paragraph(inlines) = &layout_box.kind {
            weights[id] += inlines.content.len();
        }
        weights[id] += layout_box.children.iter().map(|child| weights[*child as usize]).sum::<usize>();
    }
    weights
}

/// Lays out these jobs, in parallel; the order of the result is theirs.
fn emit(jobs: &[Job], which: &[usize], context: LayoutContext<'_>, missing: &mut Vec<Warning>) -> Vec<Vec<Piece>> {
    let size = which.len().div_ceil(CHUNKS).max(1);
    let chunks: Vec<&[usize]> = which.chunks(size).collect();
    let done: Vec<(Vec<Vec<Piece>>, Vec<Warning>)> = chunks
        .par_iter()
        .map(|chunk| {
            let mut shaper = Shaper::new(context.fonts);
            let pieces = chunk.iter().map(|job| emit_job(&jobs[*job], context, &mut shaper)).collect();
            (pieces, shaper.warnings())
        })
        .collect();
    let mut units = Vec::with_capacity(which.len());
    for (pieces, warnings) in done {
        units.extend(pieces);
        missing.extend(warnings);
    }
    units
}

fn emit_job(job: &Job, context: LayoutContext<'_>, shaper: &mut Shaper<'_>) -> Vec<Piece> {
    let mut emitter = Emitter::new(context, shaper);
    match job {
        Job::Open(id, x, width) => {
            let content = emitter.open(*id, *x, *width);
            let style = &context.tree.get(*id).style;
            if let Some(columns) = Columns::of(style, content.content_x, content.content_width) {
                emitter.start_columns(columns);
            }
        }
        Job::Whole(ids, x, width, columns) => {
            emitter.columns.clone_from(columns);
            for id in ids {
                emitter.block(*id, *x, *width);
            }
        }
        Job::Close(id, x, width) => {
            if context.tree.get(*id).style.columns.is_set() {
                emitter.end_columns();
            }
            emitter.close_plain(*id, *x, *width);
        }
    }
    emitter.into_pieces()
}

fn galley(units: &mut Vec<Vec<Piece>>) -> Vec<Strip> {
    let mut galley = Galley::default();
    for (number, pieces) in units.iter().enumerate() {
        galley.add(number as u32, pieces);
    }
    let (strips, last) = galley.finish(units.len() as u32);
    units.extend(last.map(|piece| vec![piece]));
    strips
}

fn page_numbers(pagination: &Pagination) -> PageNumbers {
    let number = |page: usize| pagination.pages.get(page).map_or(0, |draft| draft.number);
    PageNumbers {
        anchors: pagination.anchors.iter().map(|(name, (page, _))| (name.clone(), number(*page))).collect(),
        pages: i32::try_from(pagination.pages.len()).unwrap_or(i32::MAX),
    }
}

/// Sets the margin boxes, paints the pages, and says where anchors and bookmarks lead.
fn finish(
    pagination: Pagination,
    mut units: Vec<Vec<Piece>>,
    tree: &BoxTree,
    dom: &Dom,
    context: LayoutContext<'_>,
    missing: &mut Vec<Warning>,
) -> Document {
    let Pagination { pages: drafts, anchors, bookmarks, .. } = pagination;
    let tops: Vec<f32> = drafts.iter().map(|draft| draft.style.area.y).collect();
    let destination = |page: usize, y: f32| Destination { page, y: tops.get(page).copied().unwrap_or(0.0) + y };
    let anchors = anchors.into_iter().map(|(name, (page, y))| (name, destination(page, y))).collect();
    let bookmarks = bookmarks
        .into_iter()
        .map(|(level, label, page, y)| Bookmark { level, label, destination: destination(page, y) })
        .collect();
    let language = dom.language(dom.first("html").unwrap_or(0));
    let count = drafts.len();
    let mut shaper = Shaper::new(context.fonts);
    let mut pages: Vec<Page> = Vec::with_capacity(count);
    for draft in drafts {
        let mut emitter = Emitter::new(context, &mut shaper);
        let boxes = margin_boxes::layout(&draft, count, language, &mut emitter);
        pages.push(paint::paint(draft, &mut units, boxes, tree));
    }
    missing.extend(shaper.warnings());
    Document { pages, anchors, bookmarks, ..Document::default() }
}
