//! Whether one text is another one, mended: what a publisher writes anew from time to time by one pattern is not.

use std::collections::HashSet;

use super::plain;
use crate::model::Post;

/// Texts of fewer different words prove nothing: "New release!".
const FEWEST: usize = 25;

/// Of twenty different words of the longer text so many stand in the other, too.
const SHARED: usize = 17;

/// Whether the text of `item` is that of `earlier`, mended: nearly all words are the same, and no number has gone. (Weather,
/// dates of meetings and releases differ from those before them by their numbers.)
pub(super) fn is_mended(earlier: &Post, item: &Post) -> bool {
    let [before, now] = [earlier, item].map(|post| plain::from_html(post.body.as_str()).to_lowercase());
    let [before, now] = [&before, &now].map(|text| words(text));
    let longer = before.len().max(now.len());
    let shared = before.intersection(&now).count();
    let is_number = |word: &&&str| word.chars().any(char::is_numeric);
    let keeps_numbers = before.difference(&now).find(is_number).is_none();
    longer >= FEWEST && keeps_numbers && shared * 20 >= longer * SHARED
}

/// Whether no word of the text of `earlier` has gone from that of `item`.
pub(super) fn keeps_words(earlier: &Post, item: &Post) -> bool {
    let [before, now] = [earlier, item].map(|post| plain::from_html(post.body.as_str()).to_lowercase());
    words(&before).is_subset(&words(&now))
}

fn words(text: &str) -> HashSet<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::elsewhere::tests::post;
    use super::is_mended;
    use crate::model::Post;

    fn text(text: &str) -> Post {
        Post { body: crate::collect::markdown_to_html(text, "https://press.example/", "x"), ..post("1", "A", None) }
    }

    const INK: &str = "Ink was made of soot and oil for 400 years of printing. Printers boiled it outside of the walls of \
        their towns, because linseed oil catches fire; bread was fried in it, which was a feast for every apprentice.";

    #[test]
    fn a_text_that_is_mended_is_the_same() {
        assert!(is_mended(&text(INK), &text(INK)));
        assert!(is_mended(&text(INK), &text(&format!("{} (Updated in 2026.)", INK.replace("boiled", "*cooked*")))));
        assert!(!is_mended(&text(INK), &text(&INK.replace("400", "500"))), "by one pattern");
        assert!(!is_mended(&text(INK), &text(&INK[..90])));
        assert!(!is_mended(&text("Ink is here."), &text("Ink is here.")), "too short to tell");
    }
}
