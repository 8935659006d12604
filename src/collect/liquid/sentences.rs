//! Whole sentences that are handed to something which is not carried out: they are text of the post.

use super::arguments::Argument;
use super::figure::inline;
use crate::collect::plain;
use crate::model::escaped;

/// Names of what is several words and no sentence.
const LOOKS: [&str; 9] = ["class", "classname", "style", "sizes", "srcset", "allow", "sandbox", "d", "points"];

/// Fewer words are no sentence, unless they end as one does.
const SHORTEST: usize = 6;

/// Fewer words than these are none however they end.
const LEAST: usize = 3;

/// What sentences end with, in the scripts that part words by blanks.
const ENDS: [char; 7] = ['.', '!', '?', '\u{2026}', '\u{61f}', '\u{964}', '\u{6d4}'];

/// The sentences among arguments, but for those that `shown` has already.
pub(in crate::collect) fn sentences<'a>(
    arguments: &'a [Argument],
    shown: &'a str,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let is_look = |argument: &Argument| {
        argument.name.as_deref().is_some_and(|name| LOOKS.iter().any(|look| name.eq_ignore_ascii_case(look)))
    };
    let is_shown = move |text: &str| {
        [escaped(text), escaped(&plain::from_markdown(text)), inline(text)].iter().any(|text| shown.contains(&**text))
    };
    arguments
        .iter()
        .filter(move |argument| argument.quoted && !is_look(argument))
        .map(|argument| argument.value.trim())
        .filter(move |text| is_sentence(text) && !is_shown(text))
}

fn is_sentence(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let is_prose =
        || text.ends_with(ENDS) && text.starts_with(char::is_alphabetic) && !text.contains(['{', '<', '=', ';']);
    words >= SHORTEST || (words >= LEAST && is_prose())
}
