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
