//! MDX: Markdown with components of React's kind in it.
//!
//! Nothing is run. Program text goes, what a component says about the text in it is said in HTML, pictures and players
//! are shown as those of shortcodes are, and the rest is reported.

use std::borrow::Cow;

use super::liquid::{Argument, Expanded, Frame, figure, frame, player};

/// Carries out what can be of the components in `text`; `page` holds the scalars of its front matter.
pub(super) fn expand<'a>(text: &'a str, page: &[(String, String)]) -> Expanded<'a> {
    let out = String::with_capacity(text.len());
    let mut reader =
        Reader { text, page, at: 0, out, open: Vec::new(), reports: Vec::new(), budget: text.len() * 8 + LONGEST };
    let mut fence: Option<&str> = None;
    while reader.at < text.len() {
        let line = reader.line();
        let trimmed = line.trim();
        if let Some(open) = fence {
            if trimmed.starts_with(open) && trimmed.trim_start_matches(&open[..1]).is_empty() {
                fence = None;
            }
            reader.copy_line(line);
        } else if let Some(opening) = opening_fence(trimmed) {
            fence = Some(opening);
            reader.copy_line(line);
        } else if is_module(line) {
            reader.skip_module();
        } else {
            reader.prose();
        }
    }
    while let Some(element) = reader.open.pop() {
        reader.out.push_str(&element.frame.after);
    }
    Expanded { text: Cow::Owned(reader.out), lacks_include: false, reports: reader.reports }
}

/// The run of signs that opens a block of code.
fn opening_fence(line: &str) -> Option<&str> {
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(sign).len();
    (length >= 3 && !line[length..].contains('`')).then(|| &line[..length])
}

/// Whether an `import` or `export` begins on this line.
fn is_module(line: &str) -> bool {
    let import = line.starts_with("import ") && line.contains(['\'', '"', '{']);
    let words = ["const ", "let ", "var ", "default ", "function ", "async ", "class ", "{", "*"];
    import || line.strip_prefix("export ").is_some_and(|rest| words.iter().any(|word| rest.starts_with(word)))
}

/// A component whose end is still to come.
struct Open<'a> {
    name: &'a str,
    frame: Frame,
    /// The indentation of the first line in it.
    indentation: Option<usize>,
}

struct Reader<'a, 'p> {
    text: &'a str,
    page: &'p [(String, String)],
    at: usize,
    out: String,
    open: Vec<Open<'a>>,
    reports: Vec<(usize, String)>,
    /// How many bytes may still be looked at in vain, so that many openings without an end cost no more than their length.
    budget: usize,
}

