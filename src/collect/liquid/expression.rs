//! Liquid's expressions: a value and the filters behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::budget::Budget;
use super::value::{Value, path};
use super::{Page, arguments, filters};

/// The names that an expression may use.
#[derive(Debug, Default)]
pub(super) struct Variables {
    own: BTreeMap<String, Value>,
    /// Those to which something was assigned that is not known here.
    unknown: BTreeSet<String>,
    /// The front matter.
    page: BTreeMap<String, Value>,
    /// What the file is handed that is being included; without a value where that is not known.
    include: Option<Vec<(String, Option<Value>)>>,
    /// How many loops are being gone through.
    loops: usize,
    /// Whether a file is missing that may have set others.
    may_be_set_elsewhere: bool,
    /// Those that are set somewhere in the text: nothing, before they are.
    set_somewhere: BTreeSet<String>,
    /// Whether the text calls its front matter `page`, as Jekyll's do; in Eleventy's its keys are variables.
    is_called_page: bool,
    /// What expressions may still make.
    pub(super) budget: Budget,
}

impl Variables {
    pub(super) fn of(page: Page<'_>) -> Self {
        let scalars = page.scalars.iter().map(|(key, text)| (key.clone(), Value::Text(text.clone())));
        let data = page.data.iter().map(|entry| (entry.key.clone(), Value::of(&entry.node)));
        Self { page: scalars.chain(data).collect(), ..Self::default() }
    }

    /// Looks through the tags of a text, by name and whole, before they are carried out. `is_post` when it is the post's
    /// own.
    pub(super) fn look_at<'t>(&mut self, tags: impl Iterator<Item = (&'t str, &'t str)>, is_post: bool) {
        for (name, inside) in tags {
            self.is_called_page |= is_post && names_front_matter(inside);
            if matches!(name, "assign" | "set" | "capture" | "for" | "tablerow" | "increment" | "decrement") {
                let variable = inside[name.len()..].trim_start().trim_start_matches(['"', '\'']);
                let end = variable.find(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).unwrap_or(variable.len());
                self.set_somewhere.insert(variable[..end].to_owned());
            }
        }
    }

    pub(super) fn own(&self, name: &str) -> Option<Value> {
        self.own.get(name).cloned()
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.unknown.remove(name);
        self.own.insert(name.to_owned(), value);
    }

    /// Notes that a variable holds something that is not known here.
    pub(super) fn unset(&mut self, name: &str) {
        self.own.remove(name);
        self.unknown.insert(name.to_owned());
    }

    /// Notes that what is not set here may have been set by a file that is missing.
    pub(super) fn may_be_set_elsewhere(&mut self) {
        self.may_be_set_elsewhere = true;
    }

    pub(super) fn is_in_loop(&self) -> bool {
        self.loops > 0
    }

    /// Begins a loop over this variable; gives back what is to be restored after it.
    pub(super) fn enter_loop(&mut self, name: &str) -> Before {
        self.loops += 1;
        let kept = [LOOP, name];
        Before(kept.into_iter().map(|key| (key.to_owned(), self.own.remove(key))).collect(), self.unknown.remove(name))
    }

    /// Sets what a loop's body sees in its round.
    pub(super) fn begin_round(&mut self, name: &str, item: Value, number: usize, count: usize) {
        self.set(name, item);
        let told = [
            ("index", (number + 1).to_string()),
            ("index0", number.to_string()),
            ("rindex", (count - number).to_string()),
            ("rindex0", (count - number - 1).to_string()),
            ("first", (number == 0).to_string()),
            ("last", (number + 1 == count).to_string()),
            ("length", count.to_string()),
        ];
        let told = told.into_iter().map(|(key, value)| (key.to_owned(), Value::Text(value)));
        self.own.insert(LOOP.to_owned(), Value::Table(Rc::new(told.collect())));
    }

    pub(super) fn leave_loop(&mut self, name: &str, Before(kept, was_unknown): Before) {
        self.loops -= 1;
        self.unknown.remove(name);
        for (key, value) in kept {
            match value {
                Some(value) => self.own.insert(key, value),
                None => self.own.remove(&key),
            };
        }
        if was_unknown {
            self.unknown.insert(name.to_owned());
        }
    }

    /// Begins a file that is included; gives back what the one that includes it was handed.
    pub(super) fn begin_include(&mut self, handed: Vec<(String, Option<Value>)>) -> Handed {
        Handed(self.include.replace(handed))
    }

    pub(super) fn end_include(&mut self, Handed(outer): Handed) {
        self.include = outer;
    }

    /// The value of a word that is handed to a file. What nobody has set is nothing.
    pub(super) fn handed(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        let whole = path(text).next().unwrap_or_default();
        let is_unset = is_path(text) && !self.unknown.contains(whole) && !self.own.contains_key(whole);
        let is_nothing = is_unset && !self.may_be_set_elsewhere && !ROOTS.contains(&whole);
        self.operand(text).or_else(|| is_nothing.then_some(Value::Nil))
    }

    /// The value of a word in a condition; `None` when that is not known here. What the text sets elsewhere is nothing.
    pub(super) fn operand(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        if text.contains('|') && !text.starts_with(['"', '\'']) {
            // No filter stands in a condition.
            return None;
        }
        if let Outcome::Value(value) = evaluate(text, self) {
            return Some(value);
        }
        let whole = path(text).next().unwrap_or_default();
        if self.unknown.contains(whole) || self.own.contains_key(whole) {
            return None;
        }
        if let Some(key) = text.strip_prefix("page.") {
            let key = key.split(['.', '[']).next().unwrap_or(key);
            return (!MADE.contains(&key)).then_some(Value::Nil);
        }
        let is_name = is_path(text) && !whole.is_empty();
        let is_known = !self.may_be_set_elsewhere && self.set_somewhere.contains(whole);
        (is_name && is_known).then_some(Value::Nil)
    }
}

