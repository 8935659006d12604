//! Shortcodes and tags around code: what stands in them is no Markdown.

use super::arguments::{self, Argument, named, positional};
use super::expander::Expander;
use super::figure::inline;
use super::frame::Standing;
use crate::model::escaped;

/// Names of what stands around code.
const NAMES: [&str; 9] =
    ["highlight", "code", "codeblock", "code-block", "sourcecode", "prism", "terminal", "console", "mermaid"];

/// Whether what stands in a tag, a shortcode or a component of this name is code.
pub(in crate::collect) fn is_code(name: &str, arguments: &[Argument]) -> bool {
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) || named(arguments, &["codelang"]).is_some()
}

/// A block of code, in the language that the arguments name, with its title before it.
pub(in crate::collect) fn block(name: &str, arguments: &[Argument], code: &str) -> String {
    let is_language =
        |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_+#.".contains(c));
    let language = named(arguments, &["lang", "language", "codelang"])
        .or_else(|| positional(arguments).next().filter(|_| matches!(name, "highlight" | "code" | "prism")))
        .filter(is_language)
        .unwrap_or(if name == "mermaid" { name } else { "" });
    let title = named(arguments, &["title", "caption", "file", "filename", "name"]).map(inline).unwrap_or_default();
    let title = match named(arguments, &["href"]) {
        _ if title.is_empty() => title,
        Some(href) => format!("\n<p><strong><a href=\"{}\">{title}</a></strong></p>\n", escaped(href)),
        None => format!("\n<p><strong>{title}</strong></p>\n"),
    };
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(3) + 1);
    [&title, "\n", &fence, language, "\n", code.trim_matches('\n'), "\n", &fence, "\n"].concat()
}

/// `Title lang:rb https://address Words of the link`, as Octopress has it.
fn titled(text: &str) -> Vec<Argument> {
    let is_option =
        |word: &&str| word.split_once(':').is_some_and(|(key, value)| !key.is_empty() && !value.starts_with("//"));
    let is_address = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_option(word)).collect();
    let title = words.iter().filter(|word| !is_address(word)).copied().collect::<Vec<_>>().join(" ");
    let given =
        |name: &str, value: &str| Argument { name: Some(name.to_owned()), value: value.to_owned(), quoted: true };
    let href = words.iter().copied().find(|word| is_address(word));
    let lang = text.split_whitespace().find_map(|word| word.strip_prefix("lang:"));
    let title = if title.is_empty() { href.unwrap_or_default() } else { &title };
    let title = Some(title).filter(|title| !title.is_empty());
    [("title", title), ("href", href), ("lang", lang)]
        .into_iter()
        .filter_map(|(name, value)| Some(given(name, value?)))
        .collect()
}

impl Expander<'_, '_> {
    /// The text between two marks as code: a block, or words in a line.
    pub(super) fn code(&mut self, index: usize, close: usize) {
        let mark = &self.marks[index];
        let name = mark.name().to_ascii_lowercase();
        let text = mark.arguments();
        let arguments =
            if name == "codeblock" && !text.contains(['"', '=']) { titled(text) } else { arguments::read(text) };
        let code = &self.text[self.between(index, close)];
        let code = code.replace("{% raw %}", "").replace("{% endraw %}", "");
        if self.standing(index, close) == Standing::InLine && !code.contains('\n') {
            self.state.out.extend(["<code>", &escaped(code.trim()), "</code>"]);
        } else {
            self.state.out.push_str(&block(&name, &arguments, &code));
        }
    }
}
