//! Objects to bytes (ISO 32000-1, 7.3 and 7.5): streams by themselves, everything else in compressed object streams,
//! which are deflated in parallel, and a cross-reference stream.

use std::io::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;
use sha2::{Digest as _, Sha256};

use super::deflate::{Deflater, deflate};
use super::packed::{IN_ONE_STREAM, ObjectText, Packed, Written, integer, reference};

/// Where an object is (7.5.8.3).
#[derive(Clone, Copy)]
enum Place {
    Free,
    At(u64),
    In { stream: u32, index: u16 },
}

/// The bytes of the file. Its identifier is a hash of its content (14.4).
pub(super) fn serialise(file: Document, written: Written) -> Vec<u8> {
    // A comment of bytes above 127 says that the file is binary (7.5.2).
    let mut out = format!("%PDF-{}\n%\u{e2}\u{e3}\u{cf}\u{d3}\n", file.version).into_bytes();
    let (streams, others): (Vec<_>, Vec<_>) =
        file.objects.into_iter().partition(|(_, object)| matches!(object, Object::Stream(_)));
    let packed = others.par_chunks(IN_ONE_STREAM).map_init(Deflater::default, object_stream).collect();
    drop(others);
    let packed: [Vec<Packed>; 2] = [packed, written.streams];
    let size = streams.iter().map(|(_, object)| object.as_stream().map_or(0, |stream| stream.content.len() + 200));
    out.reserve(size.sum::<usize>() + packed.iter().flatten().map(|packed| packed.stream.len() + 40).sum::<usize>());
    let mut places = vec![Place::Free; file.max_id as usize + 1];
    for ((number, _), object) in streams {
        places[number as usize] = Place::At(out.len() as u64);
        indirect(&mut out, number, &object);
    }
    for Packed { numbers, stream } in packed.into_iter().flatten() {
        let number = places.len() as u32;
        for (index, object) in numbers.into_iter().enumerate() {
            places[object as usize] = Place::In { stream: number, index: index as u16 };
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

fn object_stream(deflater: &mut Deflater, objects: &[(ObjectId, Object)]) -> Packed {
    let mut text = ObjectText::default();
    for ((number, _), object) in objects {
        text.add(*number, |out| write_object(out, object));
    }
    text.pack(deflater)
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
pub(super) fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => token(out, b"null"),
        Object::Boolean(value) => token(out, if *value { b"true" } else { b"false" }),
        Object::Integer(value) => {
            separate(out);
            if *value < 0 {
                out.push(b'-');
            }
            integer(out, value.unsigned_abs());
        }
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
        Object::Reference(id) => {
            separate(out);
            reference(out, *id);
        }
    }
}

fn token(out: &mut Vec<u8>, token: &[u8]) {
    separate(out);
    out.extend_from_slice(token);
}

fn separate(out: &mut Vec<u8>) {
    if !out.last().is_none_or(|last| matches!(last, b'[' | b']' | b'<' | b'>' | b'(' | b')' | b'\n' | b' ')) {
        out.push(b' ');
    }
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
