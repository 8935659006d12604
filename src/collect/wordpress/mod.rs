//! WordPress exports (WXR).
//!
//! The export is read twice as a stream, item by item. First posts are noted, without their texts, attachments kept as far
//! as posts name them, and everything else is counted. Then, as with folders, every post gets its language, slug, address
//! and id in one fixed order. At the second reading the bodies are written, a few at a time in parallel, and handed on: so an
//! export may be larger than memory. A post keeps the id and the address that it had, so that nothing
//! resurfaces for readers who moved with it.

mod attachments;
mod body;
mod capture;
mod comments;
mod exported;
mod faults;
mod fields;
mod files;
mod gather;
mod head;
mod item;
mod lists;
mod names;
mod naming;
mod post;
mod read;
mod recognise;
mod records;
mod stream;
mod terms;
mod writing;

use std::io::Read;
use std::path::{Path, PathBuf};

pub use self::exported::{Exported, Short};
use self::gather::{Gatherer, Second};
use self::item::Channel;
use self::writing::Writing;
use super::linked::LinkedFiles;
use super::links::LinkIndex;
use super::markdown::display;
use super::pictures::Pictures;
use super::sightings::Seen;
use super::{Counted, Gathered, LeftOut, Run, Take};
use crate::config::Source;
use crate::error::{Error, ErrorKind, Place, Result, Warning};

/// Where an export is and what is asked of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Location<'a> {
    /// A file, or a folder of files that WordPress cut one export into.
    pub(super) path: &'a Path,
    /// Whether pages are taken as posts.
    pub(super) pages: bool,
    /// Folders with copies of the site's pictures.
    pub(super) assets: &'a [PathBuf],
    /// Whether its posts become files of a folder, which has copies of its own.
    pub(super) moves: bool,
}

/// Reads an export and hands its posts to `take`, in the order of its files. Fails when it is not there: without it, all
/// that it holds would be taken for withdrawn; and as `take` fails. `seen` is what earlier runs saw of it, then of sources that
/// are configured no more: the name of a source is made of that of its file.
pub(super) fn gather(
    run: &mut Run<'_>,
    source: &Source,
    seen: &[&Seen],
    location: Location<'_>,
    take: &mut Take<'_>,
) -> Result<Gathered> {
    let config = run.config;
    let found = files::find(&config.path(location.path)).map_err(|cause| {
        Error::new(ErrorKind::Config, format!("cannot read the export `{}`: {cause}", location.path.display()))
            .at(Place::at(&config.file, source.line, 1))
    })?;
    let files = found.parts;
    let names: Vec<PathBuf> = files.iter().map(|file| display(&config.root, file)).collect();
    let mut gathered = Gathered::default();
    let mut channel = Channel::default();
    let mut first = Gatherer { pages: location.pages, ..Gatherer::default() };
    for (index, path) in files.iter().enumerate() {
        let Some(file) = open(path, &names[index], &mut gathered.warnings) else { continue };
        let faults = read::read(file, index, &mut channel, &mut first);
        let told = faults
            .told
            .into_iter()
            .map(|(at, message)| Warning::new(message).at(Place::at(&names[index], at.line, at.column)));
        gathered.warnings.extend(told);
        if faults.more > 0 {
            let message = format!("{} more faults of this file are not told", faults.more);
            gathered.warnings.push(Warning::new(message).at(Place::file(&names[index])));
        }
    }
    look_again(&files, &mut first);
    count(&first, &names, &mut gathered);
    gathered.files_found += found.left_out.len();
    gathered.left_out.extend(found.left_out.into_iter().map(|(file, why)| LeftOut {
        file: display(&config.root, &file),
        reason: format!("`{}`: {why}", file.file_name().unwrap_or_default().to_string_lossy()),
    }));
    if found.others > 0 {
        gathered.counted.push(Counted {
            file: location.path.to_path_buf(),
            kind: "file".to_owned(),
            count: found.others,
            reason: "in the folder of the export, and no part of it".to_owned(),
        });
    }
    let posts = std::mem::take(&mut first.posts);
    let keeps = !location.moves;
    let site = naming::Site { source, seen, keeps, channel: &channel, files: &names };
    let named = naming::name_all(run, &site, posts, &mut gathered);
    let mut index = LinkIndex::new(naming::bases(config, &channel, source));
    for post in &named {
        index.add_address(&post.address, &post.slug);
        index.add_number(&post.item.id, &post.address, &post.slug);
    }
    let lists = lists::Lists::new(&config.publication, source, &channel, &first.filed, &named);
    let folders: Vec<PathBuf> = location.assets.iter().map(|folder| config.path(folder)).collect();
    let linked = LinkedFiles::new(config, &folders);
    let pictures = Pictures::new(folders);
    let writer = post::Writer {
        source,
        channel: &channel,
        attachments: &first.attachments,
        blocks: &first.blocks,
        index: &index,
        lists: &lists,
        pictures: (!location.assets.is_empty()).then_some(&pictures),
        linked: &linked,
        tells_missing: !location.moves,
        written_out: run.written_out,
        sanitiser: run.sanitiser,
        names: &names,
    };
    let mut writing = Writing::new(&writer, named, &mut gathered, take);
    for (index, path) in files.iter().enumerate() {
        if let Ok(file) = files::open(path) {
            // What there is to say about the file was said at the first reading.
            let _ = read::read(file, index, &mut Channel::default(), &mut writing);
        }
    }
    writing.finish()?;
    gathered.warnings.extend(lists.missing(&names));
    Ok(gathered)
}

fn open(path: &Path, name: &Path, warnings: &mut Vec<Warning>) -> Option<Box<dyn Read>> {
    match files::open(path) {
        Ok(file) => Some(file),
        Err(cause) => {
            warnings.push(Error::io("read the export", name, &cause).into_warning());
            None
        }
    }
}

/// Reads an export with very many attachments once more, for those that its posts name.
fn look_again(files: &[PathBuf], first: &mut Gatherer) {
    let wanted = std::mem::take(&mut first.wanted);
    if !first.attachments.lacks(&wanted) {
        return;
    }
    let mut second = Second(attachments::Attachments::looking_for(wanted));
    for (index, path) in files.iter().enumerate() {
        if let Ok(file) = files::open(path) {
            // What there is to say about the file was said at the first reading.
            let _ = read::read(file, index, &mut Channel::default(), &mut second);
        }
    }
    first.attachments = second.0;
}

/// Accounts for every item that is no post.
fn count(first: &Gatherer, names: &[PathBuf], gathered: &mut Gathered) {
    gathered.files_found = first.posts.len() + first.refused.len();
    gathered.left_out = first
        .refused
        .iter()
        .map(|refused| LeftOut {
            file: names[refused.file].clone(),
            reason: format!("{} (line {})", refused.reason, refused.at.line),
        })
        .collect();
    for ((file, kind), count) in &first.others {
        let reason = match kind.as_str() {
            "page" => "a page; `pages = true` takes pages as posts",
            "attachment" => "a picture or file; posts show those that they name",
            "revision" => "an earlier state of a post",
            "nav_menu_item" => "an entry of a menu",
            "wp_block" => "a block that posts share; they show it",
            _ => "of a kind that only its site knows",
        };
        let counted =
            Counted { file: names[*file].clone(), kind: kind.clone(), count: *count, reason: reason.to_owned() };
        gathered.counted.push(counted);
    }
    for (file, count) in &first.comments {
        gathered.counted.push(Counted {
            file: names[*file].clone(),
            kind: "comment".to_owned(),
            count: *count,
            reason: "comments are not published".to_owned(),
        });
    }
}

#[cfg(test)]
mod tests;
