//! What stands at the top of MDX, before its text: program text and comments.

use std::ops::Range;
use std::path::Path;

use super::is_module;
use super::scan::{first_paragraph, module_length};

/// So often the end of a program text is sought in vain.
const MOST_LOOKS: usize = 20;

/// Whether a file holds MDX: by its name, or because its text begins with an import, as that of Docusaurus's `.md` may.
pub(in crate::collect) fn is_mdx(file: &Path, body: &str) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("mdx")) || begins_with_import(body)
}

/// The program texts with which MDX begins.
pub(in crate::collect) fn modules(text: &str) -> Vec<Range<usize>> {
    top(text).0
}

/// MDX without the program texts and comments with which it begins.
pub(in crate::collect) fn without_modules(text: &str) -> &str {
    &text[top(text).1..]
}

/// The program texts at the top, and where the text begins.
fn top(text: &str) -> (Vec<Range<usize>>, usize) {
    let (mut found, mut at) = (Vec::new(), 0);
    // Each end that is sought in vain costs a look at all that follows.
    let mut looks = MOST_LOOKS;
    loop {
        at = text.len() - text[at..].trim_start().len();
        let rest = &text[at..];
        let line = rest.split_inclusive('\n').next().unwrap_or_default();
        if is_module(line, &rest[line.len()..]) {
            let length = if looks > 0 { module_length(rest) } else { None };
            looks -= usize::from(length.is_none() && looks > 0);
            let length = length.unwrap_or_else(|| first_paragraph(rest)).max(line.len());
            found.push(at..at + length);
            at += length;
        } else if let Some(end) = rest.strip_prefix("{/*").and_then(|comment| comment.find("*/}")) {
            at += end + 6;
        } else {
            return (found, at);
        }
    }
}

/// Whether a text begins with `import X from 'y'`, on one line or, in braces, on several.
fn begins_with_import(text: &str) -> bool {
    let rest = text.trim_start();
    let Some(line) = rest.lines().next().filter(|line| line.starts_with("import ")) else { return false };
    let is_whole = |statement: &str| {
        let from = statement.rsplit_once(" from ").map(|(_, from)| from.trim().trim_end_matches(';'));
        from.is_some_and(|from| {
            ['\'', '"'].into_iter().any(|sign| from.len() > 2 && from.starts_with(sign) && from.ends_with(sign))
        })
    };
    let on_several = || {
        let end = rest.find('}').filter(|_| line.trim_end().ends_with('{'))?;
        rest[end..].lines().next().map(|last| is_whole(last) && !rest[..end].contains("\n\n"))
    };
    is_whole(line) || on_several() == Some(true)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{is_mdx, modules, without_modules};

    #[test]
    fn the_text_begins_behind_programs_and_comments() {
        let text = "import A from './a'\n\nexport const meta = {\n  title: 'x',\n\n  b: 1\n}\n\n{/* note */}\n\n# Title\n\nimport x\n";
        assert_eq!((without_modules(text), modules(text).len()), ("# Title\n\nimport x\n", 2));
        for text in ["", "# Title", "{braces}", "import goods from China", "{/* open"] {
            assert_eq!(without_modules(text), text);
        }
    }

    #[test]
    fn markdown_that_imports_is_mdx() {
        for text in
            ["import A from './a';\n\nText", "\nimport {\n  A,\n  B\n} from \"b\"\n\nText", "import {A} from '@b/c'"]
        {
            assert!(is_mdx(Path::new("a.md"), text), "{text}");
        }
        for text in [
            "import goods from China",
            "import x",
            "Text\n\nimport A from './a'",
            "import os\nfrom 'x'",
            "import {\n\n} from 'b'",
        ] {
            assert!(!is_mdx(Path::new("a.md"), text), "{text}");
        }
        assert!(is_mdx(Path::new("a.mdx"), ""));
    }
}
