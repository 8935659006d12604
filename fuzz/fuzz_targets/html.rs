//! Any text as an HTML document for print: pages come out, and a PDF that can be read.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, typeset};

static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::builtin);

struct NoPictures;

impl Resources for NoPictures {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        None
    }
}

/// A sheet that leads through most of the layout.
const STYLE: &str = "@page { size: 200pt 150pt; margin: 15pt; @top-left { content: string(title) } \
    @bottom-right { content: counter(page) ' of ' counter(pages) } @footnote { max-height: 60% } } \
    @page wide { size: 300pt 150pt } .wide { page: wide } .note, sup { float: footnote } \
    .r a { float: footnote; content: target-content(attr(href)) } .two, article { columns: 2; column-rule: 1pt solid } \
    h1 { string-set: title content(); break-before: right; column-span: all } h2 { column-span: all } \
    p::first-letter { initial-letter: 2 } p::first-line { font-variant: small-caps } aside { float: left; width: 40% } \
    nav a::after { content: leader('.') target-counter(attr(href), page) } header { position: running(head) } \
    figure { break-inside: avoid } td { padding: 2pt; border: 1pt solid } dd { float: right }";

fuzz_target!(|html: &str| {
    let options =
        Options { style: STYLE, style_name: "s.css", html_name: "a.html", base_language: "en", info_date: None };
    let set = typeset(html, &options, &NoPictures, &FONTS).expect("a PDF is written").value;
    assert!(set.pages >= 1);
    assert!(set.pdf.starts_with(b"%PDF-"));
});
