//! What an answer's `Link` fields name (RFC 8288).

use super::Headers;

/// A link that is said of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, relative to the address that answered.
    pub target: String,
    /// What that is to the answer: words like `alternate`, in lower case.
    pub relations: String,
    /// Of which kind it is.
    pub media_type: String,
    /// What it is called.
    pub title: String,
}

impl Headers {
    /// The links of all `Link` fields; what is none ends a field.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        let fields = self.0.iter().filter(|(field, _)| field == "link");
        let mut links = Vec::new();
        for (_, value) in fields {
            let text = String::from_utf8_lossy(value);
            let mut rest = &*text;
            while let Some((link, after)) = link(rest) {
                links.push(link);
                rest = after;
            }
        }
        links
    }
}

/// The first link of a list, and what follows it (RFC 8288, 3 and appendix B.2).
fn link(text: &str) -> Option<(Link, &str)> {
    let inside = text.trim_start_matches([' ', '\t', ',']).strip_prefix('<')?;
    let (target, mut rest) = inside.split_once('>')?;
    let mut link = Link { target: target.trim().to_owned(), ..Link::default() };
    while let Some(after) = rest.trim_start().strip_prefix(';') {
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let name = after[..end].trim().to_ascii_lowercase();
        rest = &after[end..];
        let Some(written) = rest.strip_prefix('=') else { continue };
        let (value, after) = value(written.trim_start());
        rest = after;
        let known = match name.as_str() {
            "rel" => &mut link.relations,
            "type" => &mut link.media_type,
            "title" => &mut link.title,
            _ => continue,
        };
        // Only the first of each counts.
        if known.is_empty() {
            *known = value;
        }
    }
    link.relations.make_ascii_lowercase();
    link.media_type.make_ascii_lowercase();
    Some((link, rest))
}

/// A parameter's value, a token or a string in quotes (RFC 9110, 5.6.4), and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let (mut value, mut is_escaped) = (String::new(), false);
    for (at, c) in quoted.char_indices() {
        match c {
            '\\' if !is_escaped => is_escaped = true,
            '"' if !is_escaped => return (value, &quoted[at + 1..]),
            _ => {
                is_escaped = false;
                value.push(c);
            }
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::Link;
    use crate::collect::fetch::Headers;

    fn links(fields: &[&str]) -> Vec<[String; 4]> {
        let fields = fields.iter().map(|value| ("link".to_owned(), value.as_bytes().to_vec())).collect();
        let array = |Link { target, relations, media_type, title }| [target, relations, media_type, title];
        Headers(fields).links().into_iter().map(array).collect()
    }

    #[test]
    fn fields_hold_lists_of_links() {
        let fields = [
            "</a,b>; rel=\"Alternate Feed\"; type=application/Atom+XML ; title=\"x, \\\"y\\\"; z\", <c>;rel=next;rel=prev",
            "<https://d.example/>",
        ];
        let expected = [
            ["/a,b", "alternate feed", "application/atom+xml", "x, \"y\"; z"],
            ["c", "next", "", ""],
            ["https://d.example/", "", "", ""],
        ];
        assert_eq!(links(&fields), expected);
    }

    #[test]
    fn what_is_no_link_ends_a_field() {
        assert_eq!(links(&["x", "<a", "<a>; rel", "<b>; rel=\"x", ""]).len(), 2);
        assert_eq!(links(&["<a>; title*=UTF-8''x; rel=next, y, <b>"])[0][1], "next");
    }
}
