//! A file that is another one once more: what is left when a folder is synchronised, or a post is copied to be changed.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

use super::Folder;
use super::candidate::Candidate;
use super::files::Markup;
use crate::collect::LeftOut;
use crate::error::{Place, Warning};

/// What is done about a file that says the same as another one beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    /// It is a post of its own.
    Post,
    /// It is a copy.
    Copy,
    /// It may be meant.
    Perhaps,
}

/// Leaves out the copies of posts that lie beside them, and tells what may be one. A post that is known stays.
pub(super) fn without<'a>(candidates: Vec<Candidate<'a>>, folders: &mut [Folder<'_>]) -> Vec<Candidate<'a>> {
    let found = findings(&candidates);
    if found.is_empty() {
        return candidates;
    }
    let mut kept = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.into_iter().enumerate() {
        let Some((finding, other)) = found.get(&index) else {
            kept.push(candidate);
            continue;
        };
        let gathered = &mut folders[candidate.folder].gathered;
        let file = candidate.draft.file.clone();
        let hint = "take one of them away; if they are two posts, give this one an `id`";
        if *finding == Finding::Copy {
            let message = format!("this file is `{other}` once more, letter by letter; it is left out");
            gathered.warnings.push(Warning::new(message).at(Place::file(&file)).hint(hint));
            gathered.left_out.push(LeftOut { file, reason: format!("it is `{other}` once more") });
            continue;
        }
        if *finding == Finding::Perhaps {
            let message = format!("this file is `{other}` once more, letter by letter; both are posts");
            gathered.warnings.push(Warning::new(message).at(Place::file(&file)).hint(hint));
        }
        kept.push(candidate);
    }
    kept
}

/// The candidates that say the same as another, with its file.
fn findings(candidates: &[Candidate<'_>]) -> HashMap<usize, (Finding, String)> {
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
                    let finding = finding(&candidates[*original], &candidates[index]);
                    found.insert(index, (finding, candidates[*original].looks.file.clone()));
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

fn finding(original: &Candidate<'_>, other: &Candidate<'_>) -> Finding {
    // A notice without a date may be given again, and two may be given at once.
    let is_dated = other.draft.written.is_some() && original.looks.title == other.looks.title;
    let are_named_so = is_named_as_copy(stem(original), stem(other)) || is_named_as_copy(stem(other), stem(original));
    match (original.known.is_some(), other.known.is_some()) {
        (_, true) => Finding::Post,
        _ if are_named_so => Finding::Copy,
        (true, false) if is_dated => Finding::Copy,
        (false, false) if !is_dated => Finding::Post,
        _ => Finding::Perhaps,
    }
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
