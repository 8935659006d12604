//! Quotation marks at the ends of lines, as UAX 14 has them since Unicode 15.1: with blanks within (`LB15a`, `LB15b`), and
//! between ideographs (`LB19a`).

use unicode_linebreak::{BreakClass, break_property};
use unicode_script::Script;

use super::ideographs::FIRST_WIDE;
use crate::typeset::shape::script_of;

/// What stands for a mark that opens or closes between ideographs: it lets lines end where it does.
const OPENING: char = '\u{300C}';
const CLOSING: char = '\u{300D}';

/// Marks that begin a quotation in some languages (`Pi` in Unicode's words), and end one in others.
fn is_initial(sign: char) -> bool {
    matches!(
        sign,
        '«' | '‹' | '“' | '‘' | '‛' | '‟' | '\u{2E02}' | '\u{2E04}' | '\u{2E09}' | '\u{2E0C}' | '\u{2E1C}' | '\u{2E20}'
    )
}

/// Marks that end a quotation in some languages (`Pf`), and begin one in others.
fn is_final(sign: char) -> bool {
    matches!(sign, '»' | '›' | '”' | '’' | '\u{2E03}' | '\u{2E05}' | '\u{2E0A}' | '\u{2E0D}' | '\u{2E1D}' | '\u{2E21}')
}

fn is_quote(sign: char) -> bool {
    break_property(u32::from(sign)) == BreakClass::Quotation
}

/// Whether a mark keeps both sides of a place together at which a line could end otherwise.
pub(super) fn bind(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    // Nearly every place is between blanks and letters of one byte.
    let ends_low = || bytes[..at].iter().rev().find(|byte| **byte != b' ').is_none_or(u8::is_ascii);
    let begins_low = bytes.get(at).is_none_or(u8::is_ascii);
    if begins_low && ends_low() {
        return false;
    }
    let (head, tail) = text.split_at(at);
    !head.trim_end_matches(' ').ends_with('\u{200B}') && (opens(head) || closes(tail))
}

/// Whether a text ends with a mark that opens, with blanks behind it: it follows no letter.
fn opens(head: &str) -> bool {
    use BreakClass as B;
    let marks = head.trim_end_matches(' ');
    if !marks.ends_with(is_initial) {
        return false;
    }
    let before = marks.trim_end_matches(is_quote).chars().next_back();
    before.is_none_or(|sign| {
        matches!(
            break_property(u32::from(sign)),
            B::Mandatory
                | B::CarriageReturn
                | B::LineFeed
                | B::NextLine
                | B::OpenPunctuation
                | B::NonBreakingGlue
                | B::Space
                | B::ZeroWidthSpace
        )
    })
}

/// Whether a text begins with a mark that closes: no letter follows it.
fn closes(tail: &str) -> bool {
    use BreakClass as B;
    if !tail.starts_with(is_final) {
        return false;
    }
    let after = tail.trim_start_matches(is_quote).chars().next();
    after.is_none_or(|sign| {
        matches!(
            break_property(u32::from(sign)),
            B::Space
                | B::NonBreakingGlue
                | B::WordJoiner
                | B::ClosePunctuation
                | B::CloseParenthesis
                | B::Exclamation
                | B::InfixSeparator
                | B::Symbol
                | B::Mandatory
                | B::CarriageReturn
                | B::LineFeed
                | B::NextLine
                | B::ZeroWidthSpace
        )
    })
}

/// Whether marks may stand between ideographs in a text.
pub(super) fn may_be_wide(text: &str) -> bool {
    // In UTF-8 wide signs have lead bytes from 0xE2 on, typographic marks 0xE2.
    text.bytes().fold(0, u8::max) > 0xE2 && text.contains(|sign| is_initial(sign) || is_final(sign))
}

/// What is read in the place of the sign at a place: a bracket for a mark between two ideographs.
pub(super) fn read(text: &str, at: usize, sign: char) -> char {
    let (opens, closes) = (is_initial(sign), is_final(sign));
    if !(opens || closes) {
        return sign;
    }
    let before = text[..at].chars().next_back();
    let after = text[at + sign.len_utf8()..].chars().next();
    match (before, after) {
        (Some(before), Some(after)) if is_wide(before) && is_wide(after) => {
            if opens {
                OPENING
            } else {
                CLOSING
            }
        }
        _ => sign,
    }
}

/// Wide signs of scripts without spaces: Hangul is written with them.
fn is_wide(sign: char) -> bool {
    sign >= FIRST_WIDE && script_of(sign) != Script::Hangul
}
