//! Columns in which other programs keep who has left, and columns of unknown meaning that may say so.

mod names;
mod words;

use csv::StringRecord;

use super::headings::{Heading, heading};
use super::standing::Standing;
use crate::deliver::words::key;

pub(super) use names::ByName;
use words::{
    CLEANED, GETS_NONE, GETS_SOME, HAS_CONFIRMED, HAS_LEFT, HAS_NOT_LEFT, MAY_HAVE_LEFT, MAY_STAND, NO, OF_MAIL, ON,
    SPEAKS_OF_LEAVING, SPEAKS_OF_STAYING, STANDS, TAKES_MAIL, TIMES, YES,
};

const CLEANED_WORD: &str = "cleaned";

/// What is known of the columns of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Leaving {
    stands: Vec<usize>,
    may_stand: Vec<usize>,
    /// Columns of whether somebody gets mail, and of how many people who were taken they say what is not known.
    of_mail: Vec<(usize, usize)>,
    takes_mail: Vec<usize>,
    has_left: Vec<usize>,
    /// Columns of whether somebody has left, and of how many people who were taken they say what is not known.
    may_have_left: Vec<(usize, usize)>,
    cleaned: Vec<usize>,
    /// Columns that say who has confirmed, and of how many people who were taken they say it, nothing, or what nobody knows.
    confirmed: Vec<(usize, Confirmed)>,
    /// Columns that are not read, whether what stands there would be a yes to mail, and of how many people who were taken
    /// something else stands there.
    doubtful: Vec<(usize, bool, usize)>,
    /// Columns of other headings, and of how many people who were taken a word stands there that says who has left.
    others: Vec<(usize, usize)>,
    /// Whether the file is listmonk's, whose `status` is that of a person and not of a list.
    pub(super) is_of_listmonk: bool,
    /// Whether the file has the columns of the WordPress plugin Newsletter, whose `status` is a letter.
    pub(super) is_of_newsletter: bool,
}

impl Leaving {
    /// By headings; those at `read` have another meaning.
    pub(super) fn named(headings: &StringRecord, read: &[usize]) -> Self {
        let mut leaving = Self::default();
        let names: Vec<String> = headings.iter().map(key).collect();
        let has_all = |known: &[&str]| known.iter().all(|name| names.iter().any(|one| one == name));
        leaving.is_of_listmonk = has_all(&["uuid", "attributes", "status"]);
        leaving.is_of_newsletter = has_all(&["status", "token"]);
        for (at, name) in names.iter().enumerate().filter(|(at, _)| !read.contains(at)) {
            let is = |known: &[&str]| known.contains(&name.as_str());
            let has = |known: &[&str]| known.iter().any(|part| name.contains(part));
            if is(&STANDS) {
                leaving.stands.push(at);
            } else if is(&MAY_STAND) || headings.get(at).and_then(heading) == Some(Heading::State) {
                leaving.may_stand.push(at);
            } else if is(&OF_MAIL) {
                leaving.of_mail.push((at, 0));
            } else if is(&TAKES_MAIL) {
                leaving.takes_mail.push(at);
            } else if is(&HAS_LEFT) {
                leaving.has_left.push(at);
            } else if is(&MAY_HAVE_LEFT) {
                leaving.may_have_left.push((at, 0));
            } else if is(&CLEANED) {
                leaving.cleaned.push(at);
            } else if is(&HAS_CONFIRMED) {
                leaving.confirmed.push((at, Confirmed::default()));
            } else if has(&SPEAKS_OF_LEAVING) {
                leaving.doubtful.push((at, false, 0));
            } else if has(&SPEAKS_OF_STAYING) && !is_time(name, headings.get(at).unwrap_or_default()) {
                leaving.doubtful.push((at, true, 0));
            } else {
                leaving.others.push((at, 0));
            }
        }
        leaving
    }

