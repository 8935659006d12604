//! Shaped words, each kept once.
//!
//! Running text repeats itself: of the words of a book some 98% have been shaped before. Words, their glyphs and their
//! text lie in three arenas, so that a word costs no allocation of its own.
//!
//! Ids and ranges are handed out by these arenas, which only grow: indexing with them cannot miss.

use std::hash::Hasher;
use std::ops::Range;

/// A glyph of a shaped word; lengths are in ems.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordGlyph {
    /// Index in the face.
    pub id: u16,
    /// How far the pen moves.
    pub advance: f32,
    /// Offset from the pen; y grows upwards.
    pub x_offset: f32,
    /// See `x_offset`.
    pub y_offset: f32,
    /// Byte range of the glyph's cluster in the word.
    pub start: u32,
    /// See `start`.
    pub end: u32,
}

/// A word in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordId(u32);

struct Word {
    hash: u64,
    run: u32,
    text: Range<u32>,
    glyphs: Range<u32>,
    advance: f32,
    /// Range in `WordCache::hyphens`, once asked for.
    hyphens: Option<Range<u32>>,
}

/// Longer words are shaped each time they are met: they hardly ever come twice.
const LONGEST_CACHED: usize = 64;

/// The words met so far, in an open-addressing table.
pub(super) struct WordCache {
    /// One more than the index of a word; 0 is free. The length is a power of two.
    slots: Vec<u32>,
    words: Vec<Word>,
    text: String,
    glyphs: Vec<WordGlyph>,
    hyphens: Vec<u32>,
}

impl WordCache {
    pub(super) fn new() -> Self {
        Self { slots: vec![0; 1024], words: Vec::new(), text: String::new(), glyphs: Vec::new(), hyphens: Vec::new() }
    }

    /// The word, if it has been shaped in this run before; otherwise the hash to insert it with.
    pub(super) fn find(&self, run: u32, text: &str) -> Result<WordId, u64> {
        let hash = hash(run, text);
        if text.len() > LONGEST_CACHED {
            return Err(hash);
        }
        let mut slot = self.slot_of(hash);
        while let Some(index) = self.slots[slot].checked_sub(1) {
            let word = &self.words[index as usize];
            if word.hash == hash && word.run == run && self.text_of(word) == text {
                return Ok(WordId(index));
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        Err(hash)
    }

    /// Keeps a shaped word. With `shared` it can be found again.
    pub(super) fn insert(&mut self, hash: u64, run: u32, text: &str, glyphs: &[WordGlyph], shared: bool) -> WordId {
        let id = self.words.len() as u32;
        let (text_start, glyph_start) = (self.text.len() as u32, self.glyphs.len() as u32);
        if text.len() <= LONGEST_CACHED {
            self.text.push_str(text);
        }
        self.glyphs.extend_from_slice(glyphs);
        self.words.push(Word {
            hash,
            run,
            text: text_start..self.text.len() as u32,
            glyphs: glyph_start..self.glyphs.len() as u32,
            advance: glyphs.iter().map(|glyph| glyph.advance).sum(),
            hyphens: None,
        });
        if shared && text.len() <= LONGEST_CACHED {
            self.link(hash, id);
        }
        WordId(id)
    }

    fn link(&mut self, hash: u64, id: u32) {
        if self.words.len() * 2 > self.slots.len() {
            self.grow();
        }
        let mut slot = self.slot_of(hash);
        while self.slots[slot] != 0 {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = id + 1;
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![0; old.len() * 2];
        for entry in old.into_iter().filter(|entry| *entry != 0) {
            let mut slot = self.slot_of(self.words[entry as usize - 1].hash);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = entry;
        }
    }

    fn slot_of(&self, hash: u64) -> usize {
        // The high bits of a multiplicative hash are the good ones.
        (hash >> 32) as usize & (self.slots.len() - 1)
    }

    fn text_of(&self, word: &Word) -> &str {
        &self.text[word.text.start as usize..word.text.end as usize]
    }

    /// The glyphs in visual order.
    pub(super) fn glyphs(&self, word: WordId) -> &[WordGlyph] {
        let range = &self.words[word.0 as usize].glyphs;
        &self.glyphs[range.start as usize..range.end as usize]
    }

    /// The width in ems.
    pub(super) fn advance(&self, word: WordId) -> f32 {
        self.words[word.0 as usize].advance
    }

    /// Where a word may be hyphenated (byte offsets), found by `find` the first time.
    pub(super) fn hyphens(&mut self, word: WordId, find: impl FnOnce(&mut Vec<u32>)) -> &[u32] {
        let entry = &mut self.words[word.0 as usize];
        let range = entry.hyphens.get_or_insert_with(|| {
            let start = self.hyphens.len() as u32;
            find(&mut self.hyphens);
            start..self.hyphens.len() as u32
        });
        &self.hyphens[range.start as usize..range.end as usize]
    }
}

/// Fowler, Noll and Vo's hash would go byte by byte; this one takes eight at a time.
fn hash(run: u32, text: &str) -> u64 {
    let mut hasher = WordHasher(u64::from(run));
    hasher.write(text.as_bytes());
    hasher.finish()
}

struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.mix(chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
        let rest = chunks.remainder().iter().fold(bytes.len() as u64, |word, byte| word << 8 | u64::from(*byte));
        self.mix(rest);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl WordHasher {
    fn mix(&mut self, value: u64) {
        // An odd constant near 2^64 divided by the golden ratio, as multiplicative hashing wants.
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
