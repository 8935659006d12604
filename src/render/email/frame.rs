//! The words around the articles of a digest, in each language that has them.

use std::collections::BTreeMap;

use super::plain::wrap;
use super::text::rule;
use crate::model::{Frame, Language, Marks};
use crate::templates::Strings;
use crate::templates::dates::numerals;
use crate::templates::strings::fill;

/// The words that `{{t}}` leaves to be filled in for each reader.
pub(super) const WORDS: [&str; 6] =
    ["contents", "download_pdf", "inside_this_issue", "read_the_rest", "unsubscribe", "view_in_browser"];
/// Which list brought the mail.
pub(super) const WHY: &str = "why";
/// How many titles the contents list leaves out.
pub(super) const MORE: &str = "and_more";
/// What underlines the heading of the contents list in plain text.
pub(super) const CONTENTS_RULE: &str = "contents_rule";

/// About as long as the title of a list, where lines are broken before it is known.
const TITLE: &str = "X0listtitle0X";

/// The words of every language that has some, and those of an issue in `own`, by tag; so many titles are left out of its
/// contents list.
pub(super) fn frames(own: &Language, strings: &Strings, marks: &Marks, left_out: usize) -> BTreeMap<String, Frame> {
    let languages = strings.languages().chain([own]);
    languages.map(|language| (language.as_str().to_owned(), frame(language, strings, marks, left_out))).collect()
}

fn frame(language: &Language, strings: &Strings, marks: &Marks, left_out: usize) -> Frame {
    // English stands in where a language has no words.
    let spoken = strings.words(language).language().unwrap_or(language);
    let get = |key: &str| strings.get(language, key).unwrap_or_default().to_owned();
    let mut words: BTreeMap<String, String> = WORDS.iter().map(|key| ((*key).to_owned(), get(key))).collect();
    // Its line breaks are those of the plain text, and blanks in HTML.
    let why = wrap(&fill(&get("why_you_get_this"), &[("list", TITLE)]), "").replace(TITLE, &marks.list_title());
    words.insert(WHY.to_owned(), why);
    words.insert(CONTENTS_RULE.to_owned(), rule(&get("inside_this_issue"), '-'));
    if left_out > 0 {
        let count = numerals(&left_out.to_string(), spoken);
        words.insert(MORE.to_owned(), fill(&get(MORE), &[("n", count.as_str())]));
    }
    Frame {
        language: spoken.clone(),
        greeting: get("greeting"),
        greeting_without_name: get("greeting_without_name"),
        words,
    }
}
