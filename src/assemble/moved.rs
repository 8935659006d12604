//! A frozen issue as it links today, where the publication stands at another address than it did then.

use std::collections::BTreeSet;

use crate::model::{Article, Html, Issue, page_of_link};

/// The addresses at which the publication stood when the issues that a volume binds were frozen, whose texts it has; `others` are
/// the frozen issues that there are.
#[must_use]
pub fn of_bound<'i>(volume: &Issue, others: &[&'i Issue]) -> BTreeSet<&'i str> {
    let Some(series) = &volume.series.binds else { return BTreeSet::new() };
    let parts: BTreeSet<u64> = volume.sections.iter().filter_map(|section| section.issue).collect();
    let bound = others.iter().filter(|other| other.key.series == *series && parts.contains(&other.ordinal()));
    bound.flat_map(|issue| of_bound(issue, others).into_iter().chain([issue.publication.base_url.as_str()])).collect()
}

/// The issue with its links to pages of its own publication, which stood at the addresses `former`, leading to where these stand
/// now, under `home`: of a frozen one for the web; in its PDF and its mail they stay as they went out. `stands` says what stands
/// there: the old address may have held more than this publication. `None` where nothing changes.
#[must_use]
pub fn moved(issue: &Issue, former: &BTreeSet<&str>, home: &str, stands: impl Fn(&str) -> bool) -> Option<Issue> {
    if former.iter().all(|former| *former == home) {
        return None;
    }
    let place = |address: &str| -> Option<String> {
        former.iter().filter(|former| **former != home).find_map(|former| {
            let now = format!("{home}{}", address.strip_prefix(former)?);
            stands(&page_of_link(&now)).then_some(now)
        })
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
    use std::collections::BTreeSet;

    use chrono_tz::Tz;

    use super::{moved, of_bound};
    use crate::assemble::fixture::{at, post, run, series};
    use crate::model::{Html, Issue, IssueKey, Post, Section, WindowRule};

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
        let now = moved(&issue(&body), &BTreeSet::from([OLD]), NEW, stands).unwrap();
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
        assert_eq!(moved(&issue, &BTreeSet::from([OLD]), OLD, |_| true), None);
        assert_eq!(moved(&issue, &BTreeSet::from([OLD]), NEW, |_| false), None);
    }

    #[test]
    fn a_volume_has_the_texts_of_the_issues_that_it_binds_and_those_of_theirs() {
        let issue = |series: &str, ordinal, binds: Option<&str>, parts: &[u64]| {
            let mut issue = issue("<p>a</p>");
            issue.key = IssueKey { series: series.to_owned(), ordinal };
            issue.series.binds = binds.map(str::to_owned);
            issue.publication.base_url = format!("https://{series}-{ordinal}.example/");
            let part = |ordinal: &u64| Section { issue: Some(*ordinal), ..issue.sections[0].clone() };
            issue.sections = parts.iter().map(part).collect();
            issue
        };
        let shelf = [
            issue("week", 1, None, &[]),
            issue("week", 2, None, &[]),
            issue("month", 1, Some("week"), &[1]),
            issue("month", 2, Some("week"), &[2]),
        ];
        let shelf: Vec<&Issue> = shelf.iter().collect();
        let bases = of_bound(&issue("year", 1, Some("month"), &[2]), &shelf);
        assert_eq!(bases, BTreeSet::from(["https://month-2.example/", "https://week-2.example/"]));
        assert_eq!(of_bound(shelf[0], &shelf), BTreeSet::new());
    }
}
