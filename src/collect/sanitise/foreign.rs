//! Elements that are named like those of drawings and formulas, and stand in neither: components of somebody's program, or
//! words. The parser would take them away with what is in them, for fear of what a browser makes of them; so their tags go
//! before it reads, and what is in them stays.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::tag::{Piece, Scanner};

/// Elements of SVG 2 and `MathML` 3 that HTML has not, in order, but for those that are known by another rule: those of up to
/// eight letters.
const SHORT: [&str; 152] = [
    "abs", "and", "animate", "apply", "approx", "arccos", "arccosh", "arccot", "arccoth", "arccsc", "arccsch",
    "arcsec", "arcsech", "arcsin", "arcsinh", "arctan", "arctanh", "arg", "bind", "bvar", "card", "cbytes", "ceiling",
    "cerror", "ci", "circle", "cn", "codomain", "compose", "cos", "cosh", "cot", "coth", "cs", "csc", "csch",
    "csymbol", "curl", "declare", "defs", "degree", "desc", "diff", "discard", "divide", "domain", "ellipse",
    "emptyset", "eq", "exists", "exp", "factorof", "false", "filter", "floor", "fn", "forall", "g", "gcd", "geq",
    "grad", "gt", "ident", "implies", "in", "infinity", "int", "integers", "interval", "inverse", "lambda", "lcm",
    "leq", "limit", "line", "list", "ln", "log", "logbase", "lowlimit", "lt", "marker", "mask", "matrix", "max",
    "mean", "median", "menclose", "metadata", "mglyph", "min", "minus", "mlongdiv", "mode", "moment", "mpath",
    "mscarry", "msgroup", "msline", "msrow", "mstack", "neq", "not", "notin", "or", "path", "pattern", "pi", "piece",
    "plus", "polygon", "polyline", "power", "primes", "product", "prsubset", "quotient", "real", "reals", "rect",
    "reln", "rem", "root", "sdev", "sec", "sech", "selector", "sep", "set", "setdiff", "share", "sin", "sinh", "stop",
    "subset", "sum", "switch", "symbol", "tan", "tanh", "tendsto", "text", "times", "true", "tspan", "union",
    "uplimit", "use", "variance", "vector", "view", "xor",
];

/// And those of more.
const LONG: [&str; 32] = [
    "cartesianproduct",
    "complexes",
    "condition",
    "conjugate",
    "determinant",
    "divergence",
    "domainofapplication",
    "equivalent",
    "eulergamma",
    "exponentiale",
    "factorial",
    "imaginary",
    "imaginaryi",
    "intersect",
    "laplacian",
    "maligngroup",
    "malignmark",
    "matrixrow",
    "momentabout",
    "mscarries",
    "naturalnumbers",
    "notanumber",
    "notprsubset",
    "notsubset",
    "otherwise",
    "outerproduct",
    "partialdiff",
    "piecewise",
    "rationals",
    "scalarproduct",
    "transpose",
    "vectorproduct",
];

