//! Names that people gave, within text that may run the other way.

use std::borrow::Cow;

use unicode_bidi::{BidiClass, bidi_class};

use super::Direction;

/// The direction that a name has to be set apart in within text that runs in the direction of `around`; `None` where none of
/// its letters turns anything. One with letters of both runs as what is around it does, whichever its first letter is.
#[must_use]
pub fn turns(name: &str, around: Direction) -> Option<Direction> {
    let runs = |direction: Direction| move |c: char| direction_of(c) == Some(direction);
    let other = match around {
        Direction::Ltr => Direction::Rtl,
        Direction::Rtl => Direction::Ltr,
    };
    name.chars().any(runs(other)).then(|| if name.chars().any(runs(around)) { around } else { other })
}

/// A name within text that runs in the direction of `around`: between signs that nobody sees where its letters would turn it
/// (UAX 9, 2.4).
#[must_use]
pub fn set_apart(name: &str, around: Direction) -> Cow<'_, str> {
    match turns(name, around) {
        None => Cow::Borrowed(name),
        Some(direction) if direction == around => Cow::Owned(isolated(name, direction)),
        Some(_) => Cow::Owned(format!("\u{2068}{name}\u{2069}")),
    }
}

/// Text between the signs that keep it apart and have it run in this direction.
#[must_use]
pub fn isolated(text: &str, direction: Direction) -> String {
    match direction {
        Direction::Ltr => format!("\u{2066}{text}\u{2069}"),
        Direction::Rtl => format!("\u{2067}{text}\u{2069}"),
    }
}

/// The direction of a letter; marks, digits and signs have none of their own.
fn direction_of(c: char) -> Option<Direction> {
    // Most names have no others.
    if c.is_ascii() {
        return c.is_ascii_alphabetic().then_some(Direction::Ltr);
    }
    match bidi_class(c) {
        BidiClass::L => Some(Direction::Ltr),
        BidiClass::R | BidiClass::AL => Some(Direction::Rtl),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{BidiClass, bidi_class, direction_of, set_apart, turns};
    use crate::model::Direction::{Ltr, Rtl};

    #[test]
    fn names_turn_what_runs_the_other_way() {
        for (name, around, expected) in [
            ("C++", Ltr, None),
            ("C++", Rtl, Some(Ltr)),
            ("سلام", Rtl, None),
            ("سلام (!)", Ltr, Some(Rtl)),
            ("C++ در عمل", Rtl, Some(Rtl)),
            ("نشر Masthead", Ltr, Some(Ltr)),
            ("1984, #2", Rtl, None),
        ] {
            assert_eq!(turns(name, around), expected, "{name}");
        }
    }

    #[test]
    fn of_ascii_the_letters_alone_have_a_direction() {
        for c in '\0'..='\x7f' {
            assert!(matches!((bidi_class(c), direction_of(c)), (BidiClass::L, Some(Ltr)) | (_, None)), "{c:?}");
            assert_eq!(bidi_class(c) == BidiClass::L, direction_of(c).is_some(), "{c:?}");
        }
    }

    #[test]
    fn signs_stand_around_names_that_turn() {
        assert_eq!(set_apart("Zoe A.", Ltr), "Zoe A.");
        assert_eq!(set_apart("Zoe A.", Rtl), "\u{2068}Zoe A.\u{2069}");
        assert_eq!(set_apart("C++ در عمل", Rtl), "\u{2067}C++ در عمل\u{2069}");
    }
}
