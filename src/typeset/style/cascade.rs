//! The cascade: which declarations hold for each element, and the computed styles they make.
//!
//! Elements with the same parent style and the same matching rules share one style.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cssparser::SourceLocation;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode, SelectorCaches,
};
use selectors::matching::matches_selector;

use super::beginning::Beginning;
use super::computed::{Display, Float, LEFT, RIGHT, Style, VerticalAlign};
use super::counter_rule::CounterStyles;
use super::custom;
use super::declaration::{Declaration, Statement, Value};
use super::layers::Rank;
use super::longhand::{Context, Longhand};
use super::made::{Made, made_for_pages};
use super::presentational::Hints;
use super::rollback::{self, Level, Rollback};
use super::rule_index::{Filed, Index};
use super::selector::PseudoElement;
use super::sheet::{Origin, Sheets, Source, StyleRule};
use super::siblings::{Siblings, Split};
use super::values::{ColorValue, Size, Units};
use crate::typeset::display::Color;
use crate::typeset::dom::{Dom, Element, ElementRef, NodeData, NodeId};
use crate::typeset::inline::{Align, Direction};

/// Index into [`Styles::table`].
pub(crate) type StyleId = u32;

/// The styles of one element.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ElementStyles {
    pub(crate) own: StyleId,
    pub(crate) before: Option<StyleId>,
    pub(crate) after: Option<StyleId>,
    pub(crate) marker: Option<StyleId>,
}

/// The styles of what a footnote leaves in the text and is marked with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FootnoteStyles {
    /// `::footnote-call`; it inherits from where the element stood.
    pub(crate) call: Option<StyleId>,
    pub(crate) marker: Option<StyleId>,
}

/// The styles of an element's first line and first letter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstStyles {
    pub(crate) line: Option<StyleId>,
    pub(crate) letter: Option<StyleId>,
}

/// The computed styles of a document.
pub(crate) struct Styles {
    pub(crate) table: Vec<Arc<Style>>,
    /// By node; text nodes have their parent's.
    nodes: Vec<ElementStyles>,
    footnotes: BTreeMap<NodeId, FootnoteStyles>,
    firsts: BTreeMap<NodeId, FirstStyles>,
}

impl Styles {
    pub(crate) fn of(&self, node: NodeId) -> ElementStyles {
        // One entry per node of the document the styles were made for.
        self.nodes[node as usize]
    }

    /// The footnote styles of an element that is a footnote or has generated content that is one.
    pub(crate) fn footnote(&self, node: NodeId) -> Option<FootnoteStyles> {
        self.footnotes.get(&node).copied()
    }

    /// The styles of an element's first line and letter, where it has any.
    pub(crate) fn firsts(&self, node: NodeId) -> Option<FirstStyles> {
        self.firsts.get(&node).copied()
    }

    /// Whether the document has footnotes.
    pub(crate) fn has_footnotes(&self) -> bool {
        !self.footnotes.is_empty()
    }

    /// The elements that are footnotes or have generated content that is one, in document order.
    pub(crate) fn footnotes(&self) -> impl Iterator<Item = NodeId> {
        self.footnotes.keys().copied()
    }

    pub(crate) fn get(&self, id: StyleId) -> &Arc<Style> {
        // Style ids are only made by `intern`.
        &self.table[id as usize]
    }
}

/// A rule that matched, in cascade order.
type Match = (Origin, Rank, u32, u32);

/// What two elements must share to share a style.
#[derive(PartialEq, Eq, Hash)]
struct StyleKey {
    parent: StyleId,
    rules: Vec<u32>,
    hints: Option<u32>,
    direction: Option<Direction>,
    is_element: bool,
    begins: bool,
}

/// Width and height of the page area, for `vw` and `vh`.
#[derive(Clone, Copy)]
pub(crate) struct PageAreas<'a> {
    pub(crate) usual: (f32, f32),
    /// On the first page.
    pub(crate) first: (f32, f32),
    /// On pages of a name that have their own.
    pub(crate) named: &'a BTreeMap<Arc<str>, (f32, f32)>,
}

impl PageAreas<'_> {
    /// That of the pages that an element of this style stands on.
    fn of(&self, style: &Style) -> (f32, f32) {
        let named = style.page.as_ref().and_then(|name| self.named.get(name)).copied();
        named.unwrap_or(if style.on_first_page { self.first } else { self.usual })
    }
}

