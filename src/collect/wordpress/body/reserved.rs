//! What a site shows to some of its readers alone, or to nobody: shortcodes and blocks of members' areas, blocks that are
//! hidden. Nothing of it is published.

use serde_json::Value;

use super::shortcodes::Arguments;

/// Shortcodes around text for members, with low lines for hyphens.
const SHORTCODES: [&str; 44] = [
    "access",
    "admin_only",
    "content_protector",
    "groups_member",
    "hide_this",
    "hidepost",
    "hidethis",
    "ihc_hide_content",
    "is_admin",
    "is_member",
    "is_paid",
    "is_subscriber",
    "member",
    "member_only",
    "members",
    "members_access",
    "members_only",
    "membersonly",
    "membership",
    "mepr_active",
    "mepr_show",
    "ms_protect_content",
    "passster",
    "password_protect",
    "patreon_content",
    "paywall",
    "pms_restrict",
    "premium",
    "premium_content",
    "private",
    "private_content",
    "protected",
    "protected_content",
    "restrict",
    "restrict_content",
    "restricted",
    "s2if",
    "su_members",
    "su_private",
    "subscriber",
    "subscribers",
    "subscribers_only",
    "swpm_protected",
    "wlm_private",
];

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
pub(super) const WALL: &str = "jetpack/paywall";

/// Whether what stands in a shortcode is for some readers alone.
pub(super) fn is_shortcode(name: &str, arguments: &Arguments) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let is_logged_in = (name.contains("logged_in") || name.contains("loggedin")) && !name.contains("not");
    let is_hidden = matches!(&*name, "hide" | "hidden") && arguments.get(&["title"]).is_none();
    // For those who are on no level, and for whom it is not.
    let is_for_others = arguments.get(&["level", "levels"]).is_some_and(|level| level.starts_with(['0', '-']))
        || arguments.get(&["is"]).is_some_and(|is| is.eq_ignore_ascii_case("not"));
    (is_logged_in || is_hidden || SHORTCODES.contains(&&*name)) && !is_for_others
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
        for (name, arguments) in [
            ("private", ""),
            ("members_only", ""),
            ("wpmem_logged_in", ""),
            ("um_loggedin", ""),
            ("membership", "level=\"1\""),
            ("s2If", "current_user_can(access_s2member_level1)"),
            ("hide", ""),
        ] {
            assert!(is(name, arguments), "{name}");
        }
        for (name, arguments) in [
            ("not_logged_in", ""),
            ("um_loggedout", ""),
            ("membership", "level=\"0\""),
            ("hide", "title=\"More\""),
            ("team_member", ""),
            ("visitor", ""),
        ] {
            assert!(!is(name, arguments), "{name}");
        }
        assert!(is_block("premium-content/subscriber-view", ""));
        assert!(is_block("paragraph", "{\"metadata\":{\"blockVisibility\":false}}"));
        assert!(!is_block("paragraph", "{\"metadata\":{\"blockVisibility\":{\"viewport\":{}}}}"));
        assert!(!is_block("premium-content/logged-out-view", ""));
    }
}
