//! The block editor's comments: `<!-- wp:name {…} -->` around each block, and the older marks of pages and teasers.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reserved;
use crate::model::escaped;

/// How often blocks that posts share may be put in, so that none grows without end.
const MAX_SHARED: usize = 64;

/// Blocks that show nothing when they are empty.
const EMPTY: [&str; 7] = ["footnotes", "spacer", "paragraph", "separator", "more", "nextpage", "group"];

/// A part of a body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) html: String,
    /// Whether its paragraphs are empty lines, not markup: it stands in no block.
    pub(super) is_classic: bool,
}

/// A body without comments.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) segments: Vec<Segment>,
    /// Blocks whose contents only the site knows: lists of posts, forms, calendars.
    pub(super) drawn: BTreeSet<String>,
    /// Blocks whose contents are for some readers alone, or hidden.
    pub(super) reserved: BTreeSet<String>,
    /// Whether the notes of the post were put in.
    pub(super) shows_notes: bool,
}

/// Takes the comments away. `shared` are the blocks that posts share, `notes` the post's own, as HTML.
pub(super) fn cut<'a>(content: &'a str, shared: &'a BTreeMap<u64, String>, notes: Option<&str>) -> Cut {
    let has_blocks = content.contains("<!-- wp:");
    let mut cut = Cut::default();
    let mut depth = 0_usize;
    let mut put_in = 0;
    // How deep the block stands whose contents are reserved.
    let mut reserved_now: Option<usize> = None;
    // What is still to be read: the text itself, and on top of it the shared blocks that are put in.
    let mut rests: Vec<&'a str> = vec![content];
    while let Some(rest) = rests.pop() {
        if reserved_now.is_some() && !rest.contains("<!-- /wp:") {
            // Nothing ends it any more.
            continue;
        }
        let Some(open) = rest.find("<!--") else {
            cut.push(rest, depth, has_blocks);
            continue;
        };
        if reserved_now.is_none() {
            cut.push(&rest[..open], depth, has_blocks);
        }
        let Some(end) = rest[open..].find("-->").map(|end| open + end) else {
            // Nothing ends it, nor those after it: they are text.
            if reserved_now.is_none() {
                cut.push(&rest[open..].replace("<!--", "&lt;!--"), depth, has_blocks);
            }
            continue;
        };
        // `<!-->` is a whole comment (HTML, 13.2.5.43), with nothing in it.
        let comment = rest.get(open + 4..end).unwrap_or_default().trim();
        rests.push(&rest[end + 3..]);
        if comment == "nextpage" && reserved_now.is_none() {
            cut.push("\n\n", depth, has_blocks);
        } else if reserved::is_wall(comment) {
            cut.reserved.insert(comment.to_owned());
            break;
        } else if comment.starts_with("/wp:") {
            depth = depth.saturating_sub(1);
            reserved_now = reserved_now.filter(|outer| depth > *outer);
        } else if let Some(block) = comment.strip_prefix("wp:") {
            let alone = block.strip_suffix('/');
            let (name, attributes) = alone.unwrap_or(block).split_once(char::is_whitespace).unwrap_or((block, ""));
            let is_wall = reserved::is_wall(name.trim_end_matches('/'));
            let is_reserved = reserved_now.is_none() && (is_wall || reserved::is_block(name, attributes));
            if is_reserved {
                cut.reserved.insert(short(name.trim_end_matches('/')).into_owned());
            }
            if is_wall {
                break;
            }
            if alone.is_none() {
                reserved_now = reserved_now.or(is_reserved.then_some(depth));
                depth += 1;
                continue;
            }
            if reserved_now.is_some() || is_reserved {
                continue;
            }
            let attributes: Value = serde_json::from_str(attributes.trim()).unwrap_or_default();
            let block = attributes["ref"].as_u64().filter(|_| name == "block").and_then(|id| shared.get(&id));
            match block.filter(|_| put_in < MAX_SHARED) {
                Some(block) => {
                    put_in += 1;
                    rests.push(block);
                }
                None if name == "footnotes" && !cut.shows_notes && notes.is_some() => {
                    cut.shows_notes = true;
                    cut.push(notes.unwrap_or_default(), depth.max(1), true);
                }
                None => cut.draw(name, &attributes, depth),
            }
        }
    }
    cut
}

impl Cut {
    /// Adds text. A classic part next to another one is the same part.
    fn push(&mut self, html: &str, depth: usize, has_blocks: bool) {
        let is_classic = depth == 0 && (!has_blocks || (!html.trim().is_empty() && !html.contains("<p")));
        let blank = depth == 0 && html.trim().is_empty();
        match self.segments.last_mut() {
            Some(last) if last.is_classic == is_classic || (blank && has_blocks) => last.html.push_str(html),
            _ if html.is_empty() || (blank && has_blocks) => {}
            _ => self.segments.push(Segment { html: html.to_owned(), is_classic }),
        }
    }

