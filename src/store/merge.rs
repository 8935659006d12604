//! What makes one person of two, in stores of versions that did not know capitals beyond ASCII.

/// The statements, in their order. The first value is the id of who goes, the second of who stays.
pub(super) const MERGE: [&str; 5] = [
    include_str!("sql/merge_memberships.sql"),
    include_str!("sql/merge_names.sql"),
    include_str!("sql/merge_tokens.sql"),
    include_str!("sql/merge_leave.sql"),
    include_str!("sql/merge_end.sql"),
];
