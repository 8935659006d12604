//! Passwords in a file, as PostgreSQL's own programs read them: `host:port:database:user:password` a line, `*` for any,
//! a backslash before `:` and `\`.

use crate::config::PostgresUrl;

/// The password for a server and a user, from the text of a passfile. The first line that fits counts.
#[must_use]
pub fn password(text: &str, url: &PostgresUrl) -> Option<String> {
    let host = if url.is_socket() { "localhost" } else { &url.host };
    let port = url.port.to_string();
    let sought = [host, &port, &url.database, url.user.as_deref().unwrap_or_default()];
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let [names @ .., password] = fields.as_slice() else { return None };
        let fits =
            names.len() == sought.len() && names.iter().zip(sought).all(|(name, sought)| name == "*" || name == sought);
        fits.then(|| password.clone())
    })
}

/// The five fields of a line; fewer where it has fewer. A colon in the last one is a letter of it.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields.last_mut().into_iter().for_each(|field| field.extend(letters.next())),
            letter => fields.last_mut().into_iter().for_each(|field| field.push(letter)),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::password;
    use crate::config::PostgresUrl;

    #[test]
    fn the_first_line_that_fits_gives_the_password() {
        let text = "# host:port:database:user:password\n\
            broken\n\
            db.example:5432:news:ann:one\n\
            *:*:news:bo:t\\:w\\\\o:more\n\
            localhost:*:*:*:socket\n";
        let of = |url: &str| password(text, &PostgresUrl::parse(url).unwrap());
        assert_eq!(of("postgres://ann@db.example/news").as_deref(), Some("one"));
        assert_eq!(of("postgres://ann@db.example:5433/news"), None);
        assert_eq!(of("postgres://bo@other.example:5433/news").as_deref(), Some("t:w\\o:more"));
        assert_eq!(of("postgres://cy@/news?host=/run/postgresql").as_deref(), Some("socket"));
    }
}