/// Everything needed to make styles.
pub(crate) struct Cascade<'a> {
    dom: &'a Dom,
    sheets: &'a Sheets,
    hints: Hints,
    main: Index<'a>,
    pseudo: [Index<'a>; PseudoElement::COUNT],
    pages: PageAreas<'a>,
    /// Width of "0" and x-height, as shares of the font size.
    font_units: &'a dyn Fn(&Style) -> (f32, f32),
    root_size: f32,
    shared: HashMap<StyleKey, StyleId>,
    table: Vec<Arc<Style>>,
    /// What `var()` has made in vain.
    made: Vec<Made>,
    /// Whether the document begins with the element whose style is made.
    begins: bool,
}

/// Computes the styles of all elements. `font_units` measures `ch` and `ex`
/// for a style, in points.
pub(crate) fn compute(
    dom: &Dom,
    sheets: &mut Sheets,
    html_name: &str,
    pages: PageAreas<'_>,
    font_units: &dyn Fn(&Style) -> (f32, f32),
) -> Styles {
    let mut inline: HashMap<NodeId, Vec<Declaration>> = HashMap::new();
    for (id, element) in dom.elements() {
        if let Some(css) = element.attribute("style") {
            let source = Source::of_element(html_name, element).in_attribute();
            inline.insert(id, sheets.inline(css, source));
        }
    }
    let hints = Hints::of_document(dom);
    if let Some((_, element)) = dom.elements().find(|(_, element)| element.is_html && has_background(element)) {
        let message = "the attribute `background` is not supported".to_owned();
        sheets.report("attribute background", message, START, Source::of_element(html_name, element).in_attribute());
    }
    let all_sheets = sheets;
    let sheets = &*all_sheets;
    let mut cascade = Cascade {
        dom,
        sheets,
        hints,
        main: Index::default(),
        pseudo: std::array::from_fn(|_| Index::default()),
        pages,
        font_units,
        root_size: 12.0,
        shared: HashMap::new(),
        table: vec![Arc::new(Style::default())],
        made: Vec::new(),
        begins: false,
    };
    for (number, rule) in sheets.rules.iter().enumerate() {
        for selector in rule.selectors.slice() {
            let index = match selector.pseudo_element() {
                Some(PseudoElement::Never) => continue,
                Some(pseudo) => &mut cascade.pseudo[*pseudo as usize],
                None => &mut cascade.main,
            };
            index.file(selector, number as u32);
        }
    }
    let mut styles =
        Styles { table: Vec::new(), nodes: Vec::new(), footnotes: BTreeMap::new(), firsts: BTreeMap::new() };
    cascade.run(&inline, &mut styles);
    let mut made = std::mem::take(&mut cascade.made);
    let faded = |style: Arc<Style>| if style.is_faded() { Arc::new(style.faded()) } else { style };
    let styles = Styles { table: cascade.table.into_iter().map(faded).collect(), ..styles };
    let root = dom.children(0).find(|child| dom.element(*child).is_some()).unwrap_or(0);
    made.extend(made_for_pages(sheets, &styles.get(styles.of(root).own).custom));
    for made in made {
        all_sheets.report_made(made);
    }
    styles
}

/// The beginning of an attribute.
const START: SourceLocation = SourceLocation { line: 0, column: 1 };

