//! Freezing, amending and unfreezing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::draft::free_anchor;
use super::frozen::sha256;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Article, Frozen, Issue, IssueKey, PostId, SeriesIdentity};

/// An issue to be written: first the files, then frozen.json.
#[derive(Clone, Debug, PartialEq)]
pub struct Freezing {
    /// The content of frozen.json.
    pub issue: Issue,
    /// The files to copy into the issue's assets/ folder.
    pub copies: Vec<Copy>,
}

/// A file to copy into an issue's assets/ folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    /// Where its bytes are.
    pub from: PathBuf,
    /// Its name under assets/.
    pub name: String,
}

/// Freezes a draft at `now`, with the text of its issue.toml as it stands. A draft that is frozen already, and two
/// different files under one name, are errors of kind `State`.
pub fn freeze(draft: Issue, editorial: &str, now: DateTime<Utc>) -> Result<Freezing> {
    if draft.frozen.is_some() {
        return Err(state(&draft.key, "is already frozen").hint(amend_with(&draft.key)));
    }
    let frozen = Frozen {
        at: now,
        revision: 1,
        updated: now,
        amendments: Vec::new(),
        mail: false,
        editorial_sha256: sha256(editorial),
        withdrawals: Vec::new(),
    };
    finished(draft, frozen)
}

/// Makes the next revision of a frozen issue out of a new draft of it. Number, window, printed date, publication,
/// series and the date of publication stay as they were; `updated` moves to `now`, or to just after what it was. An amendment without a note,
/// one that changes nothing, and one of a withdrawn issue are errors.
pub fn amend(previous: &Issue, draft: Issue, note: &str, editorial: &str, now: DateTime<Utc>) -> Result<Freezing> {
    let key = &previous.key;
    let Some(before) = &previous.frozen else {
        return Err(state(key, "is not frozen, so that there is nothing to amend").hint("edit its issue.toml"));
    };
    if note.trim().is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("an amendment of {key} must say what it changes")));
    }
    refuse_withdrawn(previous)?;
    let mut amendments = before.amendments.clone();
    amendments.push(note.trim().to_owned());
    let frozen = Frozen {
        at: before.at,
        revision: before.revision.saturating_add(1),
        updated: next_updated(before, now),
        amendments,
        mail: false,
        editorial_sha256: sha256(editorial),
        withdrawals: before.withdrawals.clone(),
    };
    let pdf = previous.assets.iter().filter(|asset| previous.imported_pdf.as_ref() == Some(&asset.name));
    let draft = Issue {
        format: draft.format,
        assets: draft.assets.iter().chain(pdf).cloned().collect(),
        key: key.clone(),
        publication: previous.publication.clone(),
        // What was for members stays so, and what is for members by now is no longer told the web.
        series: SeriesIdentity { public: previous.series.public && draft.series.public, ..previous.series.clone() },
        number: previous.number.clone(),
        window: previous.window,
        date: previous.date,
        imported_pdf: previous.imported_pdf.clone(),
        ..as_first_seen(previous, draft)
    };
    let freezing = finished(draft, frozen)?;
    let unchanged = Issue { frozen: previous.frozen.clone(), ..freezing.issue.clone() } == *previous;
    if unchanged {
        return Err(state(key, "is what it was; an amendment would change nothing"));
    }
    Ok(freezing)
}

/// A new draft of a frozen issue, with articles first seen when they were: a standing article without a date is seen anew at each
/// run, and the day is part of the id that it is given. Neither is a change. Links into the issue that went out lead on, whatever
/// a post is called by now.
fn as_first_seen(previous: &Issue, mut draft: Issue) -> Issue {
    let seen: BTreeMap<&PostId, DateTime<Utc>> =
        previous.articles().map(|article| (&article.post.id, article.post.first_seen)).collect();
    for article in draft.sections.iter_mut().flat_map(|section| &mut section.articles) {
        article.post.first_seen = seen.get(&article.post.id).copied().unwrap_or(article.post.first_seen);
    }
    for Article { post, .. } in draft.standing.iter_mut().filter(|article| article.post.published.is_none()) {
        let is_same = |known: &&Article| {
            known.post.published.is_none()
                && (&known.post.file, &known.post.language) == (&post.file, &post.language)
                && without_day(&known.post.id.0) == without_day(&post.id.0)
        };
        if let Some(known) = previous.standing.iter().find(is_same) {
            (post.id, post.first_seen) = (known.post.id.clone(), known.post.first_seen);
        }
    }
    keep_anchors(previous, &mut draft);
    draft
}

