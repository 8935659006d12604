//! The templates inside texts: Liquid (Jekyll), shortcodes (Hugo, Zola), attribute lists (kramdown).
//!
//! No template engine: the few constructions that carry text are carried out, what carries none is taken out, and
//! the rest is reported. Code is left as it is.

mod arguments;
mod expression;
pub(super) mod figure;
pub(super) mod frame;
pub(super) mod player;
mod scan;

use std::borrow::Cow;

pub(super) use self::arguments::Argument;
use self::expression::{Outcome, Value, Variables, evaluate};
pub(super) use self::frame::Frame;
use self::scan::{Kind, Mark};

/// A text without templates.
#[derive(Debug)]
pub(super) struct Expanded<'a> {
    /// The text.
    pub(super) text: Cow<'a, str>,
    /// Whether another file should have been included: definitions of links may be missing.
    pub(super) lacks_include: bool,
    /// What could not be carried out, and where, in bytes of the original.
    pub(super) reports: Vec<(usize, String)>,
}

/// Tags that decide what is shown: they are no frames around a text.
const LOGIC: [&str; 12] =
    ["if", "unless", "case", "elsif", "when", "render", "layout", "extends", "block", "macro", "import", "from"];

/// How deep loops may nest, how often their bodies may run, and how long a text may grow beside its original.
const MAX_DEPTH: usize = 8;
const MAX_ROUNDS: usize = 10_000;
const MAX_GROWTH: usize = 1 << 20;

/// Carries out the templates in `text`; `page` holds the scalars of its front matter.
pub(super) fn expand<'a>(text: &'a str, page: &[(String, String)]) -> Expanded<'a> {
    if !["{%", "{{", "{:", "{#"].iter().any(|open| text.contains(open)) {
        return Expanded { text: Cow::Borrowed(text), lacks_include: false, reports: Vec::new() };
    }
    let marks = scan::marks(text);
    let mut expander = Expander {
        text,
        marks: &marks,
        variables: Variables { page: page.to_vec(), ..Variables::default() },
        out: String::with_capacity(text.len()),
        rounds: 0,
        lacks_include: false,
        reports: Vec::new(),
    };
    expander.run(0..marks.len(), 0, text.len(), 0);
    Expanded { text: Cow::Owned(expander.out), lacks_include: expander.lacks_include, reports: expander.reports }
}

struct Expander<'a, 'm> {
    text: &'a str,
    marks: &'m [Mark<'a>],
    variables: Variables,
    out: String,
    /// How often the bodies of loops have run.
    rounds: usize,
    lacks_include: bool,
    reports: Vec<(usize, String)>,
}

impl Expander<'_, '_> {
    /// Expands the text from byte `from` to byte `to`, in which the marks of `range` stand.
    fn run(&mut self, range: std::ops::Range<usize>, from: usize, to: usize, depth: usize) {
        let mut at = from;
        let mut index = range.start;
        while index < range.end {
            let mark = &self.marks[index];
            index += 1;
            if mark.range.start < at {
                continue;
            }
            self.out.push_str(&self.text[at..mark.range.start]);
            at = mark.range.end;
            match mark.kind {
                Kind::Output => self.output(index - 1),
                Kind::Attributes => at = self.attributes(index - 1),
                Kind::Comment => {}
                Kind::Shortcode | Kind::Tag => {
                    let next = match mark.kind {
                        Kind::Tag => self.tag(index - 1, range.end, depth),
                        _ => self.shortcode(index - 1, range.end, depth),
                    };
                    if let Some(next) = next {
                        at = self.marks[next].range.end;
                        index = next + 1;
                    }
                }
            }
        }
        if at < to {
            self.out.push_str(&self.text[at..to]);
        }
    }

    fn report(&mut self, index: usize) {
        let mark = &self.marks[index];
        let source = &self.text[mark.range.clone()];
        let message = match mark.kind {
            Kind::Tag | Kind::Shortcode => {
                let open = if mark.kind == Kind::Tag { "{%" } else { "{{<" };
                let target = arguments::read(mark.arguments()).into_iter().next();
                match target.filter(|_| mark.name().starts_with("include")) {
                    Some(target) => format!("`{open} {} {} …` is not expanded", mark.name(), target.value),
                    None => format!("`{open} {} …` is not expanded", mark.name()),
                }
            }
            _ => format!("`{}` is not known here", crate::collect::plain::one_line(source)),
        };
        self.note(index, message);
    }

