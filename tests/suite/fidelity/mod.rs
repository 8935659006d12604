//! The text that comes out of a PDF is the text that went in: article by article, in six languages, by two readers.

mod articles;
mod landing;
mod reader;
mod source;

use std::path::Path;

use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources as _, typeset};
use tempfile::TempDir;

use crate::conformance::tests::Pictures;
use crate::tools::{output_of, present};

/// An article: a heading and its paragraphs.
type Article = (&'static str, &'static [&'static str]);

const ENGLISH: &[Article] = &[
    (
        "The office’s efficient workflow",
        &[
            "The first affidavit was filed in the office of the chief: “fluffy,” he said, ‘fjord’ — and so on… It cost £4.50, \
             or 50 % less than the $9 of 2025–26; see § 3.2 (a), [b] and {c}.",
            "Naïve façades, cooperative coöperation, Ærøskøbing, Łódź, Dvořák, étude; H₂O and E = mc².",
        ],
    ),
    (
        "Extraordinarily international characterisation",
        &["Misunderstandings notwithstanding, representatives of telecommunications administrations unquestionably \
           underestimated the responsibilities of internationalisation and its institutionalisation everywhere."],
    ),
    ("Signs ✓ and arrows →", &["A tick ✓, a star ★, an arrow →, a keycap 1️⃣, a thumb 👍🏽, a heart ❤️ and a rocket 🚀."]),
];

const PERSIAN: &[Article] = &[
    (
        "نیم‌فاصله در چاپ",
        &[
            "نیم‌فاصله حروف را از هم جدا می‌کند و واژه را یک‌پارچه نگه می‌دارد. شماره‌ی ۱۴۰۵ (یا 1405) را ببینید.",
            "می‌نویسیم و نمی‌نویسیم، خانه‌ها و کتاب‌ها: همه با «نیم‌فاصله» نوشته می‌شوند؛ چه در HTML و چه در PDF/UA-1.",
            "نشانی https://example.org/fa و رایانامه‌ی news@example.org در میانه‌ی جمله‌اند. ۳٫۵ درصد، ۱۲:۳۰ و ۲۰۲۶/۱۱/۲۶.",
        ],
    ),
    ("سال ۱۴۰۰ ه‍.ش", &["سال ۱۴۰۰ ه‍.ش برابر با ۲۰۲۱ م. است؛ ه‍ و سپس ب‍ب."]),
    (
        "سلام بر اطلاعات بالا",
        &[
            "سلام! اطلاعات بالا، مثلاً کالاهای لازم و سؤالات، را حالا ملاحظه می‌کنید؛ إن‌شاءالله والا لأن و لإن و لآن و لٱ.",
            "الله و بـلا و سـلام و سلـام، گل‌لاله و لا‌لا و می‌لافد: اصلاً و کلاً و لَا و لِلَّه و اللّه و الله‌اکبر.",
        ],
    ),
    ("بازه‌ها", &["خانه‌ام، خانه‌ات، خانه‌اش؛ روزنامه‌نگاری، به‌روزرسانی، پیش‌نیاز، هم‌اندیشی و هیچ‌کدام."]),
];

const ARABIC: &[Article] = &[
    (
        "الصُّحُفُ الأولى",
        &[
            "كانت الصُّحُفُ الأولى تُطبع على الورق، وقد تطوّرت تطوُّرًا كبيرًا؛ أليس كذلك؟",
            "في عام ٢٠٢٦ (أو 2026) صدر العدد ٩٢ من النشرة، وفيه مقالان عن RSS وعن Atom 1.0.",
        ],
    ),
    ("لا إله", &["لا، ولأن، والآن، والأمر: ألفاظٌ تتّصل فيها اللام بالألف."]),
    (
        "السلام والإسلام",
        &[
            "السلام عليكم، والحمد لله؛ قال الله تعالى: لا إله إلا الله. مثلاً، أهلًا وسهلًا، لٱ، بـلا، سـلام، سلـام، إلّا.",
            "لَا إِلَٰهَ إِلَّا اللَّهُ، وَالْأَرْضُ وَالْآخِرَةُ وَالْإِسْلَامُ وَالسَّلَامُ؛ اللّٰه.",
        ],
    ),
];

const HEBREW: &[Article] = &[
    ("הגיליון הראשון", &["הגיליון הראשון יצא לאור בשנת 2026 (תשפ״ז), ובו 16 עמודים על דפוס, על HTML ועל גופנים."]),
    ("ניקוד", &["שָׁלוֹם עֲלֵיכֶם, אמר המדפיס; ״האותיות״ הן מעופרת."]),
    ("מילים בניקוד", &["רוּחַ וְרוּחַ, בָּרָא וּבְרֵאשִׁית; אֱלֹהִים וְאֶרֶץ. וְרָצָה לִקְרֹא אֶת הַסֵּפֶר וְלִרְאוֹת אֶת הָאוֹתִיּוֹת, תּוֹרָה וְלֶחֶם."]),
];

const GREEK: &[Article] = &[
    (
        "Η πρώτη σελίδα",
        &["Η τυπογραφία είναι η τέχνη των στοιχείων· ο στοιχειοθέτης τα διαλέγει ένα προς ένα. «Ναι», είπε."],
    ),
    ("Πολυτονικό", &["Ἐν ἀρχῇ ἦν ὁ λόγος, καὶ ὁ λόγος ἦν πρὸς τὸν θεόν, καὶ θεὸς ἦν ὁ λόγος."]),
];

const JAPANESE: &[Article] = &[
    (
        "最初の号",
        &["最初の号は2026年に発行された。「活字」とは、文字を刻んだ金属のことである。カタカナも、ひらがなも、漢字も。"],
    ),
    (
        "行の終わり",
        &[
            "行頭に句読点を置かないのが禁則処理である（例えば、「。」や「、」など）。とても長い文章が続いていくと、行は折り返される。",
            "長い言葉internationalizationの前後で、行は引き伸ばされる。字間が空いてもdisestablishmentの文字の間に空白はない。",
        ],
    ),
];

const HINDI: &[Article] = &[(
    "खुला स्रोत",
    &[
        "ओपन सोर्स परियोजना में योगदान देने के तरीके: क्षेत्र, श्रृंखला, विद्वान, र्क, कि, की, कृ। यह एक लंबा वाक्य है जो कई पंक्तियों में टूटता है।",
    ],
)];

const BENGALI: &[Article] = &[(
    "মুক্ত উৎস",
    &["ওপেন সোর্স প্রকল্পে অবদান রাখার উপায়: ক্ষেত্র, শ্রীমান, বিদ্বান, কি, কী, কৃ, কো, কৌ। এটি একটি দীর্ঘ বাক্য যা একাধিক লাইনে ভেঙে যায়।"],
)];

const TAMIL: &[Article] = &[(
    "திறந்த மூலம்",
    &["திறந்த மூல திட்டங்களில் பங்களிப்பது எப்படி: கொ, கோ, கௌ, ஸ்ரீ, க்ஷ. இது பல வரிகளில் உடையும் ஒரு நீண்ட வாக்கியம்."],
)];

const CHINESE: &[Article] = &[(
    "第一期",
    &[
        "第一期internationalization排版于二〇二六年出版。“引号”与标点，都应在行末正确地断行；这是一段很长的文字，需要两端对齐（例如这样）。",
    ],
)];

const KOREAN: &[Article] = &[(
    "첫 번째 호",
    &[
        "첫 호는 2026년에 발행되었다. ‘활자’란 글자를 새긴 금속을 말한다. 매우 긴 문장이 계속되면 줄이 바뀌고, 양쪽으로 정렬된다.",
    ],
)];

const STYLE: &str = "@page { size: 90mm 120mm; margin: 12mm; @bottom-center { content: none } }
    html { font-size: 11pt; hyphens: auto } p { text-align: justify }";

fn page(language: &str, rtl: bool, articles: &[Article]) -> String {
    let mut html =
        format!("<!doctype html><html lang={language} dir={}><title>t</title>", if rtl { "rtl" } else { "ltr" });
    for (heading, paragraphs) in articles {
        html.extend(["<article><h2>", heading, "</h2>"]);
        for paragraph in *paragraphs {
            html.extend(["<p>", paragraph, "</p>"]);
        }
        html.push_str("</article>");
    }
    html
}

/// Without what layout adds: hyphens of ours (soft ones, to readers), marks of direction, more than one space.
fn plain(text: &str) -> String {
    let ours = |c| matches!(c, '\u{AD}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{C}');
    let text: String = text.replace("\u{AD}\n", "").chars().filter(|c| !ours(*c)).collect();
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// That lines which were read are what was written, letter by letter and space by space. At the end of a line a space may stand
/// or not: addresses, and what is written without spaces, end lines anywhere.
fn same(read: &str, written: &str, of_what: &str) {
    let mut rest = written;
    for line in read.lines() {
        rest = rest.trim_start();
        let Some(after) = rest.strip_prefix(line) else {
            panic!(
                "{of_what}: read {line:?}, and written was {:?}, in\n{read}",
                rest.get(..).map(|rest| rest.chars().take(90).collect::<String>())
            );
        };
        rest = after;
    }
    assert!(rest.trim().is_empty(), "{of_what}: {rest:?} was not read");
}

/// pdftotext puts what it takes for left-to-right text in right-to-left lines between marks (U+202A, U+202C), as it stands
/// on the page. The punctuation and spaces at its ends belong to the line: they are read from right to left.
fn logical(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once('\u{202A}') {
        let (chunk, after) = marked.split_once('\u{202C}').unwrap_or((marked, ""));
        let core = chunk.trim_matches(reader::is_neutral);
        let (left, right) = if core.is_empty() { (chunk, "") } else { chunk.split_once(core).unwrap() };
        out.push_str(before);
        out.extend(right.chars().rev());
        out.push_str(core);
        out.extend(left.chars().rev());
        rest = after;
    }
    out + rest
}

/// How wide the pages are, in millimetres.
const WIDTHS: [u32; 3] = [75, EXACT, 148];
/// At this width even justified lines from the right have no gaps that pdftotext takes for those of columns.
const EXACT: u32 = 90;

fn holds(folder: &Path, language: &str, rtl: bool, articles: &[Article]) {
    for family in families(language) {
        for width in WIDTHS {
            for align in ["justify", "start"] {
                holds_at(folder, (family, width, align), language, rtl, articles);
            }
        }
    }
}

/// The families that can set a language, of those that are built in.
fn families(language: &str) -> &'static [&'static str] {
    match language {
        "fa" | "ar" => &["Vazirmatn", "Noto Naskh Arabic"],
        "he" => &["Noto Sans Hebrew", "Noto Serif Hebrew"],
        _ => &["serif"],
    }
}

type Layout<'a> = (&'a str, u32, &'a str);

fn holds_at(folder: &Path, (family, width, align): Layout<'_>, language: &str, rtl: bool, articles: &[Article]) {
    let fonts = Fonts::builtin().with_system();
    let html = page(language, rtl, articles);
    let style = STYLE.replace("90mm", &format!("{width}mm")).replace("justify", align);
    let style = format!("{style} html {{ font-family: {family} }}");
    let options = Options { style: &style, html_name: language, ..Options::default() };
    let set = typeset(&html, &options, &Pictures, &fonts).unwrap();
    let path = folder.join(format!("{language}.pdf"));
    std::fs::write(&path, &set.value.pdf).unwrap();
    let told: Vec<String> = set.warnings.iter().map(ToString::to_string).collect();
    let missing = told.iter().find(|told| told.contains("no font has"));
    if !present(missing.is_none(), missing.map_or("", String::as_str)) {
        return;
    }
    let written: Vec<String> = articles
        .iter()
        .map(|(heading, paragraphs)| plain(&format!("{heading}\n{}", paragraphs.join("\n"))).replace('\n', " "))
        .collect();
    let of_what = format!("{language}, {family}, {width} mm, {align}");
    let read = reader::articles(&set.value.pdf, rtl);
    assert_eq!(read.len(), written.len(), "{of_what}");
    for (read, written) in read.iter().zip(&written) {
        same(&plain(read), written, &format!("{of_what}, by the structure"));
    }
    let Some(read) = output_of("pdftotext", &[path.to_str().unwrap(), "-"]) else { return };
    let read = plain(&if rtl { logical(&read) } else { read });
    let written = written.join(" ");
    if !rtl || align == "start" || width == EXACT {
        return same(&read, &written, &format!("{of_what}, by pdftotext"));
    }
    // In lines that are read from the right, wide gaps are the gaps of columns to pdftotext, and an address may turn round. No
    // word is cut.
    for word in written.split([' ', '-', '–', '/', '.', '@']) {
        assert!(read.contains(word), "{of_what}, by pdftotext: {word} is cut in\n{read}");
    }
}

#[test]
fn english_comes_out_as_it_went_in() {
    holds(TempDir::new().unwrap().path(), "en", false, ENGLISH);
}

#[test]
fn persian_comes_out_as_it_went_in() {
    holds(TempDir::new().unwrap().path(), "fa", true, PERSIAN);
}

#[test]
fn arabic_comes_out_as_it_went_in() {
    holds(TempDir::new().unwrap().path(), "ar", true, ARABIC);
}

#[test]
fn hebrew_comes_out_as_it_went_in() {
    holds(TempDir::new().unwrap().path(), "he", true, HEBREW);
}

#[test]
fn greek_comes_out_as_it_went_in() {
    holds(TempDir::new().unwrap().path(), "el", false, GREEK);
}

#[test]
fn japanese_comes_out_as_it_went_in() {
    holds(TempDir::new().unwrap().path(), "ja", false, JAPANESE);
}

#[test]
fn scripts_of_the_machines_fonts_come_out_as_they_went_in() {
    let folder = TempDir::new().unwrap();
    for (language, articles) in [("hi", HINDI), ("bn", BENGALI), ("ta", TAMIL), ("zh", CHINESE), ("ko", KOREAN)] {
        holds(folder.path(), language, false, articles);
    }
}

#[test]
fn the_bytes_are_the_same_on_any_number_of_threads() {
    let folder = TempDir::new().unwrap();
    let everything = include_str!("../conformance/everything.html");
    let (head, body) = everything.split_once("<body>").unwrap();
    let body = body.split("</body>").next().unwrap();
    let many: String = (0..30).map(|part| body.replace("id=\"", &format!("id=\"p{part}-"))).collect();
    std::fs::write(folder.path().join("a.html"), format!("{head}<body>{many}")).unwrap();
    std::fs::write(folder.path().join("a.png"), Pictures.get("a.png").unwrap()).unwrap();
    std::fs::write(folder.path().join("press.jpg"), Pictures.get("press.jpg").unwrap()).unwrap();
    let set = |threads: &str| {
        let output = format!("{threads}.pdf");
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_masthead"))
            .args(["typeset", "a.html", "-o", &output, "--quiet"])
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", threads)
            .status();
        assert!(status.unwrap().success());
        std::fs::read(folder.path().join(output)).unwrap()
    };
    let one = set("1");
    for threads in ["2", "7"] {
        assert!(one == set(threads), "{threads} threads make another file");
    }
}
