//! Addresses of mail, checked and in one form.

use std::borrow::Cow;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};
use lettre::Address;
use percent_encoding::percent_decode_str;
use unicode_script::{Script, UnicodeScript as _};
use url::Host;

use crate::deliver::bounce::encoded_words;
use crate::error::{Error, ErrorKind, Result};
use crate::model::composed;

/// The longest address that a mail server must take, in bytes (RFC 5321 4.5.3.1.3, without the angle brackets).
const LONGEST: usize = 254;

/// Reads `text` as an address (RFC 5321 4.1.2): its domain in lower case and, where it has letters beyond ASCII, in
/// the form of IDNA (UTS 46). What stands before the `@` may be beyond ASCII too (RFC 6531), in composed form; not every
/// server takes such an address. There letters, marks, numbers and symbols of all scripts are allowed, and what nobody
/// sees is not; joiners are where the script needs them. It may stand in quotes, which are left out where they are not
/// needed. Signs that nobody sees around it, as programs set them that write from right to left, are none of it. Fails when it
/// is none.
pub fn address(text: &str) -> Result<Address> {
    let wrong = |why: &str| Error::new(ErrorKind::Input, format!("`{}` is not an address: {why}", printable(text)));
    let text = trimmed(text);
    if text.len() > 4 * LONGEST {
        return Err(wrong("it is too long"));
    }
    let text = &*composed(text);
    let (user, domain) = text.rsplit_once('@').ok_or_else(|| wrong("there is no `@`"))?;
    let user = plain_user(user);
    let is_quoted = user.starts_with('"');
    if text.chars().any(char::is_control)
        || user.chars().any(|c| c.is_whitespace() && !(is_quoted && c == ' '))
        || domain.chars().any(char::is_whitespace)
    {
        return Err(wrong("there is a space or a control character in it"));
    }
    if hides(&user) || domain.chars().any(|c| is_invisible(c) && !is_joiner(c)) {
        return Err(wrong("there is an invisible character in it"));
    }
    if user.chars().any(|c| !c.is_ascii() && !is_joiner(c) && !is_printable(c)) {
        return Err(wrong("there is a character in it that stands for nothing"));
    }
    if user.len() > 64 {
        return Err(wrong("more than 64 bytes stand before the `@`"));
    }
    let Ok(Host::Domain(domain)) = Host::parse(domain) else {
        return Err(wrong("what follows the `@` is not a domain"));
    };
    if user.len() + 1 + domain.len() > LONGEST {
        return Err(wrong("it is longer than 254 bytes"));
    }
    // What is allowed beyond ASCII was looked at; the type knows letters and digits alone, and is shown some.
    let known: String = user.chars().map(|c| if c.is_ascii() { c } else { 'x' }).collect();
    Address::new(known, &domain).map_err(|cause| wrong(&cause.to_string().to_lowercase()))?;
    Ok(Address::new_dangerous(&*user, &domain))
}

/// Reads an address as people copy it out of mail programs and other lists: `Ann Lee <ann@x.example>` (RFC 5322 3.4),
/// `<ann@x.example>`, `mailto:ann@x.example`. With the name, where there is one. Fails when it holds no address.
pub fn mailbox(text: &str) -> Result<(Address, Option<String>)> {
    let text = trimmed(text);
    let open = text.strip_suffix('>').filter(|_| text.len() <= 8 * LONGEST).and_then(|before| before.rsplit_once('<'));
    let (name, inside) = open.map_or(("", text), |(name, inside)| (name.trim(), inside));
    let scheme = inside.get(..MAILTO.len()).filter(|scheme| scheme.eq_ignore_ascii_case(MAILTO));
    let inside = scheme.map_or(inside, |_| inside[MAILTO.len()..].split('?').next().unwrap_or_default());
    let inside = match scheme {
        // Its signs are written as in every address of the web (RFC 6068 2).
        Some(_) => percent_decode_str(inside).decode_utf8().unwrap_or(inside.into()),
        None => inside.into(),
    };
    let (found, name) = (address(&inside)?, unquoted(&encoded_words(name)));
    // Some programs write the address where they know no name; of two nobody knows who is meant.
    match held(&name, found.as_ref()) {
        Held::Nothing => Ok((found, (!name.is_empty()).then_some(name))),
        Held::Same => Ok((found, None)),
        Held::Another => {
            Err(Error::new(ErrorKind::Input, format!("`{}` is not an address: it holds two", printable(text))))
        }
    }
}

