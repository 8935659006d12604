//! Footnotes, gathered at the end of the body in the order in which they are referred to.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::headed_notes::SECTION;

/// Moves the definitions of footnotes to the end and numbers them. One that nothing refers to still stands there: no
/// text is lost.
pub(super) fn gather(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut main = Vec::with_capacity(events.len());
    let mut definitions: Vec<Option<Definition<'_>>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => {
                open.push(definitions.len());
                definitions.push(Some((label, Vec::new())));
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                open.pop();
            }
            event => match open.last().and_then(|index| definitions[*index].as_mut()) {
                Some((_, events)) => events.push(event),
                None => main.push(event),
            },
        }
    }
    let mut numbering = Numbering::default();
    let mut out: Vec<Event<'_>> = main.into_iter().map(|event| numbering.number(event)).collect();
    let mut of_label: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, definition) in definitions.iter().enumerate() {
        if let Some((label, _)) = definition {
            of_label.entry(label.to_string()).or_default().push(index);
        }
    }
    let mut notes: BTreeMap<usize, Vec<Event<'_>>> = BTreeMap::new();
    let (mut placed, mut first) = (0, 0);
    // A note may refer to another one, which then has the next number; one that nothing refers to is the next of itself.
    while placed < numbering.labels.len() || first < definitions.len() {
        if placed == numbering.labels.len() {
            if let Some((label, _)) = &definitions[first] {
                numbering.of(label);
            }
            first += 1;
            continue;
        }
        let label = &numbering.labels[placed];
        placed += 1;
        for index in of_label.remove(label).unwrap_or_default() {
            let Some((_, events)) = definitions[index].take() else { continue };
            let numbered = events.into_iter().map(|event| numbering.number(event)).collect();
            notes.entry(placed).or_insert(numbered);
        }
    }
    if !notes.is_empty() {
        out.push(html(format!("{SECTION}<ol>\n")));
        for (number, events) in notes {
            out.extend(note(number, events, numbering.referred(number)));
        }
        out.push(html("</ol>\n</section>\n".to_owned()));
    }
    out
}

/// The label of a note, and what it says.
type Definition<'a> = (CowStr<'a>, Vec<Event<'a>>);

fn html<'a>(text: String) -> Event<'a> {
    Event::Html(CowStr::from(text))
}

/// One note, with the way back at the end of its last paragraph.
fn note(number: usize, mut events: Vec<Event<'_>>, referred: bool) -> Vec<Event<'_>> {
    if referred {
        let back = Event::InlineHtml(CowStr::from(format!(
            " <a href=\"#fnref-{number}\" class=\"footnote-back\">\u{21a9}\u{fe0e}</a>"
        )));
        let before = match events.last() {
            Some(Event::End(TagEnd::Paragraph)) => events.len() - 1,
            _ => events.len(),
        };
        events.insert(before, back);
    }
    events.insert(0, html(format!("<li id=\"fn-{number}\">")));
    events.push(html("</li>\n".to_owned()));
    events
}

/// Numbers in the order of the first references.
#[derive(Default)]
struct Numbering {
    numbers: BTreeMap<String, usize>,
    /// The labels in the order of their numbers.
    labels: Vec<String>,
    references: BTreeMap<usize, usize>,
}

impl Numbering {
    fn of(&mut self, label: &str) -> usize {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        self.labels.push(label.to_owned());
        self.numbers.insert(label.to_owned(), self.labels.len());
        self.labels.len()
    }

    fn referred(&self, number: usize) -> bool {
        self.references.contains_key(&number)
    }

    /// Writes a reference as markup; only the first one to a note is the way back.
    fn number<'a>(&mut self, event: Event<'a>) -> Event<'a> {
        let Event::FootnoteReference(label) = event else { return event };
        let number = self.of(&label);
        let count = self.references.entry(number).or_default();
        *count += 1;
        let id = if *count == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{count}") };
        Event::InlineHtml(CowStr::from(format!(
            "<sup class=\"footnote-reference\" id=\"{id}\"><a href=\"#fn-{number}\">{number}</a></sup>"
        )))
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::body::to_html;

    #[test]
    fn notes_stand_at_the_end_in_the_order_of_their_references() {
        let html = to_html("A[^b] and B[^a].\n\n[^a]: First.\n\n[^b]: Second, see[^a].\n\nEnd.\n", false).html;
        let end = html.find("<p>End.</p>").unwrap();
        let second = html.find("Second").unwrap();
        let first = html.find("First").unwrap();
        assert!(end < second && second < first, "{html}");
        assert!(html.contains("<li id=\"fn-1\">"), "{html}");
        assert!(html.contains("id=\"fnref-2-2\""), "{html}");
    }
}
