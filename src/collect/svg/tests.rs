use super::cleaned;

fn clean(svg: &str) -> (String, Vec<&'static str>) {
    let cleaned = cleaned(svg.as_bytes()).unwrap().unwrap_or_else(|| panic!("nothing was taken out of {svg}"));
    let text = String::from_utf8(cleaned.bytes).unwrap();
    assert_eq!(super::cleaned(text.as_bytes()), Ok(None), "{text}");
    (text, cleaned.taken)
}

#[test]
fn what_draws_stays_as_it_is() {
    for svg in [
        "<svg viewBox='0 0 12 8'/>",
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
        (
            "<svg><foreignObject><p>a</p></foreignObject></svg>",
            "<svg></svg>",
            vec!["an element that may run something"],
        ),
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
fn what_is_no_xml_is_no_picture() {
    for svg in ["<svg><g></svg>", "<svg", "<svg><g>", "<svg a='<'></svg></g>"] {
        let error = cleaned(svg.as_bytes()).unwrap_err();
        assert!(error.starts_with("is SVG that is not well-formed"), "{svg}: {error}");
    }
    assert!(cleaned(b"<svg>\xff</svg>").is_err());
    let bomb = format!("<!DOCTYPE svg [<!ENTITY a '{}'>]><svg>{}</svg>", "b".repeat(399), "&a;".repeat(10_000));
    assert!(cleaned(bomb.as_bytes()).unwrap_err().contains("many times as long"));
}
