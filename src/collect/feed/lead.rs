//! Which of the pictures that come with an item leads it: the largest of several sizes, the one that Media RSS calls the default;
//! none that shows its author, and none that is too small to be looked at.

use std::borrow::Cow;

use url::Url;

use super::draft::Draft;
use super::tag::Attrs;
use crate::model::picture_name;

/// A picture whose sides are both shorter than that, in pixels, is a mark beside a line.
const SMALL: u64 = 80;

/// Who shows the faces of authors, and nothing else.
const PORTRAITS: [&str; 2] = ["gravatar.com", "avatars.githubusercontent.com"];

/// What is said of a picture beside its address.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    /// Width and height multiplied, or either squared; 0 where neither is said.
    area: u64,
    is_default: bool,
    /// The group of Media RSS that it stands in, counted from one.
    pub(super) group: Option<usize>,
}

impl Said {
    pub(super) fn of(attrs: &Attrs<'_>, group: Option<usize>) -> Self {
        let (width, height) = sides(attrs);
        let area = width.or(height).unwrap_or(0).saturating_mul(height.or(width).unwrap_or(0));
        let is_default = attrs.get("isDefault").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        Self { area, is_default, group }
    }
}

/// Whether a picture is said to be too small to lead anything.
pub(super) fn is_small(attrs: &Attrs<'_>) -> bool {
    matches!(sides(attrs), (Some(width), Some(height)) if width < SMALL && height < SMALL)
}

fn sides(attrs: &Attrs<'_>) -> (Option<u64>, Option<u64>) {
    let side = |name: &str| attrs.get(name)?.trim().trim_end_matches("px").parse().ok().filter(|side| *side > 0);
    (side("width"), side("height"))
}

