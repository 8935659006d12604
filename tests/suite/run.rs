//! One run of the program and what it left behind.

use std::process::Output;

use serde_json::Value;

use crate::golden;
use crate::publication::Publication;

/// A finished run. Its checks return it, so that they chain.
pub(crate) struct Run<'a> {
    publication: &'a Publication,
    what: String,
    /// The exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl<'a> Run<'a> {
    /// Runs the program to its end.
    pub(crate) fn of(publication: &'a Publication, arguments: &[&str]) -> Self {
        let output = publication.command(arguments).output().unwrap();
        Self::from_output(publication, arguments, &output)
    }

    /// What a process that has ended said.
    pub(crate) fn from_output(publication: &'a Publication, arguments: &[&str], output: &Output) -> Self {
        Self {
            publication,
            what: format!("masthead {}", arguments.join(" ")),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It did what it should, with code 0.
    pub(crate) fn ok(self) -> Self {
        self.leaves_with(0)
    }

    /// It left with this code.
    pub(crate) fn leaves_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}\n{}", self.what, self.stdout, self.stderr);
        self
    }

    /// The object that `--json` ends with.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|cause| panic!("{}: {cause}:\n{}\n{}", self.what, self.stdout, self.stderr))
    }

    /// The warnings of `--json`, one line each: `file:line:column: message`.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let json = self.json();
        let warnings = json["warnings"].as_array().unwrap_or_else(|| panic!("no warnings in {json}"));
        warnings
            .iter()
            .map(|warning| {
                let file = warning["file"].as_str().unwrap_or_default();
                let at: String =
                    ["line", "column"].iter().filter_map(|key| Some(format!(":{}", warning[key].as_u64()?))).collect();
                format!("{file}{at}: {}", warning["message"].as_str().unwrap_or_default())
            })
            .collect()
    }

    /// There was nothing to warn of.
    pub(crate) fn quiet(self) -> Self {
        assert_eq!(self.warnings(), [""; 0], "{}", self.what);
        self
    }

    /// One of the warnings holds these words.
    pub(crate) fn warns(self, words: &str) -> Self {
        let warnings = self.warnings();
        assert!(warnings.iter().any(|warning| warning.contains(words)), "no warning says {words:?}: {warnings:#?}");
        self
    }

    /// Its output holds these words.
    pub(crate) fn says(self, words: &str) -> Self {
        let said = format!("{}{}", self.stdout, self.stderr);
        assert!(said.contains(words), "{} does not say {words:?}:\n{said}", self.what);
        self
    }

    /// The issues it froze, as `series/number` of the JSON report.
    pub(crate) fn issues(&self) -> Vec<String> {
        let json = self.json();
        let issues = json["issues"].as_array().unwrap_or_else(|| panic!("no issues in {json}"));
        issues
            .iter()
            .filter(|issue| issue["new"] == true)
            .map(|issue| {
                let number = issue["number"].as_str().map_or_else(|| issue["number"].to_string(), str::to_owned);
                format!("{}/{number}", issue["series"].as_str().unwrap())
            })
            .collect()
    }

    /// Its output holds none of these words.
    pub(crate) fn says_not(self, words: &str) -> Self {
        let said = format!("{}{}", self.stdout, self.stderr);
        assert!(!said.contains(words), "{} says {words:?}:\n{said}", self.what);
        self
    }

    /// It froze these issues.
    pub(crate) fn freezes(self, issues: &[&str]) -> Self {
        assert_eq!(self.issues(), issues, "{}", self.json());
        self
    }

    /// The file it left holds each of these.
    pub(crate) fn check_file(self, path: &str, parts: &[&str]) -> Self {
        let text = self.publication.read(path);
        for part in parts {
            assert!(text.contains(part), "{path} has no {part:?}:\n{text}");
        }
        self
    }

    /// The file it left holds none of these.
    pub(crate) fn check_absent(self, path: &str, parts: &[&str]) -> Self {
        let text = self.publication.read(path);
        for part in parts {
            assert!(!text.contains(part), "{path} has {part:?}:\n{text}");
        }
        self
    }

    /// There is no such file.
    pub(crate) fn no_file(self, path: &str) -> Self {
        assert!(!self.publication.has(path), "there is a {path}");
        self
    }

    /// What it said on standard error is that golden file. The temporary folder's name is taken out.
    pub(crate) fn errors_are(self, golden: &str) -> Self {
        let told = self.stderr.replace(&self.publication.folder().display().to_string(), "DIR");
        golden::check(golden, &format!("$ {}\n{told}(code {})\n", self.what, self.code.unwrap_or(-1)));
        self
    }

    /// What it said on standard output is that golden file.
    pub(crate) fn output_is(self, golden: &str) -> Self {
        golden::check(golden, &self.stdout.replace(&self.publication.folder().display().to_string(), "DIR"));
        self
    }
}
