//! YAML that Jekyll's and Hugo's readers take and a strict one does not: scalars in quotes and lists in brackets that go
//! on without an indentation, tabs as padding.

/// Writes such YAML as a strict reader has it. Lines stay where they are, and columns nearly.
pub(super) fn tightened(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut scan = Scan::default();
    for line in text.split_inclusive('\n') {
        if scan.in_block(line) {
            out.push_str(line);
            continue;
        }
        if scan.goes_on() && !line.starts_with(' ') && !line.trim().is_empty() {
            out.push(' ');
        }
        scan.line(line, &mut out);
    }
    out
}

/// What is open where a line begins.
#[derive(Default)]
struct Scan {
    quote: Option<char>,
    /// How many brackets are open.
    brackets: usize,
    /// The indentation of the line whose value is a block of text (`|`, `>`).
    block: Option<usize>,
}

impl Scan {
    fn goes_on(&self) -> bool {
        self.quote.is_some() || self.brackets > 0
    }

    /// Whether this line belongs to a block of text, which ends where one is indented as little as its key.
    fn in_block(&mut self, line: &str) -> bool {
        let inside = self.block.is_some_and(|key| line.trim().is_empty() || indentation(line) > key);
        if !inside {
            self.block = None;
        }
        inside
    }

    /// Copies a line; tabs outside of quotes are spaces.
    fn line(&mut self, line: &str, out: &mut String) {
        // Whether a value may begin here, and whether white space stands before.
        let (mut fresh, mut spaced) = (true, true);
        let mut chars = line.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if let Some(quote) = self.quote {
                out.push(c);
                if quote == '"' && c == '\\' {
                    out.extend(chars.next().map(|(_, escaped)| escaped));
                } else if quote == '\'' && c == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') {
                    out.extend(chars.next().map(|(_, doubled)| doubled));
                } else if c == quote {
                    self.quote = None;
                    (fresh, spaced) = (false, false);
                }
                continue;
            }
            let before_space = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
            match c {
                '#' if spaced => {
                    out.push_str(&line[at..]);
                    return;
                }
                '"' | '\'' if fresh => self.quote = Some(c),
                '[' | '{' if fresh => self.brackets += 1,
                ']' | '}' if self.brackets > 0 => {
                    self.brackets -= 1;
                    fresh = false;
                }
                ',' if self.brackets > 0 => fresh = true,
                '|' | '>' if fresh && self.brackets == 0 && is_block_header(&line[at + 1..]) => {
                    self.block = Some(indentation(line));
                }
                ':' if before_space => fresh = true,
                '-' if before_space => {}
                c if c.is_whitespace() => {}
                _ => fresh = false,
            }
            spaced = c.is_whitespace();
            out.push(if c == '\t' { ' ' } else { c });
        }
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// What may follow `|` and `>`: `+`, `-`, a digit, a comment.
fn is_block_header(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit()).trim();
    rest.is_empty() || rest.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::tightened;

    #[test]
    fn what_goes_on_is_indented() {
        for (text, expected) in [
            ("a: \"one\ntwo\n\nthree\"\nb: x\n", "a: \"one\n two\n\n three\"\nb: x\n"),
            ("a: 'it''s\nso'\nb: [x,\ny]\n", "a: 'it''s\n so'\nb: [x,\n y]\n"),
            ("a:\t\"x\ty\"\t# \"no\n", "a: \"x\ty\" # \"no\n"),
            ("a: it's 5\" long\nb: c#\n", "a: it's 5\" long\nb: c#\n"),
            ("a: |\n  \"x\n\n  y: [\nb: x\n", "a: |\n  \"x\n\n  y: [\nb: x\n"),
            ("- \"a\nb\"\n", "- \"a\n b\"\n"),
        ] {
            assert_eq!(tightened(text), expected);
        }
    }
}
