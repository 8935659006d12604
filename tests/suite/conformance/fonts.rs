//! Fonts: embedded, with widths and letters for every code that is shown.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object};
use ttf_parser::{Face, GlyphId};

use super::{Pdf, Shown};

impl Pdf<'_> {
    pub(super) fn fonts(&mut self, shown: &Shown) {
        for (id, codes) in &shown.codes {
            let codes: BTreeSet<u16> = codes.iter().copied().collect();
            self.expect(!codes.contains(&0), "UA 7.21.8", "`.notdef` is shown");
            let Ok(font) = self.document.get_dictionary(*id) else { continue };
            self.expect(self.name(font, b"Subtype") == "Type0", "9.7", "a font is not composite");
            self.expect(self.name(font, b"Encoding") == "Identity-H", "UA 7.21.6", "a font is encoded otherwise");
            self.letters(font, &codes);
            let descendants = font.get_deref(b"DescendantFonts", self.document).and_then(Object::as_array);
            let descendant = descendants.ok().and_then(|all| self.resolve(all.first()?).as_dict().ok());
            match descendant {
                Some(descendant) => self.program(descendant, &codes),
                None => self.fault("9.7", "a font has no descendant"),
            }
        }
    }

    /// Every code stands for letters, and for none that Unicode does not have (UA 7.21.7).
    fn letters(&mut self, font: &Dictionary, codes: &BTreeSet<u16>) {
        let map = font.get_deref(b"ToUnicode", self.document).and_then(Object::as_stream);
        let map = map.ok().and_then(|stream| stream.decompressed_content().ok()).unwrap_or_default();
        let map = String::from_utf8_lossy(&map).into_owned();
        let mut known: BTreeMap<u16, String> = BTreeMap::new();
        for line in map.lines() {
            let parts: Vec<&str> = line.split(['<', '>']).map(str::trim).filter(|part| !part.is_empty()).collect();
            if let [code, text] = parts[..]
                && let Ok(code) = u16::from_str_radix(code, 16)
            {
                known.insert(code, text.to_owned());
            }
        }
        for code in codes {
            let text = known.get(code).map_or("", String::as_str);
            self.expect(!text.is_empty(), "UA 7.21.7", format!("code {code} has no letters"));
            self.expect(!matches!(text, "0000" | "FEFF" | "FFFE"), "UA 7.21.7", format!("code {code} is {text}"));
        }
    }

    /// The program is embedded, and its widths are those that the file states (UA 7.21.4, 7.21.5).
    fn program(&mut self, font: &Dictionary, codes: &BTreeSet<u16>) {
        let Some(descriptor) = self.dictionary(font, b"FontDescriptor") else {
            return self.fault("UA 7.21.4", "a font is not described");
        };
        self.expect(!descriptor.has(b"CIDSet"), "UA 7.21.4.2", "a set of glyphs is listed, which nothing asks for");
        let of_true_type = self.name(font, b"Subtype") == "CIDFontType2";
        let key: &[u8] = if of_true_type { b"FontFile2" } else { b"FontFile3" };
        let program = descriptor.get_deref(key, self.document).and_then(Object::as_stream);
        let program = program.ok().and_then(|stream| stream.decompressed_content().ok());
        let Some(program) = program else { return self.fault("UA 7.21.4.1", "a font is not embedded") };
        if of_true_type {
            let identity = self.name(font, b"CIDToGIDMap") == "Identity";
            self.expect(identity, "UA 7.21.3.2", "codes are not glyphs");
        }
        let widths = self.widths(font);
        let Ok(face) = Face::parse(&program, 0) else { return };
        let scale = 1000.0 / f64::from(face.units_per_em());
        for code in codes {
            self.expect(*code < face.number_of_glyphs(), "UA 7.21.4.1", format!("the font has no glyph {code}"));
            let Some(advance) = face.glyph_hor_advance(GlyphId(*code)) else { continue };
            let stated = widths.get(code).copied().unwrap_or(1000.0);
            let agrees = (f64::from(advance) * scale - stated).abs() <= 1.0;
            self.expect(
                agrees,
                "UA 7.21.5",
                format!("glyph {code} is {} wide, not {stated}", f64::from(advance) * scale),
            );
        }
    }

    fn widths(&self, font: &Dictionary) -> BTreeMap<u16, f64> {
        let number = |object: &Object| match self.resolve_owned(object) {
            Object::Integer(value) => value as f64,
            Object::Real(value) => f64::from(value),
            _ => 0.0,
        };
        let items = font.get_deref(b"W", self.document).and_then(Object::as_array).cloned().unwrap_or_default();
        let mut widths = BTreeMap::new();
        let mut at = 0;
        while at + 1 < items.len() {
            let first = number(&items[at]) as u16;
            if let Object::Array(list) = self.resolve_owned(&items[at + 1]) {
                widths.extend(list.iter().zip(first..).map(|(width, code)| (code, number(width))));
                at += 2;
            } else {
                let last = number(&items[at + 1]) as u16;
                let width = items.get(at + 2).map_or(0.0, number);
                widths.extend((first..=last).map(|code| (code, width)));
                at += 3;
            }
        }
        widths
    }

    fn resolve_owned(&self, object: &Object) -> Object {
        self.document.dereference(object).map_or_else(|_| object.clone(), |(_, object)| object.clone())
    }
}
