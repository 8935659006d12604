//! What is at hand, and what could not be had: the lines of an index.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ENCLOSURES, INDEX, PICTURES};
use crate::collect::recheck::is_kept;
use crate::model::Asset;

/// How often a file that failed for a passing reason is asked for in all.
const TRIES: u32 = 5;
/// How long it is left alone after the first failure; twice as long after each that follows.
const FIRST_RETRY: TimeDelta = TimeDelta::hours(1);

/// A line of an index: a file that was fetched, or one that could not be. The last line of an address counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// As the post names it.
    pub address: String,
    /// The file, and what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<Asset>,
    /// What became of asking for it, where it could not be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<Tried>,
}

/// How a file could not be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// When it was asked for last.
    pub at: DateTime<Utc>,
    /// How often in a row it failed for a passing reason.
    pub times: u32,
    /// Why, as the end of "it …".
    pub why: String,
    /// When it is asked for again; never, while its post stays as it is, where this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<DateTime<Utc>>,
}

impl Tried {
    /// What to remember of a failure at `now`. One that `passes` is tried again, a few times and ever later, not before
    /// the server's own `wait` is over.
    #[must_use]
    pub fn after(
        earlier: Option<&Self>,
        why: String,
        passes: bool,
        wait: Option<TimeDelta>,
        now: DateTime<Utc>,
    ) -> Self {
        let times = earlier.map_or(0, |earlier| earlier.times).saturating_add(1);
        let rest = FIRST_RETRY * 2_i32.pow((times - 1).min(TRIES));
        let next = (passes && times < TRIES).then(|| now + rest.max(wait.unwrap_or_default()));
        Self { at: now, times, why, next }
    }
}

/// The files that are at hand, and those that could not be had, by their addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptFiles {
    pictures: BTreeMap<String, Asset>,
    enclosures: BTreeMap<String, Asset>,
    tried: BTreeMap<String, Tried>,
}

impl KeptFiles {
    /// Reads which files the publication in `root` has. A line that cannot be read, and one whose file is gone, are
    /// passed over: the post then shows the picture at its address.
    #[must_use]
    pub fn read(root: &Path) -> Self {
        let mut files = Self::default();
        for folder in [PICTURES, ENCLOSURES] {
            let bytes = std::fs::read(root.join(folder).join(INDEX)).unwrap_or_default();
            let lines = bytes.split(|byte| *byte == b'\n');
            for kept in lines.filter_map(|line| serde_json::from_slice::<KeptFile>(line).ok()) {
                // What lies elsewhere was not kept by us, and is not published.
                if kept.asset.as_ref().is_some_and(|asset| !is_kept(asset)) {
                    continue;
                }
                let lost = kept.asset.as_ref().is_some_and(|asset| !root.join(&asset.file).is_file());
                files.add(KeptFile { asset: kept.asset.filter(|_| !lost), ..kept });
            }
        }
        files
    }

    /// The picture of an address.
    #[must_use]
    pub fn picture(&self, address: &str) -> Option<&Asset> {
        self.pictures.get(address)
    }

    /// The copy of an enclosure at an address.
    #[must_use]
    pub fn enclosure(&self, address: &str) -> Option<&Asset> {
        self.enclosures.get(address)
    }

    /// How a file could not be had.
    #[must_use]
    pub fn tried(&self, address: &str) -> Option<&Tried> {
        self.tried.get(address)
    }

    /// Whether the picture of an address was asked for in vain.
    pub(in crate::collect) fn is_lost(&self, address: &str) -> bool {
        let is_tried = |address: &str| self.tried.contains_key(address) && !self.pictures.contains_key(address);
        // Addresses are asked for as the URL Standard writes them.
        !self.tried.is_empty()
            && (is_tried(address) || Url::parse(address).is_ok_and(|address| is_tried(address.as_str())))
    }

    /// Takes a line in.
    pub fn add(&mut self, kept: KeptFile) {
        self.tried.remove(&kept.address);
        if let Some(asset) = kept.asset {
            let is_enclosure = asset.file.starts_with(ENCLOSURES);
            let files = if is_enclosure { &mut self.enclosures } else { &mut self.pictures };
            files.insert(kept.address, asset);
        } else if let Some(tried) = kept.tried {
            self.tried.insert(kept.address, tried);
        }
    }

