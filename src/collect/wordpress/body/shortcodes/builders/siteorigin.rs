//! Widgets of `SiteOrigin`'s page builder: what they show stands as JSON in a field of a form.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::Shown;
use super::super::media;
use super::pictures::figure;
use super::said::{leads, strong};
use crate::collect::plain::decode_entities;

/// The name of the shortcode.
pub(in super::super) const NAME: &str = "siteorigin_widget";

/// How it begins.
pub(in super::super) const OPENING: &str = "[siteorigin_widget";

/// What says how a widget looks, and nothing that readers read.
const LOOKS: [&str; 8] =
    ["design", "args", "icon", "button_icon", "background", "layout", "panels_info", "_sow_form_timestamp"];

const TITLES: [&str; 4] = ["title", "headline", "name", "before_title"];
const SUBTITLES: [&str; 3] = ["sub_title", "sub_headline", "subtitle"];
const TEXTS: [&str; 5] = ["text", "content", "content_text", "description", "html"];
const PICTURES: [&str; 4] = ["image", "attachment_id", "image_id", "picture"];
const ADDRESSES: [&str; 3] = ["url", "more_url", "link_url"];

/// The attachments that a widget names.
pub(in super::super) fn ids(contents: &str) -> BTreeSet<u64> {
    let mut ids = BTreeSet::new();
    if let Some(widget) = widget(contents) {
        collect(&widget, &mut ids);
    }
    ids
}

fn collect(value: &Value, ids: &mut BTreeSet<u64>) {
    match value {
        Value::Object(fields) => {
            ids.extend(PICTURES.iter().filter_map(|name| number(fields.get(*name)?)));
            parts(fields).for_each(|part| collect(part, ids));
        }
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, ids)),
        _ => {}
    }
}

/// What a widget shows; `None` where that is nothing.
pub(in super::super) fn shown(contents: &str, shown: &Shown<'_>) -> Option<String> {
    let mut html = String::new();
    show(&widget(contents)?, shown, &mut html);
    (!html.trim().is_empty()).then_some(html)
}

/// The fields of a widget. (How deep they are nested `serde_json` limits.)
fn widget(contents: &str) -> Option<Value> {
    let value = contents.split_once("value=\"")?.1;
    let mut widget: Value = serde_json::from_str(&decode_entities(value.split('"').next()?)).ok()?;
    widget.get_mut("instance").map(Value::take)
}

fn show(value: &Value, shown: &Shown<'_>, html: &mut String) {
    match value {
        Value::Object(fields) => {
            let begins = html.len();
            fields_of(fields, shown, html);
            let says = html.len();
            parts(fields).for_each(|part| show(part, shown, html));
            let title =
                TITLES.iter().find_map(|name| word(fields, name)).filter(|_| html.len() > begins || says > begins);
            html.insert_str(begins, &title.map(strong).unwrap_or_default());
        }
        Value::Array(parts) => parts.iter().for_each(|part| show(part, shown, html)),
        _ => {}
    }
}

/// What stands in the fields themselves, but for the title.
fn fields_of(fields: &Map<String, Value>, shown: &Shown<'_>, html: &mut String) {
    html.extend(SUBTITLES.iter().find_map(|name| word(fields, name)).map(strong));
    let address = ADDRESSES.iter().find_map(|name| word(fields, name)).filter(|address| leads(address));
    let picture = PICTURES.iter().find_map(|name| shown.attachments.get(number(fields.get(*name)?)?));
    if let Some(picture) = picture {
        html.push_str(&figure(&picture.url, word(fields, "alt").unwrap_or(&picture.alt), "", address));
    } else if let Some(address) = word(fields, "image_fallback") {
        html.push_str(&figure(address, word(fields, "alt").unwrap_or_default(), "", None));
    }
    let text = TEXTS.iter().find_map(|name| word(fields, name));
    match (text, address) {
        (Some(text), Some(address)) if !text.contains('<') && picture.is_none() => {
            html.push_str(&media::link(address, text));
        }
        (Some(text), _) => html.extend(["\n\n", text, "\n\n"]),
        (None, _) => {}
    }
    if let Some(film) = word(fields, "external_video").filter(|address| leads(address)) {
        html.push_str(&media::link(film, film));
    }
    if let (Some(more), Some(address)) = (word(fields, "more_text"), address) {
        html.push_str(&media::link(address, more));
    }
}

/// The fields that hold others.
fn parts(fields: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    fields.iter().filter(|(name, _)| !LOOKS.contains(&name.as_str())).map(|(_, value)| value)
}

fn word<'w>(fields: &'w Map<String, Value>, name: &str) -> Option<&'w str> {
    fields.get(name)?.as_str().map(str::trim).filter(|word| !word.is_empty())
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|number| *number > 0)
}
