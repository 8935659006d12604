//! Whom a report came to, and whom it is about.

use super::addresses::addresses;
use super::headers::Headers;
use super::notice;
use super::read::Returned;

/// How many addresses of some fields are looked at.
const MOST_ADDRESSES: usize = 100;

/// The addresses in fields of these names, in this order, each once.
pub(super) fn addresses_of(headers: &Headers, names: &[&str]) -> Vec<String> {
    let all = names.iter().flat_map(|name| headers.all(name)).flat_map(|value| addresses(value, MOST_ADDRESSES));
    let mut found: Vec<String> = Vec::new();
    for (_, address) in all.take(MOST_ADDRESSES) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// The addresses that a message was sent to, those of the envelope first.
pub(super) fn sent_to(headers: &Headers) -> Vec<String> {
    addresses_of(headers, &["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to"])
}

/// Fields that name whoever wrote a message.
const WRITERS: [&str; 4] = ["from", "sender", "reply-to", "return-path"];

/// Whom a report in words is about: what a field of its headers says; else who is pointed at in it, or is named and was
/// written to; else who is named in it; else the only one who was written to.
pub(super) fn in_words(headers: &Headers, text: &str, original: Option<&Headers>, returned: &Returned) -> Vec<String> {
    let failed = addresses_of(headers, &["x-failed-recipients"]);
    if !failed.is_empty() {
        return failed;
    }
    let was_written_to = |address: &str| returned.to.iter().any(|to| to.eq_ignore_ascii_case(address));
    // Whoever wrote the report, gets it, or wrote what it returns.
    let mut others = addresses_of(headers, &["to"]);
    others.extend(addresses_of(headers, &WRITERS));
    others.extend(original.map(|headers| addresses_of(headers, &WRITERS)).unwrap_or_default());
    let is_other = |address: &str| {
        let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
        let server = ["mailer-daemon", "postmaster", "abuse"].contains(&local.as_str());
        let other = server || others.iter().any(|other| other.eq_ignore_ascii_case(address));
        other && !was_written_to(address)
    };
    let named = notice::named(text, is_other);
    let mut sure = notice::pointed(text, &named);
    let more = named.iter().filter(|one| was_written_to(one) && !sure.contains(one));
    sure.extend(more.cloned().collect::<Vec<_>>());
    match (sure.is_empty(), named.is_empty()) {
        (false, _) => sure,
        (true, false) => named,
        (true, true) if returned.to.len() == 1 => returned.to.clone(),
        (true, true) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::headers::Headers;
    use super::super::read::Returned;
    use super::in_words;

    #[test]
    fn recipients_are_told_from_whoever_else_is_named() {
        let headers = Headers::read(b"From: postmaster@y.example\nTo: news@x.example\n\n").0;
        let of = |text: &str, to: &[&str]| {
            let to = to.iter().map(ToString::to_string).collect();
            in_words(&headers, text, None, &Returned { to, ..Returned::default() })
        };
        assert_eq!(of("Dear news@x.example,\n<ann@y.example>: gone\nAsk help@y.example.", &[]), ["ann@y.example"]);
        assert_eq!(of("No mail for ann@y.example, ask help@y.example.", &["ann@y.example"]), ["ann@y.example"]);
        assert_eq!(of("It is gone.", &["ann@y.example"]), ["ann@y.example"]);
        assert_eq!(of("It is gone.", &["ann@y.example", "bo@y.example"]), [""; 0]);
        let failed = Headers::read(b"X-Failed-Recipients: cy@y.example, di@y.example\n\n").0;
        assert_eq!(in_words(&failed, "", None, &Returned::default()), ["cy@y.example", "di@y.example"]);
    }
}
