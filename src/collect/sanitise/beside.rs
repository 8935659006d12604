//! Pictures that text stands beside.

use super::tag::attribute;

/// The class of a picture with text beside it, by what its attributes say: the class that WordPress gives, `align` of old HTML (HTML,
/// 15.4.3), or `float` in its style.
pub(super) fn side(attributes: &str) -> Option<&'static str> {
    let classes = attribute(attributes, "class").unwrap_or_default();
    let of_class = classes.split_ascii_whitespace().find_map(|class| match class {
        "alignleft" => Some("alignleft"),
        "alignright" => Some("alignright"),
        _ => None,
    });
    let named = |value: &str| match value.trim().to_ascii_lowercase().as_str() {
        "left" => Some("alignleft"),
        "right" => Some("alignright"),
        _ => None,
    };
    let of_style = || {
        let style = attribute(attributes, "style")?;
        let float = style.split(';').filter_map(|part| part.split_once(':')).rfind(|(name, _)| name.trim() == "float");
        float.and_then(|(_, value)| named(value))
    };
    of_class.or_else(of_style).or_else(|| named(&attribute(attributes, "align")?))
}

#[cfg(test)]
mod tests {
    use super::side;

    #[test]
    fn a_picture_says_on_which_side_it_stands() {
        for (attributes, expected) in [
            (" class=\"size-medium alignleft\"", Some("alignleft")),
            (" align=\"RIGHT\"", Some("alignright")),
            (" style=\"width: 3em; float: right\"", Some("alignright")),
            (" style=\"float: none\" align=\"left\"", Some("alignleft")),
            (" align=\"middle\" class=\"aligncenter\"", None),
        ] {
            assert_eq!(side(attributes), expected, "{attributes}");
        }
    }
}
