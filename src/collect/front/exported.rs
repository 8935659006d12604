//! What MDX exports of itself, where other programs have front matter: `export const metadata = { title: 'Ink' }` (Next.js,
//! Docusaurus, Nextra). Nothing is run: plain values are read, and what is none ends the reading.

use super::value::{Entry, Node, Value};
use crate::collect::mdx;
use crate::error::line_and_column;

/// Names under which posts say what they are.
const NAMES: [&str; 4] = ["metadata", "meta", "frontmatter", "frontMatter"];

/// Nesting beyond which nobody writes such.
const MOST_NESTED: usize = 16;

/// What was read, and where something stands that is no plain value.
#[derive(Debug, Default)]
pub(super) struct Exported {
    pub(super) entries: Vec<Entry>,
    /// In bytes of the file's text.
    pub(super) ends_at: Option<usize>,
}

/// Reads what the program text says with which the body begins, at `from` of a file's `text`.
pub(super) fn read(text: &str, from: usize) -> Exported {
    let body = &text[from..];
    for module in mdx::modules(body) {
        let statement = &body[module.clone()];
        let Some(rest) = statement.strip_prefix("export const ") else { continue };
        let Some((name, value)) = rest.split_once('=') else { continue };
        let bare = name.split(':').next().unwrap_or_default().trim();
        if !NAMES.contains(&bare) || !value.trim_start().starts_with('{') {
            continue;
        }
        let end = from + module.end;
        let at = end - value.trim_start().len();
        let mut reader = Reader { text: &text[..end], at };
        let mut entries = Vec::new();
        let is_whole = reader.object(&mut entries, 0).is_some();
        return Exported { entries, ends_at: (!is_whole).then_some(reader.at) };
    }
    Exported::default()
}

/// Reads literals of JavaScript. `None` where something else begins, at which it stays.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Passes over white space and comments.
    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let comment = if trimmed.starts_with("//") {
                trimmed.find('\n')
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map(|end| end + 2)
            } else {
                None
            };
            self.at += rest.len() - trimmed.len() + comment.unwrap_or(0);
            if comment.is_none() {
                return;
            }
        }
    }

    fn takes(&mut self, sign: char) -> bool {
        self.blank();
        let takes = self.rest().starts_with(sign);
        self.at += if takes { sign.len_utf8() } else { 0 };
        takes
    }

    /// The keys and values between braces, as far as they are plain.
    fn object(&mut self, entries: &mut Vec<Entry>, depth: usize) -> Option<()> {
        if depth > MOST_NESTED || !self.takes('{') {
            return None;
        }
        while !self.takes('}') {
            self.blank();
            let at = self.at;
            let key = self.key()?;
            if !self.takes(':') {
                self.at = at;
                return None;
            }
            self.blank();
            let node = self.value(depth)?;
            let (line, column) = line_and_column(self.text, at);
            entries.push(Entry { key, line, column, node });
            if !self.takes(',') && !self.rest().starts_with('}') {
                return None;
            }
        }
        Some(())
    }

    fn key(&mut self) -> Option<String> {
        if self.rest().starts_with(['"', '\'']) {
            return self.string();
        }
        let end = self.rest().find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$'))?;
        let key = self.rest()[..end].to_owned();
        self.at += end;
        (!key.is_empty()).then_some(key)
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        let (line, column) = line_and_column(self.text, self.at);
        let value = match self.rest().chars().next()? {
            '{' => {
                let mut entries = Vec::new();
                self.object(&mut entries, depth + 1)?;
                Value::Map(entries)
            }
            '[' if depth < MOST_NESTED => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.takes(']') {
                    self.blank();
                    items.push(self.value(depth + 1)?);
                    if !self.takes(',') && !self.rest().starts_with(']') {
                        return None;
                    }
                }
                Value::List(items)
            }
            '"' | '\'' | '`' => Value::Text(self.string()?),
            _ => self.word()?,
        };
        Some(Node { line, column, value })
    }

    /// A number, `true`, `false` or nothing, and nothing behind it but what ends a value.
    fn word(&mut self) -> Option<Value> {
        let end = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_'))?;
        let word = &self.rest()[..end];
        let value = match word {
            "null" | "undefined" => Value::Null,
            "true" | "false" => Value::Text(word.to_owned()),
            number if number.parse::<f64>().is_ok() => Value::Text(number.to_owned()),
            _ => return None,
        };
        let is_end = self.rest()[end..].trim_start().starts_with([',', '}', ']', '/']);
        self.at += if is_end { end } else { 0 };
        is_end.then_some(value)
    }

    /// A string in any of the three quotation marks, without anything put into it.
    fn string(&mut self) -> Option<String> {
        let mut characters = self.rest().char_indices();
        let (_, quote) = characters.next()?;
        let mut out = String::new();
        while let Some((at, c)) = characters.next() {
            match c {
                c if c == quote => {
                    self.at += at + c.len_utf8();
                    return Some(out);
                }
                '\\' => match characters.next()?.1 {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    '\n' => {}
                    'u' | 'x' => return None,
                    c => out.push(c),
                },
                '\n' if quote != '`' => return None,
                '$' if quote == '`' && self.rest()[at..].starts_with("${") => return None,
                c => out.push(c),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Front, parse};

    fn front(file: &str, text: &str) -> (Front, Vec<String>) {
        let mut warnings = Vec::new();
        let front = parse(text, &[], false, Path::new(file), &mut warnings).front;
        (front, warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_a_post_exports_is_front_matter() {
        let text = "import A from './a'\n\nexport const metadata = {\n  title: 'On Ann\\'s ink', // first\n  \"date\": \"2026-07-03\",\n  \
                    tags: ['a', `b`,],\n  draft: false,\n  more: { x: [1, null] },\n};\n\n# Heading\n\nText\n";
        let (found, warnings) = front("a.mdx", text);
        assert_eq!(warnings, Vec::<String>::new());
        assert_eq!((found.title.as_deref(), found.date.is_some()), (Some("On Ann's ink"), true));
        assert_eq!((found.tags.join("|"), found.held_back), ("a|b".to_owned(), None));
        let typed = "export const meta: Meta = { title: 'T' }\n\nText\n";
        assert_eq!(front("a.mdx", typed).0.title.as_deref(), Some("T"));
        let own = front("a.mdx", &format!("---\ntitle: Own\n---\n{typed}")).0.title;
        assert_eq!(own.as_deref(), Some("Own"));
        assert_eq!(front("a.md", "export const other = { title: 'T' }\n").0.title, None);
    }

    #[test]
    fn what_is_a_program_is_told() {
        let (found, warnings) =
            front("a.mdx", "export const meta = {\n  title: 'T',\n  date: today(),\n  slug: 'x'\n}\n\nText\n");
        assert_eq!((found.title.as_deref(), found.slug), (Some("T"), None));
        assert_eq!(warnings.len(), 1);
        assert!(
            warnings[0].starts_with("a.mdx:3:9: what the post exports of itself is no plain value here"),
            "{warnings:?}"
        );
        assert_eq!(front("a.mdx", "export const meta = { title: `${x}` }\n").0.title, None);
    }
}
