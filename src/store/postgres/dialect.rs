//! What is said to PostgreSQL.

use std::borrow::Cow;

/// Statements that PostgreSQL wants in other words: those of SQLite, and its own.
const OWN: [(&str, &str); 7] = [
    (include_str!("../sql/history.sql"), include_str!("sql/history.sql")),
    (include_str!("../sql/import_beat.sql"), include_str!("sql/import_beat.sql")),
    (include_str!("../sql/import_begin.sql"), include_str!("sql/import_begin.sql")),
    (include_str!("../sql/import_left.sql"), include_str!("sql/import_left.sql")),
    (include_str!("../sql/import_stage.sql"), include_str!("sql/import_stage.sql")),
    (include_str!("../sql/list_status.sql"), include_str!("sql/list_status.sql")),
    (include_str!("../sql/progress_times.sql"), include_str!("sql/progress_times.sql")),
];

/// A statement in PostgreSQL's words: its own where it has some, else with its signs for values, `$1` instead of `?1`.
pub(super) fn words(sql: &str) -> Cow<'_, str> {
    match OWN.iter().find(|(of_sqlite, _)| *of_sqlite == sql) {
        Some((_, own)) => Cow::Borrowed(own),
        None => Cow::Owned(numbered(sql)),
    }
}

fn numbered(sql: &str) -> String {
    let mut said = String::with_capacity(sql.len());
    let mut rest = sql.chars().peekable();
    while let Some(letter) = rest.next() {
        let is_value = letter == '?' && rest.peek().is_some_and(char::is_ascii_digit);
        said.push(if is_value { '$' } else { letter });
    }
    said
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn values_are_numbered_in_either_way() {
        assert_eq!(words("select ?1, '?' where a = ?12"), "select $1, '?' where a = $12");
        let own = words(include_str!("../sql/history.sql"));
        assert_eq!(own, include_str!("sql/history.sql"));
    }
}