/// Whether an element asks for a picture behind it.
fn has_background(element: &Element) -> bool {
    let bears = matches!(&*element.name, "body" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th");
    bears && element.attribute("background").is_some_and(|address| !address.trim().is_empty())
}

impl Cascade<'_> {
    fn run(&mut self, inline: &HashMap<NodeId, Vec<Declaration>>, styles: &mut Styles) {
        let has_firsts = [PseudoElement::FirstLine, PseudoElement::FirstLetter]
            .iter()
            .any(|which| !self.pseudo[*which as usize].is_empty());
        styles.nodes.reserve(self.dom.nodes.len());
        let mut caches = (SelectorCaches::default(), Siblings::default());
        let mut beginning = Beginning::default();
        for id in 0..self.dom.nodes.len() as NodeId {
            let parent = if id == 0 { 0 } else { styles.nodes[self.dom.node(id).parent as usize].own };
            let Some(element) = ElementRef::new(self.dom, id) else {
                if let NodeData::Text(text) = &self.dom.node(id).data {
                    beginning.text(self.dom.node(id).parent, text);
                }
                styles.nodes.push(ElementStyles { own: parent, ..ElementStyles::default() });
                continue;
            };
            let rules = self.matching(element, id, &self.main, MatchingMode::Normal, &mut caches);
            self.begins = beginning.is(self.dom.node(id).parent);
            let own = self.intern(parent, rules, id, inline.get(&id).map_or(&[], Vec::as_slice), true);
            if std::mem::take(&mut self.begins) && self.table[own as usize].display != Display::None {
                beginning.innermost = id;
            }
            if self.dom.element(self.dom.node(id).parent).is_none() {
                self.root_size = self.table[own as usize].font_size;
            }
            let mut pseudo = |which: PseudoElement, parent: StyleId, cascade: &mut Self| {
                let index = &cascade.pseudo[which as usize];
                let mode = MatchingMode::ForStatelessPseudoElement;
                let rules = cascade.matching(element, id, index, mode, &mut caches);
                (!rules.is_empty()).then(|| cascade.intern(parent, rules, id, &[], false))
            };
            let found = ElementStyles {
                own,
                before: pseudo(PseudoElement::Before, own, self),
                after: pseudo(PseudoElement::After, own, self),
                marker: pseudo(PseudoElement::Marker, own, self),
            };
            let mut all = [Some(own), found.before, found.after].into_iter().flatten();
            if let Some(note) = all.find(|style| self.table[*style as usize].float == Float::Footnote) {
                let around = if note == own { parent } else { own };
                let call = pseudo(PseudoElement::FootnoteCall, around, self);
                let marker = pseudo(PseudoElement::FootnoteMarker, note, self);
                styles.footnotes.insert(id, FootnoteStyles { call, marker });
            }
            if has_firsts {
                let line = pseudo(PseudoElement::FirstLine, own, self);
                let letter = pseudo(PseudoElement::FirstLetter, own, self);
                if line.is_some() || letter.is_some() {
                    styles.firsts.insert(id, FirstStyles { line, letter });
                }
            }
            styles.nodes.push(found);
        }
    }

    /// The rules that match, weakest first.
    fn matching(
        &self,
        element: ElementRef<'_>,
        id: NodeId,
        index: &Index<'_>,
        mode: MatchingMode,
        (caches, siblings): &mut (SelectorCaches, Siblings),
    ) -> Vec<u32> {
        let Some(data) = self.dom.element(id) else { return Vec::new() };
        let mut context = MatchingContext::new(
            mode,
            None,
            caches,
            QuirksMode::NoQuirks,
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        let mut found: Vec<Match> = Vec::new();
        let mut consider = |filed: &[Filed<'_>]| {
            for Filed { selector, rule, compounds } in filed {
                let matches = match compounds {
                    Some(compounds) => {
                        let split = Split { selector, compounds };
                        siblings.match_whole(split, element, &mut context)
                    }
                    None => matches_selector(selector, 0, None, element, &mut context),
                };
                if matches {
                    let StyleRule { origin, layer, .. } = self.sheets.rules[*rule as usize];
                    found.push((origin, self.sheets.layers.rank(layer), selector.specificity(), *rule));
                }
            }
        };
        if let Some(filed) = data.attribute("id").and_then(|own| index.ids.get(own)) {
            consider(filed);
        }
        for class in data.attribute("class").unwrap_or_default().split_ascii_whitespace() {
            if let Some(filed) = index.classes.get(class) {
                consider(filed);
            }
        }
        if let Some(filed) = index.names.get(&data.name) {
            consider(filed);
        }
        consider(&index.others);
        found.sort_unstable();
        // A rule with several matching selectors counts once, with the strongest.
        let mut rules: Vec<u32> = Vec::with_capacity(found.len());
        for (at, (.., rule)) in found.iter().enumerate() {
            if !found[at + 1..].iter().any(|(.., later)| later == rule) {
                rules.push(*rule);
            }
        }
        rules
    }

    /// The style for these rules under that parent, shared where it was made before.
    fn intern(
        &mut self,
        parent: StyleId,
        rules: Vec<u32>,
        node: NodeId,
        inline: &[Declaration],
        is_element: bool,
    ) -> StyleId {
        // HTML's `dir` is a presentational hint for `direction` (HTML, 15.3.6) on the element that bears it; the
        // elements inside inherit what the style sheets make of it.
        let element = self.dom.element(node).filter(|_| is_element);
        let is_root = self.dom.element(self.dom.node(node).parent).is_none();
        let says = |element: &Element| element.attribute("dir").is_some() || &*element.name == "bdi";
        let has_dir = element.is_some_and(|element| is_root || says(element));
        let direction = has_dir.then(|| self.dom.direction(node));
        let hints = self.hints.of(node).filter(|_| is_element);
        let begins = self.begins && is_element;
        let key = StyleKey { parent, rules, hints, direction, is_element, begins };
        if inline.is_empty()
            && let Some(id) = self.shared.get(&key)
        {
            return *id;
        }
        let block = |rule: &u32| {
            let StyleRule { origin, layer, declarations, .. } = &self.sheets.rules[*rule as usize];
            Block { origin: *origin, rank: self.sheets.layers.rank(*layer), declarations }
        };
        let hinted = Block::new(Origin::Hint, self.hints.declarations(hints));
        let attached = Block { rank: Rank::ATTACHED, ..Block::new(Origin::Author, inline) };
        let declarations: Vec<Block<'_>> = key.rules.iter().map(block).chain([hinted, attached]).collect();
        let base = Basis {
            pages: self.pages,
            root_size: self.root_size,
            font_units: self.font_units,
            counter_styles: &self.sheets.counter_styles,
            begins,
        };
        let mut style = base.style_telling(&self.table[parent as usize], &declarations, direction, &mut self.made);
        if is_root {
            // What is around is the page, which reads as the root does (CSS Writing Modes 4, 8).
            style.direction_around = style.direction;
        }
        let id = self.table.len() as StyleId;
        self.table.push(Arc::new(style));
        if inline.is_empty() {
            self.shared.insert(key, id);
        }
        id
    }
}

/// Declarations that stand together.
#[derive(Clone, Copy)]
pub(crate) struct Block<'d> {
    pub(crate) origin: Origin,
    pub(crate) rank: Rank,
    pub(crate) declarations: &'d [Declaration],
}

