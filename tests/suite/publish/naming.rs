//! Which issue a command means, and what is told to be typed.

use crate::publication::Publication;

/// Issues of July and August that wait to be frozen by hand, numbered from 2 on: the first has the ordinal of none, and the
/// second is number 3.
fn waiting(numbering: &str) -> Publication {
    Publication::monthly()
        .reconfigure("first_number = 92", &format!("{numbering}\nfreeze = \"manual\""))
        .short_post("2026-07-05-seven.md", "Seven")
        .short_post("2026-08-05-eight.md", "Eight")
        .at("2026-09-02T08:00:00Z")
}

#[test]
fn what_is_told_to_be_typed_means_that_issue_and_no_other() {
    for label in ["{number}", "{number:4}"] {
        let publication = waiting(&format!("first_number = 2\nlabel = \"{label}\"")).published();
        let hints = publication.run(&["publish"]).ok();
        hints.says("`masthead issue freeze newsletter 0001`").says("`masthead issue freeze newsletter 0002`");
        let publication = publication.after(&["issue", "freeze", "newsletter", "0001"]);
        publication.run(&["issue", "freeze", "newsletter", "0002"]).ok().says("(newsletter/0002)");
        publication
            .run(&["issue", "freeze", "newsletter", "0002"])
            .leaves_with(1)
            .says("(newsletter/0002) is already frozen")
            .says("`masthead issue amend newsletter 0002`");
        publication.run(&["issue", "show", "newsletter", "0002"]).ok().says("Eight");
    }
}

#[test]
fn ordinals_of_four_digits_are_told_with_a_nought() {
    let publication = waiting("first_number = 1000").published().after(&["issue", "freeze", "newsletter", "0001"]);
    let august = publication.read("issues/newsletter/0002/issue.toml");
    let publication = publication.without("issues/newsletter/0002").file("issues/newsletter/1000/issue.toml", august);
    publication.run(&["publish"]).ok().says("`masthead issue freeze newsletter 01000`");
    publication.run(&["issue", "show", "newsletter", "1000"]).ok().says("(newsletter/0001)");
    publication.run(&["issue", "show", "newsletter", "01000"]).ok().says("(newsletter/1000)");
    publication.run(&["issue", "freeze", "newsletter", "01000"]).ok().says("(newsletter/1000)");
}

#[test]
fn labels_are_found_in_the_digits_in_which_they_are_printed() {
    let numbering = "calendar = \"persian\"\nrestart_yearly = true\nlabel = \"{year}/{number}\"";
    let publication = waiting(numbering).published();
    for number in ["1405/2", "۱۴۰۵/۲", "\u{2066}1405/۲\u{2069}", "۲", "0002", "۰۰۰۲"] {
        publication.run(&["issue", "show", "newsletter", number]).ok().says("(newsletter/0002)");
    }
    publication.run(&["issue", "show", "newsletter", "۱۴۰۵/۳"]).leaves_with(2);
}
