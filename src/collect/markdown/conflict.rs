//! What a merge leaves in a file where it did not know which of two versions to take.

/// What stands around code, in which lines are not the text's own, and what ends it; as [`plain`] writes them.
const SHOWN: [(&str, &str); 10] = [
    ("<pre", "</pre"),
    ("<code", "</code"),
    ("<script", "</script"),
    ("<textarea", "</textarea"),
    ("<!--", "-->"),
    ("{%highlight", "{%endhighlight"),
    ("{%raw", "{%endraw"),
    ("{%codeblock", "{%endcodeblock"),
    ("[code", "[/code"),
    ("[sourcecode", "[/sourcecode"),
];

/// How a tag of a template begins, the longer first.
const TEMPLATES: [&str; 3] = ["{{%", "{{<", "{%"];

/// How the names begin that are several words: Git's of what was there before a stash, and Mercurial's.
const NAMES: [&str; 2] = ["Updated upstream", "working copy"];

/// The line, from 1, on which the first conflict of a text begins: the marks of both versions and what parts them, in this order. An
/// article may show such marks in code; front matter has none.
pub(super) fn line(text: &str) -> Option<usize> {
    if !text.contains("<<<<<<< ") || !text.contains(">>>>>>> ") {
        return None;
    }
    let (front, plain) = (front_lines(text), plain(text));
    let mut code = Code::of(&plain);
    let (mut begins, mut is_parted, mut at) = (None, false, 0);
    for ((number, line), plain) in (1..).zip(text.lines()).zip(plain.split_inclusive('\n')) {
        if code.open.is_none() && is_first(line) {
            (begins, is_parted) = (Some(number), false);
        } else if begins.is_some() {
            if is_parted && is_last(line) {
                return begins;
            }
            is_parted |= line.trim_end() == "=======";
        } else if number > front {
            code.read(plain, at);
        }
        at += plain.len();
    }
    None
}

/// Whether a line is the mark before the first version: seven signs, one blank and the name of a version, which is one word, with a file
/// behind a colon where that has another name.
fn is_first(line: &str) -> bool {
    let Some(name) = line.strip_prefix("<<<<<<< ").map(str::trim_end) else { return false };
    let (word, is_alone) = name.split_once(char::is_whitespace).map_or((name, true), |(word, _)| (word, false));
    let has_file = word.split_once(':').is_some_and(|(version, file)| !version.is_empty() && !file.is_empty());
    let is_word = !word.is_empty() && !word.ends_with(['.', ',', ';', '?', '!']);
    (is_word && (is_alone || has_file)) || NAMES.iter().any(|known| name.starts_with(known))
}

/// Whether it is the mark behind the second one, whose name may have a message with it.
fn is_last(line: &str) -> bool {
    line.strip_prefix(">>>>>>> ").is_some_and(|name| name.starts_with(|c: char| !c.is_whitespace()))
}

/// The number of the line that closes the front matter; 0 where there is none.
fn front_lines(text: &str) -> usize {
    let is_blank = |line: &str| bare(line).is_empty();
    let mut lines = (1..).zip(text.lines()).skip_while(|(_, line)| is_blank(line));
    let Some(sign) = lines.next().and_then(|(_, line)| sign_of_front(bare(line))) else { return 0 };
    let mut lines = lines.skip_while(|(_, line)| is_blank(line) || line.starts_with('#')).peekable();
    if !lines.peek().is_some_and(|(_, line)| line.starts_with("<<<<<<<") || has_key(line)) {
        return 0;
    }
    let closes = |line: &str| {
        let line = line.trim_end();
        (line.len() > 2 && line.chars().all(|c| c == sign)) || (sign == '-' && line == "...")
    };
    lines.find(|(_, line)| closes(line)).map_or(0, |(number, _)| number)
}

/// A line without what nobody sees around it.
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// The sign of which the line is that opens front matter; the name of a syntax may stand behind it.
fn sign_of_front(line: &str) -> Option<char> {
    ['-', '+'].into_iter().find(|sign| {
        let rest = line.trim_start_matches(*sign);
        line.len() - rest.len() > 2 && rest.chars().all(char::is_alphanumeric)
    })
}

/// Whether a line begins with a key, as prose behind a rule does not.
fn has_key(line: &str) -> bool {
    let Some((key, rest)) = line.split_once([':', '=']) else { return false };
    let key = key.trim_end();
    !key.is_empty()
        && !key.contains(char::is_whitespace)
        && (rest.is_empty() || rest.starts_with([' ', '\t', '"', '\'']))
}

