//! The `[series.…]` tables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::{NaiveDate, TimeDelta, Weekday};
use serde::Deserialize;
use toml::Spanned;

use super::Source;
use super::mail::checked_mailbox;
use super::read::Document;
use crate::error::{Result, nearest};
use crate::model::{
    Calendar, Contents, FreezePolicy, Language, MailPolicy, Numbering, OnEmpty, Publication, SectionRule, Selection,
    Series, Style, WindowRule, is_two_letter_code, read_day, slugify,
};

/// Names that public/ uses itself.
pub(super) const RESERVED: [&str; 6] = ["assets", "authors", "page", "posts", "sections", "tags"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSeries {
    title: Option<String>,
    description: Option<String>,
    language: Option<Spanned<String>>,
    #[serde(default)]
    calendar: Calendar,
    window: Option<Spanned<String>>,
    starts: Option<Spanned<String>>,
    since: Option<Spanned<toml::Value>>,
    first_number: Option<u64>,
    first_volume: Option<u64>,
    #[serde(default)]
    restart_yearly: bool,
    label: Option<Spanned<String>>,
    issn: Option<Spanned<String>>,
    #[serde(default)]
    on_empty: OnEmpty,
    freeze: Option<Spanned<String>>,
    #[serde(default)]
    mail: MailPolicy,
    public: Option<bool>,
    #[serde(default)]
    style: Style,
    columns: Option<Spanned<i64>>,
    #[serde(default)]
    contents: Contents,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    sources: Vec<Spanned<String>>,
    #[serde(default)]
    exclude_tags: Vec<String>,
    #[serde(default)]
    sections: Vec<SectionRule>,
    #[serde(default)]
    standing: Vec<PathBuf>,
    #[serde(default)]
    lists: Vec<Spanned<String>>,
    binds: Option<Spanned<String>>,
    from: Option<Spanned<String>>,
}

/// Checks the tables and puts the series into the order of the file. Also gives the names of those that say `public = true`.
pub(super) fn checked(
    raw: BTreeMap<Spanned<String>, Spanned<RawSeries>>,
    publication: &Publication,
    sources: &[Source],
    lists: &[&str],
    document: &Document<'_>,
) -> Result<(Vec<Series>, BTreeSet<String>)> {
    let keys: Vec<String> = raw.keys().map(|key| key.get_ref().clone()).collect();
    let mut ordered: Vec<_> = raw.into_iter().collect();
    ordered.sort_by_key(|(key, _)| key.span().start);
    let mut checked = Vec::with_capacity(ordered.len());
    let (mut unsaid, mut openly) = (BTreeSet::new(), BTreeSet::new());
    for (key, table) in ordered {
        let table = table.into_inner();
        known(&table.sources, sources.iter().map(|source| source.name.as_str()), "source", document)?;
        known(&table.lists, lists.iter().copied(), "list", document)?;
        if let Some(bound) = &table.binds {
            let others = keys.iter().filter(|other| *other != key.get_ref()).map(String::as_str);
            known(std::slice::from_ref(bound), others, "series", document)?;
        }
        match table.public {
            None => _ = unsaid.insert(key.get_ref().clone()),
            Some(true) => _ = openly.insert(key.get_ref().clone()),
            Some(false) => {}
        }
        checked.push(one(key, table, publication, document)?);
    }
    names_are_free(&checked, publication, sources, document)?;
    nothing_binds_itself(&checked, document)?;
    public_as_what_they_bind(&mut checked, &unsaid);
    Ok((checked, openly))
}

fn known<'a>(
    names: &[Spanned<String>],
    allowed: impl Iterator<Item = &'a str> + Clone,
    what: &str,
    document: &Document<'_>,
) -> Result<()> {
    for name in names {
        if !allowed.clone().any(|allowed| allowed == name.get_ref()) {
            let found = name.get_ref();
            let error = document.error(&name.span(), format!("there is no {what} `{found}`"));
            let error = error.nearest(found, allowed.clone());
            // A list may be the store's alone: its table is all that there is of it.
            let is_new = what == "list" && nearest(found, allowed).is_none();
            return Err(if is_new { error.hint(format!("a list has a table: `[list.{found}]`")) } else { error });
        }
    }
    Ok(())
}

