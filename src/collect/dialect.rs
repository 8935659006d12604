//! From the Markdown that people write to the Markdown that the writer knows.

use super::liquid::{self, Expanded, Page};
use super::{blanks, foreign_tags, inline_notes, kramdown, maths, mdx, notes, obsidian, reserved, tables};

/// The body without templates, components and blocks that `CommonMark` does not know. `page` holds the scalars of its
/// front matter; `mdx` says that it holds components, and then no templates.
pub(super) fn expand<'a>(text: &'a str, page: Page<'_>, mdx: bool) -> Expanded<'a> {
    let mut expanded = if mdx { mdx::expand(text, page.scalars) } else { liquid::expand(text, true, page) };
    if !mdx {
        expanded.change_and_tell(obsidian::without_comments);
        expanded.change_and_tell(|text| mdx::components(text, page.scalars));
    }
    expanded.change_and_tell(|text| reserved::without_marked(text, true));
    expanded.change_and_tell(notes::framed);
    expanded.change(foreign_tags::without);
    expanded.change(kramdown::open_blocks);
    expanded.change(inline_notes::defined);
    expanded.change(maths::escaped);
    expanded.change_and_tell(blanks::bracketed);
    expanded.change(tables::whole_rows);
    expanded
}

/// HTML without templates.
pub(super) fn expand_html<'a>(text: &'a str, page: Page<'_>) -> Expanded<'a> {
    let mut expanded = liquid::expand(text, false, page);
    expanded.change_and_tell(|text| reserved::without_marked(text, false));
    expanded
}
