//! The text of one line of Markdown, as titles and captions are: its marks go, and nothing else.
//!
//! A parser of whole texts reads `Vec<T>` as a tag and `__init__` as bold. In a line of a few words that is seldom meant.
//! So what is taken for a mark here is well-formed and can hardly be anything else: `*emphasis*` between words, `code`,
//! `[a link](https://example.org/)`, the tags of HTML in pairs, references such as `&amp;`, and `\` before a mark.

use super::plain::{self, Tag};

/// What a `_` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Underscores {
    /// A pair of single ones marks emphasis; several stand for themselves, as in `__init__`.
    Marks,
    /// Each stands for itself.
    Letters,
}

/// What a `\` may stand before.
const ESCAPED: &str = "\\*_`[]<>&#~!";

/// A longer text is no line, in bytes: it is taken as it stands.
const LONGEST: usize = 8 << 10;

/// A piece of the line.
#[derive(Debug)]
enum Piece {
    Text(String),
    /// Signs of emphasis, of which so many are left to be paired.
    Signs {
        sign: char,
        left: usize,
        opens: bool,
        closes: bool,
    },
}

/// The line without its marks.
pub(super) fn text(line: &str, underscores: Underscores) -> String {
    if line.len() > LONGEST || !line.contains(['*', '_', '`', '[', '<', '&', '\\']) {
        return line.to_owned();
    }
    let mut reader = Reader { line, at: 0, pieces: Vec::new(), underscores };
    while reader.at < line.len() {
        reader.next();
    }
    pair(&mut reader.pieces);
    let mut out = String::with_capacity(line.len());
    for piece in reader.pieces {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Signs { sign, left, .. } => out.extend(std::iter::repeat_n(sign, left)),
        }
    }
    out
}

struct Reader<'t> {
    line: &'t str,
    at: usize,
    pieces: Vec<Piece>,
    underscores: Underscores,
}