    /// Whether the file of an address, which is not at hand, may be asked for. A post that was not seen so before asks
    /// anew for what it shows.
    #[must_use]
    pub(super) fn may_be_asked(&self, address: &str, is_new: bool, now: DateTime<Utc>) -> bool {
        match self.tried(address) {
            None => true,
            Some(tried) if is_new && tried.next.is_none() => tried.at < now,
            Some(tried) => tried.next.is_some_and(|next| next <= now || tried.at > now),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::super::picture_of;
    use super::{INDEX, KeptFile, KeptFiles, PICTURES, Tried};

    fn now() -> DateTime<Utc> {
        "2026-08-02T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn what_is_at_hand_is_known_by_its_address() {
        let svg = b"<svg viewBox='0 0 12 8'/>";
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(PICTURES);
        std::fs::create_dir_all(&folder).unwrap();
        let asset = picture_of(svg).unwrap();
        assert_eq!((asset.width, asset.height, asset.media_type.as_str()), (Some(12), Some(8), "image/svg+xml"));
        let line = |address: &str, asset: Option<_>, tried| {
            let kept = KeptFile { address: address.to_owned(), asset, tried };
            serde_json::to_string(&kept).unwrap() + "\n"
        };
        let gone = crate::model::Asset { file: "collected/pictures/gone.svg".into(), ..asset.clone() };
        let tried = Tried { at: now(), times: 1, why: "is late".to_owned(), next: None };
        let text = line("https://a.example/1", None, Some(tried.clone()))
            + &line("https://a.example/1", Some(asset.clone()), None)
            + &line("https://a.example/2", Some(gone), None)
            + &line("https://a.example/3", None, Some(tried.clone()))
            + "{\"addr";
        std::fs::write(folder.join(INDEX), text).unwrap();
        std::fs::write(folder.join(&asset.name), svg).unwrap();
        let kept = KeptFiles::read(root.path());
        assert_eq!((kept.picture("https://a.example/1"), kept.picture("https://a.example/2")), (Some(&asset), None));
        assert_eq!((kept.tried("https://a.example/1"), kept.tried("https://a.example/3")), (None, Some(&tried)));
        assert_eq!(KeptFiles::read(&folder), KeptFiles::default());
    }

    #[test]
    fn what_passes_is_tried_a_few_times_and_ever_later() {
        let mut tried: Option<Tried> = None;
        let mut rests = Vec::new();
        for _ in 0..5 {
            tried = Some(Tried::after(tried.as_ref(), String::new(), true, None, now()));
            rests.push(tried.as_ref().unwrap().next.map(|next| (next - now()).num_hours()));
        }
        assert_eq!(rests, [Some(1), Some(2), Some(4), Some(8), None]);
        let for_good = Tried::after(None, String::new(), false, None, now());
        assert_eq!(for_good.next, None);
        let patient = Tried::after(None, String::new(), true, Some(TimeDelta::hours(7)), now());
        assert_eq!(patient.next, Some(now() + TimeDelta::hours(7)));
    }

    #[test]
    fn what_failed_is_left_alone_until_its_time_or_another_version_of_its_post() {
        let mut files = KeptFiles::default();
        let hour = TimeDelta::hours(1);
        let mut add = |address: &str, passes| {
            let tried = Some(Tried::after(None, String::new(), passes, None, now()));
            files.add(KeptFile { address: address.to_owned(), asset: None, tried });
        };
        add("passing", true);
        add("lasting", false);
        let may = |address: &str, is_new, at| files.may_be_asked(address, is_new, at);
        assert!(may("other", false, now()));
        assert_eq!([may("passing", false, now()), may("passing", false, now() + hour)], [false, true]);
        assert_eq!([may("lasting", false, now() + hour * 99), may("lasting", true, now() + hour)], [false, true]);
        assert!(may("passing", false, now() - hour), "a time from the future binds nobody");
    }
}
