//! A browser, driven by its `DevTools` protocol over a pair of pipes.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::{link, served, settled, standing};
use crate::service::wait_until;
use crate::tools::tool;

/// A page of a headless Chromium.
struct Browser {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: String,
    count: u64,
    _folder: tempfile::TempDir,
}

impl Browser {
    /// Starts it, unless it is not installed. A shell gives it the two pipes as its descriptors 3 and 4.
    fn start() -> Option<Self> {
        tool("chromium")?;
        let folder = tempfile::tempdir().unwrap();
        let pipes = [folder.path().join("to"), folder.path().join("from")];
        assert!(Command::new("mkfifo").args(&pipes).status().unwrap().success());
        let child = Command::new("sh")
            .args(["-c", "exec chromium \"$@\" 3<\"$TO\" 4>\"$FROM\"", "sh"])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
            .args(["--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"])
            .args(["--window-size=390,800", &format!("--user-data-dir={}", folder.path().join("profile").display())])
            .arg("about:blank")
            .envs([("TO", &pipes[0]), ("FROM", &pipes[1])])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = OpenOptions::new().write(true).open(&pipes[0]).unwrap();
        let from = BufReader::new(File::open(&pipes[1]).unwrap());
        let mut this = Self { child, to, from, session: String::new(), count: 0, _folder: folder };
        let made = this.tell("Target.createTarget", &json!({ "url": "about:blank" }));
        let attached = this.tell("Target.attachToTarget", &json!({ "targetId": made["targetId"], "flatten": true }));
        attached["sessionId"].as_str().unwrap().clone_into(&mut this.session);
        this.tell("Page.enable", &json!({}));
        Some(this)
    }

    /// Tells it to do something, which it can.
    fn tell(&mut self, method: &str, parameters: &Value) -> Value {
        let answer = self.ask(method, parameters);
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Tells it to do something, and waits for what it answers.
    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.count += 1;
        let mut message = json!({ "id": self.count, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let mut bytes = Vec::new();
            self.from.read_until(0, &mut bytes).unwrap();
            assert!(!bytes.is_empty(), "the browser has gone");
            bytes.pop();
            let answer: Value = serde_json::from_slice(&bytes).unwrap();
            if answer["id"] == self.count {
                return answer;
            }
        }
    }

    /// The value of an expression on the page; null for a moment while a page changes.
    fn value(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true });
        self.ask("Runtime.evaluate", &asked)["result"]["result"]["value"].clone()
    }

    /// Opens an address, and waits until its page is there.
    fn open(&mut self, address: &str) {
        self.tell("Page.navigate", &json!({ "url": address }));
        wait_until(address, || {
            self.value("document.readyState") == "complete" && self.value("location.href") == address
        });
    }

    /// The families in which the text of an element is drawn.
    fn faces(&mut self, selector: &str) -> Vec<String> {
        self.tell("DOM.enable", &json!({}));
        self.tell("CSS.enable", &json!({}));
        let root = self.tell("DOM.getDocument", &json!({}))["root"]["nodeId"].clone();
        let node = self.tell("DOM.querySelector", &json!({ "nodeId": root, "selector": selector }));
        let faces = self.tell("CSS.getPlatformFontsForNode", &json!({ "nodeId": node["nodeId"] }));
        let family = |face: &Value| face["familyName"].as_str().unwrap().to_owned();
        faces["fonts"].as_array().unwrap().iter().map(family).collect()
    }

    /// Presses the button of the page, and waits until the next page has this heading.
    fn press(&mut self, heading: &str) {
        self.value("document.querySelector('button').click()");
        wait_until(heading, || self.value("document.querySelector('h1').textContent") == heading);
        assert_eq!(self.value("document.documentElement.scrollWidth <= innerWidth"), true, "wider than a phone");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_reader_with_a_browser_subscribes_confirms_by_mail_and_unsubscribes() {
    let Some(mut browser) = Browser::start() else { return };
    let (publication, running) = served();
    let host = format!("http://{}", running.host);
    // The pages have no scripts, and would not run any: the protocol fills the fields in.
    browser.open(&format!("{host}/letters/subscribe?lang=en"));
    browser.value("document.querySelector('[name=address]').value = 'ann@x.example'");
    browser.value("document.querySelector('[name=name]').value = 'Ann'");
    browser.value("document.querySelector('[value=members]').click()");
    browser.press("Look into your mailbox");
    let mails = settled(&publication, &running);
    browser.open(&format!("{host}{}", link(&mails[0].2)));
    assert_eq!(standing(&publication, "members", "ann@x.example"), "pending");
    browser.press("You are subscribed");
    assert_eq!(standing(&publication, "members", "ann@x.example"), "active");
    let publication = publication.at("2026-09-02T08:00:00Z").published();
    let issue = publication.tree("outbox/newsletter-2");
    let (_, bytes) = issue.iter().find(|(path, _)| path.starts_with("ann@x.example")).unwrap();
    let message = mail_parser::MessageParser::default().parse(bytes).unwrap();
    let html = message.body_html(0).unwrap();
    let address = html.split("href=\"").find(|rest| rest.contains("/unsubscribe/")).unwrap().split('"').next().unwrap();
    browser.open(address);
    assert_eq!(standing(&publication, "members", "ann@x.example"), "active");
    browser.press("You are unsubscribed");
    assert_eq!(standing(&publication, "members", "ann@x.example"), "unsubscribed");
    assert_eq!(browser.value("document.cookie"), "");
}

#[test]
fn pages_look_alike_in_either_direction() {
    let Some(mut browser) = Browser::start() else { return };
    let (_publication, running) = served();
    let mut faces = Vec::new();
    for (language, side) in [("en", "calc(100% - "), ("fa", ""), ("ar", "")] {
        browser.open(&format!("http://{}/letters/subscribe?lang={language}", running.host));
        faces.push(browser.faces(".choice .name"));
        let gap = "document.querySelector('h1').getBoundingClientRect().top
                   - document.querySelector('header').getBoundingClientRect().bottom";
        assert!(browser.value(gap).as_f64().unwrap() < 50.0, "{language}: the heading is far down");
        let arrow = browser.value("getComputedStyle(document.querySelector('select')).backgroundPositionX");
        let inset = |at: &str| {
            at.strip_prefix(side).and_then(|rest| rest.trim_end_matches(')').strip_suffix("px")?.parse().ok())
        };
        let away = arrow.as_str().unwrap().split(", ").all(|at| inset(at).is_some_and(|inset: f64| inset > 10.0));
        assert!(away, "{language}: {arrow}");
    }
    assert!(!faces[0].is_empty() && faces.iter().all(|face| *face == faces[0]), "{faces:?}");
}
