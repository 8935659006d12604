//! Styles into attributes: many mail programs drop a style sheet.

use css_inline::{CSSInliner, InlineOptions};

use super::lean::lean;
use crate::error::{Error, ErrorKind, Result};

/// Inlines the style sheet of a drawn page. Media queries stay in it, and what they ask for. Nothing is loaded from
/// anywhere.
pub(super) fn inline(html: &str) -> Result<String> {
    let options = InlineOptions {
        keep_style_tags: false,
        keep_at_rules: true,
        minify_css: true,
        load_remote_stylesheets: false,
        ..InlineOptions::default()
    };
    CSSInliner::new(options)
        .inline(html)
        .map(|html| lean(&html))
        .map_err(|cause| Error::new(ErrorKind::Template, format!("the styles of the mail cannot be inlined: {cause}")))
}
