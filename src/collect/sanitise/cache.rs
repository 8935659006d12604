//! What the parser made of a text, kept from one text to the next that is the same.
//!
//! Parsing is nearly all of the work, and it depends on the text alone; the step after it, which decides what comes out,
//! is done anew each time. So what is kept needs no trust: it is balanced markup or it is not used, and whatever it says is
//! then written as the policy has it, as if somebody's post had said it.

use sha2::{Digest as _, Sha256};

use super::tag::{Piece, Scanner, is_void};

/// What a text is known by: the SHA-256 of it and of what decides, besides, what the parser makes of it.
pub type Key = [u8; 32];

/// Where balanced markup is kept. What it fails to keep costs time and nothing else.
pub trait Cache: Send + Sync {
    /// The markup that was kept under this key.
    fn get(&self, key: &Key) -> Option<String>;
    /// Keeps markup under a key.
    fn put(&self, key: &Key, balanced: &str);
}

/// The parser that `Cargo.lock` names, a test holds.
const PARSER: &str = "ammonia 4.2.5, html5ever 0.40.1";

/// Everything that decides what the parser makes of a text: a change of any of it changes every key.
const DECIDES: [&str; 12] = [
    include_str!("beside.rs"),
    include_str!("captioned.rs"),
    include_str!("crowded.rs"),
    include_str!("embeds.rs"),
    include_str!("foreign.rs"),
    include_str!("mod.rs"),
    include_str!("nesting.rs"),
    include_str!("policy.rs"),
    include_str!("repair.rs"),
    include_str!("stand_ins.rs"),
    include_str!("tag.rs"),
    PARSER,
];

/// Makes keys.
pub(super) struct Keys(Sha256);

impl Keys {
    pub(super) fn new() -> Self {
        let mut of_all = Sha256::new();
        for part in DECIDES {
            of_all.update(part);
            of_all.update([0]);
        }
        Self(Sha256::new_with_prefix(of_all.finalize()))
    }

    pub(super) fn of(&self, html: &str) -> Key {
        self.0.clone().chain_update(html).finalize().into()
    }
}

/// Whether every element ends where it must: what a parser wrote does, and nothing else can close what stands around a
/// post.
pub(super) fn is_balanced(html: &str) -> bool {
    let mut open = Vec::new();
    let nested = Scanner::new(html).all(|piece| match piece {
        Piece::Open { name, .. } => {
            if !is_void(name) {
                open.push(name);
            }
            true
        }
        Piece::Close { name } => open.pop() == Some(name),
        Piece::Text(_) | Piece::Stray => true,
    });
    nested && open.is_empty()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use super::super::{Addresses, Context, Sanitiser, Shown};
    use super::{Cache, Key, PARSER, is_balanced};

    struct Web;

    impl Addresses for Web {
        fn link(&mut self, href: &str) -> Option<String> {
            Some(href.to_owned())
        }

        fn picture(&mut self, src: &str) -> Option<Shown> {
            Some(Shown { src: src.to_owned(), size: None })
        }
    }

    /// Keeps everything; what it gives can be changed.
    #[derive(Default)]
    struct Memory {
        kept: Mutex<BTreeMap<Key, String>>,
        puts: Mutex<usize>,
    }

    impl Cache for Memory {
        fn get(&self, key: &Key) -> Option<String> {
            self.kept.lock().unwrap().get(key).cloned()
        }

        fn put(&self, key: &Key, balanced: &str) {
            *self.puts.lock().unwrap() += 1;
            self.kept.lock().unwrap().insert(*key, balanced.to_owned());
        }
    }

    fn sanitised(sanitiser: &Sanitiser, html: &str, prefix: &str) -> String {
        sanitiser.foreign(html, Context { prefix, title: None }, &mut Web).as_str().to_owned()
    }

    #[test]
    fn a_text_is_parsed_once_and_written_for_each_post() {
        let memory = Arc::new(Memory::default());
        let (kept, alone) = (Sanitiser::with(Some(memory.clone())), Sanitiser::new());
        for html in ["<p id=x>a<b>c</p><script>d</script>", "<img src=/a.png>e", "plain"] {
            for prefix in ["one", "two", "one"] {
                assert_eq!(sanitised(&kept, html, prefix), sanitised(&alone, html, prefix));
            }
        }
        assert_eq!(*memory.puts.lock().unwrap(), 3);
    }

    #[test]
    fn who_tampers_with_what_is_kept_gains_nothing() {
        let memory = Arc::new(Memory::default());
        let sanitiser = Sanitiser::with(Some(memory.clone()));
        let clean = sanitised(&sanitiser, "<p>a</p>", "x");
        for (hostile, expected) in [
            ("<p onclick=\"a()\">b</p><script>c</script>", "<p>b</p>c"),
            ("<a href=\"javascript:a()\">b</a>", "b"),
            ("</div></article><p>b</p>", &clean),
            ("<div>b", &clean),
            ("<div><p>b</div></p>", &clean),
        ] {
            memory.kept.lock().unwrap().values_mut().for_each(|kept| *kept = hostile.to_owned());
            assert_eq!(sanitised(&sanitiser, "<p>a</p>", "x"), expected, "{hostile}");
        }
    }

    #[test]
    fn what_a_parser_wrote_is_balanced() {
        let sanitiser = Sanitiser::new();
        for html in [
            "<p>a<p>b<div></p>c",
            "<table><tr><td>a<div>b</table>",
            "a<br>b<hr><img src=x><input><wbr>",
            "<b><i>a</b>c</i>",
            "<ul><li>a<li>b",
            "<video><source src=a><track></video><iframe src=b></iframe>",
            "a < b &lt; c <!-- d --> e",
        ] {
            assert!(is_balanced(&sanitiser.parse(html)), "{html}");
        }
        assert!(!is_balanced("<b><i></b></i>") && !is_balanced("</p>") && !is_balanced("<p>"));
    }

    #[test]
    fn the_parser_is_the_one_that_the_lock_file_names() {
        let lock = include_str!("../../../Cargo.lock");
        let version = |name: &str| {
            let package = lock.split("[[package]]").find(|package| package.contains(&format!("name = \"{name}\"\n")));
            package.unwrap().split_once("version = \"").unwrap().1.split('"').next().unwrap().to_owned()
        };
        // Where several versions are locked, the package tells which one it asks.
        let ammonia = lock.split("[[package]]").find(|package| package.contains("name = \"ammonia\"\n")).unwrap();
        let asked = ammonia.lines().find_map(|line| line.trim().strip_prefix("\"html5ever")).unwrap();
        let asked = asked.trim_matches(['"', ',', ' ']);
        let html5ever = if asked.is_empty() { version("html5ever") } else { asked.to_owned() };
        assert_eq!(PARSER, format!("ammonia {}, html5ever {html5ever}", version("ammonia")));
    }
}
