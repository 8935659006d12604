//! No text lies on a float, whatever stands beside which: random documents, looked at in the display list.

use super::display::{Document, Item, Page, Rect};
use super::tests::{small, text_of_run};

const LATIN: [&str; 12] =
    ["lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "do", "eiusmod", "tempor"];
const PERSIAN: [&str; 10] = ["این", "یک", "متن", "آزمایشی", "است", "که", "برای", "سنجش", "چیدمان", "صفحه"];
/// The colours of floats have so much red and their number as green and blue.
const RED: u8 = 200;
/// What of a glyph or a float may lie on another, in points: strokes reach out of their advance, and lengths are rounded.
const TOLERANCE: f32 = 0.6;

/// Makes documents from numbers that look random.
struct Generator {
    state: u64,
    rtl: bool,
    floats: usize,
}

impl Generator {
    /// A document, its style, and how many floats it has.
    fn document(seed: u64) -> (String, String, usize) {
        let mut made = Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, rtl: false, floats: 0 };
        made.rtl = made.below(3) == 0;
        let width = [200, 300, 400][made.below(3)];
        let columns = if made.below(4) == 0 { "columns: 2; column-gap: 12pt" } else { "" };
        let style = format!(
            "@page {{ size: {width}pt 200pt }} html {{ line-height: 1.3 }} body {{ margin: 0; {columns} }}
            .f {{ max-width: 75%; min-width: 2pt; text-indent: 0 }} .left {{ float: left }} .right {{ float: right }}"
        );
        let count = 2 + made.below(6);
        let body: String = (0..count).map(|_| made.block(0)).collect();
        let lang = if made.rtl { "fa dir=rtl" } else { "en" };
        (format!("<!DOCTYPE html><html lang={lang}><body>{body}"), style, made.floats)
    }

    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 20) as usize % end
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }

    fn words(&mut self, count: usize) -> String {
        let all: &[&str] = if self.rtl { &PERSIAN } else { &LATIN };
        (0..count).map(|_| self.pick(all)).collect::<Vec<_>>().join(" ")
    }

    fn float(&mut self, element: &str) -> String {
        let (number, side) = (self.floats, self.pick(&["left", "right"]));
        self.floats += 1;
        let (width, height) = (self.pick(&["15", "30", "50", "80", "110"]), self.pick(&["8", "15", "25", "40", "70"]));
        let margin = self.pick(&["0", "0", "0 4pt", "3pt 5pt", "0 0 6pt 6pt"]);
        let clear = self.pick(&["", "", "", "", "; clear: both", "; clear: left", "; clear: right"]);
        let (green, blue) = (number / 256, number % 256);
        format!(
            "<{element} class='f {side}' style='width: {width}pt; height: {height}pt; margin: {margin}{clear};
            background: rgb({RED} {green} {blue})'></{element}>"
        )
    }

    fn inline(&mut self, count: usize) -> String {
        let mut out = String::new();
        for _ in 0..count {
            let part = match self.below(24) {
                0 => format!("<b style='font-size: {}%'>{}</b>", self.pick(&["60", "150", "220"]), self.words(2)),
                1 => format!("<sup>{}</sup>", self.words(1)),
                2 => {
                    let (width, place) = (self.pick(&["20", "40", "60"]), self.pick(&["baseline", "middle", "top"]));
                    let words = 1 + self.below(4);
                    let words = self.words(words);
                    format!(
                        "<span style='display: inline-block; text-indent: 0; width: {width}pt; vertical-align: {place}'>{words}</span>"
                    )
                }
                3 => "<br>".to_owned(),
                4 | 5 => self.float("span"),
                _ => {
                    let words = 1 + self.below(8);
                    self.words(words)
                }
            };
            out.push_str(&part);
            out.push(' ');
        }
        out
    }

    fn block(&mut self, depth: usize) -> String {
        if self.below(4) == 0 {
            return self.float("div");
        }
        match if depth > 2 { 0 } else { self.below(12) } {
            0..=3 => self.paragraph(),
            4 | 5 => {
                let (kind, count) = (self.pick(&["ul", "ol"]), 1 + self.below(3));
                let items: String = (0..count).map(|_| self.item(depth)).collect();
                format!("<{kind}>{items}</{kind}>")
            }
            6 => format!("<h2>{}</h2>", self.inline(2)),
            7 => {
                let style = self.pick(&["", "width: 100%", "width: 60%", "width: 90pt", "margin-left: auto"]);
                let row = |cells: [String; 2]| format!("<tr><td>{}", cells.join("<td>"));
                let rows = [row([self.words(2), self.words(1)]), row([self.words(2), self.words(1)])].concat();
                format!("<table style='{style}'>{rows}</table>")
            }
            8 => format!("<blockquote style='margin: 4pt 10pt'>{}</blockquote>", self.blocks(depth)),
            _ => {
                let style = self.pick(&[
                    "overflow: hidden",
                    "display: flow-root",
                    "width: 60%",
                    "width: 90pt",
                    "width: 60%; margin: auto",
                    "border: 1pt solid; padding: 4pt",
                    "padding: 3pt 8pt",
                    "width: 50%; overflow: hidden",
                    "columns: 2",
                    "border: 1pt solid; overflow: hidden",
                    "break-inside: avoid",
                    "direction: ltr",
                    "direction: rtl",
                    "overflow: hidden; margin: 10pt 20pt",
                    "display: table",
                    "min-height: 50pt",
                    "margin: 0 auto; width: 100pt; overflow: hidden",
                    "display: inline-block; width: 50%",
                ]);
                format!("<div style='{style}'>{}</div>", self.blocks(depth))
            }
        }
    }

    fn blocks(&mut self, depth: usize) -> String {
        let count = 1 + self.below(3);
        (0..count).map(|_| self.block(depth + 1)).collect()
    }

    fn item(&mut self, depth: usize) -> String {
        let count = 1 + self.below(4);
        let inline = self.inline(count);
        let within = if self.below(5) == 0 { self.block(depth + 1) } else { String::new() };
        format!("<li>{inline}{within}</li>")
    }

    fn paragraph(&mut self) -> String {
        let align = self.pick(&["start", "justify", "justify", "center", "end"]);
        let (indent, count) = (self.pick(&["0", "0", "10pt", "-8pt"]), 1 + self.below(10));
        let padding = if indent == "-8pt" { "; padding-inline-start: 8pt" } else { "" };
        format!("<p style='text-align: {align}; text-indent: {indent}{padding}'>{}</p>", self.inline(count))
    }
}

