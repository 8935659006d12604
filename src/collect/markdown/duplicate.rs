//! A file that is another one once more: what is left when a folder is synchronised, or a post is copied to be changed.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

use super::Folder;
use super::candidate::Candidate;
use super::files::Markup;
use crate::error::{Place, Warning};

/// Tells which files may be copies of posts that lie beside them. Both are posts: which of the two is the post that was known
/// only its editor can say, who may have changed either since.
pub(super) fn tell(candidates: &[Candidate<'_>], folders: &mut [Folder<'_>]) {
    let mut found: Vec<(usize, String)> = findings(candidates).into_iter().collect();
    found.sort();
    for (index, other) in found {
        let Candidate { folder, draft, .. } = &candidates[index];
        let message = format!("this file is `{other}` once more, letter by letter; both are posts");
        let hint = "take one of them away; if they are two posts, give this one an `id`";
        folders[*folder].gathered.warnings.push(Warning::new(message).at(Place::file(&draft.file)).hint(hint).once());
    }
}

/// The candidates that may be copies of another, with its file.
fn findings(candidates: &[Candidate<'_>]) -> HashMap<usize, String> {
    let mut alike: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, Candidate { folder, draft, language, given, .. }) in candidates.iter().enumerate() {
        let is_text = draft.markup == Markup::Markdown && !draft.text_hash.is_empty();
        if is_text && given.is_none() && draft.front.held_back.is_none() {
            alike.entry((folder, draft.folder(), language, &draft.text_hash)).or_default().push(index);
        }
    }
    let mut found = HashMap::new();
    for mut group in alike.into_values().filter(|group| group.len() > 1) {
        // The known one before all, then the one that has the plainest name.
        let order = |index: &usize| {
            let candidate = &candidates[*index];
            (Reverse(candidate.known.is_some()), stem(candidate).chars().count(), *index)
        };
        group.sort_by_key(order);
        let mut originals: Vec<usize> = Vec::new();
        for index in group {
            match originals.iter().find(|original| is_same(&candidates[**original], &candidates[index])) {
                Some(original) => {
                    let original = &candidates[*original];
                    if may_be_copy(original, &candidates[index]) {
                        found.insert(index, original.looks.file.clone());
                    }
                }
                None => originals.push(index),
            }
        }
    }
    found
}

/// Whether two files have the same front matter, text and date.
fn is_same(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    a.draft.text.trim() == b.draft.text.trim() && a.draft.written == b.draft.written
}

/// Of two that are known it was said before.
fn may_be_copy(original: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    // A notice without a date may be given again, and two may be given at once.
    let is_dated = other.draft.written.is_some() && original.looks.title == other.looks.title;
    let are_named_so = is_named_as_copy(stem(original), stem(other)) || is_named_as_copy(stem(other), stem(original));
    other.known.is_none() && (are_named_so || is_dated)
}

/// Whether programs name the copy of a file so: `a - Copy`, `a (1)`, `a copy`, `Copy of a`, in any language.
fn is_named_as_copy(of: &str, name: &str) -> bool {
    let behind = name.strip_prefix(of).is_some_and(|rest| rest.starts_with([' ', '(']));
    behind || name.strip_suffix(of).is_some_and(|rest| rest.ends_with(' '))
}

fn stem<'c>(candidate: &'c Candidate<'_>) -> &'c str {
    Path::new(&candidate.draft.relative).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::is_named_as_copy;

    #[test]
    fn copies_are_named_after_what_they_are_of() {
        for name in ["a - Copy", "a - Kopie (2)", "a (1)", "a(1)", "a copy", "Copy of a", "a – نسخه"] {
            assert!(is_named_as_copy("a", name), "{name}");
        }
        for name in ["a", "a-2", "ab", "b a c", "ba"] {
            assert!(!is_named_as_copy("a", name), "{name}");
        }
    }
}
