//! The second reading of an export: the texts of its posts, a few at a time.

use std::collections::{HashMap, VecDeque};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::item::Item;
use super::naming::Named;
use super::post::{Writer, Written};
use super::read::Sink;
use crate::collect::alone::alone;
use crate::collect::{Gathered, LeftOut, Take};
use crate::error::{Error, Result, Warning};

/// So many bytes of texts are in memory at a time, and so many posts.
const BYTES: usize = 2 << 20;
const POSTS: usize = 256;

/// Writes posts and hands them on.
pub(super) struct Writing<'a, 'w> {
    writer: &'a Writer<'w>,
    /// Those whose texts are still to come, in the order of the files.
    named: VecDeque<Named>,
    /// Those whose texts were read.
    batch: Vec<Named>,
    bytes: usize,
    gathered: &'a mut Gathered,
    take: &'a mut Take<'a>,
    failed: Option<Error>,
    /// What was told of blocks and shortcodes: where it stands among the warnings, and of how many posts it is true.
    told: HashMap<String, (usize, usize)>,
}

impl<'a, 'w> Writing<'a, 'w> {
    pub(super) fn new(
        writer: &'a Writer<'w>,
        named: Vec<Named>,
        gathered: &'a mut Gathered,
        take: &'a mut Take<'a>,
    ) -> Self {
        Self {
            writer,
            named: named.into(),
            batch: Vec::new(),
            bytes: 0,
            gathered,
            take,
            failed: None,
            told: HashMap::new(),
        }
    }

    /// Writes what is left. Fails as the taking of a post did.
    pub(super) fn finish(mut self) -> Result<()> {
        self.write();
        while let Some(named) = self.named.pop_front() {
            self.miss(&named);
        }
        for (at, posts) in self.told.into_values() {
            let message = &mut self.gathered.warnings[at].message;
            *message = match posts {
                1 => continue,
                2 => format!("{message} (and in one more post)"),
                posts => format!("{message} (and in {} more posts)", posts - 1),
            };
        }
        self.failed.map_or(Ok(()), Err)
    }

    /// Writes the posts that were read.
    fn write(&mut self) {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        if self.failed.is_some() {
            return;
        }
        let write = |named: Named| {
            let (file, called) = (named.item.file, named.item.called());
            alone(|| self.writer.write(named)).ok_or((file, called))
        };
        let written: Vec<std::result::Result<Written, (usize, String)>> = batch.into_par_iter().map(write).collect();
        for written in written {
            let Written { post, comments, reports, warnings } = match written {
                Ok(written) => written,
                Err((file, called)) => {
                    self.gathered.could_not_read(&called, self.writer.names[file].clone());
                    continue;
                }
            };
            if comments > 0 {
                self.gathered.comments.insert(post.id.clone(), comments);
            }
            for report in reports {
                self.tell(report);
            }
            self.gathered.warnings.extend(warnings);
            if let Err(error) = (self.take)(post) {
                self.failed = Some(error);
                return;
            }
        }
    }

    /// Tells what is the same in many posts once, where it is met first.
    fn tell(&mut self, report: Warning) {
        if let Some((_, posts)) = self.told.get_mut(&report.message) {
            *posts += 1;
            return;
        }
        self.told.insert(report.message.clone(), (self.gathered.warnings.len(), 1));
        self.gathered.warnings.push(report);
    }

    /// Leaves out a post that was there at the first reading.
    fn miss(&mut self, named: &Named) {
        let file = self.writer.names[named.item.file].clone();
        let reason =
            format!("{} is not in the export any more, which was changed while it was read", named.item.called());
        self.gathered.left_out.push(LeftOut { file, reason });
    }
}

impl Sink for Writing<'_, '_> {
    fn item(&mut self, item: Item) {
        let place = (item.file, item.at);
        while let Some(next) = self.named.front()
            && (next.item.file, next.item.at) <= place
        {
            let Some(mut named) = self.named.pop_front() else { return };
            if (named.item.file, named.item.at) < place {
                self.miss(&named);
                continue;
            }
            self.bytes += item.content.len();
            named.item = item;
            self.batch.push(named);
            if self.bytes >= BYTES || self.batch.len() >= POSTS {
                self.write();
            }
            return;
        }
    }

    fn lost(&mut self, _: Item, _: &str) {}
}
