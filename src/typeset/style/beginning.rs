//! What a document begins with.

use crate::typeset::dom::NodeId;

/// The elements that a document begins with, each in the one before, as its nodes are visited in their order.
#[derive(Default)]
pub(super) struct Beginning {
    pub(super) innermost: NodeId,
    is_over: bool,
}

impl Beginning {
    /// Words end it.
    pub(super) fn text(&mut self, parent: NodeId, text: &str) {
        self.is_over |= parent == self.innermost && !text.bytes().all(|byte| byte.is_ascii_whitespace());
    }

    pub(super) fn is(&self, parent: NodeId) -> bool {
        !self.is_over && parent == self.innermost
    }
}
