use super::{Piece, Report, Shown, expand, name_attachments};
use crate::collect::wordpress::attachments::{Attachments, Wanted};
use crate::collect::wordpress::item::Item;
use crate::collect::wordpress::stream::Position;

fn attachments() -> Attachments {
    let mut attachments = Attachments::default();
    for (id, url, caption) in [
        ("7", "https://old.example/a.jpg", "A <em>press</em>"),
        ("8", "https://old.example/b.png", ""),
        ("9", "https://old.example/talk.mp3", ""),
        ("10", "https://old.example/film.mp4", ""),
    ] {
        attachments.take(Item {
            id: id.to_owned(),
            attachment_url: url.to_owned(),
            excerpt: caption.to_owned(),
            title: format!("File {id}"),
            alt: "Words".to_owned(),
            parent: "3".to_owned(),
            ..Item::new(0, Position { line: 1, column: 1 })
        });
    }
    attachments
}

pub(super) fn shown(text: &str) -> (String, Vec<String>) {
    let attachments = attachments();
    let (pieces, reports) = expand(text, &Shown { attachments: &attachments, post: 3 });
    let html = pieces.iter().map(Piece::as_str).collect();
    (html, reports.into_iter().map(|Report { message, .. }| message).collect())
}

pub(super) fn html(text: &str) -> String {
    let (html, reports) = shown(text);
    assert_eq!(reports, Vec::<String>::new(), "{text}");
    html
}

pub(super) fn link(address: &str) -> String {
    format!("<p><a href=\"{address}\">{address}</a></p>\n")
}

#[test]
fn captions_become_figures() {
    for text in [
        "[caption id=\"x\" align=\"alignleft\" width=\"3\"]<a href=\"b\"><img src=\"a.jpg\" /></a> The <em>words</em>[/caption]",
        "[wp_caption caption=\"The <em>words</em>\"]<a href=\"b\"><img src=\"a.jpg\" /></a>[/wp_caption]",
    ] {
        let figure =
            "<figure><a href=\"b\"><img src=\"a.jpg\" /></a><figcaption>The <em>words</em></figcaption></figure>";
        assert_eq!(html(text), figure);
    }
    assert_eq!(
        html(
            "[caption width=\"3\" caption=\"See <a href=&quot;https://c.example/&quot;>Ann&#039;s &quot;view&quot;</a>\"]<img src=\"a.jpg\">[/caption]"
        ),
        "<figure><img src=\"a.jpg\"><figcaption>See <a href=\"https://c.example/\">Ann's \"view\"</a></figcaption></figure>"
    );
    assert_eq!(html("[caption width='3']<img src=\"a.jpg\">[/caption]"), "<figure><img src=\"a.jpg\"></figure>");
    let (_, reports) = shown("[caption][/caption]");
    assert_eq!(reports, ["shortcode `caption` shows nothing that the export holds; it is left out"]);
}

#[test]
fn galleries_show_what_they_name_or_what_is_attached() {
    let first = "<figure><img src=\"https://old.example/a.jpg\" alt=\"Words\"><figcaption>A <em>press</em></figcaption></figure>\n";
    let second = "<figure><img src=\"https://old.example/b.png\" alt=\"Words\"></figure>\n";
    assert_eq!(html("[gallery ids=\"8,7\" columns=2]"), format!("{second}{first}"));
    assert_eq!(html("[gallery ids=\u{201d}7\u{2033}]"), first);
    assert_eq!(html("[gallery]"), format!("{first}{second}"));
    assert_eq!(html("[gallery exclude=\"7\" /]"), second);
    assert_eq!(shown("[gallery ids=\"99\"]").1.len(), 1);
    assert_eq!(
        shown("[gallery ids=\"7,99\"]"),
        (first.to_owned(), vec!["shortcode `gallery` names attachments that the export lacks: 99".to_owned()])
    );
}

