//! Custom properties and `var()` (CSS Variables 1).

use std::collections::BTreeMap;
use std::sync::Arc;

use cssparser::{ParseError, Parser, Token};

use super::values::{Parsed, refuse};

/// Custom properties by name, without the leading hyphens, as computed: no `var()` is left in them. One that is not
/// there has the guaranteed-invalid value.
pub(crate) type Values = BTreeMap<String, String>;

/// Values that grow longer than this, in bytes, are invalid, as 3.3 allows.
const LONGEST: usize = 10_000;

/// What a keyword that any property may have means for a custom one.
enum Wide {
    Initial,
    Inherit,
}

/// The computed custom properties of an element that declares some, the strongest declaration of each.
///
/// `var()` is replaced here, where a property is declared; what lies on a cycle, or refers to what is not there, is
/// invalid (2.3, 3.1).
pub(crate) fn computed(parent: &Arc<Values>, declared: &BTreeMap<&str, &str>) -> Arc<Values> {
    if declared.is_empty() {
        return Arc::clone(parent);
    }
    let mut values = (**parent).clone();
    let names: Vec<&str> = declared.keys().copied().collect();
    for group in components(&edges(&names, declared)) {
        let is_cycle = group.len() > 1 || group.iter().any(|(_, refers_to_itself)| *refers_to_itself);
        for (at, _) in group {
            let name = names[at];
            let text = if is_cycle { None } else { substitute(declared[name], &values) };
            match text.as_deref().map(|text| (text, wide(text))) {
                None | Some((_, Some(Wide::Initial))) => drop(values.remove(name)),
                Some((_, Some(Wide::Inherit))) => match parent.get(name) {
                    Some(inherited) => drop(values.insert(name.to_owned(), inherited.clone())),
                    None => drop(values.remove(name)),
                },
                Some((text, None)) => drop(values.insert(name.to_owned(), text.to_owned())),
            }
        }
    }
    Arc::new(values)
}

/// For each declared property the others that its value refers to, fallbacks included.
fn edges(names: &[&str], declared: &BTreeMap<&str, &str>) -> Vec<Vec<usize>> {
    let of = |name: &&str| {
        let referred = references(declared[*name]).unwrap_or_default();
        referred.iter().filter_map(|to| names.binary_search(&to.as_str()).ok()).collect()
    };
    names.iter().map(of).collect()
}

/// The strongly connected components of a graph, each after those it leads to (Tarjan 1972), with whether a node leads
/// to itself. Without recursion: a chain may be as long as a sheet.
fn components(edges: &[Vec<usize>]) -> Vec<Vec<(usize, bool)>> {
    let mut order = vec![None; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let (mut stack, mut found, mut counter) = (Vec::new(), Vec::new(), 0);
    for root in 0..edges.len() {
        let mut path = if order[root].is_none() { vec![(root, 0)] } else { Vec::new() };
        while let Some((node, next)) = path.pop() {
            if next == 0 {
                (order[node], low[node], on_stack[node]) = (Some(counter), counter, true);
                counter += 1;
                stack.push(node);
            }
            if let Some(&to) = edges[node].get(next) {
                path.push((node, next + 1));
                match order[to] {
                    None => path.push((to, 0)),
                    Some(seen) if on_stack[to] => low[node] = low[node].min(seen),
                    Some(_) => {}
                }
                continue;
            }
            if let Some((before, _)) = path.last() {
                low[*before] = low[*before].min(low[node]);
            }
            if order[node] == Some(low[node]) {
                let from = stack.iter().rposition(|member| *member == node).unwrap_or(0);
                let members = stack.split_off(from);
                for member in &members {
                    on_stack[*member] = false;
                }
                found.push(members.into_iter().map(|member| (member, edges[member].contains(&member))).collect());
            }
        }
    }
    found
}

fn wide(text: &str) -> Option<Wide> {
    let word = |input: &mut Parser<'_>| -> Parsed<Wide> {
        match input.expect_ident()?.to_ascii_lowercase().as_str() {
            "initial" => Ok(Wide::Initial),
            // No sheet but an author's declares custom properties, so that nothing is left to go back to.
            "inherit" | "unset" | "revert" | "revert-layer" => Ok(Wide::Inherit),
            _ => refuse(),
        }
    };
    Parser::new(text).parse_entirely(word).ok()
}

/// The custom properties that a value refers to; `None` where a `var()` is not written as it must be.
pub(super) fn references(text: &str) -> Option<Vec<String>> {
    // Most values hold none.
    if !text.as_bytes().windows(4).any(|window| window.eq_ignore_ascii_case(b"var(")) {
        return Some(Vec::new());
    }
    let mut found = Vec::new();
    collect(&mut Parser::new(text), &mut found).ok()?;
    Some(found)
}

