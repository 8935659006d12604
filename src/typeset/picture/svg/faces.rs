//! Faces for the text of a graphic: the same ones, chosen by the same rules, as for the text around it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use usvg::{FontFamily, FontResolver, FontStyle};

use super::words::named_face;
use crate::typeset::fonts::{FaceId, Fonts, Wish};

/// The faces that usvg's database has been given so far.
#[derive(Default)]
struct Loaded(Mutex<HashMap<FaceId, fontdb::ID>>);

impl Loaded {
    /// The face in the database, put in when it is first asked for.
    fn id(&self, face: FaceId, fonts: &Fonts, database: &mut Arc<fontdb::Database>) -> Option<fontdb::ID> {
        // A poisoned map holds whole entries only.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = known.get(&face) {
            return Some(*id);
        }
        let own = fonts.face(face)?;
        let source = fontdb::Source::Binary(own.shared_data());
        // The faces of a collection, in order.
        let ids = Arc::make_mut(database).load_font_source(source);
        let id = *ids.get(own.index() as usize).or_else(|| ids.first())?;
        known.insert(face, id);
        Some(id)
    }

    fn face(&self, id: fontdb::ID) -> Option<FaceId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(_, own)| **own == id).map(|(face, _)| *face)
    }
}

/// How usvg finds faces.
pub(super) fn resolver(fonts: &Fonts) -> FontResolver<'_> {
    let loaded = Arc::new(Loaded::default());
    let of_fallback = Arc::clone(&loaded);
    FontResolver {
        select_font: Box::new(move |font, database| {
            let named = font.families().iter().find_map(|family| match family {
                FontFamily::Named(name) => named_face(name),
                _ => None,
            });
            let face = named.or_else(|| {
                let families: Vec<String> = font.families().iter().map(family_name).collect();
                let italic = font.style() != FontStyle::Normal;
                fonts.candidates(&families, font.weight(), italic).first().copied()
            });
            loaded.id(face?, fonts, database)
        }),
        // Graphics within graphics come as they are, without the faces of their words named.
        select_fallback: Box::new(move |character, used, database| {
            let first = used.first().and_then(|id| of_fallback.face(*id)).and_then(|id| fonts.face(id));
            let (weight, italic) = first.map_or((400, false), |face| (face.weight, face.italic));
            let has = |id: &FaceId| fonts.face(*id).is_some_and(|face| face.glyph(character).is_some());
            let own = fonts.candidates(&[], weight, italic).into_iter().find(has);
            let wish = Wish { weight, italic, serif: false, region: None };
            let id = of_fallback.id(own.or_else(|| fonts.system_face(character, wish))?, fonts, database)?;
            (!used.contains(&id)).then_some(id)
        }),
    }
}

fn family_name(family: &FontFamily) -> String {
    match family {
        FontFamily::Serif => "serif".to_owned(),
        FontFamily::SansSerif => "sans-serif".to_owned(),
        FontFamily::Cursive => "cursive".to_owned(),
        FontFamily::Fantasy => "fantasy".to_owned(),
        FontFamily::Monospace => "monospace".to_owned(),
        FontFamily::Named(name) => name.to_lowercase(),
    }
}
