use super::expand;

fn text(source: &str) -> String {
    expand(source, &[("title".to_owned(), "A title".to_owned())]).text.into_owned()
}

#[test]
fn components_are_what_they_stand_for() {
    for (source, expected) in [
        ("import A from './a'\nexport const b = {\n\n  c: 1,\n}\n\nText\n", "\nText\n"),
        ("export const a = `\n  b\n\n  c }\n`\n\nText\n", "\nText\n"),
        ("export const A = () => {\n  const s = \"}\";\n\n  return <p>don't</p>\n}\n\nText\n", "\nText\n"),
        ("We had to\nimport goods from\nChina.\n", "We had to\nimport goods from\nChina.\n"),
        ("export type A = {\n  b: string\n}\n\nimport B from\n  'b'\nexport enum C { D }\n# T\n", "\n# T\n"),
        ("export const a = {\n\nText\n", "\nText\n"),
        ("See $a_{b}^{2}$ and $${x}$$, for $5 {1}\n", "See $a_{b}^{2}$ and $${x}$$, for $5 1\n"),
        ("$$\n\\frac{a}{b}\n$$\n\n{1} $ {2}\n", "$$\n\\frac{a}{b}\n$$\n\n1 $ 2\n"),
        ("a {1}{null}{\n  // no\n}\n", "a 1\n"),
        ("# T {#id}\n{/* truncate */}\n", "# T {#id}\n<!-- truncate -->\n"),
        ("a{' '}b \\{c} `{d} <E/>` {frontMatter.title}", "a b \\{c} `{d} <E/>` A title"),
        ("```js\nconst a = <B c={d} />\n```\n", "```js\nconst a = <B c={d} />\n```\n"),
        (
            "<AlertBox level=\"warning\" title=\"Now\">\n    Take *care*.\n</AlertBox>\n",
            "\n<div class=\"warning\">\n\n<p><strong>Now</strong></p>\n\n\n\nTake *care*.\n\n\n</div>\n\n\n",
        ),
        ("<Image src={require('./a.png').default} alt='A' />", "<figure><img src=\"./a.png\" alt=\"A\"></figure>\n\n"),
        (
            "<img src={useBaseUrl('/a.png')} style={{color: 'red', maxWidth: '50%', height: 30}} />",
            "<img src=\"/a.png\" style=\"max-width: 50%; height: 30px\"/>\n",
        ),
        ("<Image src='a.png' width={40} />", "<figure><img src=\"a.png\" alt=\"\" width=\"40\"></figure>\n\n"),
        ("<img src='/a.png' style={{float: 'left'}} />", "<img src=\"/a.png\"/>\n"),
        ("See <Tabs><TabItem label=\"One\">x</TabItem></Tabs>, a < b", "See <strong>One</strong> x, a < b"),
        (
            "<YouTube id=\"abc\" />",
            "<a href=\"https://www.youtube.com/watch?v=abc\">https://www.youtube.com/watch?v=abc</a>\n",
        ),
        (
            "import pic from './a.png'\nimport B from 'b';\n\n<Image src={pic} alt=\"A\" />\n\n<img src={pic.src} />\n",
            "\n<figure><img src=\"./a.png\" alt=\"A\"></figure>\n\n\n\n<img src=\"./a.png\"/>\n\n",
        ),
        (
            "x <Themed alt=\"A\" sources={{light: './a.png', dark: './b.png'}} /> y",
            "x <img src=\"./a.png\" alt=\"A\"> y",
        ),
        (
            "a <Card title=\"T\" text=\"It is so.\" href=\"/b\" />",
            "a <a href=\"/b\"><strong>T</strong></a>\n\nIt is so.\n\n",
        ),
        ("<>a</>", "a"),
        ("<Highlight color=\"#fff\">Green</Highlight> and *more*.\n", "Green and *more*.\n"),
        ("<Note>First</Note> and then more words.\n", "First and then more words.\n"),
        ("<Image src='a.png' alt='A' /> stands here.\n", "<img src=\"a.png\" alt=\"A\"> stands here.\n"),
        ("<CodeBlock lang=\"js\">\n{`a\n  *b*`}</CodeBlock>\n", "\n````js\na\n  *b*\n````\n\n"),
        ("<CodeBlock language=\"js\">{`a *b* c`}</CodeBlock>\n", "\n````js\na *b* c\n````\n\n"),
        ("<Link to=\"/a\">the *guide*</Link> is\n", "<a href=\"/a\">the *guide*</a> is\n"),
        ("See <A href=\"https://b.example/\">B</A>.", "See <a href=\"https://b.example/\">B</a>."),
        ("<Link href=\"/a\">\n  words\n</Link>\n", "<a href=\"/a\">words\n</a>\n"),
        ("<Part href=\"/a\">\n\n- one\n\n</Part>\n", "\n\n\n- one\n\n\n\n<a href=\"/a\">/a</a>\n\n\n"),
        (
            "<Card title=\"A\" description=\"One two three four five six.\" className=\"a b c d e f\" href=\"/a\" />",
            "<a href=\"/a\"><strong>A</strong></a>\n\nOne two three four five six.\n\n\n",
        ),
        ("a Vec<T> b, an Option<String>. <Note>x</Note>", "a Vec<T> b, an Option<String>. x"),
        ("<div>*em*</div>\n**b**\n", "<div><em>em</em></div>\n\n**b**\n"),
        (
            "<table>\n  <tr>\n    <td>a **b**</td>\n    <td>\n      - c\n    </td>\n  </tr>\n</table>\nd\n",
            "<table>\n<tr>\n<td>a <strong>b</strong></td>\n\n<td>\n\n- c\n</td>\n\n</tr>\n\n</table>\n\nd\n",
        ),
        ("<section>\n  **b3**\n</section>\n", "<section>\n\n**b3**\n</section>\n\n"),
        ("<p>\n  (right [x](/y))\n</p>\n", "<p>\n(right <a href=\"/y\">x</a>)\n</p>\n\n"),
        ("<div>\n```\n<p>*a*\n```\n</div>\n", "<div>\n\n```\n<p>*a*\n```\n</div>\n\n"),
        ("a Vec<T> b `</T>`\n```\n</T>\n```\n", "a Vec<T> b `</T>`\n```\n</T>\n```\n"),
    ] {
        assert_eq!(text(source), expected, "{source}");
    }
}

#[test]
fn the_rest_is_reported() {
    let link = expand("<a href={`https://t.example/${1}`}>a</a> b <Image src={pic} alt=\"A press\" /> c", &[]);
    assert_eq!(link.text, "<a>a</a> b A press  c");
    let reports: Vec<&str> = link.reports.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(reports, ["`href` of `<a …>` is not known here", "`<Image …>` is not expanded"]);
    let expanded = expand("a <Plot data={x} />\n{list.map(i => <b>{i}</b>)}\n<Chart of=\"ink\">\n", &[]);
    assert_eq!(expanded.text, "a \n\n\n\n");
    let reports: Vec<&str> = expanded.reports.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(
        reports,
        [
            "`<Plot …>` is not expanded",
            "`{list.map(i => <b>{i}</b>)}` is not known here",
            "`<Chart …>` has no end; what it says is not shown"
        ]
    );
}

#[test]
fn hostile_input_ends_soon() {
    for piece in ["{", "<A ", "<A>", "`", "{\"", "<A b={", "<CodeBlock a=b>\n", "<A href=b>\nc", "export {"] {
        text(&piece.repeat(100_000));
    }
}
