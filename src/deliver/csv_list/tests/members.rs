//! Members as programs of groups and of mailing lists export them.

use super::{all, read};

fn told(text: &str) -> String {
    all(text).summary.doubts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn who_gets_no_mail_in_google_groups_is_not_taken() {
    let groups = "Members for group club\nEmail address,Nickname,Group status,Email status,Email preference\n\
        a@x.example,,owner,email,email\nb@x.example,,member,bouncing,email\nc@x.example,,member,email,No email\n\
        d@x.example,,banned,email,email\ne@x.example,,invited,email,email\nf@x.example,,pending,email,email\n\
        g@x.example,,member,,Abridged\nh@x.example,,member,,Digest\ni@x.example,,member,weird,email\n";
    assert_eq!(read(groups).0, ["a@x.example||", "g@x.example||", "h@x.example||", "i@x.example||"]);
    let all = all(groups);
    assert_eq!(all.barred, [("b@x.example".to_owned(), "bounced")]);
    assert_eq!((all.summary.left_out, all.summary.unread_columns), (4, vec!["Nickname".to_owned()]));
    insta::assert_snapshot!(told(groups), @r"
    readers.csv: the column `Email status` says of 1 row what is not known, and may mean that no mail is wanted
      take these rows out where it does
    ");
}

#[test]
fn other_programs_say_so_in_other_columns() {
    for (headings, taken, left) in [
        ("Email Delivery", ["Individual", "Daily Summary"], ["No Email", "none"]),
        ("On Hold", ["No", ""], ["On Hold Bounce", "1"]),
        ("Is Deceased", ["0", ""], ["1", "Yes"]),
        ("No Bulk Emails (User Opt Out)", ["0", "No"], ["1", "Yes"]),
    ] {
        let [a, b] = taken;
        let [c, d] = left;
        let text = format!("Email,{headings}\na@x.example,{a}\nb@x.example,{b}\nc@x.example,{c}\nd@x.example,{d}\n");
        assert_eq!(read(&text).0, ["a@x.example||", "b@x.example||"], "{headings}");
        assert_eq!(told(&text), "", "{headings}");
    }
    assert_eq!(all("Email,On Hold\na@x.example,On Hold Bounce\n").barred, [("a@x.example".to_owned(), "bounced")]);
}

#[test]
fn a_language_that_nobody_knows_costs_no_subscription() {
    let text = "email,language\na@x.example,klingon!\nb@x.example,sqi\nc@x.example,English (UK)\nd@x.example,al\n\
        e@x.example,al\n";
    let (people, warnings) = read(text);
    assert_eq!(people, ["a@x.example||", "b@x.example||sq", "c@x.example||en", "d@x.example||", "e@x.example||"]);
    assert_eq!(warnings, [""; 0]);
    insta::assert_snapshot!(told(text), @r"
    readers.csv:5: `al` is no language that is known here: 2 rows, from this line on, are taken without one
      allowed: tags such as `en`, `fa`, `pt-BR`, and names such as `English`
    readers.csv:2: `klingon!` is no language that is known here: the row is taken without one
      allowed: tags such as `en`, `fa`, `pt-BR`, and names such as `English`
    ");
}

#[test]
fn addresses_stand_behind_names_as_mailing_lists_write_them() {
    for text in [
        "Ann Lee <ann@x.example>\n<bo@x.example>\n",
        "email,name\nAnn Lee <ann@x.example>,\nmailto:bo@x.example,\n",
        "\"Ann Lee <ann@x.example>\"\n\"\"\"\"\" <bo@x.example>\"\n",
    ] {
        assert_eq!(
            read(text),
            (vec!["ann@x.example|Ann Lee|".to_owned(), "bo@x.example||".to_owned()], vec![]),
            "{text}"
        );
    }
    assert_eq!(read("email,name\nAnn Lee <ann@x.example>,Ann\n").0, ["ann@x.example|Ann|"]);
}

#[test]
fn a_line_about_the_list_may_hold_its_address() {
    for line in [
        "Members of Club <club@lists.example>",
        "Export by Ann Lee <ann@club.example>,,",
        "club@lists.example",
        "Questions: club@lists.example",
    ] {
        let (people, told) = read(&format!("{line}\nName,Email,Status\nAnn,a@x.example,\nBo,b@x.example,bounced\n"));
        assert_eq!(people, ["a@x.example|Ann|"], "{line}");
        assert!(told[0].starts_with("readers.csv:1: `") && told[0].contains("a line about the list"), "{told:?}");
    }
    // Lists that were put together.
    assert_eq!(read("a@x.example,Ann\nEmail,Name\nb@x.example,Bo\n").0, ["a@x.example|Ann|", "b@x.example|Bo|"]);
    assert_eq!(read("a@x.example\nemail\nb@x.example\n").0, ["a@x.example||", "b@x.example||"]);
}

#[test]
fn several_addresses_in_a_line_are_told() {
    for line in [
        "Ann Lee <ann@x.example>, Bo Roe <bo@x.example>",
        "Ann Lee <ann@x.example>; Bo Roe <bo@x.example>; Cy <cy@x.example>",
        "Ann Lee <ann@x.example>,,Cy <cy@x.example>",
        "ann@x.example,bo@x.example",
        "\"Ann <ann@x.example>\",\"Ann (home) <ah@x.example>\"",
    ] {
        let (people, told) = read(&format!("{line}\n"));
        assert_eq!((people.len(), told.len()), (0, 1), "{line}: {people:?}");
    }
    assert_eq!(told("nobody,klingon!\n"), "", "who is not taken is not said to be taken");
    assert_eq!(
        read("ann@x.example,ann@X.example\nbo@x.example,Bo @ Work\n").0,
        ["ann@x.example||", "bo@x.example|Bo @ Work|"]
    );
    let other = "email,name\nann@x.example,old@x.example\n";
    assert_eq!(read(other).0, ["ann@x.example||"]);
    assert_eq!(
        told(other),
        "readers.csv:2: the name `old@x.example` is the address of another: the row is taken without it"
    );
}

#[test]
fn who_has_not_left_is_taken_whatever_the_column_says_of_it() {
    let list = |heading: &str, words: &[&str]| {
        let row = |(at, word): (usize, &&str)| format!("r{at}@x.example,{word}\n");
        format!("email,{heading}\n{}", words.iter().enumerate().map(row).collect::<String>())
    };
    for heading in ["On Hold", "Deceased", "Verstorben", "User Opt Out"] {
        let quiet = list(heading, &["None", "-", "n/a", "Active", "living", "lebt", "0", "", "–", "0000-00-00"]);
        assert_eq!((all(&quiet).people.len(), told(&quiet).as_str()), (10, ""), "{heading}");
        let strange = list(heading, &["unknown", "unbekannt", "mail bounces at times"]);
        assert_eq!((all(&strange).people.len(), all(&strange).gone.len()), (3, 0), "{heading}");
        assert!(told(&strange).contains("says of 3 rows what is not known"), "{}", told(&strange));
        let gone =
            list(heading, &["yes", "2", "2026-10-10", "01.01.2020", "On Hold Opt Out", "deceased", "Verstorben"]);
        assert_eq!((all(&gone).people.len(), told(&gone).as_str()), (0, ""), "{heading}");
    }
    let mailman = list("delivery_mode", &["regular", "mime_digests", "plaintext_digests", "summary_digests"]);
    assert_eq!((all(&mailman).people.len(), told(&mailman).as_str()), (4, ""));
}

#[test]
fn columns_of_newsletters_and_of_consent_are_told_in_each_language_where_they_say_no() {
    for (address, heading, yes, no) in [
        ("Emaili", "Buletini", "po", "jo"),
        ("ایمیل", "خبرنامه", "بله", "خیر"),
        ("ایمیل", "دریافت خبرنامه", "آری", "نه"),
        ("البريد الإلكتروني", "النشرة البريدية", "نعم", "لا"),
        ("E-Mail", "Newsletter", "ja", "nein"),
        ("E-Mail", "Einwilligung", "2024-05-01", "nein"),
        ("courriel", "Infolettre", "oui", "non"),
        ("correo", "Boletín", "sí", "no"),
        ("email", "Consenso", "vero", "falso"),
    ] {
        let text = format!("{address};{heading}\na@x.example;{yes}\nb@x.example;{no}\n");
        let warned = told(&text);
        assert!(warned.contains(&format!("`{heading}` is not read, and may say of 1 row")), "{text}: {warned}");
    }
}

#[test]
fn whom_other_programs_let_write_to_nobody_is_not_taken() {
    let acymailing = "\"name\";\"email\";\"confirmed\";\"enabled\";\"accept\"\nA;a@x.example;1;1;1\nB;b@x.example;1;1;0\n\
                      C;c@x.example;1;0;1\nD;d@x.example;0;1;1\n";
    let found = all(acymailing);
    assert_eq!(read(acymailing).0, ["a@x.example|A|"]);
    assert_eq!((found.gone, found.summary.left_out), (vec!["b@x.example".to_owned(), "c@x.example".to_owned()], 3));
    assert_eq!((told(acymailing).as_str(), found.summary.unread_columns), ("", Vec::<String>::new()));
}

#[test]
fn a_status_may_be_a_letter_where_the_file_shows_which_program_wrote_it() {
    let rows = "a@x.example,C\nb@x.example,S\nc@x.example,U\nd@x.example,B\n";
    let with_token = rows.replace('\n', ",x1\n");
    for text in [format!("email,status\n{rows}"), format!("Email,Status,Token\n{with_token}P@x.example,P,x2\n")] {
        let found = all(&text);
        assert_eq!(read(&text).0, ["a@x.example||"], "{text}");
        assert_eq!((found.gone, found.summary.left_out, found.warnings.len()), (vec!["c@x.example".to_owned()], 2, 0));
        assert_eq!(found.barred[0], ("d@x.example".to_owned(), "bounced"));
    }
    assert_eq!(all("email,status,token\np@x.example,P,x\n").barred[0].1, "complained");
    // Couples and singles, or whatever else.
    for text in ["email,status\na@x.example,C\nb@x.example,S\n", "email,status\na@x.example,U\nb@x.example,A\n"] {
        assert_eq!((all(text).people.len(), all(text).gone.len(), all(text).warnings.len()), (0, 0, 2), "{text}");
    }
}

#[test]
fn whoever_imports_a_file_says_how_those_in_it_stand() {
    use std::path::Path;

    use super::super::{CsvOrigin, CsvRow, CsvStanding, read_csv};

    let read = |name: &str, origin: CsvOrigin, text: &str| {
        let mut rows = Vec::new();
        read_csv(Path::new(name), origin, text.as_bytes(), |row| {
            rows.push(match row {
                CsvRow::Reader(person, _) => format!("reader {}", person.address),
                CsvRow::Gone(address) => format!("gone {address}"),
                CsvRow::Barred(address, word) => format!("{word} {address}"),
                CsvRow::Refused(warning) => warning.to_string(),
            });
            Ok(())
        })
        .map(|summary| (rows, summary.doubts.len()))
    };
    let (plain, mixed) = ("email\na@x.example\n", "email,status\na@x.example,active\nb@x.example,bounced\n");
    let told = |standing| CsvOrigin::Told(standing);
    let name = "members-without-bounces.csv";
    insta::assert_snapshot!(read(name, CsvOrigin::Export, plain).unwrap_err(), @r"
    members-without-bounces.csv:2: by `bounces` in its name the file may hold people who get no mail, and this row does not say: nothing was taken
      `--as active` takes them for readers; `--as unsubscribed`, `--as bounced`, `--as complained` and `--as suppressed` keep them from mail
    ");
    assert_eq!(read(name, CsvOrigin::Export, mixed).unwrap().0, ["reader a@x.example", "bounced b@x.example"]);
    assert_eq!(read(name, CsvOrigin::List, plain).unwrap().0, ["reader a@x.example"]);
    for (standing, want) in [
        (CsvStanding::Active, "reader a@x.example"),
        (CsvStanding::Unsubscribed, "gone a@x.example"),
        (CsvStanding::Bounced, "bounced a@x.example"),
        (CsvStanding::Complained, "complained a@x.example"),
        (CsvStanding::Suppressed, "suppressed a@x.example"),
    ] {
        assert_eq!(read(name, told(standing), plain).unwrap(), (vec![want.to_owned()], 0));
        assert_eq!(read("unsubscribes.csv", told(standing), plain).unwrap(), (vec![want.to_owned()], 0));
        assert_eq!(read(name, told(standing), mixed).unwrap().0, [want, "bounced b@x.example"]);
    }
}