/// Gives the articles of a draft the anchors that they had; those that are new make way.
fn keep_anchors(previous: &Issue, draft: &mut Issue) {
    let anchors: BTreeMap<&PostId, &str> =
        previous.articles().map(|article| (&article.post.id, article.anchor.as_str())).collect();
    let articles = draft.sections.iter_mut().flat_map(|section| &mut section.articles).chain(&mut draft.standing);
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut anew: Vec<&mut Article> = Vec::new();
    for article in articles {
        match anchors.get(&article.post.id).filter(|was| taken.insert((**was).to_owned())) {
            Some(was) => (*was).clone_into(&mut article.anchor),
            None => anew.push(article),
        }
    }
    for article in anew {
        article.anchor = free_anchor(&article.anchor, &mut taken);
    }
}

/// What a tag URI says beside its day (RFC 4151), and any other id as a whole.
fn without_day(id: &str) -> (&str, &str) {
    let parts = id.strip_prefix("tag:").and_then(|rest| rest.split_once(','));
    parts.and_then(|(host, rest)| Some((host, rest.split_once(':')?.1))).unwrap_or((id, ""))
}

/// When the next revision is made: now, or just after the one before, whatever the clock says.
pub(super) fn next_updated(before: &Frozen, now: DateTime<Utc>) -> DateTime<Utc> {
    now.max(before.updated.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(before.updated))
}

/// An error of kind `State` where an issue is withdrawn.
fn refuse_withdrawn(issue: &Issue) -> Result<()> {
    let undo = || format!("`masthead issue withdraw {} --undo -m WHY` brings it back first", issue.key.argument());
    issue.withdrawn().map_or(Ok(()), |_| Err(state(&issue.key, "is withdrawn").hint(undo())))
}

/// The draft again, for an issue that nobody has seen. `released` names what is on the web of it, and `others` are the frozen
/// issues of all series: where it is published, where a later issue of its series counts on its number, and where a volume
/// binds it, it stays frozen; so it does while it is withdrawn, an error of kind `State`.
pub fn unfreeze(issue: &Issue, released: &[String], others: &[&Issue]) -> Result<Issue> {
    let key = &issue.key;
    if issue.frozen.is_none() {
        return Err(state(key, "is not frozen"));
    }
    refuse_withdrawn(issue)?;
    if let Some(first) = released.first() {
        return Err(state(key, &format!("is published already (released/{first})")).hint(amend_with(key)));
    }
    let follows =
        |other: &&&Issue| other.key.series == key.series && other.imported_pdf.is_none() && other.window > issue.window;
    if issue.imported_pdf.is_none()
        && let Some(later) = others.iter().filter(follows).max_by_key(|other| other.window)
    {
        return Err(state(key, &format!("comes before {}, which is frozen with the number after it", later.key))
            .hint("unfreeze the later one first, so that each gets its own number again"));
    }
    let binds_it = |volume: &&&Issue| {
        volume.series.binds.as_ref() == Some(&key.series)
            && volume.frozen.is_some()
            && volume.sections.iter().any(|section| section.issue == Some(key.ordinal))
    };
    if let Some(volume) = others.iter().find(binds_it) {
        return Err(state(key, &format!("is bound in {}", volume.key)).hint(amend_with(key)));
    }
    Ok(Issue { frozen: None, ..issue.clone() })
}

/// What is said of an issue whose issue.toml was edited since.
const EDITED: &str = "is frozen; what was changed here since has no effect";

/// Whether a warning is one of [`edited_since`].
#[must_use]
pub fn is_of_edit(warning: &Warning) -> bool {
    warning.message.ends_with(EDITED)
}

/// A warning when issue.toml, the file at `path`, is no longer what it was when the issue was frozen. A withdrawn issue cannot be amended.
#[must_use]
pub fn edited_since(issue: &Issue, editorial: &str, path: &Path) -> Option<Warning> {
    let frozen = issue.frozen.as_ref()?;
    (issue.withdrawn().is_none() && frozen.editorial_sha256 != sha256(editorial)).then(|| {
        let message = format!("{} {EDITED}", issue.key);
        Warning::new(message).at(Place::file(path)).hint(amend_with(&issue.key))
    })
}

