//! What the name of a file says of those in it: programs give away who left, and whose mail came back, in files whose rows
//! say nothing of it.

use std::path::Path;

use super::super::CsvStanding;
use crate::deliver::words::key;

/// What is known of all who stand in a file, before their rows are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum ByName {
    /// Nothing.
    Nothing,
    /// How they stand, as `status` would say it, by the name of the file.
    Says(&'static str),
    /// Whoever imports them says how they stand.
    Told(&'static str),
    /// By this word of the name they may get no mail.
    MaySay(String),
}

const LEFT: &str = "unsubscribed";
const WAITING: &str = "pending";
const CLEANED: &str = "cleaned";
const SUPPRESSED: &str = "suppressed";
const BLOCKED: &str = "blocklisted";
const COMPLAINED: &str = "complained";
const BOUNCED: &str = "bounced";

// Words stand here as they are compared.

/// First words of names that say how all stand who are in the file, as in Mailchimp's exports (`cleaned_members_export_…`) and
/// others.
const SAID: [(&str, &str); 51] = [
    ("unsubscribe", LEFT),
    ("unsubscribes", LEFT),
    ("unsubscribed", LEFT),
    ("unsubscribers", LEFT),
    ("unsubscriptions", LEFT),
    ("unsubs", LEFT),
    ("optout", LEFT),
    ("optouts", LEFT),
    ("optedout", LEFT),
    ("donotcontact", LEFT),
    ("donotemail", LEFT),
    ("donotmail", LEFT),
    ("donotsend", LEFT),
    ("abgemeldet", LEFT),
    ("abgemeldete", LEFT),
    ("abmeldungen", LEFT),
    ("abbestellt", LEFT),
    ("abbestellungen", LEFT),
    ("desabonnes", LEFT),
    ("desabonnements", LEFT),
    ("desinscrits", LEFT),
    ("desinscriptions", LEFT),
    ("bajas", LEFT),
    ("disiscritti", LEFT),
    ("disiscrizioni", LEFT),
    ("cabonuar", LEFT),
    ("cregjistruar", LEFT),
    ("لغواشتراک", LEFT),
    ("لغوعضویت", LEFT),
    ("الغاءالاشتراک", LEFT),
    ("nonsubscribed", WAITING),
    ("unconfirmed", WAITING),
    (CLEANED, CLEANED),
    ("bounces", BOUNCED),
    ("bounced", BOUNCED),
    ("hardbounces", BOUNCED),
    ("suppression", SUPPRESSED),
    ("suppressions", SUPPRESSED),
    ("suppressed", SUPPRESSED),
    ("suppressionlist", SUPPRESSED),
    ("blocklist", BLOCKED),
    ("blocklists", BLOCKED),
    ("blocklisted", BLOCKED),
    ("blacklist", BLOCKED),
    ("blacklisted", BLOCKED),
    ("sperrliste", BLOCKED),
    ("complaint", COMPLAINED),
    ("complaints", COMPLAINED),
    ("complained", COMPLAINED),
    ("spamreports", COMPLAINED),
    ("spamcomplaints", COMPLAINED),
];
/// How words begin that may say that those in the file get no mail, wherever they stand. `cleaned` is none: people call a list
/// so that they have put in order.
const MAY_SAY: [&str; 30] = [
    "unsub",
    "optout",
    "optedout",
    "donotcontact",
    "donotemail",
    "donotmail",
    "donotsend",
    "nonsubscrib",
    "unconfirmed",
    "bounce",
    "hardbounce",
    "softbounce",
    "undeliver",
    "suppress",
    "blocklist",
    "blacklist",
    "complain",
    "spamreport",
    "spamcomplaint",
    "abgemeldet",
    "abmeld",
    "abbestell",
    "sperrliste",
    "desabonn",
    "desinscri",
    "disiscri",
    "cabonu",
    "cregjistr",
    "لغو",
    "الغاء",
];
/// Words that say of a file that those are not in it, or others too.
const CONTRARY: [&str; 18] = [
    "without",
    "except",
    "excluding",
    "excl",
    "minus",
    "removed",
    "deleted",
    "cleaned",
    "clean",
    "free",
    "active",
    "subscribed",
    "ohne",
    "entfernt",
    "sans",
    "sin",
    "senza",
    "بدون",
];
/// Words that are one with the next.
const JOINED: [(&str, &str); 14] = [
    ("opt", "out"),
    ("opted", "out"),
    ("donot", "contact"),
    ("donot", "email"),
    ("donot", "mail"),
    ("donot", "send"),
    ("spam", "report"),
    ("spam", "complaint"),
    ("hard", "bounce"),
    ("soft", "bounce"),
    ("non", "subscrib"),
    ("do", "not"),
    ("لغو", "اشتراک"),
    ("لغو", "عضویت"),
];
/// How Mailchimp calls its exports of addresses that it has found dead.
const CLEANED_BY_MAILCHIMP: [&str; 3] =
    ["cleaned_members_export", "cleaned_email_audience_export", "cleaned_segment_export"];

impl ByName {
    /// What the name of a file says.
    pub(in super::super) fn of(file: &Path) -> Self {
        let Some(name) = file.file_stem().map(|name| name.to_string_lossy().into_owned()) else { return Self::Nothing };
        let words = words(&name);
        let said = |word: &String| SAID.iter().find(|(begins, _)| begins == word).map(|(_, said)| *said);
        let Some(first) = words.first().and_then(said) else { return Self::perhaps(&words) };
        let rest = &words[1..];
        if rest.iter().any(|word| CONTRARY.contains(&word.as_str())) {
            return Self::perhaps(&words);
        }
        Self::Says(match first {
            // People call a list so, too, that they have put in order: such a one is not taken, and nobody's address is
            // suppressed.
            CLEANED if !CLEANED_BY_MAILCHIMP.iter().any(|begins| name.to_lowercase().starts_with(begins)) => WAITING,
            // What stands after it says which of those who get no mail: SendGrid's `suppression_unsubscribes`.
            SUPPRESSED => rest.iter().find_map(said).unwrap_or(SUPPRESSED),
            first => first,
        })
    }

    /// What is said at the command line.
    pub(in super::super) fn told(standing: CsvStanding) -> Self {
        match standing {
            CsvStanding::Active => Self::Nothing,
            CsvStanding::Unsubscribed => Self::Told(LEFT),
            CsvStanding::Bounced => Self::Told(BOUNCED),
            CsvStanding::Complained => Self::Told(COMPLAINED),
            CsvStanding::Suppressed => Self::Told(SUPPRESSED),
        }
    }

    fn perhaps(words: &[String]) -> Self {
        let may_say = |word: &&String| MAY_SAY.iter().any(|begins| word.starts_with(begins));
        words.iter().find(may_say).cloned().map_or(Self::Nothing, Self::MaySay)
    }
}

/// The words of a name as they are compared, those that belong together as one.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in apart(name).split(|letter: char| !is_of_word(letter)).map(key).filter(|word| !word.is_empty()) {
        let is_joined = |last: &String| {
            let joins = |(one, other): &(&str, &str)| last == one && word.starts_with(other);
            JOINED.iter().any(joins)
        };
        match words.last_mut().filter(|last| is_joined(last)) {
            Some(last) => last.push_str(&word),
            None => words.push(word),
        }
    }
    words
}

