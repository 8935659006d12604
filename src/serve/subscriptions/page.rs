//! Pages: their views, languages and forms.

use std::sync::Arc;

use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::super::metrics::Counted;
use super::Desk;
use crate::deliver::{mailbox, readable};
use crate::model::{Direction, Language, set_apart};
use crate::templates::views::{Locale, PublicationView, autonym};

/// The policy of our pages: no scripts, nothing from elsewhere but the publication's logo, in nobody's frame.
pub(super) fn policy(base_url: &str) -> HeaderValue {
    let images = url::Url::parse(base_url).map(|address| address.origin().ascii_serialization()).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' {images}; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// A page: its frame and its own content.
#[derive(Serialize)]
pub(super) struct SubscriptionsPage<'a, C> {
    pub(super) lang: &'a str,
    pub(super) dir: &'static str,
    pub(super) publication: PublicationView<'a>,
    /// Where the pages stand: a path without a slash at the end.
    pub(super) prefix: &'a str,
    /// The document's title.
    pub(super) title: String,
    /// The same page in the other languages.
    pub(super) languages: Vec<Choice>,
    /// What their addresses have beside the language, from `&` on.
    pub(super) asked: String,
    /// Whether there is more than one.
    pub(super) choose_language: bool,
    pub(super) content: C,
}

/// A page that only says something.
#[derive(Serialize)]
pub(super) struct MessagePage {
    pub(super) heading: String,
    pub(super) text: String,
    /// A link to what one may do next.
    pub(super) link: Option<NextLink>,
}

/// A link.
#[derive(Serialize)]
pub(super) struct NextLink {
    pub(super) title: String,
    pub(super) href: String,
}

/// One of several: a language, a list.
#[derive(Serialize)]
pub(super) struct Choice {
    /// What is sent; for a language its tag.
    pub(super) value: String,
    pub(super) title: String,
    pub(super) description: Option<String>,
    /// The direction of its title.
    pub(super) dir: &'static str,
    pub(super) chosen: bool,
}

/// The fields of a form, as they came.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a form (`application/x-www-form-urlencoded`). Another text is a form without the fields that are sought.
    pub(super) fn read(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The first value of a field, without blanks around it; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
    }
}

/// A name within a sentence: between marks of its own where it holds letters of the other direction (UAX 9, 2.5).
pub(super) fn isolated(language: &Language, name: &str) -> String {
    set_apart(name, language.direction()).into_owned()
}

/// Reads an address that somebody filled in. Names of machines, such as `localhost`, are nobody's on the web.
pub(super) fn public_address(text: &str) -> Option<String> {
    let read = mailbox(text).ok().map(|(address, _)| address);
    read.filter(|address| address.domain().contains('.')).map(|address| address.to_string())
}

/// How many languages of a browser are looked at.
const MOST_WANTED: usize = 20;

/// Which of the known languages a browser wants most, by its `Accept-Language` (RFC 9110 12.5.4). One of weight 0 it does not
/// want, and `*` stands for all that it does not name.
fn most_wanted(accepted: &str, known: &[Language]) -> Option<Language> {
    let mut ranges: Vec<(&str, f64)> = accepted.split(',').take(MOST_WANTED).filter_map(weighted).collect();
    // Of those that it wants alike the first stays first.
    ranges.sort_by(|one, other| other.1.total_cmp(&one.1));
    let named: Vec<Language> = ranges.iter().filter_map(|(range, _)| Language::parse(range)).collect();
    let is_named = |language: &Language| named.iter().any(|one| one.is_same(language));
    ranges.iter().filter(|(_, weight)| *weight > 0.0).find_map(|(range, _)| {
        let found = match Language::parse(range) {
            Some(wanted) => known.iter().find(|one| one.is_same(&wanted)),
            None if *range == "*" => known.iter().find(|one| !is_named(one)),
            None => None,
        };
        found.cloned()
    })
}

