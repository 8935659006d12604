//! What a site shows to some of its readers alone, or to nobody: shortcodes, tags, components and directives of members' areas, and
//! the marks behind which a post is for members. Nothing of it is published.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::body;
use super::traced::Traced;

/// Words by which a name says so.
const HOLDS: [&str; 24] = [
    "ismember",
    "issubscriber",
    "loggedin",
    "memberonly",
    "members",
    "member",
    "membership",
    "memberships",
    "membersonly",
    "passster",
    "paywall",
    "paywalled",
    "ppwp",
    "premium",
    "private",
    "protect",
    "protected",
    "protector",
    "restrict",
    "restricted",
    "subscriber",
    "subscribers",
    "subscriberonly",
    "subscribersonly",
];

/// Names that say so with no such word, with low lines between their words.
const NAMES: [&str; 24] = [
    "access",
    "admin_only",
    "armif",
    "content_control",
    "emaillocker",
    "groups_only",
    "hide_this",
    "hidepost",
    "hidethis",
    "ihc_hide_content",
    "is_admin",
    "is_paid",
    "login_required",
    "loginrequired",
    "logged_in",
    "mepr_active",
    "mepr_show",
    "patreon_content",
    "requires_login",
    "s2if",
    "s2_if",
    "signinlocker",
    "sociallocker",
    "um_show_content",
];

/// Words of names of what everybody else sees: the others, and what invites them.
const FOR_OTHERS: [&str; 30] = [
    "anonymous",
    "badge",
    "banner",
    "btn",
    "button",
    "count",
    "counter",
    "cta",
    "else",
    "form",
    "guest",
    "guests",
    "join",
    "login",
    "loggedout",
    "no",
    "non",
    "nonmember",
    "nonmembers",
    "not",
    "notmember",
    "out",
    "preview",
    "price",
    "pricing",
    "public",
    "register",
    "teaser",
    "visitor",
    "visitors",
];

/// Words that stand beside `member` where it is one of a team, and beside what hides an address from programs alone.
const OF_TEAMS: [&str; 22] = [
    "band",
    "bio",
    "board",
    "card",
    "cards",
    "cast",
    "committee",
    "council",
    "crew",
    "directory",
    "email",
    "faculty",
    "family",
    "grid",
    "list",
    "mail",
    "photo",
    "profile",
    "profiles",
    "slider",
    "staff",
    "team",
];

/// What a member is given who is shown, of a team.
const OF_PERSONS: [&str; 6] = ["name", "position", "job", "photo", "avatar", "image"];

/// What is given to that alone which is for some.
const KEYS: [&str; 10] = [
    "password",
    "passwords",
    "capability",
    "user_role",
    "user_roles",
    "allowed_roles",
    "membership",
    "memberships",
    "membership_level",
    "membership_levels",
];

/// Ghost's comment behind which a post is for members.
pub(super) const WALL: &str = "members-only";

/// What stands in Ghost's comments around what is for some readers, before who they are, and in the one that ends it.
const GATE: (&str, &str) = ("kg-gated-block:begin", "kg-gated-block:end");

/// Whether what stands in a shortcode, a tag, a component or a directive is for some readers alone. `get` gives the value of what it
/// is given under a name.
pub(super) fn is_name<'a>(name: &str, get: impl Fn(&str) -> Option<&'a str>) -> bool {
    let words = words(name);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let whole = words.join("_");
    let given = |names: &[&str]| names.iter().any(|name| get(name).is_some_and(|value| !value.is_empty()));
    // For those who are on no level, and for whom it is not.
    let is_for_others =
        ["level", "levels"].iter().find_map(|name| get(name)).is_some_and(|level| level.starts_with(['0', '-']))
            || get("is").is_some_and(|is| is.eq_ignore_ascii_case("not"));
    if is_for_others {
        return false;
    }
    if NAMES.contains(&whole.as_str()) {
        return true;
    }
    let is_hidden = matches!(&*whole, "hide" | "hidden") && !given(&["title"]);
    let is_person = || matches!(&*whole, "member" | "members") && given(&OF_PERSONS);
    let is_logged_in = whole.contains("logged_in");
    let says_so = is_hidden || is_logged_in || (has(&HOLDS) && !has(&OF_TEAMS) && !is_person());
    (says_so || given(&KEYS)) && !has(&FOR_OTHERS)
}

/// The words of a name, in lower case: `MembersOnly`, `members-only` and `members_only` have the same.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Says of a mark, as it is written, that it is left out with what is in it.
pub(super) fn told(mark: &str) -> String {
    format!("`{mark}` is for some readers alone; it is left out, and what is in it")
}

/// What of a text is for some readers alone by the comments in it, and what there is to say of it. In Markdown code is passed over.
pub(super) fn marked(text: &str, is_markdown: bool) -> Vec<(Range<usize>, String)> {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if !has("<!--") || ![WALL, GATE.0].into_iter().any(has) {
        return Vec::new();
    }
    let code = if is_markdown { code(text) } else { Vec::new() };
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some((comment, inside)) = next_comment(text, at) {
        at = comment.end;
        if code
            .get(code.partition_point(|range| range.end <= comment.start))
            .is_some_and(|range| range.start <= comment.start)
        {
            continue;
        }
        if inside == WALL {
            let message = format!("what stands behind `<!--{WALL}-->` is for some readers alone; it is left out");
            found.push((comment.start..text.len(), message));
            break;
        }
        if inside.starts_with(GATE.0) && !inside.contains("nonMember:true") {
            let ends = |at: &mut usize| {
                let (comment, inside) = next_comment(text, *at)?;
                *at = comment.end;
                Some((comment, inside))
            };
            let end = std::iter::from_fn(|| ends(&mut at)).find(|(_, inside)| inside.starts_with(GATE.1));
            let end = end.map_or(text.len(), |(comment, _)| comment.end);
            found.push((comment.start..end, told(&format!("<!--{}-->", GATE.0))));
        }
    }
    found
}

