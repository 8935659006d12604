//! What a site shows to some of its readers alone, or to nobody: shortcodes and blocks of members' areas, blocks that are
//! hidden, and what stands behind a wall. Nothing of it is published.

use serde_json::Value;

use super::shortcodes::Arguments;
use crate::collect::reserved;

/// Parts of the names of blocks around text for members.
const BLOCKS: [&str; 6] = [
    "subscriber-view",
    "member-content",
    "members-only",
    "restricted-content",
    "protected-content",
    "pmpro/membership",
];

/// The block behind which a post is for subscribers.
const WALL: &str = "jetpack/paywall";

/// Whether what stands in a shortcode is for some readers alone.
pub(super) fn is_shortcode(name: &str, arguments: &Arguments) -> bool {
    reserved::is_name(name, |name| arguments.get(&[name]))
}

/// Whether what follows a block, or a comment of this name, is for some readers alone.
pub(super) fn is_wall(name: &str) -> bool {
    [WALL, reserved::WALL].contains(&name)
}

/// Whether what stands in a block is for some readers alone, or hidden; `attributes` is JSON.
pub(super) fn is_block(name: &str, attributes: &str) -> bool {
    let is_hidden = || {
        let attributes: Value = serde_json::from_str(attributes.trim()).unwrap_or_default();
        // As WordPress has it since 6.9, and a plugin had it before.
        attributes["metadata"]["blockVisibility"] == false || attributes["blockVisibility"]["hideBlock"] == true
    };
    BLOCKS.iter().any(|part| name.contains(part)) || (attributes.contains("blockVisibility") && is_hidden())
}

#[cfg(test)]
mod tests {
    use super::{Arguments, is_block, is_shortcode};

    #[test]
    fn what_is_for_some_readers_is_known_by_its_name() {
        let is = |name: &str, arguments: &str| is_shortcode(name, &Arguments::read(arguments));
        assert!(is("private", "") && is("wlm_private_gold", "") && is("ppwp", "passwords=\"a b\""));
        assert!(is("membership", "level=\"1\"") && !is("membership", "level=\"0\"") && !is("hide", "title=\"More\""));
        assert!(is_block("premium-content/subscriber-view", ""));
        assert!(is_block("paragraph", "{\"metadata\":{\"blockVisibility\":false}}"));
        assert!(!is_block("paragraph", "{\"metadata\":{\"blockVisibility\":{\"viewport\":{}}}}"));
        assert!(!is_block("premium-content/logged-out-view", ""));
    }
}