/// Without blanks, and signs that nobody sees, at its ends.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || (is_invisible(c) && !is_joiner(c)))
}

/// What a name holds of addresses, beside that of whom it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// None: it is a name.
    Nothing,
    /// That one, in whatever capitals.
    Same,
    /// Another one.
    Another,
}

/// Looks for addresses within a name. An `@` alone makes none, nor does a domain of one word: `Ann @ Work`, `Ann@Work`.
pub(super) fn held(name: &str, known: &str) -> Held {
    if !name.contains('@') || name.len() > 8 * LONGEST {
        return Held::Nothing;
    }
    let is_around = |sign: char| sign.is_whitespace() || "<>()[]{},;:\"".contains(sign);
    let words = name.split(is_around).map(|word| word.trim_matches(|sign| "'`.".contains(sign)));
    let found = words.filter_map(|word| address(word).ok()).filter(|one| one.domain().contains('.'));
    found.fold(Held::Nothing, |before, one| {
        let is_same = one.to_string().to_lowercase() == known.to_lowercase();
        if is_same && before != Held::Another { Held::Same } else { Held::Another }
    })
}

const MAILTO: &str = "mailto:";

/// The words of a name in quotes, without these and their backslashes; some programs take single ones.
fn unquoted(name: &str) -> String {
    if let Some(quoted) = name.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return quoted.to_owned();
    }
    let Some(quoted) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return name.to_owned() };
    let mut is_escaped = false;
    quoted
        .chars()
        .filter(|sign| {
            is_escaped = *sign == '\\' && !is_escaped;
            !is_escaped
        })
        .collect()
}

/// What stands before an `@`, with no more quotes and backslashes than it needs: servers must not tell apart what is the
/// same without them (RFC 5321 4.1.2).
fn plain_user(user: &str) -> Cow<'_, str> {
    let Some(quoted) = user.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return user.into() };
    let mut content = String::with_capacity(quoted.len());
    let mut signs = quoted.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some(escaped) => content.push(escaped),
                None => return user.into(),
            },
            '"' => return user.into(),
            other => content.push(other),
        }
    }
    let is_plain = |c: char| {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !(c.is_ascii() || c.is_whitespace())
    };
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_plain);
    if content.split('.').all(is_atom) {
        return content.into();
    }
    let needed: String = content
        .chars()
        .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain(std::iter::once(c)))
        .collect();
    format!("\"{needed}\"").into()
}

/// Whether something in `user` is not seen and could make two addresses look like one.
fn hides(user: &str) -> bool {
    let signs: Vec<char> = user.chars().collect();
    let is_hidden = |at: usize| match signs[at] {
        c if is_joiner(c) => {
            // It is seen by what it does to its neighbours, in scripts that join their letters.
            let joins = |c: Option<&char>| c.is_some_and(|c| is_printable(*c) && is_of_joining_script(*c));
            !(at > 0 && joins(signs.get(at - 1)) && joins(signs.get(at + 1)))
        }
        c => is_invisible(c),
    };
    (0..signs.len()).any(is_hidden)
}

/// The zero-width joiner and non-joiner. In a domain UTS 46 says where they may stand.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn is_of_joining_script(c: char) -> bool {
    !matches!(
        c.script(),
        Script::Latin | Script::Greek | Script::Cyrillic | Script::Common | Script::Han | Script::Hangul
    )
}

/// Characters that nobody sees: zero-width ones, fillers, marks and embeddings of direction.
fn is_invisible(c: char) -> bool {
    let is_format = CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format;
    !c.is_ascii() && (is_format || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c))
}

/// Letters, marks, numbers, punctuation and symbols: no space, and nothing that is unassigned, private or a control. Two signs
/// that Unicode counts among symbols stand for what is not there: for a picture, and for letters that were lost.
fn is_printable(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    !GeneralCategoryGroup::Other.contains(category)
        && !GeneralCategoryGroup::Separator.contains(category)
        && !matches!(c, '\u{fffc}' | '\u{fffd}')
}

/// The longest name in characters; longer ones are no names.
const LONGEST_NAME: usize = 200;