/// A name with blanks before the capitals within words: `OptOuts`.
fn apart(name: &str) -> String {
    let mut apart = String::with_capacity(name.len());
    let mut was_small = false;
    for letter in name.chars() {
        if was_small && letter.is_uppercase() {
            apart.push(' ');
        }
        was_small = letter.is_lowercase();
        apart.push(letter);
    }
    apart
}

/// Letters, and the marks that some systems keep apart from theirs.
fn is_of_word(letter: char) -> bool {
    letter.is_alphabetic() || matches!(letter, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}')
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ByName, CONTRARY, MAY_SAY, SAID};
    use crate::deliver::csv_list::standing::Standing;
    use crate::deliver::words::key;

    #[test]
    fn words_stand_as_they_are_compared_and_are_known_of_a_status() {
        for word in SAID.iter().map(|(word, _)| word).chain(&MAY_SAY).chain(&CONTRARY) {
            assert_eq!(key(word), *word);
        }
        assert!(SAID.iter().all(|(_, said)| Standing::known(said).is_some_and(|one| one.gets_none())));
    }

    #[test]
    fn first_words_say_how_all_in_a_file_stand() {
        for (name, said) in [
            ("suppression_unsubscribes.csv", "unsubscribed"),
            ("suppression_group_unsubscribes.csv", "unsubscribed"),
            ("suppression_spam_reports.csv", "complained"),
            ("suppression_bounces (2).csv", "bounced"),
            ("suppression_blocks.csv", "suppressed"),
            ("SuppressionList.csv", "suppressed"),
            ("a/suppressions.csv", "suppressed"),
            ("blocklist.csv", "blocklisted"),
            ("optout.csv", "unsubscribed"),
            ("Opt-Outs 2026.csv", "unsubscribed"),
            ("OptOuts.csv", "unsubscribed"),
            ("do-not-mail.csv", "unsubscribed"),
            ("Do Not Contact.csv", "unsubscribed"),
            ("2026-bounces.csv", "bounced"),
            ("hard_bounces.csv", "bounced"),
            ("spam-complaints.csv", "complained"),
            ("Abgemeldete.csv", "unsubscribed"),
            ("de\u{301}sabonne\u{301}s.csv", "unsubscribed"),
            ("Bajas.csv", "unsubscribed"),
            ("Çabonuar.csv", "unsubscribed"),
            ("لغو اشتراك.csv", "unsubscribed"),
            ("non-subscribed_email_audience_export_1f.csv", "pending"),
        ] {
            assert_eq!(ByName::of(Path::new(name)), ByName::Says(said), "{name}");
        }
    }

    #[test]
    fn such_a_word_elsewhere_leaves_it_open_and_other_names_say_nothing() {
        for (name, word) in [
            ("news.example.org-unsubscribes.csv", "unsubscribes"),
            ("mailchimp_opt-outs.csv", "optouts"),
            ("members-without-bounces.csv", "bounces"),
            ("bounces-removed.csv", "bounces"),
            ("unsubscribed and subscribed.csv", "unsubscribed"),
            ("no_unsubscribes.csv", "unsubscribes"),
            ("soft-bounces.csv", "softbounces"),
            ("Bounce Club members.csv", "bounce"),
            ("Verein-Abmeldungen.csv", "abmeldungen"),
            ("club_do_not_mail.csv", "donotmail"),
        ] {
            assert_eq!(ByName::of(Path::new(name)), ByName::MaySay(word.to_owned()), "{name}");
        }
        for name in [
            "readers.csv",
            "jun-subscribers.csv",
            "non-members.csv",
            "avec-abonnés.csv",
            "members_cleaned.csv",
            "Options out of town.csv",
            "do.csv",
            "subscribed_email_audience_export_1f.csv",
            "مشترکان.csv",
            ".csv",
            "",
        ] {
            assert_eq!(ByName::of(Path::new(name)), ByName::Nothing, "{name}");
        }
    }
}