    /// A block without contents: a link where it names an address, else something that only the site can draw.
    fn draw(&mut self, name: &str, attributes: &Value, depth: usize) {
        let label = attributes["service"].as_str().or_else(|| attributes["label"].as_str());
        let is_link = name == "embed" || name.starts_with("core-embed/") || name.ends_with("-link");
        match attributes["url"].as_str().filter(|url| is_link && url.starts_with("http")) {
            Some(url) => {
                let (href, label) = (escaped(url), escaped(label.unwrap_or(url)));
                let link = format!("<p><a href=\"{href}\">{label}</a></p>\n");
                self.push(&link, depth.max(1), true);
            }
            None if EMPTY.contains(&name) => {}
            None => {
                self.drawn.insert(short(name).into_owned());
            }
        }
    }
}

/// A name that is said in a message.
fn short(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}\u{2026}", &name[..end])),
        None => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::cut;

    fn parts(content: &str, shared: &BTreeMap<u64, String>) -> Vec<(String, bool)> {
        cut(content, shared, None).segments.into_iter().map(|segment| (segment.html, segment.is_classic)).collect()
    }

    #[test]
    fn text_outside_of_blocks_is_classic() {
        let content = "Old text\n\nof two\n<!-- wp:group --><div><!-- wp:paragraph --><p>a</p><!-- /wp:paragraph --></div><!-- /wp:group -->\n";
        let expected = [("Old text\n\nof two\n".to_owned(), true), ("<div><p>a</p></div>\n".to_owned(), false)];
        assert_eq!(parts(content, &BTreeMap::new()), expected);
        assert_eq!(parts("a <!-- note --> b", &BTreeMap::new()), [("a  b".to_owned(), true)]);
        assert_eq!(parts("a <!--> b <!---> c", &BTreeMap::new()), [("a  b  c".to_owned(), true)]);
        assert_eq!(parts("a <!-- note", &BTreeMap::new()), [("a &lt;!-- note".to_owned(), true)]);
    }

    #[test]
    fn blocks_without_contents_are_links_or_told_of() {
        let content = "<!-- wp:latest-posts {\"n\":1} /--><!-- wp:embed {\"url\":\"https://e.example/?a&b\"} /--><!-- wp:spacer /-->";
        let cut = cut(content, &BTreeMap::new(), None);
        assert_eq!(cut.drawn.into_iter().collect::<Vec<_>>(), ["latest-posts"]);
        let link = "<p><a href=\"https://e.example/?a&amp;b\">https://e.example/?a&amp;b</a></p>\n";
        assert_eq!(cut.segments[0].html, link);
    }

    #[test]
    fn what_is_for_some_readers_alone_is_left_out() {
        let paragraph = |words: &str| format!("<!-- wp:paragraph --><p>{words}</p><!-- /wp:paragraph -->");
        let around = |name: &str, inside: &str| {
            format!("<!-- wp:{name} -->{inside}<!-- /wp:{} -->", name.split(' ').next().unwrap())
        };
        let paid = around("premium-content/subscriber-view", &format!("<div>{}</div>", paragraph("Paid")));
        let hidden = around("group {\"metadata\":{\"blockVisibility\":false}}", &paragraph("Hidden"));
        let content = [paragraph("a"), paid, paragraph("b"), hidden, paragraph("c")].concat();
        let shown = cut(&content, &BTreeMap::new(), None);
        assert_eq!(shown.segments[0].html, "<p>a</p><p>b</p><p>c</p>");
        assert_eq!(shown.reserved.into_iter().collect::<Vec<_>>(), ["group", "premium-content/subscriber-view"]);
        let walled = format!("{}<!-- wp:jetpack/paywall /-->{}", paragraph("a"), paragraph("Paid"));
        assert_eq!(parts(&walled, &BTreeMap::new()), [("<p>a</p>".to_owned(), false)]);
        assert_eq!(parts("<p>a</p><!--members-only--><p>b</p>", &BTreeMap::new()), [("<p>a</p>".to_owned(), true)]);
        let open = "<p>a</p><!-- wp:premium-content/subscriber-view --><p>Paid</p>";
        assert_eq!(parts(open, &BTreeMap::new()), [("<p>a</p>".to_owned(), false)]);
    }

    #[test]
    fn shared_blocks_are_put_in_and_never_without_end() {
        let shared = BTreeMap::from([(
            7,
            "<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph --><!-- wp:block {\"ref\":7} /-->".to_owned(),
        )]);
        let parts = parts("<!-- wp:block {\"ref\":7} /-->", &shared);
        assert_eq!(parts[0].0.matches("<p>x</p>").count(), super::MAX_SHARED);
    }
}
