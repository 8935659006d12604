//! Names that become names of files, on any system that the publication may be moved to.

/// Longer names, in bytes, leave no room for an ending in what file systems take.
const LONGEST: usize = 200;

/// Names that Windows gives to devices, whatever follows them behind a dot.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Why a name cannot be that of a file, as the end of "it cannot be called so: …".
pub(super) fn fault(name: &str) -> Option<&'static str> {
    let is_sign = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    if name.is_empty() {
        Some("it is empty")
    } else if name.len() > LONGEST {
        Some("it is longer than 200 bytes")
    } else if name.contains(is_sign) {
        Some("a name has none of `/\\:*?\"<>|`, no tab and no line end")
    } else if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) {
        Some("a name neither begins nor ends with a dot or a space")
    } else if is_device(name) {
        Some("Windows has a device of that name")
    } else {
        None
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let is_numbered = |prefix| {
        stem.strip_prefix(prefix).is_some_and(|digit| digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit())
    };
    DEVICES.contains(&stem.as_str()) || is_numbered("com") || is_numbered("lpt")
}

/// What names of files are told apart by everywhere.
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn names_that_lead_elsewhere_or_nowhere_are_none() {
        for name in
            ["../../evil", "a/b", "a\\b", "C:x", "", ".hidden", "..", "a ", "CON", "nul.txt", "Lpt1", "a\nb", "a?"]
        {
            assert!(fault(name).is_some(), "{name:?}");
        }
        let long = "a".repeat(201);
        assert!(fault(&long).is_some());
        for name in ["blog", "The Blog", "v1.2", "console", "com10", "\u{646}\u{634}\u{631}\u{6cc}\u{647}", "a's & b's"]
        {
            assert_eq!(fault(name), None, "{name:?}");
        }
    }
}
