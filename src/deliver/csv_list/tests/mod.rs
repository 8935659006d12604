//! Lists as other programs write them, sound and broken.

mod members;

use std::path::Path;

use super::{CsvOrigin, CsvRow, CsvSummary, read_csv, write_csv};
use crate::error::Warning;
use crate::model::{Language, NewSubscriber, Subscriber, SubscriberStatus};

/// All that a text comes to.
#[derive(Default)]
struct All {
    people: Vec<(NewSubscriber, usize)>,
    gone: Vec<String>,
    barred: Vec<(String, &'static str)>,
    warnings: Vec<Warning>,
    summary: CsvSummary,
}

fn all(text: &str) -> All {
    let mut all = All::default();
    all.summary = read_csv(Path::new("readers.csv"), CsvOrigin::List, text.as_bytes(), |row| {
        match row {
            CsvRow::Reader(person, line) => all.people.push((person, line)),
            CsvRow::Gone(address) => all.gone.push(address),
            CsvRow::Barred(address, word) => all.barred.push((address, word)),
            CsvRow::Refused(warning) => all.warnings.push(warning),
        }
        Ok(())
    })
    .unwrap();
    all
}

fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let person = |(one, _): &(NewSubscriber, usize)| {
        let language = one.language.as_ref().map_or("", Language::as_str);
        format!("{}|{}|{language}", one.address, one.name.as_deref().unwrap_or(""))
    };
    let all = all(text);
    (all.people.iter().map(person).collect(), all.warnings.iter().map(ToString::to_string).collect())
}