/// A text in small letters, with each tag of a template as `{%name` or `{%endname`. It has the same lines.
fn plain(text: &str) -> String {
    let blanks = [' ', '\t', '-', '~', '+'];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(inside) = TEMPLATES.iter().find_map(|start| rest.strip_prefix(start)) else {
            out.push('{');
            rest = &rest[1..];
            continue;
        };
        out.push_str("{%");
        rest = inside.trim_start_matches(blanks);
        if let Some(name) = rest.strip_prefix('/') {
            out.push_str("end");
            rest = name.trim_start_matches(blanks);
        }
    }
    out.push_str(rest);
    out.make_ascii_lowercase();
    out
}

/// What ends the code that is shown from a line on.
enum End {
    /// A fence of so many of these signs at least.
    Fence(char, usize),
    /// That of one of [`SHOWN`].
    Shown(usize),
}

/// The code of a text that is read line by line.
struct Code {
    open: Option<End>,
    /// Where the last end of each of [`SHOWN`] stands. Behind it, what begins one is prose.
    last: [Option<usize>; SHOWN.len()],
}

impl Code {
    /// Of a text as [`plain`] makes it.
    fn of(text: &str) -> Self {
        let last = SHOWN.map(|(_, end)| text.rmatch_indices(end).map(|(at, _)| at).find(|at| stands(text, *at, end)));
        Self { open: None, last }
    }

    /// Reads the next line, which stands at this place.
    fn read(&mut self, line: &str, place: usize) {
        match self.open {
            Some(End::Fence(sign, least)) if is_end_of_fence(line, sign, least) => self.open = None,
            Some(End::Fence(..)) => {}
            Some(End::Shown(_)) => self.read_words(line, place),
            None => match fence(line) {
                Some(fence) => self.open = Some(fence),
                None => self.read_words(line, place),
            },
        }
    }

    /// Reads a line that is no fence, nor stands between two.
    fn read_words(&mut self, line: &str, place: usize) {
        let mut from = 0;
        loop {
            if let Some(End::Shown(kind)) = self.open {
                let Some(behind) = behind_end(line, from, SHOWN[kind].1) else { return };
                (from, self.open) = (behind, None);
            }
            let is_ended = |kind: usize, at: usize| self.last[kind].is_some_and(|last| last > place + at);
            let Some((kind, at)) = opener(line, from, is_ended) else { return };
            (from, self.open) = (at + SHOWN[kind].0.len(), Some(End::Shown(kind)));
        }
    }
}

/// The place behind the first such end in a line.
fn behind_end(line: &str, from: usize, end: &str) -> Option<usize> {
    let mut places = line[from..].match_indices(end).map(|(at, _)| from + at);
    places.find(|at| stands(line, *at, end)).map(|at| at + end.len())
}

/// Which of [`SHOWN`] begins first in a line, and where: not between backticks, and only what is ended.
fn opener(line: &str, from: usize, is_ended: impl Fn(usize, usize) -> bool) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(next) = line[at..].find(['<', '{', '[', '`']) {
        at += next;
        if line[at..].starts_with('`') {
            at = behind_backticks(line, at);
            continue;
        }
        let kind = SHOWN.iter().position(|(start, _)| stands(line, at, start));
        if let Some(kind) = kind.filter(|kind| is_ended(*kind, at)) {
            return Some((kind, at));
        }
        at += 1;
    }
    None
}

/// The place behind code between backticks; behind the backticks alone where as many do not close it in this line.
fn behind_backticks(line: &str, at: usize) -> usize {
    let count = |at: usize| line[at..].bytes().take_while(|byte| *byte == b'`').count();
    let many = count(at);
    let mut from = at + many;
    while let Some(next) = line[from..].find('`') {
        let closing = count(from + next);
        from += next + closing;
        if closing == many {
            return from;
        }
    }
    at + many
}

/// Whether such a word stands at a place, and no longer one.
fn stands(text: &str, at: usize, word: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_longer = |rest: &str| rest.starts_with(goes_on) && !rest.starts_with("-%");
    let is_name = word.ends_with(char::is_alphanumeric);
    text[at..].strip_prefix(word).is_some_and(|rest| !(is_name && is_longer(rest)))
}

/// The fence that a line opens, also in a list or a quotation.
fn fence(line: &str) -> Option<End> {
    let seen = behind_marks(line).trim_end();
    for sign in ['`', '~'] {
        let count = seen.len() - seen.trim_start_matches(sign).len();
        if count > 2 && !(sign == '`' && seen[count..].contains(sign)) {
            return Some(End::Fence(sign, count));
        }
    }
    None
}

