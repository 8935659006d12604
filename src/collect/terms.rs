//! Terms of definition lists: of several lines each is a term of its own (PHP Markdown Extra, kramdown).

use pulldown_cmark::{Event, Tag, TagEnd};

/// Where reading is.
enum At {
    Outside,
    /// In a term, below so many elements of it.
    Term(usize),
}

/// The same events, with a term for each line of what `pulldown-cmark` takes for one term.
pub(super) fn apart<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut at = At::Outside;
    events.flat_map(move |event| {
        let is_between = matches!((&at, &event), (At::Term(0), Event::SoftBreak | Event::HardBreak));
        at = match (&at, &event) {
            (_, Event::Start(Tag::DefinitionListTitle)) => At::Term(0),
            (_, Event::End(TagEnd::DefinitionListTitle)) | (At::Outside, _) => At::Outside,
            (At::Term(depth), Event::Start(_)) => At::Term(depth + 1),
            (At::Term(depth), Event::End(_)) => At::Term(depth.saturating_sub(1)),
            (At::Term(depth), _) => At::Term(*depth),
        };
        let [first, second] = if is_between {
            [Some(Event::End(TagEnd::DefinitionListTitle)), Some(Event::Start(Tag::DefinitionListTitle))]
        } else {
            [Some(event), None]
        };
        first.into_iter().chain(second)
    })
}

#[cfg(test)]
mod tests {
    use crate::collect::body::to_html;

    fn lines(markdown: &str) -> String {
        to_html(markdown, false).html.replace('\n', "")
    }

    #[test]
    fn every_line_before_a_definition_is_a_term() {
        assert_eq!(
            lines("Apple\n*Apples*\n: A fruit.\n: A tree.\n\nPear\n: Another.\n\nNo term\nis here.\n"),
            "<dl><dt>Apple</dt><dt><em>Apples</em></dt><dd>A fruit.</dd><dd>A tree.</dd><dt>Pear</dt>\
             <dd>Another.</dd></dl><p>No termis here.</p>"
        );
    }

    #[test]
    fn words_set_off_over_two_lines_stay_whole() {
        assert_eq!(lines("*One\nterm*\n: Its meaning.\n"), "<dl><dt><em>Oneterm</em></dt><dd>Its meaning.</dd></dl>");
    }
}
