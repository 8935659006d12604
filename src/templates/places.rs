//! The places in words: `{name}` where something is filled in.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::TemplateFile;
use super::builtin::FILES;
use crate::error::{Error, ErrorKind, Place, Result, Warning, nearest};

/// What is said below a heading has the same places filled in as that.
const HINT: &str = "_hint";

/// Looks for places in words of the publication's own that nothing is filled in at: readers would see the braces. The places
/// are those of the built-in words, and what an own template gives to words by name. One that is nearly called as one of them
/// is refused; others are told, since braces may be meant.
pub(super) fn check(file: &TemplateFile, own: &[TemplateFile]) -> Result<Vec<Warning>> {
    let known = builtin();
    let mut told = Vec::new();
    // What is wrong with the table itself was told before.
    let Ok(words) = toml::from_str::<BTreeMap<String, Spanned<String>>>(&file.text) else { return Ok(told) };
    for (key, words) in &words {
        let mut allowed: BTreeSet<String> = BTreeSet::new();
        for key in [key.clone(), format!("{key}{HINT}")] {
            allowed.extend(known.get(&key).into_iter().flatten().cloned());
        }
        let is_allowed = |place: &str| allowed.contains(place) || own.iter().any(|file| gives(file, key, place));
        let wrong: BTreeSet<&str> = places(words.get_ref()).filter(|place| !is_allowed(place)).collect();
        let allowed: Vec<String> = allowed.iter().map(|place| format!("{{{place}}}")).collect();
        for place in wrong {
            let written = format!("{{{place}}}");
            let span = words.span();
            let within = file.text.get(span.clone()).and_then(|text| text.find(&written)).unwrap_or(0);
            let error = Error::new(ErrorKind::Template, format!("the words `{key}` have no place `{written}`"))
                .at(Place::offset(&file.path, &file.text, span.start + within));
            if nearest(&written, allowed.iter().map(String::as_str)).is_some() {
                return Err(error.nearest(&written, allowed.iter().map(String::as_str)));
            }
            let error = error.hint("nothing is filled in there: readers see the braces");
            told.push(error.nearest(&written, allowed.iter().map(String::as_str)).into_warning());
        }
    }
    Ok(told)
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
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        (is_name && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(inside)
    })
}

/// Whether a template gives words of this key something under this name: `{{t "key" name=value}}`. Where the key is no text
/// of its own, as in a partial that is told it, it may be any.
fn gives(file: &TemplateFile, key: &str, place: &str) -> bool {
    let inside = file.text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    inside.flat_map(calls).any(|call| {
        let quote = call.chars().next().filter(|sign| matches!(sign, '"' | '\''));
        let literal = quote.and_then(|quote| call[1..].split(quote).next());
        literal.is_none_or(|literal| literal == key) && is_given(call, place)
    })
}

/// What follows the helper of words in an expression, or in an expression within one.
fn calls(expression: &str) -> impl Iterator<Item = &str> {
    expression.match_indices('t').filter_map(|(at, _)| {
        let (before, rest) = (expression[..at].trim_end(), &expression[at + 1..]);
        let begins = before.is_empty() || before.ends_with(['(', '~', '{', '&']);
        (begins && rest.starts_with(char::is_whitespace)).then(|| rest.trim_start())
    })
}

/// Whether `name=` stands in a call.
fn is_given(call: &str, name: &str) -> bool {
    call.match_indices(name).any(|(at, _)| {
        let (before, rest) = (&call[..at], call[at + name.len()..].trim_start());
        before.ends_with(char::is_whitespace) && rest.starts_with('=')
    })
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
    }

    #[test]
    fn braces_that_may_be_meant_are_told() {
        let told = |text: &str| {
            let told = Templates::load(&[own("strings/de.toml", text)]).unwrap().warnings;
            told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(told("older = \"Älter {sic} als {n}\"\n"), @r"
        templates/strings/de.toml:1:26: the words `older` have no place `{n}`
          nothing is filled in there: readers see the braces
        templates/strings/de.toml:1:16: the words `older` have no place `{sic}`
          nothing is filled in there: readers see the braces
        ");
        assert_eq!(told("older = \"Älter {1985}\"\n"), "");
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
        let told = |template: &str| {
            let loaded = Templates::load(&[words.clone(), own("web/404.hbs", template)]).unwrap();
            loaded.warnings.iter().filter(|one| one.message.contains("{what}")).count()
        };
        for template in [
            "{{t \"older\" what=\"X\"}}",
            "{{t 'older' what='X'}}",
            "{{~ t  \"older\"  n=1 what = \"X\"~}}",
            "{{#if (eq (t \"older\" what=\"X\") \"\")}}{{/if}}",
            "{{#*inline \"b\"}}{{t key what=what}}{{/inline}}{{> b key=\"older\" what=\"X\"}}",
        ] {
            assert_eq!(told(template), 0, "{template}");
        }
        for template in
            ["{{t \"older\"}} {{t \"home\" what=1}}", "{{cut \"older\" what=1}}", "{{t 'older' whatever=1}}"]
        {
            assert_eq!(told(template), 1, "{template}");
        }
    }
}