/// What a loop has put aside.
pub(super) struct Before(Vec<(String, Option<Value>)>, bool);

/// What an include has put aside.
pub(super) struct Handed(Option<Vec<(String, Option<Value>)>>);

/// What a loop tells its body.
const LOOP: &str = "forloop";

/// What Jekyll gives each page, whatever its front matter says.
const MADE: [&str; 17] = [
    "url",
    "date",
    "content",
    "excerpt",
    "id",
    "path",
    "name",
    "slug",
    "next",
    "previous",
    "collection",
    "relative_path",
    "dir",
    "ext",
    "output",
    "categories",
    "layout",
];

/// What holds more than one value.
const ROOTS: [&str; 8] = ["site", "page", "layout", "content", "paginator", "include", "theme", "forloop"];

/// What Eleventy, too, calls `page`.
const OF_ELEVENTY: [&str; 9] =
    ["url", "date", "inputPath", "outputPath", "fileSlug", "filePathStem", "lang", "templateSyntax", "rawInput"];

/// Whether an expression asks the front matter for something by the name of `page`.
fn names_front_matter(text: &str) -> bool {
    text.match_indices("page").any(|(at, name)| {
        let is_word = !text[..at].ends_with(|c: char| c.is_alphanumeric() || "_-.".contains(c));
        let rest = &text[at + name.len()..];
        is_word
            && rest.starts_with(['.', '['])
            && path(rest).next().is_some_and(|key| {
                let key = key.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or(key);
                !OF_ELEVENTY.contains(&key)
            })
    })
}

/// Addresses of the site itself are empty: what follows is root-relative.
const SITE: [&str; 7] = [
    "site.url",
    "site.baseurl",
    "site.base_url",
    "site.BaseURL",
    ".Site.BaseURL",
    "config.base_url",
    "site.production_url",
];

/// What became of an expression.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Its value.
    Value(Value),
    /// It is none; the text stays as it is.
    NotAnExpression,
    /// It names something that is not known here.
    Unknown(String),
    /// Its value without this filter, which is not known here.
    UnknownFilter(Value, String),
    /// More than a post may make.
    Spent,
}

/// Evaluates `value | filter: argument | …`.
pub(super) fn evaluate(text: &str, variables: &Variables) -> Outcome {
    if variables.budget.is_spent() {
        return Outcome::Spent;
    }
    let mut parts = split_pipes(text).into_iter();
    let first = parts.next().unwrap_or_default();
    let Some(primary) = primary(first.trim(), variables) else {
        let name = first.trim();
        return if is_path(name) { Outcome::Unknown(name.to_owned()) } else { Outcome::NotAnExpression };
    };
    let mut value = primary;
    let mut unknown = None;
    for part in parts {
        let (name, arguments) = part.trim().split_once([':', ' ']).unwrap_or((part.trim(), ""));
        let arguments: Vec<String> = arguments::read(arguments)
            .into_iter()
            .map(|a| if a.quoted { a.value } else { primary_text(&a.value, variables) })
            .collect();
        if !variables.budget.spend(filters::cost(name.trim(), &value, &arguments)) {
            return Outcome::Spent;
        }
        let (next, known) = filters::apply(name.trim(), value, &arguments);
        value = next;
        if !known {
            unknown.get_or_insert_with(|| name.trim().to_owned());
        }
    }
    match unknown {
        _ if variables.budget.is_spent() => Outcome::Spent,
        Some(name) => Outcome::UnknownFilter(value, name),
        None => Outcome::Value(value),
    }
}

