//! Notifications in JSON, as Amazon's sending service mails them: one object, which may stand as a string within another.

use serde_json::Value;

use super::addresses::address_in;
use super::delivery_status::{Action, RecipientFields, action, status};
use super::read::{Returned, message_id};

/// How many recipients of one notification are kept.
const MOST_RECIPIENTS: usize = 500;

/// What a notification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notification {
    /// What happened.
    pub(super) event: Event,
    /// What it tells of the message that it is about.
    pub(super) returned: Returned,
}

/// What happened to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// What became of recipients.
    Delivery(Vec<RecipientFields>),
    /// Who complained, and of what.
    Complaint(Vec<String>, String),
}

/// Reads the object at the beginning of a text. What follows it is a footer for people. Old mailers broke long lines by an
/// exclamation mark, a line end and a space.
pub(super) fn notification(text: &str) -> Option<Notification> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        return None;
    }
    let text = text.replace("!\n ", "");
    let object = first(&text)?;
    let inner = object.get("Message").and_then(Value::as_str).and_then(first);
    let object = inner.unwrap_or(object);
    Some(Notification { event: event(&object)?, returned: returned(&object["mail"]) })
}

fn event(object: &Value) -> Option<Event> {
    let kind = object.get("notificationType").or_else(|| object.get("eventType"))?.as_str()?;
    match kind {
        "Bounce" => Some(Event::Delivery(recipients(&object["bounce"]["bouncedRecipients"], Action::Failed))),
        "DeliveryDelay" => {
            Some(Event::Delivery(recipients(&object["deliveryDelay"]["delayedRecipients"], Action::Delayed)))
        }
        "Delivery" => Some(Event::Delivery(recipients(&object["delivery"]["recipients"], Action::Delivered))),
        "Complaint" => {
            let complaint = &object["complaint"];
            let who = recipients(&complaint["complainedRecipients"], Action::Failed);
            let of_what = complaint["complaintFeedbackType"].as_str().unwrap_or("other").to_ascii_lowercase();
            Some(Event::Complaint(who.into_iter().filter_map(|one| one.last).collect(), of_what))
        }
        _ => None,
    }
}

/// What an object `mail` tells of the message as it was handed over: `source` is the return path, `headers` are all of it
/// and `commonHeaders` a few (its own `messageId` is one that the service gave).
/// <https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html>
fn returned(mail: &Value) -> Returned {
    let header = |wanted: &str| {
        let named = |header: &&Value| header["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        mail["headers"].as_array()?.iter().find(named)?["value"].as_str()
    };
    let id = header("Message-ID").or_else(|| mail["commonHeaders"]["messageId"].as_str());
    let destination = mail["destination"].as_array().into_iter().flatten();
    Returned {
        message_id: id.and_then(message_id),
        to: destination.filter_map(|one| one.as_str().and_then(address_in)).take(MOST_RECIPIENTS).collect(),
        return_path: header("Return-Path").and_then(address_in),
        reported_path: mail["source"].as_str().and_then(address_in),
    }
}

fn first(text: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok().filter(Value::is_object)
}

/// Recipients as objects with an address and what was said, or as addresses alone.
fn recipients(list: &Value, otherwise: Action) -> Vec<RecipientFields> {
    let one = |value: &Value| {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let address = value.as_str().or_else(|| text("emailAddress"))?;
        Some(RecipientFields {
            original: None,
            last: Some(address.to_owned()),
            action: text("action").map_or(otherwise, action),
            status: text("status").and_then(status),
            diagnostic: text("diagnosticCode")
                .map(|said| said.split_once(';').map_or(said, |(_, said)| said).trim().to_owned())
                .unwrap_or_default(),
        })
    };
    list.as_array().into_iter().flatten().filter_map(one).take(MOST_RECIPIENTS).collect()
}

#[cfg(test)]
mod tests {
    use super::{Action, Event, Notification, Returned, notification};

    #[test]
    fn an_object_within_an_object_is_read() {
        let inner = r#"{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"a@x.example\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 no\"}]}}"#;
        let text = format!("\n{{\"Type\":\"Notification\",\"Message\":\"{inner}\"}}\n\n--\nfooter");
        let Some(Notification { event: Event::Delivery(found), .. }) = notification(&text) else { panic!("{text}") };
        assert_eq!((found[0].last.as_deref(), found[0].action), (Some("a@x.example"), Action::Failed));
        assert_eq!(found[0].diagnostic, "550 5.1.1 no");
    }

    #[test]
    fn a_broken_long_line_is_joined() {
        let text = "{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"a@x.ex!\n ample\"}]}}";
        let event = Event::Complaint(vec!["a@x.example".to_owned()], "other".to_owned());
        assert_eq!(notification(text), Some(Notification { event, returned: Returned::default() }));
        assert_eq!(notification("{ not json"), None);
        assert_eq!(notification(&"{\"a\":".repeat(10_000)), None);
    }

    #[test]
    fn what_it_tells_of_the_message_is_read() {
        let of = |mail: &str| {
            let bounced = r#""bounce":{"bouncedRecipients":[{"emailAddress":"a@x.example"}]}"#;
            notification(&format!("{{\"eventType\":\"Bounce\",{bounced},\"mail\":{mail}}}")).unwrap().returned
        };
        let headers = of(
            r#"{"source":"b+7.00@y.example","messageId":"0100","headers":[{"name":"message-id","value":"<7@y.example>"}],
                "commonHeaders":{"messageId":"<8@y.example>"}}"#,
        );
        assert_eq!(headers.message_id.as_deref(), Some("7@y.example"));
        assert_eq!(headers.reported_path.as_deref(), Some("b+7.00@y.example"));
        let common = of(
            r#"{"source":3,"headers":{},"destination":["a@x.example"],"commonHeaders":{"messageId":"<8@y.example>"}}"#,
        );
        assert_eq!((common.message_id.as_deref(), common.to), (Some("8@y.example"), vec!["a@x.example".to_owned()]));
        assert_eq!(of(r#"{"messageId":"0100"}"#), Returned::default(), "that name is the service's own");
    }
}
