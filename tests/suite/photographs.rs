//! Photographs as phones take them.

use std::io::Cursor;

use crate::publication::Publication;

/// What stands in the place that a photograph says, and in nothing else.
const PLACE: &[u8] = b"PRIZREN-CASTLE";

/// A JPEG of `width` by 20 pixels that is shown turned by a quarter, and says where it was taken.
fn photograph(width: u32) -> Vec<u8> {
    let mut plain = Cursor::new(Vec::new());
    let drawn = image::RgbImage::from_fn(width, 20, |x, y| image::Rgb([x as u8 * 7, y as u8 * 11, 90]));
    drawn.write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
    let place = [b"\0\x01\0\x1b\0\x02\0\0\0".as_slice(), &[PLACE.len() as u8], &[0, 0, 0, 56], &[0; 4], PLACE].concat();
    let turned = b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0".as_slice();
    let led_to = b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26".as_slice();
    let tiff = [b"MM\0*\0\0\0\x08\0\x02".as_slice(), turned, led_to, &[0; 4], &place].concat();
    let exif = [b"Exif\0\0".as_slice(), &tiff].concat();
    let segment = [&[0xff, 0xe1][..], &(exif.len() as u16 + 2).to_be_bytes(), &exif].concat();
    let mut jpeg = plain.into_inner();
    jpeg.splice(2..2, segment);
    jpeg
}

fn says_place(bytes: &[u8]) -> bool {
    bytes.windows(PLACE.len()).any(|some| some == PLACE)
}

fn pixels(jpeg: &[u8]) -> Vec<u8> {
    image::load_from_memory(jpeg).unwrap().into_bytes()
}

fn with_photograph() -> Publication {
    Publication::monthly()
        .reconfigure("first_number = 92", "first_number = 92\nmail = \"auto\"\nlists = [\"members\"]")
        .tables("[list.members]\ntitle = \"Members\"\ncsv = \"readers.csv\"")
        .tables("[mail]\nfrom = \"news@compositor.example\"\npictures = \"inline\"")
        .environment("MASTHEAD_SECRET", "a secret of thirty-two characters")
        .file("readers.csv", "ann@x.example\n")
        .file("posts/castle.jpg", photograph(30))
        .post("2026-07-03-a.md", "---\ntitle: A\nimage: castle.jpg\n---\nA castle.\n\n![The castle](castle.jpg)\n")
}

#[test]
fn nothing_that_is_published_says_where_a_photograph_was_taken() {
    assert!(says_place(&photograph(30)));
    let publication = with_photograph().published();
    for folder in ["public", "issues", "outbox"] {
        for (path, bytes) in publication.tree(folder) {
            assert!(!says_place(&bytes), "{folder}/{path}");
        }
    }
    let assets = publication.tree("public/assets");
    let (name, published) = assets.iter().next().unwrap();
    assert_eq!((assets.len(), pixels(published)), (1, pixels(&photograph(30))));
    // It is turned, and has the room of a picture that is.
    let turned = b"\x01\x12\0\x03\0\0\0\x01\0\x06";
    assert!(published.windows(turned.len()).any(|some| some == turned));
    assert!(publication.read("public/posts/a/index.html").contains("width=\"20\" height=\"30\""));
    // In the message it is as it is on the web.
    let message = publication.files("outbox").into_iter().next().unwrap();
    let message = publication.bytes(&format!("outbox/{message}"));
    let message = mail_parser::MessageParser::default().parse(&message).unwrap();
    let enclosed = message.attachments().map(mail_parser::MessagePart::contents).collect::<Vec<_>>();
    assert!(enclosed.contains(&published.as_slice()), "{} files", enclosed.len());
    let publication = publication.file("a.html", "<html lang=en><title>A</title><img src=posts/castle.jpg alt=A>");
    publication.run(&["typeset", "a.html", "-o", "a.pdf"]).ok();
    assert!(!says_place(&publication.bytes("a.pdf")));
    let before = publication.tree("public");
    publication.publish().ok().quiet();
    assert_eq!(publication.tree("public"), before);
    assert_eq!(publication.bytes("posts/castle.jpg"), photograph(30), "{name}: the author's file stays");
}

#[test]
fn what_an_earlier_run_published_with_a_place_loses_it_and_an_issue_keeps_its_file() {
    let publication = with_photograph().published();
    let name = publication.files("public/assets").into_iter().next().unwrap();
    let (kept, shown) = (format!("issues/newsletter/0001/assets/{name}"), format!("public/assets/{name}"));
    let clean = publication.bytes(&shown);
    let length = photograph(30).len() as u64;
    // As if it had been frozen, and published, with its place.
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    let publication = publication
        .file("issues/newsletter/0001/frozen.json", frozen.replace(&clean.len().to_string(), &length.to_string()))
        .file(&kept, photograph(30))
        .file(&shown, photograph(30))
        .published();
    assert_eq!(publication.bytes(&shown), clean);
    assert_eq!(publication.bytes(&kept), photograph(30));
}

#[test]
fn check_names_pictures_that_are_large_for_a_page() {
    let large = |publication: Publication, name: &str, bytes: usize| {
        let picture = [photograph(30), vec![0; bytes]].concat();
        publication.file(&format!("posts/{name}.jpg"), picture).post(
            &format!("2026-07-04-{name}.md"),
            &format!("---\ntitle: {name}\n---\nSee it.\n\n![Large]({name}.jpg)\n"),
        )
    };
    let one = large(with_photograph(), "small", 3_000_000);
    one.run(&["check"]).ok().says_not("large for");
    // Noise, which nothing makes smaller.
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let drawn = image::RgbImage::from_fn(1300, 1200, |_, _| image::Rgb([noise(), noise(), noise()]));
    drawn.save(one.path("posts/big.png")).unwrap();
    let two = one.post("2026-07-05-big.md", "---\ntitle: Big\n---\nSee it.\n\n![Large](big.png)\n");
    let told = two.run(&["check"]).ok();
    told.says("warning: a picture is large for a page: `posts/big.png` (4.").says("2000 pixels");
}
