//! Values as page builders write them: what would end a shortcode is written otherwise, and links say more than where they
//! lead.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::arguments::Arguments;
use crate::collect::links::percent_decoded;

/// How Divi writes what may not stand in a value.
const OF_DIVI: [(&str, &str); 4] = [("%22", "\""), ("%91", "["), ("%92", "\\"), ("%93", "]")];

/// How `WPBakery` does.
const OF_WPBAKERY: [(&str, &str); 3] = [("`{`", "["), ("`}`", "]"), ("``", "\"")];

/// What stands before a value that `WPBakery` has encoded as a whole.
const WHOLE: &str = "#E-8_";

/// What stands before a value that Divi takes from elsewhere when it draws a page.
const TAKEN: &str = "@ET-DC@";

/// What Enfold puts before the number of a post that a link leads to.
const POSTS: [&str; 3] = ["page,", "post,", "portfolio,"];

/// The arguments of a builder's shortcode of this name as they are meant.
pub(in super::super) fn meant(name: &str, arguments: &Arguments) -> Arguments {
    let codes: &[(&str, &str)] = if name.starts_with("et_pb_") { &OF_DIVI } else { &OF_WPBAKERY };
    arguments.rewritten(|key, value| {
        if value.starts_with(TAKEN) {
            return String::new();
        }
        if matches!((name, key), ("kc_title", "text") | ("kc_raw_code", "code")) {
            return text_of(value).unwrap_or_else(|| value.to_owned());
        }
        let whole = value.strip_prefix(WHOLE).and_then(text_of);
        let value = whole.map_or(Cow::Borrowed(value), Cow::Owned);
        if ["link", "url", "href"].iter().any(|part| key.contains(part)) {
            return link(&value);
        }
        // In an address `%91` is a letter's part.
        if value.starts_with("http") || value.starts_with('/') {
            return value.into_owned();
        }
        codes.iter().fold(value.into_owned(), |value, (code, sign)| value.replace(code, sign))
    })
}

/// Where a link leads: `url:https%3A%2F%2Fa.example%2F|title:More` of `WPBakery`, `manually,https://a.example/` and `post,12` of
/// Enfold. What leads nowhere is empty.
fn link(value: &str) -> String {
    if let Some(address) = value.split('|').find_map(|part| part.strip_prefix("url:")) {
        return percent_decoded(address);
    }
    if let Some(address) = value.strip_prefix("manually,") {
        return if matches!(address, "http://" | "https://") { String::new() } else { address.to_owned() };
    }
    match POSTS.iter().find_map(|kind| value.strip_prefix(kind)) {
        Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => format!("/?p={number}"),
        _ => value.to_owned(),
    }
}

/// What a word of base64 says, encoded as in an address before or not; `None` where it is none.
pub(super) fn text_of(base64: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(base64.replace(char::is_whitespace, "")).ok()?).ok()?;
    let is_text = !text.is_empty() && !text.contains(|c: char| c.is_control() && !c.is_whitespace());
    is_text.then(|| if text.contains('<') { text } else { percent_decoded(&text) })
}