#[test]
fn sounds_films_and_lists_of_them_become_links() {
    let sound = "<p><a href=\"https://old.example/talk.mp3\">talk.mp3</a></p>\n";
    assert_eq!(html("[audio src=\"https://old.example/talk.mp3\"]"), sound);
    assert_eq!(html("[audio mp3=\"https://old.example/talk.mp3\"][/audio]"), sound);
    assert_eq!(html("[audio https://old.example/talk.mp3|titles=A talk]"), sound);
    assert_eq!(html("[audio]"), "<p><a href=\"https://old.example/talk.mp3\">File 9</a></p>\n");
    assert_eq!(
        html("[video mp4=\"/film.mp4\" poster=\"x.jpg\"][/video]"),
        "<p><a href=\"/film.mp4\">film.mp4</a></p>\n"
    );
    assert_eq!(
        html("[playlist ids=\"9\"]"),
        "<ul>\n<li><a href=\"https://old.example/talk.mp3\">File 9</a></li>\n</ul>\n"
    );
    assert_eq!(
        html("[playlist type=\"video\"]"),
        "<ul>\n<li><a href=\"https://old.example/film.mp4\">File 10</a></li>\n</ul>\n"
    );
}

#[test]
fn older_spellings_and_words_without_arguments_are_read() {
    let file = |n: u8| format!("<p><a href=\"https://a.example/{n}.mp3\">{n}.mp3</a></p>\n");
    assert_eq!(html("[audio:https://a.example/1.mp3|titles=A Talk|artists=Ann]"), file(1));
    assert_eq!(html("[audio:https://a.example/1.mp3,https://a.example/2.mp3]"), file(1) + &file(2));
    assert_eq!(html("a[powerpress][spacer] [note: words] [video: words]"), "a [note: words] [video: words]");
    let (archives, told) = shown("a [archives]");
    assert_eq!((&*archives, told.len()), ("a ", 1));
}

#[test]
fn services_become_links() {
    for (text, address) in [
        ("[embed width=\"3\"]https://v.example/1?a=1&#038;b=2[/embed]", "https://v.example/1?a=1&amp;b=2"),
        ("[youtube=http://www.youtube.com/watch?v=abc&w=320]", "http://www.youtube.com/watch?v=abc&amp;w=320"),
        ("[youtube https://youtu.be/abc]", "https://youtu.be/abc"),
        ("[youtube id=\"abc\"]", "https://www.youtube.com/watch?v=abc"),
        ("[youtube]abc[/youtube]", "https://www.youtube.com/watch?v=abc"),
        ("[vimeo 123 w=400&h=300]", "https://vimeo.com/123"),
        ("[wpvideo kUJmAcSf w=640]", "https://videopress.com/v/kUJmAcSf"),
        ("[tweet 12345]", "https://twitter.com/i/status/12345"),
        ("[gist]1842855[/gist]", "https://gist.github.com/1842855"),
        ("[spotify spotify:track:3h]", "https://open.spotify.com/track/3h"),
        ("[polldaddy poll=1234]", "https://poll.fm/1234"),
        ("[soundcloud url=\"https://api.soundcloud.com/tracks/1\" /]", "https://api.soundcloud.com/tracks/1"),
    ] {
        assert_eq!(html(text), link(address), "{text}");
    }
}

#[test]
fn code_stays_code() {
    assert_eq!(
        html("[sourcecode language=\"css\"]\na > b {}\n\n<i>[/sourcecode]"),
        "<pre><code class=\"language-css\">a &gt; b {}\n\n&lt;i&gt;</code></pre>\n"
    );
    assert_eq!(html("<code>[gallery] a[target=\"x\"]</code>"), "<code>[gallery] a[target=\"x\"]</code>");
    assert_eq!(html("<pre>[gallery]</pre>"), "<pre>[gallery]</pre>");
}

#[test]
fn what_is_escaped_is_shown() {
    assert_eq!(
        html("[[gallery ids=\"1\"]] and <code>[[caption]x[/caption]]</code>"),
        "[gallery ids=\"1\"] and <code>[caption]x[/caption]</code>"
    );
}

#[test]
fn unknown_ones_show_their_contents_or_go_and_are_told_of_once() {
    let (text, reports) = shown("[box type=\"a\"]One[/box] [box]two[/box] [contact-form-7 id=\"5\"] [site_map] x");
    assert_eq!(text, "One two   x");
    assert_eq!(
        reports,
        [
            "shortcode `box` is not known here; its contents are shown",
            "shortcode `contact-form-7` is not known here; it is left out",
            "shortcode `site_map` is not known here; it is left out",
        ]
    );
    let (text, reports) = shown("[slides src=\"https://s.example/1\"]");
    assert_eq!((text, reports.len()), (link("https://s.example/1"), 1));
}

