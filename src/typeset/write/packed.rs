//! Objects of which there are many, written straight into object streams (ISO 32000-1, 7.5.7) by all threads at once.
//! The elements of a book's structure would be its largest part in memory as dictionaries; as text they are packed before
//! the next ones are written.

use std::io::Write as _;
use std::ops::Range;

use lopdf::ObjectId;
use rayon::iter::{IntoParallelIterator as _, ParallelExtend as _, ParallelIterator as _};

use super::deflate::Deflater;

/// Objects in one object stream: enough to compress well, few enough to be read quickly.
pub(super) const IN_ONE_STREAM: usize = 200;

/// An object stream, written but for its own number.
pub(super) struct Packed {
    /// The numbers of the objects in it.
    pub(super) numbers: Vec<u32>,
    /// Dictionary and content.
    pub(super) stream: Vec<u8>,
}

/// The objects that are written by hand, and the numbers taken for them.
#[derive(Default)]
pub(super) struct Written {
    pub(super) streams: Vec<Packed>,
}

impl Written {
    /// Writes the objects with these numbers; `write` is given the place of each.
    pub(super) fn add(&mut self, numbers: Range<u32>, write: impl Fn(usize, &mut Vec<u8>) + Sync) {
        let places: Vec<Range<u32>> = numbers
            .clone()
            .step_by(IN_ONE_STREAM)
            .map(|first| first..numbers.end.min(first + IN_ONE_STREAM as u32))
            .collect();
        let first = numbers.start;
        self.streams.par_extend(places.into_par_iter().map_init(Deflater::default, |deflater, numbers| {
            let mut text = ObjectText::default();
            for number in numbers {
                text.add(number, |out| write((number - first) as usize, out));
            }
            text.pack(deflater)
        }));
    }
}

/// Takes numbers for so many objects.
pub(super) fn reserve(file: &mut lopdf::Document, count: usize) -> Range<u32> {
    let first = file.max_id + 1;
    file.max_id += count as u32;
    first..first + count as u32
}

/// What an object stream holds before it is deflated.
#[derive(Default)]
pub(super) struct ObjectText {
    numbers: Vec<u32>,
    index: Vec<u8>,
    body: Vec<u8>,
}

impl ObjectText {
    /// Adds an object, as `write` writes it.
    pub(super) fn add(&mut self, number: u32, write: impl FnOnce(&mut Vec<u8>)) {
        // Writing to a Vec cannot fail.
        let _ = write!(self.index, "{number} {} ", self.body.len());
        self.numbers.push(number);
        write(&mut self.body);
        self.body.push(b'\n');
    }

    pub(super) fn pack(mut self, deflater: &mut Deflater) -> Packed {
        let (first, count) = (self.index.len(), self.numbers.len());
        self.index.append(&mut self.body);
        let content = deflater.deflate(&self.index);
        let length = content.len();
        let mut stream =
            format!("<</Type/ObjStm/N {count}/First {first}/Filter/FlateDecode/Length {length}>>stream\n").into_bytes();
        stream.extend_from_slice(&content);
        stream.extend_from_slice(b"\nendstream");
        Packed { numbers: self.numbers, stream }
    }
}

/// Appends a reference to an object (7.3.10).
pub(super) fn reference(out: &mut Vec<u8>, (number, generation): ObjectId) {
    integer(out, u64::from(number));
    out.push(b' ');
    integer(out, u64::from(generation));
    out.extend_from_slice(b" R");
}

/// Appends a number in decimal digits.
pub(super) fn integer(out: &mut Vec<u8>, mut value: u64) {
    // As many digits as the largest number has.
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}
