//! Addresses in running text.

/// What may stand before an `@` outside of quotes (RFC 5322 3.2.3, and letters beyond ASCII of RFC 6531).
fn is_atom(c: char) -> bool {
    c.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// The addresses in a text with where they begin, in their order, at most `most` of them.
pub(super) fn addresses(text: &str, most: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        if found.len() == most {
            break;
        }
        let (before, after) = (&text[..at], &text[at + 1..]);
        let local = local_part(before);
        let domain: String =
            after.chars().take(255).take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')).collect();
        let domain = domain.trim_end_matches(['.', '-', '_']);
        let is_domain = domain.contains('.') && !domain.starts_with('.') && !domain.contains("..");
        if !local.is_empty() && is_domain {
            found.push((at - local.len(), format!("{local}@{domain}")));
        }
    }
    found
}

/// The first address in a text.
pub(super) fn address_in(text: &str) -> Option<String> {
    addresses(text, 1).into_iter().next().map(|(_, address)| address)
}

/// The end of a text as what stands before an `@`: a quoted string or atoms.
fn local_part(before: &str) -> &str {
    if let Some(quoted) = before.strip_suffix('"') {
        let start = quoted.char_indices().rev().take(66).find(|(_, c)| *c == '"' || *c == '\n');
        return match start {
            Some((start, '"')) => &before[start..],
            _ => "",
        };
    }
    let length: usize = before.chars().rev().take(200).take_while(|c| is_atom(*c)).map(char::len_utf8).sum();
    let local = &before[before.len() - length..];
    // `'a@b.example'`, `*a@b.example*`
    local.trim_start_matches(['.', '*', '|', '`', '-', '/', '\'', '='])
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_are_found_among_other_signs() {
        let text = "<a.b+c@x.example>, \"d e\"@y.example: 'f@z.example'. @no.example g@localhost (rfc822;h@x-y.example.) a@b@c.example";
        let found: Vec<String> = addresses(text, 100).into_iter().map(|(_, address)| address).collect();
        assert_eq!(found, ["a.b+c@x.example", "\"d e\"@y.example", "f@z.example", "h@x-y.example", "b@c.example"]);
        assert_eq!(addresses(text, 2).len(), 2);
        let (at, found) = &addresses("to ann@x.example", 9)[0];
        assert_eq!((*at, found.as_str()), (3, "ann@x.example"));
    }
}