/// A language range and its weight (RFC 9110 12.4.2), which is 1 where none is given. One that cannot be read is none.
fn weighted(part: &str) -> Option<(&str, f64)> {
    let mut fields = part.split(';').map(str::trim);
    let range = fields.next()?;
    let weight = fields.find_map(|field| field.strip_prefix("q=").or_else(|| field.strip_prefix("Q=")));
    let weight = weight.map_or(Ok(1.0), str::parse::<f64>).ok()?;
    (0.0..=1.0).contains(&weight).then_some((range, weight))
}

/// The query of an address as fields.
pub(super) fn query(query: Option<&str>) -> Fields {
    Fields::read(query.unwrap_or_default().as_bytes())
}

impl Desk {
    /// The language of a page: the one that is asked for, else the one that the browser wants most of those that we have words
    /// in, else the publication's.
    pub(super) fn page_language(&self, asked: &str, headers: &HeaderMap) -> Language {
        let strings = self.templates.strings();
        let has_words = |language: &Language| {
            strings.words(language).language().is_some_and(|of| of.primary() == language.primary())
        };
        if let Some(language) = Language::parse(asked).filter(|language| has_words(language)) {
            return language;
        }
        let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        most_wanted(wanted, &self.config.languages()).unwrap_or_else(|| self.config.publication.language.clone())
    }

    /// Words in a language, with `{name}` filled in.
    pub(super) fn words(&self, language: &Language, key: &str, values: &[(&str, &str)]) -> String {
        Locale::new(language, &self.config.publication, self.templates.strings()).words(key, values)
    }

    /// An address within a sentence: it runs from left to right, whichever way the sentence does.
    pub(super) fn shown(language: &Language, address: &str) -> String {
        let address = readable(address);
        match language.direction() {
            Direction::Ltr => isolated(language, &address),
            Direction::Rtl => format!("\u{2066}{address}\u{2069}"),
        }
    }

    /// The titles of lists in one sentence, each apart from the direction of the others.
    pub(super) fn titles(&self, language: &Language, lists: &[String]) -> String {
        let titles: Vec<String> = lists.iter().map(|list| isolated(language, self.title(language, list))).collect();
        Locale::new(language, &self.config.publication, self.templates.strings()).list_in_sentence(&titles)
    }

    /// The languages of the publication as choices.
    pub(super) fn language_choices(&self, chosen: Option<&Language>) -> Vec<Choice> {
        self.language_choices_of(None, chosen)
    }

    /// The same, and the language that a reader has.
    pub(super) fn language_choices_of(&self, theirs: Option<&Language>, chosen: Option<&Language>) -> Vec<Choice> {
        let choice = |language: Language| Choice {
            value: language.as_str().to_owned(),
            title: autonym(&language),
            description: None,
            dir: language.direction().as_str(),
            chosen: chosen.is_some_and(|chosen| chosen.is_same(&language)),
        };
        let mut languages = self.config.languages();
        let is_known = |theirs: &&Language| languages.iter().any(|known| known.is_same(theirs));
        let other = theirs.filter(|theirs| !is_known(theirs)).cloned();
        languages.extend(other);
        languages.into_iter().map(choice).collect()
    }