impl Reader<'_> {
    /// Reads what stands next.
    fn next(&mut self) {
        let rest = &self.line[self.at..];
        let first = rest.chars().next().unwrap_or_default();
        let (text, length) = match first {
            '\\' => escaped(rest),
            '`' => Some(code(rest)),
            '&' => reference(rest),
            '<' => self.markup(rest),
            '[' | '!' => link(rest, self.underscores),
            '*' => return self.signs('*'),
            '_' if self.underscores == Underscores::Marks => return self.signs('_'),
            _ => None,
        }
        .unwrap_or_else(|| (first.to_string(), first.len_utf8()));
        match self.pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(&text),
            _ => self.pieces.push(Piece::Text(text)),
        }
        self.at += length;
    }

    /// A run of signs: it opens before a word and closes after one, not inside of one (`2*3*4`), but for scripts that are
    /// written without spaces.
    fn signs(&mut self, sign: char) {
        let rest = &self.line[self.at..];
        let count = rest.len() - rest.trim_start_matches(sign).len();
        let before = self.line[..self.at].chars().next_back();
        let after = rest[count..].chars().next();
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let is_mark = |c: Option<char>| c.is_some_and(|c| c.is_ascii_punctuation() || is_general_punctuation(c));
        // Left-flanking and right-flanking (CommonMark 6.2), and no letter on the other side.
        let opens = !is_space(after) && (!is_mark(after) || is_space(before) || is_mark(before)) && !is_letter(before);
        let closes = !is_space(before) && (!is_mark(before) || is_space(after) || is_mark(after)) && !is_letter(after);
        let is_word = sign == '_' && count > 1;
        let (opens, closes) = (opens && !is_word, closes && !is_word);
        self.pieces.push(Piece::Signs { sign, left: count, opens, closes });
        self.at += count;
    }

    /// A tag of HTML that has its other half in the line, an element that has none, a comment, an address in brackets.
    fn markup(&self, rest: &str) -> Option<(String, usize)> {
        if rest.starts_with("<!--") {
            return rest.find("-->").map(|end| (String::new(), end + 3));
        }
        let end = rest.find('>')?;
        let inside = &rest[1..end];
        let is_address = inside.contains("://") && !inside.contains(|c: char| c.is_whitespace() || c == '<');
        if is_address {
            return Some((inside.to_owned(), end + 1));
        }
        let closes = inside.starts_with('/');
        let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let space = match plain::tag(rest)? {
            Tag::Inline => "",
            Tag::Block => " ",
        };
        if matches!(name.as_str(), "br" | "wbr") {
            return Some((if name == "br" { " " } else { "" }.to_owned(), end + 1));
        }
        if name == "img" {
            let alt = super::sanitise::tag::attribute(inside, "alt")?;
            return Some((alt.into_owned(), end + 1));
        }
        let lower = self.line.to_ascii_lowercase();
        let has_other = if closes {
            let open = format!("<{name}");
            lower[..self.at].match_indices(&open).any(|(at, _)| !lower[at + open.len()..].starts_with(is_name))
        } else {
            lower[self.at + end..].contains(&format!("</{name}>"))
        };
        has_other.then(|| (space.to_owned(), end + 1))
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// Dashes, quotation marks and the like, in Latin and in other scripts.
fn is_general_punctuation(c: char) -> bool {
    matches!(c, '\u{a1}' | '\u{ab}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{ff01}'..='\u{ff0f}')
}

fn escaped(rest: &str) -> Option<(String, usize)> {
    let sign = rest[1..].chars().next().filter(|c| ESCAPED.contains(*c))?;
    Some((sign.to_string(), 2))
}

/// A span of code, as it stands.
fn code(rest: &str) -> (String, usize) {
    let run = rest.len() - rest.trim_start_matches('`').len();
    let mut at = run;
    while let Some(found) = rest[at..].find('`') {
        let start = at + found;
        let length = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        if length == run {
            let inside = &rest[run..start];
            let padded = inside.len() > 2 && inside.starts_with(' ') && inside.ends_with(' ');
            let inside = if padded { &inside[1..inside.len() - 1] } else { inside };
            return (inside.to_owned(), start + run);
        }
        at = start + length;
    }
    // What has no end is as many signs.
    (rest[..run].to_owned(), run)
}

fn reference(rest: &str) -> Option<(String, usize)> {
    let end = rest.bytes().take(40).position(|byte| byte == b';')?;
    Some((plain::entity(rest.get(1..end)?)?, end + 1))
}

/// `[text](address)` and `![text](address)`, where the address looks like one; `List[Int](1)` is none.
fn link(rest: &str, underscores: Underscores) -> Option<(String, usize)> {
    let open = if rest.starts_with("![") { 2 } else { 1 };
    let inside = rest.get(open..).filter(|_| rest[..open].ends_with('['))?;
    let mut depth = 1;
    let close = inside.char_indices().find(|(at, c)| {
        let is_escaped = inside[..*at].ends_with('\\');
        match c {
            '[' if !is_escaped => depth += 1,
            ']' if !is_escaped => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let after = inside[close.0 + 1..].strip_prefix('(')?;
    let end = after.find(')')?;
    let address = after[..end].split_whitespace().next().unwrap_or_default();
    let title = after[..end].trim()[address.len()..].trim();
    let is_title = title.is_empty() || (title.starts_with(['"', '\'']) && title.len() > 1);
    let is_link = is_title && address.contains(['/', '.', ':', '#']);
    is_link.then(|| (text(&inside[..close.0], underscores), open + close.0 + 2 + end + 1))
}

/// Pairs the signs as `CommonMark` does: each run that closes with the nearest one that opens.
fn pair(pieces: &mut [Piece]) {
    for index in 0..pieces.len() {
        while let Piece::Signs { sign, left: mine, closes: true, opens: both } = pieces[index] {
            let fits = |piece: &Piece| match piece {
                Piece::Signs { sign: theirs, left, opens: true, closes } => {
                    // Of a run that may both open and close (rule of three).
                    let odd = (both || *closes) && (left + mine).is_multiple_of(3) && !mine.is_multiple_of(3);
                    *theirs == sign && *left > 0 && !odd
                }
                _ => false,
            };
            if mine == 0 {
                break;
            }
            let Some(opener) = pieces[..index].iter().rposition(fits) else { break };
            let Piece::Signs { left, .. } = &mut pieces[opener] else { break };
            let used = if *left >= 2 && mine >= 2 { 2 } else { 1 };
            *left -= used;
            // What stands between, unpaired, stays as it is.
            for between in &mut pieces[opener + 1..index] {
                if let Piece::Signs { opens, closes, .. } = between {
                    (*opens, *closes) = (false, false);
                }
            }
            if let Piece::Signs { left, .. } = &mut pieces[index] {
                *left -= used;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Underscores, text};

    #[test]
    fn what_is_no_mark_stays() {
        for line in [
            "Vec<T> and Option<u32>",
            "HashMap<String, Vec<u8>>",
            "__init__ and __main__.py",
            "_layouts and _includes_",
            "2*3*4 = 24",
            "f(*args, **kwargs)",
            "rm -rf *.o *.a",
            "The <b> tag",
            "The <table> element, </p> and <your-name>",
            "a < b > c & d; AT&T",
            "List[Int](1) and a[0](x)",
            "[RFC] A format",
            "C:\\temp\\new",
            "5 * 3 * 2",
            "`unpaired and ``",
            "* not a list",
            "# 1. x",
            "it costs 5* and 6*",
            "snake_case_name",
            "!important",
        ] {
            assert_eq!(text(line, Underscores::Letters), line);
        }
        assert_eq!(text("__init__ in snake_case", Underscores::Marks), "__init__ in snake_case");
    }

    #[test]
    fn marks_that_are_meant_go() {
        for (line, expected) in [
            ("A *short* title", "A short title"),
            ("**Bold**, *and **both***", "Bold, and both"),
            ("`Vec<T>` and ``a ` b``", "Vec<T> and a ` b"),
            ("これは*重要*です", "これは重要です"),
            ("\"*Ulysses*\": a note", "\"Ulysses\": a note"),
            ("[The *book*](https://a.example/ \"x\") and ![pic](a.png)", "The book and pic"),
            ("A <em>short</em> <B class=x>title</B><br>here", "A short title here"),
            ("&amp; &#233; &nosuch; &", "& é &nosuch; &"),
            ("\\*not\\* \\_this\\_ \\<b\\>", "*not* _this_ <b>"),
            ("See <https://a.example/x>", "See https://a.example/x"),
            ("cut<!-- here -->", "cut"),
        ] {
            assert_eq!(text(line, Underscores::Letters), expected);
        }
        assert_eq!(text("The _Iliad_ and _x_y", Underscores::Marks), "The Iliad and _x_y");
    }
}
