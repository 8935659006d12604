//! Posts and issues for tests.

use chrono::{DateTime, Utc};

use crate::model::{
    Article, Asset, Calendar, Contents, Credit, FORMAT, Frozen, Html, Issue, IssueKey, Language, Names, Number, Origin,
    Particulars, Picture, Post, PostId, Publication, Section, SeriesIdentity, Style, Window,
};

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an RFC 3339 instant")
}

pub(crate) fn language(tag: &str) -> Language {
    Language::parse(tag).expect("a language tag")
}

/// Markup as a frozen issue brings it.
pub(crate) fn html(markup: &str) -> Html {
    serde_json::from_value(markup.into()).expect("a text")
}

pub(crate) fn publication() -> Publication {
    Publication {
        title: "The Compositor".to_owned(),
        description: Some("On type & print".to_owned()),
        base_url: "https://compositor.example/".to_owned(),
        language: language("en"),
        time_zone: chrono_tz::Europe::Tirane,
        publisher: Some("The Compositor Society".to_owned()),
        postal_address: Some("1 Galley Lane, Tirana".to_owned()),
        contact: Some("editors@compositor.example".to_owned()),
        rights: None,
        editions: std::collections::BTreeMap::new(),
        logo: None,
        names_in: None,
        borrowed: std::collections::BTreeSet::new(),
    }
}

/// The publication as a Persian edition that says only its title and its publisher.
pub(crate) fn persian_edition() -> Publication {
    let names =
        Names {
            title: Some("حروف‌چین".to_owned()), publisher: Some("تحریریهٔ حروف‌چین".to_owned()), ..Names::default()
        };
    let rights = Some("All may be used freely".to_owned());
    Publication { rights, editions: [(language("fa"), names)].into(), ..publication() }.in_language(&language("fa"))
}

pub(crate) fn post(number: u32, tag: &str, title: &str, body: &str) -> Post {
    let date = instant("2026-07-01T08:00:00Z") + chrono::TimeDelta::hours(i64::from(number) * 7);
    Post {
        id: PostId(format!("tag:compositor.example,2026:post-{number}")),
        source: "posts".to_owned(),
        origin: Origin::Own,
        file: format!("posts/post-{number}.md").into(),
        slug: format!("post-{number}"),
        address: format!("https://compositor.example/posts/post-{number}/"),
        language: language(tag),
        title: title.to_owned(),
        published: Some(date),
        first_seen: date,
        updated: None,
        draft: false,
        held_back: None,
        public: false,
        authors: vec!["The editors".to_owned()],
        tags: vec!["type".to_owned()],
        categories: Vec::new(),
        section: Some("Reports".to_owned()),
        summary: Some(format!("About {title}.")),
        picture: None,
        body: html(body),
        credit: None,
        enclosures: Vec::new(),
        aliases: Vec::new(),
        first_slug: None,
        first_place: None,
        particulars: Particulars::default(),
        assets: Vec::new(),
    }
}

pub(crate) fn with_picture(mut post: Post) -> Post {
    let name = "0123456789abcdef.png";
    post.picture = Some(Picture {
        src: format!("assets/{name}"),
        alt: "A composing stick \"half\" full".to_owned(),
        caption: Some("Lead & antimony".to_owned()),
        lost: false,
    });
    post.credit = Some(Credit {
        name: "The National Archive".to_owned(),
        url: Some("https://archive.example/?a=1&b=2".to_owned()),
    });
    post.assets.push(Asset {
        name: name.to_owned(),
        sha256: "0123456789abcdef".repeat(4),
        file: name.into(),
        media_type: "image/png".to_owned(),
        length: 10,
        width: Some(1200),
        height: Some(800),
    });
    post
}

pub(crate) fn issue(tag: &str, title: &str, posts: Vec<Post>) -> Issue {
    let date = instant("2026-07-31T22:00:00Z");
    let articles = posts
        .into_iter()
        .map(|post| Article { anchor: post.slug.clone(), post, late: false, for_members: false, band: None })
        .collect();
    Issue {
        format: FORMAT,
        key: IssueKey { series: "newsletter".to_owned(), ordinal: 3 },
        publication: publication(),
        series: SeriesIdentity {
            key: "newsletter".to_owned(),
            title: title.to_owned(),
            language: language(tag),
            calendar: if tag == "fa" { Calendar::Persian } else { Calendar::Gregorian },
            style: Style::Articles,
            columns: 1,
            contents: Contents::Titles,
            issn: None,
            binds: None,
            public: true,
        },
        number: Number { number: 94, year: 2026, volume: None, label: "94".to_owned() },
        title: None,
        intro: None,
        intro_assets: Vec::new(),
        window: Window { since: instant("2026-06-30T22:00:00Z"), until: date },
        date,
        sections: vec![Section { title: "Reports".to_owned(), issue: None, bound: None, intro: None, articles }],
        standing: Vec::new(),
        verdicts: Vec::new(),
        assets: Vec::new(),
        nowhere: std::collections::BTreeSet::new(),
        imported_pdf: None,
        frozen: Some(Frozen {
            at: instant("2026-08-01T06:00:00Z"),
            revision: 1,
            updated: instant("2026-08-01T06:00:00Z"),
            amendments: Vec::new(),
            mail: false,
            editorial_sha256: String::new(),
            withdrawals: Vec::new(),
        }),
    }
}
