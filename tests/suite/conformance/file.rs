//! The file as a whole: catalog, metadata, colours, annotations.

use lopdf::{Dictionary, Object, ObjectId};

use super::{Pdf, is_said};

/// Keys that run something, or that PDF/A forbids for what they hide (ISO 19005-2, 6.4 to 6.9).
const FORBIDDEN: [&[u8]; 8] =
    [b"AA", b"OpenAction", b"JavaScript", b"JS", b"EmbeddedFiles", b"XFA", b"AlternatePresentations", b"Encrypt"];

impl Pdf<'_> {
    pub(super) fn file(&mut self, bytes: &[u8]) {
        let header = bytes.starts_with(b"%PDF-1.7\n%") && bytes[10..14].iter().all(|byte| *byte > 127);
        self.expect(header, "A 6.1.2", "the header is not that of a binary PDF 1.7");
        self.expect(bytes.ends_with(b"%%EOF\n") || bytes.ends_with(b"%%EOF"), "A 6.1.3", "the file has no end");
        self.expect(self.document.trailer.has(b"ID"), "A 6.1.3", "the file has no identifier");
        self.catalog();
        for object in self.document.objects.values() {
            self.object(object);
        }
        for (_, page) in self.pages() {
            self.page(page);
        }
    }

    fn catalog(&mut self) {
        let document = self.document;
        let catalog = document.catalog().expect("a catalog");
        self.expect(is_said(catalog, b"Lang", document), "UA 7.2", "the document has no language");
        let marked = self.dictionary(catalog, b"MarkInfo").and_then(|info| info.get(b"Marked").ok()?.as_bool().ok());
        self.expect(marked == Some(true), "UA 6.2", "the document is not marked");
        let preferences = self.dictionary(catalog, b"ViewerPreferences");
        let titled = preferences.and_then(|preferences| preferences.get(b"DisplayDocTitle").ok()?.as_bool().ok());
        self.expect(titled == Some(true), "UA 7.1", "the title is not displayed");
        let info = document.trailer.get_deref(b"Info", document).and_then(Object::as_dict);
        self.expect(info.is_ok_and(|info| is_said(info, b"Title", document)), "UA 7.1", "there is no title");
        self.metadata(catalog);
        self.output_intent(catalog);
    }

    fn metadata(&mut self, catalog: &Dictionary) {
        let stream = catalog.get_deref(b"Metadata", self.document).and_then(Object::as_stream);
        let Ok(stream) = stream else { return self.fault("A 6.6.2", "there is no metadata") };
        self.expect(!stream.dict.has(b"Filter"), "A 6.6.2", "the metadata is compressed");
        let xmp = String::from_utf8_lossy(&stream.content).into_owned();
        let mut reader = quick_xml::Reader::from_str(&xmp);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => return self.fault("A 6.6.2", format!("the metadata is no XML: {error}")),
            }
        }
        for (wanted, clause) in [
            ("<pdfaid:part>2</pdfaid:part>", "A 6.6.4"),
            ("<pdfaid:conformance>A</pdfaid:conformance>", "A 6.6.4"),
            ("<pdfuaid:part>1</pdfuaid:part>", "UA 5"),
            ("<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>", "A 6.6.2.3"),
            ("<dc:title>", "UA 7.1"),
        ] {
            self.expect(xmp.contains(wanted), clause, format!("the metadata does not say {wanted}"));
        }
    }

    fn output_intent(&mut self, catalog: &Dictionary) {
        let document = self.document;
        let intents = catalog.get_deref(b"OutputIntents", document).and_then(Object::as_array);
        let intent = intents.ok().and_then(|intents| self.resolve(intents.first()?).as_dict().ok());
        let Some(intent) = intent else { return self.fault("A 6.2.3", "there is no output intent") };
        self.expect(self.name(intent, b"S") == "GTS_PDFA1", "A 6.2.3", "the output intent is none of PDF/A");
        let profile = intent.get_deref(b"DestOutputProfile", document).and_then(Object::as_stream);
        let Ok(profile) = profile else { return self.fault("A 6.2.3", "the output intent has no profile") };
        let data = profile.decompressed_content().unwrap_or_default();
        let is_rgb = data.len() > 132 && &data[36..40] == b"acsp" && &data[16..20] == b"RGB ";
        self.expect(is_rgb && self.integer(&profile.dict, b"N") == Some(3), "A 6.2.3", "the profile is not one of RGB");
    }

    fn object(&mut self, object: &Object) {
        match object {
            Object::Dictionary(dictionary) => self.entries(dictionary),
            Object::Stream(stream) => {
                self.entries(&stream.dict);
                for key in [b"F".as_slice(), b"FFilter", b"FDecodeParms"] {
                    self.expect(!stream.dict.has(key), "A 6.1.7", "a stream is kept in another file");
                }
                self.x_object(&stream.dict);
            }
            Object::Array(items) => {
                self.color_space(items);
                for item in items {
                    self.object(item);
                }
            }
            Object::String(text, _) => self.expect(text.len() <= 32_767, "A 6.1.13", "a string is too long"),
            Object::Real(value) => self.expect(value.is_finite(), "A 6.1.13", "a number is none"),
            _ => {}
        }
    }

    fn entries(&mut self, dictionary: &Dictionary) {
        for key in FORBIDDEN {
            self.expect(!dictionary.has(key), "A 6.5", format!("there is a {}", String::from_utf8_lossy(key)));
        }
        if let Ok(mode) = dictionary.get(b"BM") {
            self.expect(mode.as_name().is_ok_and(|mode| mode == b"Normal"), "A 6.2.10", "an odd blend mode");
        }
        for (_, value) in dictionary {
            self.object(value);
        }
    }

    fn color_space(&mut self, space: &[Object]) {
        let [Object::Name(family), profile] = space else { return };
        let Ok(profile) = self.resolve(profile).as_stream() else { return };
        if family != b"ICCBased" {
            return;
        }
        let data = profile.decompressed_content().unwrap_or_default();
        let is_profile = data.len() > 132 && &data[36..40] == b"acsp" && data[8] <= 4;
        self.expect(is_profile, "A 6.2.4.2", "a profile of colours is none that PDF knows");
        let channels = match data.get(16..20) {
            Some(b"GRAY") => 1,
            Some(b"RGB ") => 3,
            _ => 0,
        };
        self.expect(
            self.integer(&profile.dict, b"N") == Some(channels),
            "A 6.2.4.2",
            "a profile is one of other colours",
        );
        let is_of_a_device = matches!(data.get(12..16), Some(b"scnr" | b"mntr" | b"prtr" | b"spac"));
        self.expect(is_of_a_device, "A 6.2.4.2", "a profile is none of a device");
    }

    fn x_object(&mut self, dictionary: &Dictionary) {
        if self.name(dictionary, b"Subtype") != "Image" {
            return;
        }
        for key in [b"Alternates".as_slice(), b"OPI"] {
            self.expect(!dictionary.has(key), "A 6.2.8", "a picture has what it must not have");
        }
        let interpolated = dictionary.get(b"Interpolate").and_then(Object::as_bool).unwrap_or(false);
        self.expect(!interpolated, "A 6.2.8", "a picture is interpolated");
        let space = self.name(dictionary, b"ColorSpace");
        self.expect(space != "DeviceCMYK", "A 6.2.4.3", "a picture is in colours that the profile does not have");
        self.expect(!self.name(dictionary, b"Filter").contains("LZW"), "A 6.1.7", "a picture is packed by LZW");
    }

    fn page(&mut self, page: &Dictionary) {
        let document = self.document;
        let annotations = page.get_deref(b"Annots", document).and_then(Object::as_array).cloned().unwrap_or_default();
        if !annotations.is_empty() {
            self.expect(
                self.name(page, b"Tabs") == "S",
                "UA 7.18.3",
                "annotations are not in the order of the structure",
            );
        }
        for annotation in annotations {
            let id = annotation.as_reference().unwrap_or_default();
            let Ok(annotation) = document.get_dictionary(id) else {
                self.fault("UA 7.18", "an annotation is no object of its own");
                continue;
            };
            self.annotation(id, annotation);
        }
        if self.dictionary(page, b"Group").is_some_and(|group| !group.has(b"CS")) {
            self.fault("A 6.2.10", "a group has no colour space");
        }
    }

    fn annotation(&mut self, id: ObjectId, annotation: &Dictionary) {
        let document = self.document;
        self.expect(self.name(annotation, b"Subtype") == "Link", "A 6.3.1", "an annotation is no link");
        self.expect(self.integer(annotation, b"F") == Some(4), "A 6.3.2", "an annotation is not printed");
        self.expect(is_said(annotation, b"Contents", document), "UA 7.18.5", "a link says nothing");
        let parent = self.integer(annotation, b"StructParent");
        let owner = parent.and_then(|key| self.structure_parents(key)).and_then(|object| object.as_reference().ok());
        let element = owner.and_then(|owner| document.get_dictionary(owner).ok());
        let Some(element) = element else { return self.fault("UA 7.18.1", "a link belongs to no element") };
        self.expect(self.name(element, b"S") == "Link", "UA 7.18.5", "a link belongs to something else");
        let kids = match element.get(b"K") {
            Ok(Object::Array(kids)) => kids.clone(),
            Ok(kid) => vec![kid.clone()],
            Err(_) => Vec::new(),
        };
        let known = kids.iter().any(|kid| match kid {
            Object::Dictionary(kid) => kid.get(b"Obj").and_then(Object::as_reference).is_ok_and(|object| object == id),
            _ => false,
        });
        self.expect(known, "UA 7.18.5", "a link is no part of its element");
        let action = self.dictionary(annotation, b"A");
        let kind = action.map(|action| self.name(action, b"S")).unwrap_or_default();
        match kind.as_str() {
            "URI" => {}
            "GoTo" => {
                let to = action.and_then(|action| action.get_deref(b"D", document).ok()?.as_array().ok()?.first());
                let page = to.and_then(|page| page.as_reference().ok());
                let is_page = page.is_some_and(|page| document.get_pages().values().any(|own| *own == page));
                self.expect(is_page, "12.3.2", "a link leads to no page");
            }
            other => self.fault("A 6.5.1", format!("an action of kind {other:?}")),
        }
    }

    /// The entry of the parent tree with a key.
    pub(super) fn structure_parents(&self, key: i64) -> Option<&Object> {
        let root = self.dictionary(self.document.catalog().ok()?, b"StructTreeRoot")?;
        let numbers = self.dictionary(root, b"ParentTree")?.get_deref(b"Nums", self.document).ok()?.as_array().ok()?;
        let place = numbers.chunks(2).position(|pair| pair[0].as_i64().is_ok_and(|own| own == key))?;
        numbers.get(2 * place + 1)
    }
}