    /// Whether a column is one of those that are read.
    pub(super) fn reads(&self, at: usize) -> bool {
        [&self.stands, &self.may_stand, &self.takes_mail, &self.has_left, &self.cleaned]
            .iter()
            .any(|columns| columns.contains(&at))
            || self.of_mail.iter().chain(&self.may_have_left).any(|(column, _)| *column == at)
            || self.confirmed.iter().any(|(column, _)| *column == at)
    }

    /// Whether a row says how somebody stands on this list, and not only how they stand with the sender.
    pub(super) fn tells_standing(&self, row: &StringRecord) -> bool {
        self.stands.iter().any(|at| row.get(*at).is_some_and(|value| !value.is_empty()))
    }

    /// What these columns say of somebody who gets no mail; `None` where they do not.
    pub(super) fn standing(&self, row: &StringRecord) -> Option<Standing> {
        let cell = |at: &usize| row.get(*at).unwrap_or_default();
        let no_mail = |word: &str| Standing::of(word).filter(|one| *one != Standing::Taken && !says(word, &YES));
        if let Some(standing) = self.stands.iter().find_map(|at| no_mail(cell(at))) {
            return Some(standing);
        }
        if let Some(standing) = self.may_stand.iter().find_map(|at| gets_none(cell(at))) {
            return Some(standing);
        }
        if let Some(standing) = self.of_mail.iter().find_map(|(at, _)| no_mail_at_all(cell(at))) {
            return Some(standing);
        }
        // Of some of these the word says why.
        let barred = |at: &usize| gets_none(cell(at)).filter(|one| matches!(one, Standing::Barred(_)));
        let may_have_left = || self.may_have_left.iter().map(|(at, _)| at);
        if let Some(standing) = self.has_left.iter().chain(may_have_left()).find_map(barred) {
            return Some(standing);
        }
        let is_said = |at: &usize| !cell(at).is_empty() && !says(cell(at), &NO);
        if self.cleaned.iter().any(is_said) {
            return Some(Standing::Barred(CLEANED_WORD));
        }
        let is_denied = |at: &usize| says(cell(at), &NO) || gets_none(cell(at)).is_some();
        let has_left = self.has_left.iter().any(is_said)
            || may_have_left().any(|at| says_so_or_when(cell(at)))
            || self.takes_mail.iter().any(is_denied);
        if has_left {
            return Some(Standing::Left);
        }
        self.confirmed.iter().find_map(|(at, _)| unconfirmed(cell(at)))
    }

    /// Looks at the columns that are not read, of somebody who is taken.
    pub(super) fn doubt(&mut self, row: &StringRecord) {
        for (at, is_yes, count) in &mut self.doubtful {
            let cell = row.get(*at).unwrap_or_default();
            let is_harmless = if *is_yes {
                says(cell, &YES) || Standing::known(cell) == Some(Standing::Taken) || is_when(cell)
            } else {
                says(cell, &NO)
            };
            *count += usize::from(!cell.is_empty() && !is_harmless);
        }
        for (at, count) in &mut self.of_mail {
            let cell = row.get(*at).unwrap_or_default();
            let is_known = Standing::known(cell) == Some(Standing::Taken) || says(cell, &YES) || says(cell, &GETS_SOME);
            *count += usize::from(!cell.is_empty() && !is_known);
        }
        for (at, count) in &mut self.may_have_left {
            let cell = row.get(*at).unwrap_or_default();
            let is_harmless = says_nothing(cell)
                || says(cell, &NO)
                || says(cell, &HAS_NOT_LEFT)
                || Standing::known(cell) == Some(Standing::Taken);
            *count += usize::from(!is_harmless);
        }
        for (at, said) in &mut self.confirmed {
            let cell = row.get(*at).unwrap_or_default();
            let is_yes = says(cell, &YES) || Standing::known(cell) == Some(Standing::Taken) || is_when_or_where(cell);
            said.yes += usize::from(is_yes);
            said.nothing += usize::from(cell.is_empty());
            said.strange += usize::from(!is_yes && !cell.is_empty());
        }
        for (at, count) in &mut self.others {
            *count += usize::from(gets_none(row.get(*at).unwrap_or_default()).is_some());
        }
    }