/// Points each post at the issue's own copies of its files, by paths from the publication's folder, and lists what has
/// to be copied.
fn finished(mut issue: Issue, frozen: Frozen) -> Result<Freezing> {
    let folder = Path::new("issues").join(issue.key.to_string()).join("assets");
    let mut copies: BTreeMap<String, (PathBuf, String)> = BTreeMap::new();
    let articles = issue.sections.iter_mut().flat_map(|section| &mut section.articles).chain(&mut issue.standing);
    let files = articles.flat_map(|article| &mut article.post.assets).chain(&mut issue.intro_assets);
    for asset in files {
        let own = folder.join(&asset.name);
        let from = std::mem::replace(&mut asset.file, own.clone());
        let (known, hash) = copies.entry(asset.name.clone()).or_insert_with(|| (from.clone(), asset.sha256.clone()));
        if *hash != asset.sha256 {
            return Err(state(&issue.key, &format!("shows two different files called `{}`", asset.name)));
        }
        // One article may be the copy of an earlier revision, another may have the file at its source.
        if *known == own {
            *known = from;
        }
    }
    let copies = copies.into_iter().filter(|(name, (from, _))| *from != folder.join(name));
    let copies = copies.map(|(name, (from, _))| Copy { from, name }).collect();
    issue.frozen = Some(frozen);
    Ok(Freezing { issue, copies })
}

pub(super) fn state(key: &IssueKey, what: &str) -> Error {
    Error::new(ErrorKind::State, format!("{key} {what}"))
}

