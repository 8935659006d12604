//! The whole way from HTML to a display list.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::block::boxes::BoxTree;
use super::block::build::{self, Built};
use super::block::build_embedded::picture_address;
use super::block::build_picture::shown;
use super::block::flow::{Emitter, LayoutContext, PageNumbers};
use super::block::footnotes::Note;
use super::block::galley::Galley;
use super::block::generated::OWN_PAGE;
use super::block::piece::{Piece, Strip};
use super::block::text_style::text_style;
use super::display::{Bookmark, Destination, Document, Image, Page};
use super::dom::{Dom, NodeId, graphic_name};
use super::families;
use super::fonts::Fonts;
use super::information;
use super::inline::Direction;
use super::jobs::{emit, jobs};
use super::off_paper::{self, OffPaper};
use super::pager::alike::stand_alike;
use super::pager::footnotes::note_edges;
use super::pager::margin_boxes;
use super::pager::margin_lines::MarginLines;
use super::pager::margin_misfits::{self, Misfit};
use super::pager::paginate::{PageDraft, Pagination, TooTall, TooWide, paginate};
use super::paint::{self, Standing};
use super::picture::{Around, Graphic, Pictures};
use super::shape::{self, Shaper};
use super::sheets::{self, sheets_for_pages};
use super::style::cascade::{self, PageAreas, Styles};
use super::style::page_rule::PageKind;
use super::style::page_style::{self, PageStyle};
use super::style::{Sheets, Style};
use super::{Options, Resources};
use crate::error::{Place, Warned, Warning};

/// Pages are painted in so many parts side by side; the result does not depend on it.
const PARTS: usize = 32;

/// Page numbers in the text may move the text: after so many rounds what stands is kept.
const MAX_ROUNDS: usize = 3;

/// So many lines that are too wide are told one by one.
const TOLD: usize = 50;

/// Lays out a document.
pub(super) fn layout(html: &str, options: &Options<'_>, resources: &dyn Resources, fonts: &Fonts) -> Warned<Document> {
    let dom = Dom::parse(html, options.base_language);
    let sources = dom.elements().filter_map(|(id, _)| picture_address(&dom, id));
    let mut warnings = Vec::new();
    if let Some((line, column)) = dom.hoisted {
        let warning = Warning::new("elements nest too deeply; what lies deeper than 200 levels is set at that level");
        warnings.push(warning.at(Place::at(options.html_name, line, column)));
    }
    let mut sheets = sheets_for_pages(&dom, options, resources, fonts);
    let prepared = Prepared::new(&dom, &mut sheets, options, fonts);
    warnings.append(&mut sheets.warnings);
    warnings.extend(families::warnings(&mut sheets, fonts));
    let graphics = prepared.graphics(&dom, || sheets::texts(&dom, options, resources));
    let mut pictures = Pictures::probe(sources, graphics, resources, fonts);
    // Pictures are decoded beside the layout; one that turns out broken is taken out, and the layout made again.
    loop {
        let (laid_out, images) =
            rayon::join(|| prepared.layout(&dom, &sheets, &pictures, options, fonts), || pictures.decode());
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
        document.info = information::of(&dom, &prepared.styles, options);
        warnings.extend(later);
        return Warned::new(document, warnings);
    }
}

/// Stands for a picture that is not shown.
const EMPTY_IMAGE: Image =
    Image::Samples { width: 1, height: 1, components: 1, samples: Vec::new(), alpha: None, profile: None };

/// What is known before pictures and pages.
struct Prepared {
    styles: Styles,
    root_style: Arc<Style>,
    rtl: bool,
}

impl Prepared {
    fn new(dom: &Dom, sheets: &mut Sheets, options: &Options<'_>, fonts: &Fonts) -> Self {
        let units = |style: &Style| font_units(style, fonts);
        let initial = page_style::compute(sheets, PageKind::default(), &[], &Style::default(), &units);
        let named = page_style::named_areas(sheets, &units);
        let rtl = dom.direction(dom.first("html").unwrap_or(0)) == Direction::Rtl;
        let kind = PageKind { first: true, right: !rtl, opens: true, ..PageKind::default() };
        let first = page_style::compute(sheets, kind, &[], &Style::default(), &units).area;
        let usual = (initial.area.width, initial.area.height);
        let pages = PageAreas { usual, first: (first.width, first.height), named: &named };
        let styles = cascade::compute(dom, sheets, options.html_name, pages, &units);
        let root: NodeId = dom.first("html").unwrap_or(0);
        let root_style = Arc::clone(styles.get(styles.of(root).own));
        Self { styles, root_style, rtl }
    }

