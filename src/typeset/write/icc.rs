//! The colour space of the file, as an ICC profile (ICC.1:2004-10) made here from the numbers of IEC 61966-2-1: its
//! primaries adapted to the D50 white of the profile connection space, and its transfer curve.

/// Adapted primaries, red, green, blue: X, Y, Z.
const PRIMARIES: [[f64; 3]; 3] =
    [[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410]];

/// The white of the profile connection space.
const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

/// From the white of sRGB (D65) to D50, by Bradford's method.
const ADAPTATION: [f64; 9] = [1.04791, 0.02293, -0.05020, 0.02960, 0.99046, -0.01707, -0.00925, 0.01506, 0.75179];

/// The transfer curve, as the parameters g, a, b, c, d of a curve of type 3.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045];

const DESCRIPTION: &str = "sRGB";
const COPYRIGHT: &str = "No copyright";

/// The profile.
pub(super) fn srgb() -> Vec<u8> {
    let curve = parametric_curve();
    let tags: [(&[u8; 4], Vec<u8>); 10] = [
        (b"desc", localised(DESCRIPTION)),
        (b"cprt", localised(COPYRIGHT)),
        (b"wtpt", xyz(D50)),
        (b"chad", numbers(*b"sf32", &ADAPTATION)),
        (b"rXYZ", xyz(PRIMARIES[0])),
        (b"gXYZ", xyz(PRIMARIES[1])),
        (b"bXYZ", xyz(PRIMARIES[2])),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let start = 128 + 4 + 12 * tags.len();
    let mut placed: Vec<(Vec<u8>, usize)> = Vec::new();
    for (signature, element) in tags {
        // Elements that are alike stand once.
        let known = placed.iter().find(|(other, _)| *other == element).map(|(_, offset)| *offset);
        let offset = known.unwrap_or_else(|| {
            let offset = start + data.len();
            data.extend_from_slice(&element);
            data.resize(data.len().next_multiple_of(4), 0);
            offset
        });
        table.extend_from_slice(signature);
        table.extend_from_slice(&(offset as u32).to_be_bytes());
        table.extend_from_slice(&(element.len() as u32).to_be_bytes());
        placed.push((element, offset));
    }
    let mut profile = header((start + data.len()) as u32);
    profile.extend_from_slice(&table);
    profile.extend_from_slice(&data);
    profile
}

/// 7.2: version 4.2, a display, from RGB to XYZ.
fn header(size: u32) -> Vec<u8> {
    let mut header = size.to_be_bytes().to_vec();
    header.extend_from_slice(&[0; 4]);
    header.extend_from_slice(&[4, 0x20, 0, 0]);
    header.extend_from_slice(b"mntrRGB XYZ ");
    // A day of its making is asked for: that of the standard it follows.
    for part in [2004_u16, 10, 1, 0, 0, 0] {
        header.extend_from_slice(&part.to_be_bytes());
    }
    header.extend_from_slice(b"acsp");
    header.resize(68, 0);
    header.extend(D50.iter().flat_map(|value| fixed(*value)));
    header.resize(128, 0);
    header
}

fn fixed(value: f64) -> [u8; 4] {
    ((value * 65_536.0).round() as i32).to_be_bytes()
}

fn numbers(kind: [u8; 4], values: &[f64]) -> Vec<u8> {
    let mut element = [kind.as_slice(), &[0; 4]].concat();
    element.extend(values.iter().flat_map(|value| fixed(*value)));
    element
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    numbers(*b"XYZ ", &values)
}

fn parametric_curve() -> Vec<u8> {
    let mut element = b"para\0\0\0\0\0\x03\0\0".to_vec();
    element.extend(CURVE.iter().flat_map(|value| fixed(*value)));
    element
}

/// A text in one language.
fn localised(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut element = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS".to_vec();
    element.extend_from_slice(&(units.len() as u32).to_be_bytes());
    element.extend_from_slice(&28_u32.to_be_bytes());
    element.extend_from_slice(&units);
    element
}

#[cfg(test)]
mod tests {
    use super::{D50, PRIMARIES, srgb};

    #[test]
    fn the_primaries_add_up_to_white() {
        for (axis, white) in D50.iter().enumerate() {
            let sum: f64 = PRIMARIES.iter().map(|primary| primary[axis]).sum();
            assert!((sum - white).abs() < 0.0005, "{axis}: {sum}");
        }
    }

    #[test]
    fn offsets_lead_to_elements() {
        let profile = srgb();
        let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!((number(0), &profile[36..40]), (profile.len(), &b"acsp"[..]));
        for tag in 0..number(128) {
            let entry = 132 + 12 * tag;
            let (offset, length) = (number(entry + 4), number(entry + 8));
            assert!(offset % 4 == 0 && offset + length <= profile.len());
            let wanted: &[u8] = match &profile[entry..entry + 4] {
                b"desc" | b"cprt" => b"mluc",
                b"chad" => b"sf32",
                b"rTRC" | b"gTRC" | b"bTRC" => b"para",
                _ => b"XYZ ",
            };
            assert_eq!(&profile[offset..offset + 4], wanted);
        }
    }
}
