//! Texts of one piece, very many times: whatever reads a post takes time in proportion to its length.

use std::fmt::Write as _;
use std::time::Instant;

use super::feed::Document;
use super::fuzzing::{body, front_matter, sanitised};
use super::liquid::{self, Page};
use super::{dates, marks, more, opml, plain, sanitise, wordpress};

/// Four times the text may take so many times the time.
const MOST: f64 = 8.0;
/// Less than this, in seconds, is not worth comparing.
const LEAST: f64 = 0.1;

/// The seconds that this thread has been on a processor; where nobody tells, those that have passed.
fn clock(since: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok());
    nanoseconds.map_or_else(|| since.elapsed().as_secs_f64(), |count| count as f64 / 1e9)
}

fn seconds(door: fn(&str), text: &str) -> f64 {
    let start = Instant::now();
    let before = clock(start);
    door(text);
    clock(start) - before
}

type Door = (&'static str, fn(&str), &'static [&'static str]);

/// What reads texts, and pieces that mean something to it. A `¦` parts what is repeated from what ends it all; `#` is
/// another number each time.
const DOORS: &[Door] = &[
    ("markdown", markdown, MARKDOWN),
    ("mdx", |text| drop(body(text, true)), MARKDOWN),
    ("liquid", liquid, LIQUID),
    ("html", html, HTML),
    ("feed", feed, FEED),
    ("wordpress", |text| drop(wordpress::expanded(text)), WORDPRESS),
    ("front matter", |text| drop(front_matter(text)), FRONT),
    ("lines", lines, LINES),
];

fn markdown(text: &str) {
    drop(body(text, false));
    more::summary(text, &[], false);
    marks::abbreviations(text);
}

fn liquid(text: &str) {
    liquid::expand(text, true, Page::default());
    liquid::expand(text, false, Page::default());
}

fn html(text: &str) {
    drop(sanitised(text));
    for dropped in sanitise::dropped(text) {
        dropped.find_in(text);
    }
    more::summary(text, &[], true);
    plain::from_html(text);
    let page = url::Url::parse("https://a.example/").unwrap();
    drop(super::discover::candidates(text, &page));
    drop(super::discover::refresh(text, &page));
}

fn feed(text: &str) {
    for text in
        [format!("<rss><channel><item>{text}"), format!("<rss>{text}"), text.to_owned(), format!("{{\"items\":[{text}")]
    {
        let document = Document::new(text.into_bytes(), None);
        drop(document.read(None, std::path::Path::new("a.xml")));
    }
    drop(opml::read(text.as_bytes()));
}

fn lines(text: &str) {
    plain::from_markdown(text);
    plain::title(text);
    let _ = dates::parse(text);
}

const MARKDOWN: &[&str] = &[
    "<!--",
    "<!-- ",
    "<!-- ¦-->",
    "a\n===\n",
    "a\n---\n",
    "# a\n",
    "[^#]\n\n[^#]: x\n\n",
    "[^#]: x\n\n",
    "[^1]",
    "[",
    "![",
    "[a](",
    "[a][",
    "[a]: /b\n",
    "[#]: /b\n",
    "*a",
    "**a ",
    "_a",
    "a**b",
    "`",
    "`#` ``",
    "``` \n",
    "~~~\n",
    "> ",
    ">",
    "- ",
    "- a\n",
    "1. ",
    " - ",
    "<x-#>",
    "<x-#></x-#>",
    "<a-",
    "<div markdown=\"1\">\n",
    "<div>\n",
    "<img ",
    "<a href=\"",
    "|a",
    "a|b\n-|-\n",
    "|a|\n",
    ": a\n",
    "a\n: b\n\n",
    "http://a.b/)¦",
    ")¦",
    "https://",
    "==a",
    "==",
    "H~2",
    "~a ",
    "*[A]: b\n",
    "*[A#]: b\n",
    "&amp",
    "&",
    "\\",
    "$",
    "{#a",
    "a {#b}\n",
    "# a {#b .c}\n",
    "!!! note\n    a\n",
    ":::note\n",
    ":::a\n:::\n",
    "::: ",
    "???\n",
    "<b>a",
    "</b>",
    "<p>",
    "<script>",
    "<svg>",
    "<style>",
    "<?",
    "<![CDATA[",
    "<!a",
    "import a\n",
    "<Box>",
    "<Box a={",
    "{",
    "{`",
    "{/*",
    "export a = {\n",
    "a  \n",
    "\t",
    "    a\n",
    "\u{200c}",
    "<h2>",
    "a\u{3042}**",
    "|\n",
    "~~a ",
    "[x] ",
    "- [ ] a\n",
    "<details>",
    "http://a.b/c ",
    "</",
    "<h1",
    "'\"",
];
const LIQUID: &[&str] = &[
    "{{",
    "{{¦}}",
    "{%",
    "{%¦%}",
    "{{ a }}",
    "{% a %}",
    "{{< a >}}",
    "{{% a %}}",
    "{{< a ¦>}}",
    "{::comment}",
    "{::comment ¦}",
    "{:.a} ",
    "{:.a}\n",
    "{:toc}\n",
    "* a\n{:toc}\n",
    "{#",
    "{# ¦#}",
    "{% if a %}",
    "{% if a %}b{% endif %}",
    "{% case a %}{% when b %}",
    "{% else %}",
    "{% for a in b %}",
    "{% assign a# = 'b' %}",
    "{% assign a = a | append: 'bcd' %}",
    "{% capture a %}b{% endcapture %}",
    "{% capture a %}",
    "{% raw %}",
    "{% endraw %}",
    "{% comment %}",
    "{% a b='c' d=e, 'f' %}",
    "{% (%}",
    "{%(%}{% end %}",
    "{{ 'a' | split: '' | join: 'b' }}",
    "{% highlight a %}`",
    "{% highlight a %}`{% endhighlight %}",
    "{{ a.b.c[0] | d: e, f }}",
    "{%- a -%}",
    "{{- 'a' -}}  ",
    "{% include a %}",
    "{{</* a */>}}",
    "{{< / a >}}",
    "{% link a %}",
    "{{< figure src=\"a.png\" >}}",
    "{% when a, b or c %}",
    "{{ '{{' }}",
    "`{% raw %}`",
    "{% if a == b and c %}",
    "{% unless a %}{% endunless %}",
    "{:",
    "{::",
    "{:a=\"b\" ",
    "{% break %}",
    "{{ \"a|b\" | c }}",
    "{% a \"",
    "{% a (",
    "{% a =:",
    "{{< tabs >}}{{< tab >}}a{{< /tab >}}",
];
const HTML: &[&str] = &[
    "<",
    "</",
    "<!",
    "<!--",
    "<!--¦-->",
    "<!-->",
    "<![CDATA[",
    "<?",
    "<a",
    "<a ",
    "<a href=\"",
    "<a href='b'>",
    "<a name=b>c",
    "</a>",
    "<p>",
    "<p><b>",
    "<div>",
    "</div>",
    "<b>",
    "<b></i>",
    "<font><p>",
    "<i a=1><p>",
    "<table>",
    "<table><tr><td>",
    "<tr>",
    "<select>",
    "<option>",
    "<svg>",
    "<math>",
    "<svg></svg>",
    "<script>",
    "<script></script>",
    "<style>",
    "<template>",
    "<textarea>",
    "<title>",
    "<iframe>",
    "<iframe></iframe>",
    "<video>",
    "<video></video>",
    "<video><source src=a>",
    "<object>",
    "<object><embed></object>",
    "<object data=a>b",
    "<img ",
    "<img src=a width=1",
    "<img src=a>",
    "<p><img src=a>",
    "<p><img src=a></p>",
    "<p>   ",
    "<h1>",
    "<h1>a</h1>",
    "<h2>a",
    "<h2 id=a>",
    "<li>",
    "<ul><li>",
    "<form>",
    "<button>",
    "<frameset>",
    "<noscript>",
    "<plaintext>",
    "<xmp>",
    "<a b",
    "<a b=",
    "<a b=c ",
    " b",
    "b=\"",
    "&amp",
    "&",
    "&#",
    "&lt;",
    "\0",
    "<ruby><rt>",
    "<dd>",
    "<br>",
    "<nobr>",
    "</p>",
    "</br>",
    "<body a=b>",
    "<html a# = b>",
    "<col>",
    "<caption>",
    "<center>",
    "<canvas>",
    "<head>",
    "<head><meta>",
    "<link rel=alternate href=#>",
    "<meta http-equiv=refresh content='",
    "<base href=a>",
    "<a #=b",
    "<span a#=b ",
    "<img srcset='a, ¦'>",
    "<img srcset='¦'>",
    "<h¦",
    "<h2",
    "a, ",
    "<code>",
    "<pre>\n",
    "<annotation-xml>",
    "<details>",
    "<input>",
    "<p a='<b>'>",
];
const FEED: &[&str] = &[
    "<item>",
    "<item></item>",
    "<item><title>a</title></item>",
    "<a>",
    "</a>",
    "<a:b>",
    "<a:b xmlns:a='c'>",
    "<a xmlns:b#='c'>",
    "<a b#='c'>",
    "<a b='",
    "<a ",
    "<![CDATA[",
    "<![CDATA[]]>",
    "]]>",
    "<!--",
    "<!-- -->",
    "<?a",
    "<?a ?>",
    "<!DOCTYPE a [",
    "<!ENTITY a# 'b'>",
    "<!ENTITY",
    "&a;",
    "&",
    "&amp",
    "&#1;",
    "<title>",
    "<title>a</title>",
    "<link>a</link>",
    "<category>a</category>",
    "<guid>a</guid>",
    "<pubDate>a</pubDate>",
    "<description>",
    "<description>a</description>",
    "<enclosure url='a'/>",
    "<media:content url='a'>",
    "<media:group>",
    "<content:encoded>",
    "<author><name>a</name></author>",
    "<entry>",
    "<xhtml:div>",
    "<content type='xhtml'><div>",
    "<p>",
    "<br>",
    "</",
    "<",
    "\u{0}",
    "a<b",
    "{",
    "[",
    "{\"id\":\"#\"},",
    "\"",
    "\\u",
    "{\"a\":[",
    "<outline text='a'>",
    "<outline xmlUrl='a'/>",
    "<a xml:base='b'>",
    "<a xml:lang='b'>",
    "<itunes:image>",
    "<image><url>",
    "<dc:creator>a</dc:creator>",
];
const WORDPRESS: &[&str] = &[
    "[",
    "[a",
    "[a]",
    "[/a]",
    "[a]b[/a]",
    "[caption]",
    "[caption]a[/caption]",
    "[gallery]",
    "[gallery ids='1,2",
    "[embed]",
    "[embed]a[/embed]",
    "[[a]]",
    "[a b='c' ",
    "[video ",
    "[audio src='a']",
    "<!-- wp:a -->",
    "<!-- wp:a -->¦<!-- /wp:a -->",
    "<!-- wp:a {\"b\":",
    "<!-- wp:a {} /-->",
    "<!-- /wp:a -->",
    "<!-- wp:",
    "<!--",
    "<p>",
    "<pre>",
    "<pre>a</pre>\n",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "<div>\n",
    "<div>a\n\n</div>",
    "</div>\n",
    "<br>",
    "<blockquote>\n",
    "https://a.b/c\n",
    "<script>",
    "<style>",
    "<object>",
    "<figure>",
    "<table>\n",
    "<a",
    "<a ",
    "<img ",
    "<sup data-fn='a'>",
    "[playlist]",
    "[code]",
    "[code]a[/code]",
    "&",
    "<!--more-->",
    "<!--nextpage-->",
    "<li>\n",
    "<option>",
    "<param>",
    "<!-- wp:cover -->\n",
    "<!-- wp:cover --><!-- /wp:cover -->",
    "<!-- wp:gallery --><!-- /wp:gallery -->",
    "[footnote]",
    "[a=b]",
    "[a \"",
    "[/",
    "[a/]",
];
const FRONT: &[&str] = &[
    "+++\n¦",
    "+++\n[[a]]\n",
    "+++\n¦[[a]]\n¦+++\n",
    "+++\n¦a# = 1\n¦+++\n",
    "+++\n¦a.b# = 1\n¦+++\n",
    "+++\n¦[a#]\n¦+++\n",
    "+++\na = [¦1,¦]\n+++\n",
    "+++\na = ¦[¦\n+++\n",
    "+++\na = ¦{b=¦\n+++\n",
    "+++\n¦a.¦=1\n+++\n",
    "+++\n¦a = 1\n¦+++\n",
    "+++\na = '''¦x\n¦'''\n+++\n",
    "+++\n¦title = 'a'\n¦+++\n",
    "---\n¦a#: 1\n¦---\n",
    "---\n¦a: 1\n¦---\n",
    "---\n¦- a\n¦---\n",
    "---\na: ¦[¦\n---\n",
    "---\na: ¦{b: ¦\n---\n",
    "---\na: [¦b, ¦]\n---\n",
    "---\n¦a: &b c\n¦---\n",
    "---\n¦? a\n¦---\n",
    "---\na: \"¦b\n¦\"\n---\n",
    "---\na: '¦b\n¦\n---\n",
    "---\na:\n¦- b\n¦---\n",
    "---\n¦title: [a\n¦---\n",
    "---\n¦title: [a]\n¦---\n",
    "---\na: >\n¦  b\n¦---\n",
    "---\n¦  ¦a: b\n---\n",
    "---\n¦\t¦a: b\n---\n",
    "---\n¦a: @b\n¦---\n",
    "---\n¦tags: b\n¦---\n",
    "---\ntags: ¦a, ¦\n---\n",
    "---\ntags: [¦a#, ¦]\n---\n",
    "---\nauthors:\n¦- name: a\n¦---\n",
    "---\n¦enclosure: a\n¦---\n",
    "---\n¦titel: a\n¦---\n",
    "---\na: !¦!¦b\n---\n",
    "---\na: *¦b\n---\n",
    "---\n¦--- \n¦---\n",
    "---\na: b ¦#¦\n---\n",
    "title: a\n¦b: c\n¦\n",
    "title: a\n¦    b\n¦\n",
    "title: a\n¦b#: c\n¦\n",
    "title: a\n¦- b\n¦\n",
    "¦\n¦---\na: b\n---\n",
    "title: ¦a¦\n\n",
    "title: ¦*a ¦\n\n",
    "title: ¦`¦\n\n",
];
const LINES: &[&str] = &[
    "*a",
    "**",
    "_a ",
    "`",
    "`#",
    "[",
    "[a](",
    "[a¦](b/)",
    "[¦a](b/)",
    "<b>",
    "</b>",
    "<b>¦</b>",
    "<",
    "&",
    "\\",
    "![",
    "<!--",
    "<a href=",
    "2026-",
    "1 ",
    "Jan ",
    "a",
    "+01",
    ",",
    "ꙮ",
    "*a*",
    "<img alt='a'>",
];

/// The text: what stands before the first of three parts, the second repeated, the third.
fn text(pattern: &str, length: usize) -> String {
    let parts: Vec<&str> = pattern.split('¦').collect();
    let (before, piece, after) = match parts[..] {
        [before, piece, after] => (before, piece, after),
        [piece, after] => ("", piece, after),
        _ => ("", pattern, ""),
    };
    let mut text = before.to_owned();
    let mut number = 0;
    while text.len() < length {
        number += 1;
        let _ = write!(text, "{}", piece.replace('#', &number.to_string()));
    }
    text + after
}

/// The texts of which four times as much takes far more than four times as long.
fn squares(length: usize) -> Vec<String> {
    let all = DOORS.iter().flat_map(|(name, door, pieces)| pieces.iter().map(move |piece| (name, door, piece)));
    let square = all.filter_map(|(name, door, piece)| {
        let after = seconds(*door, &text(piece, 4 * length));
        // Others may have been at work when the first time was taken.
        let before = || seconds(*door, &text(piece, length));
        let is_square = || (0..3).all(|_| seconds(*door, &text(piece, 4 * length)) > MOST * before());
        (after > LEAST && is_square()).then(|| format!("{name}: {piece:?} takes {after:.2} s"))
    });
    square.collect()
}

#[test]
fn nothing_takes_the_square_of_a_length() {
    assert_eq!(squares(5_000), [""; 0]);
}

#[test]
fn long_nothing_takes_the_square_of_a_length() {
    if std::env::var("MASTHEAD_LONG").is_ok_and(|value| value == "1") {
        assert_eq!(squares(80_000), [""; 0]);
    }
}
