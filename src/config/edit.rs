//! Changing config.toml as its editor would: comments and layout stay.

use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use crate::error::{Error, ErrorKind, Place, Result};

/// A source to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSource {
    /// The key that says what it is: `feed` or `markdown`.
    pub kind: &'static str,
    /// Its address or path.
    pub location: String,
    /// Its name.
    pub name: String,
    /// What it is called in lists for other readers, and its site, as such a list says.
    pub title: Option<String>,
    /// See [`super::Source::base_url`].
    pub base_url: Option<String>,
    /// The section of its posts, where they name none.
    pub section: Option<String>,
    /// The language of its posts, where they name none.
    pub language: Option<String>,
}

impl NewSource {
    fn keys(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [(self.kind, Some(self.location.as_str())), ("name", Some(self.name.as_str()))]
            .into_iter()
            .chain([("title", self.title.as_deref()), ("base_url", self.base_url.as_deref())])
            .chain([("section", self.section.as_deref()), ("language", self.language.as_deref())])
            .filter_map(|(key, value)| value.map(|value| (key, value)))
    }
}

/// The text of a configuration with these sources after those that it has. A text that is not TOML is an error with its
/// place in `file`.
pub fn with_sources(text: &str, file: &Path, sources: &[NewSource]) -> Result<String> {
    let mut document: DocumentMut = text.parse().map_err(|cause: toml_edit::TomlError| {
        let place = match cause.span() {
            Some(span) => Place::offset(file, text, span.start),
            None => Place::file(file),
        };
        Error::new(ErrorKind::Config, cause.message().trim().to_lowercase()).at(place)
    })?;
    let listed = document.entry("source").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    match listed {
        Item::ArrayOfTables(tables) => sources.iter().for_each(|source| tables.push(table(source))),
        Item::Value(Value::Array(array)) => sources.iter().for_each(|source| array.push(inline(source))),
        _ => {
            return Err(Error::new(ErrorKind::Config, "`source` is not of the kind it must be")
                .at(Place::file(file))
                .hint("a source is a table: `[[source]]`"));
        }
    }
    let written = document.to_string();
    // Lines end as they did.
    let is_dos = text.matches("\r\n").count() * 2 > text.matches('\n').count();
    Ok(if is_dos { written.replace("\r\n", "\n").replace('\n', "\r\n") } else { written })
}

fn table(source: &NewSource) -> Table {
    let mut table = Table::new();
    for (key, text) in source.keys() {
        table.insert(key, value(text));
    }
    table.decor_mut().set_prefix("\n");
    table
}

fn inline(source: &NewSource) -> InlineTable {
    source.keys().map(|(key, text)| (key, Value::from(text))).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{NewSource, with_sources};

    fn feed(name: &str) -> NewSource {
        NewSource {
            kind: "feed",
            location: format!("https://{name}.example/feed?a=\"b\""),
            name: name.to_owned(),
            title: None,
            base_url: None,
            section: Some("Else \"where\"".to_owned()),
            language: None,
        }
    }

    fn written(text: &str) -> String {
        with_sources(text, Path::new("config.toml"), &[feed("a"), feed("b")]).unwrap()
    }

    #[test]
    fn sources_follow_those_that_are_there() {
        let text = "# Ours\ntitle = \"T\"  # the title\n\n[[source]]\nmarkdown = \"posts\" # here\n\n# The newsletter\n[series.n]\nwindow = \"monthly\"\n";
        insta::assert_snapshot!(written(text));
        let [before, after] = [
            "# Ours\ntitle = \"T\"  # the title\n\n[[source]]\nmarkdown = \"posts\" # here\n",
            "\n# The newsletter\n[series.n]\n",
        ];
        assert!(written(text).starts_with(before) && written(text).contains(after));
    }

    #[test]
    fn lines_end_as_they_did() {
        let text = written("title = \"T\"\r\n\r\n[[source]]\r\nmarkdown = \"posts\"\r\n");
        let count = text.matches('\n').count();
        assert!(count > 4 && text.matches("\r\n").count() == count, "{text:?}");
        assert!(!written("title = \"T\"\n").contains('\r'));
    }

    #[test]
    fn a_configuration_without_sources_gets_some() {
        let text = written("title = \"T\"\n\n[series.n]\nwindow = \"monthly\"\n");
        assert_eq!(text.matches("[[source]]\nfeed = ").count(), 2, "{text}");
        assert!(toml::from_str::<toml::Table>(&text).is_ok());
        let inline = written("source = [{ markdown = \"posts\" }]\n");
        assert_eq!(toml::from_str::<toml::Table>(&inline).unwrap()["source"].as_array().unwrap().len(), 3, "{inline}");
        let error = with_sources("source = 3\n", Path::new("config.toml"), &[feed("a")]).unwrap_err();
        assert!(error.to_string().contains("[[source]]"));
    }
}
