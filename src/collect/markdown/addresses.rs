//! What the links and pictures of one post mean.

use std::collections::HashMap;
use std::path::Path;

use crate::collect::kept::{self, WRITTEN_OUT, WrittenOut};
use crate::collect::linked::{Linked, LinkedFiles};
use crate::collect::links::{self, LinkIndex, percent_decoded};
use crate::collect::pictures::{Found, Pictures};
use crate::collect::places::Kind;
use crate::collect::sanitise::{Addresses, Shown, for_eyes_alone};
use crate::error::{Place, Warning};
use crate::model::{Asset, Enclosure, asset_address};

/// The links and pictures of one post; collects the assets that it shows and what there is to say.
pub(super) struct PostAddresses<'a> {
    pub(super) index: &'a LinkIndex,
    pub(super) pictures: &'a Pictures,
    pub(super) linked: &'a LinkedFiles,
    pub(super) written_out: &'a WrittenOut,
    /// The post's folder below the source, and on disk.
    pub(super) folder: &'a str,
    pub(super) directory: &'a Path,
    /// The post's address.
    pub(super) page: &'a str,
    /// Says where in the file something is named for the nth time.
    pub(super) locate: &'a dyn Fn(Kind, &str, usize) -> Place,
    /// How often names were met so far of which there is something to say.
    pub(super) met: HashMap<(Kind, String), usize>,
    pub(super) assets: Vec<Asset>,
    pub(super) warnings: Vec<Warning>,
    /// The first link to a part of the text that is not there, where it stands, and how many there are.
    pub(super) unanswered: Option<(String, Place, usize)>,
    /// The same of links to posts that are not there.
    pub(super) dead: Option<(String, Place, usize)>,
}

