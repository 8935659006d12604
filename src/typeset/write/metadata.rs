//! Document information, XMP and page labels (ISO 32000-1, 14.3 and 12.4.2).

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Object, dictionary};

use crate::typeset::display::{Claims, Document, Info};

use super::objects::{bytes, name, text};

const PRODUCER: &str = concat!("Masthead ", env!("CARGO_PKG_VERSION"));

fn date(info: &Info) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(info.date?, 0)
}

/// The document information dictionary.
pub(super) fn information(info: &Info) -> Dictionary {
    let mut dictionary = dictionary! { "Producer" => text(PRODUCER), "Creator" => text("Masthead") };
    let fields = [
        ("Title", info.title.as_str()),
        ("Author", &info.author),
        ("Subject", &info.subject),
        ("Keywords", &info.keywords.join(", ")),
    ];
    for (key, value) in fields {
        if !value.is_empty() {
            dictionary.set(key, text(value));
        }
    }
    if let Some(date) = date(info) {
        let stamp = date.format("D:%Y%m%d%H%M%SZ").to_string();
        dictionary.set("CreationDate", bytes(stamp.as_bytes()));
        dictionary.set("ModDate", bytes(stamp.as_bytes()));
    }
    dictionary
}

/// The same facts as an XMP packet (ISO 16684-1).
pub(super) fn xmp(info: &Info) -> String {
    let mut body = String::from("<dc:format>application/pdf</dc:format>");
    let mut add = |open: &str, values: &[&str], close: &str| {
        let values: Vec<String> = values.iter().filter(|value| !value.is_empty()).map(|value| escape(value)).collect();
        if !values.is_empty() {
            body.extend([open, &values.join("</rdf:li><rdf:li>"), close]);
        }
    };
    let alternatives = "<rdf:Alt><rdf:li xml:lang=\"x-default\">";
    add(&format!("<dc:title>{alternatives}"), &[&info.title], "</rdf:li></rdf:Alt></dc:title>");
    add("<dc:creator><rdf:Seq><rdf:li>", &[&info.author], "</rdf:li></rdf:Seq></dc:creator>");
    add(&format!("<dc:description>{alternatives}"), &[&info.subject], "</rdf:li></rdf:Alt></dc:description>");
    add("<dc:language><rdf:Bag><rdf:li>", &[&info.language], "</rdf:li></rdf:Bag></dc:language>");
    let keywords: Vec<&str> = info.keywords.iter().map(String::as_str).collect();
    add("<dc:subject><rdf:Bag><rdf:li>", &keywords, "</rdf:li></rdf:Bag></dc:subject>");
    add("<pdf:Keywords>", &[&info.keywords.join(", ")], "</pdf:Keywords>");
    add("<pdf:Producer>", &[PRODUCER], "</pdf:Producer>");
    add("<xmp:CreatorTool>", &["Masthead"], "</xmp:CreatorTool>");
    if let Some(date) = date(info) {
        let stamp = date.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        add("<xmp:CreateDate>", &[&stamp], "</xmp:CreateDate>");
        add("<xmp:ModifyDate>", &[&stamp], "</xmp:ModifyDate>");
    }
    let claims = claims(info.claims);
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">{body}\
         </rdf:Description>{claims}</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

/// What the file keeps to (ISO 14289-1, 5; ISO 19005-2, 6.6.4). The properties of PDF/UA are none of those that PDF/A
/// knows, so that they must be described (ISO 19005-2, 6.6.2.3).
fn claims(claims: Claims) -> String {
    let mut out = String::new();
    if let Some(level) = claims.pdf_a {
        let part = "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
             <pdfaid:part>2</pdfaid:part><pdfaid:conformance>";
        out.extend([part, level.encode_utf8(&mut [0; 4]), "</pdfaid:conformance></rdf:Description>"]);
    }
    if claims.pdf_ua {
        out.push_str(
            "<rdf:Description rdf:about=\"\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\
             <pdfuaid:part>1</pdfuaid:part></rdf:Description>",
        );
    }
    if claims.pdf_ua && claims.pdf_a.is_some() {
        out.push_str(
            "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
             xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
             xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\"><pdfaExtension:schemas><rdf:Bag>\
             <rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
             <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
             <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
             <rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>part</pdfaProperty:name>\
             <pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
             <pdfaProperty:category>internal</pdfaProperty:category>\
             <pdfaProperty:description>The part of ISO 14289 that the file keeps to</pdfaProperty:description>\
             </rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>",
        );
    }
    out
}

/// XML text: markup characters escaped, control characters (which XML 1.0 does not allow) dropped.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// What numbers a range of pages: the text before the number, its style (ISO 32000-1, table 159), and the number of the first
/// page.
#[derive(Clone, PartialEq, Eq)]
struct Numbering<'l> {
    prefix: &'l str,
    style: &'static str,
    number: u32,
}

