//! Objects to bytes (ISO 32000-1, 7.3 and 7.5): streams by themselves, everything else in compressed object streams,
//! which are deflated in parallel, and a cross-reference stream.

use std::io::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;
use sha2::{Digest as _, Sha256};

use super::content::deflate;

/// Objects in one object stream: enough to compress well, few enough to be read quickly.
const IN_ONE_STREAM: usize = 200;

/// Where an object is (7.5.8.3).
#[derive(Clone, Copy)]
enum Place {
    Free,
    At(u64),
    In { stream: u32, index: u16 },
}

/// The bytes of the file. Its identifier is a hash of its content (14.4).
pub(super) fn serialise(file: &Document) -> Vec<u8> {
    // A comment of bytes above 127 says that the file is binary (7.5.2).
    let mut out = format!("%PDF-{}\n%\u{e2}\u{e3}\u{cf}\u{d3}\n", file.version).into_bytes();
    let mut places = vec![Place::Free; file.max_id as usize + 1];
    let (streams, others): (Vec<_>, Vec<_>) = file
        .objects
        .iter()
        .map(|(id, object)| (*id, object))
        .partition(|(_, object)| matches!(object, Object::Stream(_)));
    for ((number, _), object) in streams {
        places[number as usize] = Place::At(out.len() as u64);
        indirect(&mut out, number, object);
    }
    let packed: Vec<Vec<u8>> = others.par_chunks(IN_ONE_STREAM).map(object_stream).collect();
    for (chunk, stream) in others.chunks(IN_ONE_STREAM).zip(packed) {
        let number = places.len() as u32;
        for (index, ((object, _), _)) in chunk.iter().enumerate() {
            places[*object as usize] = Place::In { stream: number, index: index as u16 };
        }
        places.push(Place::At(out.len() as u64));
        let _ = writeln!(out, "{number} 0 obj");
        out.extend_from_slice(&stream);
        out.extend_from_slice(b"\nendobj\n");
    }
    cross_references(&mut out, places, &file.trailer);
    out
}

fn indirect(out: &mut Vec<u8>, number: u32, object: &Object) {
    // Writing to a Vec cannot fail, here and below.
    let _ = writeln!(out, "{number} 0 obj");
    write_object(out, object);
    out.extend_from_slice(b"\nendobj\n");
}

/// An object stream (7.5.7), without its number.
fn object_stream(objects: &[(ObjectId, &Object)]) -> Vec<u8> {
    let (mut index, mut body) = (Vec::new(), Vec::new());
    for ((number, _), object) in objects {
        let _ = write!(index, "{number} {} ", body.len());
        write_object(&mut body, object);
        body.push(b'\n');
    }
    let first = index.len();
    index.extend_from_slice(&body);
    let content = deflate(&index);
    let mut out = format!(
        "<</Type/ObjStm/N {}/First {first}/Filter/FlateDecode/Length {}>>stream\n",
        objects.len(),
        content.len()
    )
    .into_bytes();
    out.extend_from_slice(&content);
    out.extend_from_slice(b"\nendstream");
    out
}

/// The cross-reference stream (7.5.8), which holds the trailer's entries too, and the end of the file.
fn cross_references(out: &mut Vec<u8>, mut places: Vec<Place>, trailer: &Dictionary) {
    let (number, start) = (places.len() as u32, out.len() as u64);
    places.push(Place::At(start));
    let hash = Sha256::digest(&*out);
    let mut table = Vec::with_capacity(places.len() * 7);
    for place in &places {
        let (kind, second, third) = match place {
            Place::Free => (0, 0, 0),
            Place::At(offset) => (1, *offset as u32, 0),
            Place::In { stream, index } => (2, *stream, *index),
        };
        table.push(kind);
        table.extend_from_slice(&second.to_be_bytes());
        table.extend_from_slice(&third.to_be_bytes());
    }
    let content = deflate(&table);
    let mut dictionary = Dictionary::new();
    for key in [b"Root".as_slice(), b"Info"] {
        if let Ok(value) = trailer.get(key) {
            dictionary.set(key, value.clone());
        }
    }
    let identifier = Object::String(hash[..16].to_vec(), StringFormat::Hexadecimal);
    dictionary.set("Type", Object::Name(b"XRef".to_vec()));
    dictionary.set("Size", places.len() as i64);
    dictionary.set("W", vec![1.into(), 4.into(), 2.into()]);
    dictionary.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    dictionary.set("ID", vec![identifier.clone(), identifier]);
    indirect(out, number, &Object::Stream(lopdf::Stream::new(dictionary, content)));
    let _ = writeln!(out, "startxref\n{start}\n%%EOF");
}

/// Writes an object. A separator is put before whatever does not begin with one itself.
fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => token(out, b"null"),
        Object::Boolean(value) => token(out, if *value { b"true" } else { b"false" }),
        Object::Integer(value) => token(out, value.to_string().as_bytes()),
        Object::Real(value) => token(out, real(*value).as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(text, StringFormat::Literal) => write_literal(out, text),
        Object::String(text, StringFormat::Hexadecimal) => {
            out.push(b'<');
            for byte in text {
                let _ = write!(out, "{byte:02X}");
            }
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                write_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        Object::Stream(stream) => {
            write_dictionary(out, &stream.dict);
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
        }
        Object::Reference((number, generation)) => token(out, format!("{number} {generation} R").as_bytes()),
    }
}

fn token(out: &mut Vec<u8>, token: &[u8]) {
    if !out.last().is_none_or(|last| matches!(last, b'[' | b']' | b'<' | b'>' | b'(' | b')' | b'\n' | b' ')) {
        out.push(b' ');
    }
    out.extend_from_slice(token);
}

/// As many decimals as an `f32` is good for: matrices of forms are fine.
fn real(value: f32) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        write_name(out, key);
        write_object(out, value);
    }
    out.extend_from_slice(b">>");
}

/// 7.3.5
fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_alphanumeric() || b"+-_.:".contains(byte) {
            out.push(*byte);
        } else {
            let _ = write!(out, "#{byte:02X}");
        }
    }
}

/// 7.3.4.2
fn write_literal(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'(');
    for byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            _ => out.push(*byte),
        }
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use lopdf::{Object, StringFormat, dictionary};

    use super::write_object;

    fn written(object: &Object) -> String {
        let mut out = Vec::new();
        write_object(&mut out, object);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn objects_are_short_and_apart() {
        let array = Object::Array(vec![1.into(), Object::Real(-0.5), Object::Reference((7, 0)), Object::Null]);
        assert_eq!(written(&array), "[1 -0.5 7 0 R null]");
        let text = Object::String(b"a(b)\\".to_vec(), StringFormat::Literal);
        let dictionary = dictionary! { "K" => true, "S" => text, "N N" => Object::Name(b"x".to_vec()) };
        assert_eq!(written(&dictionary.into()), r"<</K true/S(a\(b\)\\)/N#20N/x>>");
    }
}