/// The floats of a page, with their numbers.
fn floats(page: &Page) -> Vec<(usize, Rect)> {
    let float = |item: &Item| match item {
        Item::Fill { rect, color, .. } if color.r == RED => {
            Some((usize::from(color.g) * 256 + usize::from(color.b), *rect))
        }
        _ => None,
    };
    page.items.iter().filter_map(float).collect()
}

/// The runs of a page: what is written, and how wide and tall the letters are at least.
fn runs(page: &Page) -> Vec<(String, Rect)> {
    let run = |item: &Item| match item {
        Item::Glyphs { x, y, run, .. } => {
            let is_space = |glyph: &&super::display::Glyph| {
                run.text
                    .get(glyph.text_start as usize..glyph.text_end as usize)
                    .is_some_and(|text| text.trim().is_empty())
            };
            let before: f32 = run.glyphs.iter().take_while(is_space).map(|glyph| glyph.advance).sum();
            let after: f32 = run.glyphs.iter().rev().take_while(is_space).map(|glyph| glyph.advance).sum();
            let all: f32 = run.glyphs.iter().map(|glyph| glyph.advance).sum();
            let height = run.size * 0.5;
            Some((text_of_run(run), Rect { x: x + before, y: y - height, width: all - before - after, height }))
        }
        _ => None,
    };
    page.items.iter().filter_map(run).filter(|(text, _)| !text.trim().is_empty()).collect()
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    let across = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let down = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    across > TOLERANCE && down > TOLERANCE
}

/// What is wrong with a document: text on floats, floats on floats, floats that are lost.
fn faults(document: &Document, count: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = vec![false; count];
    for (number, page) in document.pages.iter().enumerate() {
        let (floats, runs) = (floats(page), runs(page));
        for (index, (float, rect)) in floats.iter().enumerate() {
            seen[*float] = true;
            if let Some((text, at)) = runs.iter().find(|(_, at)| overlap(rect, at)) {
                found.push(format!("page {number}: `{text}` {at:?} lies on float {float} {rect:?}"));
            }
            if let Some((other, at)) = floats[..index].iter().find(|(_, at)| overlap(rect, at)) {
                found.push(format!("page {number}: float {float} {rect:?} lies on float {other} {at:?}"));
            }
        }
    }
    found.extend(seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(lost, _)| format!("float {lost} is lost")));
    found
}

#[test]
fn no_text_lies_on_a_float() {
    let documents = 0..60;
    let found: Vec<String> = documents
        .flat_map(|seed| {
            let (html, style, count) = Generator::document(seed);
            let found = faults(&small(&html, &style), count);
            found.into_iter().map(move |fault| format!("document {seed}, {fault}"))
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