fn amend_with(key: &IssueKey) -> String {
    format!("`masthead issue amend {}` makes a new revision of it", key.argument())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono_tz::Tz;

    use super::{Copy, amend, edited_since, freeze, unfreeze};
    use crate::assemble::fixture::{at, picture, post, run, series};
    use crate::model::{Issue, Post, WindowRule};

    fn frozen() -> Issue {
        let day = at("2026-07-03T10:00:00Z");
        let posts = [
            Post { assets: vec![picture("a.png", "posts")], ..post("a", day) },
            Post { assets: vec![picture("a.png", "posts"), picture("b.png", "/pictures")], ..post("b", day) },
        ];
        let mut issues = Vec::new();
        run(&series(WindowRule::Monthly), Tz::UTC, &posts, &mut issues, at("2026-08-01T00:00:00Z"));
        issues.remove(0)
    }

    fn draft() -> Issue {
        let mut draft = Issue { frozen: None, ..frozen() };
        for article in draft.sections.iter_mut().flat_map(|section| &mut section.articles) {
            for asset in &mut article.post.assets {
                asset.file = Path::new("posts").join(&asset.name);
            }
        }
        draft
    }

    #[test]
    fn freezing_copies_each_file_once_and_points_the_posts_at_the_copies() {
        let freezing = freeze(draft(), "title = \"Ink\"\n", at("2026-08-01T06:00:00Z")).unwrap();
        let copy = |name: &str| Copy { from: Path::new("posts").join(name), name: name.to_owned() };
        assert_eq!(freezing.copies, [copy("a.png"), copy("b.png")]);
        let files: Vec<String> = freezing
            .issue
            .articles()
            .flat_map(|article| &article.post.assets)
            .map(|asset| asset.file.display().to_string())
            .collect();
        let own = |name: &str| format!("issues/newsletter/0001/assets/{name}");
        assert_eq!(files, [own("a.png"), own("a.png"), own("b.png")]);
        assert!(freeze(freezing.issue, "", at("2026-08-01T06:00:00Z")).is_err());
    }

    #[test]
    fn two_files_under_one_name_are_refused() {
        let mut draft = draft();
        draft.sections[0].articles[0].post.assets[0].sha256 = "another".to_owned();
        let error = freeze(draft, "", at("2026-08-01T06:00:00Z")).unwrap_err();
        assert_eq!(error.to_string(), "newsletter/0001 shows two different files called `a.png`");
    }

    #[test]
    fn an_amendment_is_a_new_revision_under_the_same_number_and_date() {
        let (before, now) = (frozen(), at("2026-09-01T00:00:00Z"));
        let same = Issue { frozen: None, ..before.clone() };
        assert!(amend(&before, same.clone(), "nothing", "", now).is_err());
        assert!(amend(&before, same.clone(), " ", "", now).is_err());
        let mut changed = Issue { date: now, ..same };
        changed.number.label = "93".to_owned();
        changed.sections[0].articles[0].post.title = "Corrected".to_owned();
        let after = amend(&before, changed, "a title corrected", "order = []", now).unwrap();
        assert_eq!(after.copies, []);
        let (was, is) = (before.frozen.clone().unwrap(), after.issue.frozen.clone().unwrap());
        assert_eq!((is.at, is.revision, is.updated), (was.at, 2, now));
        assert_eq!(is.amendments, ["a title corrected"]);
        assert_eq!((&after.issue.number, after.issue.date), (&before.number, before.date));
        let not_frozen = draft();
        assert!(amend(&not_frozen, draft(), "a", "", now).unwrap_err().to_string().contains("is not frozen"));
    }

    #[test]
    fn a_standing_article_that_is_seen_anew_is_no_change() {
        let standing = |day: &str| {
            let seen = at(&format!("{day}T00:00:00Z"));
            let id = crate::model::PostId(format!("tag:example.org,{day}:posts/en/about"));
            let post = Post { id, published: None, first_seen: seen, ..post("about", seen) };
            let anchor = "about".to_owned();
            crate::model::Article { anchor, post, late: false, for_members: false, band: None }
        };
        let before = Issue { standing: vec![standing("2026-08-01")], ..frozen() };
        let mut same = Issue { frozen: None, standing: vec![standing("2026-09-01")], ..before.clone() };
        same.sections[0].articles[0].post.first_seen = at("2026-09-01T00:00:00Z");
        let now = at("2026-09-01T00:00:00Z");
        let error = amend(&before, same.clone(), "nothing", "", now).unwrap_err();
        assert!(error.to_string().contains("would change nothing"), "{error}");
        "about-2".clone_into(&mut same.standing[0].anchor);
        let error = amend(&before, same.clone(), "another name", "", now).unwrap_err();
        assert!(error.to_string().contains("would change nothing"), "links that went out lead on: {error}");
        same.standing[0].post.title = "Who we are".to_owned();
        let after = amend(&before, same, "a title", "", now).unwrap().issue;
        let (was, is) = (&before.standing[0].post, &after.standing[0].post);
        assert_eq!((&is.id, is.first_seen, is.title.as_str()), (&was.id, was.first_seen, "Who we are"));
    }

    #[test]
    fn anchors_stay_and_new_articles_make_way() {
        let named = |id: &str, anchor: &str| {
            let post = Post { id: crate::model::PostId(id.to_owned()), ..post("ink", at("2026-08-01T00:00:00Z")) };
            crate::model::Article { anchor: anchor.to_owned(), post, late: false, for_members: false, band: None }
        };
        let anchors = |issue: &Issue| issue.articles().map(|article| article.anchor.clone()).collect::<Vec<_>>();
        let mut before = frozen();
        before.sections[0].articles = vec![named("urn:a", "ink"), named("urn:b", "ink-2")];
        let mut drafted = Issue { frozen: None, ..before.clone() };
        drafted.sections[0].articles =
            vec![named("urn:c", "ink"), named("urn:a", "ink-2"), named("urn:b", "ink-3"), named("urn:d", "ink-2-2")];
        let after = amend(&before, drafted, "more of it", "", at("2026-09-01T00:00:00Z")).unwrap().issue;
        assert_eq!(anchors(&after)[..4], ["ink-3", "ink", "ink-2", "ink-2-2"]);
    }

    #[test]
    fn only_what_nobody_has_seen_is_unfrozen() {
        let issue = frozen();
        assert_eq!(unfreeze(&issue, &[], &[]).unwrap().frozen, None);
        let error = unfreeze(&issue, &["newsletter-1.pdf".to_owned()], &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "newsletter/0001 is published already (released/newsletter-1.pdf)\n  \
             `masthead issue amend newsletter 0001` makes a new revision of it"
        );
        let mut volume = frozen();
        volume.key.series = "yearbook".to_owned();
        volume.series.binds = Some("newsletter".to_owned());
        volume.sections[0].issue = Some(1);
        let error = unfreeze(&issue, &[], &[&volume]).unwrap_err();
        assert!(error.to_string().starts_with("newsletter/0001 is bound in yearbook/0001"), "{error}");
        assert!(unfreeze(&draft(), &[], &[]).is_err());
    }

    #[test]
    fn an_edit_after_freezing_is_told_and_line_ends_are_none() {
        let issue = freeze(draft(), "title = \"Ink\"\n", at("2026-08-01T06:00:00Z")).unwrap().issue;
        let path = Path::new("issues/newsletter/0001/issue.toml");
        assert_eq!(edited_since(&issue, "title = \"Ink\"\r\n", path), None);
        assert_eq!(edited_since(&draft(), "", path), None);
        assert_eq!(
            edited_since(&issue, "title = \"Lead\"\n", path).unwrap().to_string(),
            "issues/newsletter/0001/issue.toml: newsletter/0001 is frozen; what was changed here since has no effect\n  \
             `masthead issue amend newsletter 0001` makes a new revision of it"
        );
    }
}