impl PostAddresses<'_> {
    /// The place where something is named that was not told of yet.
    fn next_place(&mut self, kind: Kind, name: &str) -> Place {
        let met = self.met.entry((kind, name.to_owned())).or_default();
        *met += 1;
        (self.locate)(kind, name, *met - 1)
    }

    /// A picture by its name in the post; of one in the front matter with the place where it is named.
    fn shown(&mut self, written: &str, place: Option<&Place>) -> Option<Shown> {
        let src = without_mark(written.trim());
        if let Some(found) = self.written_out.picture(src) {
            return self.taken(found, WRITTEN_OUT, written, place);
        }
        // What `{% link assets/a.png %}` is: a file named from the root of its site.
        let src = src.strip_prefix('@').filter(|rest| rest.starts_with('/')).unwrap_or(src);
        let name = percent_decoded(src);
        if let Some(rest) = src.strip_prefix("//") {
            return Some(Shown { src: format!("https://{rest}"), size: None });
        }
        let is_web = src.starts_with("http://") || src.starts_with("https://");
        if !is_web && src.contains(':') && !src.starts_with(['/', '.']) {
            return None;
        }
        let local = if is_web { self.index.below(src) } else { Some(src) };
        if local.is_none() && place.is_none() {
            self.tell_own_machine(src, written, Kind::Picture);
        }
        let Some(local) = local else { return Some(Shown { src: src.to_owned(), size: None }) };
        match self.pictures.find(local, self.directory) {
            Found::Missing if is_web => Some(Shown { src: src.to_owned(), size: None }),
            Found::Missing => {
                let place = place.cloned().unwrap_or_else(|| self.next_place(Kind::Picture, written));
                let warning = Warning::new(format!("picture `{name}` is not at hand")).at(place);
                // On the site that the posts come from it may be. On ours it is not, as far as is known here: it may be meant
                // for a folder, or mistyped, and mail that shows a broken picture cannot be called back.
                let address = self.index.resolve(src, self.folder, self.page);
                let ours = address.as_deref().filter(|address| src.starts_with('/') && self.index.is_ours(address));
                let near =
                    self.pictures.in_other_letters(local, self.directory).map(|file| match name.rsplit_once('/') {
                        Some((folder, _)) => format!("did you mean `{folder}/{file}`?"),
                        None => format!("did you mean `{file}`?"),
                    });
                let ours = ours.map(|ours| format!("if the web server has it, write its whole address: `{ours}`"));
                self.warnings.push(match near.or(ours) {
                    Some(hint) => warning.hint(hint),
                    None => warning,
                });
                address.filter(|address| !self.index.is_ours(address)).map(|src| Shown { src, size: None })
            }
            found => self.taken(found, &format!("`{name}`"), written, place),
        }
    }

    /// Takes a picture that was found, and says what is to be said of it under that name.
    fn taken(&mut self, found: Found, name: &str, written: &str, place: Option<&Place>) -> Option<Shown> {
        let (asset, told) = match found {
            Found::Picture(asset) => (Some(asset), None),
            Found::Cleaned(asset, what) => (Some(asset), Some(format!("{name} {what}"))),
            Found::NotAPicture(what) => (None, Some(format!("{name} {what}; its alternative text stands for it"))),
            Found::Missing => (None, None),
        };
        if let Some(message) = told {
            let place = place.cloned().unwrap_or_else(|| self.next_place(Kind::Picture, written));
            self.warnings.push(Warning::new(message).at(place));
        }
        let asset = asset?;
        let shown = Shown { src: format!("assets/{}", asset.name), size: asset.width.zip(asset.height) };
        if !self.assets.iter().any(|known| known.name == asset.name) {
            self.assets.push(asset);
        }
        Some(shown)
    }

    /// A sound, film or document named in the front matter: a file of ours is kept and published, anything else is a link.
    pub(super) fn enclosure(&mut self, named: &Enclosure, place: &Place) -> Option<Enclosure> {
        let src = without_mark(named.address.trim());
        let is_web = src.starts_with("http://") || src.starts_with("https://") || src.starts_with("//");
        let local = if is_web { self.index.below(src) } else { Some(src) };
        let found = local.and_then(|local| self.pictures.find_file(local, self.directory));
        let warn = |what: &str| Warning::new(format!("the enclosure `{src}` {what}")).at(place.clone());
        match found.as_deref().map(|path| (path, kept::own_enclosure(path))) {
            Some((_, Ok(asset))) => {
                // The text may link to the same file.
                let linked = self.assets.iter().find(|known| known.sha256 == asset.sha256).cloned();
                let asset = linked.unwrap_or(asset);
                let address = asset_address(&asset.name);
                let (media_type, length) = (asset.media_type.clone(), Some(asset.length));
                if !self.assets.iter().any(|known| known.name == asset.name) {
                    self.assets.push(asset);
                }
                return Some(Enclosure { address, media_type, length, ..named.clone() });
            }
            Some((_, Err(why))) => self.warnings.push(warn(&why)),
            None if !is_web => self.warnings.push(warn("is not at hand")),
            None => {}
        }
        let address = match src.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None if is_web => src.to_owned(),
            None => self.index.resolve(src, self.folder, self.page).filter(|address| address.starts_with("http"))?,
        };
        Some(Enclosure { address, ..named.clone() })
    }

    /// Where a link leads that lacks the beginning of an address on the web or of a mailbox, and names neither a post nor a file.
    fn meant(&mut self, href: &str, written: &str) -> Option<String> {
        let meant = links::meant(href)?;
        if self.index.is_post(href, self.folder, self.page) || self.linked(href).is_some() {
            return None;
        }
        let place = self.next_place(Kind::Link, written);
        let message = format!("`{href}` is taken for `{meant}`");
        let hint = "an address on the web begins with `https://`, one of a mailbox with `mailto:`";
        self.warnings.push(Warning::new(message).at(place).hint(hint));
        Some(meant)
    }

    /// What a link to a file at hand that is no post leads to; `None` when it means no such file, or leads to the web.
    fn linked(&self, href: &str) -> Option<Linked> {
        let href = href.strip_prefix('@').filter(|rest| rest.starts_with('/')).unwrap_or(href);
        let path = href.split(['?', '#']).next().unwrap_or_default();
        // A file has an ending, and a post's page has none.
        let has_ending = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        if !has_ending || path.starts_with("//") || self.index.is_post(href, self.folder, self.page) {
            return None;
        }
        let is_web = href.starts_with("http://") || href.starts_with("https://");
        let local = if is_web { self.index.below(href)? } else { href };
        self.linked.find(local, self.directory, self.pictures)
    }

    /// Where a link to a file at hand leads: to the file as it is published beside the post, which the post then has. One that
    /// may not be published is told.
    fn published(&mut self, href: &str, written: &str) -> Option<String> {
        let Some(linked) = self.linked(href) else {
            self.tell_missing(href, written);
            return None;
        };
        let why = match linked {
            Ok(asset) => {
                let part = href.split_once('#').map(|(_, part)| format!("#{part}")).unwrap_or_default();
                let address = asset_address(&asset.name) + &part;
                if !self.assets.iter().any(|known| known.name == asset.name) {
                    self.assets.push(asset);
                }
                return Some(address);
            }
            Err(why) => why,
        };
        // On the site that the posts come from it may well be.
        if self.index.resolve(href, self.folder, self.page).is_none_or(|address| self.index.is_ours(&address)) {
            let file = percent_decoded(href.split(['?', '#']).next().unwrap_or(href));
            let message = format!("`{file}` is linked to, but not published: it {why}");
            let place = self.next_place(Kind::Link, written);
            self.warnings.push(Warning::new(message).at(place).hint("link to where it stands on the web"));
        }
        None
    }

    /// Says of a link to a file of our own that there is none: readers would meet an error. On the site that the posts come
    /// from it may be.
    fn tell_missing(&mut self, href: &str, written: &str) {
        let file = percent_decoded(href.split(['?', '#']).next().unwrap_or(href));
        if !self.linked.should_be_at_hand(&file) || self.index.is_post(href, self.folder, self.page) {
            return;
        }
        if self.index.resolve(href, self.folder, self.page).is_some_and(|address| self.index.is_ours(&address)) {
            let place = self.next_place(Kind::Link, written);
            self.warnings.push(Warning::new(format!("`{file}` is linked to, but no such file is there")).at(place));
        }
    }

    /// Says of an address that it is one of the machine of whoever follows it: it was copied from the preview.
    fn tell_own_machine(&mut self, href: &str, written: &str, kind: Kind) {
        let Some(path) = links::on_own_machine(href).filter(|_| !self.index.is_ours(href)) else { return };
        let place = self.next_place(kind, written);
        let message = format!("`{href}` leads readers to their own machines, as the addresses of a preview do");
        self.warnings.push(Warning::new(message).at(place).hint(format!("a page of this site is `{path}`")));
    }

    /// Whether a link that is relative to the post leads to where only posts of ours stand, and none does.
    fn is_dead(&self, href: &str, address: &str) -> bool {
        let path = self.index.below(address).unwrap_or_default();
        let among_posts = path.strip_prefix("/posts/").or_else(|| path.split_once("/posts/").map(|(_, rest)| rest));
        links::is_relative(href)
            && among_posts.is_some_and(|rest| !rest.is_empty())
            && self.index.is_ours(address)
            && !self.linked.should_be_at_hand(path)
            && !self.index.is_post(href, self.folder, self.page)
    }

    /// A picture named in the front matter.
    pub(super) fn lead(&mut self, src: &str, place: &Place) -> Option<String> {
        self.shown(src, Some(place))
            .map(|shown| shown.src)
            .filter(|src| src.starts_with("assets/") || src.starts_with("http"))
    }
}