impl<'a> Reader<'a, '_> {
    /// The rest of the line, with its end.
    fn line(&self) -> &'a str {
        let rest = &self.text[self.at..];
        &rest[..rest.find('\n').map_or(rest.len(), |at| at + 1)]
    }

    fn copy_line(&mut self, line: &'a str) {
        let line_start = self.at;
        self.dedent(line);
        self.out.push_str(&self.text[self.at..line_start + line.len()]);
        self.at = line_start + line.len();
    }

    /// Passes over as much white space as the innermost component is indented by: MDX has no indented code.
    fn dedent(&mut self, line: &str) {
        let spaces = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line.trim().is_empty() {
            return;
        }
        if let Some(open) = self.open.last_mut() {
            self.at += spaces.min(*open.indentation.get_or_insert(spaces));
        }
    }

    /// Passes over program text, to the first empty line outside of its brackets.
    fn skip_module(&mut self) {
        let mut depth = 0_i32;
        loop {
            let line = self.line();
            if line.is_empty() || (depth <= 0 && line.trim().is_empty()) {
                return;
            }
            let count = |signs: &[char]| line.matches(signs).count() as i32;
            depth += count(&['{', '(', '[']) - count(&['}', ')', ']']);
            self.at += line.len();
        }
    }

    /// Reads a line of text; a component or an expression that begins on it may reach beyond.
    fn prose(&mut self) {
        let line = self.line();
        self.dedent(line);
        while let Some(c) = self.text[self.at..].chars().next() {
            let rest = &self.text[self.at..];
            match c {
                '\n' => {
                    self.out.push('\n');
                    self.at += 1;
                    return;
                }
                '\\' => self.copy(rest.chars().take(2).map(char::len_utf8).sum()),
                '`' => self.copy(code_length(rest)),
                '{' if !rest.starts_with("{#") => self.expression(),
                '<' => self.tag(),
                c => self.copy(c.len_utf8()),
            }
        }
    }

    fn copy(&mut self, length: usize) {
        self.out.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
    }

    /// The text in which a tag or an expression must end.
    fn window(&self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let end = (0..=LONGEST.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end))?;
        (self.budget > 0).then(|| &rest[..end])
    }

    /// Copies a sign that opens nothing.
    fn in_vain(&mut self) {
        self.budget = self.budget.saturating_sub(LONGEST.min(self.text.len() - self.at));
        self.copy(1);
    }

    fn report(&mut self, message: String) {
        if !self.reports.iter().any(|(_, earlier)| *earlier == message) {
            self.reports.push((self.at, message));
        }
    }

    /// `{…}`: a comment, a string, a value of the front matter, or something that only a program knows.
    fn expression(&mut self) {
        let rest = &self.text[self.at..];
        let Some(length) = self.window().and_then(braced) else { return self.in_vain() };
        let rest = &rest[..length];
        let inside = rest[1..length - 1].trim();
        let value = |key: &str| self.page.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        if let Some(comment) = inside.strip_prefix("/*").and_then(|inside| inside.strip_suffix("*/")) {
            if !comment.contains("--") && !comment.contains('>') {
                self.out.extend(["<!--", comment, "-->"]);
            }
        } else if let Some(text) = literal(inside) {
            self.out.push_str(text);
        } else if let Some(text) =
            inside.rsplit_once('.').filter(|(of, _)| of.ends_with("atter")).and_then(|(_, key)| value(key))
        {
            self.out.push_str(text);
        } else if inside.is_empty() || !inside.contains(|c: char| c.is_alphanumeric()) {
            return self.copy(length);
        } else {
            let shown: String = super::plain::one_line(inside).chars().take(40).collect();
            self.report(format!("`{{{shown}}}` is not known here"));
        }
        self.at += length;
    }

    /// `<…>`: a component, HTML, or a sign.
    fn tag(&mut self) {
        let Some(tag) = self.window().and_then(Tag::read) else { return self.in_vain() };
        if tag.name.is_empty() {
            // A fragment is nothing but its contents.
            self.at += tag.length;
        } else if !is_component(tag.name) {
            self.html(&tag);
        } else if tag.closes {
            self.at += tag.length;
            if let Some(index) = self.open.iter().rposition(|open| open.name == tag.name) {
                for open in self.open.split_off(index).into_iter().rev() {
                    self.out.push_str(&open.frame.after);
                }
            }
        } else {
            self.component(&tag);
        }
    }

    fn component(&mut self, tag: &Tag<'a>) {
        let arguments = tag.arguments();
        let line_start = self.out.rfind('\n').map_or(0, |at| at + 1);
        let block = self.out[line_start..].trim().is_empty();
        let name = tag.name.rsplit('.').next().unwrap_or(tag.name).to_ascii_lowercase();
        let name = name.strip_suffix("box").or_else(|| name.strip_suffix("block")).unwrap_or(&name);
        let shown = figure::markup(&arguments, block);
        if tag.ends_itself || matches!(name, "img" | "image") {
            match shown.or_else(|| player::link(name, &arguments)) {
                Some(markup) => self.out.push_str(&markup),
                None => self.report(format!("`<{} …>` is not expanded", tag.name)),
            }
        } else {
            self.out.extend(shown);
            let frame = frame::of(name, &arguments, block);
            self.out.push_str(&frame.before);
            self.open.push(Open { name: tag.name, frame, indentation: None });
        }
        self.at += tag.length;
        if block && self.line().trim().is_empty() {
            self.out.push('\n');
        }
    }

    /// HTML as JSX writes it: values in braces become values in quotes where they are strings.
    fn html(&mut self, tag: &Tag<'a>) {
        let source = &self.text[self.at..self.at + tag.length];
        if !source.contains('{') {
            return self.copy(tag.length);
        }
        self.out.extend(["<", tag.name]);
        for Argument { name, value, .. } in tag.arguments() {
            let name = name.unwrap_or_default();
            let name = if name == "className" { "class" } else { &name };
            self.out.extend([" ", name, "=\"", &super::sanitise::escaped(&value), "\""]);
        }
        self.out.push_str(if tag.ends_itself { "/>" } else { ">" });
        self.at += tag.length;
    }
}

fn is_component(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) || name.contains('.')
}

/// The length of a span of code, or of its opening signs when it has no end.
fn code_length(text: &str) -> usize {
    let run = text.len() - text.trim_start_matches('`').len();
    let mut at = run;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        if length == run {
            // No span goes on beyond a paragraph.
            return if text[..start].contains("\n\n") { run } else { start + run };
        }
        at = start + length;
    }
    run
}

/// The longest tag or expression that is looked for.
const LONGEST: usize = 20_000;

/// The length of `{…}` with the braces in it, strings passed over.
fn braced(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            // An apostrophe stands in prose, too.
            (None, '"' | '`') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') if depth == 1 => return Some(at + 1),
            (None, '}') => depth -= 1,
            // Whatever stands in a string, and what means nothing.
            _ => {}
        }
    }
    None
}

/// The text of a string, if nothing else stands beside it.
fn literal(text: &str) -> Option<&str> {
    ['"', '\'', '`'].into_iter().find_map(|quote| {
        let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inside.contains(quote) && !inside.contains("${")).then_some(inside)
    })
}

/// The one string in an expression: `require("./a.png").default`.
fn string_in(expression: &str) -> Option<&str> {
    let from = expression.find(['"', '\''])? + 1;
    let length = expression[from..].find(&expression[from - 1..from])?;
    Some(&expression[from..from + length])
}

