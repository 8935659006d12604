//! Addresses of an item that lead nowhere, or not where readers can follow; what is said of them.

use url::Url;

use super::adapter::{Adapter, FLASH, on_the_web};
use super::faults::Fault;
use super::wire::Item;
use crate::collect::addressed::{holds_user, out_of_reach};
use crate::collect::plain;
use crate::config::AllowPrivate;
use crate::model::escaped;
use crate::model::media_type;

/// An address of an item is looked for so far behind its beginning, in bytes.
const NEAR: usize = 1 << 16;

/// What there is to say of the links in the text of an item: each thing once, of the first link.
pub(super) struct Links<'a> {
    allow: &'a AllowPrivate,
    /// The first that tells a user or a password, as it is written.
    secret: Option<String>,
    /// The first whose host readers do not reach, as it is written, and what that is.
    private: Option<(String, String)>,
}

impl<'a> Links<'a> {
    pub(super) fn new(allow: &'a AllowPrivate) -> Self {
        Self { allow, secret: None, private: None }
    }

    /// Looks at a link, as it is written and as it is followed.
    pub(super) fn note(&mut self, href: &str, url: &Url) {
        if !matches!(url.scheme(), "http" | "https") {
            return;
        }
        if self.secret.is_none() && holds_user(url) {
            self.secret = Some(href.to_owned());
        }
        if self.private.is_none() {
            self.private = out_of_reach(url, self.allow).map(|what| (href.to_owned(), what));
        }
    }

    /// Links, and what is said of them.
    pub(super) fn told(&self) -> impl Iterator<Item = (&str, String)> {
        let secret = self
            .secret
            .iter()
            .map(|href| (&**href, "a link holds a user or a password; it leads where it led, without them".to_owned()));
        let private = self.private.iter().map(|(href, what)| {
            (&**href, format!("a link leads to {what} that readers do not reach; it was left as it is"))
        });
        secret.chain(private)
    }
}

impl Adapter<'_> {
    /// Whether readers reach the host of an address, as far as can be seen.
    pub(super) fn is_reached(&self, address: &str) -> bool {
        self.host_out_of_reach(address).is_none()
    }

    fn host_out_of_reach(&self, address: &str) -> Option<String> {
        out_of_reach(&Url::parse(address.trim()).ok()?, &self.config.fetch.allow_private)
    }

    /// Says which addresses of an item lead to nothing on the web.
    pub(super) fn unreachable(&self, item: &Item<'_>) -> Vec<Fault> {
        let tell = |what: &str, address: &str| {
            let shown: String = plain::one_line(address).chars().take(80).collect();
            let message = format!("the {what} `{shown}` is no address on the web; it was left out");
            Fault::new(self.near(address, item), message)
        };
        let pictures = [("picture", &*item.picture.address)];
        // A picture that is written out is looked at by itself.
        let is_written_out = |what: &str, address: &str| what == "picture" && address.starts_with("data:");
        let leads_nowhere = |what: &str, address: &str| {
            !address.is_empty() && !is_written_out(what, address) && on_the_web(address).is_none()
        };
        named(item)
            .chain(pictures)
            .filter(|(what, address)| leads_nowhere(what, address))
            .map(|(what, address)| tell(what, address))
            .collect()
    }

    /// Says which files of an item are left out because nothing plays them any more.
    pub(super) fn unplayed(&self, item: &Item<'_>) -> Vec<Fault> {
        let files = item.enclosures.iter().filter(|file| !file.is_picture && media_type(&file.media_type) == FLASH);
        let tell =
            |address| Fault::new(self.near(address, item), "nothing plays a file of Flash any more; it was left out");
        files.map(|file| tell(&file.address)).collect()
    }

    /// Says what is taken out of the addresses of an item, and which files are left out, because they are no reader's
    /// business.
    pub(super) fn withheld(&self, item: &Item<'_>) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (what, address) in named(item) {
            let mut tell = |message| faults.push(Fault::new(self.near(address, item), message));
            if Url::parse(address.trim()).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && holds_user(&url))
            {
                tell(format!("the address of the {what} holds a user or a password; these were taken out"));
            }
            if let Some(host) = self.host_out_of_reach(address) {
                let then = if what == "file" { "it was left out" } else { "it was left as it is" };
                tell(format!("the {what} leads to {host} that readers do not reach; {then}"));
            }
        }
        faults
    }

    /// Where an address that an item names stands in the document.
    fn near(&self, address: &str, item: &Item<'_>) -> usize {
        let within = self.text.get(item.offset..).unwrap_or_default();
        let near = (0..=NEAR.min(within.len())).rev().find(|end| within.is_char_boundary(*end)).unwrap_or(0);
        let near = &within[..near];
        item.offset + near.find(&*escaped(address)).or_else(|| near.find(address)).unwrap_or(0)
    }
}

/// The link of an item and its files, but for pictures, by what they are.
fn named<'i>(item: &'i Item<'_>) -> impl Iterator<Item = (&'static str, &'i str)> {
    let files = item.enclosures.iter().filter(|file| !file.is_picture).map(|file| ("file", &*file.address));
    std::iter::once(("link", &*item.link)).chain(files)
}
