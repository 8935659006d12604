//! The editor's file of an issue, issue.toml: label, window, title, introduction, order, left-out posts.

mod read;
mod write;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

pub use read::parse;
pub use write::{Change, Fresh, changed, fresh};

use super::window::instant;
use crate::error::{Error, ErrorKind, Place, Result, Warning, nearest_hint};
use crate::model::Post;

/// What the editor says about one issue. Everything is optional: an empty file leaves the issue as the plan has it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Editorial {
    /// The label, instead of the next number.
    pub label: Option<String>,
    /// Where the window begins.
    pub since: Option<Moment>,
    /// The first instant after the window.
    pub until: Option<Moment>,
    /// Where that stands.
    pub until_stands: Option<Place>,
    /// The date printed on the issue, instead of the day on which its window closes.
    pub date: Option<Moment>,
    /// A title of its own.
    pub title: Option<String>,
    /// The introduction, in Markdown.
    pub intro: Option<String>,
    /// Where its first letter stands, if it stands in issue.toml line by line, without escapes.
    pub intro_begins: Option<Place>,
    /// The posts that come first in their sections, in this order.
    pub order: Vec<Mention>,
    /// The posts that this series never takes.
    pub leave_out: Vec<Mention>,
    /// Other titles for some posts.
    pub titles: Vec<(Mention, String)>,
}

/// A time as an editor writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A day (its midnight) or a local time, in the publication's zone.
    Local(NaiveDateTime),
    /// A time with its own offset.
    Instant(DateTime<Utc>),
}

impl Moment {
    /// The instant that is meant, in the publication's zone.
    #[must_use]
    pub fn resolve(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Local(local) => instant(local, zone),
            Self::Instant(instant) => instant,
        }
    }
}

/// A post as an editor names it, by slug or id, and where they did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The slug or the id.
    pub name: String,
    /// Where it stands in issue.toml.
    pub place: Place,
}

impl Mention {
    /// Whether `post` is meant.
    #[must_use]
    pub fn means(&self, post: &Post) -> bool {
        self.name == post.slug || self.name == post.id.0
    }
}

impl Editorial {
    /// Refuses a window that ends before it begins, in the publication's zone, or when it begins.
    pub fn check_window(&self, zone: Tz) -> Result<()> {
        let (Some(since), Some(until)) = (self.since, self.until) else { return Ok(()) };
        if since.resolve(zone) < until.resolve(zone) {
            return Ok(());
        }
        let error = Error::new(ErrorKind::Input, "the window ends before it begins");
        let error = if let Some(place) = &self.until_stands { error.at(place.clone()) } else { error };
        Err(error.hint("`until` is the first day after the window"))
    }

    /// Whether the editor leaves `post` out.
    #[must_use]
    pub fn leaves_out(&self, post: &Post) -> bool {
        self.leave_out.iter().any(|mention| mention.means(post))
    }

    /// The editor's title for `post`.
    #[must_use]
    pub fn title_of(&self, post: &Post) -> Option<&str> {
        self.titles.iter().find(|(mention, _)| mention.means(post)).map(|(_, title)| title.as_str())
    }

    /// The place of `post` in the editor's order; posts that it does not name come after those that it does.
    #[must_use]
    pub fn rank(&self, post: &Post) -> usize {
        self.order.iter().position(|mention| mention.means(post)).unwrap_or(self.order.len())
    }

    /// A warning for each name that means none of `posts`, those that the issue could hold.
    #[must_use]
    pub fn unknown_names(&self, posts: &[&Post]) -> Vec<Warning> {
        let named = self.order.iter().chain(&self.leave_out).chain(self.titles.iter().map(|(mention, _)| mention));
        named
            .filter(|mention| !posts.iter().any(|post| mention.means(post)))
            .map(|mention| {
                let warning = Warning::new(format!("no post of this issue is called `{}`", mention.name))
                    .at(mention.place.clone());
                match nearest_hint(&mention.name, posts.iter().map(|post| post.slug.as_str())) {
                    Some(hint) if posts.len() <= 12 || hint.starts_with("did you mean") => warning.hint(hint),
                    _ => warning.hint("a post is named by its slug or its id"),
                }
            })
            .collect()
    }
}
