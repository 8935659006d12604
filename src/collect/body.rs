//! Markdown to HTML, before it is sanitised.

use std::collections::BTreeSet;

use pulldown_cmark::{BrokenLink, BrokenLinkCallback, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

use super::{footnotes, headed_notes, marks, plain, sized, terms};

/// What counts as Markdown: `CommonMark` with the extensions that people's posts use.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

/// A body as HTML.
#[derive(Debug)]
pub(super) struct Written {
    /// The markup.
    pub(super) html: String,
    /// Whether it holds HTML of the author's, which must be parsed before it is balanced.
    pub(super) holds_raw_html: bool,
}

/// Writes Markdown as HTML. With `lacks_definitions`, `[text][label]` without a definition is its text: the
/// definition stood in a file that was not included.
pub(super) fn to_html(text: &str, lacks_definitions: bool) -> Written {
    let mut holds_raw_html = false;
    let (text, abbreviations) = marks::abbreviations(text);
    let text = &*text;
    let mut closed = Closed { text, names: None };
    let mut begun = None;
    let events = parser(text, lacks_definitions).map(|event| match (begun.take(), event) {
        (Some(level), Event::Text(text)) => Event::Text(match without_signs_again(level, &text) {
            bare if bare.len() < text.len() => CowStr::from(bare.to_owned()),
            _ => text,
        }),
        (_, Event::Start(Tag::Heading { level, id, classes, attrs })) => {
            begun = Some(level as usize);
            Event::Start(Tag::Heading { level, id, classes, attrs })
        }
        (_, event) => event,
    });
    let mut links = 0;
    let events = events.filter_map(|event| own(event, &mut closed, &mut holds_raw_html));
    let events = events.filter(|event| is_outermost(event, &mut links));
    let events: Box<dyn Iterator<Item = Event<'_>>> =
        if text.contains(sized::BEGINS) { Box::new(sized::read(events)) } else { Box::new(events) };
    let events = marks::read(terms::apart(events), &abbreviations);
    let mut markup = String::with_capacity(text.len() + text.len() / 4);
    if text.contains("[^") {
        html::push_html(&mut markup, footnotes::gather(events.collect()).into_iter());
        markup = headed_notes::taken_in(markup);
    } else {
        html::push_html(&mut markup, events);
    }
    Written { html: markup, holds_raw_html }
}

/// The words of a heading of this level without the signs of a heading, where they are written once more: `# # Title`. "# of
/// copies" are words.
pub(super) fn without_signs_again(level: usize, text: &str) -> &str {
    let signs = text.len() - text.trim_start_matches('#').len();
    let rest = text[signs..].trim_start();
    let is_again = signs == level && rest.len() < text.len() - signs && !rest.starts_with(char::is_lowercase);
    if is_again { rest } else { text }
}

/// Reads Markdown event by event.
pub(super) fn parser(text: &str, lacks_definitions: bool) -> Parser<'_, impl BrokenLinkCallback<'_>> {
    let forgive = move |link: BrokenLink<'_>| {
        let full = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
        (lacks_definitions && full).then_some((CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    Parser::new_with_broken_link_callback(text, options(), Some(forgive))
}

/// Drops comments, and the attributes that headings may bring; notes raw HTML, of which words in brackets are none.
fn own<'a>(event: Event<'a>, closed: &mut Closed<'_>, holds_raw_html: &mut bool) -> Option<Event<'a>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) if is_comment(&text) => None,
        Event::InlineHtml(text) if is_word(&text, closed) => Some(Event::Text(text)),
        Event::Html(_) | Event::InlineHtml(_) => {
            *holds_raw_html = true;
            Some(event)
        }
        Event::Start(Tag::Heading { level, id, .. }) => {
            Some(Event::Start(Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() }))
        }
        event => Some(event),
    }
}

/// Whether this is no tag of a link within another, which no browser knows: an address in brackets may stand in the words of a link.
/// `links` counts those that are open.
fn is_outermost(event: &Event<'_>, links: &mut usize) -> bool {
    match event {
        Event::Start(Tag::Link { .. }) => {
            *links += 1;
            *links == 1
        }
        Event::End(TagEnd::Link) => {
            *links = links.saturating_sub(1);
            *links == 0
        }
        _ => true,
    }
}

/// Whether what looks like a tag is a word of the author's: `Vec<T>`, `<your-name>`. HTML has no such element, and nothing
/// closes it.
fn is_word(tag: &str, closed: &mut Closed<'_>) -> bool {
    let Some(name) = tag.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else { return false };
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_unknown = name.contains('-') || plain::tag(tag).is_none();
    is_name && is_unknown && !closed.begin_with(name)
}

/// The names of the end tags in a text, from the first question on.
struct Closed<'t> {
    text: &'t str,
    names: Option<BTreeSet<&'t str>>,
}

impl Closed<'_> {
    /// Whether there is one that begins so.
    fn begin_with(&mut self, name: &str) -> bool {
        let names = self.names.get_or_insert_with(|| {
            let after = self.text.match_indices("</").map(|(at, _)| &self.text[at + 2..]);
            let end = |rest: &str| rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
            after.map(|rest| &rest[..end(rest)]).collect()
        });
        names.range(name..).next().is_some_and(|found| found.starts_with(name))
    }
}

fn is_comment(text: &str) -> bool {
    let text = text.trim();
    text.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).is_some_and(|inner| !inner.contains("-->"))
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn comments_are_no_raw_html() {
        let written = to_html("One\n\n<!-- more -->\n\nTwo {% x %}\n", false);
        assert!(!written.holds_raw_html);
        assert_eq!(written.html, "<p>One</p>\n<p>Two {% x %}</p>\n");
        assert!(to_html("a <b>c</b>", false).holds_raw_html);
    }

    #[test]
    fn an_address_within_a_link_is_its_words() {
        let link = "<p><a href=\"https://b.example/\"><em>https://a.example/</em></a> b</p>\n";
        assert_eq!(to_html("[_<https://a.example/>_](https://b.example/) b", false).html, link);
    }

    #[test]
    fn words_in_brackets_are_words() {
        let written = to_html("Vec<T>, <your-name> and <x-y>z</x-y>", false);
        assert_eq!(written.html, "<p>Vec&lt;T&gt;, &lt;your-name&gt; and <x-y>z</x-y></p>\n");
        assert!(!to_html("Option<u32> <T>", false).holds_raw_html);
    }

    #[test]
    fn missing_definitions_leave_the_text() {
        assert_eq!(to_html("[the docs][x] [sic]", true).html, "<p><a href=\"\">the docs</a> [sic]</p>\n");
        assert_eq!(to_html("a[b][c]", false).html, "<p>a[b][c]</p>\n");
    }

    #[test]
    fn headings_bring_no_attributes() {
        assert_eq!(to_html("# T {#x .y onclick=alert(1)}", false).html, "<h1 id=\"x\">T</h1>\n");
        assert_eq!(
            to_html("## ## *A* Title\n\n# # Title\n\n# # of copies\n\n## # A", false).html,
            "<h2><em>A</em> Title</h2>\n<h1>Title</h1>\n<h1># of copies</h1>\n<h2># A</h2>\n"
        );
    }
}
