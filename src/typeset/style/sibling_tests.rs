//! Selectors that look at siblings: what they match, and what that costs.

use super::cascade::{self, PageAreas};
use super::sheet::{Origin, Sheets, Source};
use super::tests::{RED, half_em, is_red, styles};
use crate::typeset::dom::Dom;

#[test]
fn what_stands_before_is_looked_through_once() {
    let red = |css: &str, html: &str| is_red(html, css);
    let html = "<div><h1>a</h1><i></i><b class=r>b</b><p>c</p><x-x class=r>d</x-x><h2></h2></div>";
    for selector in
        ["h1 ~ x-x", ".r ~ .r", "h1 + i ~ .r", "h1 ~ p + x-x", "div > b ~ x-x", "h1 ~ i ~ .r ~ x-x", "div h1 ~ .r"]
    {
        assert!(red(selector, html), "{selector}");
    }
    for selector in ["h2 ~ x-x", "x-x ~ x-x", "h1 + b ~ x-x", "p ~ b ~ x-x", "i > h1 ~ x-x", "x-x ~ .r"] {
        assert!(!red(selector, html), "{selector}");
    }
    let inside =
        "<div><h1>a</h1><section><p><x-x>d</x-x></p></section></div><div><section><x-x>e</x-x></section></div>";
    assert!(red("h1 ~ section x-x", inside) && !red("h2 ~ section x-x", inside));
    let (dom, styles, _) = styles(inside, "h1 ~ section x-x { color: red }");
    let found = dom.elements().filter(|(_, element)| &*element.name == "x-x");
    let colours: Vec<bool> = found.map(|(id, _)| styles.get(styles.of(id).own).color == RED).collect();
    assert_eq!(colours, [true, false], "each parent for itself");
    let (dom, styles, _) = super::tests::styles("<h1>a</h1><p>b", "h1 ~ p::before { content: 'x' }");
    assert!(
        styles.of(dom.first("p").unwrap()).before.is_some() && styles.of(dom.first("h1").unwrap()).before.is_none()
    );
}

#[test]
fn what_stands_behind_is_looked_through_once() {
    let html = "<div><x-x class=r>a</x-x><i class=q></i><h1>b</h1><p class=r>c</p><h2><b>d</b></h2></div>";
    let red = |selector: &str| is_red(html, selector);
    for selector in [
        ".r:has(~ h1)",
        ".r:has(+ .q + h1)",
        "x-x:has(~ h1 + p)",
        "x-x:has(+ i ~ p)",
        "x-x:has(~ h2 b)",
        "x-x:has(~ h2 > b)",
        "x-x:has(h1, ~ h2)",
        "x-x:not(:has(~ h3))",
        ":is(x-x:has(~ h1), u)",
        "div > x-x:has(~ .q ~ .r)",
    ] {
        assert!(red(selector), "{selector}");
    }
    for selector in [
        ".r:has(~ h3)",
        ".r:has(+ h1 + p)",
        "x-x:has(~ h2 + p)",
        "x-x:has(~ p ~ i)",
        "x-x:has(~ h2 u)",
        "x-x:has(~ div > b)",
        "x-x:not(:has(~ h1))",
    ] {
        assert!(!red(selector), "{selector}");
    }
    let behind = is_red("<p class=a></p><i></i><u></u><x-x></x-x>", ".a:has(~ u) ~ x-x");
    assert!(behind && !is_red("<p class=a></p><i></i><x-x></x-x>", ".a:has(~ u) ~ x-x"));
}

/// With each twice as many the time is twice as long, which would otherwise be minutes here. The built-in style sheet is left
/// out, because what it asks by `:nth-child()` is checked again by whatever matches it in a build for tests.
#[test]
fn siblings_cost_no_more_than_their_number() {
    const COUNT: usize = 30_000;
    let html = format!("<h1>a</h1>{}<x-x>d</x-x>", "<p class=r></p>".repeat(COUNT));
    let dom = Dom::parse(&html, "en");
    let cases = [("h1 ~ .r", COUNT), (".r:has(~ x-x)", COUNT), (".r:has(+ .r + x-x)", 1), ("x-x ~ .r", 0)];
    for (selector, matching) in cases {
        let mut sheets = Sheets::default();
        sheets.add(&format!("{selector} {{ color: red }}"), Origin::Author, Source::sheet("a.css", 1));
        sheets.settle();
        let pages =
            PageAreas { usual: (500.0, 700.0), first: (500.0, 700.0), named: &std::collections::BTreeMap::new() };
        let begun = std::time::Instant::now();
        let styles = cascade::compute(&dom, &mut sheets, "a.html", pages, &half_em);
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{selector}: {:?}", begun.elapsed());
        let is_red = |id: u32| styles.get(styles.of(id).own).color == RED;
        assert_eq!(dom.elements().filter(|(id, _)| is_red(*id)).count(), matching, "{selector}");
    }
}