    /// Says something once.
    fn note(&mut self, index: usize, message: String) {
        if !self.reports.iter().any(|(_, earlier)| *earlier == message) {
            self.reports.push((self.marks[index].range.start, message));
        }
    }

    fn output(&mut self, index: usize) {
        let mark = &self.marks[index];
        match evaluate(mark.inside, &self.variables) {
            Outcome::Value(value) => self.out.push_str(&value.into_text()),
            Outcome::UnknownFilter(value, name) => {
                self.out.push_str(&value.into_text());
                self.note(index, format!("filter `{name}` is not known here"));
            }
            Outcome::Unknown(_) => {
                // An address with a hole in it leads nowhere: the sanitiser drops this scheme and keeps the text.
                if self.out.ends_with(['(', '"', '\'', '<']) || self.out.ends_with("]: ") {
                    self.out.push_str("unresolved:");
                }
                self.report(index);
            }
            Outcome::NotAnExpression if mark.inside.starts_with("/*") => {}
            Outcome::NotAnExpression => {
                let arguments = arguments::read(mark.arguments());
                let is_call = mark.arguments().starts_with('(');
                match figure::markup(&arguments, self.stands_alone(index)).filter(|_| is_call) {
                    Some(markup) => self.out.push_str(&markup),
                    None if is_call => self.call(index, &arguments),
                    None => self.out.push_str(&self.text[mark.range.clone()]),
                }
            }
        }
    }

    /// A shortcode or function that shows no picture: a player's link, or a report.
    fn call(&mut self, index: usize, arguments: &[Argument]) {
        match player::link(self.marks[index].name(), arguments) {
            Some(link) => self.out.push_str(&link),
            None => self.report(index),
        }
    }

    /// Whether nothing else stands on the mark's line.
    fn stands_alone(&self, index: usize) -> bool {
        let range = &self.marks[index].range;
        let before = self.text[..range.start].rsplit('\n').next().unwrap_or_default();
        let after = self.text[range.end..].split('\n').next().unwrap_or_default();
        before.trim().is_empty() && after.trim().is_empty()
    }

