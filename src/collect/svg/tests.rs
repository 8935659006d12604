use super::cleaned;

fn clean(svg: &str) -> (String, Vec<&'static str>) {
    let cleaned = cleaned(svg.as_bytes()).unwrap().unwrap_or_else(|| panic!("nothing was taken out of {svg}"));
    let text = String::from_utf8(cleaned.bytes).unwrap();
    assert_eq!(super::cleaned(text.as_bytes()), Ok(None), "{text}");
    // What its first element lacks is declared.
    let root = svg.find("<svg").map_or(svg, |at| &svg[at..]).split('>').next().unwrap_or_default();
    let declared = |name: &str, uri: &str| format!(" {name}=\"{uri}\"");
    let text = [("xmlns", super::SVG), ("xmlns:xlink", "http://www.w3.org/1999/xlink")]
        .into_iter()
        .filter(|(name, _)| !root.contains(&format!("{name}=")))
        .fold(text, |text, (name, uri)| text.replacen(&declared(name, uri), "", 1));
    (text, cleaned.taken)
}

#[test]
fn what_draws_stays_as_it_is() {
    for svg in [
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 8'/>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE svg PUBLIC \"a\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><style>a{fill:url(#b)}</style>\
         <use xlink:href=\"#c\"/><image href=\"data:image/png;base64,AA\"/><a href=\"https://a.example/\"><text>d &amp; e</text></a>\
         <!-- f --><animate attributeName=\"x\" to=\"1\"/></svg>",
    ] {
        assert_eq!(cleaned(svg.as_bytes()), Ok(None), "{svg}");
    }
}

#[test]
fn what_runs_or_leads_out_goes() {
    for (svg, expected, taken) in [
        ("<svg onload=\"a()\"><script>b()</script><g/></svg>", "<svg><g/></svg>", vec!["a script"]),
        ("<svg><SVG:Script><g/></SVG:Script>x</svg>", "<svg>x</svg>", vec!["a script"]),
        ("<svg><foreignObject><p></p></foreignObject></svg>", "<svg></svg>", vec!["an element that may run something"]),
        ("<svg><a xlink:href=\"java\tscript:a()\">b</a></svg>", "<svg><a>b</a></svg>", vec!["a script"]),
        ("<svg><a href=\"&#106;avascript:a()\">b</a></svg>", "<svg><a>b</a></svg>", vec!["a script"]),
        (
            "<svg><image href='http://a.example/b.png' x='1'/></svg>",
            "<svg><image x=\"1\"/></svg>",
            vec![super::OUTSIDE],
        ),
        ("<svg><use href='b.svg#c'/></svg>", "<svg><use/></svg>", vec![super::OUTSIDE]),
        (
            "<svg><g fill='url(//a.example/#b)' style='a:url(#b)'/></svg>",
            "<svg><g fill=\"url(#none)\" style=\"a:url(#b)\"/></svg>",
            vec![super::OUTSIDE],
        ),
        (
            "<svg><style><![CDATA[@import 'a';b>c{}]]></style></svg>",
            "<svg><style>b&gt;c{}</style></svg>",
            vec![super::OUTSIDE],
        ),
        (
            "<svg><style>a{}<g>b</g><h/>@font-face{src:url(https://a.example/b)}</style></svg>",
            "<svg><style>a{}@font-face{src:url(#none)}</style></svg>",
            vec![super::IN_STYLE, super::OUTSIDE],
        ),
        (
            "<svg><animate attributeName='xlink:href' to='javascript:a()'/><set attributeName='onclick' to='a'/></svg>",
            "<svg></svg>",
            vec!["an element that may run something"],
        ),
        (
            "<svg xmlns:h='http://www.w3.org/1999/xhtml'><h:img src='x' alt='y'/><p xmlns='http://www.w3.org/1999/xhtml'/></svg>",
            "<svg xmlns:h=\"http://www.w3.org/1999/xhtml\"></svg>",
            vec!["an element that may run something"],
        ),
        ("<?xml-stylesheet href='a.xsl'?><svg/>", "<svg/>", vec!["a processing instruction"]),
        (
            "<?xml version='1.0' encoding='ISO-2022-JP'?><svg/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><svg/>",
            vec!["the name of an encoding that is not its own"],
        ),
        (
            "<!DOCTYPE svg PUBLIC \"a\" \"b\"><svg><script/></svg>",
            "<!DOCTYPE svg PUBLIC \"a\" \"b\"><svg></svg>",
            vec!["a script"],
        ),
        (
            "<!DOCTYPE svg [<!ENTITY ns 'http://www.w3.org/2000/svg'><!ENTITY s '<script>'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
             <svg xmlns='&ns;'>&ns;&s;&x;</svg>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\">http://www.w3.org/2000/svg</svg>",
            vec!["declarations of entities", "a reference to nothing"],
        ),
    ] {
        assert_eq!(clean(svg), (expected.to_owned(), taken), "{svg}");
    }
}

#[test]
fn what_browsers_lack_is_added_and_told_of_nobody() {
    for (svg, expected) in [
        ("<svg viewBox='0 0 12 8'/>", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 12 8\"/>"),
        (
            "<svg xmlns='http://www.w3.org/2000/svg'><use xlink:href='#a'/></svg>",
            "<svg xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns=\"http://www.w3.org/2000/svg\"><use xlink:href=\"#a\"/></svg>",
        ),
        (
            "<svg xmlns='http://www.w3.org/2000/svg'><switch><g requiredFeatures='a'/><text>b</text></switch></svg>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><switch><g/><text>b</text></switch></svg>",
        ),
    ] {
        let cleaned = cleaned(svg.as_bytes()).unwrap().unwrap();
        assert_eq!((String::from_utf8(cleaned.bytes.clone()).unwrap().as_str(), cleaned.in_words()), (expected, None));
    }
}

#[test]
fn words_that_are_set_as_html_stay_words() {
    let html =
        "<div xmlns='http://www.w3.org/1999/xhtml'><style>p{}</style><p>A <b>b</b> &amp;</p><p>c<br/>d</p></div>";
    let object = format!("<foreignObject x='10' width='80' height='30px'>{html}</foreignObject>");
    let taken = vec!["an element that may run something", "the setting of words as HTML"];
    let text = "<text x=\"50\" y=\"15\" text-anchor=\"middle\" dominant-baseline=\"central\">A b &amp; c d</text>";
    assert_eq!(clean(&format!("<svg><g>{object}</g></svg>")), (format!("<svg><g>{text}</g></svg>"), taken));
    let (svg, taken) = clean(&format!("<svg><switch>{object}<text>e</text></switch>f</svg>"));
    assert_eq!((&*svg, taken.len()), ("<svg><switch><text>e</text></switch>f</svg>", 1));
}

#[test]
fn what_is_no_xml_is_no_picture() {
    for svg in ["<svg><g></svg>", "<svg", "<svg><g>", "<svg a='<'></svg></g>"] {
        let error = cleaned(svg.as_bytes()).unwrap_err();
        assert!(error.starts_with("is SVG that is not well-formed"), "{svg}: {error}");
    }
    assert!(cleaned(b"<svg>\xff</svg>").is_err());
    let bomb = format!("<!DOCTYPE svg [<!ENTITY a '{}'>]><svg>{}</svg>", "b".repeat(399), "&a;".repeat(10_000));
    assert!(cleaned(bomb.as_bytes()).unwrap_err().contains("many times as long"));
}