/// The first comment at or behind a place, and what it says.
fn next_comment(text: &str, at: usize) -> Option<(Range<usize>, &str)> {
    let start = at + text[at..].find("<!--")?;
    let inside = start + 4;
    let end = inside + text[inside..].find("-->")?;
    Some((start..end + 3, text[inside..end].trim()))
}

/// Code in Markdown, in order.
pub(super) fn code(text: &str) -> Vec<Range<usize>> {
    let events = body::parser(text, false).into_offset_iter();
    let code = events.filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))));
    let mut ranges: Vec<Range<usize>> = code.map(|(_, range)| range).collect();
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// The text without what is for some readers alone, and what there is to say of it. `None` where nothing is.
pub(super) fn without_marked(text: &str, is_markdown: bool) -> Option<(Traced, Vec<(usize, String)>)> {
    let marked = marked(text, is_markdown);
    if marked.is_empty() {
        return None;
    }
    let mut out = Traced::with_capacity(text.len());
    let (mut at, mut reports) = (0, Vec::new());
    for (range, message) in marked {
        out.copy(text, at..range.start);
        at = range.end;
        reports.push((range.start, message));
    }
    out.copy(text, at..text.len());
    Some((out, reports))
}

/// HTML without what is for some readers alone, and what there is to say of it.
pub(super) fn shown(html: &str) -> (Cow<'_, str>, Vec<String>) {
    match without_marked(html, false) {
        Some((shown, reports)) => (Cow::Owned(shown.into()), reports.into_iter().map(|(_, report)| report).collect()),
        None => (Cow::Borrowed(html), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_name, shown, without_marked};

    fn is(name: &str, given: &[(&str, &'static str)]) -> bool {
        is_name(name, |wanted| given.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value))
    }

    #[test]
    fn what_is_for_some_readers_is_known_by_its_name() {
        for name in [
            "private",
            "members_only",
            "members-only",
            "MembersOnly",
            "wpmem_logged_in",
            "um_loggedin",
            "s2If",
            "hide",
            "wcm_restrict",
            "um_show_content",
            "content_control",
            "private_gold",
            "wlm_private_gold",
            "arm_restrict_content",
            "emember_protected",
            "eMember_protected",
            "ismember",
            "isMember",
            "memberonly",
            "only_members",
            "login_required",
            "Paywall",
            "PremiumContent",
            "groups_member",
            "content_protector",
            "swpm_protected",
        ] {
            assert!(is(name, &[]), "{name}");
        }
        assert!(
            is("membership", &[("level", "1")])
                && is("ppwp", &[("passwords", "a b")])
                && is("content", &[("password", "x")])
        );
        for name in [
            "not_logged_in",
            "um_loggedout",
            "logged_out",
            "non_member",
            "NonMembers",
            "wlm_nonmember",
            "visitor",
            "team_member",
            "team_members",
            "TeamMember",
            "member_list",
            "protect_email",
            "premium_button",
            "membership_form",
            "remember",
            "note",
            "subscribe",
        ] {
            assert!(!is(name, &[]), "{name}");
        }
        for (name, given) in [
            ("membership", ("level", "0")),
            ("is_paid", ("is", "not")),
            ("hide", ("title", "More")),
            ("Member", ("name", "Ann")),
            ("note", ("password", "")),
        ] {
            assert!(!is(name, &[given]), "{name}");
        }
    }

    #[test]
    fn what_ghost_marks_for_members_goes() {
        let wall = "<!--members-only-->";
        let (html, reports) = shown("<p>a</p><!-- members-only --><p>b</p>");
        assert_eq!((&*html, reports.len()), ("<p>a</p>", 1));
        let gates = "a<!--kg-gated-block:begin nonMember:false memberSegment:\"status:paid\" -->b<!--kg-gated-block:end-->c\
                     <!--kg-gated-block:begin nonMember:true -->d<!--kg-gated-block:end-->";
        assert!(shown(gates).0.starts_with("ac<!--kg-gated-block:begin nonMember:true -->d"));
        assert_eq!(shown("a<!--kg-gated-block:begin -->b").0, "a");
        for text in [
            format!("`{wall}` a"),
            format!("    {wall}\n\na"),
            "members-only <!-- more -->".to_owned(),
            "<!--members-only".into(),
        ] {
            assert!(without_marked(&text, true).is_none(), "{text}");
        }
        let (text, reports) = without_marked(&format!("a\n\n{wall}\n\nb\n"), true).unwrap();
        assert_eq!((&*text, reports[0].0), ("a\n\n", 3));
        shown(&"<!--kg-gated-block:begin -->".repeat(50_000));
        shown(&(wall.replace("members", "member") + "members-only").repeat(50_000));
    }
}
