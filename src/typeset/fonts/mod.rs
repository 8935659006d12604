//! Font faces: loading, choosing, coverage, metrics.
//!
//! The faces in `assets/fonts` are part of the binary, so that the same input gives the same bytes on every machine.
//! System fonts are opt-in ([`Fonts::with_system`]) and are opened only when no other face has a character.

mod face;
mod system;
mod wish;

use crate::error::{Error, ErrorKind, Result};

use super::inline::TextStyle;
pub use face::Face;
use system::SystemFonts;
pub use wish::{Region, Wish};

/// A face among those loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaceId(pub u16);

/// System faces are numbered from here, so that faces added later never renumber them.
const FIRST_SYSTEM_FACE: u16 = 0x8000;

/// The font files that are part of the binary. Their licences (SIL OFL 1.1) stand beside them.
const BUILTIN: [&[u8]; 21] = [
    include_bytes!("../../../assets/fonts/noto-serif/NotoSerif-Regular.ttf"),
    include_bytes!("../../../assets/fonts/noto-serif/NotoSerif-Italic.ttf"),
    include_bytes!("../../../assets/fonts/noto-serif/NotoSerif-Bold.ttf"),
    include_bytes!("../../../assets/fonts/noto-serif/NotoSerif-BoldItalic.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans/NotoSans-Regular.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans/NotoSans-Italic.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans/NotoSans-Bold.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans/NotoSans-BoldItalic.ttf"),
    include_bytes!("../../../assets/fonts/noto-naskh-arabic/NotoNaskhArabic-Regular.ttf"),
    include_bytes!("../../../assets/fonts/noto-naskh-arabic/NotoNaskhArabic-Bold.ttf"),
    include_bytes!("../../../assets/fonts/vazirmatn/Vazirmatn-Regular.ttf"),
    include_bytes!("../../../assets/fonts/vazirmatn/Vazirmatn-Bold.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans-mono/NotoSansMono-Regular.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans-mono/NotoSansMono-Bold.ttf"),
    include_bytes!("../../../assets/fonts/noto-serif-hebrew/NotoSerifHebrew-Regular.ttf"),
    include_bytes!("../../../assets/fonts/noto-serif-hebrew/NotoSerifHebrew-Bold.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans-hebrew/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans-hebrew/NotoSansHebrew-Bold.ttf"),
    // Signs that no text face has: ticks, stars, arrows; then pictures, in one colour.
    include_bytes!("../../../assets/fonts/noto-sans-symbols/NotoSansSymbols-Regular.ttf"),
    include_bytes!("../../../assets/fonts/noto-sans-symbols-2/NotoSansSymbols2-Regular.ttf"),
    include_bytes!("../../../assets/fonts/noto-emoji/NotoEmoji-Regular.ttf"),
];

/// What the generic families of CSS Fonts 4 stand for, in order of preference.
const GENERIC: [(&str, &[&str]); 7] = [
    ("serif", &["noto serif", "noto naskh arabic", "noto serif hebrew"]),
    ("sans-serif", &["noto sans", "vazirmatn", "noto sans hebrew"]),
    ("monospace", &["noto sans mono"]),
    ("system-ui", &["noto sans", "vazirmatn", "noto sans hebrew"]),
    ("ui-serif", &["noto serif", "noto naskh arabic", "noto serif hebrew"]),
    ("ui-sans-serif", &["noto sans", "vazirmatn", "noto sans hebrew"]),
    ("ui-monospace", &["noto sans mono"]),
];

/// Generic families that no built-in one is like, and what browsers call the font of the machine's menus.
const OTHER_GENERIC: [&str; 8] =
    ["cursive", "fantasy", "math", "emoji", "fangsong", "ui-rounded", "-apple-system", "blinkmacsystemfont"];

/// Families that nearly every machine has, and the generic one that is like them: what files name them without a generic family
/// (drawings of programs, above all) is to look as it was meant.
const ALIKE: [(&str, &[&str]); 3] = [
    (
        "sans-serif",
        &[
            "arial",
            "arial black",
            "arial narrow",
            "bitstream vera sans",
            "calibri",
            "carlito",
            "dejavu sans",
            "dejavu sans condensed",
            "geneva",
            "helvetica",
            "helvetica neue",
            "inter",
            "lato",
            "liberation sans",
            "lucida grande",
            "lucida sans",
            "lucida sans unicode",
            "nimbus sans",
            "nimbus sans l",
            "open sans",
            "roboto",
            "segoe ui",
            "source sans pro",
            "tahoma",
            "trebuchet ms",
            "ubuntu",
            "verdana",
        ],
    ),
    (
        "monospace",
        &[
            "andale mono",
            "bitstream vera sans mono",
            "cascadia code",
            "cascadia mono",
            "consolas",
            "courier",
            "courier new",
            "dejavu sans mono",
            "fira code",
            "fira mono",
            "inconsolata",
            "jetbrains mono",
            "liberation mono",
            "lucida console",
            "menlo",
            "monaco",
            "nimbus mono l",
            "roboto mono",
            "sf mono",
            "source code pro",
            "ubuntu mono",
        ],
    ),
    (
        "serif",
        &[
            "baskerville",
            "cambria",
            "charter",
            "dejavu serif",
            "garamond",
            "georgia",
            "liberation serif",
            "nimbus roman",
            "nimbus roman no9 l",
            "palatino",
            "palatino linotype",
            "times",
            "times new roman",
        ],
    ),
];

