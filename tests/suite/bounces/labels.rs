//! How many of the labelled reports are read right. docs/mail.md says what counts as right, and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use masthead::deliver::bounce::{Reading, RecipientReport, read};
use masthead::model::{BounceClass, BounceReason, EnhancedStatus};
use sha2::{Digest as _, Sha256};

use crate::golden::files;
use crate::tools::corpus;

/// What the collectors of the corpus say of one recipient.
struct Label {
    /// Which recipient of the message, from 1.
    number: usize,
    status: String,
    reason: String,
    hard: bool,
}

impl Label {
    fn class(&self) -> BounceClass {
        match (self.reason.as_str(), self.hard) {
            ("feedback", _) => BounceClass::Complaint,
            ("delivered", _) => BounceClass::NotABounce,
            (_, true) => BounceClass::Hard,
            (_, false) => BounceClass::Soft,
        }
    }

    /// Statuses from 5.0.900 are the collectors' own numbers for a report that states none.
    fn states_none(&self) -> Option<u8> {
        let status: EnhancedStatus = self.status.parse().ok()?;
        (status.subject == 0 && status.detail >= 900).then_some(status.class)
    }
}

fn labels(folder: &Path) -> BTreeMap<String, Vec<Label>> {
    let text = std::fs::read_to_string(folder.join("labels.tsv")).unwrap();
    let mut labels: BTreeMap<String, Vec<Label>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, number, status, _, reason, hard] = fields[..] else { panic!("{line:?}") };
        let label = Label {
            number: number.parse().unwrap(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            hard: hard == "1",
        };
        labels.entry(file.to_owned()).or_default().push(label);
    }
    labels
}

/// Class and status as the labels have them, letter by letter; one that states none is `5.0.0` or `4.0.0`.
fn is_as_labelled(label: &Label, report: &RecipientReport) -> bool {
    let status = match label.states_none() {
        Some(class) => report.status == EnhancedStatus::new(class, 0, 0),
        None => label.status.is_empty() || report.status.to_string() == label.status,
    };
    report.class == label.class() && status
}

/// Class and status by the rules that docs/mail.md settles: `filtered` may be hard where the words say that there is no such
/// mailbox, and where the collectors found no status, one that stands in the message is right, and neither class of an
/// unstated one is wrong.
fn is_right(label: &Label, report: &RecipientReport, message: &str) -> bool {
    let says_unknown = label.reason == "filtered" && report.reason == BounceReason::UserUnknown;
    let class = report.class == label.class() || (says_unknown && report.class == BounceClass::Hard);
    let status = match label.states_none() {
        Some(_) => !report.status.is_precise() || message.contains(&report.status.to_string()),
        None => label.status.is_empty() || report.status.to_string() == label.status,
    };
    class && status
}

#[derive(Default)]
struct Count {
    recipients: usize,
    as_labelled: usize,
    class: usize,
    right: usize,
    wrong: String,
}

impl Count {
    fn add(&mut self, file: &str, label: &Label, reading: &Reading, message: &str) {
        self.recipients += 1;
        let Some(report) = reading.recipients.get(label.number - 1) else {
            let _ = writeln!(self.wrong, "{file} {}: no such recipient, {:?}", label.number, reading.class);
            return;
        };
        self.class += usize::from(report.class == label.class());
        self.as_labelled += usize::from(is_as_labelled(label, report));
        if is_right(label, report, message) {
            self.right += 1;
        } else {
            let (class, reason) = (report.class.as_str(), report.reason.as_str());
            let told = format!("{file} {}: {class} {} {reason}", label.number, report.status);
            let _ = writeln!(self.wrong, "{told}, labelled {:?} {} {}", label.class(), label.status, label.reason);
        }
    }

    fn share(&self) -> f64 {
        self.right as f64 / self.recipients as f64
    }
}

/// The rules were written by looking at the first half, of those whose names hash to an even number; what is wrong in the
/// other half is not printed, so that it stays held out.
#[test]
fn labelled_reports_are_read_right() {
    let Some(folder) = corpus("bounces/sisimai-lhost") else { return };
    let mut halves = [Count::default(), Count::default()];
    let mut without_message = 0;
    for (file, labels) in labels(&folder) {
        let found =
            ["bsd", "dos"].iter().map(|form| folder.join("maildir").join(form).join(&file)).find(|p| p.exists());
        let Some(path) = found else {
            without_message += 1;
            continue;
        };
        let bytes = std::fs::read(path).unwrap();
        let reading = read(&bytes);
        let message = String::from_utf8_lossy(&bytes);
        let half = usize::from(Sha256::digest(file.as_bytes())[0] % 2);
        for label in &labels {
            halves[half].add(&file, label, &reading, &message);
        }
    }
    for (half, name) in halves.iter().zip(["looked at", "held out"]) {
        println!(
            "{name}: {} recipients; right by the settled rules {} ({:.1} %), class as labelled {}, all as labelled {} ({:.1} %)",
            half.recipients,
            half.right,
            half.share() * 100.0,
            half.class,
            half.as_labelled,
            half.as_labelled as f64 / half.recipients as f64 * 100.0,
        );
    }
    println!("{}", halves[0].wrong);
    let recipients = halves[0].recipients + halves[1].recipients;
    let right = halves[0].right + halves[1].right;
    assert!(recipients >= 490, "{recipients} recipients");
    assert!(without_message <= 28, "{without_message} labelled messages are not in the collection");
    assert!(right as f64 >= recipients as f64 * 0.95, "{right} of {recipients} are right");
    for half in &halves {
        assert!(half.share() >= 0.94, "{} of {} are right in one half", half.right, half.recipients);
    }
}

/// Every message of all collections is read to its end, and the same with other line ends says the same.
#[test]
fn every_message_of_the_corpora_is_read() {
    let Some(folder) = corpus("bounces") else { return };
    let mut count = BTreeMap::new();
    let all = files(&folder, "");
    for path in all.iter().filter(|path| path.extension().is_none_or(|extension| extension != "tsv")) {
        let bytes = std::fs::read(path).unwrap();
        let reading = read(&bytes);
        *count.entry(reading.class.as_str()).or_insert(0) += 1;
        let unix = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\r', "\n");
        for end in ["\n", "\r\n", "\r"] {
            let other = read(unix.replace('\n', end).as_bytes());
            assert_eq!(
                other.recipients.len(),
                read(unix.as_bytes()).recipients.len(),
                "{} with {end:?}",
                path.display()
            );
        }
    }
    println!("{} messages: {count:?}", all.len());
    assert!(all.len() > 700, "{} messages", all.len());
}