fn primary_text(word: &str, variables: &Variables) -> String {
    primary(word, variables).map_or_else(|| word.to_owned(), Value::into_text)
}

/// A quoted string, a number, or a variable.
fn primary(text: &str, variables: &Variables) -> Option<Value> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Some(Value::Text(inner.to_owned()));
        }
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Some(Value::Text(text.to_owned()));
    }
    match text {
        "nil" | "null" => return Some(Value::Nil),
        "true" | "false" => return Some(Value::Text(text.to_owned())),
        // What is read here is to be published.
        "jekyll.environment" => return Some(Value::Text("production".to_owned())),
        _ if SITE.contains(&text) => return Some(Value::Text(String::new())),
        _ => {}
    }
    named(text, variables)
}

/// What a name stands for.
fn named(name: &str, variables: &Variables) -> Option<Value> {
    let mut names = path(name);
    let root = names.next()?;
    let value = match (root, &variables.include) {
        _ if variables.own.contains_key(root) => variables.own(root)?,
        ("include", Some(include)) => {
            let key = names.next()?;
            match include.iter().find(|(given, _)| given == key) {
                Some((_, value)) => value.clone()?,
                None => Value::Nil,
            }
        }
        // Hugo writes `.Params.key` and `.Page.Params.key`.
        ("page", _) => variables.page.get(names.next()?)?.clone(),
        ("Params", _) if name.starts_with('.') => variables.page.get(names.next()?)?.clone(),
        ("Page", _) if name.starts_with(".Page.Params.") => variables.page.get(names.nth(1)?)?.clone(),
        _ if variables.is_called_page || ROOTS.contains(&root) || name.starts_with('.') => return None,
        _ if variables.unknown.contains(root) => return None,
        _ => variables.page.get(root)?.clone(),
    };
    variables.budget.spend(value.cost());
    let value = names.fold(value, |value, name| {
        variables.budget.spend(value.width());
        value.get(name)
    });
    variables.budget.spend(value.cost());
    Some(value)
}

/// Whether this is the name of something: words of letters, digits, `_` and `-` between dots.
fn is_path(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-[]".contains(c))
}

/// Splits at the pipes that stand outside quotes.
fn split_pipes(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '|') => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::{Outcome, Value, Variables, evaluate};

    #[test]
    fn values_and_filters() {
        let scalars = [("excerpt".into(), "Short".into())];
        let mut variables = Variables::of(Page::of(&scalars));
        variables.set("v", Value::Text("a|b".into()));
        let text = |source: &str| match evaluate(source, &variables) {
            Outcome::Value(value) => value.into_text(),
            other => format!("{other:?}"),
        };
        assert_eq!(text(r#" "/x/" | url "#), "/x/");
        assert_eq!(text("page.excerpt"), "Short");
        assert_eq!(text(r#"v | split: "|" | join: ", ""#), "a, b");
        assert_eq!(text(r#"v | split: "|" | last | upcase | append: "!""#), "B!");
        assert_eq!(text("v.size"), "3");
        assert_eq!(text("'Ärger & Co' | slugify"), "ärger-co");
        assert_eq!(text("'2026-07-02 10:00 +0200' | date: '%-d %B %Y, %H:%M %z'"), "2 July 2026, 10:00 +0200");
        assert_eq!(text("'2026-07-02' | date: '%Q'"), "2026-07-02");
        assert_eq!(text("'now' | date: '%Y'"), "UnknownFilter(Text(\"\"), \"date\")");
        assert_eq!(text("'a **b**' | markdownify"), "<p>a <strong>b</strong></p>\n");
        assert_eq!(text("'b,a' | split: ',' | sort | first"), "a");
        assert_eq!(text("7 | times: 3 | minus: 1.5 | divided_by: 2"), "9.75");
        assert_eq!(text("7 | divided_by: 2"), "3");
        assert_eq!(text("nil | default: 'none'"), "none");
        assert_eq!(text("'one two three' | truncatewords: 2"), "one two...");
        assert_eq!(text("site.url"), "");
        assert_eq!(text("nobody"), "Unknown(\"nobody\")");
        assert_eq!(text("display: 'inline'"), "NotAnExpression");
        assert_eq!(text(r#""noah" | team_link"#), "UnknownFilter(Text(\"noah\"), \"team_link\")");
    }
}
