//! Which delivery a report is about, by what it says itself.

use super::read::Reading;
use crate::deliver::verp::ReturnPath;
use crate::error::Result;

/// What a report says of the delivery that it is about. The store knows whether there is such a one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// A return path that we made for the message of this delivery.
    Delivery(i64),
    /// A return path of an earlier version, which names this delivery by its number alone: that of another store may be
    /// somebody else's.
    Number(i64),
    /// These Message-IDs may be ours, the likeliest first.
    MessageIds(Vec<String>),
    /// It came to an address of the form of our return paths, of this number, that we did not make, or not for the message
    /// that has this number in the store.
    Forged(i64),
}

/// Looks for return paths of ours, first where the report came to, then in what it returns; else for Message-IDs. `keys`
/// are those from which return paths were ever made; `sent` is asked for the Message-ID of a delivery.
pub fn trace(
    reading: &Reading,
    keys: &[Vec<u8>],
    sent: &mut dyn FnMut(i64) -> Result<Option<String>>,
) -> Result<Trace> {
    let mut known = |path: &ReturnPath| -> Result<Option<Trace>> {
        let message_id = if path.is_bound { sent(path.delivery)? } else { None };
        let trace = if path.is_bound { Trace::Delivery } else { Trace::Number };
        Ok(path.is_made_with(keys, message_id.as_deref()).then(|| trace(path.delivery)))
    };
    let mut forged = None;
    for path in reading.sent_to.iter().filter_map(|address| ReturnPath::read(address)) {
        if let Some(trace) = known(&path)? {
            return Ok(trace);
        }
        forged = Some(path.delivery);
    }
    let returned = [&reading.returned.return_path, &reading.returned.reported_path];
    for path in returned.into_iter().flatten().filter_map(|address| ReturnPath::read(address)) {
        if let Some(trace) = known(&path)? {
            return Ok(trace);
        }
    }
    let ids = || reading.returned.message_id.iter().chain(&reading.answers).cloned().collect();
    Ok(forged.map_or_else(|| Trace::MessageIds(ids()), Trace::Forged))
}

#[cfg(test)]
mod tests {
    use super::{Trace, trace};
    use crate::deliver::bounce::read;
    use crate::deliver::verp::Verp;

    #[test]
    fn a_return_path_goes_before_a_message_id_and_a_forged_one_before_nothing() {
        let path = Verp::new("b@x.example", b"key").unwrap().make(7, "7@x.example");
        let of_store = |sent: &str, head: &str, body: &str| {
            let reading = read(format!("{head}\n\n{body}").as_bytes());
            trace(&reading, &[b"key".to_vec()], &mut |id| Ok((id == 7).then(|| sent.to_owned()))).unwrap()
        };
        let of = |head: &str, body: &str| of_store("7@x.example", head, body);
        let came_to = format!("To: <{path}>\nReferences: <1@x.example>");
        assert_eq!(of(&came_to, ""), Trace::Delivery(7));
        assert_eq!(of_store("8@x.example", &came_to, ""), Trace::Forged(7), "of another store");
        for form in ["b+8-0123456789abcdef", "b+8.0123456789abcdef"] {
            assert_eq!(of(&format!("To: {form}@x.example\nIn-Reply-To: <1@x.example>"), ""), Trace::Forged(8));
        }
        let ids = Trace::MessageIds(vec!["1@x.example".to_owned(), "2@x.example".to_owned()]);
        assert_eq!(of("To: b@x.example\nReferences: <1@x.example>\n <2@x.example>", ""), ids);
        let returned = format!("Return-Path: <{path}>\nReceived: x\nTo: a@y.example\nMessage-ID: <3@x.example>\n");
        assert_eq!(of("From: MAILER-DAEMON\nTo: b@x.example", &returned), Trace::Delivery(7));
    }
}
