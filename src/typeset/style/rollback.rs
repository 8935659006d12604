//! `revert` and `revert-layer`: declarations that roll the cascade back (CSS Cascade 5, 7.3.4 and 7.3.5).

use std::collections::HashMap;

use super::layers::Rank;
use super::sheet::Origin;

/// What is rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rollback {
    /// All that authors say, and what stands in attributes for them.
    Origin,
    /// The layer that says so.
    Layer,
}

/// Where a declaration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) origin: Origin,
    pub(super) rank: Rank,
}

impl Level {
    /// Whether a declaration here is one of those that another one rolls back.
    fn is_undone(self, (level, rollback): (Self, Rollback)) -> bool {
        match rollback {
            Rollback::Layer => self == level,
            Rollback::Origin if level.origin == Origin::UserAgent => self.origin == Origin::UserAgent,
            Rollback::Origin => self.origin != Origin::UserAgent,
        }
    }
}

/// Of declarations, weakest first, those that no stronger one of the same property undoes, without those that undo others.
/// `tell` says of which property a declaration is, where it stands, and whether it rolls back.
pub(super) fn kept<T, P: std::hash::Hash + Eq>(
    declarations: Vec<T>,
    tell: impl Fn(&T) -> (P, Level, Option<Rollback>),
) -> Vec<T> {
    if declarations.iter().all(|declaration| tell(declaration).2.is_none()) {
        return declarations;
    }
    let mut undone: HashMap<P, Vec<(Level, Rollback)>> = HashMap::new();
    let mut kept: Vec<T> = Vec::with_capacity(declarations.len());
    for declaration in declarations.into_iter().rev() {
        let (property, level, rollback) = tell(&declaration);
        let of_property = undone.entry(property).or_default();
        if of_property.iter().any(|other| level.is_undone(*other)) {
            continue;
        }
        match rollback {
            Some(rollback) => of_property.push((level, rollback)),
            None => kept.push(declaration),
        }
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Declarations of one property: a number, or what is rolled back.
    fn winner(declarations: &[(Origin, Rank, Result<u8, Rollback>)]) -> Option<u8> {
        let tell = |(origin, rank, value): &(Origin, Rank, Result<u8, Rollback>)| {
            ("color", Level { origin: *origin, rank: *rank }, value.err())
        };
        kept(declarations.to_vec(), tell).last().and_then(|(_, _, value)| value.ok())
    }

    #[test]
    fn what_stood_before_the_layer_or_the_author_holds() {
        use Origin::{Author, Hint, UserAgent};
        let (low, high) = (Rank::UNLAYERED, Rank::ATTACHED);
        let (origin, layer) = (Err(Rollback::Origin), Err(Rollback::Layer));
        let own = (UserAgent, low, Ok(1));
        let hint = (Hint, low, Ok(2));
        assert_eq!(winner(&[own, hint, (Author, low, Ok(3)), (Author, high, origin)]), Some(1));
        assert_eq!(winner(&[own, hint, (Author, low, Ok(3)), (Author, high, layer)]), Some(3));
        assert_eq!(winner(&[own, hint, (Author, low, Ok(3)), (Author, low, layer)]), Some(2));
        assert_eq!(winner(&[own, (Author, low, layer), (Author, high, layer)]), Some(1));
        // What is stronger than the one that rolls back holds all the same.
        assert_eq!(winner(&[own, (Author, low, origin), (Author, low, Ok(3))]), Some(3));
        assert_eq!(winner(&[own, (UserAgent, low, origin)]), None);
    }
}
