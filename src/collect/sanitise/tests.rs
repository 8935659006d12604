use super::tag::{Piece, Scanner, attributes};
use super::{Addresses, Context, Sanitiser, Shown, policy};
use crate::collect::body;

struct Plain;

impl Addresses for Plain {
    fn link(&mut self, href: &str) -> Option<String> {
        Some(href.to_owned())
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        Some(Shown { src: src.to_owned(), size: None })
    }
}

fn context(title: Option<&str>) -> Context<'_> {
    Context { prefix: "p", title }
}

fn foreign(html: &str) -> String {
    Sanitiser::new().foreign(html, context(Some("The title")), &mut Plain).as_str().to_owned()
}

#[test]
fn nesting_costs_no_more_than_its_length() {
    let start = std::time::Instant::now();
    for piece in [
        "<div>",
        "<b>",
        "<b id=x><p>",
        "<table><tr><td>",
        "<div></b>",
        "<ul><li>",
        "<span><div></span>",
        "<svg>",
        "<a ",
        "<a '",
        "</",
        "<!",
    ] {
        foreign(&piece.repeat(30_000));
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn what_runs_is_gone_and_what_reads_stays() {
    for (hostile, expected) in [
        ("<script>alert(1)</script><p onclick=x>Text</p>", "<p>Text</p>"),
        ("<a href=\"java\tscript:alert(1)\">x</a>", "x"),
        ("<a href='https://a.example/?a=1&amp;b=\"'>x</a>", "<a href=\"https://a.example/?a=1&amp;b=&quot;\">x</a>"),
        ("<img src=\"data:image/svg+xml,x\" alt=\"a <b>\">", "<p>a &lt;b&gt;</p>"),
        ("<svg><p><style><a title=\"</style><img src=x onerror=alert(1)>\">", "&lt;svg&gt;<p>\"&gt;</p>"),
        ("<b>un<i>closed", "<b>un<i>closed</i></b>"),
        (
            "<span style='text-decoration: line-through;'>a <span>b</span></span> <span style='color: red'>c</span>",
            "<s>a <span>b</span></s> <span>c</span>",
        ),
        (
            "<p style='text-decoration-line:line-through'>a <b>b</b></p><em style='text-decoration: line-through'>c</em>",
            "<p><s>a <b>b</b></s></p><em><s>c</s></em>",
        ),
        (
            "<a href=https://a.example/><a href=https://b.example/>x<a id=y></a>",
            "<a href=\"https://b.example/\">x</a><a id=\"p--y\"></a>",
        ),
        ("<div style='text-decoration: line-through'><p>a</p></div>", "<div><p>a</p></div>"),
        ("<P STYLE='DISPLAY: none'>a</P><p style='Color:Red;Visibility:HIDDEN'>b</p>c", "c"),
        ("<span style='TEXT-DECORATION: line-through'>a</span>", "<s>a</s>"),
        (
            "<picture><source srcset='https://a.example/a.avif'><source srcset='https://a.example/a.png 1x, https://a.example/b.png 2x'><img alt=x></picture>",
            "<figure><img src=\"https://a.example/b.png\" alt=\"x\"></figure>",
        ),
        (
            "<img data-srcset='https://a.example/a.png 1x' src='data:image/gif;base64,R0' alt=x><amp-img src=https://a.example/c.png alt=y></amp-img>",
            "<img src=\"https://a.example/a.png\" alt=\"x\"><img src=\"https://a.example/c.png\" alt=\"y\">",
        ),
        ("<p style=\"position:fixed\" class=\"evil note\">x</p>", "<p class=\"note\">x</p>"),
        ("<iframe src=\"https://v.example/1\">old</iframe>", "<a href=\"https://v.example/1\">https://v.example/1</a>"),
        (
            "<video controls><source src=\"https://v.example/a.mp4\">old</video>!",
            "<a href=\"https://v.example/a.mp4\">https://v.example/a.mp4</a>!",
        ),
        (
            "<p><a href=https://b.example/><img src=https://a.example/a.png alt=x title=t></a></p><p><a href=https://b.example/><img src=https://a.example/a.png alt=x> y</a></p>",
            "<figure><a href=\"https://b.example/\"><img src=\"https://a.example/a.png\" alt=\"x\" title=\"t\"></a></figure><p><a href=\"https://b.example/\"><img src=\"https://a.example/a.png\" alt=\"x\"> y</a></p>",
        ),
        ("<center>x</center><font color=red>y</font>", "<div>x</div>y"),
        ("<form><input type=checkbox checked>done<button>Go</button></form>", "\u{2611} doneGo"),
        (
            "<ul><li id=a class='x note'><input type=checkbox checked disabled> b</li><li><p><input type=checkbox> c</p></li><li>d</li></ul>",
            "<ul><li id=\"p--a\" class=\"task-list-item note\">\u{2611}  b</li><li class=\"task-list-item\"><p>\u{2610}  c</p></li><li>d</li></ul>",
        ),
    ] {
        assert_eq!(foreign(hostile), expected, "{hostile}");
    }
}

#[test]
fn an_element_in_one_of_its_kind_leaves_no_end_behind() {
    for html in [
        "<svg <video><figure><video>",
        "a<video><b><video></video></b></video>",
        "<audio><ul><audio></audio></ul></audio>",
    ] {
        let shown = foreign(html);
        assert!(shown.is_empty() || super::settled::is_settled(&shown), "{html} gives {shown}");
    }
}

#[test]
fn tables_that_are_pictures_with_captions_are_figures() {
    let table = "<table class=\"tr-caption-container\"><tbody><tr><td><img src=\"https://e.example/a.png\"></td></tr><tr><td class=\"tr-caption\">\
        The <i>press</i></td></tr></tbody></table>";
    let figure =
        "<figure><img src=\"https://e.example/a.png\" alt=\"\"><figcaption>The <i>press</i></figcaption></figure>";
    assert_eq!(foreign(table), figure);
}

#[test]
fn words_in_elements_that_html_has_not_stay() {
    for (html, expected) in [
        ("<p>a</p><card>b</card><p>c</p>", "<p>a</p>b<p>c</p>"),
        ("<p>a</p><Card title=\"b\"/><p>c</p>", "<p>a</p><p>c</p>"),
        ("<p>Set <title>b</title>, <text x=1>c</text> and <annotation>d</annotation></p>", "<p>Set b, c and d</p>"),
        ("<svg><text>a</text></svg><desc>b</desc>", "b"),
        ("<math><apply><plus/><ci>x</ci></apply><annotation>y</annotation></math>", "x"),
        ("<filter><script>a</script><b>c</b></filter>", "<b>c</b>"),
    ] {
        assert_eq!(foreign(html), expected, "{html}");
    }
}

#[test]
fn links_lead_to_headings_by_the_ids_of_other_programs() {
    let html = "<h2>Go v1.5.1</h2><h2>Fixed</h2><h2>Fixed</h2><h2 id=own>2. More: a/b</h2>";
    let links = "<a href=#go-v151>a</a> <a href=#fixed-1>b</a> <a href='#2-more-ab'>c</a> <a href=#more-ab>d</a> <a href=#none>e</a>";
    let written = foreign(&format!("{html}{links}"));
    assert!(written.contains("<h2 id=\"p--fixed-1\">Fixed</h2>"), "{written}");
    let expected = "<a href=\"#p--go-v1-5-1\">a</a> <a href=\"#p--fixed-1\">b</a> <a href=\"#p--own\">c</a> \
                    <a href=\"#p--own\">d</a> e";
    assert!(written.ends_with(expected), "{written}");
}

#[test]
fn what_stands_without_scripts_is_read() {
    for (html, expected) in [
        (
            "<div><noscript>\n<img src='https://a.example/a.png' alt=A>\n</noscript></div>",
            "<div>\n<figure><img src=\"https://a.example/a.png\" alt=\"A\"></figure>\n</div>",
        ),
        ("<NOSCRIPT class=x><p>x</p></NoScript >y", "<p>x</p>y"),
        ("<noscripts>x</noscripts> < <no", "x &lt; "),
        ("x<noscript", "x"),
        ("<p>a <select> b</p><p>c</p>", "<p>a &lt;select&gt; b</p><p>c</p>"),
        ("<script>a<noscript></script><img src=x onerror=y alt=z></noscript>", "<p>z</p>"),
    ] {
        assert_eq!(foreign(html), expected, "{html}");
    }
}

#[test]
fn headings_begin_at_two_and_ids_have_the_prefix() {
    assert_eq!(
        foreign(
            "<h1>The title!</h1><h1>Part</h1><h3 id=\"x\">Chapter</h3><p><a href=\"#part\">up</a> <a href=\"#no\">no</a></p>"
        ),
        "<h2 id=\"p--part\">Part</h2><h4 id=\"p--x\">Chapter</h4><p><a href=\"#p--part\">up</a> no</p>"
    );
}

#[test]
fn the_mark_of_a_note_is_no_word_of_its_heading() {
    let heading = |mark: &str| foreign(&format!("<h2>The part{mark}</h2><p><a href=#the-part>x</a></p>"));
    let note = "<sup class=\"footnote-reference\" id=\"fnref-1\"><a href=\"#fn-1\">1</a></sup>";
    assert!(heading(note).starts_with("<h2 id=\"p--the-part\">The part<sup"), "{}", heading(note));
    assert!(heading(note).ends_with("<p><a href=\"#p--the-part\">x</a></p>"), "{}", heading(note));
    assert!(heading("<sup>2</sup> a <sup>b</sup>").starts_with("<h2 id=\"p--the-part2-a-b\">"));
}

#[test]
fn a_heading_that_is_the_title_goes_and_what_is_around_it_stays_whole() {
    for (html, expected) in [
        ("<article><header><h1>The title</h1></header><p>x</p></article>", "<section><div></div><p>x</p></section>"),
        (
            "<nav><ul><li>Home</li></ul></nav><main><h1 id=t>The title</h1><p>x</p></main>",
            "<div><ul><li>Home</li></ul></div><div><p>x</p></div>",
        ),
        ("<p>x</p><h1>The title</h1>", "<p>x</p><h2 id=\"p--the-title\">The title</h2>"),
    ] {
        assert_eq!(foreign(html), expected, "{html}");
    }
}

#[test]
fn what_is_hidden_is_left_out_and_sizes_are_kept() {
    for (html, expected) in [
        ("<p>a<span style='color: red; display: none'>b</span><b hidden>c</b></p>", "<p>a</p>"),
        (
            "<p>a <img src=https://a.example/x width='50%' alt=b></p>",
            "<p>a <img src=\"https://a.example/x\" alt=\"b\" style=\"max-width: 50%; height: auto\"></p>",
        ),
        (
            "<p><img src=https://a.example/x alt=b style='height: 1em'></p>",
            "<p><img src=\"https://a.example/x\" alt=\"b\" height=\"16\" style=\"height: 1em; vertical-align: -0.1em\"></p>",
        ),
    ] {
        assert_eq!(foreign(html), expected, "{html}");
    }
}

#[test]
fn a_paragraph_of_one_picture_is_a_figure() {
    assert_eq!(
        foreign("<p><img src=\"https://e.example/a.png\" alt=\"A\" title=\"A press\"></p>"),
        "<figure><img src=\"https://e.example/a.png\" alt=\"A\"><figcaption>A press</figcaption></figure>"
    );
    assert_eq!(
        foreign("<p> <img src=\"https://e.example/a.png\" alt=\"A\"> </p>"),
        "<figure><img src=\"https://e.example/a.png\" alt=\"A\"></figure>"
    );
    assert_eq!(
        foreign("<p>So <img src=\"https://e.example/a.png\" alt=\"A\"></p>"),
        "<p>So <img src=\"https://e.example/a.png\" alt=\"A\"></p>"
    );
}

#[test]
fn a_picture_between_blocks_is_a_figure_too() {
    let picture = "<img src=\"https://e.example/a.png\" alt=\"A\" title=\"a.png\">";
    let figure = format!("<figure>{picture}</figure>");
    let link = "<a href=\"https://e.example/\">";
    for (html, expected) in [
        (
            format!("<div class=separator>{link}{picture}</a></div>"),
            format!("<div><figure>{link}{picture}</a></figure></div>"),
        ),
        (format!("<p>b</p>\n{picture}\n<h2>c</h2>"), format!("<p>b</p>\n{figure}\n<h2 id=\"p--c\">c</h2>")),
        (
            format!("<article id=b>{picture}<p>c</p></article>"),
            format!("<section id=\"p--b\">{figure}<p>c</p></section>"),
        ),
        (
            format!("<div class=wp-block-column> {picture} </div>"),
            format!("<div class=\"wp-block-column\"> {figure} </div>"),
        ),
        (picture.to_owned(), figure.clone()),
        (figure.clone(), figure.clone()),
    ] {
        assert_eq!(foreign(&html), expected, "{html}");
        assert_eq!(foreign(&expected).replace("p--p--", "p--"), expected, "again: {html}");
    }
    for html in [
        format!("<p>b</p>{picture} c"),
        format!("<div>b {picture}</div>"),
        format!("<div>{picture}{picture}</div>"),
        format!("<ul><li>{picture}</li></ul>"),
        format!("<figure><div>{picture}</div></figure>"),
        format!("<p>b<br>{picture}</p>"),
    ] {
        assert_eq!(foreign(&html), html);
    }
}

#[test]
fn paragraphs_in_the_middle_stay_there() {
    for (html, expected) in [
        ("<p style='color: red; text-align: CENTER'>a</p>", true),
        ("<p align=center>a</p>", true),
        ("<p class='x has-text-align-center'>a</p>", true),
        ("<p style='text-align: left' align=center>a</p>", false),
        ("<p class=center>a</p>", false),
    ] {
        let centred = "<p style=\"text-align: center\">a</p>";
        let written = foreign(html);
        assert_eq!(written == centred, expected, "{html}: {written}");
        assert!(super::settled::is_settled(&written) && foreign(&written) == written, "{written}");
    }
}

#[test]
fn verse_and_pull_quotes_of_wordpress_say_what_they_are() {
    let verse = "<pre class=\"verse\">a\n   b</pre>";
    let pulled = "<figure class=\"wp-block-pullquote\"><blockquote><p>a</p><cite>b</cite></blockquote></figure>";
    assert_eq!(foreign("<pre class=\"wp-block-verse has-text-align-left\">a\n   b</pre>"), verse);
    for written in [verse, pulled] {
        assert_eq!(foreign(written), written);
        assert!(super::settled::is_settled(written));
    }
}

#[test]
fn pictures_that_scripts_load_are_pictures() {
    let shown = "<img src=\"https://a.example/p.jpg\" alt=\"A press\">";
    for html in [
        "<img src='data:image/gif;base64,R0' data-src='https://a.example/p.jpg' alt='A press'>",
        "<img data-lazy-src='https://a.example/p.jpg' src='https://a.example/blank.gif' alt='A press'>",
        "<img srcset='https://a.example/s.jpg 300w, https://a.example/p.jpg 1200w' alt='A press'>",
        "<img data-src='https://a.example/p.jpg' alt='A press'> <noscript><img src='https://a.example/p.jpg' alt='A press'></noscript>",
        "<img src='javascript:a' srcset='https://a.example/p.jpg 1x, javascript:b 2x' alt='A press'>",
        "<img src='https://a.example/p.jpg' alt='A press'> <noscript><img src='https://a.example/p.jpg' alt='A press'></noscript>",
        "<noscript><img src='https://a.example/p.jpg' alt='A press'></noscript><img data-src='https://a.example/p.jpg' alt=''>",
        "<noscript><img src='https://a.example/p.jpg' alt='A press'></noscript><img data-src='https://a.example/p.jpg?format=1000w' alt=''>",
        "<img src='https://a.example/p.jpg' alt='A press'><noscript><img src='https://a.example/p.jpg?w=9' alt='A press'></noscript>",
    ] {
        // Beside words it is no figure.
        assert_eq!(foreign(&format!("a {html}")).trim_end(), format!("a {shown}"), "{html}");
    }
}

#[test]
fn decoration_goes_and_what_scripts_would_show_is_shown() {
    for (html, expected) in [
        ("<h3>A<a aria-hidden=true href='#a'>#</a></h3>", "<h2 id=\"p--a\">A</h2>"),
        (
            "<p><span class=katex><span class=katex-mathml><math><mi>E</mi><annotation>E</annotation></math></span>\
             <span class=katex-html aria-hidden=true><span>E</span></span></span></p>",
            "<p><span><span>E</span></span></p>",
        ),
        ("<p>a <span aria-hidden=true>words</span></p>", "<p>a <span>words</span></p>"),
        (
            "<div class=digest-post-embed data-attrs=\"{&quot;title&quot;:&quot;Gum&quot;,&quot;url&quot;:&quot;https://p.example/g&quot;}\"></div>",
            "<div><p><a href=\"https://p.example/g\">Gum</a></p></div>",
        ),
    ] {
        assert_eq!(foreign(html), expected);
    }
}

#[test]
fn a_picture_that_stands_several_times_is_shown_as_often() {
    for star in [
        "<img src=https://a.example/s.png alt='*'>",
        "<img data-src=https://a.example/s.png alt='*'>",
        "<img data-src=https://a.example/s.png alt='*'><noscript><img src=https://a.example/s.png alt='*'></noscript>",
        "<noscript><img src=https://a.example/s.png alt='*'></noscript>",
    ] {
        let shown = "<img src=\"https://a.example/s.png\" alt=\"*\">".repeat(3);
        assert_eq!(foreign(&format!("Rating: {} of 5", star.repeat(3))), format!("Rating: {shown} of 5"), "{star}");
    }
}

#[test]
fn what_plug_ins_and_formulas_show_is_not_lost() {
    let film = "<object width=425><param name=movie value='https://v.example/v/a'><embed src='https://v.example/v/a'></object>";
    assert_eq!(foreign(film), "<a href=\"https://v.example/v/a\">https://v.example/v/a</a>");
    let bare = "<object><param name=\"quality\" value=\"high\"><param name=\"Movie\" value=\"https://v.example/v/a\"></object>";
    assert_eq!(foreign(bare), "<a href=\"https://v.example/v/a\">https://v.example/v/a</a>");
    let file = "<object data='https://v.example/a.pdf' title='The plan'><p>Not shown.</p></object>";
    assert_eq!(foreign(file), "<a href=\"https://v.example/a.pdf\">The plan</a><p>Not shown.</p>");
    let formula = "<p>Let <math><mi>x</mi><mo>=</mo><mn>2</mn><annotation>x=2</annotation></math> be.</p>";
    assert_eq!(foreign(formula), "<p>Let x=2 be.</p>");
}

proptest::proptest! {
    /// Whatever goes into the second step, no tag comes out that the policy does not have, and no attribute.
    #[test]
    fn the_rewriter_is_safe_by_itself(
        html in "([a-z \"'=&;]|<|>|</|<a href=|<img src=|javascript:|<script>|<p|<svg|onload=|<!--|-->|<style>){0,40}"
    ) {
        let out = Sanitiser::balanced(&html, context(None), &mut Plain).as_str().to_owned();
        for piece in Scanner::new(&out) {
            let Piece::Open { name, attributes: text } = piece else { continue };
            proptest::prop_assert!(policy::element(name).is_some(), "{}", out);
            for (name, value) in attributes(text) {
                proptest::prop_assert!(["href", "src", "alt", "title", "id", "lang", "dir", "class"].contains(&name), "{}", out);
                proptest::prop_assert!(!value.starts_with("javascript:") || !matches!(name, "href" | "src"), "{}", out);
            }
        }
    }

    /// Markdown without raw HTML skips the parser: a browser must see no difference.
    #[test]
    fn the_short_way_and_the_long_way_are_one(
        text in "([a-z ]|\\*|_|`|\\[|\\]\\(|\\)|javascript:|<|>|&|\"|# |\n|- |1[.] |!\\[|https://a[.]example/|\\| |---|\\[x\\]|~~){0,60}"
    ) {
        let written = body::to_html(&text, false);
        if !written.holds_raw_html {
            let sanitiser = Sanitiser::new();
            let short = Sanitiser::balanced(&written.html, context(None), &mut Plain);
            let long = sanitiser.foreign(&written.html, context(None), &mut Plain);
            let seen = |html: &str| sanitiser.parser.clean(html).to_string();
            proptest::prop_assert_eq!(seen(short.as_str()), seen(long.as_str()));
        }
    }
}

#[test]
fn pictures_that_text_stands_beside_say_so() {
    for (html, expected) in [
        (
            "<p><img src=https://a.example/a.png align=left>words</p>",
            "<p><img src=\"https://a.example/a.png\" alt=\"\" class=\"alignleft\">words</p>",
        ),
        (
            "<p><a href='https://b.example/'><img class='size-full alignright' src=https://a.example/a.png></a></p><p>words</p>",
            "<figure class=\"alignright\"><a href=\"https://b.example/\"><img src=\"https://a.example/a.png\" alt=\"\"></a></figure><p>words</p>",
        ),
        (
            "<figure class=alignleft><img src=https://a.example/a.png align=left></figure>",
            "<figure class=\"alignleft\"><img src=\"https://a.example/a.png\" alt=\"\"></figure>",
        ),
    ] {
        let once = foreign(html);
        assert_eq!(once, expected);
        assert_eq!(foreign(&once), expected, "again");
    }
}