fn one(key: Spanned<String>, raw: RawSeries, publication: &Publication, document: &Document<'_>) -> Result<Series> {
    let span = key.span();
    let key = key.into_inner();
    if key.is_empty() || slugify(&key) != key || !key.is_ascii() {
        return Err(document
            .error(&span, format!("a series cannot be called `{key}`"))
            .hint("its name stands in addresses: lower-case letters, digits and hyphens"));
    }
    let language = raw.language.as_ref().map(|tag| document.language(tag)).transpose()?;
    Ok(Series {
        title: raw.title.clone().unwrap_or_else(|| key.clone()),
        description: raw.description.clone(),
        language: language.unwrap_or_else(|| publication.language.clone()),
        calendar: raw.calendar,
        rule: window(raw.window.as_ref(), raw.starts.as_ref(), &span, document)?,
        since: raw.since.as_ref().map(|value| date(value, document)).transpose()?,
        numbering: numbering(&raw, document)?,
        issn: raw.issn.as_ref().map(|value| issn(value, document)).transpose()?,
        on_empty: raw.on_empty,
        freeze: freeze(raw.freeze.as_ref(), document)?,
        mail: raw.mail,
        public: raw.public.unwrap_or(true),
        style: raw.style,
        columns: columns(raw.columns.as_ref(), document)?,
        contents: raw.contents,
        selection: Selection {
            tags: raw.tags,
            categories: raw.categories,
            sources: raw.sources.into_iter().map(Spanned::into_inner).collect(),
            exclude_tags: raw.exclude_tags,
        },
        sections: raw.sections,
        standing: raw.standing,
        lists: raw.lists.into_iter().map(Spanned::into_inner).collect(),
        binds: raw.binds.map(Spanned::into_inner),
        from: raw.from.map(|from| checked_mailbox(from, document)).transpose()?,
        key,
    })
}

fn columns(count: Option<&Spanned<i64>>, document: &Document<'_>) -> Result<u8> {
    let Some(count) = count else { return Ok(1) };
    match count.get_ref() {
        // One of these fits.
        1..=3 => Ok(*count.get_ref() as u8),
        other => Err(document.error(&count.span(), format!("a text in {other} columns")).hint("allowed: 1, 2, 3")),
    }
}

fn window(
    rule: Option<&Spanned<String>>,
    starts: Option<&Spanned<String>>,
    series: &std::ops::Range<usize>,
    document: &Document<'_>,
) -> Result<WindowRule> {
    let Some(rule) = rule else {
        return Err(document
            .error(series, "a series without `window`")
            .hint("allowed: `monthly`, `weekly`, `yearly`, `manual`"));
    };
    let weekly = rule.get_ref() == "weekly";
    let rule = match rule.get_ref().as_str() {
        "monthly" => WindowRule::Monthly,
        "weekly" => WindowRule::Weekly(starts.map_or(Ok(Weekday::Mon), |day| weekday(day, document))?),
        "yearly" => WindowRule::Yearly,
        "manual" => WindowRule::Manual,
        other => {
            let error = document.error(&rule.span(), format!("unknown window `{other}`"));
            return Err(error.nearest(other, ["monthly", "weekly", "yearly", "manual"]));
        }
    };
    match starts {
        Some(day) if !weekly => Err(document
            .error(&day.span(), "`starts` has no meaning for this window")
            .hint("only a weekly window starts on a day of the week")),
        _ => Ok(rule),
    }
}

