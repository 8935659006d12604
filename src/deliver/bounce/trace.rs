//! Which delivery a report is about, by what it says itself.

use super::read::Reading;
use crate::deliver::verp::{Forged, Verp};

/// What a report says of the delivery that it is about. The store knows whether there is such a one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// A return path that we made names this delivery.
    Delivery(i64),
    /// These Message-IDs may be ours, the likeliest first.
    MessageIds(Vec<String>),
    /// It came to an address of the form of our return paths that we did not make.
    Forged,
}

/// Looks for return paths of ours, first where the report came to, then in what it returns; else for Message-IDs. `keys`
/// are those from which return paths were ever made.
#[must_use]
pub fn trace(reading: &Reading, keys: &[Vec<u8>]) -> Trace {
    let mut forged = false;
    for address in &reading.sent_to {
        match Verp::read_any(address, keys) {
            Ok(Some(delivery)) => return Trace::Delivery(delivery),
            Ok(None) => {}
            Err(Forged) => forged = true,
        }
    }
    for path in [&reading.returned.return_path, &reading.returned.reported_path].into_iter().flatten() {
        if let Ok(Some(delivery)) = Verp::read_any(path, keys) {
            return Trace::Delivery(delivery);
        }
    }
    if forged {
        return Trace::Forged;
    }
    Trace::MessageIds(reading.returned.message_id.iter().chain(&reading.answers).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::{Trace, trace};
    use crate::deliver::bounce::read;
    use crate::deliver::verp::Verp;

    #[test]
    fn a_return_path_goes_before_a_message_id_and_a_forged_one_before_nothing() {
        let path = Verp::new("b@x.example", b"key").unwrap().make(7);
        let of = |head: &str, body: &str| trace(&read(format!("{head}\n\n{body}").as_bytes()), &[b"key".to_vec()]);
        assert_eq!(of(&format!("To: <{path}>\nReferences: <1@x.example>"), ""), Trace::Delivery(7));
        assert_eq!(of("To: b+8.0123456789abcdef@x.example\nIn-Reply-To: <1@x.example>", ""), Trace::Forged);
        let ids = Trace::MessageIds(vec!["1@x.example".to_owned(), "2@x.example".to_owned()]);
        assert_eq!(of("To: b@x.example\nReferences: <1@x.example>\n <2@x.example>", ""), ids);
        let returned = format!("Return-Path: <{path}>\nReceived: x\nTo: a@y.example\nMessage-ID: <3@x.example>\n");
        assert_eq!(of("From: MAILER-DAEMON\nTo: b@x.example", &returned), Trace::Delivery(7));
    }
}
