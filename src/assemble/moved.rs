//! A frozen issue as it links today, where the publication stands at another address than it did then.

use crate::model::{Article, Html, Issue, page_of_link};

/// The issue with its links to pages of its own publication leading to where these stand now, under `home`, for the web; in
/// its PDF and its mail they stay as they went out. `stands` says what stands there: the old address may have held more than this
/// publication. `None` where nothing changes.
#[must_use]
pub fn moved(issue: &Issue, home: &str, stands: impl Fn(&str) -> bool) -> Option<Issue> {
    let former = issue.publication.base_url.as_str();
    if former == home {
        return None;
    }
    let place = |address: &str| -> Option<String> {
        let now = format!("{home}{}", address.strip_prefix(former)?);
        stands(&page_of_link(&now)).then_some(now)
    };
    let mut moved = issue.clone();
    let mut is_changed = false;
    let mut settle = |html: &mut Html| {
        if let Some(settled) = html.with_links(place) {
            *html = settled;
            is_changed = true;
        }
    };
    moved.intro.iter_mut().for_each(&mut settle);
    moved.sections.iter_mut().filter_map(|section| section.intro.as_mut()).for_each(&mut settle);
    articles(&mut moved).for_each(|article| settle(&mut article.post.body));
    for article in articles(&mut moved) {
        if let Some(now) = place(&article.post.address) {
            article.post.address = now;
            is_changed = true;
        }
    }
    is_changed.then_some(moved)
}

fn articles(issue: &mut Issue) -> impl Iterator<Item = &mut Article> {
    issue.sections.iter_mut().flat_map(|section| &mut section.articles).chain(&mut issue.standing)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::moved;
    use crate::assemble::fixture::{at, post, run, series};
    use crate::model::{Html, Issue, Post, WindowRule};

    const OLD: &str = "https://compositor.example/";
    const NEW: &str = "https://new.example/paper/";

    fn html(text: &str) -> Html {
        serde_json::from_value(text.into()).unwrap()
    }

    fn issue(body: &str) -> Issue {
        let body = html(body);
        let address = format!("{OLD}posts/a/");
        let posts = [Post { address, body, ..post("a", at("2026-03-10T00:00:00Z")) }];
        let mut issues = Vec::new();
        run(&series(WindowRule::Monthly), Tz::UTC, &posts, &mut issues, at("2026-04-02T00:00:00Z"));
        let issue = issues.remove(0);
        assert_eq!(issue.publication.base_url, OLD);
        issue
    }

    fn stands(page: &str) -> bool {
        [format!("{NEW}posts/a/"), format!("{NEW}posts/b/"), format!("{NEW}posts/ë/")].iter().any(|known| known == page)
    }

    #[test]
    fn links_to_what_stands_at_the_new_address_lead_there_and_others_stay() {
        let body = format!(
            "<p><a href=\"{OLD}posts/b/#x\">b</a> {OLD}posts/b/ <a title=\"&lt;a href=&quot;\" href=\"{OLD}join\">join</a> \
             <a href=\"{OLD}posts/%C3%AB/?a=1&amp;b\">e</a> <a href=\"{OLD}posts/%C3%AB/\">e</a> <a href=\"#y\">y</a></p>"
        );
        let now = moved(&issue(&body), NEW, stands).unwrap();
        let article = &now.sections[0].articles[0];
        let wanted = body.replace(&format!("{OLD}posts/b/#x"), &format!("{NEW}posts/b/#x"));
        let wanted = wanted.replace(&format!("\"{OLD}posts/%C3%AB/\""), &format!("\"{NEW}posts/%C3%AB/\""));
        assert_eq!(article.post.body.as_str(), wanted);
        assert_eq!(article.post.address, format!("{NEW}posts/a/"));
        assert_eq!(now.publication.base_url, OLD, "by which its id is made");
    }

    #[test]
    fn an_issue_of_the_same_address_is_not_copied() {
        let issue = issue(&format!("<p><a href=\"{OLD}posts/b/\">b</a></p>"));
        assert_eq!(moved(&issue, OLD, |_| true), None);
        assert_eq!(moved(&issue, NEW, |_| false), None);
    }
}