impl Addresses for PostAddresses<'_> {
    fn link(&mut self, written: &str) -> Option<String> {
        let href = without_mark(written);
        // A list of a tag's or an author's posts, as Pelican names it, is no file.
        let is_list = href.starts_with('{') || href.starts_with("%7B");
        self.tell_own_machine(href, written, Kind::Link);
        let told_before = self.warnings.len();
        if let Some(address) = self.meant(href, written) {
            return Some(address);
        }
        if !is_list && let Some(address) = self.published(href, written) {
            return Some(address);
        }
        let leads_nowhere = is_list || self.index.lacks_file(href, self.folder, self.page);
        let address = if leads_nowhere { None } else { self.index.resolve(href, self.folder, self.page) };
        if address.is_none() && (leads_nowhere || href.starts_with("@/")) {
            let file = href.strip_prefix("@/").unwrap_or(href);
            let file = percent_decoded(file.split(['?', '#']).next().unwrap_or(file));
            let file = file.as_str();
            let warning = Warning::new(format!("`{file}` is no post of this source"));
            let warning = match self.index.nearest(file, self.folder).filter(|_| !is_list) {
                Some(name) => warning.hint(format!("did you mean `{name}`?")),
                None if file.rsplit('.').next() == Some("org") && !file.contains('/') => {
                    warning.hint(format!("an address on the web begins with `https://`: `https://{file}`"))
                }
                None => warning,
            };
            let place = self.next_place(Kind::Link, written);
            self.warnings.push(warning.at(place));
        }
        let is_told = self.warnings.len() > told_before;
        if address.as_deref().is_some_and(|address| !is_told && self.is_dead(href, address)) {
            self.dead = Some(match self.dead.take() {
                Some((first, place, count)) => (first, place, count + 1),
                None => (href.to_owned(), self.next_place(Kind::Link, written), 1),
            });
        }
        address
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        self.shown(src, None)
    }

    fn unanswered(&mut self, href: &str) {
        self.unanswered = Some(match self.unanswered.take() {
            Some((first, place, count)) => (first, place, count + 1),
            None => (href.to_owned(), self.next_place(Kind::Link, href), 1),
        });
    }

    fn left_out(&mut self, tag: &str, words: &str) {
        let place = self.next_place(Kind::Address, tag);
        self.warnings.push(Warning::new(for_eyes_alone(tag, words)).at(place));
    }
}

/// Pelican's names of files without what they begin with: `{filename}../b.md`, `{static}/c.png`, `|filename|b.md`. Such a
/// name of a list of posts stays, with its braces.
fn without_mark(href: &str) -> &str {
    for (open, close) in [("{", "}"), ("%7B", "%7D"), ("|", "|"), ("%7C", "%7C")] {
        let Some((mark, rest)) = href.strip_prefix(open).and_then(|rest| rest.split_once(close)) else { continue };
        match mark {
            "filename" | "attach" | "static" => return rest,
            "index" => return "/",
            _ => {}
        }
    }
    href
}

#[cfg(test)]
mod tests {
    use super::without_mark;

    #[test]
    fn pelican_marks_what_is_a_file() {
        for (href, expected) in [
            ("{filename}../b.md#c", "../b.md#c"),
            ("%7Bstatic%7D/c.png", "/c.png"),
            ("|filename|b.md", "b.md"),
            ("{index}", "/"),
            ("{tag}x", "{tag}x"),
            ("/a|b|c", "/a|b|c"),
        ] {
            assert_eq!(without_mark(href), expected);
        }
    }
}
