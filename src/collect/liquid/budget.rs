//! How much may be made while a post's templates are carried out. Values double in a few words, and so would a run's
//! memory.

use std::cell::Cell;

/// How many bytes may be gone through or made beside the original: by loops, in what is included, in values.
pub(super) const MAX_WORK: usize = 8 << 20;

/// What is left of it. What does not fit into it is not done, nor anything after that.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<usize>,
    is_spent: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Cell::new(MAX_WORK), is_spent: Cell::new(false) }
    }
}

impl Budget {
    /// Takes so many bytes; says whether there were as many.
    pub(super) fn spend(&self, bytes: usize) -> bool {
        match self.left.get().checked_sub(bytes) {
            Some(left) if !self.is_spent.get() => {
                self.left.set(left);
                true
            }
            _ => {
                self.is_spent.set(true);
                false
            }
        }
    }

    /// Whether more was asked for than there was.
    pub(super) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// How many bytes were taken.
    #[cfg(test)]
    pub(super) fn taken(&self) -> usize {
        MAX_WORK - self.left.get()
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, MAX_WORK};

    #[test]
    fn once_spent_it_stays_spent() {
        let budget = Budget::default();
        assert!(budget.spend(MAX_WORK - 1) && !budget.is_spent());
        assert!(!budget.spend(2) && budget.is_spent());
        assert!(!budget.spend(0));
        assert_eq!(budget.taken(), MAX_WORK - 1);
        assert!(!Budget::default().spend(usize::MAX));
    }
}