    /// Draws a page.
    pub(super) fn page<C: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        language: &Language,
        title: &str,
        content: C,
    ) -> Response {
        self.page_for(status, template, language, title, String::new(), content)
    }

    /// The same, of which the other languages are asked for with `asked` beside the language.
    pub(super) fn page_for<C: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        language: &Language,
        title: &str,
        asked: String,
        content: C,
    ) -> Response {
        let publication = self.config.publication.in_language(language);
        let languages = self.language_choices(Some(language));
        let page = SubscriptionsPage {
            lang: language.as_str(),
            dir: language.direction().as_str(),
            title: format!("{title} \u{b7} {}", isolated(language, &publication.title)),
            publication: PublicationView::new(&publication),
            prefix: &self.prefix,
            choose_language: languages.len() > 1,
            languages,
            asked,
            content,
        };
        match self.templates.render(template, &page) {
            Ok(html) => (status, self.head(), html).into_response(),
            Err(error) => {
                self.metrics.count(Counted::Fault);
                (self.tell)(&error);
                (StatusCode::INTERNAL_SERVER_ERROR, self.head(), "Something went wrong.\n").into_response()
            }
        }
    }

    /// Draws a page that only says something: `{key}` is its heading, `{key}_hint` its text.
    pub(super) fn say(
        &self,
        status: StatusCode,
        language: &Language,
        key: &str,
        values: &[(&str, &str)],
        link: Option<NextLink>,
    ) -> Response {
        let heading = self.words(language, key, values);
        let text = self.words(language, &format!("{key}_hint"), values);
        let title = heading.clone();
        self.page(status, "serve/message", language, &title, MessagePage { heading, text, link })
    }

    /// The page that says that a link does not work.
    pub(super) fn say_invalid(&self, language: &Language) -> Response {
        self.metrics.count(Counted::Refused);
        self.say(StatusCode::NOT_FOUND, language, "link_invalid", &[], Some(self.link_by_mail(language)))
    }

    /// The page that says that something went wrong.
    pub(super) fn say_fault(&self, language: &Language) -> Response {
        self.say(StatusCode::SERVICE_UNAVAILABLE, language, "fault", &[], None)
    }

    /// The page that says that somebody did too much.
    pub(super) fn say_too_many(&self, language: &Language) -> Response {
        self.too_many(self.say(StatusCode::TOO_MANY_REQUESTS, language, "too_many", &[], None))
    }

    /// An answer to somebody who did too much, and when they may try again.
    pub(super) fn too_many(&self, mut response: Response) -> Response {
        self.metrics.count(Counted::Limited);
        response.headers_mut().insert("retry-after", HeaderValue::from_static("3600"));
        response
    }

    /// A link to the page of somebody's subscriptions, for whoever has shown that the address is theirs.
    pub(super) fn manage_link(&self, language: &Language, address: &str) -> NextLink {
        NextLink {
            title: self.words(language, "manage_link", &[]),
            href: format!("{}/manage/{}?lang={language}", self.prefix, self.manage_token(address)),
        }
    }

    /// A link to the page that sends a link to the page of one's subscriptions, for whoever has shown nothing of the kind.
    pub(super) fn link_by_mail(&self, language: &Language) -> NextLink {
        NextLink {
            title: self.words(language, "manage_title", &[]),
            href: format!("{}/manage?lang={language}", self.prefix),
        }
    }
}

impl Desk {
    /// The headers of every page: it is nobody's but the reader's.
    fn head(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(CONTENT_SECURITY_POLICY, self.policy.clone());
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
        headers
    }
}