/// A line behind the marks of lists and quotations.
fn behind_marks(line: &str) -> &str {
    let mut seen = line.trim_start();
    loop {
        let digits = seen.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = if digits.len() < seen.len() { digits.strip_prefix(['.', ')']) } else { None };
        let listed = numbered.or_else(|| seen.strip_prefix(['-', '*', '+']));
        let listed = listed.filter(|rest| rest.starts_with([' ', '\t']));
        let Some(rest) = listed.or_else(|| seen.strip_prefix('>')) else { return seen };
        seen = rest.trim_start();
    }
}

fn is_end_of_fence(line: &str, sign: char, least: usize) -> bool {
    let seen = line.trim_matches([' ', '>', '\t', '\r', '\n']);
    seen.len() >= least && seen.chars().all(|c| c == sign)
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

    #[test]
    fn code_is_code_however_it_is_written() {
        for (before, behind) in [
            ("{% codeblock lang:diff %}", "{% endcodeblock %}"),
            ("{{% highlight diff %}}", "{{% /highlight %}}"),
            ("{{<highlight diff>}}", "{{</ highlight >}}"),
            ("{{< highlight diff >}}", "{{< /highlight >}}"),
            ("{%- raw -%}", "{%- endraw -%}"),
            ("{%-raw-%}", "{%~ endraw-%}"),
            ("[code language=\"bash\"]", "[/code]"),
            ("Text [sourcecode]", "[/sourcecode]"),
            ("<div><pre>", "</pre></div>"),
            ("  <figure><PRE>", "</PRE></figure>"),
            ("<p>Try <code>git</code> <code>", "</code>"),
            ("<script>", "</script>"),
            ("<!-- so --> <!--", "-->"),
            ("1. ```diff", "```"),
            ("12) ~~~", "~~~"),
            ("+ ```", "  ```"),
            ("- > ```", "```"),
            ("* ```", "```"),
            ("> ```", "> ```"),
        ] {
            let shown = format!("Text\n{before}\n{CONFLICT}{behind}\nText\n");
            assert_eq!(line(&shown), None, "{shown}");
            assert_eq!(line(&format!("{shown}{CONFLICT}")), Some(10), "{shown}");
        }
    }

    #[test]
    fn what_is_no_code_hides_no_conflict() {
        for before in [
            "A <pre>x</pre> and <code>y</code> <!-- more --> {% raw %}z{% endraw %}",
            "`<pre>` and `</pre>`",
            "[code review](/a) and a `<script` or <pre that nothing ends",
            "<preview> {% rawhtml %} </pre>",
            "---\ntitle: |\n  ```\n---",
            "---\n# Note\n\ntitle: A\nsummary: <!-- b\n---\n-->",
            "+++\ntitle = '''\n```\n'''\n+++",
        ] {
            let text = format!("{before}\n{CONFLICT}");
            assert_eq!(line(&text), Some(before.lines().count() + 1), "{text}");
        }
        assert_eq!(line(&format!("---\ntitle: |\n  ```\n{CONFLICT}---\nText\n")), Some(4));
        let across = "---\ntitle: |\n  ```\n<<<<<<< HEAD\n---\na\n=======\n---\nb\n>>>>>>> x\n";
        assert_eq!(line(across), Some(4));
        let shown = format!("---\n\nA rule.\n\n```\n{CONFLICT}```\n\n---\n");
        assert_eq!(line(&shown), None);
    }

    #[test]
    fn marks_are_those_that_a_program_writes() {
        for first in
            ["HEAD", "feature/a-b", "HEAD:my post.md", "Updated upstream", ".mine", "working copy: 1a2b - ann: so"]
        {
            let text = format!("<<<<<<< {first}\na\n=======\nb\n>>>>>>> 1a2b3c4 (So it is)\n");
            assert_eq!(line(&text), Some(1), "{text}");
        }
        for prose in [
            "<<<<<<< what is that?\n\nA heading\n=======\n\n>>>>>>> quoted\n",
            "<<<<<<< what?\n\nA heading\n=======\n\n>>>>>>> quoted\n",
            "<<<<<<<  HEAD\na\n=======\nb\n>>>>>>> x\n",
            "<<<<<<< HEAD\na\n>>>>>>> x\nb\n=======\n",
            "<<<<<<< HEAD\na\n=======\nb\n>>>>>>>  x\n",
        ] {
            assert_eq!(line(prose), None, "{prose}");
        }
    }
}
