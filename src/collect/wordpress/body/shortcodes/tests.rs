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

fn shown(text: &str) -> (String, Vec<String>) {
    let attachments = attachments();
    let (pieces, reports) = expand(text, &Shown { attachments: &attachments, post: 3 });
    let html = pieces.iter().map(Piece::as_str).collect();
    (html, reports.into_iter().map(|Report { message, .. }| message).collect())
}

fn html(text: &str) -> String {
    let (html, reports) = shown(text);
    assert_eq!(reports, Vec::<String>::new(), "{text}");
    html
}

fn link(address: &str) -> String {
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
        ("[toggle title=\"A & b\"]words[/toggle]", "<strong>A &amp; b</strong> words"),
        ("[quote author=\"Ann\"]words[/quote]", "<q>words</q> (Ann)"),
        ("a [tooltip text=\"so\"]b[/tooltip] c", "a b (so) c"),
        ("[vc_row][tab title=\"One\"]words[/tab][/vc_row]", "\n\n<strong>One</strong> words\n\n"),
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
fn page_builders_leave_their_texts_and_pictures() {
    let (figure, more) =
        ("<figure><img src=\"https://old.example/a.jpg\" alt=\"Words\"></figure>\n", "https://b.example/");
    let read_more = format!("<p><a href=\"{more}\">More</a></p>\n");
    for (text, expected) in [
        (
            "[vc_row css=\".a{b:c}\"][vc_column][vc_column_text]One[/vc_column_text][vc_empty_space][/vc_column][/vc_row]",
            "One",
        ),
        ("[vc_column]One[/vc_column][vc_column]Two[/vc_column]", "One\n\n\n\nTwo"),
        ("[vc_single_image image=\"7\" img_size=\"full\"]", figure),
        ("[fusion_imageframe image_id=\"7|full\" /]", figure),
        ("[fusion_imageframe alt=\"Words\"]https://old.example/a.jpg[/fusion_imageframe]", figure),
        ("[et_pb_image src=\"https://old.example/a.jpg\" alt=\"Words\"][/et_pb_image]", figure),
        ("[vc_custom_heading text=\"A & b\" font_container=\"tag:h4|text_align:left\"]", "<h4>A &amp; b</h4>"),
        ("[fusion_title size=\"2\"]A <em>title</em>[/fusion_title]", "<h2>A <em>title</em></h2>"),
        ("[vc_btn title=\"More\" link=\"url:https%3A%2F%2Fb.example%2F|title:x\"]", &read_more),
        ("[et_pb_button button_url=\"https://b.example/\" button_text=\"More\"][/et_pb_button]", &read_more),
        ("[et_pb_toggle title=\"Why\"]So.[/et_pb_toggle]", "<strong>Why</strong> So."),
        ("[vc_cta h2=\"Now\"]Come.[/vc_cta]", "<p><strong>Now</strong></p>\n\nCome."),
        ("[et_pb_testimonial author=\"Ann\"]Good.[/et_pb_testimonial]", "Good.\n\n<p>\u{2014} Ann</p>"),
        ("[vc_raw_html]JTNDcCUzRVJhdyUzQyUyRnAlM0U=[/vc_raw_html]", "<p>Raw</p>"),
        ("[fusion_code]PHA+UmF3PC9wPg==[/fusion_code]", "<p>Raw</p>"),
        ("[et_pb_code]<p>Raw</p>[/et_pb_code]", "<p>Raw</p>"),
        ("an [fusion_highlight color=\"red\"]old[/fusion_highlight] press", "an old press"),
    ] {
        assert_eq!(html(text).trim(), expected.trim(), "{text}");
    }
    assert_eq!(shown("[vc_gallery images=\"7,8\"]").0.matches("<img").count(), 2);
    assert_eq!(shown("[vc_googleplus]").1, ["shortcode `vc_googleplus` is not known here; it is left out"]);
    let mut wanted = Wanted::default();
    name_attachments("[vc_single_image image=\"3\"][fusion_gallery image_ids=\"4,5\"]", None, &mut wanted);
    assert_eq!(wanted.ids.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
}

#[test]
fn values_of_page_builders_are_what_they_mean() {
    for (text, expected) in [
        ("[vc_custom_heading text=\"``Ink`` `{`a`}`\" font_container=\"tag:h3\"]", "<h3>&quot;Ink&quot; [a]</h3>"),
        (
            "[vc_custom_heading text=\"Ink\" link=\"url:https%3A%2F%2Fb.example%2F|||\"]",
            "<h3><a href=\"https://b.example/\">Ink</a></h3>",
        ),
        ("[et_pb_toggle title=\"%22Ink%22 %91a%93\"]So.[/et_pb_toggle]", "<strong>\"Ink\" [a]</strong> So."),
        ("[et_pb_toggle title=\"@ET-DC@eyJh@\"]So.[/et_pb_toggle]", "So."),
        (
            "[av_button label='More' link='manually,https://b.example/']",
            "<p><a href=\"https://b.example/\">More</a></p>",
        ),
        ("[av_button label='More' link='post,12']", "<p><a href=\"/?p=12\">More</a></p>"),
        ("[vc_raw_html]SnVzdCUyMHdvcmRz[/vc_raw_html]", "Just words"),
        ("[vc_raw_js]JTNDc2NyaXB0JTNFYSgpJTNDJTJGc2NyaXB0JTNF[/vc_raw_js]", "<script>a()</script>"),
        (
            "[fusion_syntax_highlighter language=\"php\"]PD9waHAgZWNobyAxOw==[/fusion_syntax_highlighter]",
            "<pre><code class=\"language-php\">&lt;?php echo 1;</code></pre>",
        ),
        ("[fusion_code]Ink[/fusion_code]", "Ink"),
    ] {
        assert_eq!(html(text).trim(), expected, "{text}");
    }
}

#[test]
fn what_page_builders_say_of_a_text_stands_around_it() {
    let strong = |words: &str| format!("<p><strong>{words}</strong></p>");
    let button = "<p><a href=\"https://b.example/\">More</a></p>";
    let figure = |inner: &str| format!("<figure>{inner}</figure>");
    for (text, expected) in [
        ("[av_heading heading='Ink' tag='h4']Below[/av_heading]", "<h4>Ink</h4> Below".to_owned()),
        ("[fusion_title size=\"1\"]<h2>Ink</h2>[/fusion_title]", "<h2>Ink</h2>".to_owned()),
        (
            "[et_pb_cta title=\"Now\" button_text=\"More\" button_url=\"https://b.example/\"]Come.[/et_pb_cta]",
            format!("<strong>Now</strong> Come. {button}"),
        ),
        (
            "[et_pb_fullwidth_header title=\"Ink\" subhead=\"Of soot\" button_one_text=\"More\" \
             button_one_url=\"https://b.example/\"]So.[/et_pb_fullwidth_header]",
            format!("<strong>Ink</strong> {} So. {button}", strong("Of soot")),
        ),
        (
            "[vc_cta h2=\"Now\" btn_title=\"More\" btn_link=\"url:https%3A%2F%2Fb.example%2F|\"]Come.[/vc_cta]",
            format!("{} Come. {button}", strong("Now")),
        ),
        (
            "[fusion_tagline_box title=\"Ink\" description=\"Of soot\" link=\"https://b.example/\" button=\"More\"][/fusion_tagline_box]",
            format!("{} <p>Of soot</p> {button}", strong("Ink")),
        ),
        (
            "[et_pb_testimonial author=\"Ann\" job_title=\"Printer\" company_name=\"A & b\" url=\"https://b.example/\"]Good.[/et_pb_testimonial]",
            "Good. <p>\u{2014} <a href=\"https://b.example/\">Ann, Printer, A &amp; b</a></p>".to_owned(),
        ),
        (
            "[fusion_person name=\"Ann\" title=\"Printer\"]Sets type.[/fusion_person]",
            "<p><strong>Ann</strong>, Printer</p> Sets type.".to_owned(),
        ),
        (
            "[fusion_counter_box value=\"50\" unit=\"km\"]of rails[/fusion_counter_box]",
            "<strong>50km</strong> of rails".to_owned(),
        ),
        (
            "[et_pb_number_counter title=\"Members\" number=\"42\" percent_sign=\"off\"][/et_pb_number_counter]",
            "<p><strong>42</strong> <strong>Members</strong></p>".to_owned(),
        ),
        (
            "[fusion_flip_box title_front=\"One\" text_front=\"Two\" title_back=\"Three\"]Four[/fusion_flip_box]",
            format!("{} <p>Two</p> {} Four", strong("One"), strong("Three")),
        ),
        ("[cs_content_seo]Ink\\nof soot[/cs_content_seo]", "Ink of soot".to_owned()),
        ("[kc_title text=\"SW5rLCBvZiBzb290\" type=\"h3\"]", "<h3>Ink, of soot</h3>".to_owned()),
        (
            "[av_timeline_item date='1893' title='Ink']So.[/av_timeline_item]",
            format!("{} <strong>Ink</strong> So.", strong("1893")),
        ),
        (
            "[av_animated_numbers number='12,[200]']Readers[/av_animated_numbers]",
            "<strong>12,200</strong> Readers".to_owned(),
        ),
        (
            "[av_catalogue_item title='Ink' price='$3']Black[/av_catalogue_item]",
            "<strong>Ink</strong> <p>$3</p> Black".to_owned(),
        ),
        ("[fusion_popover title=\"A\" content=\"so\"]b[/fusion_popover]", "b (so)".to_owned()),
        (
            "[fusion_slide type=\"image\"]https://b.example/e.jpg[/fusion_slide]",
            figure("<img src=\"https://b.example/e.jpg\" alt=\"\">"),
        ),
        (
            "[fusion_image_before_after before_image=\"https://b.example/a.jpg\" after_image=\"https://b.example/b.jpg\" /]",
            ["a", "b"].map(|name| figure(&format!("<img src=\"https://b.example/{name}.jpg\" alt=\"\">"))).join(" "),
        ),
        // Of other plugins, by what their arguments are called.
        (
            "[team_member name=\"Ann\" position=\"Printer\" image=\"https://b.example/a.jpg\"]Sets type.[/team_member]",
            format!(
                "{} <p><strong>Ann</strong>, Printer</p> Sets type.",
                figure("<img src=\"https://b.example/a.jpg\" alt=\"\">")
            ),
        ),
        ("Ink[efn_note]Of soot.[/efn_note] and", "Ink (Of soot.) and".to_owned()),
        ("a [toc] b", "a b".to_owned()),
        ("a [fusion_tooltip title=\"so\"]b[/fusion_tooltip]", "a b (so)".to_owned()),
        ("[av_dropcap1]I[/av_dropcap1]nk", "Ink".to_owned()),
        ("[fusion_checklist][fusion_li_item]a[/fusion_li_item][/fusion_checklist]", "<ul> <li>a</li> </ul>".to_owned()),
        (
            "[av_table][av_row][av_cell]a[/av_cell][/av_row][/av_table]",
            "<table> <tr> <td>a</td> </tr> </table>".to_owned(),
        ),
        ("[fusion_vimeo id=\"123\" /]", link("https://vimeo.com/123").trim().to_owned()),
        // Pictures.
        (
            "[av_image src='https://old.example/e.jpg' attachment='7' link='manually,https://b.example/']Words[/av_image]",
            figure(
                "<a href=\"https://b.example/\"><img src=\"https://old.example/a.jpg\" alt=\"Words\"></a><figcaption>Words</figcaption>",
            ),
        ),
        (
            "[vc_single_image source=\"external_link\" custom_src=\"https://b.example/e.jpg\" caption=\"Words\"]",
            figure("<img src=\"https://b.example/e.jpg\" alt=\"\"><figcaption>Words</figcaption>"),
        ),
        (
            "[vc_single_image image=\"7\" add_caption=\"yes\"]",
            figure("<img src=\"https://old.example/a.jpg\" alt=\"Words\"><figcaption>A <em>press</em></figcaption>"),
        ),
        (
            "[vc_hoverbox image=\"8\" primary_title=\"One\"]Two[/vc_hoverbox]",
            format!("{} {} Two", figure("<img src=\"https://old.example/b.png\" alt=\"Words\">"), strong("One")),
        ),
        ("[av_section src='https://old.example/behind.jpg' attachment='7']a[/av_section]", "a".to_owned()),
    ] {
        let shown = html(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(shown, expected, "{text}");
    }
    for text in ["[av_gallery ids='7,8']", "[vc_media_grid include=\"7,8\"]"] {
        assert_eq!(html(text).matches("<img").count(), 2);
    }
}

/// A widget of `SiteOrigin`'s as it stands in an export.
fn widget(instance: &str) -> String {
    let json = format!("{{\"instance\":{instance},\"args\":{{\"before_title\":\"<h3>\"}}}}");
    let json = crate::collect::sanitise::escaped(&json).replace('"', "&quot;");
    format!("[siteorigin_widget class=\"A\"]<input type=\"hidden\" value=\"{json}\" />[/siteorigin_widget]")
}

#[test]
fn widgets_show_what_their_fields_hold() {
    for (instance, expected) in [
        (
            "{\"image\":7,\"title\":\"A ] title\",\"url\":\"https://b.example/\",\"design\":{\"title\":\"x\"}}",
            "<p><strong>A ] title</strong></p> <figure><a href=\"https://b.example/\"><img src=\"https://old.example/a.jpg\" \
             alt=\"Words\"></a></figure>",
        ),
        ("{\"text\":\"More\",\"url\":\"https://b.example/\"}", "<p><a href=\"https://b.example/\">More</a></p>"),
        ("{\"title\":\"\",\"text\":\"<p>Words</p>\"}", "<p>Words</p>"),
        (
            "{\"panels\":[{\"title\":\"Why\",\"content_text\":\"So.\"}],\"title\":\"All\"}",
            "<p><strong>All</strong></p> <p><strong>Why</strong></p> So.",
        ),
    ] {
        let shown = html(&widget(instance)).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(shown, expected, "{instance}");
    }
    let told = ["shortcode `siteorigin_widget` shows nothing that the export holds; it is left out"];
    assert_eq!(shown(&widget("{\"title\":\"Menu\",\"nav_menu\":5}")).1, told);
    assert_eq!(shown(&widget("{\"title\":")).1, told);
    let mut wanted = Wanted::default();
    name_attachments(&widget("{\"features\":[{\"image\":\"8\"}]}"), None, &mut wanted);
    assert_eq!(wanted.ids.into_iter().collect::<Vec<_>>(), [8]);
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
    let (text, _) = shown(&"[x_y]".repeat(20_000));
    assert_eq!(text.trim(), "");
}