impl<'d> Block<'d> {
    /// Declarations that are in no layer.
    pub(crate) fn new(origin: Origin, declarations: &'d [Declaration]) -> Self {
        Self { origin, rank: Rank::UNLAYERED, declarations }
    }
}

/// What relative values refer to beside the parent's style.
#[derive(Clone, Copy)]
pub(crate) struct Basis<'a> {
    pub(crate) pages: PageAreas<'a>,
    pub(crate) root_size: f32,
    pub(crate) font_units: &'a dyn Fn(&Style) -> (f32, f32),
    pub(crate) counter_styles: &'a CounterStyles,
    /// Whether the document begins with the element.
    pub(crate) begins: bool,
}

impl Basis<'_> {
    /// The style that declarations, weakest first, make under a parent. `direction` is the element's by HTML.
    pub(crate) fn style(&self, parent: &Style, declarations: &[Block<'_>], direction: Option<Direction>) -> Style {
        self.style_telling(parent, declarations, direction, &mut Vec::new())
    }

    /// The same, and what `var()` makes in vain in them.
    fn style_telling(
        &self,
        parent: &Style,
        declarations: &[Block<'_>],
        direction: Option<Direction>,
        made: &mut Vec<Made>,
    ) -> Style {
        let mut style = Style::inherited(parent);
        style.direction = direction.unwrap_or(parent.direction);
        let ordered = by_importance(declarations);
        style.custom = custom::computed(&parent.custom, &customs(&ordered));
        let pending: Vec<Option<Vec<Statement>>> = ordered
            .iter()
            .map(|(declaration, _)| match &declaration.statement {
                Statement::Pending(pending) => Some(Made::parse(pending, &style.custom, made)),
                _ => None,
            })
            .collect();
        let values = values(&ordered, &pending);
        for early in [true, false] {
            let context = self.context(parent, &style, early);
            for (longhand, value, _) in values.iter().filter(|(longhand, ..)| longhand.is_early() == early) {
                apply(longhand, value, &mut style, &context);
            }
            style.on_first_page |= self.begins && style.break_after.turns_page();
        }
        finish(&mut style, parent);
        style
    }

    fn context<'p>(&'p self, parent: &'p Style, style: &Style, early: bool) -> Context<'p> {
        let (em, (ch, ex)) = if early {
            (parent.font_size, (parent.font_size * 0.5, parent.font_size * 0.5))
        } else {
            (style.font_size, (self.font_units)(style))
        };
        let units = Units { em, rem: self.root_size, ex, ch, page: self.pages.of(style) };
        Context { parent, units, counter_styles: self.counter_styles }
    }
}

/// Normal declarations of the user agent, then hints, then those of authors, then important ones of authors, then of the user agent
/// (CSS Cascade 5, 6.1). Layers count the other way round among important ones (6.4.2).
fn by_importance<'d>(blocks: &[Block<'d>]) -> Vec<(&'d Declaration, Level)> {
    let mut reversed: Vec<Block<'d>> = blocks.to_vec();
    reversed.sort_by_key(|block| block.rank.of_important());
    let level = |origin: Origin, important: bool| {
        let ordered = if important { &reversed } else { blocks };
        ordered
            .iter()
            .filter(move |block| block.origin == origin)
            .flat_map(|block| {
                let level = Level { origin: block.origin, rank: block.rank };
                block.declarations.iter().map(move |declaration| (declaration, level))
            })
            .filter(move |(declaration, _)| declaration.important == important)
    };
    level(Origin::UserAgent, false)
        .chain(level(Origin::Hint, false))
        .chain(level(Origin::Author, false))
        .chain(level(Origin::Author, true))
        .chain(level(Origin::UserAgent, true))
        .collect()
}

