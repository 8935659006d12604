//! The short form of many warnings: those that say the same are one. `-v` and `--json` tell each.

use std::collections::HashMap;

use crate::error::Warning;

/// Warnings of one sort that are named one by one; the rest of them is counted. All sorts together leave room for others among
/// the lines that a run tells.
const NAMED: usize = 4;

/// Sorts of warnings that come by the hundred: how their messages end, and how they are counted.
const SORTS: [(&str, &str, &str); 8] = [
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
    (
        "to no page of this publication",
        "posts lead to no page of this publication",
        "what the web server has from elsewhere is not known here",
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
/// of the sorts that come by the hundred are named up to a number and counted behind it. What is of a post or a feed comes
/// last, as there are many of these and one of each that else is wrong; but for that, all stay in the order in which they
/// were met.
pub(super) fn brief(warnings: &[Warning], is_of_posts: impl Fn(&Warning) -> bool) -> Brief {
    let mut kept: Vec<Kept<'_>> = Vec::new();
    let mut first_of: HashMap<(&str, &[String]), usize> = HashMap::new();
    let mut counts = [0; SORTS.len()];
    for warning in warnings {
        let key = (&*warning.message, &*warning.hints);
        if let Some(index) = first_of.get(&key) {
            kept[*index].more += 1;
            continue;
        }
        let sort = SORTS.iter().position(|(ending, ..)| warning.message.ends_with(ending));
        if let Some(sort) = sort {
            counts[sort] += 1;
            if counts[sort] > NAMED {
                continue;
            }
        }
        first_of.insert(key, kept.len());
        kept.push(Kept { warning, more: 0, last_of: sort.filter(|sort| counts[*sort] == NAMED) });
    }
    // What no later run says is not to be missed either.
    kept.sort_by_key(|kept| !kept.warning.once && is_of_posts(kept.warning));
    let mut told = Vec::with_capacity(kept.len());
    for Kept { warning, more, last_of } in kept {
        told.push(with_count(warning, more));
        told.extend(last_of.filter(|sort| counts[*sort] > NAMED).map(|sort| {
            let (_, what, hint) = SORTS[sort];
            Warning::new(format!("{} more {what}", counts[sort] - NAMED)).hint(hint)
        }));
    }
    Brief { is_shorter: told.len() < warnings.len(), warnings: told }
}

/// A warning that is told.
struct Kept<'w> {
    warning: &'w Warning,
    /// How often the same comes again.
    more: usize,
    /// The sort of which it is the last that is named.
    last_of: Option<usize>,
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
    use std::path::Path;

    use super::{Brief, brief};
    use crate::error::{Place, Warning};

    fn told(brief: &Brief) -> Vec<&str> {
        brief.warnings.iter().map(|warning| &*warning.message).collect()
    }

    #[test]
    fn the_same_is_said_once_and_hundreds_are_counted() {
        let mut warnings = vec![Warning::new("a"), Warning::new("b"), Warning::new("a"), Warning::new("a")];
        warnings.extend((0..25).map(|n| Warning::new(format!("picture `{n}.png` is not at hand"))));
        warnings.push(Warning::new("c"));
        let brief = brief(&warnings, |_| false);
        let told = told(&brief);
        assert_eq!(told.len(), 8);
        assert_eq!(told[..2], ["a (and 2 times more)", "b"]);
        assert_eq!(told[5..], ["picture `3.png` is not at hand", "21 more pictures are not at hand", "c"]);
        assert!(brief.is_shorter);
    }

    #[test]
    fn what_is_of_posts_comes_last() {
        let of = |file: &str| Warning::new(file).at(Place::at(file, 1, 1));
        let mut warnings = vec![of("posts/a.md"), of("posts/b.md"), of("readers.csv"), Warning::new("the verb")];
        warnings.push(of("posts/c.md").once());
        let is_of_posts =
            |warning: &Warning| warning.place.as_ref().is_some_and(|place| place.file.starts_with(Path::new("posts")));
        let brief = brief(&warnings, is_of_posts);
        assert_eq!(told(&brief), ["readers.csv", "the verb", "posts/c.md", "posts/a.md", "posts/b.md"]);
        assert!(!brief.is_shorter);
    }

    #[test]
    fn what_differs_is_told_as_it_is() {
        let warnings = [Warning::new("a").hint("one"), Warning::new("a").hint("two"), Warning::new("b").once()];
        let brief = brief(&warnings, |_| false);
        assert_eq!((&*brief.warnings, brief.is_shorter), (&warnings[..], false));
    }
}
