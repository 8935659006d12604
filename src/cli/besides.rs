//! Readers who came onto a list with some import, and do not stand in the file that says who is on it: it takes them off no
//! list, since they may be meant to be there besides.

use std::path::Path;

use super::report::{counted, quoted};
use crate::model::{List, shell_word};
use crate::store::Besides;

/// What is said of them where a file is taken; nothing where there are none.
pub(super) fn told(list: &List, file: &Path, besides: &Besides) -> Option<String> {
    let Besides { count, first } = besides;
    let is_one = *count == 1;
    let (are, stay) = if is_one { ("is", "stays") } else { ("are", "stay") };
    let more = if *count > first.len() { " and others" } else { "" };
    let (key, named) = (&list.key, first.join(", "));
    let whom = if is_one { named.clone() } else { "ADDRESS".to_owned() };
    let (list, whom) = (shell_word(key), shell_word(&whom));
    (*count > 0).then(|| {
        let who = counted(*count, "reader");
        let file = quoted(file);
        format!(
            "{who} whom another import brought {are} not in {file}, and {stay} on the list `{key}`: {named}{more}; `masthead \
             subscribers remove {list} {whom}` takes {} off",
            if is_one { "them" } else { "one" }
        )
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::told;
    use crate::model::List;
    use crate::store::Besides;

    #[test]
    fn the_first_are_named_and_how_they_leave() {
        let list = List { key: "readers".to_owned(), ..List::default() };
        let said = |count: usize| {
            let first = (0..count.min(3)).map(|n| format!("r{n}@x.example")).collect();
            told(&list, Path::new("feb.csv"), &Besides { count, first })
        };
        assert_eq!(said(0), None);
        insta::assert_snapshot!(said(1).unwrap(), @"1 reader whom another import brought is not in feb.csv, and stays on the list `readers`: r0@x.example; `masthead subscribers remove readers r0@x.example` takes them off");
        insta::assert_snapshot!(said(4).unwrap(), @"4 readers whom another import brought are not in feb.csv, and stay on the list `readers`: r0@x.example, r1@x.example, r2@x.example and others; `masthead subscribers remove readers ADDRESS` takes one off");
    }
}