/// What every handler is given.
pub(super) type Shared = axum::extract::State<Arc<Desk>>;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{isolated, most_wanted, public_address};
    use crate::config::parse;
    use crate::model::Language;
    use crate::templates::views::Locale;
    use crate::templates::{TemplateFile, Templates};

    #[test]
    fn the_language_that_is_wanted_most_comes_first_whatever_its_place() {
        let known = ["en", "fa", "ar"].map(|tag| Language::parse(tag).unwrap());
        let told = |accepted: &str| most_wanted(accepted, &known).map(|language| language.as_str().to_owned());
        for (accepted, wanted) in [
            ("en;q=0.1,ar;q=0.9", Some("ar")),
            ("en;q=0, fa", Some("fa")),
            ("de, fa-IR;q=0.8, en;q=0.1", Some("fa")),
            ("ar-LB, en", Some("ar")),
            ("en;q=0.5, fa;q=0.5", Some("en")),
            ("de, en ; q=0.2, fa ; Q=0.3", Some("fa")),
            ("en;q=0, *", Some("fa")),
            ("*, en;q=0.5", Some("fa")),
            ("de;q=1, *;q=0", None),
            ("en;q=0", None),
            ("en;q=nan, fa;q=7, ar;q=", None),
            ("", None),
        ] {
            assert_eq!(told(accepted).as_deref(), wanted, "{accepted}");
        }
    }

    #[test]
    fn names_of_the_other_direction_stand_apart() {
        let [english, persian] = ["en", "fa"].map(|tag| Language::parse(tag).unwrap());
        assert_eq!(isolated(&english, "Readers & type, 2026"), "Readers & type, 2026");
        assert_eq!(isolated(&english, "\u{62e}\u{628}\u{631}"), "\u{2068}\u{62e}\u{628}\u{631}\u{2069}");
        assert_eq!(isolated(&persian, "\u{62e}\u{628}\u{631} 92"), "\u{62e}\u{628}\u{631} 92");
        assert_eq!(isolated(&persian, "Readers"), "\u{2068}Readers\u{2069}");
    }

    #[test]
    fn sentences_name_several_lists_as_their_language_does() {
        let text = "title = \"T\"\nbase_url = \"https://t.example/\"\nlanguage = \"en\"\n";
        let publication = parse(text, Path::new("config.toml"), Path::new(".")).unwrap().publication;
        let german = TemplateFile {
            name: "strings/de.toml".to_owned(),
            path: Path::new("templates/strings/de.toml").to_owned(),
            text: "confirmed_hint = \"{address} bekommt {lists}.\"\n".to_owned(),
        };
        let templates = Templates::load(&[german]).unwrap().value;
        let said = |tag: &str, key: &str, lists: &[&str]| {
            let language = Language::parse(tag).unwrap();
            let locale = Locale::new(&language, &publication, templates.strings());
            let lists: Vec<String> = lists.iter().map(|list| (*list).to_owned()).collect();
            locale.words(key, &[("lists", &locale.list_in_sentence(&lists)), ("address", "X"), ("name", "سارا")])
        };
        let two = ["Një", "Dy"];
        assert_eq!(said("en", "confirmed_hint", &["One"]), "One will come to X.");
        assert_eq!(
            said("en", "confirm_question", &["One", "Two", "Three"]),
            "Do you want to get One, Two and Three at X?"
        );
        assert_eq!(said("en", "mail_known_subject", &["One", "Two"]), "You are subscribed: One and Two");
        assert_eq!(said("fa", "confirmed_hint", &["یک", "دو"]), "یک و دو به X خواهد آمد.");
        assert_eq!(said("ar", "confirmed_hint", &["واحد", "اثنان"]), "ستصل واحد واثنان إلى X.");
        assert_eq!(said("sq", "confirm_question", &two), "A dëshironi të merrni te X: Një dhe Dy?");
        assert_eq!(said("sq", "confirmed_hint", &two), "Te X do të merrni: Një dhe Dy.");
        assert!(
            said("sq", "mail_known_why", &two).contains("të marrë në këtë adresë: Një dhe Dy. Kështu është tashmë.")
        );
        // Its words lack what stands before the last.
        assert_eq!(said("de", "confirmed_hint", &["Eins", "Zwei"]), "X bekommt Eins, Zwei.");
        assert_eq!(said("ar", "greeting", &[]), "تحية طيبة يا سارا،");
        assert!(said("sq", "not_found_hint", &[]).contains("Faqja e parë ju çon te"));
    }

    #[test]
    fn nobody_on_the_web_is_at_a_name_of_a_machine() {
        for text in ["A@X.example", "Ann <A@X.example>", "mailto:A@x.example"] {
            assert_eq!(public_address(text).as_deref(), Some("A@x.example"));
        }
        for no in ["a@localhost", "a@intranet", "a"] {
            assert_eq!(public_address(no), None, "{no}");
        }
    }
}