fn collect(input: &mut Parser<'_>, found: &mut Vec<String>) -> Parsed<()> {
    while let Ok(token) = input.next().cloned() {
        match token {
            Token::Function(name) if name.eq_ignore_ascii_case("var") => input.parse_nested_block(|input| {
                found.push(variable(input)?);
                if input.is_exhausted() {
                    return Ok(());
                }
                input.expect_comma()?;
                collect(input, found)
            })?,
            Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                input.parse_nested_block(|input| collect(input, found))?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The name in `var()`.
fn variable(input: &mut Parser<'_>) -> Parsed<String> {
    match input.expect_ident()?.strip_prefix("--") {
        Some(name) => Ok(name.to_owned()),
        None => refuse(),
    }
}

/// A value with each `var(--x, fallback)` replaced; `None` where one has neither value nor fallback, or where the value
/// grows too long.
pub(crate) fn substitute(text: &str, values: &Values) -> Option<String> {
    if !references(text)?.is_empty() {
        let mut out = String::new();
        fill(&mut Parser::new(text), values, &mut out).ok()?;
        return Some(out);
    }
    Some(text.to_owned())
}

fn fill(input: &mut Parser<'_>, values: &Values, out: &mut String) -> Parsed<()> {
    loop {
        let start = input.position();
        let token = match input.next_including_whitespace_and_comments() {
            Ok(token) => token.clone(),
            Err(_) => return Ok(()),
        };
        let close = match token {
            Token::Function(name) if name.eq_ignore_ascii_case("var") => {
                input.parse_nested_block(|input| put_in(input, values, out))?;
                continue;
            }
            Token::Function(_) | Token::ParenthesisBlock => ")",
            Token::SquareBracketBlock => "]",
            Token::CurlyBracketBlock => "}",
            _ => {
                push(out, input.slice_from(start))?;
                continue;
            }
        };
        push(out, input.slice_from(start))?;
        input.parse_nested_block(|input| fill(input, values, out))?;
        push(out, close)?;
    }
}

/// Puts in what a `var()` stands for.
fn put_in(input: &mut Parser<'_>, values: &Values, out: &mut String) -> Parsed<()> {
    let name = variable(input)?;
    let value = values.get(&name);
    // What stands side by side stays apart: `1` and `px` make no length (3.2).
    push(out, "/**/")?;
    if let Some(value) = value {
        push(out, value)?;
        while input.next().is_ok() {}
    } else {
        input.expect_comma()?;
        input.skip_whitespace();
        fill(input, values, out)?;
    }
    push(out, "/**/")
}

fn push(out: &mut String, text: &str) -> Parsed<()> {
    if out.len() + text.len() > LONGEST {
        return Err(ParseError::custom(()));
    }
    out.push_str(text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(declared: &[(&'static str, &'static str)], parent: &[(&str, &str)]) -> Values {
        let parent = parent.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let values = computed(&Arc::new(parent), &declared.iter().copied().collect());
        values.iter().map(|(name, text)| (name.clone(), text.replace("/**/", ""))).collect()
    }

    fn text(value: &str, known: &[(&'static str, &'static str)]) -> Option<String> {
        substitute(value, &values(known, &[])).map(|text| text.replace("/**/", ""))
    }

    #[test]
    fn variables_are_put_in() {
        let known = [("a", "1pt"), ("b", "var(--a)"), ("none", "")];
        assert_eq!(text("var(--b) VAR( --c , 2pt)", &known).as_deref(), Some("1pt 2pt"));
        assert_eq!(text("calc(2 * var(--b)) \"var(--c)\"", &known).as_deref(), Some("calc(2 * 1pt) \"var(--c)\""));
        assert_eq!(text("var(--none)", &known).as_deref(), Some(""));
        assert_eq!(text("var(--c, var(--d, red))", &known).as_deref(), Some("red"));
        for invalid in ["var(--c)", "var(c)", "var(--a 2)", "var()"] {
            assert_eq!(text(invalid, &known), None, "{invalid}");
        }
        // Two tokens do not become one.
        assert_ne!(substitute("var(--a)em", &values(&known, &[])).as_deref(), Some("1ptem"));
    }

    #[test]
    fn they_are_resolved_where_they_are_declared() {
        let inherited = [("c", "blue"), ("b", "2pt solid green")];
        let own = values(&[("c", "red"), ("d", "var(--c)")], &inherited);
        assert_eq!((own["b"].as_str(), own["d"].as_str()), ("2pt solid green", "red"));
    }

    #[test]
    fn wide_keywords_are_no_text() {
        let inherited = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")];
        let own = values(&[("a", "initial"), ("b", "Inherit"), ("c", "unset"), ("d", "var(--x, initial)")], &inherited);
        assert_eq!(own, values(&[], &[("b", "2"), ("c", "3")]));
    }

    #[test]
    fn a_cycle_makes_its_members_invalid_and_no_others() {
        let declared = [
            ("a", "var(--b)"),
            ("b", "x var(--c, 1)"),
            ("c", "var(--a)"),
            ("self", "var(--self, 1)"),
            ("beside", "var(--a, 2)"),
            ("between", "var(--self, 3)"),
            ("gone", "var(--a)"),
        ];
        let inherited = [("a", "old"), ("gone", "old")];
        assert_eq!(values(&declared, &inherited), values(&[], &[("beside", "2"), ("between", "3")]));
    }

    #[test]
    fn values_that_double_and_long_chains_end() {
        let names: Vec<String> = (0..20_000).map(|number| format!("n{number:05}")).collect();
        let texts: Vec<String> =
            (0..20_000).map(|number| format!("var(--n{:05}, 1) var(--n{:05}, 1)", number + 1, number + 1)).collect();
        let declared = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        let own = computed(&Arc::default(), &declared);
        assert!(own.values().all(|text| text.len() <= LONGEST) && own.len() > 10_000);
    }
}
