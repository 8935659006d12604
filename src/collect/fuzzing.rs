//! Doors for the fuzz targets in fuzz/, and for tests: what they must reach, and no program does alone.

use std::path::Path;

use super::links::LinkIndex;
use super::liquid::Page;
use super::sanitise::{Addresses, Context, Sanitiser, Shown};
use super::{body, dialect, front};
use crate::error::Warning;

/// Reads the front matter of a file. Gives where the body begins, in bytes, and what was told.
#[must_use]
pub fn front_matter(text: &str) -> (usize, Vec<Warning>) {
    let mut warnings = Vec::new();
    let parsed = front::parse(text, &[], true, Path::new("post.md"), &mut warnings);
    (parsed.body_start, warnings)
}

/// Sanitises HTML from elsewhere.
#[must_use]
pub fn sanitised(html: &str) -> String {
    Sanitiser::new().foreign(html, CONTEXT, &mut Web::default()).as_str().to_owned()
}

/// Writes the body of a post as HTML; `mdx` when it holds components.
#[must_use]
pub fn body(text: &str, mdx: bool) -> String {
    let expanded = dialect::expand(text, Page::of(&[("title".to_owned(), "A title".to_owned())]), mdx);
    let written = body::to_html(&expanded.text, expanded.lacks_include);
    let html = if written.holds_raw_html {
        Sanitiser::new().foreign(&written.html, CONTEXT, &mut Web::default())
    } else {
        Sanitiser::balanced(&written.html, CONTEXT, &mut Web::default())
    };
    html.as_str().to_owned()
}

const PAGE: &str = "https://example.org/posts/post/";
const CONTEXT: Context<'static> = Context { prefix: "post", title: Some("A title") };

/// Addresses as of a page that stands alone.
struct Web(LinkIndex);

impl Default for Web {
    fn default() -> Self {
        Self(LinkIndex::new(vec![PAGE.to_owned()]))
    }
}

impl Addresses for Web {
    fn link(&mut self, href: &str) -> Option<String> {
        self.0.resolve(href, "", PAGE)
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        self.link(src).map(|src| Shown { src, size: None })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{body, front_matter, sanitised};
    use crate::collect::dates;
    use crate::collect::sanitise::tag::attributes;

    /// One text for each door, with what means something to it.
    const SEEDS: [&str; 9] = [
        "---\ntitle: \"A\nb\"\ntags: [a,\nb]\ndate: 2026-07-31 18:30\ntext: |\n  [x\n---\n+++\ntitle = 'A'\n+++\nTitle: A\nDate: x\n\n",
        "2026-07-31T18:30:00+02:00 Fri, 31 Jul 2026 18:30 CEST 31 \u{627}\u{648}\u{62a} 2026",
        "<p onclick=x><a href=\"javascript:x\">a</a><svg><style><img src=x></style></svg><table><math><!-- --><iframe>",
        "{% quote(a=\"b\") %}x{% end %} {{< note >}}\n:::tip[x]\n{{% /note %}} {{ page.title | split: \"a\" }} {:#id .x}\n```\n",
        "<Box title=\"a\" b={x}>{`a`}</Box> {/* more */} `<A/>`\nimport a from 'b'\n[^1] \n[^1]: x\n<!-- more -->",
        "<div data-attrs=\"{&quot;url&quot;:&quot;x&quot;}\" class=\"sr-only icon katex\"><span aria-hidden=true>»</span></div>‹ é<ï>< a",
        "<figure class=gallery><img srcset=\"a 1x, b 2x\" data-src=c alt><figcaption>x</figcaption></figure><video src=x></video>",
        "[caption id=\"a\"]<img src=b>[/caption] [gallery ids=\"1,2\"] ^[a note] $x^[y]$ > [a](b){target=_blank} - `x`\n````\n",
        "!!! note \"x\"\n    y\n\n<div markdown=\"1\">\n*a*\n</div>\n* TOC\n{:toc}\n{# x #} \u{200c}\u{202e}\u{feff}",
    ];

    /// A series of numbers, the same at each run (xorshift).
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % end.max(1) as u64) as usize
        }

        /// A piece of a text, cut where letters end.
        fn piece<'a>(&mut self, text: &'a str) -> &'a str {
            let from = self.below(text.len() + 1);
            let to = from + self.below((text.len() - from).min(60) + 1);
            let cut = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            &text[cut(from)..cut(to)]
        }
    }

    /// Puts pieces of the seeds together anew and hands them to every door, as long as there is to be more.
    fn damage(mut more: impl FnMut() -> bool) -> usize {
        let numbers = &mut Numbers(0x9e37_79b9_7f4a_7c15);
        let mut count = 0;
        while more() {
            let mut text = SEEDS[numbers.below(SEEDS.len())].to_owned();
            for _ in 0..=numbers.below(12) {
                let other = SEEDS[numbers.below(SEEDS.len())];
                let piece = numbers.piece(other).to_owned();
                let at = numbers.below(text.len() + 1);
                let at = (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or_default();
                text.insert_str(at, &piece);
            }
            let (begins, _) = front_matter(&text);
            assert!(text.get(begins..).is_some(), "the body of {text:?} begins inside of a letter");
            let zone = chrono_tz::Europe::Tirane;
            assert!(dates::parse(numbers.piece(&text)).is_none_or(|date| date.instant(zone).timestamp() != i64::MAX));
            for html in [sanitised(&text), body(&text, false), body(&text, true)] {
                harmless(&html, &text);
            }
            count += 1;
        }
        count
    }

    /// Fails when sanitised HTML holds what a browser would act upon.
    fn harmless(html: &str, text: &str) {
        for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
            let acts = ["script", "style", "svg", "math", "iframe", "object", "embed", "form", "template"];
            assert!(!acts.contains(&name), "{text:?} gives {html:?}");
            for (attribute, value) in attributes(rest) {
                let leads = matches!(attribute, "href" | "src");
                let runs = leads && value.trim_start().starts_with("javascript:");
                assert!(!runs && !attribute.starts_with("on"), "{text:?} gives {html:?}");
            }
        }
    }

    #[test]
    fn damaged_texts_cost_only_themselves() {
        let mut rounds = 300;
        let done = damage(|| {
            rounds -= 1;
            rounds >= 0
        });
        assert_eq!(done, 300);
    }

    #[test]
    fn long_fuzz_of_every_door() {
        if std::env::var("MASTHEAD_LONG").is_ok_and(|value| value == "1") {
            let start = Instant::now();
            println!("{} texts", damage(|| start.elapsed() < Duration::from_secs(600)));
        }
    }
}
