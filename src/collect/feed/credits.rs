//! Whose the pictures of an item are: Media RSS's `credit`, else its `copyright`.

use std::borrow::Cow;

use super::wire::PictureCredit;

/// No picture is by more people.
const MOST: usize = 5;

impl<'a> PictureCredit<'a> {
    /// Adds a name, unless it is there.
    pub(super) fn add(&mut self, name: Cow<'a, str>) {
        if !name.is_empty() && self.names.len() < MOST && !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    /// A caption with these names behind it, in brackets; alone where there is no caption. Names that it says already are not
    /// said again, and who has the rights only where nobody else is named.
    pub(super) fn behind(&self, caption: &str) -> String {
        let names = if self.names.is_empty() { std::slice::from_ref(&self.rights) } else { &self.names };
        let names: Vec<&str> =
            names.iter().map(|name| name.trim()).filter(|name| !name.is_empty() && !caption.contains(name)).collect();
        match (caption.trim(), names.join(", ")) {
            (caption, names) if names.is_empty() => caption.to_owned(),
            ("", names) => names,
            (caption, names) => format!("{caption} ({names})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PictureCredit;

    #[test]
    fn names_stand_behind_a_caption() {
        let mut credit = PictureCredit { rights: "\u{a9} The Press".into(), ..PictureCredit::default() };
        assert_eq!([credit.behind("A bridge"), credit.behind("")], ["A bridge (\u{a9} The Press)", "\u{a9} The Press"]);
        credit.add("A Name".into());
        credit.add("A Name".into());
        credit.add("An Agency".into());
        assert_eq!(credit.behind("A bridge"), "A bridge (A Name, An Agency)");
        assert_eq!(credit.behind("A bridge, by A Name"), "A bridge, by A Name (An Agency)");
        assert_eq!(PictureCredit::default().behind(" A "), "A");
    }
}