#[test]
fn a_domain_of_one_word_is_taken_for_a_slip() {
    let (people, told) = read("ann@gmailcom\nbo@x.example\n");
    assert_eq!(people, ["bo@x.example||"]);
    insta::assert_snapshot!(told.join("\n"), @r"
    readers.csv:1: the domain of `ann@gmailcom` has no dot
      where such a host takes mail, `masthead subscribers add` takes the address
    ");
}

#[test]
fn headings_may_come_in_any_order_and_separator() {
    let want = vec!["a@x.example|Ann, B|fa".to_owned(), "b@x.example||".to_owned()];
    assert_eq!(read("\u{feff}E-Mail,Name,Lang\r\na@X.example,\"Ann, B\",fa\r\n\r\nb@x.example,,\r\n").0, want);
    assert_eq!(read("lang;name;email\nfa;\"Ann, B\";a@x.example\n;;b@x.example\n").0, want);
    assert_eq!(read("a@x.example\t Ann, B \tfa\nb@x.example\n").0, want, "no heading at all");
    assert!(read("").0.is_empty());
    let parts = "Email Address,First Name,Last Name\na@x.example,Ann,B\nb@x.example,,\nc@x.example,,C\n";
    assert_eq!(read(parts).0, ["a@x.example|Ann B|", "b@x.example||", "c@x.example|C|"]);
}

#[test]
fn the_column_that_is_more_surely_of_e_mail_addresses_is_taken() {
    let streets = "Name,Address,City,Email\nAnn Bee,\"1 High St\",Leeds,ann@x.example\n";
    assert_eq!(read(streets), (vec!["ann@x.example|Ann Bee|".to_owned()], Vec::new()));
    for heading in [
        "E-mail 1 - Value",
        "Primary Email",
        "Adresse e-mail",
        "Correo electrónico",
        "Indirizzo email",
        "Adresa e emailit",
        "ایمیل",
        "رایانامه",
        "البريد الإلكتروني",
        "E-Mail:",
        "email_address",
    ] {
        let all = all(&format!("Notes,{heading}\nx,ann@x.example\n"));
        assert_eq!((all.people.len(), all.warnings.len(), all.summary.doubts.len()), (1, 0, 0), "{heading}");
    }
    let contents = all("Name,Address,Contact\nAnn,1 High St,ann@x.example\nBo,2 Low Rd,bo@x.example\n");
    assert_eq!((contents.people.len(), contents.warnings.len()), (2, 0));
    insta::assert_snapshot!(contents.summary.doubts[0].to_string(), @r"
    readers.csv:1: no heading says which column is of e-mail addresses; the column `Contact` holds them, and is taken
      call the column of addresses `email` or `address`; `Email Address`, `E-Mail-Adresse`, `courriel`, `ایمیل` and the like are known, too
    ");
    let ours = all("address,note\nann@x.example,bo@x.example\n,cy@x.example\n");
    assert_eq!((ours.people.len(), ours.warnings.len(), ours.summary.doubts.len()), (1, 1, 0), "as we export it");
}

#[test]
fn a_first_reader_whose_address_is_wrong_is_no_heading() {
    let rest = "bo@x.example,Bo Cee,fa\ncy@x.example,Cy Dee,sq\n";
    for (first, why) in [
        ("ann.example.com,Ann Bee,en", "`ann.example.com` is not an address"),
        ("ann.example.com,Lang,en", "`ann.example.com` is not an address"),
        ("ann@@,Ann Bee,en", "`ann@@` is not an address"),
        ("Ann Bee", "`Ann Bee` is not an address"),
        ("Ann Bee,,en", "`Ann Bee` is not an address"),
    ] {
        let (people, told) = read(&format!("{first}\n{rest}"));
        assert_eq!(people, ["bo@x.example|Bo Cee|fa", "cy@x.example|Cy Dee|sq"], "{first}");
        assert!(told.len() == 1 && told[0].starts_with(&format!("readers.csv:1: {why}")), "{told:?}");
        assert!(!all(&format!("{first}\n{rest}")).summary.is_guessed);
    }
    // Of the rows before the first reader, the one that names columns is the headings, and no later one.
    for ann in ["Ann,,", "Ann,-,", "Ann,n/a,active", "Ann,an@@,"] {
        let all = all(&format!("Name,Wohin,Status\n{ann}\nBo,bo@x.example,unsubscribed\nCy,cy@x.example,active\n"));
        assert_eq!((all.people.len(), all.gone, all.warnings.len()), (1, vec!["bo@x.example".to_owned()], 1), "{ann}");
        assert!(all.summary.is_guessed);
        assert_eq!(all.warnings[0].place.as_ref().and_then(|place| place.line), Some(2));
    }
    let nobody_knows = all("Wer,Wohin,Stand\nAnn,-,\nBo,bo@x.example,abgemeldet\n");
    assert_eq!((nobody_knows.people.len(), nobody_knows.warnings.len()), (1, 2));
    insta::assert_snapshot!(nobody_knows.summary.doubts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), @r"
    readers.csv:1: no heading says which column is of e-mail addresses; column 2 holds them, and is taken
      call the column of addresses `email` or `address`; `Email Address`, `E-Mail-Adresse`, `courriel`, `ایمیل` and the like are known, too
    readers.csv: column 3 is not read, and may say of 1 row that no mail is wanted
      call it `status` where its words are those of a status; else take these rows, or the column, out
    ");
}

#[test]
fn one_row_does_not_decide_which_column_has_the_addresses() {
    let notes =
        "address,name,note\nann.example.com,Ann,ann@old.example\nbo@x.example,Bo,\ncy@x.example,Cy,was cy2@x.example\n";
    let found = all(notes);
    assert_eq!(read(notes).0, ["bo@x.example|Bo|", "cy@x.example|Cy|"]);
    assert_eq!((found.warnings.len(), found.summary.is_guessed), (1, false));
    let alone = all("address,name,note\nann.example.com,Ann,ann@old.example\n");
    assert_eq!((alone.people.len(), alone.warnings.len()), (0, 1));
    let disagreeing = all("address,name,note\n-,ann@x.example,\n-,,bo@old.example\n");
    assert_eq!((disagreeing.people.len(), disagreeing.warnings.len()), (0, 2));
    // Of several columns that may be of addresses, the first is that holds any.
    for text in [
        "name,mail,email\nAnn,yes,ann@x.example\n",
        "name,email address,mail\nAnn,ann@x.example,yes\n",
        "mail,address,name\nyes,ann@x.example,Ann\n",
        "email,mail,name\nann@x.example,ann@old.example,Ann\n",
    ] {
        assert_eq!(read(text), (vec!["ann@x.example|Ann|".to_owned()], Vec::new()), "{text}");
        assert!(!all(text).summary.is_guessed);
    }
}

#[test]
fn who_has_left_is_known_in_each_language_of_headings() {
    for text in [
        "نام,ایمیل,وضعیت\nآنا,a@x.example,فعال\nباب,b@x.example,لغو اشتراک\nسی,c@x.example,غیرفعال\n",
        "نام,ایمیل,وضعیت\nآنا,a@x.example,تأیید شده\nباب,b@x.example,لغو اشتراك\nسی,c@x.example,در انتظار\n",
        "الاسم,البريد الإلكتروني,الحالة\nآنا,a@x.example,مشترك\nباب,b@x.example,ألغى الاشتراك\nسي,c@x.example,قيد الانتظار\n",
        "Emri,Emaili,Statusi\nArta,a@x.example,aktiv\nBesa,b@x.example,i çregjistruar\nCen,c@x.example,në pritje\n",
        "Name;E-Mail;Status\nAnn;a@x.example;aktiv\nBo;b@x.example;abgemeldet\nCy;c@x.example;inaktiv\n",
        "Nom;Courriel;Statut\nAnn;a@x.example;abonné\nBo;b@x.example;Désabonnée\nCy;c@x.example;en attente\n",
        "Nombre;Correo;Estado\nAnn;a@x.example;activo\nBo;b@x.example;dado de baja\nCy;c@x.example;pendiente\n",
        "Nome;Email;Stato\nAnn;a@x.example;iscritto\nBo;b@x.example;disiscritto\nCy;c@x.example;in attesa\n",
    ] {
        let all = all(text);
        let people: Vec<&str> = all.people.iter().map(|(one, _)| one.address.as_str()).collect();
        assert_eq!(
            (people, all.gone, all.summary.left_out),
            (vec!["a@x.example"], vec!["b@x.example".into()], 2),
            "{text}"
        );
        assert_eq!((all.warnings, all.summary.unread_columns), (Vec::new(), Vec::<String>::new()), "{text}");
    }
    // Words that nobody knows cost the row, and are told.
    let (people, told) = read("الاسم,البريد الإلكتروني,الحالة\nآنا,a@x.example,مسافر\n");
    assert_eq!((people.len(), told.len()), (0, 1));
    // Where people live is no status, unless some say how they stand.
    let lived = all("Nombre;Correo;Estado\nAnn;a@x.example;Jalisco\nBo;b@x.example;Puebla\n");
    assert_eq!((lived.people.len(), lived.warnings.len()), (2, 0));
    let (people, told) = read("Nombre;Correo;Estado\nAnn;a@x.example;activo\nBo;b@x.example;quién sabe\n");
    assert_eq!((people.len(), told.len()), (1, 1));
    let came_back = all("Emri,Emaili,Statusi\nArta,a@x.example,i kthyer\n");
    assert_eq!(came_back.barred, [("a@x.example".to_owned(), "bounced")]);
}

#[test]
fn headings_and_languages_are_known_as_people_type_them() {
    for (text, want) in [
        ("نام و نام خانوادگی,ایمیل,زبان\nآنا رضایی,h@x.example,فارسی\n", "آنا رضایی|fa"),
        ("نام,نام خانوادگي,ايميل\nآنا,رضایی,h@x.example\n", "آنا رضایی|"),
        ("نام,نام\u{200c}خانوادگی,ایمیل\nآنا,رضایی,h@x.example\n", "آنا رضایی|"),
        ("الاسم الكامل;البريد الإلكتروني;اللغة\nآنا حداد;h@x.example;ar\n", "آنا حداد|ar"),
        ("الإسم,البريد الالكترونى,لغة\nآنا,h@x.example,العربية\n", "آنا|ar"),
        ("Emri dhe mbiemri,Email,Gjuha\nArta Hoxha,h@x.example,shqip\n", "Arta Hoxha|sq"),
        ("Pre\u{301}nom,Courriel,Langue\nAnne,h@x.example,Français\n", "Anne|fr"),
        ("Vor- und Nachname;E-Mail;Sprache\nAnn Bee;h@x.example;Deutsch\n", "Ann Bee|de"),
        ("Nombre y apellidos;Correo electronico;Idioma\nAna Paz;h@x.example;Español\n", "Ana Paz|es"),
        ("Nome e cognome;Indirizzo e-mail;Lingua\nAnna Rossi;h@x.example;it\n", "Anna Rossi|it"),
    ] {
        assert_eq!(read(text), (vec![format!("h@x.example|{want}")], Vec::new()), "{text}");
    }
}

#[test]
fn a_line_about_the_list_may_stand_before_headings_of_any_separator() {
    for text in [
        "Members of the association\nName;E-Mail\nAnn;a@x.example\n",
        "Members, as of 2026\nName;E-Mail\nAnn;a@x.example\n",
        "Members, as of 2026\n\nName\tE-Mail\nAnn\ta@x.example\n",
        "اعضای انجمن\nنام;ايميل\nAnn;a@x.example\n",
    ] {
        assert_eq!(read(text), (vec!["a@x.example|Ann|".to_owned()], Vec::new()), "{text}");
    }
}

#[test]
fn parts_of_names_are_joined_in_the_order_in_which_they_are_said() {
    for (text, name) in [
        ("Name;Vorname;E-Mail\nMüller;Hans;h@x.example\n", "Hans Müller"),
        ("Nom,Prénom,Courriel\nDupont,Anne,h@x.example\n", "Anne Dupont"),
        ("Nombre,Apellidos,Correo\nAna,García López,h@x.example\n", "Ana García López"),
        ("Nome,Cognome,Email\nAnna,Rossi,h@x.example\n", "Anna Rossi"),
        ("Emri,Mbiemri,Email\nArta,Hoxha,h@x.example\n", "Arta Hoxha"),
        ("نام,نام خانوادگی,ایمیل\nآنا,رضایی,h@x.example\n", "آنا رضایی"),
        ("الاسم الأول,اسم العائلة,البريد الإلكتروني\nآنا,حداد,h@x.example\n", "آنا حداد"),
        ("Name,First Name,Email\nAnn Bee,Ann,h@x.example\n", "Ann Bee"),
        ("Name,First Name,Last Name,Email\nAnn Bee,Annabel,Beeton,h@x.example\n", "Ann Bee"),
        ("Name,First Name,Last Name,Email\n,Ann,Bee,h@x.example\n", "Ann Bee"),
    ] {
        assert_eq!(read(text), (vec![format!("h@x.example|{name}|")], Vec::new()), "{text}");
    }
}

#[test]
fn a_file_may_begin_with_a_line_about_itself_and_unknown_headings_are_told() {
    let groups = "Members for group readers\nEmail address,Nickname,Email status\nann@x.example,Ann,\n\
                  bo@x.example,Bo,email\n";
    assert_eq!(read(groups).0.len(), 2);
    assert_eq!(all(groups).warnings, []);
    let unknown = all("Wer,Wohin\nAnn,ann@x.example\nBo,bo@x.example\n");
    assert_eq!((unknown.people.len(), unknown.warnings.len(), unknown.summary.doubts.len()), (2, 1, 1));
    assert!(unknown.summary.is_guessed && unknown.warnings[0].to_string().contains("call the column"));
    let (people, warnings) = read("Wer,Wohin,Wo\nAnn,a@x.example,b@x.example\n");
    assert!(people.is_empty());
    assert!(
        warnings[0].starts_with("readers.csv:1: `Wer` is not an address") && warnings[0].contains("call the column")
    );
    let (people, warnings) = read("ann\nbo@x.example\n");
    assert_eq!((people.len(), warnings.len()), (1, 1), "a list without headings whose first row is wrong");
    let (people, warnings) = read("one\ntwo\nthree\nfour@x.example\n");
    assert_eq!((people.len(), warnings.len()), (1, 3));
    assert_eq!(read("Wer,Wohin\n").1.len(), 1, "it has headings alone");
}

#[test]
fn columns_of_which_nothing_is_read_are_named() {
    let unread = |text: &str| all(text).summary.unread_columns;
    assert_eq!(unread("\u{feff}Email;First Name;Phone;;Tags\na@x.example;Ann;1;;x\n"), ["Phone", "Tags"]);
    assert_eq!(unread("email,name,first name,last name\n"), ["first name", "last name"]);
    for all in ["email,first name,last name", "address,name,language,status,since", "a@x.example,Ann,en,1", ""] {
        assert_eq!(unread(all), [""; 0], "{all}");
    }
}

#[test]
fn each_bad_row_is_lost_alone_and_told_with_its_line() {
    let (people, warnings) = read(
        "email,name,language\nnobody,N,\n\"b@x.example\",\"B\nBcc: c@x.example\",en\nd@x.example,D,klingon!\n\
         E@x.example,E,sq\n,,en\ng@x.example\n",
    );
    assert_eq!(people, ["d@x.example|D|", "E@x.example|E|sq", "g@x.example||"]);
    insta::assert_snapshot!(warnings.join("\n"), @r#"
    readers.csv:2: `nobody` is not an address: there is no `@`
    readers.csv:3: the name of `b@x.example` has a line break or a control character: `B\nBcc: c@x.example`: one row goes from line 3 to line 4
      a quote that is opened in line 3 is closed in line 4; what stands between was not taken
    readers.csv:7: the row has no address
    "#);
}

#[test]
fn lines_are_counted_alike_whatever_ends_them() {
    let rows = "email,name|ok@x.example,A||bad,B|\"c@x.example\",\"C|D\"|e@x.example,E||worse,F|";
    for end in ["\n", "\r\n", "\r"] {
        let all = all(&rows.replace('|', end));
        assert_eq!(all.people.iter().map(|(_, line)| *line).collect::<Vec<_>>(), [2, 7], "{end:?}");
        let places: Vec<String> = all.warnings.iter().map(|one| one.place.clone().unwrap().to_string()).collect();
        assert_eq!(places, [4, 5, 9].map(|line| format!("readers.csv:{line}")), "{end:?}");
    }
}

#[test]
fn memory_holds_one_row_and_every_row_keeps_its_line() {
    let mut text = "email\n".to_owned();
    for at in 0..5000 {
        text.extend(["a", &at.to_string(), "@x.example\n\n"]);
    }
    let all = all(&text);
    assert!(all.people.iter().enumerate().all(|(at, (_, line))| *line == 2 * at + 2));
}

#[test]
fn a_list_that_is_not_utf8_is_refused_with_the_place() {
    let broken = b"email,name\na@x.example,\xe9\n";
    let error = read_csv(Path::new("readers.csv"), CsvOrigin::List, broken.as_slice(), |_| Ok(())).unwrap_err();
    assert_eq!(error.place().unwrap().to_string(), "readers.csv:2:13");
}

#[test]
fn what_is_written_reads_back_without_those_who_left() {
    let one = |address: &str, status| Subscriber {
        address: address.to_owned(),
        name: Some("Ann, \"B\"".to_owned()),
        language: None,
        status,
        since: chrono::DateTime::UNIX_EPOCH,
        suppressed: address.starts_with('c').then(|| "hard bounce".to_owned()),
    };
    let subscribers = [
        one("a@x.example", SubscriberStatus::Active),
        one("b@x.example", SubscriberStatus::Unsubscribed),
        one("c@x.example", SubscriberStatus::Active),
    ];
    let written = String::from_utf8(write_csv(&subscribers).unwrap()).unwrap();
    assert!(written.contains("c@x.example,\"Ann, \"\"B\"\"\",,suppressed,"), "{written}");
    assert_eq!(read(&written), (vec!["a@x.example|Ann, \"B\"|".to_owned()], Vec::new()));
    assert_eq!(all(&written).summary.left_out, 1);
    assert_eq!(all(&written).barred, [("c@x.example".to_owned(), "suppressed")]);
    assert_eq!(all(&written).gone, ["b@x.example"]);
}

#[test]
fn of_other_programs_those_are_taken_who_get_mail() {
    let text = "email,status\na@x.example,Subscribed\nb@x.example,Bounced\nc@x.example,cleaned\nd@x.example,disabled\n\
                e@x.example,\nf@x.example,PENDING\ng@x.example,complained\nh@x.example,disabled\n";
    let (people, warnings) = read(text);
    assert_eq!(people, ["a@x.example||", "e@x.example||"]);
    insta::assert_snapshot!(warnings.join("\n"), @r"
    readers.csv:5: 2 rows say `disabled`, from this line on, and were not taken
      rows that say `active`, `subscribed`, `confirmed`, `enabled`, or nothing, are taken
    ");
    let barred = all(text).barred;
    let told: Vec<_> = barred.iter().map(|(address, word)| (address.as_str(), *word)).collect();
    assert_eq!(told, [("b@x.example", "bounced"), ("c@x.example", "cleaned"), ("g@x.example", "complained")]);
    assert_eq!(all("email,delivery_status\nann@x.example,by_bounces\n").barred.len(), 1);
}

#[test]
fn who_left_by_the_columns_of_another_program_is_not_taken() {
    let taken = |text: &str| {
        let all = all(text);
        (all.people.into_iter().map(|(one, _)| one.address).collect::<Vec<_>>(), all.gone, all.summary.doubts)
    };
    let ghost = "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels\n\
                 1,a@x.example,A,,true,false,,2024-01-01T00:00:00.000Z,,\n2,b@x.example,B,,false,false,,,,\n";
    let unsubscribed = "Email Address,First Name,OPTIN_TIME,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON,TAGS\n\
                        b@x.example,B,2020-01-01 10:00:00,2021-01-01 10:00:00,July,NORMAL,\n";
    let substack = "email,active_subscription,email_disabled\na@x.example,true,false\nb@x.example,true,true\n";
    for (text, people) in [(ghost, 1), (unsubscribed, 0), (substack, 1)] {
        let (found, gone, doubts) = taken(text);
        assert_eq!((found, gone), (vec!["a@x.example".to_owned(); people], vec!["b@x.example".to_owned()]), "{text}");
        assert_eq!(doubts, []);
    }
    assert_eq!(all(ghost).summary.unread_columns.len(), 6);
    let cleaned = all("Email Address,OPTIN_TIME,CLEAN_TIME\na@x.example,2020-01-01 10:00:00,2021-01-01 10:00:00\n");
    assert!(cleaned.people.is_empty() && cleaned.gone.is_empty());
    let both = taken("email,status,unsubscribed_at\na@x.example,active,\nb@x.example,active,2026-01-01\n");
    assert_eq!((both.0.len(), both.1.len()), (1, 1), "a status does not undo what another column says");
}

#[test]
fn columns_of_more_programs_say_who_has_left() {
    for text in [
        "Email,Name,Stop Time,Stop Status\na@x.example,A,,\nb@x.example,B,2024-03-01,unsubscribed\n",
        "email,removed on,removal reason\na@x.example,,\nb@x.example,2024-03-01,user\n",
        "Email,List Status,Global Status\na@x.example,subscribed,subscribed\nb@x.example,subscribed,unsubscribed\n",
        "Email Address,Name,Date Joined,State\na@x.example,A,2024-01-02,Active\nb@x.example,B,2024-01-02,Deleted\n",
        "Email address,Email status\na@x.example,Active\nb@x.example,Unsubscribed\n",
        "Email,Member status,Subscribed on,Consent to Track\na@x.example,Subscribed,2024-01-02,\nb@x.example,Removed,,\n",
        "email,do_not_contact\na@x.example,0\nb@x.example,1\n",
        "email_address,active\na@x.example,yes\nb@x.example,no\n",
    ] {
        let all = all(text);
        let taken: Vec<&str> = all.people.iter().map(|(one, _)| one.address.as_str()).collect();
        assert_eq!((taken, all.gone), (vec!["a@x.example"], vec!["b@x.example".to_owned()]), "{text}");
        assert_eq!(all.summary.doubts, [], "{text}");
    }
    let lived = all("email,city,state\na@x.example,Portland,OR\nb@x.example,Boise,ID\n");
    assert_eq!((lived.people.len(), lived.summary.left_out), (2, 0), "a state is also where people live");
    let global =
        all("email,list status,global status\na@x.example,subscribed,unconfirmed\nb@x.example,subscribed,bounced\n");
    assert_eq!((global.people.len(), global.summary.left_out, global.barred.len()), (0, 1, 1));
}

#[test]
fn who_has_not_confirmed_is_not_taken() {
    for (text, gone) in [
        ("Email;Confirmed\na@x.example;yes\nb@x.example;no\n", false),
        ("email,status\na@x.example,confirmed\nb@x.example,unconfirmed\n", false),
        (
            "Email,Is this subscriber confirmed,Is this subscriber blacklisted\na@x.example,1,0\nb@x.example,0,0\n",
            false,
        ),
        ("Email,Is this subscriber confirmed,Is this subscriber blacklisted\na@x.example,1,0\nb@x.example,1,1\n", true),
        ("email,opted in\na@x.example,true\nb@x.example,false\n", false),
        ("email,Confirmed\na@x.example,2024-01-02\nb@x.example,pending\n", false),
        ("E-Mail;Bestätigt\na@x.example;ja\nb@x.example;nein\n", false),
        ("courriel;Confirmé\na@x.example;oui\nb@x.example;non\n", false),
        ("correo;Confirmada\na@x.example;sí\nb@x.example;no\n", false),
        ("email;Confermato\na@x.example;vero\nb@x.example;falso\n", false),
        ("email;I konfirmuar\na@x.example;po\nb@x.example;jo\n", false),
        ("ایمیل;تأیید شده\na@x.example;بله\nb@x.example;خیر\n", false),
        ("البريد الإلكتروني;مؤكد\na@x.example;نعم\nb@x.example;لا\n", false),
    ] {
        let all = all(text);
        let taken: Vec<&str> = all.people.iter().map(|(one, _)| one.address.as_str()).collect();
        assert_eq!((taken, all.gone.len()), (vec!["a@x.example"], usize::from(gone)), "{text}");
        assert_eq!((all.summary.left_out, all.summary.doubts), (1, vec![]), "{text}");
        assert_eq!(all.summary.unread_columns, [""; 0], "{text}");
    }
}

#[test]
fn when_somebody_confirmed_is_no_yes_or_no_and_nothing_is_no_no() {
    let mailchimp = "Email Address,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP\n\
                     a@x.example,2020-01-01 10:00:00,192.0.2.1,2020-01-01 10:05:00,192.0.2.1\nb@x.example,,,,\n";
    for text in [mailchimp, "email,confirmed\na@x.example,\nb@x.example,\n"] {
        let all = all(text);
        assert_eq!((all.people.len(), all.summary.left_out, all.summary.doubts), (2, 0, vec![]), "{text}");
    }
    let doubts = |text: &str| all(text).summary.doubts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(doubts("email,confirmed\na@x.example,2024-01-02\nb@x.example,\nc@x.example,perhaps\n"), @r"
    readers.csv: the column `confirmed` is not read, and may say of 1 row that no mail is wanted
      call it `status` where its words are those of a status; else take these rows, or the column, out
    readers.csv: the column `confirmed` says who has confirmed, and nothing in 1 row, which are taken
      where these have not, say `no` there, or take them out
    ");
}

#[test]
fn a_word_that_says_who_has_left_is_told_whatever_its_column_is_called() {
    let text =
        "email,Kategorie,Note\na@x.example,Unsubscribed,\nb@x.example,,removed the logo\nc@x.example,bounced,x\n";
    insta::assert_snapshot!(all(text).summary.doubts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), @r"
    readers.csv: the column `Kategorie` is not read, and may say of 2 rows that no mail is wanted
      call it `status` where its words are those of a status; else take these rows, or the column, out
    ");
}

#[test]
fn columns_that_may_say_who_has_left_are_told_where_they_say_it_of_people_who_are_taken() {
    let doubts = |text: &str| all(text).summary.doubts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let marketing = "email,Marketing consent,Opted-out on\na@x.example,yes,\nb@x.example,no,\nc@x.example,,May 3\n";
    insta::assert_snapshot!(doubts(marketing), @r"
    readers.csv: the column `Marketing consent` is not read, and may say of 1 row that no mail is wanted
      call it `status` where its words are those of a status; else take these rows, or the column, out
    readers.csv: the column `Opted-out on` is not read, and may say of 1 row that no mail is wanted
      call it `status` where its words are those of a status; else take these rows, or the column, out
    ");
    let listmonk = "uuid,email,name,attributes,status\n1,a@x.example,A,{},enabled\n2,b@x.example,B,{},unsubscribed\n";
    insta::assert_snapshot!(doubts(listmonk), @r"
    readers.csv: listmonk says `enabled` of people, also of those who have left this list; so it does of 1 row
      take out who has left it, or give each row the status of its subscription
    ");
    let told = "uuid,email,name,attributes,status,subscription_status\n1,a@x.example,A,{},enabled,confirmed\n\
                2,b@x.example,B,{},enabled,unsubscribed\n3,c@x.example,C,{},enabled,unconfirmed\n";
    let all_told = all(told);
    assert_eq!(
        (all_told.people.len(), all_told.gone, all_told.summary.left_out),
        (1, vec!["b@x.example".to_owned()], 2)
    );
    for harmless in [
        told,
        "email,consent,newsletter\na@x.example,yes,true\n",
        "email,subscribed at,OPTIN_TIME,Subscription date\na@x.example,2020,2020,2020\n",
        "email,unsubscribe_count,was bounced\na@x.example,0,false\n",
        "email,status\na@x.example,enabled\n",
        "a@x.example,Unsubscribed,en\n",
    ] {
        assert_eq!(doubts(harmless), "", "{harmless}");
    }
}

#[test]
fn no_field_of_an_export_is_a_formula_and_it_still_reads_back() {
    let formulas = ["=1+1@x.example", "+tag@x.example", "-a@x.example"];
    let one = |address: &&str| Subscriber {
        address: (*address).to_owned(),
        name: Some("=HYPERLINK(\"https://x.example\");=1;'=a;\"+2;''-b".to_owned()),
        language: None,
        status: SubscriberStatus::Active,
        since: chrono::DateTime::UNIX_EPOCH,
        suppressed: None,
    };
    let written = String::from_utf8(write_csv(&formulas.iter().map(one).collect::<Vec<_>>()).unwrap()).unwrap();
    for record in written.lines() {
        assert!(
            record.split([',', ';']).all(|field| !field.trim_start_matches('"').starts_with(super::write::FORMULA)),
            "{record}"
        );
    }
    let (people, warnings) = read(&written);
    assert_eq!(warnings, [""; 0]);
    assert_eq!(
        people,
        formulas.map(|address| format!("{address}|=HYPERLINK(\"https://x.example\");=1;'=a;\"+2;''-b|"))
    );
}

#[test]
fn a_hostile_file_costs_its_rows_only() {
    let huge = "x".repeat(10_000_000);
    let (people, warnings) = read(&format!(
        "email,name\na@x.example,{huge}\n\"{huge}\"@x.example,D\nd@x.example,\"D, \"\"d\"\"\"\n\
         '; drop table subscriber; --@x.example,\"Robert'); --\"\ne\0@x.example,E\n{}\n\
         b@x.example,\"never closed\nc@x.example,C\nf@x.example,F\n",
        ",".repeat(1_000_000)
    ));
    assert_eq!(people, ["d@x.example|D, \"d\"|", "c@x.example|C|", "f@x.example|F|"]);
    let told: Vec<&str> = warnings.iter().map(|warning| &warning[..warning.len().min(40)]).collect();
    assert_eq!(told.len(), 6, "{told:#?}");
    assert!(warnings.iter().all(|warning| warning.len() < 600));
    assert!(warnings.iter().any(|warning| warning == "readers.csv:8: a quote is opened and not closed"), "{told:#?}");
}

#[test]
fn a_row_that_swallows_others_says_which() {
    let (people, warnings) =
        read("email,name\nann@x.example,\"Ann\nbo@x.example,Bo\ncy@x.example,\"Cy\"\ndee@x.example,Dee\n");
    assert_eq!(people, ["dee@x.example|Dee|"]);
    let [warning] = warnings.as_slice() else { panic!("{warnings:#?}") };
    assert!(
        warning.starts_with("readers.csv:2: ") && warning.contains("one row goes from line 2 to line 4"),
        "{warning}"
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in "[\"',;\\n\\ta@.x\\PC]{0,200}") {
        let _ = read(&text);
    }
}

#[test]
fn the_name_of_a_file_may_say_that_those_in_it_have_left() {
    let read = |name: &str, origin: CsvOrigin, text: &str| {
        let (mut people, mut gone, mut barred) = (0, 0, 0);
        let summary = read_csv(Path::new(name), origin, text.as_bytes(), |row| {
            match row {
                CsvRow::Reader(..) => people += 1,
                CsvRow::Gone(_) => gone += 1,
                CsvRow::Barred(..) => barred += 1,
                CsvRow::Refused(warning) => panic!("{warning}"),
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(summary.doubts.len(), usize::from(people == 0), "{name}: {:?}", summary.doubts);
        (people, gone, barred)
    };
    let named = |name: &str, text: &str| read(name, CsvOrigin::Export, text);
    let plain = "Email Address,First Name\nann@x.example,Ann\n";
    assert_eq!(read("cleaned.csv", CsvOrigin::List, plain), (1, 0, 0), "config.toml says that it is a list");
    assert_eq!(named("cleaned-export.csv", plain), (0, 0, 0), "an export that somebody has put in order");
    assert_eq!(named("a/subscribed_email_audience_export_1f.csv", plain), (1, 0, 0));
    assert_eq!(named("unsubscribed_email_audience_export_1f.csv", plain), (0, 1, 0));
    assert_eq!(named("cleaned_email_audience_export_1f.csv", plain), (0, 0, 1));
    assert_eq!(named("nonsubscribed_email_audience_export_1f.csv", plain), (0, 0, 0));
    assert_eq!(named("Unsubscribed 2026.csv", "ann@x.example\n"), (0, 1, 0), "without headings");
    assert_eq!(named("cleaned_1234.csv", plain), (0, 0, 0), "people call a list so that they have put in order");
    assert_eq!(
        named("unsubscribed.csv", "email,status\nann@x.example,active\n"),
        (1, 0, 0),
        "what the row says goes first"
    );
}