/// Vertical metrics of a face at a size, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FontMetrics {
    /// From the baseline up to the top of the em box as the font has it.
    pub ascent: f32,
    /// From the baseline down to the bottom, positive.
    pub descent: f32,
    /// Recommended extra space between lines.
    pub line_gap: f32,
    /// Height of a lower-case x (the `ex` unit).
    pub x_height: f32,
    /// Height of a capital letter.
    pub cap_height: f32,
    /// Advance of "0" (the `ch` unit).
    pub zero_advance: f32,
}

/// The faces at hand. Shared by reference between threads.
pub struct Fonts {
    faces: Vec<Face>,
    system: Option<SystemFonts>,
}

impl Fonts {
    /// The faces that are part of the binary.
    #[must_use]
    pub fn builtin() -> Self {
        // Each of these files is parsed by a test, so that none is left out here.
        Self { faces: BUILTIN.iter().filter_map(|data| Face::from_static(data)).collect(), system: None }
    }

    /// Adds the system's fonts as the last resort. Nothing is read before a character needs it.
    #[must_use]
    pub fn with_system(mut self) -> Self {
        self.system = Some(SystemFonts::default());
        self
    }

    /// Adds the faces of a TrueType or OpenType file or collection. A face of the same family, weight and slant
    /// as an earlier one comes after it.
    ///
    /// Fails with [`ErrorKind::Input`] when there is no face in `data` that can be used.
    pub fn add(&mut self, data: Vec<u8>) -> Result<()> {
        let faces = Face::from_file(data);
        if faces.is_empty() {
            return Err(Error::new(ErrorKind::Input, "the font file holds no face that can be read")
                .hint("allowed: TrueType and OpenType files and collections (.ttf, .otf, .ttc)"));
        }
        if self.faces.len() + faces.len() >= usize::from(FIRST_SYSTEM_FACE) {
            return Err(Error::new(ErrorKind::Input, "more than 32,767 font faces were loaded"));
        }
        self.faces.extend(faces);
        Ok(())
    }

    /// The face with this id, if it is one of these.
    #[must_use]
    pub fn face(&self, id: FaceId) -> Option<&Face> {
        match id.0.checked_sub(FIRST_SYSTEM_FACE) {
            None => self.faces.get(usize::from(id.0)),
            Some(index) => self.system.as_ref()?.face(usize::from(index)),
        }
    }

    /// Metrics of the first face that a style asks for, at the style's size.
    #[must_use]
    pub fn metrics(&self, style: &TextStyle) -> FontMetrics {
        // Asked for every line: no list is made for it.
        let mut all = self.asked(&style.families);
        let first = all.find_map(|family| self.best_of_family(family, style.weight, style.italic));
        first
            .and_then(|id| self.face(id))
            .map_or_else(|| FontMetrics::estimate(style.size), |face| face.metrics(style.size))
    }

    /// How far the letters of a text are drawn below their baseline at most, at the style's size.
    #[must_use]
    pub fn ink_below(&self, style: &TextStyle, text: &str) -> f32 {
        let chain = self.candidates(&style.families, style.weight, style.italic);
        let faces = || chain.iter().filter_map(|id| self.face(*id));
        let below = |letter: char| faces().find_map(|face| Some(face.ink_below(face.glyph(letter)?)));
        text.chars().filter_map(below).fold(0.0, f32::max) * style.size
    }

    /// The first face of a style, whatever the character.
    #[must_use]
    pub fn first(&self, families: &[String], weight: u16, italic: bool) -> Option<&Face> {
        let mut all = self.asked(families);
        self.face(all.find_map(|name| self.nearest_of_family(name, weight, italic))?)
    }

    /// The families a style may use, in order of preference: those it names, those that are like them, then every other one that is
    /// not the system's. Some come twice.
    fn asked<'s>(&'s self, families: &'s [String]) -> impl Iterator<Item = &'s str> {
        let named = families.iter().flat_map(|family| members(family));
        let alike = families.iter().filter_map(|family| alike(family)).flat_map(members);
        named.chain(alike).chain(self.faces.iter().map(|face| face.family.as_str()))
    }

