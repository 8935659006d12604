//! What stands on paper for what only a screen can show: forms, films, frames, drawings of scripts, formulas.

use super::display::drawing::{Paint, Shape};
use super::display::{Image, Item, LinkTarget};
use super::tests::{Always, set, set_with, text, texts};

/// A drawing of a square.
const SQUARE: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><path d='M0 0h9v9z'/></svg>";

fn all(html: &str) -> String {
    texts(&set(html, "")).join(" ")
}

fn messages(html: &str) -> Vec<String> {
    set_with(html, "", &super::tests::Nothing).warnings.into_iter().map(|warning| warning.message).collect()
}

#[test]
fn what_is_said_without_scripts_is_set() {
    assert_eq!(all("<head><noscript><title>x</title></noscript></head><p>a <noscript><b>b</b></noscript> c"), "a b c");
    assert_eq!(
        all("<style>p { color: red }</style><noscript><style>.s { display: none }</style></noscript><p class=s>a<p>b"),
        "b"
    );
}

#[test]
fn fields_show_what_they_say() {
    let html = "<form>a <input value=name> <input type=hidden value=no> <input placeholder=hint> <input type=password value=no>
        <input type=checkbox value=no checked> <input type=radio value=no> <input type=submit value=Send>
        <button>Press</button> <textarea>two\nlines</textarea>
        <select><option>one<option selected>two</select> <select><option>three<option>four</select>
        <select multiple><option>five<option>six</select></form> end";
    assert_eq!(all(html), "a name hint \u{d7} Send Press two lines two three five six end");
    let told = messages(&format!("<title>t</title><html lang=en>{html}"));
    assert_eq!(told, ["forms cannot be filled in; their fields are set as they stand"]);
}

#[test]
fn measures_say_their_value() {
    let html = "<p>a <progress value=3 max=8></progress> <progress value=40 max=100></progress> <progress></progress>
        <meter value=.6></meter> <meter value=2 max=4>half</meter> b";
    assert_eq!(all(html), "a 3 / 8 40 % .6 half b");
}

#[test]
fn an_empty_field_is_a_box_to_write_in() {
    let document = set("<p>Name: <input></p>", "p { font: 10pt/12pt serif; margin: 0 } @page { margin: 0 }");
    let widths = document.pages[0].items.iter().filter_map(|item| match item {
        Item::Fill { rect, .. } => Some(rect.width),
        _ => None,
    });
    assert!(widths.fold(0.0, f32::max) > 80.0);
}

#[test]
fn canvases_and_objects_fall_back_to_what_they_hold() {
    let html = "<html lang=en><title>t</title><p>a <canvas>b <em>c</em></canvas> <object data=x.swf><param name=y>d</object> e";
    assert_eq!(all(html), "a b c d e");
    assert_eq!(
        messages(html),
        [
            "`<canvas>` is drawn by scripts, which are not run; what stands inside of it is set instead",
            "`<object>` cannot be set; what stands inside of it is set instead",
        ]
    );
}

#[test]
fn films_show_their_posters_and_lead_to_them_where_they_have_none() {
    let pictures = |html: &str| {
        let set = set_with(html, "", &Always(SQUARE.to_vec()));
        let drawn = set.value.pages[0].items.iter().filter(|item| matches!(item, Item::Image { .. })).count();
        (drawn, text(&set.value.pages[0]))
    };
    assert_eq!(pictures("<video poster=a.svg src=a.mp4></video>"), (1, String::new()));
    assert_eq!(pictures("<object data=a.svg>no</object>"), (1, String::new()));
    assert_eq!(pictures("<embed src=a type=image/svg+xml>"), (1, String::new()));
    assert_eq!(pictures("<input type=image src=a.svg>"), (1, String::new()));
    assert_eq!(pictures("<object data=a.html type=text/html>page</object>"), (0, "page".to_owned()));

    let html = "<p><video title='A film'><source src=https://example.org/a.mp4>no</video></p>";
    let document = set(html, "");
    assert_eq!(text(&document.pages[0]), "A film");
    assert!(matches!(&document.pages[0].links[0].target, LinkTarget::Uri(uri) if uri == "https://example.org/a.mp4"));
    assert_eq!(all("<audio src=a.mp3></audio>"), "a.mp3");
    assert_eq!(set("<audio src=a.mp3></audio>", "").pages[0].links.len(), 0);
}

