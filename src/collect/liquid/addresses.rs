//! Links to other files of the source: `post_url`, `link`, `ref` and `relref`.

use super::arguments::{self, Argument};
use super::expander::Expander;
use crate::model::escaped;

/// What a reference to a file of the source begins with, as Zola writes it; the link resolver knows it.
pub(super) const MARK: &str = "@/";

impl Expander<'_, '_> {
    /// The address of the file that the arguments name.
    pub(super) fn address_of(&mut self, index: usize, arguments: &[Argument]) {
        let path = arguments::named(arguments, &["path"]).or_else(|| arguments.first().map(|first| &*first.value));
        match path {
            Some(path) if path.starts_with('#') => self.state.out.push_str(path),
            Some(path) => self.show_address(index, &[MARK, path.trim_start_matches('/')].concat()),
            None => {}
        }
    }

    /// Hexo's `{% post_link file words %}`: a link to that post, in quotes or not.
    pub(super) fn post_link(&mut self, index: usize) {
        let arguments = arguments::read(self.marks[index].arguments());
        let Some((file, rest)) = arguments.split_first() else { return };
        let reference = [MARK, file.value.trim_start_matches('/')].concat();
        let words = match rest.first() {
            Some(first) if first.quoted => first.value.clone(),
            // The last says whether marks in the words are escaped.
            _ => {
                let words = rest.iter().map(|word| &*word.value).filter(|word| !matches!(*word, "true" | "false"));
                words.collect::<Vec<_>>().join(" ")
            }
        };
        if words.trim().is_empty() {
            self.show_address(index, &reference);
        } else {
            self.state.out.extend(["<a href=\"", &escaped(&reference), "\">", &escaped(&words), "</a>"]);
        }
    }

    /// Hexo's `{% btn address, words, icon %}`: a link. Says whether it was one.
    pub(super) fn button(&mut self, index: usize) -> bool {
        let mut parts = self.marks[index].arguments().split(',').map(str::trim);
        let (Some(address), Some(words)) = (parts.next(), parts.next()) else { return false };
        let leads =
            address.starts_with(['/', '#', '.']) || address.starts_with("http://") || address.starts_with("https://");
        let is_one = leads && !address.contains(char::is_whitespace) && !words.is_empty();
        if is_one {
            self.state.out.extend(["<a href=\"", &escaped(address), "\">", &escaped(words), "</a>"]);
        }
        is_one
    }

    /// A reference where an address stands; elsewhere a link with the name of the file as its words, because a reference
    /// is nothing to read.
    pub(super) fn show_address(&mut self, index: usize, reference: &str) {
        let after = &self.text[self.marks[index].range.end..];
        let out = &mut self.state.out;
        let tail = out.rfind(|c: char| c.is_whitespace() || "(\"'<>=".contains(c));
        let tail = tail.map_or(0, |at| at + out[at..].chars().next().map_or(0, char::len_utf8));
        if self.state.captures > 0 || is_address(&out[..tail]) {
            out.push_str(reference);
            return;
        }
        // The address of the site before it is in the link.
        if out[tail..].contains("://") {
            out.truncate(tail);
        }
        let file = reference.split(['?', '#']).next().unwrap_or(reference).trim_end_matches('/');
        let name = file.rsplit('/').next().unwrap_or(file);
        let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
        let in_brackets = out.ends_with('<') && after.starts_with('>');
        if in_brackets {
            out.truncate(out.len() - 1);
        }
        out.extend(["<a href=\"", &escaped(reference), "\">", &escaped(name)]);
        // The bracket after it closes the tag.
        out.push_str(if in_brackets { "</a" } else { "</a>" });
    }
}

/// Whether what follows this text is an address: of a link, of a definition of one, or the value of an attribute.
fn is_address(before: &str) -> bool {
    let trimmed = before.trim_end();
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    let is_definition = line.starts_with('[') && !line.starts_with("[^") && line.ends_with("]:");
    let is_value = trimmed.strip_suffix(['"', '\'']).unwrap_or(trimmed).trim_end().ends_with('=');
    is_definition || is_value || trimmed.strip_suffix('<').unwrap_or(trimmed).ends_with("](")
}