    /// The faces a style may use, in order of preference: named families, generic families, those that are like the named ones, then
    /// every other family that is not the system's. Of the system's fonts, where they are allowed, only those of named families are among them;
    /// see [`Fonts::system_face`].
    #[must_use]
    pub fn candidates(&self, families: &[String], weight: u16, italic: bool) -> Vec<FaceId> {
        let mut chosen: Vec<FaceId> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for name in self.asked(families) {
            if !seen.contains(&name) {
                seen.push(name);
                chosen.extend(self.nearest_of_family(name, weight, italic));
            }
        }
        chosen
    }

    /// Of the system's faces that have a character the one that comes nearest to what is wished, where system fonts are
    /// allowed.
    #[must_use]
    pub fn system_face(&self, character: char, wish: Wish) -> Option<FaceId> {
        system_id(self.system.as_ref()?.covering(character, wish)?)
    }

    /// The face of a family that comes nearest to a weight and slant. Where none is just that, the system's family of the
    /// name may have a nearer one, where system fonts are allowed.
    fn nearest_of_family(&self, family: &str, weight: u16, italic: bool) -> Option<FaceId> {
        let own = self.best_of_family(family, weight, italic);
        let found = own.and_then(|id| self.face(id)).map(|face| (face.weight, face.italic));
        if found == Some((weight, italic)) {
            return own;
        }
        let of_system = || {
            let (index, style) = self.system.as_ref()?.of_family(family, weight, italic)?;
            let away = |found| slant_and_weight((weight, italic), found);
            system_id(index).filter(|_| found.is_none_or(|found| away(style) < away(found)))
        };
        of_system().or(own)
    }

    /// Whether a name stands for a family that is at hand, as generic ones do.
    #[must_use]
    pub fn has_family(&self, name: &str) -> bool {
        let is_generic = GENERIC.iter().any(|(generic, _)| *generic == name) || OTHER_GENERIC.contains(&name);
        is_generic || self.nearest_of_family(name, 400, false).is_some()
    }

    /// The names of the families that are at hand, as their fonts have them.
    #[must_use]
    pub fn family_names(&self) -> Vec<String> {
        let own = self.faces.iter().map(Face::family_name);
        let of_system = self.system.iter().flat_map(|system| system.family_names()).map(str::to_owned);
        let mut names: Vec<String> = own.chain(of_system).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether system fonts are allowed.
    #[must_use]
    pub fn uses_system(&self) -> bool {
        self.system.is_some()
    }

    /// CSS Fonts 4, 5.2: slant first, then weight.
    fn best_of_family(&self, family: &str, weight: u16, italic: bool) -> Option<FaceId> {
        let members = self.faces.iter().enumerate().filter(|(_, face)| face.family == family);
        let best = members
            .min_by_key(|(index, face)| (slant_and_weight((weight, italic), (face.weight, face.italic)), *index));
        best.and_then(|(index, _)| u16::try_from(index).ok()).map(FaceId)
    }
}

fn system_id(index: usize) -> Option<FaceId> {
    Some(FaceId(FIRST_SYSTEM_FACE.checked_add(u16::try_from(index).ok()?)?))
}

/// How far the weight and slant of a face are from those that are wanted.
fn slant_and_weight(wanted: (u16, bool), found: (u16, bool)) -> (bool, u8, u16) {
    let (rank, away) = weight_distance(wanted.0, found.0);
    (found.1 != wanted.1, rank, away)
}

/// The families that a name stands for: itself, unless it is generic.
fn members(family: &str) -> impl Iterator<Item = &str> {
    let generic = GENERIC.iter().find(|(name, _)| *name == family).map(|(_, members)| *members);
    let own = generic.is_none().then_some(family);
    own.into_iter().chain(generic.unwrap_or_default().iter().copied())
}

/// The generic family that is like a well-known one.
fn alike(family: &str) -> Option<&'static str> {
    ALIKE.iter().find(|(_, names)| names.contains(&family)).map(|(generic, _)| *generic)
}

/// How far a face's weight is from the wanted one, in the order of CSS Fonts 4, 5.2: up to 500 lighter faces are
/// preferred (after those between the wanted weight and 500), above it heavier ones.
fn weight_distance(wanted: u16, found: u16) -> (u8, u16) {
    let away = wanted.abs_diff(found);
    match wanted {
        400..=500 if found >= wanted && found <= 500 => (0, away),
        0..=500 if found <= wanted => (1, away),
        501.. if found >= wanted => (1, away),
        _ => (2, away),
    }
}