/// A tag of JSX.
struct Tag<'a> {
    name: &'a str,
    closes: bool,
    ends_itself: bool,
    length: usize,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// Reads the tag with which `text` begins, when it is one.
    fn read(text: &'a str) -> Option<Self> {
        let inner = &text[1..];
        let (inner, closes) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
        let end =
            inner.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))).unwrap_or(inner.len());
        let name = &inner[..end];
        let is_name = name.is_empty() || name.starts_with(|c: char| c.is_ascii_alphabetic());
        let after = &inner[end..];
        if !is_name
            || !after.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
            || (name.is_empty() && !after.starts_with('>'))
        {
            return None;
        }
        let mut quote = None;
        let mut at = 0;
        while let Some(c) = after[at..].chars().next() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '{') => {
                    at += braced(&after[at..])?;
                    continue;
                }
                (None, '<') => return None,
                (None, '>') => {
                    let attributes = after[..at].trim();
                    let (attributes, ends_itself) =
                        attributes.strip_suffix('/').map_or((attributes, false), |rest| (rest, true));
                    let length = text.len() - after.len() + at + 1;
                    return Some(Self { name, closes, ends_itself, length, attributes });
                }
                _ => {}
            }
            at += c.len_utf8();
        }
        None
    }

    /// The attributes whose values are known.
    fn arguments(&self) -> Vec<Argument> {
        let mut arguments = Vec::new();
        let mut rest = self.attributes.trim_start();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '{')).unwrap_or(rest.len());
            let name = &rest[..end];
            rest = rest[end..].trim_start();
            let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
                // A spread or a name alone says nothing that is shown.
                rest = if rest.starts_with('{') { &rest[braced(rest).unwrap_or(rest.len())..] } else { rest };
                rest = rest.trim_start();
                continue;
            };
            let (value, left) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = &value[1..];
                    let end = inner.find(quote).unwrap_or(inner.len());
                    (Some(&inner[..end]), inner.get(end + 1..).unwrap_or_default())
                }
                Some('{') => {
                    let length = braced(value).unwrap_or(value.len());
                    (string_in(&value[..length]).filter(|_| !value.starts_with("{{")), &value[length..])
                }
                _ => {
                    let end = value.find(char::is_whitespace).unwrap_or(value.len());
                    (Some(&value[..end]), &value[end..])
                }
            };
            rest = left.trim_start();
            if let Some(value) = value.filter(|_| !name.is_empty()) {
                arguments.push(Argument { name: Some(name.to_owned()), value: value.to_owned(), quoted: true });
            }
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn text(source: &str) -> String {
        expand(source, &[("title".to_owned(), "A title".to_owned())]).text.into_owned()
    }

    #[test]
    fn components_are_what_they_stand_for() {
        for (source, expected) in [
            ("import A from './a'\nexport const b = {\n\n  c: 1,\n}\n\nText\n", "\nText\n"),
            ("# T {#id}\n{/* truncate */}\n", "# T {#id}\n<!-- truncate -->\n"),
            ("a{' '}b \\{c} `{d} <E/>` {frontMatter.title}", "a b \\{c} `{d} <E/>` A title"),
            ("```js\nconst a = <B c={d} />\n```\n", "```js\nconst a = <B c={d} />\n```\n"),
            (
                "<AlertBox level=\"warning\" title=\"Now\">\n    Take *care*.\n</AlertBox>\n",
                "\n<div class=\"warning\">\n\n<p><strong>Now</strong></p>\n\n\n\nTake *care*.\n\n\n</div>\n\n\n",
            ),
            (
                "<Image src={require('./a.png').default} alt='A' />",
                "<figure><img src=\"./a.png\" alt=\"A\"></figure>\n\n",
            ),
            ("<img src={useBaseUrl('/a.png')} style={{width: 3}} />", "<img src=\"/a.png\"/>"),
            ("See <Tabs><TabItem label=\"One\">x</TabItem></Tabs>, a < b", "See <strong>One</strong> x, a < b"),
            (
                "<YouTube id=\"abc\" />",
                "<a href=\"https://www.youtube.com/watch?v=abc\">https://www.youtube.com/watch?v=abc</a>\n",
            ),
            ("<>a</>", "a"),
        ] {
            assert_eq!(text(source), expected, "{source}");
        }
    }

    #[test]
    fn the_rest_is_reported() {
        let expanded = expand("a <Plot data={x} />\n{list.map(i => <b>{i}</b>)}\n", &[]);
        assert_eq!(expanded.text, "a \n\n");
        let reports: Vec<&str> = expanded.reports.iter().map(|(_, message)| message.as_str()).collect();
        assert_eq!(reports, ["`<Plot …>` is not expanded", "`{list.map(i => <b>{i}</b>)}` is not known here"]);
    }

    #[test]
    fn hostile_input_ends_soon() {
        for piece in ["{", "<A ", "<A>", "`", "{\"", "<A b={", "export {"] {
            text(&piece.repeat(100_000));
        }
    }
}