/// Reads `text` as the name of the reader at `address`, in composed form; `None` when it is blank. Fails when it is too
/// long or holds what would break a header. Joiners and marks of direction, which names in Arabic script need, stay; what would
/// turn the words around the name is left out.
pub fn reader_name(address: &str, text: &str) -> Result<Option<String>> {
    let wrong = |what: &str| {
        let message = format!("the name of `{}` {what}: `{}`", printable(address), printable(text));
        Error::new(ErrorKind::Input, message)
    };
    if text.trim().chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(wrong("has a line break or a control character"));
    }
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text: String = text.chars().filter(|c| !turns(*c)).collect();
    let text = text.trim();
    if text.chars().nth(LONGEST_NAME).is_some() {
        return Err(wrong("is longer than 200 characters"));
    }
    Ok((!text.is_empty()).then(|| composed(text).into_owned()))
}

/// `text` fit for a message: control characters shown as such, and not too long.
pub(super) fn printable(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::{address, mailbox, reader_name};

    #[test]
    fn a_name_is_one_short_line() {
        let name = |text: &str| reader_name("a@x.example", text);
        assert_eq!(name(" Ann \"B\" <c> ").unwrap().as_deref(), Some("Ann \"B\" <c>"));
        assert_eq!(name("نیم\u{200c}فاصله").unwrap().as_deref(), Some("نیم\u{200c}فاصله"));
        assert_eq!(name("\u{202b}نیما\u{202c} \u{2067}b\u{2069}").unwrap().as_deref(), Some("نیما b"));
        assert_eq!([name("  ").unwrap(), name("\u{202b} \u{202c}").unwrap()], [None, None]);
        for no in ["a\r\nBcc: b@x.example", "a\u{0}", "a\u{2028}b", &"x".repeat(201), &"x".repeat(10_000_000)] {
            assert!(name(no).unwrap_err().message().len() < 300);
        }
    }

    #[test]
    fn an_address_is_taken_out_of_what_mail_programs_write() {
        for (text, read, name) in [
            ("Ann Lee <Ann@X.example>", "Ann@x.example", Some("Ann Lee")),
            ("\"Lee, \\\"A\\\" \\\\\" <ann@x.example>", "ann@x.example", Some("Lee, \"A\" \\")),
            ("<ann@x.example>", "ann@x.example", None),
            ("\"ann@X.example\" <ann@x.example>", "ann@x.example", None),
            ("MAILTO:ann@x.example?subject=Hello", "ann@x.example", None),
            ("Ann <mailto:ann@x.example>", "ann@x.example", Some("Ann")),
            ("\"a b\"@x.example", "\"a b\"@x.example", None),
            ("'ann@x.example' <ann@x.example>", "ann@x.example", None),
            ("ann@X.example <ANN@x.example>", "ANN@x.example", None),
            ("'Ann Lee' <ann@x.example>", "ann@x.example", Some("Ann Lee")),
            ("=?UTF-8?Q?Zo=C3=AB?= <zoe@x.example>", "zoe@x.example", Some("Zoë")),
            ("@annlee <ann@x.example>", "ann@x.example", Some("@annlee")),
            ("Ann @ Work <ann@x.example>", "ann@x.example", Some("Ann @ Work")),
            ("mailto:ann%2Btag@x.example", "ann+tag@x.example", None),
            ("ann%2Btag@x.example", "ann%2Btag@x.example", None),
            (" ann@x.example ", "ann@x.example", None),
            ("\u{feff}\u{200e}ann@x.example\u{200f}\u{202c}", "ann@x.example", None),
            ("\u{202b}Ann <\u{200e}ann@x.example\u{200e}>\u{202c}", "ann@x.example", Some("Ann")),
        ] {
            let (found, said) = mailbox(text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!((&*found.to_string(), said.as_deref()), (read, name), "{text}");
        }
        for no in [
            "\"bo@x.example\" <ann@x.example>",
            "'bo@x.example' <ann@x.example>",
            "Ann <ann@x.example>; Bo <bo@x.example>",
            "mailto:ann%0A@x.example",
            "Ann Lee",
            "Ann <>",
            "<a@x.example",
            "a@x.example>",
            "Ann <b@x.example> <",
            "a b@x.example",
        ] {
            assert!(mailbox(no).is_err(), "{no}");
        }
        assert!(mailbox(&"<".repeat(5_000_000)).unwrap_err().message().len() < 400);
    }

    #[test]
    fn the_domain_is_folded_and_the_local_part_kept() {
        assert_eq!(address(" Ann.B+x@EXAMPLE.Org ").unwrap().to_string(), "Ann.B+x@example.org");
        assert_eq!(address("a@Çështje.example").unwrap().to_string(), "a@xn--shtje-xra2a.example");
        assert_eq!(address("a@straße。example").unwrap().to_string(), "a@xn--strae-oqa.example", "UTS 46");
        let (apart, together) = ("c\u{327}elsi@x.example", "\u{e7}elsi@x.example");
        assert_eq!(address(apart).unwrap().to_string(), together, "SMTPUTF8, composed");
        assert_eq!(address("خواننده@مثال.example").unwrap().to_string(), "خواننده@xn--mgbh0fb.example");
    }

    #[test]
    fn before_the_at_any_script_may_stand() {
        for text in [
            "परीक्षा@x.example",
            "ผู้ใช้@x.example",
            "தமிழ்@x.example",
            "বাংলা.কি@x.example",
            "x\u{323}\u{308}@x.example",
            "ё\u{304}@x.example",
            "用户+α@x.example",
            "نامه\u{200c}ها@x.example",
            "क्\u{200d}ष@x.example",
            "\"ü b\"@x.example",
            "🙂@x.example",
        ] {
            let read = address(text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(read.to_string(), crate::model::composed(text));
            assert_eq!(address(read.as_ref()).unwrap(), read, "twice is the same as once");
        }
        assert_eq!(address("a@نامه\u{200c}ای.example").unwrap().to_string(), "a@xn--mgba3gch31f060k.example");
        assert_eq!(address("ผู้ใช้@ไทย.example").unwrap().domain(), "xn--o3cw4h.example");
        for no in [
            "a\u{200c}b@x.example",
            "\u{200c}ه@x.example",
            "ه\u{200d}@x.example",
            "ü\u{2066}a@x.example",
            "ü\u{3164}@x.example",
            "ü\u{fe0f}@x.example",
            "ü\u{e000}@x.example",
            "ü\u{378}@x.example",
            "m\u{fffd}ller@x.example",
            "\"m\u{fffd} b\"@x.example",
            "m\u{fffc}@x.example",
            "a@m\u{fffd}ller.example",
            "ü\u{3000}a@x.example",
            "ü..a@x.example",
            "ü(a)@x.example",
            "ü\"a@x.example",
            "a@x\u{200c}y.example",
            "a@x\u{200b}y.example",
        ] {
            assert!(address(no).is_err(), "{no:?}");
        }
    }

    #[test]
    fn quotes_are_left_out_where_they_are_not_needed() {
        for (written, read) in [
            ("\"a b\"@X.example", "\"a b\"@x.example"),
            ("\"a.b\"@x.example", "a.b@x.example"),
            ("\"a\\ \\b\"@x.example", "\"a b\"@x.example"),
            ("\"a\\\"\\\\@b\"@x.example", "\"a\\\"\\\\@b\"@x.example"),
            ("\"a..b\"@x.example", "\"a..b\"@x.example"),
        ] {
            assert_eq!(address(written).unwrap().to_string(), read, "{written}");
            assert_eq!(address(read).unwrap().to_string(), read, "twice is the same as once");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        for no in [
            "\"a b@x.example",
            "a\" \"b@x.example",
            "\"a\"b\"@x.example",
            "\"a\\\"@x.example",
            "\"a\tb\"@x.example",
            "\"a\u{a0}b\"@x.example",
            "\"a\r\nBcc: b@x.example\"@x.example",
            "",
            "ann",
            "ann@",
            "@x.example",
            "a b@x.example",
            "a@x.example\r\nBcc: b@x.example",
            "a\u{200b}@x.example",
            "a\u{202e}b@x.example",
            "a@[127.0.0.1]",
            "a@x..example",
            "a@x y",
        ] {
            assert!(address(no).is_err(), "{no}");
        }
        for long in
            [format!("{}@x.example", "a".repeat(65)), format!("a@{}.example", "a.".repeat(200)), "a@".repeat(5_000_000)]
        {
            assert!(address(&long).unwrap_err().message().len() < 400);
        }
        let error = address("a\r\n@x.example").unwrap_err();
        assert!(error.message().contains(r"a\r\n@x.example"), "{error}");
    }
}