/// Whether an address is that of a portrait.
pub(super) fn is_portrait(address: &str) -> bool {
    let host = Url::parse(address).ok().and_then(|url| Some(url.host_str()?.to_owned())).unwrap_or_default();
    PORTRAITS.iter().any(|of| host.strip_suffix(of).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

impl<'a> Draft<'a> {
    /// Takes a picture that may lead the item. Of those of one rank the first does, unless a later one is another size of it and
    /// larger, or is the default.
    pub(super) fn offer(&mut self, rank: u8, address: Cow<'a, str>, said: Said) {
        let lead = &self.item.picture;
        let is_higher = rank > self.ranks.picture;
        let is_of_group = self.lead.group.is_some() && self.lead.group == said.group;
        let is_larger = || self.lead.area > 0 && said.area > self.lead.area;
        // Several thumbnails are sizes of one; other pictures are, where they are called so.
        let is_size =
            || is_of_group || rank < super::vocabulary::OWN || picture_name(&lead.address) == picture_name(&address);
        let is_better = said.is_default && !self.lead.is_default
            || said.is_default == self.lead.is_default && is_larger() && is_size();
        if !is_higher && (rank < self.ranks.picture || !is_better || lead.address == address) {
            return;
        }
        if !is_higher && !is_size() {
            self.say_of_file();
        }
        self.item.picture.address = address;
        self.ranks.picture = rank;
        self.lead = said;
    }

    /// Says of the file itself what was said of the picture that leads the item no longer.
    fn say_of_file(&mut self) {
        let lead = &mut self.item.picture;
        let address = lead.address.clone();
        let (alt, caption, credit) =
            (std::mem::take(&mut lead.alt), std::mem::take(&mut lead.caption), std::mem::take(&mut lead.credit));
        if let Some(file) = self.item.enclosures.iter_mut().find(|file| file.address == address) {
            (file.title, file.caption, file.credit) = (alt, caption, credit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::is_portrait;

    /// What leads an item, with its caption, and what its text shows.
    fn shown(media: &str) -> (Option<String>, String) {
        let (collected, _) = read(&format!(
            "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>P</title>\
             <link>https://p.example/</link><item><title>A</title><link>https://p.example/a</link>\
             <description>Words</description>{media}</item></channel></rss>"
        ));
        let post = &collected.posts[0];
        let lead =
            post.picture.as_ref().map(|picture| [&*picture.src, picture.caption.as_deref().unwrap_or("")].join(" "));
        (lead.map(|lead| lead.replace("https://p.example/", "").trim_end().to_owned()), post.body.as_str().to_owned())
    }

    #[test]
    fn a_picture_that_the_text_shows_in_another_size_is_that() {
        for (text, lead) in [("a.jpg?w=680", "a.jpg"), ("a-300x200.jpg", "a.jpg?w=1200"), ("size/w600/a.jpg", "a.jpg")]
        {
            let (collected, _) = read(&format!(
                "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>P</title>\
                 <link>https://p.example/</link><item><title>A</title><link>https://p.example/a</link>\
                 <description>&lt;p>Words&lt;/p>&lt;img src=\"https://p.example/{text}\"></description>\
                 <media:content medium=\"image\" url=\"https://p.example/{lead}\"><media:description>A press</media:description>\
                 </media:content></item></channel></rss>"
            ));
            let picture = collected.posts[0].picture.as_ref().unwrap();
            assert_eq!(picture.src, format!("https://p.example/{text}"));
            assert_eq!(picture.caption.as_deref(), Some("A press"));
            assert_eq!(collected.posts[0].body.as_str().matches("<img").count(), 1);
        }
    }

    #[test]
    fn the_largest_of_several_sizes_leads() {
        let content = |name: &str, more: &str| {
            format!("<media:content medium=\"image\" url=\"https://p.example/{name}\" {more}/>")
        };
        let thumbnail = |name: &str, width: u32| {
            format!("<media:thumbnail url=\"https://p.example/{name}\" width=\"{width}\" height=\"{width}\"/>")
        };
        let group = |inside: String| format!("<media:group>{inside}</media:group>");
        for (media, lead) in [
            (thumbnail("100.jpg", 100) + &thumbnail("960.jpg", 960), "960.jpg"),
            (content("a.jpg?w=1", "width=\"140\"") + &content("a.jpg?w=4", "width=\"460\""), "a.jpg?w=4"),
            (content("a.jpg", "width=\"140\"") + &content("b.jpg", "width=\"460\""), "a.jpg"),
            (content("a.jpg", "") + &content("b.jpg", "isDefault=\"true\""), "b.jpg"),
            (group(content("s.jpg", "width=\"100\"") + &content("l.jpg", "width=\"1000\"")), "l.jpg"),
            (group(content("s.jpg", "width=\"9\" isDefault=\"true\"") + &content("l.jpg", "width=\"1000\"")), "s.jpg"),
            (group(content("a.jpg", "width=\"100\"")) + &group(content("b.jpg", "width=\"1000\"")), "a.jpg"),
            (thumbnail("960.jpg", 960) + &content("a.jpg", "width=\"140\""), "a.jpg"),
        ] {
            assert_eq!(shown(&media).0.as_deref(), Some(lead), "{media}");
        }
    }

    #[test]
    fn what_is_said_of_a_picture_stays_with_it() {
        let (lead, body) = shown(
            "<media:content medium=\"image\" url=\"https://p.example/a.jpg\"><media:description>A</media:description></media:content>\
             <media:content medium=\"image\" url=\"https://p.example/b.jpg\" isDefault=\"true\"><media:description>B</media:description>\
             </media:content>",
        );
        assert_eq!(lead.as_deref(), Some("b.jpg B"));
        assert!(body.contains("a.jpg\" alt=\"\"><figcaption>A</figcaption>"), "{body}");
    }

    #[test]
    fn portraits_and_marks_are_no_pictures_of_posts() {
        let portrait = "<media:content url=\"https://0.gravatar.com/avatar/a?s=96\" medium=\"image\"><media:title>ann</media:title>\
                        </media:content>";
        assert_eq!(shown(portrait), (None, "<p>Words</p>\n".to_owned()));
        let mark = "<media:thumbnail height=\"30\" width=\"30\" url=\"https://p.example/a.png\"/>";
        assert_eq!(shown(mark).0, None);
        let square = "<media:thumbnail height=\"72\" width=\"72\" url=\"https://1.bp.blogspot.com/-x/y/s72-c/a.jpg\"/>";
        assert_eq!(shown(square).0.as_deref(), Some("https://1.bp.blogspot.com/-x/y/s1600/a.jpg"));
        let real = [portrait, "<media:content url=\"https://p.example/b.jpg\" medium=\"image\"/>"].concat();
        assert_eq!(shown(&real), (Some("b.jpg".to_owned()), "<p>Words</p>\n".to_owned()));
        assert!(is_portrait("https://secure.gravatar.com/avatar/x") && !is_portrait("https://p.example/gravatar.com"));
    }

    #[test]
    fn a_picture_is_known_by_its_name_where_nothing_says_what_it_is() {
        for media in [
            "<media:content width=\"460\" url=\"https://p.example/1.jpg\"/>",
            "<media:content type=\"application/octet-stream\" url=\"https://p.example/1.jpg\"/>",
            "<enclosure type=\"application/octet-stream\" length=\"1\" url=\"https://p.example/1.jpg\"/>",
            "<enclosure url=\"https://p.example/1.jpg\"/>",
        ] {
            assert_eq!(shown(media).0.as_deref(), Some("1.jpg"), "{media}");
        }
        assert_eq!(shown("<media:content medium=\"video\" url=\"https://p.example/1.jpg\"/>").0, None);
        assert_eq!(shown("<enclosure type=\"audio/mpeg\" url=\"https://p.example/1.jpg\"/>").0, None);
    }
}
