//! Font families that styles ask for and no font has: without a word one sees only that the face is another.

use std::collections::HashSet;
use std::sync::Arc;

use super::fonts::Fonts;
use super::shape::USE_SYSTEM_FONTS;
use super::style::Sheets;
use super::style::families::AskedFamilies;
use crate::error::{Warning, nearest};

/// Tells, once for each list, of families of which none is at hand, where no generic family stands with them.
pub(super) fn warnings(sheets: &mut Sheets, fonts: &Fonts) -> Vec<Warning> {
    let mut seen: HashSet<Arc<[String]>> = HashSet::new();
    let asked = std::mem::take(&mut sheets.asked_families).into_iter();
    let missing = asked.filter(|asked| {
        let is_new = seen.insert(Arc::clone(&asked.families));
        is_new && !asked.families.iter().any(|name| fonts.has_family(name))
    });
    missing.map(|asked| warning(&asked, fonts)).collect()
}

fn warning(asked: &AskedFamilies, fonts: &Fonts) -> Warning {
    let quoted: Vec<String> = asked.names().map(|name| format!("`{name}`")).collect();
    let (what, them) = match quoted.as_slice() {
        [] => ("no family".to_owned(), "it"),
        [name] => (format!("the family {name}"), "it"),
        [names @ .., last] => (format!("the families {} and {last}", names.join(", ")), "them"),
    };
    let stands =
        fonts.first(&asked.families, 400, false).map(|face| format!(", `{}` stands for {them}", face.family_name()));
    let message = format!("no font of {what} is at hand{}", stands.unwrap_or_default());
    let at_hand = fonts.family_names();
    let near = asked.names().find_map(|name| nearest(name, at_hand.iter().map(String::as_str)));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if fonts.uses_system() => "install a font of the family, or name one that is there".to_owned(),
        None => USE_SYSTEM_FONTS.to_owned(),
    };
    Warning::new(message).at(asked.place.clone()).hint(hint)
}