impl FontMetrics {
    /// Plausible metrics for a size when there is no face at all.
    fn estimate(size: f32) -> Self {
        Self {
            ascent: 0.8 * size,
            descent: 0.2 * size,
            line_gap: 0.0,
            x_height: 0.5 * size,
            cap_height: 0.7 * size,
            zero_advance: 0.5 * size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILTIN, FaceId, Fonts};

    fn name(fonts: &Fonts, id: FaceId) -> &str {
        fonts.face(id).map_or("", |face| face.post_script_name.as_str())
    }

    fn families(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_builtin_file_is_a_face() {
        assert_eq!(Fonts::builtin().faces.len(), BUILTIN.len());
    }

    #[test]
    fn generic_families_come_in_order_and_every_family_is_a_fallback() {
        let fonts = Fonts::builtin();
        let chain = fonts.candidates(&families(&["serif"]), 400, false);
        let names: Vec<&str> = chain.iter().map(|id| name(&fonts, *id)).collect();
        assert_eq!(
            names,
            [
                "NotoSerif-Regular",
                "NotoNaskhArabic-Regular",
                "NotoSerifHebrew-Regular",
                "NotoSans-Regular",
                "Vazirmatn-Regular",
                "NotoSansMono-Regular",
                "NotoSansHebrew-Regular",
                "NotoSansSymbols-Regular",
                "NotoSansSymbols2-Regular",
                "NotoEmoji-Regular"
            ]
        );
    }

    #[test]
    fn for_families_that_all_machines_have_one_like_them_stands_in() {
        let fonts = Fonts::builtin();
        for (asked, own) in [
            (&["arial"][..], "NotoSans-Regular"),
            (&["nobody's", "courier new"], "NotoSansMono-Regular"),
            (&["georgia"], "NotoSerif-Regular"),
            (&["nobody's"], "NotoSerif-Regular"),
            // What is at hand comes before what is only like something.
            (&["helvetica", "serif"], "NotoSerif-Regular"),
            (&["consolas", "vazirmatn"], "Vazirmatn-Regular"),
        ] {
            assert_eq!(name(&fonts, fonts.candidates(&families(asked), 400, false)[0]), own, "{asked:?}");
            let first = fonts.first(&families(asked), 400, false).unwrap();
            assert_eq!(first.post_script_name, own, "{asked:?}");
        }
    }

    #[test]
    fn hebrew_is_set_by_faces_of_its_own_with_and_without_serifs() {
        let fonts = Fonts::builtin();
        for (family, weight, own) in [
            ("serif", 400, "NotoSerifHebrew-Regular"),
            ("serif", 700, "NotoSerifHebrew-Bold"),
            ("sans-serif", 400, "NotoSansHebrew-Regular"),
            ("sans-serif", 700, "NotoSansHebrew-Bold"),
        ] {
            let chain = fonts.candidates(&families(&[family]), weight, false);
            let first = chain.iter().find(|id| fonts.face(**id).is_some_and(|face| face.glyph('א').is_some())).unwrap();
            assert_eq!(name(&fonts, *first), own);
        }
    }

    #[test]
    fn slant_beats_weight_and_arabic_italic_is_upright() {
        let fonts = Fonts::builtin();
        let chain = fonts.candidates(&families(&["serif"]), 700, true);
        assert_eq!(name(&fonts, chain[0]), "NotoSerif-BoldItalic");
        assert_eq!(name(&fonts, chain[1]), "NotoNaskhArabic-Bold");
        let sans = fonts.candidates(&families(&["noto sans"]), 700, true);
        assert_eq!(name(&fonts, sans[0]), "NotoSans-BoldItalic");
        assert_eq!(name(&fonts, fonts.candidates(&families(&["noto sans"]), 400, true)[0]), "NotoSans-Italic");
        let hebrew = fonts.candidates(&families(&["noto sans hebrew"]), 700, true);
        assert_eq!(name(&fonts, hebrew[0]), "NotoSansHebrew-Bold");
    }

    #[test]
    fn semibold_is_bold_and_light_is_regular() {
        let fonts = Fonts::builtin();
        assert_eq!(name(&fonts, fonts.candidates(&families(&["vazirmatn"]), 600, false)[0]), "Vazirmatn-Bold");
        assert_eq!(name(&fonts, fonts.candidates(&families(&["vazirmatn"]), 300, false)[0]), "Vazirmatn-Regular");
        assert_eq!(name(&fonts, fonts.candidates(&families(&["vazirmatn"]), 500, false)[0]), "Vazirmatn-Regular");
    }

    #[test]
    fn rubbish_is_refused() {
        let mut fonts = Fonts::builtin();
        assert!(fonts.add(b"not a font".to_vec()).is_err());
        assert_eq!(fonts.faces.len(), BUILTIN.len());
    }
}
