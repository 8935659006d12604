//! The colour profiles that pictures bring along: which are embedded (ISO 32000-1, 8.6.5.5; ISO 19005-2, 6.2.4.2), and which
//! say what is said of every picture without one. Clauses are those of ICC.1:2004-10.

use std::sync::Arc;

/// The header, and the number of tags behind it (7.2 and 7.3).
const HEADER: usize = 132;

/// More tags has no profile that is one.
const MAX_TAGS: usize = 200;

/// The primaries of sRGB: X, Y and Z of red, green and blue, adapted to D50.
const SRGB: [[f64; 3]; 3] = [[0.4361, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7141]];

/// Primaries that differ less than this from those of sRGB are they, rounded.
const PRIMARY_TOLERANCE: f64 = 0.003;

/// A curve that differs less than this from that of sRGB is it, rounded: a gamma of 2.2 differs by more.
const CURVE_TOLERANCE: f64 = 0.003;

/// The profile of a picture with so many components, to be embedded: none where it says what the file says of every
/// picture. Fails with what is wrong with one that cannot be.
pub(super) fn read(data: &[u8], components: u8) -> Result<Option<Arc<[u8]>>, &'static str> {
    let profile = Profile::parse(data).ok_or("is broken")?;
    if profile.bytes[8] > 4 {
        return Err("is of a version that PDF does not know");
    }
    if !matches!(profile.at(12), b"scnr" | b"mntr" | b"prtr" | b"spac") {
        return Err("is none of a device");
    }
    match (profile.at(16), components) {
        (b"GRAY", _) if profile.is_srgb_grey() => return Ok(None),
        (b"RGB ", _) if profile.is_srgb() => return Ok(None),
        (b"GRAY", 1) | (b"RGB ", 3) => {}
        (b"CMYK", _) => return Err("is one of four inks"),
        _ => return Err("is one of other colours"),
    }
    if !profile.is_complete() {
        return Err("is broken");
    }
    Ok(Some(Arc::from(profile.bytes)))
}

/// A profile whose tags lie within it.
struct Profile<'d> {
    bytes: &'d [u8],
}

impl<'d> Profile<'d> {
    fn parse(data: &'d [u8]) -> Option<Self> {
        let bytes = data.get(..number(data, 0)?)?;
        let profile = Self { bytes };
        let count = number(bytes, HEADER - 4)?;
        let is_whole = |tag: usize| profile.element(HEADER + 12 * tag).is_some();
        (profile.at(36) == b"acsp" && count <= MAX_TAGS && (0..count).all(is_whole)).then_some(profile)
    }

