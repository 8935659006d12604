//! Any text as a print style sheet over a document that has something of everything.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, layout};

static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::builtin);

struct NoPictures;

impl Resources for NoPictures {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        None
    }
}

const HTML: &str = "<html lang=en><title>T</title><body><header>Head</header><h1 id=a>One</h1><nav><ol><li><a \
    href='#b'>Two</a></ol></nav><p class=x>Some words, <b>bold</b> and <i>italic</i>, a <a href='#b'>link</a><sup><a \
    href='#n'>1</a></sup>.</p><div class=two><p>Text in a box that goes on for a line or two.<span>A note.</span></p>\
    <ul><li>one<li>two</ul><blockquote>quoted</blockquote></div><table><caption>C</caption><thead><tr><th>h<th>k</thead>\
    <tr><td colspan=2>a<tr><td>b<td>c</table><figure><img src=a alt=x><figcaption>cap</figcaption></figure><aside>beside\
    </aside><h2 id=b>Two</h2><pre>a  b\nc</pre><p dir=rtl lang=fa>سلام دنیا</p><ol><li id=n>note</ol>";

fuzz_target!(|css: &str| {
    let options =
        Options { style: css, style_name: "s.css", html_name: "a.html", base_language: "en", info_date: None };
    let set = layout(HTML, &options, &NoPictures, &FONTS);
    assert!(!set.value.pages.is_empty());
    for warning in set.warnings {
        assert!(!warning.to_string().is_empty());
    }
});
