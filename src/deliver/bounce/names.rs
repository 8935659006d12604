//! Names in the words of a server: what an address or a host is called is no reason.

/// Words in lower case with single spaces, an `@` for each address in them and `host` for each host that is named as one.
pub(super) fn without_names(words: &str) -> String {
    let all: Vec<&str> = words.split(' ').collect();
    let mut out = String::with_capacity(words.len());
    for (at, word) in all.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let before = &all[..at];
        match host(word).filter(|(_, behind)| is_named(before, behind, all.get(at + 1).copied())) {
            Some((_, behind)) => {
                out.push_str("host");
                out.push_str(behind);
            }
            None => push_without_addresses(word, &mut out),
        }
    }
    out
}

/// A word that begins with the name of a host: that, and what stands behind it.
fn host(word: &str) -> Option<(&str, &str)> {
    let end = word.find(|c: char| !is_of_domain(c)).unwrap_or(word.len());
    let name = word[..end].trim_end_matches('.');
    let is_name = name.contains('.') && name.contains(|c: char| c.is_ascii_alphabetic()) && !word.contains('@');
    is_name.then(|| (name, &word[name.len()..]))
}

/// Whether a name is said to be a host: it stands behind that word, or its IP address behind it.
fn is_named(before: &[&str], behind: &str, next: Option<&str>) -> bool {
    let is_address = |text: &str| {
        let inner = text.trim_start_matches(['[', '(']);
        inner.len() < text.len() && inner.starts_with(|c: char| c.is_ascii_hexdigit())
    };
    let is_told = match before {
        [.., "talking", "to"] => true,
        [.., last] => matches!(*last, "host" | "server" | "mta"),
        [] => false,
    };
    is_told || is_address(behind) || behind.is_empty() && next.is_some_and(is_address)
}

fn is_of_domain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// What may stand before an `@` (RFC 5322 3.2.3), in letters of ASCII: others may be those of a sentence without blanks.
fn is_of_local_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn push_without_addresses(word: &str, out: &mut String) {
    let mut parts = word.split('@');
    let Some(mut rest) = parts.next() else { return };
    for next in parts {
        out.push_str(rest.trim_end_matches(is_of_local_part));
        out.push('@');
        rest = next.trim_start_matches(is_of_domain);
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn names_are_taken_out_and_words_stay() {
        for (words, left) in [
            ("<info@dmarc.example>: user unknown", "<@>: user unknown"),
            ("550 'quota@a.example' no a@b@c.example,x", "550 @' no @@,x"),
            ("host mx1.virus.example [192.0.2.5]: no", "host host [192.0.2.5]: no"),
            ("host mx.spam.example[2001:db8::1] said: no", "host host[2001:db8::1] said: no"),
            ("while talking to mx.quota.example.: 550", "while talking to host.: 550"),
            ("mx.virus.example (192.0.2.5) refused", "host (192.0.2.5) refused"),
            ("blocked using zen.spamhaus.org", "blocked using zen.spamhaus.org"),
            ("resolver.adr.recipnotfound; not found", "resolver.adr.recipnotfound; not found"),
            ("宛先不明user@x.example宛先", "宛先不明@宛先"),
            ("see https://x.example/?a=b (x)", "see https://x.example/?a=b (x)"),
            ("", ""),
        ] {
            assert_eq!(without_names(words), left, "{words}");
        }
    }
}
