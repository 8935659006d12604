use super::{Entry, Expanded, Includes, Page};

fn expand<'a>(text: &'a str, page: Page<'_>) -> Expanded<'a> {
    super::expand(text, true, page)
}

/// The front matter that this YAML is.
pub(super) fn front(yaml: &str) -> Vec<Entry> {
    let text = format!("---\n{yaml}\n---\n");
    crate::collect::front::parse(&text, false, std::path::Path::new("a.md"), &mut Vec::new()).front.data
}

fn text(source: &str) -> String {
    expand(source, Page::of(&[("excerpt".into(), "Short.".into())])).text.into_owned()
}

#[test]
fn what_carries_text_is_carried_out() {
    for (source, expected) in [
        ("{{page.excerpt}} [a]({{ site.url }}/a)", "Short. [a](/a)"),
        (
            "{% assign n = \"1|2\" | split: \"|\" %}{% for i in n %}[#{{ i }}]: /{{ i }}\n{% endfor %}",
            "[#1]: /1\n[#2]: /2\n",
        ),
        ("a {% comment %}gone{% endcomment %}b", "a b"),
        ("a {{% comment %}}\ngone {{< x >}}\n{{% /comment %}}b {{< Comment >}}gone{{< /Comment >}}c", "a b c"),
        (
            "`{{< comment >}}`\n\n    {{< comment >}}x{{< /comment >}}\n",
            "`{{< comment >}}`\n\n    {{< comment >}}x{{< /comment >}}\n",
        ),
        ("{{< part href=\"/a\" >}}words{{< /part >}} b", "<a href=\"/a\">words</a> b"),
        ("a {{< x text=\"One two three four five six.\" >}}", "a \n\nOne two three four five six.\n\n"),
        ("a {{ x(text=\"One two three four five six.\") }}", "a \n\nOne two three four five six.\n\n"),
        (
            "{% imgcap /b.png Of several words %}",
            "<figure><img src=\"/b.png\" alt=\"Of several words\"><figcaption>Of several words</figcaption></figure>\n",
        ),
        (
            "{% blockquote Ann Other, A Work https://b.example/p Page 1 %}\nInk.\n{% endblockquote %}",
            "\n<blockquote>\n\n\nInk.\n\n\n<p>\u{2014} Ann Other, A Work, <a href=\"https://b.example/p\">Page 1</a></p>\n</blockquote>\n\n",
        ),
        ("{{< code language=\"css\" >}}\na *b* c\n{{< /code >}}", "\n````css\na *b* c\n````\n"),
        ("{{< terminal >}}\n$ ls *x* <dir>\n{{< /terminal >}}", "\n````\n$ ls *x* <dir>\n````\n"),
        (
            "{{< tab name=\"A\" codelang=\"sh\" >}}\na *b*\n{{< /tab >}}",
            "\n<p><strong>A</strong></p>\n\n````sh\na *b*\n````\n",
        ),
        ("a {{< code >}}*b*{{< /code >}} c", "a <code>*b*</code> c"),
        (
            "{% codeblock A pain? lang:rb https://x.example/a Source %}\n*b*\n{% endcodeblock %}",
            "\n<p><strong><a href=\"https://x.example/a\">A pain? Source</a></strong></p>\n\n````rb\n*b*\n````\n",
        ),
        ("a {::comment}gone {{ x }}{:/comment}b {::options parse_html=\"true\" /}c", "a b c"),
        ("{::nomarkdown}<b>x</b>{:/} `{::comment}` {::other}", "<b>x</b> `{::comment}` {::other}"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("`{% include x %}`", "`{% include x %}`"),
        ("`{% raw %}{{ x }}{% endraw %}`", "`{{ x }}`"),
        ("- item\n  {:.wide}\n- two", "- item\n- two"),
        ("[x](y){:target=\"_blank\"} z", "[x](y) z"),
        ("![a](/a.png){.left width=50} b {.wide}\n\nc {.d} e", "![a](/a.png){:size width=50} b \n\nc {.d} e"),
        ("{% image src=\"/a.png\" %}{.float-left .x}\n\nb", "<figure><img src=\"/a.png\" alt=\"\"></figure>\n\n\nb"),
        ("a\n{.lead}\n\n`{.b}` {% raw %}x {.c}{% endraw %}", "a\n\n`{.b}` x {.c}"),
        ("a {#here}\n\n# B {#b}", "a <a id=\"here\"></a>\n\n# B {#b}"),
        ("println!(\"{:?}\")", "println!(\"{:?}\")"),
        ("[b]({{bse}}12)", "[b](unresolved:12)"),
        ("[v3]({% link _posts/2017-01-18-a.markdown %})", "[v3](@/_posts/2017-01-18-a.markdown)"),
        (
            "{{< youtube abc >}}",
            "<a href=\"https://www.youtube.com/watch?v=abc\">https://www.youtube.com/watch?v=abc</a>",
        ),
        ("{{% def id=\"x\" name=\"Type\" %}} kept {{% /def %}}", "<strong>Type</strong>  kept \n\n"),
        (
            "{{< quote author=\"The setters\" >}}Ink.{{< /quote >}}",
            "\n<blockquote>\n\nInk.\n\n<p>\u{2014} The setters</p>\n</blockquote>\n\n",
        ),
        ("As {{< quote \"The setters\" >}}Ink{{< /quote >}} says", "As <q>Ink</q> (The setters) says"),
        ("{{< notice warning >}}Hot.{{< /notice >}}", "\n<div class=\"warning\">\n\nHot.\n\n</div>\n\n"),
        ("{{% note %}}Hot.{{% /note %}}", "\n<div class=\"note\">\n\nHot.\n\n</div>\n\n"),
        ("a\n\n  {% note %}Hot.{% endnote %} \nb", "a\n\n  \n<div class=\"note\">\n\nHot.\n\n</div>\n\n \nb"),
        ("x {{< details \"Sum\" >}}inner{{< /details >}}", "x <strong>Sum</strong> inner"),
        ("{{< details \"Sum\" >}}inner{{< /details >}}, y", "<strong>Sum</strong> inner, y"),
        (
            "{{< tabs >}}{{< tab \"One\" >}}1{{< /tab >}}{{< tab \"Two\" >}}2{{< /tab >}}{{< /tabs >}}",
            "<strong>One</strong> 1\n\n<strong>Two</strong> 2\n\n",
        ),
        ("{{</* figure src=\"a\" */>}}{{/* gone */}}{# gone #}.", "{{< figure src=\"a\" >}}."),
        ("`{{</* ref */>}}`", "`{{< ref >}}`"),
        ("{{< highlight go \"linenos=table\" >}}\nx := 1\n{{< / highlight >}}", "\n````go\nx := 1\n````\n"),
        (
            "{% quote(author=\"The setters\") %}\nInk.\n{% end %}",
            "\n<blockquote>\n\n\nInk.\n\n\n<p>\u{2014} The setters</p>\n</blockquote>\n\n",
        ),
        ("{% callout type=\"warning\" %}\nHot.\n{% /callout %}", "\n<div class=\"warning\">\n\n\nHot.\n\n\n</div>\n\n"),
        ("{% aside %}\nHot.\n{% endaside %}", "\n<div class=\"note\">\n\n\nHot.\n\n\n</div>\n\n"),
        ("* TOC\n{:toc}\nText", "Text"),
        ("[a]({{< relref \"b.md#c\" >}}) [d]({{< ref path=\"#e\" >}})", "[a](@/b.md#c) [d](#e)"),
        ("{{< param excerpt >}}", "Short."),
        ("{{< button href=\"/a\" >}}Go{{< /button >}}", "<a href=\"/a\">Go</a>"),
        ("{% btn https://b.example, The words, home fa-fw %}", "<a href=\"https://b.example\">The words</a>"),
        ("{% post_link other 'Other words' %}", "<a href=\"@/other\">Other words</a>"),
        ("{% post_link other Other words true %}", "<a href=\"@/other\">Other words</a>"),
        ("{% post_link a/other %}", "<a href=\"@/a/other\">other</a>"),
        ("{{% def id=\"x\" %}} kept {{% /def %}}", " kept "),
        (
            "{% include \"linked-figure.html\",\n image: \"/a.jpg\",\n alt: \"A\", caption: \"C\" %}",
            "<figure><img src=\"/a.jpg\" alt=\"A\"><figcaption>C</figcaption></figure>\n",
        ),
        ("{% highlight ruby %}\nputs\n{% endhighlight %}", "\n````ruby\nputs\n````\n"),
    ] {
        assert_eq!(text(source), expected, "{source}");
    }
}

#[test]
fn a_link_that_stands_by_itself_is_a_link_with_words() {
    for (source, expected) in [
        ("Bare {% post_url 2026-07-01-target %}.", "Bare <a href=\"@/2026-07-01-target\">2026-07-01-target</a>."),
        ("({{< relref \"b/c.md#d\" >}})", "(<a href=\"@/b/c.md#d\">c</a>)"),
        ("<{{ site.url }}{% post_url a %}>", "<a href=\"@/a\">a</a>"),
        ("https://s.example{% post_url a %} b", "<a href=\"@/a\">a</a> b"),
        (
            "<a href={% link a.md %}>x</a> <a href='{{ site.url }}{% link a.md %}'>",
            "<a href=@/a.md>x</a> <a href='@/a.md'>",
        ),
        ("[x](<{% link a.md %}>) [y]( {% link a.md %})", "[x](<@/a.md>) [y]( @/a.md)"),
        ("[x]:  {% link a.md %}\n[^1]: {% link b.md %}", "[x]:  @/a.md\n[^1]: <a href=\"@/b.md\">b</a>"),
        ("{% capture u %}{% link a.md %}{% endcapture %}[x]({{ u }}) {{ u }}", "[x](@/a.md) <a href=\"@/a.md\">a</a>"),
    ] {
        assert_eq!(text(source), expected, "{source}");
    }
}

#[test]
fn keys_are_variables_where_nobody_says_page() {
    let scalars = [("who".to_owned(), "World".to_owned()), ("title".to_owned(), "Ink".to_owned())];
    for (source, expected, told) in [
        ("# {{ title }} {{ who }} {% if who %}yes{% endif %}{% unless who %}NO{% endunless %}", "# Ink World yes", 0),
        ("{{ page.url }}{{ who }}", "World", 1),
        ("{{ page.title }} {{ who }}", "Ink ", 1),
        ("{% if nobody %}a{% else %}b{% endif %}{% unless nobody %}c{% endunless %}", "abc", 2),
        ("{% if late %}a{% endif %}{% assign late = 1 %}{% if late %}b{% endif %}", "b", 0),
        ("{% for x in none %}a{% endfor %}.", "a.", 1),
    ] {
        let expanded = expand(source, Page::of(&scalars));
        assert_eq!((&*expanded.text, expanded.reports.len()), (expected, told), "{source}: {:?}", expanded.reports);
    }
}

#[test]
fn an_include_that_is_not_there_is_what_its_name_says() {
    let expanded = expand(
        "{% include youtube.html id=\"w7Ft2ymGmfc\" title=\"A press\" %}\n\n{% include audio.html src=\"/a.mp3\" %}\n\n\
         {% include figure image_path=\"/a.png\" alt=\"A\" %}\n\n{% include youtube.html id=page.film %}",
        Page::default(),
    );
    assert_eq!(
        expanded.text,
        "<a href=\"https://www.youtube.com/watch?v=w7Ft2ymGmfc\">A press</a>\n\n<a href=\"/a.mp3\">/a.mp3</a>\n\n\
         <figure><img src=\"/a.png\" alt=\"A\"></figure>\n\n\n"
    );
    assert_eq!(expanded.reports.len(), 1, "{:?}", expanded.reports);
}

#[test]
fn the_rest_is_reported_once() {
    let expanded =
        expand("a {% include references.md %} b {% include references.md %} {{< plotly >}}", Page::default());
    assert_eq!(expanded.text, "a  b  ");
    assert!(expanded.lacks_include);
    assert_eq!(
        expanded.reports,
        [
            (2, "`{% include references.md …` is not expanded".to_owned()),
            (60, "`{{< plotly …` is not expanded".to_owned())
        ]
    );
}

#[test]
fn loops_cannot_run_away() {
    let mut source = "{% assign n = \"1,2,3,4,5,6,7,8,9,0\" | split: \",\" %}".to_owned();
    source += &"{% for i in n %}".repeat(12);
    source += "xxxxxxxxxxxxxxxx";
    source += &"{% endfor %}".repeat(12);
    assert!(text(&source).len() < 4 << 20);
}

#[test]
fn branches_are_chosen() {
    for (source, expected) in [
        ("{% if page.excerpt == 'Short.' %}a{% else %}b{% endif %}", "a"),
        ("{% if page.none %}a{% elsif 2 > 1 %}b{% else %}c{% endif %}", "b"),
        ("{% unless page.none %}a{% else %}b{% endunless %}", "a"),
        ("{% if page.none %}{% if true %}a{% else %}b{% endif %}{% else %}c{% endif %}", "c"),
        ("{% case page.excerpt %} x {% when 'Long.' %}a{% when \"No\", 'Short.' %}b{% else %}c{% endcase %}", "b"),
        ("{% case 3 %}{% when 1 or 2 %}a{% else %}c{% endcase %}", "c"),
        ("a {%- if true -%} b {%- endif -%} c", "abc"),
        ("{% assign x = 1 | plus: 2 %}{{ x }}", "3"),
        ("{% capture x %}a{{ page.excerpt }}{% endcapture %}[{{ x | upcase }}]", "[ASHORT.]"),
        ("{% for i in (1..4) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}", "1,2,3,4"),
        ("{% for i in (1..9) limit:3 offset:2 reversed %}{{ i }}{% endfor %}", "543"),
        ("{% for i in (1..9) %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}.", "12."),
        ("{% for i in (1..4) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}.", "134."),
        ("{% for i in page.none %}a{% else %}none{% endfor %}", "none"),
        (
            "{% for i in (1..2) %}{% for j in (1..2) %}{{ forloop.index }}{% endfor %}{{ forloop.index }}{% endfor %}",
            "121122",
        ),
        ("a {% endif %} {% else %} {% break %} b", "a    b"),
    ] {
        let expanded = expand(source, Page::of(&[("excerpt".to_owned(), "Short.".to_owned())]));
        assert_eq!((&*expanded.text, expanded.reports), (expected, vec![]), "{source}");
    }
}

#[test]
fn lists_and_tables_of_the_front_matter_are_known() {
    let data =
        front("praise:\n- {author: Zoe's press, text: One}\n- author: a press\n  text: Two\nlinks: {a: /a, b: /b}");
    let page = Page { data: &data, ..Page::default() };
    for (source, expected) in [
        (
            "{% assign p = page.praise | sort_natural: 'author' %}{% for x in p %}{{ x.text }}{% if x.url %}!{% endif %};{% endfor %}",
            "Two;One;",
        ),
        ("{{ page.praise[0].text }}{{ page.praise.last.author }}", "Onea press"),
        ("{% for l in page.links %}[{{ l[0] }}]({{ l[1] }}){% endfor %}", "[a](/a)[b](/b)"),
        ("{{ page.praise | map: 'text' | join: '+' }}", "One+Two"),
        ("{% assign w = page.praise | where: 'text', 'Two' | first %}{{ w.author | slugify }}", "a-press"),
    ] {
        let expanded = expand(source, page);
        assert_eq!((&*expanded.text, expanded.reports), (expected, vec![]), "{source}");
    }
}

#[test]
fn what_nobody_here_can_decide_is_kept_and_reported() {
    let source = "a{% if site.x %}b{% elsif page.none %}c{% elsif true %}d{% else %}e{% endif %}\n\
                  {% for p in site.posts %}Words {{ p.title }}{% endfor %}{% for p in site.posts %}<br>{% endfor %}";
    let expanded = expand(source, Page::default());
    assert_eq!(expanded.text, "abd\nWords ");
    let reports: Vec<(usize, &str)> = expanded.reports.iter().map(|(at, message)| (*at, message.as_str())).collect();
    assert_eq!(
        reports,
        [
            (1, "whether `site.x` holds, in `{% if … %}`, is not known here"),
            (79, "`{% for …` is not expanded"),
            (110, "`{{ p.title }}` is not known here"),
        ]
    );
}

/// A folder with these files in its `_includes`.
fn site(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join("_includes").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn included(files: &[(&str, &str)], source: &str) -> (String, Vec<String>) {
    let folder = site(files);
    std::fs::create_dir_all(folder.path().join("_posts/a")).unwrap();
    std::fs::write(folder.path().join("_posts/a/beside.md"), "beside").unwrap();
    let includes = Includes::of(&folder.path().join("_posts"), folder.path());
    let directory = folder.path().join("_posts/a");
    let scalars = [("title".to_owned(), "On ink".to_owned())];
    let expanded = expand(source, Page { includes: Some((&includes, &directory)), ..Page::of(&scalars) });
    (expanded.text.into_owned(), expanded.reports.into_iter().map(|(_, message)| message).collect())
}

#[test]
fn files_are_included_with_what_they_are_handed() {
    let files = [
        (
            "note.html",
            "<div>{{ include.text | default: page.title }}{% if include.by %} by {{ include.by }}{% endif %}</div>",
        ),
        ("deep/links.md", "[a]: /a\n`{{ code }}`"),
        ("outer.html", "({% include note.html text=include.x %}{{ include.x }})"),
        ("sets.html", "{% assign set = 'set' %}"),
        ("indented.html", "<ul>\n\n    <li>{{ page.title }}</li>\n</ul>"),
    ];
    for (source, expected) in [
        ("{% include note.html text=\"a\" by='b' %}", "<div>a by b</div>"),
        ("{% include note.html %}", "<div>On ink</div>"),
        ("{% include note.html text=page.title %}", "<div>On ink</div>"),
        ("{% assign f = 'note.html' %}{% include {{ f }} text=\"x\" %}", "<div>x</div>"),
        ("{% include deep/links.md %}", "[a]: /a\n`{{ code }}`"),
        ("{% include outer.html x=\"y\" %}", "(<div>y</div>y)"),
        ("{% include sets.html %}{{ set }}", "set"),
        ("{% include indented.html %}", "<ul>\n\n    <li>On ink</li>\n</ul>"),
        ("{% include 'note', text: \"a\" %}", "<div>a</div>"),
        ("{% include_relative beside.md %}", "beside"),
    ] {
        assert_eq!(included(&files, source), (expected.to_owned(), vec![]), "{source}");
    }
}

#[test]
fn includes_neither_run_away_nor_leave_their_folder() {
    let files = [
        ("a.html", "a{% include b.html %}"),
        ("b.html", "b{% include a.html %}"),
        ("unknown.html", "x\n {{ site.y }}"),
        ("figure.html", "<figure>{{ site.data.x }}</figure>"),
    ];
    assert_eq!(
        included(&files, "{% include a.html %}"),
        (
            "ab".to_owned(),
            vec!["_includes/b.html:1:2: `_includes/a.html` includes itself; that is not expanded".to_owned()]
        )
    );
    assert_eq!(
        included(&files, "{% include unknown.html %}"),
        ("x\n ".to_owned(), vec!["_includes/unknown.html:2:2: `{{ site.y }}` is not known here".to_owned()])
    );
    // The arguments show the picture, the template cannot.
    assert_eq!(
        included(&files, "{% include figure.html src=\"/a.png\" alt=\"A\" %}"),
        ("<figure><img src=\"/a.png\" alt=\"A\"></figure>\n".to_owned(), vec![])
    );
    for outside in ["../_posts/a/beside.md", "/etc/hostname", "./note.html", ""] {
        let (text, reports) = included(&files, &format!("{{% include {outside} %}}"));
        assert_eq!((text.as_str(), reports.len()), ("", 1), "{outside}: {reports:?}");
    }
    let wide = "{% include b.html %}".repeat(200);
    let files: Vec<(String, String)> = (0..12)
        .map(|level| (format!("l{level}.html"), wide.replace("b.html", &format!("l{}.html", level + 1))))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert!(included(&files, "{% include l0.html %}").0.len() < 4 << 20);
}

#[test]
fn hostile_input_ends_soon() {
    for piece in [
        "{% if x %}",
        "{% for a in b %}",
        "{% endif %}",
        "{% case x %}{% when",
        "{% else %}",
        "{%(%}{% end %}",
        "{{< a >}}",
    ] {
        text(&piece.repeat(50_000));
    }
    let heavy =
        format!("{{% for i in (1..10000) %}}{{% if i == 0 %}}{}{{% endif %}}{{% endfor %}}", "x".repeat(100_000));
    assert!(text(&heavy).len() < 1 << 20);
}

/// What the templates of a text take, in bytes, and its reports.
fn taken(source: &str) -> (usize, String, Vec<(usize, String)>) {
    let mut state = super::State::new(Page::default(), source.len());
    super::Expander::expand(source, true, &mut state);
    (state.variables.budget.taken(), state.out.into(), state.reports)
}

#[test]
fn values_cannot_run_away() {
    let double = |tag: &str, times: usize| format!("{{% assign a = \"xxxxxxxxxxxxxxxx\" %}}{}", tag.repeat(times));
    for source in [
        double("{% assign a = a | replace: \"x\", a %}", 6),
        double("{% assign a = a | append: a | append: a %}", 40),
        double("{% assign a = a | prepend: a %}", 60),
        double("{% capture a %}{{ a }}{{ a }}{{ a }}{{ a }}{% endcapture %}", 40),
        double("{% assign a = a | split: \"x\" | join: a %}", 40),
        double("{% assign a = a | split: \"x\" | join: a | markdownify %}", 40),
        double("{% for i in (1..10000) %}{% assign a = a | append: a %}{% endfor %}", 1),
        double("{% for i in (1..10000) %}{% for j in (1..10000) limit: 0 %}{% endfor %}{% endfor %}", 3),
        double("{% assign a = a | append: a %}", 14) + &"{% if a contains \"y\" %}{% endif %}".repeat(1000),
        double("{% assign a = a | append: a %}", 14) + &"{% case a %}{% when \"y\" %}{% endcase %}".repeat(1000),
        double("{% assign a = a | append: a %}", 14) + &"{{ a | size }}".repeat(1000),
    ] {
        let source = source + "The {{ 'end' | upcase }}.";
        let (bytes, out, reports) = taken(&source);
        let shown = &source[..200.min(source.len())];
        assert!(bytes <= super::budget::MAX_WORK && out.len() <= source.len() + (2 << 20), "{shown}");
        assert_eq!(reports.len(), 1, "{shown}: {reports:?}");
        assert!(reports[0].1.contains("from here on they are left as they stand"), "{shown}: {reports:?}");
        assert!(source[reports[0].0..].starts_with('{'), "{shown}");
        assert!(out.ends_with("The {{ 'end' | upcase }}."), "{shown}");
    }
    let source = double("{% assign a = a | append: a %}", 14) + &"{% tag a a a a %}".repeat(1000);
    let (_, out, reports) = taken(&source);
    assert!(reports.len() == 2 && reports[1].1.contains("left as they stand") && out.ends_with("{% tag a a a a %}"));
    // What people write stays far below.
    let (bytes, out, reports) =
        taken("{% assign a = '' %}{% for i in (1..200) %}{% assign a = a | append: 'ab' %}{% endfor %}{{ a }}");
    assert!(bytes < 200_000 && out.len() == 400 && reports.is_empty(), "{bytes} {}", out.len());
}

#[test]
fn an_include_does_not_copy_the_front_matter_and_stays_within_the_budget() {
    let files = [("big.html", &*"word ".repeat(100_000))];
    let (text, reports) = included(&files, &"{% include big.html %}\n".repeat(30));
    assert!(text.len() < 3 << 20 && text.ends_with("{% include big.html %}\n"));
    assert_eq!(reports.len(), 1);
    assert!(reports[0].contains("left as they stand"), "{reports:?}");
}
