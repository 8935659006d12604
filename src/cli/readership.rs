//! Who of the readers of its lists gets a series.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::model::{MailPolicy, Recipient, Series, address_identity};
use crate::store::Store;

/// The readers of a series. What is decided of a person holds for all lists of the series on which they stand.
pub(super) struct Readership<'c> {
    all: &'c [Series],
    series: &'c Series,
    /// Who stands on several of its lists, and reads another series, in their own language, through one of these.
    elsewhere: BTreeSet<String>,
}

impl<'c> Readership<'c> {
    /// Of one of all series.
    pub(super) fn of(all: &'c [Series], series: &'c Series, store: &Store) -> Result<Self> {
        let mut elsewhere = BTreeSet::new();
        let has_others = |list: &String| {
            all.iter().any(|other| other.lists.contains(list) && !other.language.is_same(&series.language))
        };
        // One that is never mailed is no edition that anybody gets instead.
        let mailed = || all.iter().filter(|other| other.mail != MailPolicy::Never);
        for list in series.lists.iter().filter(|list| has_others(list)) {
            for other in series.lists.iter().filter(|other| *other != list) {
                store.each_on_both(list, other, |to| {
                    if is_read_elsewhere(mailed(), series, &to) {
                        elsewhere.insert(address_identity(&to.address).into_owned());
                    }
                })?;
            }
        }
        Ok(Self { all, series, elsewhere })
    }

    /// Shows everybody who gets it to `see`, each once: who does not get it through one of its lists may through another.
    pub(super) fn each(&self, store: &Store, mut see: impl FnMut(Recipient)) -> Result<()> {
        let lists = &self.series.lists;
        let mut seen = BTreeSet::new();
        for list in lists {
            store.each_recipient(std::slice::from_ref(list), |to| {
                if self.has(&to) && (lists.len() < 2 || seen.insert(address_identity(&to.address).into_owned())) {
                    see(to);
                }
            })?;
        }
        Ok(())
    }

    /// Whether a reader of one of its lists gets it.
    pub(super) fn has(&self, to: &Recipient) -> bool {
        reads(self.all, self.series, to)
            && (self.elsewhere.is_empty() || !self.elsewhere.contains(&*address_identity(&to.address)))
    }
}

/// Whether a reader gets this series through a list. Where it carries another series in their own language, they get that one;
/// everybody else gets all.
fn reads(all: &[Series], series: &Series, recipient: &Recipient) -> bool {
    !is_read_elsewhere(all.iter(), series, recipient)
}

fn is_read_elsewhere<'s>(mut all: impl Iterator<Item = &'s Series>, series: &Series, recipient: &Recipient) -> bool {
    let Some(language) = &recipient.language else { return false };
    let same = |other: &Series| other.language.is_same(language);
    !same(series) && all.any(|other| other.lists.contains(&recipient.list) && same(other))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Readership, reads};
    use crate::config::{Config, parse};
    use crate::model::{Language, NewSubscriber, Recipient};
    use crate::store::Store;

    const TWO_LANGUAGES: &str = r#"
title = "The Compositor"
base_url = "https://compositor.example/"
language = "en"

[list.members]
[list.friends]

[series.newsletter]
window = "monthly"
since = 2026-07-01
lists = ["members", "friends"]

[series.khabarname]
window = "monthly"
since = 2026-07-01
language = "fa"
lists = ["members"]
"#;

    fn got(config: &Config, list: &str, language: Option<&str>) -> Vec<String> {
        let recipient = Recipient {
            address: "ann@x.example".to_owned(),
            name: None,
            language: language.and_then(Language::parse),
            list: list.to_owned(),
            token: String::new(),
        };
        let on_list = config.series.iter().filter(|series| series.lists.iter().any(|carried| carried == list));
        let read = on_list.filter(|series| reads(&config.series, series, &recipient));
        read.map(|series| series.key.clone()).collect()
    }

    #[test]
    fn readers_get_the_series_in_their_language_or_all() {
        let config = parse(TWO_LANGUAGES, Path::new("config.toml"), Path::new(".")).unwrap();
        assert_eq!(got(&config, "members", None), ["newsletter", "khabarname"]);
        assert_eq!(got(&config, "members", Some("fa-IR")), ["khabarname"]);
        assert_eq!(got(&config, "members", Some("en-GB")), ["newsletter"]);
        assert_eq!(got(&config, "members", Some("de")), ["newsletter", "khabarname"], "no series is in German");
        assert_eq!(got(&config, "friends", Some("fa")), ["newsletter"], "the list carries no series in Persian");
        for code in ["fas", "per", "pes"] {
            let text = TWO_LANGUAGES.replace("\"fa\"", &format!("\"{code}\"")).replace("\"en\"", "\"eng\"");
            let config = parse(&text, Path::new("config.toml"), Path::new(".")).unwrap();
            assert_eq!(got(&config, "members", Some("fa")), ["khabarname"], "{code}");
            assert_eq!(got(&config, "members", Some("en")), ["newsletter"], "{code}");
        }
    }

    /// Who of ann (fa, on both lists), bo (fa, on the second alone) and cy (en, on both) gets each series.
    fn got_by(config: &Config, store: &Store) -> Vec<(String, Vec<String>)> {
        let of = |series: &crate::model::Series| {
            let readership = Readership::of(&config.series, series, store).unwrap();
            let mut had = Vec::new();
            readership.each(store, |to| had.push(to.address)).unwrap();
            (series.key.clone(), had)
        };
        config.series.iter().map(of).collect()
    }

    #[test]
    fn who_reads_their_language_through_one_list_gets_no_other_through_another() {
        let mut store = Store::in_memory().unwrap();
        let now = chrono::DateTime::UNIX_EPOCH;
        for (address, language, lists) in [
            ("ann", "fa", &["members", "friends"][..]),
            ("bo", "fa", &["friends"]),
            ("cy", "en", &["members", "friends"]),
        ] {
            let address = format!("{address}@x.example");
            let person = NewSubscriber { address, name: None, language: Language::parse(language) };
            for list in lists {
                store.add(list, &person, now).unwrap();
            }
        }
        let told = |who: &[&str]| who.iter().map(|who| format!("{who}@x.example")).collect::<Vec<_>>();
        for lists in [r#"["members", "friends"]"#, r#"["friends", "members"]"#] {
            let text = TWO_LANGUAGES.replace(r#"["members", "friends"]"#, lists);
            let config = parse(&text, Path::new("config.toml"), Path::new(".")).unwrap();
            let mut got = got_by(&config, &store);
            got[0].1.sort();
            let expected = [("newsletter".to_owned(), told(&["bo", "cy"])), ("khabarname".to_owned(), told(&["ann"]))];
            assert_eq!(got, expected, "{lists}");
        }
        // An edition that is never mailed keeps nobody from the one that is.
        let never = TWO_LANGUAGES.replace("language = \"fa\"", "language = \"fa\"\nmail = \"never\"");
        let config = parse(&never, Path::new("config.toml"), Path::new(".")).unwrap();
        let mut got = got_by(&config, &store);
        got[0].1.sort();
        assert_eq!(got[0].1, told(&["ann", "bo", "cy"]));
        // Through a list that they have left they get nothing, in any language.
        store.remove("members", "ann@x.example", now).unwrap();
        let config = parse(TWO_LANGUAGES, Path::new("config.toml"), Path::new(".")).unwrap();
        let mut got = got_by(&config, &store);
        got[0].1.sort();
        assert_eq!(got[0].1, told(&["ann", "bo", "cy"]));
    }
}
