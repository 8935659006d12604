//! Complaints of readers, as providers hand them on (RFC 5965).

use super::addresses::address_in;
use super::headers::Headers;

/// What a report of feedback says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Feedback {
    /// Whether a reader complained: of `abuse`, `fraud`, a `virus`, or something `other`; `opt-out` asks for no more mail.
    /// `not-spam` says the contrary, and `auth-failure` (RFC 6591) and `dmarc` are about the sender's domain.
    pub(super) is_complaint: bool,
    /// The kind, in lower case.
    pub(super) kind: String,
    /// Whom the mail was to.
    pub(super) recipients: Vec<String>,
    /// The return path of the mail (3.2).
    pub(super) mail_from: Option<String>,
}

/// Reads the fields of a report of feedback.
pub(super) fn feedback(bytes: &[u8]) -> Feedback {
    let (fields, _) = Headers::read(bytes);
    let kind = fields.get("feedback-type").unwrap_or("other").trim().to_ascii_lowercase();
    let named = ["original-rcpt-to", "removal-recipient", "original-recipient"];
    let mut recipients: Vec<String> = Vec::new();
    for address in named.iter().flat_map(|name| fields.all(name)).filter_map(address_in) {
        if !recipients.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
            recipients.push(address);
        }
    }
    Feedback {
        is_complaint: !matches!(kind.as_str(), "not-spam" | "auth-failure" | "dmarc" | "miscategorized"),
        kind,
        recipients,
        mail_from: fields.get("original-mail-from").and_then(address_in),
    }
}

#[cfg(test)]
mod tests {
    use super::feedback;

    #[test]
    fn complaints_are_told_from_other_reports() {
        let found = feedback(b"Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\nOriginal-Rcpt-To: <ann@x.example>\nOriginal-Rcpt-To: ann@x.example\n");
        assert!(found.is_complaint);
        assert_eq!(found.recipients, ["ann@x.example"]);
        assert!(!feedback(b"Feedback-Type: not-spam\n").is_complaint);
        assert!(!feedback(b"Feedback-Type: auth-failure\n").is_complaint);
    }
}
