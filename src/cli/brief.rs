//! The short form of many warnings: those that say the same are one. `-v` and `--json` tell each.

use std::collections::HashMap;

use crate::error::Warning;

/// Warnings of one sort that are named one by one; the rest of them is counted.
const NAMED: usize = 20;

/// Sorts of warnings that come by the hundred: how their messages end, and how they are counted.
const SORTS: [(&str, &str, &str); 7] = [
    (
        "is not at hand",
        "pictures are not at hand",
        "`assets` of a source names folders in which pictures are looked for",
    ),
    (
        "is no post of this source",
        "links lead to posts that are not there",
        "a link by a file's name needs that file in the same source",
    ),
    ("is not expanded", "templates are not expanded", "what a template would have brought in is missing from the text"),
    (
        "but no such file is there",
        "links lead to files that are not there",
        "`assets` of a source names folders in which files are looked for",
    ),
    ("a film or an archive", "links lead to files that are not published", "link to where they stand on the web"),
    (
        "is drawn by the site itself; it is left out",
        "kinds of blocks are drawn by the site itself",
        "lists of posts, forms and the like stand in no export",
    ),
    (
        "is not known here",
        "expressions are not known here",
        "what a template would have brought in is missing from the text",
    ),
];

/// Warnings in short form.
#[derive(Debug, Default)]
pub(super) struct Brief {
    /// What is told, in the order in which it was met.
    pub(super) warnings: Vec<Warning>,
    /// Whether some of them stand for others, too.
    pub(super) is_shorter: bool,
}

/// Joins warnings that say the same in several places: the first keeps its place and says how often it comes again. Those
/// of the sorts that come by the hundred are named up to a number and counted after it.
pub(super) fn brief(warnings: &[Warning]) -> Brief {
    let mut kept: Vec<(&Warning, usize)> = Vec::new();
    let mut first_of: HashMap<(&str, &[String]), usize> = HashMap::new();
    let mut counts = [0; SORTS.len()];
    for warning in warnings {
        let key = (&*warning.message, &*warning.hints);
        if let Some(index) = first_of.get(&key) {
            kept[*index].1 += 1;
            continue;
        }
        if let Some(sort) = SORTS.iter().position(|(ending, ..)| warning.message.ends_with(ending)) {
            counts[sort] += 1;
            if counts[sort] > NAMED {
                continue;
            }
        }
        first_of.insert(key, kept.len());
        kept.push((warning, 0));
    }
    let counted = SORTS.iter().zip(counts).filter(|(_, count)| *count > NAMED);
    let counted =
        counted.map(|((_, what, hint), count)| Warning::new(format!("{} more {what}", count - NAMED)).hint(*hint));
    let told: Vec<Warning> = kept.into_iter().map(|(warning, more)| with_count(warning, more)).chain(counted).collect();
    Brief { is_shorter: told.len() < warnings.len(), warnings: told }
}

fn with_count(warning: &Warning, more: usize) -> Warning {
    let message = &warning.message;
    let message = match more {
        0 => message.clone(),
        1 => format!("{message} (and once more)"),
        more => format!("{message} (and {more} times more)"),
    };
    Warning { message, ..warning.clone() }
}

#[cfg(test)]
mod tests {
    use super::brief;
    use crate::error::Warning;

    #[test]
    fn the_same_is_said_once_and_hundreds_are_counted() {
        let mut warnings = vec![Warning::new("a"), Warning::new("b"), Warning::new("a"), Warning::new("a")];
        warnings.extend((0..25).map(|n| Warning::new(format!("picture `{n}.png` is not at hand"))));
        let brief = brief(&warnings);
        let told: Vec<&str> = brief.warnings.iter().map(|warning| &*warning.message).collect();
        assert_eq!(told.len(), 23);
        assert_eq!(told[..2], ["a (and 2 times more)", "b"]);
        assert_eq!(told[22], "5 more pictures are not at hand");
        assert!(brief.is_shorter);
    }

    #[test]
    fn what_differs_is_told_as_it_is() {
        let warnings = [Warning::new("a").hint("one"), Warning::new("a").hint("two"), Warning::new("b").once()];
        let brief = brief(&warnings);
        assert_eq!((&*brief.warnings, brief.is_shorter), (&warnings[..], false));
    }
}