    /// Four letters of the header.
    fn at(&self, at: usize) -> &'d [u8] {
        self.bytes.get(at..at + 4).unwrap_or_default()
    }

    /// The element that an entry of the table of tags leads to.
    fn element(&self, entry: usize) -> Option<&'d [u8]> {
        let (offset, length) = (number(self.bytes, entry + 4)?, number(self.bytes, entry + 8)?);
        self.bytes.get(offset..offset.checked_add(length)?)
    }

    fn tag(&self, signature: [u8; 4]) -> Option<&'d [u8]> {
        let count = number(self.bytes, HEADER - 4)?;
        let mut entries = (0..count).map(|tag| HEADER + 12 * tag);
        self.element(entries.find(|entry| self.at(*entry) == signature)?)
    }

    /// What a number of the device stands for, 0 to 1 (10.5 and 10.15).
    fn curve(&self, signature: [u8; 4], value: f64) -> Option<f64> {
        curve(self.tag(signature)?, value)
    }

    /// X, Y and Z of a primary (10.26).
    fn primary(&self, signature: [u8; 4]) -> Option<[f64; 3]> {
        let element = self.tag(signature).filter(|element| element.starts_with(b"XYZ "))?;
        Some([fixed(element, 8)?, fixed(element, 12)?, fixed(element, 16)?])
    }

    /// Whether it holds what leads from its colours to those that are seen (8.3 to 8.5).
    fn is_complete(&self) -> bool {
        let has_curves = |curves: &[[u8; 4]]| curves.iter().all(|curve| self.curve(*curve, 0.5).is_some());
        let is_table = |table: &[u8]| [b"mft1", b"mft2", b"mAB "].iter().any(|kind| table.starts_with(*kind));
        match self.tag(*b"A2B0") {
            Some(table) => matches!(self.at(20), b"XYZ " | b"Lab ") && is_table(table),
            None if self.at(16) == b"GRAY" => has_curves(&[*b"kTRC"]),
            None => {
                let primaries = [*b"rXYZ", *b"gXYZ", *b"bXYZ"];
                self.at(20) == b"XYZ "
                    && has_curves(&[*b"rTRC", *b"gTRC", *b"bTRC"])
                    && primaries.iter().all(|primary| self.primary(*primary).is_some())
            }
        }
    }

    fn is_srgb(&self) -> bool {
        let is_near = |signature: [u8; 4], wanted: [f64; 3]| {
            let near = |(own, wanted): (f64, f64)| (own - wanted).abs() < PRIMARY_TOLERANCE;
            self.primary(signature).is_some_and(|own| own.into_iter().zip(wanted).all(near))
        };
        self.tag(*b"A2B0").is_none()
            && [*b"rXYZ", *b"gXYZ", *b"bXYZ"].into_iter().zip(SRGB).all(|(primary, wanted)| is_near(primary, wanted))
            && [*b"rTRC", *b"gTRC", *b"bTRC"].into_iter().all(|curve| self.has_srgb_curve(curve))
    }

    fn is_srgb_grey(&self) -> bool {
        self.tag(*b"A2B0").is_none() && self.has_srgb_curve(*b"kTRC")
    }

    fn has_srgb_curve(&self, signature: [u8; 4]) -> bool {
        (1..20).map(|step| f64::from(step) / 20.0).all(|value| {
            let wanted = if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
            self.curve(signature, value).is_some_and(|own| (own - wanted).abs() < CURVE_TOLERANCE)
        })
    }
}

fn curve(element: &[u8], value: f64) -> Option<f64> {
    if element.starts_with(b"para") {
        let parameter = |number: usize| fixed(element, 12 + 4 * number);
        let g = parameter(0)?;
        let power = |a: f64, b: f64| (a * value + b).max(0.0).powf(g);
        return Some(match element.get(8..10)? {
            [0, 0] => power(1.0, 0.0),
            [0, 2] => power(parameter(1)?, parameter(2)?) + parameter(3)?,
            [0, 3] if value < parameter(4)? => parameter(3)? * value,
            [0, 1 | 3] => power(parameter(1)?, parameter(2)?),
            [0, 4] if value < parameter(4)? => parameter(3)? * value + parameter(6)?,
            [0, 4] => power(parameter(1)?, parameter(2)?) + parameter(5)?,
            _ => return None,
        });
    }
    let count = number(element, 8).filter(|_| element.starts_with(b"curv"))?;
    let entry = |at: usize| Some(f64::from(u16::from_be_bytes(*element.get(12 + 2 * at..)?.first_chunk()?)));
    match count {
        0 => Some(value),
        1 => Some(value.powf(entry(0)? / 256.0)),
        _ => {
            let place = value * (count - 1) as f64;
            let before = (place as usize).min(count - 2);
            let (low, high) = (entry(before)?, entry(before + 1)?);
            entry(count - 1)?;
            Some((low + (high - low) * (place - before as f64)) / 65_535.0)
        }
    }
}

fn number(data: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_be_bytes(*data.get(at..)?.first_chunk()?) as usize)
}

fn fixed(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from(i32::from_be_bytes(*data.get(at..)?.first_chunk()?)) / 65_536.0)
}