    /// kramdown's `{:#id}` keeps its id as an anchor; everything else in such a list is looks. Returns where the text
    /// goes on: a line of nothing else goes whole.
    fn attributes(&mut self, index: usize) -> usize {
        let mark = &self.marks[index];
        let id = mark.inside.split_whitespace().find_map(|word| word.trim_start_matches(':').strip_prefix('#'));
        if let Some(id) = id.filter(|id| id.chars().all(|c| c.is_alphanumeric() || "-_:.".contains(c))) {
            self.out.extend(["<a id=\"", id, "\"></a>"]);
            return mark.range.end;
        }
        let end = mark.range.end;
        if self.stands_alone(index) {
            let line = self.out.rfind('\n').map_or(0, |at| at + 1);
            self.out.truncate(line);
            if mark.inside == "toc" {
                // The item above it gives way to a list of contents, which is the business of templates.
                let above = self.out.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
                if self.out[above..].starts_with(['*', '-', '+', '1']) {
                    self.out.truncate(above);
                }
            }
            return self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1);
        }
        end
    }

    /// Carries out a shortcode of Hugo's. Returns the mark after which the text goes on, when that is not this one.
    fn shortcode(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let mark = &self.marks[index];
        if let Some(shown) = mark.inside.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/")) {
            // A shortcode that is shown, not carried out.
            let source = &self.text[mark.range.clone()];
            self.out.extend([&source[..3], " ", shown.trim(), " ", &source[source.len() - 3..]]);
            return None;
        }
        let name = mark.name();
        let arguments = arguments::read(mark.arguments());
        match name.to_ascii_lowercase().as_str() {
            _ if name.starts_with('/') => {}
            "ref" | "relref" | "link" => self.address_of(&arguments),
            "param" => self.parameter(index, &arguments),
            "toc" | "icon" | "clear" => {}
            "br" => self.out.push_str("<br>"),
            lower => {
                let closing = self.closing(index, end, &format!("/{name}"));
                match closing {
                    Some(close) if lower == "highlight" => self.code(index, close),
                    Some(close) => self.framed(index, close, &arguments, depth),
                    None => self.lone(index, &arguments),
                }
                return closing;
            }
        }
        None
    }

    /// A shortcode without text of its own: a picture, a link or a report.
    fn lone(&mut self, index: usize, arguments: &[Argument]) {
        let name = self.marks[index].name();
        match figure::markup(arguments, self.stands_alone(index)) {
            Some(markup) => self.out.push_str(&markup),
            // The opening mark of a note whose end is missing: its text stays.
            None if frame::note_class(name).is_some() || matches!(name, "def" | "details" | "highlight") => {}
            None => self.call(index, arguments),
        }
    }

    /// A shortcode around text: what it says about the text, and the text.
    fn framed(&mut self, index: usize, close: usize, arguments: &[Argument], depth: usize) {
        let name = self.marks[index].name();
        let (from, to) = (self.marks[index].range.end, self.marks[close].range.start);
        let block = self.stands_alone(index);
        let shown = figure::markup(arguments, block);
        let is_empty = self.text[from..to].trim().is_empty();
        if let Some(markup) = shown.or_else(|| player::link(name, arguments).filter(|_| is_empty)) {
            self.out.push_str(&markup);
        }
        let frame = frame::of(name, arguments, block);
        self.out.push_str(&frame.before);
        if depth < MAX_DEPTH {
            self.run(index + 1..close, from, to, depth + 1);
        } else {
            self.out.push_str(&self.text[from..to]);
        }
        self.out.push_str(&frame.after);
    }

    /// A value of the front matter.
    fn parameter(&mut self, index: usize, arguments: &[Argument]) {
        let name = arguments.first().map_or("", |argument| &argument.value);
        match evaluate(&format!("page.{name}"), &self.variables) {
            Outcome::Value(value) => self.out.push_str(&value.into_text()),
            _ => self.report(index),
        }
    }

    /// A reference to another file of the source, as Zola writes it; the link resolver knows it.
    fn address_of(&mut self, arguments: &[Argument]) {
        let path = arguments::named(arguments, &["path"]).or_else(|| arguments.first().map(|first| &*first.value));
        match path {
            Some(path) if path.starts_with('#') => self.out.push_str(path),
            Some(path) => self.out.extend(["@/", path.trim_start_matches('/')]),
            None => {}
        }
    }

    /// Carries out a tag. Returns the mark after which the text goes on, when that is not this one.
    fn tag(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let mark = &self.marks[index];
        let arguments = mark.arguments();
        match mark.name() {
            "assign" | "set" => self.assign(arguments),
            "comment" => return self.closing(index, end, "endcomment"),
            "raw" => {
                let close = self.closing(index, end, "endraw")?;
                let (from, to) = (self.marks[index].range.end, self.marks[close].range.start);
                self.out.push_str(&self.text[from..to]);
                return Some(close);
            }
            "highlight" => return self.highlight(index, end),
            "capture" => return self.capture(index, end, depth),
            "for" => return self.repeat(index, end, depth),
            "link" | "post_url" => {
                let read = arguments::read(arguments);
                self.address_of(&read);
            }
            "endraw" | "endcomment" | "endif" | "endunless" | "endcase" | "end" | "toc" | "else" | "endfor"
            | "break" => {}
            name if name.starts_with("end") || name.starts_with('/') => {}
            name => return self.other_tag(index, name, end, depth),
        }
        None
    }

    /// A tag that a site has made for itself.
    fn other_tag(&mut self, index: usize, name: &str, end: usize, depth: usize) -> Option<usize> {
        let mut arguments = arguments::read(self.marks[index].arguments());
        for argument in arguments.iter_mut().filter(|argument| !argument.quoted) {
            if let Outcome::Value(value) = evaluate(&argument.value, &self.variables) {
                argument.value = value.into_text();
            }
        }
        if let Some(close) = self.end_of(index, name, end) {
            self.framed(index, close, &arguments, depth);
            return Some(close);
        }
        if let Some(markup) = figure::markup(&arguments, self.stands_alone(index)) {
            self.out.push_str(&markup);
            return None;
        }
        self.lacks_include |= name.starts_with("include");
        self.call(index, &arguments);
        // Whole sentences handed to a template are text of the post.
        for text in arguments.iter().filter(|a| a.quoted && a.value.split_whitespace().count() > 5) {
            self.out.extend(["\n\n", text.value.trim(), "\n\n"]);
        }
        None
    }

    /// The mark that ends a tag around a text, when it is such a tag: `endnote`, Markdoc's `/note`, Zola's `end` of a tag
    /// that is written like a call.
    fn end_of(&self, index: usize, name: &str, end: usize) -> Option<usize> {
        if LOGIC.contains(&name) || name.starts_with("include") {
            return None;
        }
        let own = self.closing(index, end, &format!("end{name}"));
        let own = own.or_else(|| self.closing(index, end, &format!("/{name}")));
        let is_call = |mark: &Mark<'_>| mark.kind == Kind::Tag && mark.arguments().starts_with('(');
        if own.is_some() || !is_call(&self.marks[index]) {
            return own;
        }
        let mut depth = 0_usize;
        for (at, mark) in self.marks[..end].iter().enumerate().skip(index + 1) {
            if mark.kind == Kind::Tag && mark.name() == "end" {
                if depth == 0 {
                    return Some(at);
                }
                depth -= 1;
            } else if is_call(mark) {
                depth += 1;
            }
        }
        None
    }

    fn assign(&mut self, text: &str) {
        let Some((name, source)) = text.split_once('=') else { return };
        if let Outcome::Value(value) | Outcome::UnknownFilter(value, _) = evaluate(source.trim(), &self.variables) {
            self.variables.own.insert(name.trim().to_owned(), value);
        }
    }

    /// The mark that closes the one at `index`.
    fn closing(&self, index: usize, end: usize, name: &str) -> Option<usize> {
        let (opens, kind) = (self.marks[index].name(), self.marks[index].kind);
        let mut depth = 0_usize;
        for (at, mark) in self.marks[..end].iter().enumerate().skip(index + 1).filter(|(_, mark)| mark.kind == kind) {
            // Hugo takes a space in `{{< / name >}}`.
            let is_end =
                mark.name() == name || (mark.name() == "/" && name.strip_prefix('/') == Some(mark.arguments()));
            if is_end {
                if depth == 0 {
                    return Some(at);
                }
                depth -= 1;
            } else if mark.name() == opens && name != "endraw" {
                depth += 1;
            }
        }
        None
    }

    fn highlight(&mut self, index: usize, end: usize) -> Option<usize> {
        let close = self.closing(index, end, "endhighlight")?;
        self.code(index, close);
        Some(close)
    }

    /// The text between two marks as a block of code in the language that the first argument names.
    fn code(&mut self, index: usize, close: usize) {
        let arguments = arguments::read(self.marks[index].arguments());
        let language = arguments::named(&arguments, &["lang", "language"])
            .or_else(|| arguments::positional(&arguments).next())
            .filter(|language| language.chars().all(|c| c.is_alphanumeric() || "-_+#.".contains(c)))
            .unwrap_or_default();
        let code = &self.text[self.marks[index].range.end..self.marks[close].range.start];
        let code = code.replace("{% raw %}", "").replace("{% endraw %}", "");
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest.max(3) + 1);
        self.out.extend(["\n", &fence, language, "\n", code.trim_matches('\n'), "\n", &fence, "\n"]);
    }

    fn capture(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let close = self.closing(index, end, "endcapture")?;
        let name = self.marks[index].arguments().trim_matches(['"', '\'']).to_owned();
        let start = self.out.len();
        if depth < MAX_DEPTH {
            self.run(index + 1..close, self.marks[index].range.end, self.marks[close].range.start, depth + 1);
        }
        let captured = self.out.split_off(start);
        self.variables.own.insert(name, Value::Text(captured));
        Some(close)
    }

    /// `{% for x in list %}`: once for each item; not at all when the list is not known.
    fn repeat(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let close = self.closing(index, end, "endfor")?;
        let mut words = self.marks[index].arguments().splitn(3, char::is_whitespace);
        let (name, _, list) = (words.next()?.to_owned(), words.next()?, words.next().unwrap_or_default());
        let Outcome::Value(Value::List(items)) = evaluate(list.trim(), &self.variables) else {
            self.report(index);
            return Some(close);
        };
        let (from, to) = (self.marks[index].range.end, self.marks[close].range.start);
        for item in items {
            self.rounds += 1;
            if depth >= MAX_DEPTH || self.rounds > MAX_ROUNDS || self.out.len() > self.text.len() + MAX_GROWTH {
                self.report(index);
                break;
            }
            self.variables.own.insert(name.clone(), Value::Text(item));
            self.run(index + 1..close, from, to, depth + 1);
        }
        self.variables.own.remove(&name);
        Some(close)
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn text(source: &str) -> String {
        expand(source, &[("excerpt".into(), "Short.".into())]).text.into_owned()
    }

    #[test]
    fn what_carries_text_is_carried_out() {
        for (source, expected) in [
            ("{{page.excerpt}} [a]({{ site.url }}/a)", "Short. [a](/a)"),
            (
                "{% assign n = \"1|2\" | split: \"|\" %}{% for i in n %}[#{{ i }}]: /{{ i }}\n{% endfor %}",
                "[#1]: /1\n[#2]: /2\n",
            ),
            ("a {% comment %}gone{% endcomment %}b", "a b"),
            ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
            ("`{% include x %}`", "`{% include x %}`"),
            ("`{% raw %}{{ x }}{% endraw %}`", "`{{ x }}`"),
            ("- item\n  {:.wide}\n- two", "- item\n- two"),
            ("[x](y){:target=\"_blank\"} z", "[x](y) z"),
            ("println!(\"{:?}\")", "println!(\"{:?}\")"),
            ("[b]({{bse}}12)", "[b](unresolved:12)"),
            ("[v3]({% link _posts/2017-01-18-a.markdown %})", "[v3](@/_posts/2017-01-18-a.markdown)"),
            (
                "{{< youtube abc >}}",
                "<a href=\"https://www.youtube.com/watch?v=abc\">https://www.youtube.com/watch?v=abc</a>",
            ),
            ("{{% def id=\"x\" name=\"Type\" %}} kept {{% /def %}}", "<strong>Type</strong>  kept "),
            ("{{</* figure src=\"a\" */>}}{{/* gone */}}{# gone #}.", "{{< figure src=\"a\" >}}."),
            ("`{{</* ref */>}}`", "`{{< ref >}}`"),
            ("{{< highlight go \"linenos=table\" >}}\nx := 1\n{{< / highlight >}}", "\n````go\nx := 1\n````\n"),
            (
                "{% quote(author=\"The setters\") %}\nInk.\n{% end %}",
                "\n<blockquote>\n\n\nInk.\n\n\n<p>\u{2014} The setters</p>\n</blockquote>\n\n",
            ),
            (
                "{% callout type=\"warning\" %}\nHot.\n{% /callout %}",
                "\n<div class=\"warning\">\n\n\nHot.\n\n\n</div>\n\n",
            ),
            ("{% aside %}\nHot.\n{% endaside %}", "\n<div class=\"note\">\n\n\nHot.\n\n\n</div>\n\n"),
            ("* TOC\n{:toc}\nText", "Text"),
            ("[a]({{< relref \"b.md#c\" >}}) [d]({{< ref path=\"#e\" >}})", "[a](@/b.md#c) [d](#e)"),
            ("{{< param excerpt >}}", "Short."),
            ("{{< button href=\"/a\" >}}Go{{< /button >}}", "<a href=\"/a\">Go</a>"),
            ("{{% def id=\"x\" %}} kept {{% /def %}}", " kept "),
            (
                "{% include \"linked-figure.html\",\n image: \"/a.jpg\",\n alt: \"A\", caption: \"C\" %}",
                "<figure><img src=\"/a.jpg\" alt=\"A\"><figcaption>C</figcaption></figure>\n",
            ),
            ("{% highlight ruby %}\nputs\n{% endhighlight %}", "\n````ruby\nputs\n````\n"),
        ] {
            assert_eq!(text(source), expected, "{source}");
        }
    }

    #[test]
    fn the_rest_is_reported_once() {
        let expanded = expand("a {% include references.md %} b {% include references.md %} {{< plotly >}}", &[]);
        assert_eq!(expanded.text, "a  b  ");
        assert!(expanded.lacks_include);
        assert_eq!(
            expanded.reports,
            [
                (2, "`{% include references.md …` is not expanded".to_owned()),
                (60, "`{{< plotly …` is not expanded".to_owned())
            ]
        );
    }

    #[test]
    fn loops_cannot_run_away() {
        let mut source = "{% assign n = \"1,2,3,4,5,6,7,8,9,0\" | split: \",\" %}".to_owned();
        source += &"{% for i in n %}".repeat(12);
        source += "xxxxxxxxxxxxxxxx";
        source += &"{% endfor %}".repeat(12);
        assert!(text(&source).len() < 4 << 20);
    }
}
