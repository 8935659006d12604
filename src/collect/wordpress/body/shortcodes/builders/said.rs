//! What a page builder's element says of its text: titles above it, who is named below it, figures, where its buttons lead.

use super::super::arguments::Arguments;
use super::super::media;
use crate::model::escaped;

/// The words of a button, and where it may lead.
const BUTTONS: [(&str, &[&str]); 9] = [
    ("button_text", &["button_url", "button_link", "link", "url"]),
    ("button_label", &["button_link", "link"]),
    ("btn_title", &["btn_link"]),
    ("linktext", &["link"]),
    ("link_text", &["link"]),
    ("read_text", &["link"]),
    ("button_one_text", &["button_one_url"]),
    ("button_two_text", &["button_two_url"]),
    ("button", &["link"]),
];

/// What somebody is, beside a name.
const ROLES: [&str; 7] = ["title", "position", "job", "job_title", "subtitle", "company_name", "company"];

/// No figure has more letters.
const LONGEST_FIGURE: usize = 20;

/// What is said of a text, as HTML.
#[derive(Debug, Default)]
pub(in super::super) struct Said {
    pub(in super::super) above: String,
    /// Between its title and the text.
    pub(in super::super) between: String,
    pub(in super::super) below: String,
    /// What is not said by these.
    pub(in super::super) rest: Arguments,
}

impl Said {
    /// Says it, and does not leave it to others.
    fn take(&mut self, names: &[&str]) -> Option<String> {
        let value = names.iter().find_map(|name| self.rest.get(&[name]).map(str::trim).filter(|text| !text.is_empty()));
        let value = value.map(str::to_owned);
        if value.is_some() {
            self.rest = self.rest.without(names);
        }
        value
    }
}

/// What an element of this bare name says of its text.
pub(in super::super) fn said(bare: &str, arguments: &Arguments) -> Said {
    let mut said = Said { rest: arguments.clone(), ..Said::default() };
    for name in ["h2", "h4", "call_text", "title_front", "text_front", "title_back", "primary_title", "hover_title"] {
        if let Some(words) = said.take(&[name]) {
            said.above.push_str(&if name == "text_front" { plain(&words) } else { strong(&words) });
        }
    }
    if bare.contains("testimonial") {
        testimonial(&mut said);
    } else if bare.contains("person") || bare.contains("team") {
        person(&mut said);
    } else if let Some(name) = (!bare.contains("quote")).then(|| said.take(&["author"])).flatten() {
        said.below.extend(["\n\n<p>\u{2014} ", &escaped(&name), "</p>"]);
    }
    if let Some(words) = said.take(&["subhead", "subheading", "sub_title", "subtitle"]) {
        said.between.push_str(&strong(&words));
    }
    if let Some(date) = bare.contains("timeline").then(|| said.take(&["date"])).flatten() {
        said.above.push_str(&strong(&date));
    }
    if bare.contains("pric") || bare.contains("catalogue") {
        price(&mut said);
    } else if ["counter", "progress", "pie", "animated_number"].iter().any(|part| bare.contains(part)) {
        figure(bare, &mut said);
    }
    if let Some(words) = ["tagline", "person", "team", "cta"]
        .iter()
        .any(|part| bare.contains(part))
        .then(|| said.take(&["description"]))
        .flatten()
    {
        said.between.push_str(&plain(&words));
    }
    buttons(bare, &mut said);
    said
}

/// Who says what stands there: below it.
fn testimonial(said: &mut Said) {
    let Some(name) = said.take(&["author", "name"]) else { return };
    let roles: Vec<String> = ROLES[1..].iter().filter_map(|role| said.take(&[role])).collect();
    let link = said.take(&["url", "link"]).filter(|address| leads(address));
    let whole = escaped(&[vec![name], roles].concat().join(", "));
    let whole = match link {
        Some(address) => format!("<a href=\"{}\">{whole}</a>", escaped(&address)),
        None => whole,
    };
    said.below.extend(["\n\n<p>\u{2014} ", &whole, "</p>"]);
}

/// Whom a text is about: above it.
fn person(said: &mut Said) {
    let Some(name) = said.take(&["name"]) else { return };
    let roles: Vec<String> = ROLES.iter().filter_map(|role| said.take(&[role])).collect();
    let roles = roles.iter().flat_map(|role| [", ".to_owned(), escaped(role)]).collect::<String>();
    said.above.extend(["<p><strong>", &escaped(&name), "</strong>", &roles, "</p>\n\n"]);
}

fn price(said: &mut Said) {
    let Some(sum) = said.take(&["sum", "price"]) else { return };
    let currency = said.take(&["currency"]).unwrap_or_default();
    let per = said.take(&["per", "time"]).map(|per| format!(" / {per}")).unwrap_or_default();
    said.between.push_str(&plain(&format!("{currency}{sum}{per}")));
}

/// A number that is drawn, before what it counts.
fn figure(bare: &str, said: &mut Said) {
    let is_share = said.rest.get(&["percent", "percentage", "progress"]).is_some();
    let names = ["percent", "percentage", "progress", "label_value", "value", "number", "counter_value"];
    // Enfold marks with brackets what runs.
    let number = said.take(&names).map(|number| number.replace(['[', ']'], ""));
    let number = number.filter(|number| number.contains(|c: char| c.is_numeric()));
    let Some(number) = number.filter(|number| number.chars().count() <= LONGEST_FIGURE) else { return };
    let of_divi = matches!(bare, "number_counter" | "circle_counter");
    let has_sign = said.take(&["percent_sign"]).is_none_or(|sign| sign != "off");
    let unit = said.take(&["unit", "units"]);
    let is_share = (is_share || (of_divi && has_sign)) && !number.ends_with('%');
    let unit = unit.unwrap_or_else(|| if is_share { "%".to_owned() } else { String::new() });
    said.above.extend(["<strong>", &escaped(&format!("{number}{unit}")), "</strong> "]);
}

fn buttons(bare: &str, said: &mut Said) {
    // What is a button itself has its words between its marks, or all the words there are.
    let promotes = bare.contains("promo");
    for (words, addresses) in BUTTONS.iter().copied().chain(promotes.then_some(("label", &["link"][..]))) {
        let says = said.rest.get(&[words]).is_some_and(|word| !matches!(word, "yes" | "no" | "on" | "off"));
        let Some(address) = addresses.iter().find(|name| said.rest.get(&[name]).is_some_and(leads)).filter(|_| says)
        else {
            continue;
        };
        let (Some(label), Some(address)) = (said.take(&[words]), said.take(&[address])) else { continue };
        said.below.extend(["\n\n", &media::link(&address, &label)]);
    }
}

/// Whether an address leads anywhere.
pub(super) fn leads(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://") || address.starts_with(['/', '#'])
}

pub(in super::super) fn strong(words: &str) -> String {
    format!("<p><strong>{}</strong></p>\n\n", escaped(words))
}

pub(super) fn plain(words: &str) -> String {
    format!("<p>{}</p>\n\n", escaped(words))
}