    /// The graphics that stand in the document, with what the text around them hands on. `css` is what its sheets say.
    fn graphics(&self, dom: &Dom, css: impl Fn() -> String) -> Vec<Graphic> {
        let graphics = dom.graphics();
        let css: Arc<str> = if graphics.is_empty() { Arc::default() } else { css().into() };
        let of = |(id, text): (NodeId, String)| {
            let style = self.styles.get(self.styles.of(id).own);
            let is_rtl = dom.direction(id) == Direction::Rtl;
            let around =
                Around { color: style.color, custom: Arc::clone(&style.custom), is_rtl, sheets: Arc::clone(&css) };
            Graphic { name: graphic_name(id), text, around }
        };
        graphics.into_iter().map(of).collect()
    }

    fn layout(
        &self,
        dom: &Dom,
        sheets: &Sheets,
        pictures: &Pictures,
        options: &Options<'_>,
        fonts: &Fonts,
    ) -> Warned<Document> {
        let Built { tree, root, mut warnings } = build::build(dom, &self.styles, pictures, fonts, options.html_name);
        let made: RefCell<BTreeMap<PageKind, Arc<PageStyle>>> = RefCell::default();
        let page_style = |kind: PageKind| {
            let make = || {
                let units = |style: &Style| font_units(style, fonts);
                Arc::new(page_style::compute(sheets, kind, &tree.page_names, &self.root_style, &units))
            };
            Arc::clone(made.borrow_mut().entry(kind).or_insert_with(make))
        };
        let typical = |name: u16| page_style(PageKind { right: true, name, ..PageKind::default() });
        let names = u16::try_from(tree.page_names.len()).unwrap_or(u16::MAX);
        let pages: Vec<(f32, f32)> =
            (0..=names).map(|name| typical(name).area).map(|area| (area.width, area.height)).collect();
        let jobs = jobs(&tree, root, &pages);
        let mut missing = BTreeSet::new();
        let unknown = PageNumbers::default();
        let context = LayoutContext {
            tree: &tree,
            fonts,
            numbers: &unknown,
            pages: &pages,
            note_edges: note_edges(&typical(0).footnote),
        };
        let all: Vec<usize> = (0..jobs.len()).collect();
        let mut notes: Vec<Option<Note>> = tree.notes.iter().map(|_| None).collect();
        let mut units = emit(&jobs, &all, context, &mut notes, &mut missing);
        let volatile: Vec<usize> = all.into_iter().filter(|job| jobs[*job].is_volatile(&tree)).collect();
        let mut strips = galley(&mut units);
        let mut pagination = paginate(&strips, &units, &notes, self.rtl, &page_style);
        let mut filled_in = PageNumbers::default();
        for _ in 1..MAX_ROUNDS {
            let now = page_numbers(&pagination);
            if volatile.is_empty() || now == filled_in {
                break;
            }
            let known = LayoutContext { numbers: &now, ..context };
            let mut alike = true;
            for (job, pieces) in volatile.iter().zip(emit(&jobs, &volatile, known, &mut notes, &mut missing)) {
                alike &= stand_alike(&units[*job], &pieces);
                units[*job] = pieces;
            }
            filled_in = now;
            if alike {
                break;
            }
            units.truncate(jobs.len());
            strips = galley(&mut units);
            pagination = paginate(&strips, &units, &notes, self.rtl, &page_style);
        }
        warnings.extend(what_does_not_fit(&pagination, pictures, options));
        warnings.extend(what_pages_cannot(&made.borrow(), &pages, options));
        drop(strips);
        let (document, off_paper, misfits) = finish(pagination, (units, notes), &tree, dom, context, &mut missing);
        warnings.extend(off_paper::warnings(&off_paper, &tree, options.html_name));
        warnings.extend(margin_misfits::warnings(&misfits, options.html_name));
        warnings.extend(shape::warnings(missing, fonts));
        Warned::new(Document { structure: tree.structure, ..document }, warnings)
    }
}

/// Warnings of what styles of pages ask for in vain.
fn what_pages_cannot(
    made: &BTreeMap<PageKind, Arc<PageStyle>>,
    pages: &[(f32, f32)],
    options: &Options<'_>,
) -> Vec<Warning> {
    let mut messages = Vec::new();
    let differs = |(kind, style): (&PageKind, &Arc<PageStyle>)| {
        pages.get(usize::from(kind.name)).is_some_and(|(width, _)| (style.area.width - width).abs() > 0.5)
    };
    if made.iter().any(differs) {
        let message = "the text area is not equally wide on all pages; lines are set to the width of a right-hand page";
        messages.push(message.to_owned());
    }
    // Without a sheet of its own it is the document that says so.
    let name = if options.style_name.is_empty() { options.html_name } else { options.style_name };
    messages.into_iter().map(|message| Warning::new(message).at(Place::file(name))).collect()
}

