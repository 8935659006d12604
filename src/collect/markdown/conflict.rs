//! What a merge leaves in a file where it did not know which of two versions to take.

/// What stands around code in which lines are not the text's own, at the beginning of a line, and what ends it.
const SHOWN: [(&str, &str); 5] = [
    ("<pre", "</pre"),
    ("{% highlight", "endhighlight"),
    ("{% raw", "endraw"),
    ("{{< highlight", "/highlight"),
    ("<textarea", "</textarea"),
];

/// The line, from 1, on which the first conflict of a text begins: the marks of both versions and what parts them, in this order. An
/// article may show such marks in code.
pub(super) fn line(text: &str) -> Option<usize> {
    let (mut begins, mut is_parted, mut until) = (None, false, None);
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(first) = begins {
            if is_parted && line.starts_with(">>>>>>> ") {
                return Some(first);
            }
            is_parted |= line.trim_end() == "=======";
        } else if let Some(end) = &until {
            if ends(line, end) {
                until = None;
            }
        } else if line.starts_with("<<<<<<< ") {
            begins = Some(number);
        } else {
            until = shows(line);
        }
    }
    None
}

/// What ends the code that is shown from a line on.
enum End {
    /// A fence of so many of these signs at least.
    Fence(char, usize),
    /// A line that has this.
    Word(&'static str),
}

fn shows(line: &str) -> Option<End> {
    let seen = line.trim_start_matches([' ', '>', '-', '*', '\t']);
    for sign in ['`', '~'] {
        let count = seen.len() - seen.trim_start_matches(sign).len();
        if count > 2 && !(sign == '`' && seen[count..].contains(sign)) {
            return Some(End::Fence(sign, count));
        }
    }
    let &(_, end) = SHOWN.iter().find(|(start, end)| seen.starts_with(start) && !seen.contains(end))?;
    Some(End::Word(end))
}

fn ends(line: &str, end: &End) -> bool {
    match end {
        End::Fence(sign, least) => {
            let seen = line.trim_matches([' ', '>', '\t']);
            seen.len() >= *least && seen.chars().all(|c| c == *sign)
        }
        End::Word(word) => line.contains(word),
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    const CONFLICT: &str = "<<<<<<< HEAD\nnoon\n=======\none\n>>>>>>> branch\n";

    #[test]
    fn a_conflict_is_found_in_text_and_not_in_code() {
        assert_eq!(line(&format!("---\ntitle: A\n{CONFLICT}---\nText\n")), Some(3));
        assert_eq!(line(&format!("```\ncode\n```\n\n{CONFLICT}")), Some(5));
        assert_eq!(line("<<<<<<< HEAD\na\n||||||| base\nb\n=======\n```\nc\n>>>>>>> x\n"), Some(1));
        for shown in [
            format!("```\n{CONFLICT}```\n"),
            format!("~~~~ diff\n```\n{CONFLICT}~~~~\n"),
            format!("- ```\n{CONFLICT}"),
            format!("<pre class=\"x\">\n{CONFLICT}</pre>\n"),
            format!("{{% highlight diff %}}\n{CONFLICT}{{% endhighlight %}}\n"),
            format!("    {}", CONFLICT.replace('\n', "\n    ")),
            "A heading\n=======\n\n>>>>>>> quoted\n".to_owned(),
            "<<<<<<< what is that?\n\nText\n".to_owned(),
        ] {
            assert_eq!(line(&shown), None, "{shown}");
        }
    }
}
