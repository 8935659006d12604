//! Cascade layers (CSS Cascade 5, 6.4).

use cssparser::{Parser, Token};

use super::values::{Parsed, refuse};

/// Index into the layers of a document.
pub(crate) type LayerId = u32;

/// What is in no layer.
pub(crate) const UNLAYERED: LayerId = 0;

/// Where declarations stand among those of their origin: normal ones of a higher rank are stronger, important ones
/// weaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(u32);

impl Rank {
    /// Declarations of no layer.
    pub(crate) const UNLAYERED: Self = Self(u32::MAX - 1);
    /// The `style` attribute, which is stronger than any layer, important or not (6.1, "element-attached styles").
    pub(crate) const ATTACHED: Self = Self(u32::MAX);

    /// The order in which important declarations count, weakest first.
    pub(crate) fn of_important(self) -> u32 {
        if self == Self::ATTACHED { u32::MAX } else { Self::UNLAYERED.0 - self.0 }
    }
}

/// The parts of a layer's name: `a.b` is the layer `b` in the layer `a`.
pub(crate) type Name = Vec<String>;

/// The layers that sheets declare, in the order in which they do.
#[derive(Debug)]
pub(crate) struct Layers {
    layers: Vec<Layer>,
    /// By layer, once all are known.
    ranks: Vec<Rank>,
}

#[derive(Debug, Default)]
struct Layer {
    /// None has a layer without a name, which nothing else is put into.
    name: Option<String>,
    inside: Vec<LayerId>,
}

impl Default for Layers {
    fn default() -> Self {
        Self { layers: vec![Layer::default()], ranks: vec![Rank::UNLAYERED] }
    }
}

impl Layers {
    /// The layer of this name in another one, which is declared by this where it is new.
    pub(crate) fn named(&mut self, around: LayerId, name: &[String]) -> LayerId {
        name.iter().fold(around, |around, part| {
            let is_it = |id: &&LayerId| self.layers[**id as usize].name.as_ref() == Some(part);
            let known = self.layers[around as usize].inside.iter().find(is_it).copied();
            known.unwrap_or_else(|| self.add(around, Some(part.clone())))
        })
    }

    /// A layer without a name, in another one.
    pub(crate) fn anonymous(&mut self, around: LayerId) -> LayerId {
        self.add(around, None)
    }

    fn add(&mut self, around: LayerId, name: Option<String>) -> LayerId {
        let id = self.layers.len() as LayerId;
        self.layers.push(Layer { name, inside: Vec::new() });
        self.layers[around as usize].inside.push(id);
        id
    }

    /// Ranks the layers, once all sheets have been read: each after the layers in it, and after those declared before.
    pub(crate) fn settle(&mut self) {
        self.ranks = vec![Rank::UNLAYERED; self.layers.len()];
        let mut next = 0;
        let mut path = vec![(UNLAYERED, 0)];
        while let Some((id, at)) = path.pop() {
            if let Some(inside) = self.layers[id as usize].inside.get(at) {
                path.extend([(id, at + 1), (*inside, 0)]);
            } else if id != UNLAYERED {
                self.ranks[id as usize] = Rank(next);
                next += 1;
            }
        }
    }

    /// Where a layer stands.
    pub(crate) fn rank(&self, layer: LayerId) -> Rank {
        self.ranks.get(layer as usize).copied().unwrap_or(Rank::UNLAYERED)
    }
}

/// `a`, `a.b`; not the keywords that any property may have.
pub(crate) fn parse_name(input: &mut Parser<'_>) -> Parsed<Name> {
    fn part(text: &str) -> Parsed<String> {
        let is_wide = ["initial", "inherit", "unset", "revert", "revert-layer"];
        if is_wide.iter().any(|wide| text.eq_ignore_ascii_case(wide)) { refuse() } else { Ok(text.to_owned()) }
    }
    let mut name = vec![part(input.expect_ident()?)?];
    let dot = |input: &mut Parser<'_>| -> Parsed<String> {
        match (input.next_including_whitespace()?.clone(), input.next_including_whitespace()?) {
            (Token::Delim('.'), Token::Ident(text)) => part(text),
            _ => refuse(),
        }
    };
    while let Ok(more) = input.try_parse(dot) {
        name.push(more);
    }
    Ok(name)
}

/// The names of layers that a rule lists; none for a layer without a name.
pub(crate) fn parse_names(input: &mut Parser<'_>) -> Parsed<Vec<Name>> {
    if input.is_exhausted() {
        return Ok(Vec::new());
    }
    input.parse_comma_separated(parse_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Option<Vec<Name>> {
        Parser::new(text).parse_entirely(parse_names).ok()
    }

    #[test]
    fn names_are_lists_of_paths() {
        assert_eq!(names("a, b.c ").map(|names| names.concat().join("/")).as_deref(), Some("a/b/c"));
        assert_eq!(names(""), Some(Vec::new()));
        for text in ["a b", "a .b", "a.", "initial", "a.Inherit", "a,", "1"] {
            assert_eq!(names(text), None, "{text}");
        }
    }

    #[test]
    fn layers_come_after_those_in_them() {
        let mut layers = Layers::default();
        let mut layer = |name: &[&str]| {
            let name: Vec<String> = name.iter().map(|part| (*part).to_owned()).collect();
            layers.named(UNLAYERED, &name)
        };
        let (inside, first, second) = (layer(&["a", "b"]), layer(&["a"]), layer(&["c"]));
        assert_eq!(layer(&["a", "b"]), inside);
        let (last, own) = (layers.anonymous(UNLAYERED), layers.anonymous(UNLAYERED));
        layers.settle();
        let ranks = [inside, first, second, last, own, UNLAYERED].map(|layer| layers.rank(layer));
        assert!(ranks.is_sorted() && ranks[5] < Rank::ATTACHED, "{ranks:?}");
        assert!(ranks.map(Rank::of_important).is_sorted_by(|a, b| a > b));
    }
}