/// The custom properties that declarations say, weakest first.
fn customs<'d>(ordered: &[(&'d Declaration, Level)]) -> BTreeMap<&'d str, &'d str> {
    let custom = |(declaration, level): &(&'d Declaration, Level)| match &declaration.statement {
        Statement::Custom(name, text) => Some((name.as_str(), text.as_str(), *level)),
        _ => None,
    };
    let rolls_back = |text: &str| text.eq_ignore_ascii_case("revert-layer").then_some(Rollback::Layer);
    let declared = ordered.iter().filter_map(custom).collect();
    let kept = rollback::kept(declared, |(name, text, level)| (*name, *level, rolls_back(text)));
    kept.into_iter().map(|(name, text, _)| (name, text)).collect()
}

/// The longhands that declarations set, weakest first; in the place of those that held `var()` stands what they are with
/// that put in.
fn values<'s>(
    ordered: &[(&'s Declaration, Level)],
    pending: &'s [Option<Vec<Statement>>],
) -> Vec<(&'static Longhand, &'s Value, Level)> {
    let mut values = Vec::with_capacity(ordered.len());
    for ((declaration, level), pending) in ordered.iter().zip(pending) {
        let single = std::slice::from_ref(&declaration.statement);
        for statement in pending.as_deref().unwrap_or(single) {
            if let Statement::Longhand(longhand, value) = statement {
                values.push((*longhand, value, *level));
            }
        }
    }
    rollback::kept(values, |(longhand, value, level)| {
        let rollback = if let Value::Back(rollback) = value { Some(*rollback) } else { None };
        (longhand.name, *level, rollback)
    })
}

fn apply(longhand: &Longhand, value: &Value, style: &mut Style, context: &Context<'_>) {
    match value {
        Value::Set(setter) => setter(style, context),
        Value::Inherit => (longhand.copy)(style, context.parent),
        Value::Unset if longhand.inherited => (longhand.copy)(style, context.parent),
        // What would roll back has been put aside by now.
        Value::Back(_) => {}
        Value::Initial | Value::Unset => {
            let initial = Style { direction: style.direction, ..Style::default() };
            (longhand.copy)(style, &initial);
        }
    }
}

/// What follows from several properties together.
fn finish(style: &mut Style, parent: &Style) {
    // A float is a block (CSS 2.2, 9.7); a footnote leaves a call in its line.
    if style.float.is_side() {
        style.display = match style.display {
            Display::InlineTable => Display::Table,
            Display::Inline | Display::InlineBlock => Display::Block,
            display if display.is_table_part() => Display::Block,
            display => display,
        };
    }
    if style.unseen.holds() {
        style.display = Display::None;
    }
    if style.background_in_text {
        // Letters that are cut out of what is behind them have its colour.
        let behind = style.background_color().filter(|_| style.color.a == 0);
        style.color = behind.unwrap_or(if style.color.a == 0 { parent.color } else { style.color });
        (style.background, style.gradient) = (ColorValue::Of(Color::TRANSPARENT), None);
    }
    align_box(style, parent.align_boxes);
    if style.display == Display::Inline && style.float != Float::Footnote {
        let own = match style.vertical_align {
            VerticalAlign::Sub => -0.2 * parent.font_size,
            VerticalAlign::Super => 0.34 * parent.font_size,
            VerticalAlign::Raise(length) => length.of(style.font_size * 1.2),
            _ => 0.0,
        };
        style.baseline_shift = parent.baseline_shift + own;
    }
    style.decorate();
}

/// Puts a box that is narrower than the room where `align` of an element around says (HTML, 15.2, "align descendants").
fn align_box(style: &mut Style, align: Option<Align>) {
    let is_narrow = style.display == Display::Table
        || matches!(style.display, Display::Block | Display::FlowRoot) && !style.width.is_auto();
    let (Some(align), true) = (align, is_narrow && style.float == Float::None) else { return };
    if style.margin[LEFT] == Size::Auto || style.margin[RIGHT] == Size::Auto {
        return;
    }
    if matches!(align, Align::Center | Align::Right) {
        style.margin[LEFT] = Size::Auto;
    }
    if matches!(align, Align::Center | Align::Left) {
        style.margin[RIGHT] = Size::Auto;
    }
}
