//! Addresses that mail comes from, and who vouches for them.

use crate::config::{Config, Transport};
use crate::deliver::Sender;
use crate::error::{Result, Warning};

/// Providers of addresses for everybody, whose DMARC records have mail refused that others send in their name.
const FREE: [&str; 24] = [
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.fr",
    "yahoo.de",
    "ymail.com",
    "outlook.com",
    "hotmail.com",
    "hotmail.co.uk",
    "live.com",
    "msn.com",
    "aol.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "web.de",
    "mail.ru",
    "yandex.ru",
    "proton.me",
    "protonmail.com",
];

/// What may have receivers refuse the mail of a series, by the address that it comes from. Of mail that goes to files nobody here
/// knows who hands it on, and for whom.
pub(in crate::cli) fn vouching(config: &Config, series: &str) -> Result<Vec<Warning>> {
    let mut found = Vec::new();
    if let Some(url) = config.mail.subscriptions_url.as_deref().filter(|url| !url.starts_with("https://")) {
        let warning = Warning::new(format!("`subscriptions_url` is not under https: `{url}`"));
        found.push(warning.hint("mail programs unsubscribe with one click over https alone (RFC 8058)"));
    }
    if config.mail.transport == Transport::File {
        return Ok(found);
    }
    let sender = Sender::new(&config.mail_of(series), &config.lists)?;
    let (from, domain) = (sender.address(), sender.domain().to_ascii_lowercase());
    if FREE.contains(&domain.as_str()) && !has_own_relay(config, &domain) {
        let warning = Warning::new(format!("mail comes from `{from}`, an address of a free provider"));
        found.push(
            warning.hint("receivers refuse what others send in its name: an address in a domain of yours will do"),
        );
    } else if !domain.contains('.') {
        let warning = Warning::new(format!("mail comes from `{from}`, whose domain has no dot"));
        found.push(warning.hint("no receiver can look up who vouches for it"));
    }
    let signing: Vec<&str> =
        config.mail.dkim.iter().map(|key| key.domain.as_deref().unwrap_or_else(|| sender.domain())).collect();
    if !signing.is_empty() && !signing.iter().any(|signs| is_aligned(signs, &domain)) {
        let warning = Warning::new(format!(
            "mail comes from `{from}`, and is signed for another domain: {}",
            signing.iter().map(|domain| format!("`{domain}`")).collect::<Vec<_>>().join(", ")
        ));
        found.push(
            warning
                .hint("DMARC asks for a signature of the domain of `from`: `[[mail.dkim]]` for it, or another `from`"),
        );
    }
    Ok(found)
}

/// Whether mail goes through a relay of the provider, which vouches for it: `smtp.gmail.com`, `mail.gmx.net`.
fn has_own_relay(config: &Config, domain: &str) -> bool {
    let Transport::Smtp(relays) = &config.mail.transport else { return false };
    let name = domain.split('.').next().unwrap_or_default();
    relays.iter().any(|relay| {
        let is_named = relay.host.split('.').any(|part| part.starts_with(name));
        is_named || FREE.iter().chain(&["office365.com"]).any(|free| relay.host.ends_with(&format!(".{free}")))
    })
}

/// Whether a signature of one domain may count for mail from the other (RFC 7489 3.1.1, relaxed). Which domains have an owner of
/// their own is not known here: those with the same last two names may have the same.
fn is_aligned(signs: &str, from: &str) -> bool {
    let end = |domain: &str| {
        let names: Vec<String> =
            domain.trim_end_matches('.').rsplit('.').take(2).map(str::to_ascii_lowercase).collect();
        names
    };
    signs.eq_ignore_ascii_case(from) || (end(signs).len() == 2 && end(signs) == end(from))
}

#[cfg(test)]
mod tests {
    use super::is_aligned;

    #[test]
    fn a_signature_counts_for_its_own_domain() {
        assert!(
            is_aligned("gazette.example", "Gazette.example") && is_aligned("mail.gazette.example", "gazette.example")
        );
        assert!(!is_aligned("gazette.example", "gmail.com") && !is_aligned("localhost", "example"));
    }
}
