//! Where lines may end: UAX 14, as `word-break: break-all` and `line-break` change it (CSS Text 3, 5.2 and 5.3).
//!
//! What a style changes is said by writing other signs in the place of those in the text: an ideograph where a line may
//! end as beside an ideograph.

use unicode_linebreak::{BreakClass, BreakOpportunity, break_property, linebreaks};

use crate::typeset::shape::clusters::is_boundary;

use super::collapse::{Content, Source};
use super::{LineBreak, TextStyle, quotes};

/// A place in a text, in bytes, and whether a line must end there.
pub(super) type Opportunity = (usize, BreakOpportunity);

/// What stands for every sign that is to be one of the class ID.
const IDEOGRAPH: char = '\u{4E00}';

/// The places of a text where no style changes them.
pub(super) fn plain(text: &str) -> impl Iterator<Item = Opportunity> {
    linebreaks(text).filter(|place| !is_bound(text, *place))
}

/// Whether a quotation mark forbids the end of a line here.
fn is_bound(text: &str, (at, opportunity): Opportunity) -> bool {
    opportunity == BreakOpportunity::Allowed && quotes::bind(text, at)
}

/// The places of a text whose styles or signs change them; `None` where none does, and those of UAX 14 hold.
pub(super) fn changed(source: &Source<'_>) -> Option<Vec<Opportunity>> {
    let changes = |style: &TextStyle| style.breaks_words() || style.line_break > LineBreak::Strict;
    let style_of = |content: &Content<'_>| match content {
        Content::Text { style, .. } if changes(style) => Some(TextStyle::clone(style)),
        _ => None,
    };
    let styles: Vec<Option<TextStyle>> = source.spans.iter().map(|span| style_of(&span.content)).collect();
    if styles.iter().all(Option::is_none) && !quotes::may_be_wide(&source.text) {
        return None;
    }
    let mut changed = String::with_capacity(source.text.len());
    // Where each sign ends in what is read, and where in the text.
    let mut ends = Vec::new();
    let mut before = None;
    for (span, style) in source.spans.iter().zip(&styles) {
        for (offset, character) in source.text[span.start as usize..span.end as usize].char_indices() {
            let at = span.start as usize + offset;
            let own = quotes::read(&source.text, at, character);
            let read = style.as_ref().map_or(own, |style| stands_for(own, before, style));
            changed.push(read);
            ends.push((changed.len(), at + character.len_utf8()));
            before = Some((character, read));
        }
    }
    let mut ends = ends.into_iter();
    let in_text = |(at, opportunity)| ends.find(|(end, _)| *end == at).map(|(_, own)| (own, opportunity));
    // No style ends a line within what readers take for one letter.
    let ends_letter =
        |(at, opportunity): &Opportunity| *opportunity == BreakOpportunity::Mandatory || is_boundary(&source.text, *at);
    Some(plain(&changed).filter_map(in_text).filter(ends_letter).collect())
}

/// The sign that a style has in the place of another, after one and what stands for that.
fn stands_for(character: char, before: Option<(char, char)>, style: &TextStyle) -> char {
    let class = break_property(character as u32);
    let is_word = matches!(class, BreakClass::Alphabetic | BreakClass::HebrewLetter | BreakClass::Numeric);
    if style.line_break == LineBreak::Anywhere && !keeps(class) || style.break_all && is_word {
        return IDEOGRAPH;
    }
    let is_eased = match style.line_break {
        LineBreak::Normal => is_normal(character, class, style),
        LineBreak::Loose => is_normal(character, class, style) || is_loose(character, class, before, style),
        _ => false,
    };
    if is_eased { IDEOGRAPH } else { character }
}

/// Whether a sign stays what it is even where lines may end anywhere: it is a blank or a forced break, belongs to the
/// sign before it, or may be a part of one with its neighbours.
fn keeps(class: BreakClass) -> bool {
    use BreakClass as B;
    matches!(
        class,
        B::Mandatory
            | B::CarriageReturn
            | B::LineFeed
            | B::NextLine
            | B::Space
            | B::ZeroWidthSpace
            | B::ZeroWidthJoiner
            | B::CombiningMark
            | B::Contingent
            | B::ComplexContext
            | B::EmojiBase
            | B::EmojiModifier
            | B::RegionalIndicator
            | B::HangulLJamo
            | B::HangulVJamo
            | B::HangulTJamo
            | B::HangulLvSyllable
            | B::HangulLvtSyllable
    )
}

/// Whether a text is in a language with signs that a line may begin with where others forbid it.
fn is_east_asian(style: &TextStyle) -> bool {
    let primary = style.language.split('-').next().unwrap_or_default();
    primary.eq_ignore_ascii_case("ja") || primary.eq_ignore_ascii_case("zh")
}

/// What a line may begin with in `normal` and `loose`, though not in `strict`: small kana, the mark for long vowels, and
/// hyphens that are like them.
fn is_normal(character: char, class: BreakClass, style: &TextStyle) -> bool {
    class == BreakClass::ConditionalJapaneseStarter
        || matches!(character, '\u{301C}' | '\u{30A0}') && is_east_asian(style)
}

/// What else `loose` lets a line begin with, or end with: iteration marks, the second of two dots, hyphens after
/// ideographs; in Chinese and Japanese also centred punctuation, and wide signs before and after numbers.
fn is_loose(character: char, class: BreakClass, before: Option<(char, char)>, style: &TextStyle) -> bool {
    let is = |sign: char, wanted: BreakClass| break_property(sign as u32) == wanted;
    match character {
        '\u{3005}' | '\u{303B}' | '\u{309D}' | '\u{309E}' | '\u{30FD}' | '\u{30FE}' => true,
        '\u{2010}' | '\u{2013}' => before.is_some_and(|(_, read)| is(read, BreakClass::Ideographic)),
        '\u{203C}'
        | '\u{2047}'..='\u{2049}'
        | '\u{30FB}'
        | '\u{FF01}'
        | '\u{FF1A}'
        | '\u{FF1B}'
        | '\u{FF1F}'
        | '\u{FF65}' => is_east_asian(style),
        '\u{A4}' | '\u{B0}' | '\u{B1}' | '\u{2030}' | '\u{2032}' | '\u{2033}' | '\u{20AC}' | '\u{2103}'
        | '\u{2109}' | '\u{2116}' | '\u{FF04}' | '\u{FF05}' | '\u{FFE0}' | '\u{FFE1}' | '\u{FFE5}' | '\u{FFE6}' => {
            is_east_asian(style)
        }
        _ => class == BreakClass::Inseparable && before.is_some_and(|(own, _)| is(own, BreakClass::Inseparable)),
    }
}