fn weekday(day: &Spanned<String>, document: &Document<'_>) -> Result<Weekday> {
    day.get_ref().parse().map_err(|_| {
        document
            .error(&day.span(), format!("`{}` is not a day of the week", day.get_ref()))
            .nearest(day.get_ref(), ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
    })
}

fn date(value: &Spanned<toml::Value>, document: &Document<'_>) -> Result<NaiveDate> {
    let text = match value.get_ref() {
        toml::Value::String(text) => text.clone(),
        toml::Value::Datetime(datetime) => datetime.to_string(),
        other => other.to_string(),
    };
    read_day(&text).map_err(|fault| document.error(&value.span(), fault.message).hint(fault.hint))
}

fn numbering(raw: &RawSeries, document: &Document<'_>) -> Result<Numbering> {
    let numbering = Numbering {
        first_number: raw.first_number.unwrap_or(1),
        restart_yearly: raw.restart_yearly,
        first_volume: raw.first_volume,
        label: raw.label.as_ref().map_or_else(|| "{number}".to_owned(), |label| label.get_ref().clone()),
    };
    if let Some(label) = &raw.label
        && let Err(fault) = numbering.check()
    {
        return Err(document.error(&label.span(), fault.message).hint(fault.hint));
    }
    Ok(numbering)
}

/// ISO 3297: eight digits, the last a check digit modulo 11.
fn issn(value: &Spanned<String>, document: &Document<'_>) -> Result<String> {
    let digits: Vec<u32> = value
        .get_ref()
        .chars()
        .filter(|c| *c != '-')
        .enumerate()
        .filter_map(|(i, c)| if i == 7 && c.eq_ignore_ascii_case(&'x') { Some(10) } else { c.to_digit(10) })
        .collect();
    let sum: u32 = digits.iter().zip([8, 7, 6, 5, 4, 3, 2, 1]).map(|(digit, weight)| digit * weight).sum();
    if digits.len() == 8 && value.get_ref().chars().filter(|c| *c != '-').count() == 8 && sum.is_multiple_of(11) {
        Ok(value.get_ref().clone())
    } else {
        Err(document
            .error(&value.span(), format!("`{}` is not an ISSN", value.get_ref()))
            .hint("an ISSN is like `2049-3630`; its last digit checks the others (ISO 3297)"))
    }
}

/// `auto`, `manual`, or `after 3d` (also hours `12h` and weeks `1w`).
fn freeze(value: Option<&Spanned<String>>, document: &Document<'_>) -> Result<FreezePolicy> {
    let Some(value) = value else { return Ok(FreezePolicy::Auto) };
    let wrong = || {
        document
            .error(&value.span(), format!("cannot freeze `{}`", value.get_ref()))
            .hint("allowed: `auto`, `manual`, `after 3d` (h, d or w)")
    };
    match value.get_ref().as_str() {
        "auto" => Ok(FreezePolicy::Auto),
        "manual" => Ok(FreezePolicy::Manual),
        other => {
            let time = other.strip_prefix("after ").map(str::trim).ok_or_else(wrong)?;
            let (count, unit) = time.split_at_checked(time.len().saturating_sub(1)).ok_or_else(wrong)?;
            let count: i64 = count.parse::<u16>().map_err(|_| wrong())?.into();
            match unit {
                "h" => Ok(FreezePolicy::After(TimeDelta::hours(count))),
                "d" => Ok(FreezePolicy::After(TimeDelta::days(count))),
                "w" => Ok(FreezePolicy::After(TimeDelta::weeks(count))),
                _ => Err(wrong()),
            }
        }
    }
}

/// A series that binds itself, by way of others, would never have an issue.
fn nothing_binds_itself(series: &[Series], document: &Document<'_>) -> Result<()> {
    let bound_by = |key: &str| series.iter().find(|other| other.key == key).and_then(|other| other.binds.as_deref());
    for one in series {
        let mut bound = std::iter::successors(one.binds.as_deref(), |key| bound_by(key)).take(series.len());
        if bound.any(|key| key == one.key) {
            let at = document.text.find(&format!("[series.{}]", one.key)).unwrap_or_default();
            return Err(document
                .error(&(at..at), format!("the series `{}` binds itself", one.key))
                .hint("a volume binds a series whose issues hold posts, or other volumes"));
        }
    }
    Ok(())
}

/// Volumes that do not say for whom they are, those `unsaid`, are for the same readers as what they bind.
fn public_as_what_they_bind(series: &mut [Series], unsaid: &BTreeSet<String>) {
    let by_key: BTreeMap<&str, &Series> = series.iter().map(|one| (one.key.as_str(), one)).collect();
    let bound = |one: &&Series| {
        let key = one.binds.as_deref().filter(|_| unsaid.contains(&one.key))?;
        by_key.get(key).copied()
    };
    // Nothing binds itself, so that each chain ends.
    let last = |one| std::iter::successors(Some(one), bound).take(series.len()).last();
    let public: Vec<bool> = series.iter().map(|one| last(one).unwrap_or(one).public).collect();
    for (one, public) in series.iter_mut().zip(public) {
        one.public = public;
    }
}

/// A series must not stand where public/ keeps something else.
fn names_are_free(
    series: &[Series],
    publication: &Publication,
    sources: &[Source],
    document: &Document<'_>,
) -> Result<()> {
    let languages: Vec<&Language> = std::iter::once(&publication.language)
        .chain(sources.iter().filter_map(|source| source.language.as_ref()))
        .chain(series.iter().map(|series| &series.language))
        .collect();
    for one in series {
        let taken = if RESERVED.contains(&one.key.as_str()) {
            "public/ keeps other pages there"
        } else if languages.iter().any(|language| language.as_str().eq_ignore_ascii_case(&one.key))
            || is_two_letter_code(&one.key.to_ascii_lowercase())
        {
            "it is the name of a language, whose edition stands there"
        } else {
            continue;
        };
        let at = document.text.find(&format!("[series.{}]", one.key)).unwrap_or_default();
        return Err(document.error(&(at..at), format!("a series cannot be called `{}`", one.key)).hint(taken));
    }
    Ok(())
}