#[test]
fn formulas_are_set_in_a_line() {
    let html = "<p><math><semantics><mrow><mi>y</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>
        <msqrt><mi>x</mi></msqrt></mrow><annotation>y = \\frac</annotation></semantics></math></p>";
    let letters: String = all(html).split_whitespace().collect();
    assert_eq!(letters, "y=(a+1)/2\u{221a}(x)");
}

#[test]
fn readings_stand_behind_their_letters_and_are_told() {
    let html = "<p><ruby>東京<rp>(</rp><rt>Tokyo</rt><rp>)</rp></ruby>, <ruby>京都<rt>Kyoto</rt></ruby></p>";
    assert!(all(html).contains("Tokyo") && !all(html).contains('('), "{}", all(html));
    let told = messages(html);
    assert_eq!(told.iter().filter(|message| message.contains("`<rt>`")).count(), 1, "{told:?}");
}

/// Has one picture, under one address.
struct Only(&'static str);

impl super::Resources for Only {
    fn get(&self, url: &str) -> Option<std::sync::Arc<[u8]>> {
        (url == self.0).then(|| {
            let mut png = std::io::Cursor::new(Vec::new());
            image::RgbImage::new(4, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
            png.into_inner().into()
        })
    }
}

#[test]
fn of_candidates_the_largest_is_set() {
    for html in [
        "<img alt=a srcset='s.png 300w, big.png 1200w, m.png 600w'>",
        "<img alt=a src='' srcset='s.png, big.png 2x'>",
        "<img alt=a srcset='  big.png  '>",
        "<picture><source type=image/avif srcset=x.avif><source media=screen srcset=x.png><source srcset='big.png 3x,s.png'>
        <img alt=a></picture>",
        "<img alt=a src=big.png srcset='other.png 9x'>",
    ] {
        let set = super::tests::set_with(html, "", &Only("big.png"));
        let images = |item: &&super::display::Item| matches!(item, super::display::Item::Image { .. });
        assert_eq!(set.value.pages[0].items.iter().filter(images).count(), 1, "{html}: {:?}", set.warnings);
    }
}

#[test]
fn pictures_for_finer_screens_are_set_at_their_size() {
    // Four dots wide: 3 points at 96 to the inch.
    for (html, width) in [
        ("<img alt=a srcset='s.png, big.png 2x'>", 1.5),
        ("<picture><source srcset='big.png 4x'><img alt=a srcset='s.png'></picture>", 0.75),
        ("<img alt=a srcset='big.png 1200w'>", 3.0),
        ("<img alt=a srcset='big.png 0x'>", 3.0),
        ("<img alt=a srcset='big.png 2x' width=40>", 30.0),
        ("<img alt=a src=big.png srcset='other.png 2x'>", 3.0),
    ] {
        let set = super::tests::set_with(html, "", &Only("big.png"));
        let image = set.value.pages[0].items.iter().find_map(|item| match item {
            super::display::Item::Image { rect, .. } => Some(rect.width),
            _ => None,
        });
        assert_eq!(image, Some(width), "{html}: {:?}", set.warnings);
    }
}

#[test]
fn options_outside_of_a_list_are_text() {
    let document =
        set("<p>a</p><option>b</option><optgroup><option>c</option></optgroup><select><option>d<option>e</select>", "");
    assert_eq!(text(&document.pages[0]), "a b c d");
}

#[test]
fn a_graphic_in_the_text_has_its_colours_sheets_and_variables() {
    let html =
        "<html lang=en><title>t</title><style>:root { --c: green } .k { fill: var(--c) } svg { width: 1em }</style>
        <p style='color: green'><svg width=9 height=9 aria-label=a><rect class=k width=9 height=9 /></svg>
        <svg width=9 height=9 aria-label=b><rect fill='var(--c)' width=9 height=9 /></svg>
        <svg width=9 height=9 aria-label=c><rect fill=currentColor width=9 height=9 /></svg>";
    let set = set_with(html, "", &super::tests::Nothing);
    assert_eq!(set.warnings.iter().map(|warning| &*warning.message).collect::<Vec<_>>(), Vec::<&str>::new());
    let drawings = set.value.images.iter().filter_map(|image| match image {
        Image::Drawing(drawing) => Some(drawing),
        _ => None,
    });
    let fills: Vec<[u8; 3]> = drawings
        .flat_map(|drawing| &drawing.root.shapes)
        .filter_map(|shape| match shape {
            Shape::Path { fill: Some(Paint::Color(color)), .. } => Some([color.r, color.g, color.b]),
            _ => None,
        })
        .collect();
    assert_eq!(fills, [[0, 128, 0]; 3]);
}