/// Warnings of what runs out of its page or its column.
fn what_does_not_fit(pagination: &Pagination, pictures: &Pictures, options: &Options<'_>) -> Vec<Warning> {
    let mut messages = Vec::new();
    for TooTall { page, text } in pagination.too_tall.iter().take(TOLD) {
        let what = if text.trim().is_empty() { "what has no text".to_owned() } else { format!("`{}`", text.trim()) };
        messages.push(format!("page {page}: {what} is taller than a page and runs off its foot"));
    }
    if pagination.too_tall.len() > TOLD {
        messages.push(format!("{} more pieces of content are taller than a page", pagination.too_tall.len() - TOLD));
    }
    for TooWide { page, text, picture, by } in pagination.too_wide.iter().take(TOLD) {
        let what = match picture.and_then(|picture| pictures.url_of(picture)) {
            _ if !text.trim().is_empty() => format!("the line `{}`", text.trim()),
            Some(url) if url.starts_with('\0') => "a graphic".to_owned(),
            Some(url) => format!("the picture `{}`", shown(url)),
            None => "a line without text".to_owned(),
        };
        messages.push(format!("page {page}: {what} is {by:.0} pt wider than its column"));
    }
    if pagination.too_wide.len() > TOLD {
        messages.push(format!("{} more lines are wider than their column", pagination.too_wide.len() - TOLD));
    }
    messages.extend(cut_words(&pagination.cut));
    messages.into_iter().map(|message| Warning::new(message).at(Place::file(options.html_name))).collect()
}

/// What is told of words and numbers that are cut: each once, with the first page where it is.
fn cut_words(cut: &[(i32, Arc<str>)]) -> Vec<String> {
    let mut seen = HashSet::new();
    let words: Vec<_> = cut.iter().filter(|(_, word)| seen.insert(word)).collect();
    let told = words.iter().take(TOLD);
    let mut messages: Vec<String> = told
        .map(|(page, word)| format!("page {page}: `{word}` does not fit its column and is cut without a hyphen"))
        .collect();
    if words.len() > TOLD {
        messages.push(format!("{} more words or numbers are cut without a hyphen", words.len() - TOLD));
    }
    messages
}

/// `ch` and `ex` of a style, in points.
pub(super) fn font_units(style: &Style, fonts: &Fonts) -> (f32, f32) {
    let metrics = fonts.metrics(&text_style(style, &Arc::from("")));
    (metrics.zero_advance, metrics.x_height)
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

/// Sets the margin boxes, paints the pages, and says where anchors and bookmarks lead, which lines run off the paper, and what
/// does not fit in margin boxes.
fn finish(
    pagination: Pagination,
    (mut units, mut notes): (Vec<Vec<Piece>>, Vec<Option<Note>>),
    tree: &BoxTree,
    dom: &Dom,
    context: LayoutContext<'_>,
    missing: &mut BTreeSet<char>,
) -> (Document, Vec<OffPaper>, Vec<Misfit>) {
    let Pagination { pages: drafts, anchors, bookmarks, .. } = pagination;
    let tops: Vec<f32> = drafts.iter().map(|draft| draft.style.area.y).collect();
    let destination = |page: usize, y: f32| Destination { page, y: tops.get(page).copied().unwrap_or(0.0) + y };
    let anchors = anchors.into_iter().filter(|(name, _)| !name.starts_with(OWN_PAGE));
    let anchors = anchors.map(|(name, (page, y))| (name, destination(page, y))).collect();
    let bookmarks = bookmarks
        .into_iter()
        .map(|(level, label, page, y)| Bookmark { level, label, destination: destination(page, y) })
        .collect();
    let language = dom.language(dom.first("html").unwrap_or(0));
    let count = drafts.len();
    let mut drafts = drafts.into_iter().map(|mut draft| {
        let standing = paint::take(&mut draft, &mut units, &mut notes);
        (draft, standing)
    });
    let part = count.div_ceil(PARTS).max(1);
    let parts: Vec<Vec<(PageDraft, Vec<Standing>)>> =
        (0..count.div_ceil(part)).map(|_| drafts.by_ref().take(part).collect()).collect();
    let paint = |part: Vec<(PageDraft, Vec<Standing>)>| {
        let mut shaper = Shaper::new(context.fonts);
        let mut said = MarginLines::default();
        let mut misfits = Vec::new();
        let pages: Vec<(Page, Vec<OffPaper>)> = part
            .into_iter()
            .map(|(draft, standing)| {
                let mut emitter = Emitter::new(context, &mut shaper);
                let mut boxes = margin_boxes::layout(&draft, count, language, &mut emitter, &mut said);
                misfits.extend(boxes.iter_mut().flat_map(|placed| std::mem::take(&mut placed.misfits)));
                paint::paint(&draft, standing, boxes, tree)
            })
            .collect();
        (pages, misfits, shaper.missing())
    };
    let painted: Vec<_> = parts.into_par_iter().map(paint).collect();
    let (mut pages, mut off_paper, mut misfits) = (Vec::with_capacity(count), Vec::new(), Vec::new());
    for (own, of_margins, characters) in painted {
        misfits.extend(of_margins);
        for (page, lines) in own {
            pages.push(page);
            off_paper.extend(lines);
        }
        missing.extend(characters);
    }
    (Document { pages, anchors, bookmarks, ..Document::default() }, off_paper, misfits)
}
