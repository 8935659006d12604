use super::super::name_attachments;
use super::super::tests::{html, link, shown};
use crate::collect::wordpress::attachments::Wanted;

/// What is shown for a text, with single blanks for all white space.
fn words(text: &str) -> String {
    html(text).split_whitespace().collect::<Vec<_>>().join(" ")
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
            "[vc_cta_button title=\"More\" href=\"https://b.example/\" call_text=\"Come.\"]",
            format!("{} {button}", strong("Come.")),
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
    ] {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn pictures_of_page_builders_have_captions_and_links_and_those_behind_parts_go() {
    let strong = |words: &str| format!("<p><strong>{words}</strong></p>");
    let figure = |inner: &str| format!("<figure>{inner}</figure>");
    for (text, expected) in [
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
        assert_eq!(words(text), expected, "{text}");
    }
    for text in ["[av_gallery ids='7,8']", "[vc_media_grid include=\"7,8\"]"] {
        assert_eq!(html(text).matches("<img").count(), 2);
    }
}

/// A widget of `SiteOrigin`'s as it stands in an export.
fn widget(instance: &str) -> String {
    let json = format!("{{\"instance\":{instance},\"args\":{{\"before_title\":\"<h3>\"}}}}");
    let json = crate::model::escaped(&json).replace('"', "&quot;");
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
        assert_eq!(words(&widget(instance)), expected, "{instance}");
    }
    let told = ["shortcode `siteorigin_widget` shows nothing that the export holds; it is left out"];
    assert_eq!(shown(&widget("{\"title\":\"Menu\",\"nav_menu\":5}")).1, told);
    assert_eq!(shown(&widget("{\"title\":")).1, told);
    let mut wanted = Wanted::default();
    name_attachments(&widget("{\"features\":[{\"image\":\"8\"}]}"), None, &mut wanted);
    assert_eq!(wanted.ids.into_iter().collect::<Vec<_>>(), [8]);
}