impl<'l> Numbering<'l> {
    fn of(label: &'l str) -> Option<Self> {
        let digits = label.trim_end_matches(|character: char| character.is_ascii_digit()).len();
        if let Ok(number) = label[digits..].parse::<u32>()
            && number > 0
            && number.to_string() == label[digits..]
        {
            return Some(Self { prefix: &label[..digits], style: "D", number });
        }
        let letters = label.trim_end_matches(|character: char| character.is_ascii_alphabetic()).len();
        let (prefix, own) = label.split_at(letters);
        // Labels of front matter are short; numbers beyond this are written in digits.
        (1..200).find_map(|number| match roman(number) {
            lower if lower == own => Some(Self { prefix, style: "r", number }),
            lower if lower.to_uppercase() == own => Some(Self { prefix, style: "R", number }),
            _ => None,
        })
    }

    fn next(self) -> Self {
        Self { number: self.number.saturating_add(1), ..self }
    }

    fn dictionary(self) -> Dictionary {
        let mut range = dictionary! { "S" => name(self.style), "St" => i64::from(self.number) };
        if !self.prefix.is_empty() {
            range.set("P", text(self.prefix));
        }
        range
    }
}

fn roman(mut number: u32) -> String {
    let digits = [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut roman = String::new();
    for (value, digit) in digits {
        while number >= value {
            roman.push_str(digit);
            number -= value;
        }
    }
    roman
}

/// The number tree of page labels, if any page has one. A label that is no number is a range of its own.
pub(super) fn page_labels(document: &Document) -> Option<Dictionary> {
    if document.pages.iter().all(|page| page.label.is_empty()) {
        return None;
    }
    let mut ranges: Vec<Object> = Vec::new();
    let mut running: Option<Numbering> = None;
    for (index, page) in document.pages.iter().enumerate() {
        let numbering = Numbering::of(&page.label);
        let expected = running.map(Numbering::next);
        if numbering.is_none() || numbering != expected {
            let own = numbering.clone();
            let range = own.map_or_else(|| dictionary! { "P" => text(&page.label) }, Numbering::dictionary);
            ranges.extend([Object::Integer(index as i64), Object::Dictionary(range)]);
        }
        running = numbering;
    }
    Some(dictionary! { "Nums" => ranges })
}

#[cfg(test)]
mod tests {
    use super::{page_labels, roman, xmp};
    use crate::typeset::display::{Document, Info, Page};

    fn labelled(labels: &[&str]) -> Document {
        let pages = labels.iter().map(|label| Page { label: (*label).to_owned(), ..Page::default() }).collect();
        Document { pages, ..Document::default() }
    }

    #[test]
    fn roman_numbers() {
        assert_eq!([1, 4, 9, 14, 40, 99].map(roman), ["i", "iv", "ix", "xiv", "xl", "xcix"]);
    }

    #[test]
    fn labels_make_ranges() {
        let labels = page_labels(&labelled(&["i", "ii", "1", "2", "3", "۴"])).expect("there are labels");
        let nums = labels.get(b"Nums").and_then(|nums| nums.as_array()).expect("an array");
        let starts: Vec<i64> = nums.iter().filter_map(|object| object.as_i64().ok()).collect();
        assert_eq!(starts, [0, 2, 5]);
        let labels = page_labels(&labelled(&["A-1", "A-2", "B-1", "B-2", "C.i", "C.ii", "007", "x"])).expect("labels");
        let nums = labels.get(b"Nums").and_then(|nums| nums.as_array()).expect("an array");
        let starts: Vec<i64> = nums.iter().filter_map(|object| object.as_i64().ok()).collect();
        assert_eq!(starts, [0, 2, 4, 6, 7]);
        let prefix = nums[3].as_dict().and_then(|range| range.get(b"P")).and_then(|prefix| prefix.as_str());
        assert_eq!(prefix.expect("a prefix"), b"B-");
        assert!(page_labels(&labelled(&["", ""])).is_none());
    }

    #[test]
    fn xmp_escapes_and_leaves_out_what_is_not_known() {
        let packet = xmp(&Info { title: "A & B <C>\u{1}".to_owned(), ..Info::default() });
        assert!(packet.contains("A &amp; B &lt;C&gt; </rdf:li>"));
        assert!(!packet.contains("CreateDate"));
    }
}