#[test]
fn what_unknown_ones_say_of_their_contents_is_shown() {
    for (text, expected) in [
        (
            "[button link=\"https://b.example/\" color=\"red\"]Click[/button]",
            "<a href=\"https://b.example/\">Click</a>",
        ),
        ("[su_box title=\"Ink\"]words[/su_box]", "<strong>Ink</strong> words"),
        ("[toggle title=\"A & b\"]words[/toggle]", "\n\n<div>\n<p><strong>A &amp; b</strong></p>\n\nwords\n</div>\n\n"),
        ("[quote author=\"Ann\"]words[/quote]", "<q>words</q> (Ann)"),
        ("a [tooltip text=\"so\"]b[/tooltip] c", "a b (so) c"),
        (
            "[vc_row][tab title=\"One\"]words[/tab][/vc_row]",
            "\n\n\n\n<div>\n<p><strong>One</strong></p>\n\nwords\n</div>\n\n\n\n",
        ),
        (
            "[one_third]First[/one_third][one_third_last]Second[/one_third_last]",
            "\n\n<div>\nFirst\n</div>\n\n\n\n<div>\nSecond\n</div>\n\n",
        ),
        ("[su_column size=\"1/2\"]First[/su_column]", "\n\n<div>\nFirst\n</div>\n\n"),
        (
            "[su_spoiler title=\"More\"]\nwords\n[/su_spoiler]",
            "\n<details><summary>More</summary>\n\n\nwords\n\n\n</details>\n\n",
        ),
    ] {
        assert_eq!(shown(text).0, expected, "{text}");
    }
    assert_eq!(shown("[tab title=\"One\"]words[/tab]").1, Vec::<String>::new());
}

#[test]
fn a_part_of_a_page_is_none_in_a_sentence() {
    for (text, expected) in [
        ("In the [first_half]first half[/first_half] of it", "In the first half of it"),
        ("see [tab]x[/tab] and [quarter]Q1[/quarter]", "see x and Q1"),
        ("[half]50%[/half] more", "50% more"),
        ("a\n\n[half]50%[/half]\n\nmore", "a\n\n\n\n<div>\n50%\n</div>\n\n\n\nmore"),
        ("see [tab]x\ny[/tab]", "see \n\n<div>\nx\ny\n</div>\n\n"),
        ("[tab name=\"tab-two\"]x[/tab]", "\n\n<div>\nx\n</div>\n\n"),
        ("[col label=\"left\"]x[/col]", "\n\n<div>\nx\n</div>\n\n"),
        ("[tab name=\"Two\"]x[/tab]", "\n\n<div>\n<p><strong>Two</strong></p>\n\nx\n</div>\n\n"),
        ("[tab name=\"tab1\" title=\"one\"]x[/tab]", "\n\n<div>\n<p><strong>one</strong></p>\n\nx\n</div>\n\n"),
    ] {
        assert_eq!(shown(text).0, expected, "{text}");
    }
}

#[test]
fn words_in_brackets_stay() {
    for text in [
        "[sic] and [1], [citation needed], [...]",
        "a[i] = b[j]",
        "[ x ] [y",
        "[/nothing]",
        "[Update: it is in]",
        "[and see <a href=\"https://e.example/\">this</a> of them]",
    ] {
        assert_eq!(html(text), text);
    }
}

#[test]
fn what_posts_name_is_looked_for() {
    let mut wanted = Wanted::default();
    name_attachments("[gallery ids=\"3,4\"] [audio src=\"x.mp3\"]", Some(1), &mut wanted);
    name_attachments("[gallery]", Some(2), &mut wanted);
    assert_eq!(wanted.ids.into_iter().collect::<Vec<_>>(), [3, 4]);
    assert_eq!(wanted.parents.into_iter().collect::<Vec<_>>(), [2]);
}

#[test]
fn hostile_input_ends_soon() {
    assert_eq!(html(&"[[a ".repeat(5000)).len(), 20_000);
    assert_eq!(html(&"[gallery\"".repeat(5000)).len(), 45_000);
    for piece in [
        "[siteorigin_widget]",
        "[av_image src='7']a",
        "[vc_row][/vc_row]",
        "[vc_row a=\"",
        "[vc_raw_html]a",
        "[private]a[/private]",
    ] {
        let text = piece.repeat(5000);
        shown(&text);
        name_attachments(&text, None, &mut Wanted::default());
    }
    let (text, _) = shown(&"[x_y]".repeat(20_000));
    assert_eq!(text.trim(), "");
}
