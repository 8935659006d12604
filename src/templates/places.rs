//! The places in words: `{name}` where something is filled in.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::TemplateFile;
use super::builtin::FILES;
use crate::error::{Error, ErrorKind, Place, Result};

/// What is said below a heading has the same places filled in as that.
const HINT: &str = "_hint";

/// Refuses words of the publication's own with a place that nothing is filled in at: readers would see the braces. The places
/// are those of the built-in words, and what an own template gives to words by name.
pub(super) fn check(file: &TemplateFile, own: &[TemplateFile]) -> Result<()> {
    let known = builtin();
    // What is wrong with the table itself was told before.
    let Ok(words) = toml::from_str::<BTreeMap<String, Spanned<String>>>(&file.text) else { return Ok(()) };
    for (key, words) in &words {
        let mut allowed: BTreeSet<String> = BTreeSet::new();
        for key in [key.clone(), format!("{key}{HINT}")] {
            allowed.extend(known.get(&key).into_iter().flatten().cloned());
        }
        let is_allowed = |place: &str| allowed.contains(place) || own.iter().any(|file| gives(file, key, place));
        let Some(wrong) = places(words.get_ref()).find(|place| !is_allowed(place)) else { continue };
        let written = format!("{{{wrong}}}");
        let span = words.span();
        let within = file.text.get(span.clone()).and_then(|text| text.find(&written)).unwrap_or(0);
        let error = Error::new(ErrorKind::Template, format!("the words `{key}` have no place `{written}`"))
            .at(Place::offset(&file.path, &file.text, span.start + within));
        let allowed: Vec<String> = allowed.iter().map(|place| format!("{{{place}}}")).collect();
        return Err(if allowed.is_empty() {
            error.hint("nothing is filled in there")
        } else {
            error.nearest(&written, allowed.iter().map(String::as_str))
        });
    }
    Ok(())
}

/// The places of the built-in words, by their keys.
fn builtin() -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in FILES.iter().filter(|file| file.path.starts_with("strings/")) {
        let words: BTreeMap<String, String> = toml::from_str(file.text).unwrap_or_default();
        for (key, words) in words {
            known.entry(key).or_default().extend(places(&words).map(str::to_owned));
        }
    }
    known
}

/// What stands in braces and could be a name: braces around anything else are text.
fn places(words: &str) -> impl Iterator<Item = &str> {
    words.split('{').skip(1).filter_map(|rest| {
        let (inside, _) = rest.split_once('}')?;
        let name = inside.trim();
        (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(inside)
    })
}

/// Whether a template gives words of this key something under this name: `{{t "key" name=value}}`.
fn gives(file: &TemplateFile, key: &str, place: &str) -> bool {
    let (call, named) = (format!("t \"{key}\""), format!(" {place}="));
    let calls = file.text.split(&call).skip(1);
    calls.filter_map(|rest| rest.split("}}").next()).any(|call| call.contains(&named))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use crate::templates::{TemplateFile, Templates};

    fn own(name: &str, text: &str) -> TemplateFile {
        TemplateFile { name: name.to_owned(), path: PathBuf::from("templates").join(name), text: text.to_owned() }
    }

    fn refused(text: &str) -> String {
        Templates::load(&[own("strings/de.toml", text)]).unwrap_err().to_string()
    }

    #[test]
    fn a_place_that_nothing_is_filled_in_at_is_refused() {
        insta::assert_snapshot!(refused("older = \"Älter\"\ngreeting = \"Liebe {nmae},\"\n"), @r"
        templates/strings/de.toml:2:19: the words `greeting` have no place `{nmae}`
          did you mean `{name}`?
        ");
        insta::assert_snapshot!(refused("greeting = \"Liebe { name },\"\n"), @r"
        templates/strings/de.toml:1:19: the words `greeting` have no place `{ name }`
          did you mean `{name}`?
        ");
        insta::assert_snapshot!(refused("older = \"Älter als {n}\"\n"), @r"
        templates/strings/de.toml:1:20: the words `older` have no place `{n}`
          nothing is filled in there
        ");
    }

    #[test]
    fn what_is_filled_in_may_stand_there() {
        for text in [
            "greeting = \"Liebe Leserin, lieber Leser,\"\n",
            "confirmed = \"{lists} kommt an {address}\"\n",
            "older = \"{ }, {}, {a b}, }{\"\n",
            "page_of = \"{total}: {n}, {n}\"\n",
        ] {
            assert!(Templates::load(&[own("strings/de.toml", text)]).is_ok(), "{text}");
        }
        let words = own("strings/de.toml", "older = \"Älter als {what}\"\n");
        let template = own("web/404.hbs", "{{t \"older\" what=\"X\"}}");
        assert!(Templates::load(&[words.clone(), template]).is_ok());
        assert!(Templates::load(&[words, own("web/404.hbs", "{{t \"older\"}} {{t \"home\" what=1}}")]).is_err());
    }
}