/// What is in them is no markup.
const RAW: [&str; 7] = ["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// What may stand before the title of a page.
const HEADS: [&str; 5] = ["html", "head", "meta", "link", "base"];

/// Takes the tags of such elements away. A title that stands where a page has its own stays one.
pub(super) fn unwrapped(html: &str) -> Cow<'_, str> {
    let mut around = Around::new(html);
    let mut out = String::new();
    let mut kept = 0;
    let mut scanner = Scanner::of_foreign(html);
    loop {
        let before = scanner.at;
        let Some(piece) = scanner.next() else { break };
        let tag = match piece {
            Piece::Text(text) => {
                around.has_begun |= !text.trim().is_empty();
                continue;
            }
            Piece::Stray => continue,
            Piece::Open { name, attributes } => Tag::open(html, scanner.at, name, attributes),
            Piece::Close { .. } => Tag::close(html, before, scanner.at),
        };
        let Some(tag) = tag else { continue };
        if around.takes_away(&tag) {
            out.push_str(&html[kept..tag.start]);
            kept = scanner.at;
        }
        if !tag.closes && !tag.ends_itself && RAW.contains(&&*tag.name) {
            scanner.at = around.end_of(&tag.name, scanner.at).unwrap_or(scanner.at);
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

/// A tag, and where it begins and ends.
struct Tag<'h> {
    /// In lower case.
    name: Cow<'h, str>,
    start: usize,
    end: usize,
    closes: bool,
    ends_itself: bool,
}

impl<'h> Tag<'h> {
    fn open(html: &'h str, end: usize, name: &str, attributes: &str) -> Option<Self> {
        let bare = html[..end - 1].trim_end_matches('/');
        let start = bare.len() - attributes.len() - name.len() - 1;
        let name = whole_name(html.get(start + 1..end - 1)?);
        Some(Self { name, start, end, closes: false, ends_itself: bare.len() < end - 1 })
    }

    fn close(html: &'h str, before: usize, end: usize) -> Option<Self> {
        let start = before + html[before..end].rfind("</")?;
        let name = whole_name(html.get(start + 2..end - 1)?);
        Some(Self { name, start, end, closes: true, ends_itself: false })
    }
}

/// The whole name with which a tag begins, which is longer than that of the element where a hyphen or a colon follows.
fn whole_name(inside: &str) -> Cow<'_, str> {
    let length = inside.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inside.len());
    let name = &inside[..length];
    if name.contains(|c: char| c.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// What is known of where a tag stands.
#[derive(Default)]
struct Around<'h> {
    html: &'h str,
    /// Where the last end tags of some elements stand.
    last_close: BTreeMap<&'static str, usize>,
    /// How many drawings and formulas are open.
    drawings: usize,
    formulas: usize,
    /// Annotations of formulas that are open.
    annotations: usize,
    in_head: bool,
    /// Whether anything was read that a page shows.
    has_begun: bool,
    /// Titles that are open and no page's.
    titles: usize,
}

impl<'h> Around<'h> {
    fn new(html: &'h str) -> Self {
        let mut last_close = BTreeMap::new();
        for (at, _) in html.match_indices("</") {
            let rest = &html[at + 2..];
            let is = |name: &&&str| {
                rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
                    && rest[name.len()..].starts_with(|c: char| c == '>' || c.is_ascii_whitespace())
            };
            let mut known = ["svg", "math", "title", "annotation", "annotation-xml"].iter().chain(&RAW);
            last_close.extend(known.find(is).map(|name| (*name, at)));
        }
        Self { html, last_close, ..Self::default() }
    }

    fn is_closed(&self, tag: &Tag<'_>) -> bool {
        !tag.ends_itself && self.last_close.get(&*tag.name).is_some_and(|close| *close >= tag.end)
    }

    /// Where the end tag of an element whose contents are no markup stands.
    fn end_of(&self, name: &str, from: usize) -> Option<usize> {
        self.last_close.get(name).filter(|close| **close >= from)?;
        let ends = self.html[from..].match_indices("</").map(|(at, _)| from + at);
        let is_end = |at: &usize| {
            self.html.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        ends.into_iter().find(is_end)
    }

    /// Takes a tag into account; says whether it goes.
    fn takes_away(&mut self, tag: &Tag<'_>) -> bool {
        let counts = if tag.closes { -1 } else { isize::from(self.is_closed(tag)) };
        let count = |open: &mut usize| *open = open.saturating_add_signed(counts);
        let is_head = HEADS.contains(&&*tag.name);
        match &*tag.name {
            "svg" => count(&mut self.drawings),
            "math" => count(&mut self.formulas),
            "annotation" | "annotation-xml" if self.formulas > 0 && counts > 0 => self.annotations += 1,
            "annotation" | "annotation-xml" if self.annotations > 0 && counts < 0 => self.annotations -= 1,
            "title" if self.drawings == 0 && counts > 0 && self.has_begun && !self.in_head => {
                self.titles += 1;
                return true;
            }
            "title" if self.titles > 0 && counts < 0 => {
                self.titles -= 1;
                return true;
            }
            "title" => {}
            "head" => self.in_head = !tag.closes,
            name => {
                self.in_head &= name != "body";
                self.has_begun |= !is_head && !self.in_head;
                return self.drawings == 0 && is_foreign(name);
            }
        }
        false
    }
}

fn is_foreign(name: &str) -> bool {
    matches!(name, "annotation" | "annotation-xml")
        || SHORT.binary_search(&name).is_ok()
        || LONG.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{LONG, SHORT, unwrapped};

    #[test]
    fn tags_go_and_words_stay() {
        assert!(SHORT.is_sorted() && LONG.is_sorted());
        for (html, expected) in [
            ("a <Card>b</Card> c", "a b c"),
            ("<Card title='>' />\n\nb", "\n\nb"),
            ("<text x=1>a</text><list><item>b</item></list >", "a<item>b</item>"),
            ("<card-x>a</card-x><text:y>b</text:y>", "<card-x>a</card-x><text:y>b</text:y>"),
            ("<svg><text>a</text></svg><text>b</text>", "<svg><text>a</text></svg>b"),
            ("<svg/><text>b</text>", "<svg/>b"),
            ("<svg> <text>b</text>", "<svg> b"),
            ("<p title='<text>'>a</p><!-- <text> -->", "<p title='<text>'>a</p><!-- <text> -->"),
            ("<!-- x --><text>a</text>", "<!-- x -->a"),
            ("<script>'<text>' < \"</script><line>a</line>", "<script>'<text>' < \"</script>a"),
            ("<math><mi>x</mi><annotation>y</annotation></math>", "<math><mi>x</mi><annotation>y</annotation></math>"),
            ("<annotation>a</annotation><annotation/>b", "ab"),
            ("<html><head><title>a</title></head><body><title>b</title>", "<html><head><title>a</title></head><body>b"),
            ("\n<title>a</title>b", "\n<title>a</title>b"),
            ("Set the <title>a</title> <title>", "Set the a <title>"),
        ] {
            assert_eq!(unwrapped(html), expected);
        }
    }
}
