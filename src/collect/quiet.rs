//! Many warnings that say the same are one.

use std::collections::BTreeMap;

use crate::error::Warning;

/// Pictures of one source that are named one by one when they are not at hand.
const MISSING_PICTURES: usize = 20;

/// Joins warnings of one source that say the same in several files: the first keeps its place and says in how many
/// more. Missing pictures are named up to a number and counted after it.
pub(super) fn quieten(warnings: Vec<Warning>) -> Vec<Warning> {
    let mut kept: Vec<(Warning, usize)> = Vec::new();
    let mut first_of: BTreeMap<(String, Vec<String>), usize> = BTreeMap::new();
    let mut pictures = 0;
    let mut uncounted = 0;
    for warning in warnings {
        let key = (warning.message.clone(), warning.hints.clone());
        if let Some(index) = first_of.get(&key) {
            kept[*index].1 += 1;
            continue;
        }
        if warning.message.ends_with("is not at hand") {
            pictures += 1;
            if pictures > MISSING_PICTURES {
                uncounted += 1;
                continue;
            }
        }
        first_of.insert(key, kept.len());
        kept.push((warning, 0));
    }
    let mut quiet: Vec<Warning> = kept
        .into_iter()
        .map(|(mut warning, more)| {
            match more {
                0 => {}
                1 => warning.message.push_str(" (and once more)"),
                more => warning.message.push_str(&format!(" (and {more} times more)")),
            }
            warning
        })
        .collect();
    if uncounted > 0 {
        quiet.push(
            Warning::new(format!("{uncounted} more pictures are not at hand"))
                .hint("`assets` of a source names folders in which pictures are looked for"),
        );
    }
    quiet
}