    /// The columns that may say of people who were taken that they have left, and of how many.
    pub(super) fn doubtful(&self) -> impl Iterator<Item = (usize, usize)> {
        let of_heading = self.doubtful.iter().map(|(at, _, count)| (*at, *count));
        let of_confirmed = self.confirmed.iter().map(|(at, said)| (*at, said.strange));
        of_heading.chain(of_confirmed).chain(self.others.iter().copied()).filter(|(_, count)| *count > 0)
    }

    /// The columns of whether somebody gets mail, or has left, that say of people who were taken what is not known, and of how many.
    pub(super) fn unknown(&self) -> impl Iterator<Item = (usize, usize)> {
        self.of_mail.iter().chain(&self.may_have_left).copied().filter(|(_, count)| *count > 0)
    }

    /// The columns that say of some people who were taken that they have confirmed, and nothing of others; and of how many.
    pub(super) fn unsaid(&self) -> impl Iterator<Item = (usize, usize)> {
        let is_unsaid = |said: &Confirmed| said.yes > 0 && said.nothing > 0;
        self.confirmed.iter().filter(move |(_, said)| is_unsaid(said)).map(|(at, said)| (*at, said.nothing))
    }
}

/// What a column of confirmations says of people who were taken.
#[derive(Clone, Copy, Debug, Default)]
struct Confirmed {
    yes: usize,
    nothing: usize,
    strange: usize,
}

/// How somebody stands by what such a column says of them; `None` where it does not say that they have not confirmed.
fn unconfirmed(cell: &str) -> Option<Standing> {
    if says(cell, &NO) { Some(Standing::Waiting) } else { gets_none(cell) }
}

/// Whether a cell holds a time or an address of a network: four digits or more.
fn is_when_or_where(cell: &str) -> bool {
    cell.chars().filter(|letter| letter.is_numeric()).count() >= 4
}

/// Whether a cell holds a time, and not the noughts that stand for none.
fn is_when(cell: &str) -> bool {
    is_when_or_where(cell) && cell.chars().any(|letter| letter.is_numeric() && letter != '0')
}

/// Whether a cell says yes, when, or why somebody gets no mail; a number is yes, as `CiviCRM` numbers the reasons.
fn says_so_or_when(cell: &str) -> bool {
    let is_number = || cell.bytes().all(|byte| byte.is_ascii_digit()) && cell.bytes().any(|byte| byte != b'0');
    says(cell, &YES) || is_number() || is_when(cell) || gets_none(cell).is_some() || names_itself(cell)
}

/// Whether a cell says what its heading does.
fn names_itself(cell: &str) -> bool {
    says(cell, &MAY_HAVE_LEFT)
}

/// Whether nothing stands in a cell but signs, such as dashes, or noughts, as an empty day is written.
fn says_nothing(cell: &str) -> bool {
    cell.chars().all(|letter| !letter.is_alphanumeric() || letter == '0')
}

/// What a word says of who gets no mail, whatever the column is called; `None` where it does not.
fn gets_none(word: &str) -> Option<Standing> {
    Standing::known(word).filter(Standing::gets_none)
}

/// What a column of whether somebody gets mail says of who does not.
fn no_mail_at_all(word: &str) -> Option<Standing> {
    gets_none(word).or_else(|| (says(word, &GETS_NONE) || says(word, &NO)).then_some(Standing::Waiting))
}

/// Whether a cell is one of these answers.
fn says(cell: &str, answers: &[&str]) -> bool {
    // A longer one is none of them.
    cell.len() <= 20 && answers.contains(&key(cell).as_str())
}

/// Whether a heading is that of a time, or of what went with it.
fn is_time(plain: &str, heading: &str) -> bool {
    TIMES.iter().any(|end| plain.ends_with(end))
        || heading.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).next_back() == Some(ON)
}
