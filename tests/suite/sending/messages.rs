//! Messages as they arrive: signatures, and what mail servers and filters think of them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use mail_parser::{MessageParser, MimeHeaders as _};

use super::sink::Behaviour;
use super::{mail, with_mail};
use crate::publication::Publication;
use crate::samples::bilingual;
use crate::tools::{as_shown, output_of, tool};

/// Checks every signature of each file named; says how many there were. DNS is a folder of keys.
const VERIFY: &str = r"
import sys, dkim
keys = {}
for line in open(sys.argv[1]):
    name, value = line.rstrip('\n').split('\t')
    keys[name] = value.encode()
def dns(name, timeout=5):
    return keys.get(name.decode() if isinstance(name, bytes) else name)
total = 0
for path in sys.stdin.read().split('\n'):
    if not path:
        continue
    message = open(path, 'rb').read()
    checker = dkim.DKIM(message)
    count = sum(1 for name, _ in checker.headers if name.lower() == b'dkim-signature')
    for index in range(count):
        if not checker.verify(idx=index, dnsfunc=dns):
            sys.exit('signature %d of %s does not hold' % (index, path))
        signed = checker.signature_fields[b'h'].lower() if hasattr(checker, 'signature_fields') else b''
        total += 1
print(total)
";

/// Keys of two kinds in `folder`, and what DNS would say of them.
fn keys(folder: &Path) -> Option<()> {
    let path = |name: &str| folder.join(name).display().to_string();
    output_of("openssl", &["genrsa", "-out", &path("rsa.pem"), "2048"])?;
    output_of("openssl", &["genpkey", "-algorithm", "ed25519", "-out", &path("ed25519.pem")])?;
    let public = |name: &str| {
        let pem = output_of("openssl", &["pkey", "-in", &path(name), "-pubout"]).unwrap();
        pem.lines().filter(|line| !line.starts_with("-----")).collect::<String>()
    };
    // DNS has the bare 32 bytes of an Ed25519 key (RFC 8463 4.2), which stand at the end of its X.509 form.
    let ed25519 = {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        let der = engine.decode(public("ed25519.pem")).unwrap();
        engine.encode(&der[der.len() - 32..])
    };
    let zone = format!(
        "r1._domainkey.compositor.example.\tv=DKIM1; k=rsa; p={}\ne1._domainkey.compositor.example.\tv=DKIM1; k=ed25519; p={ed25519}\n",
        public("rsa.pem")
    );
    std::fs::write(folder.join("zone"), zone).unwrap();
    Some(())
}

const SIGNED: &str = "[[mail.dkim]]\nselector = \"r1\"\nkey_file = \"rsa.pem\"\n[[mail.dkim]]\nselector = \"e1\"\nkey_file = \"ed25519.pem\"";

/// Where readers leave by one click (RFC 8058).
const ONE_CLICK: &str = "subscriptions_url = \"https://compositor.example/letters/\"\n";

/// How many signatures of these messages hold; `None` where dkimpy is not installed.
fn verified(zone: &Path, messages: &[std::path::PathBuf]) -> Option<usize> {
    use std::io::Write as _;
    let mut python = tool("python3")?;
    let has =
        Command::new("python3").args(["-c", "import dkim, nacl"]).stderr(Stdio::null()).status().unwrap().success();
    if !crate::tools::present(has, "dkimpy and pynacl are not installed") {
        return None;
    }
    let mut child = python
        .args(["-c", VERIFY])
        .arg(zone)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let names: String = messages.iter().map(|path| format!("{}\n", path.display())).collect();
    child.stdin.take().unwrap().write_all(names.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

#[test]
fn doctor_says_what_dns_must_have_of_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    if keys(folder.path()).is_none() {
        return;
    }
    let key = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let publication = with_mail(&format!("[mail]\nfrom = \"news@compositor.example\"\n{SIGNED}"))
        .file("rsa.pem", key("rsa.pem"))
        .file("ed25519.pem", key("ed25519.pem"))
        .file("readers.csv", "ann@x.example\n");
    let mut told = publication.run(&["doctor"]).ok();
    let zone = String::from_utf8(key("zone")).unwrap();
    for line in zone.lines() {
        let (name, value) = line.split_once(".\t").unwrap();
        told = told.says(&format!("DNS must have under {name}, as TXT: {value}"));
    }
    let broken = publication.file("rsa.pem", "no key");
    broken.run(&["doctor"]).ok().says("messages cannot be signed").says("there is no private key in PEM");
}

#[test]
fn readers_get_the_words_around_the_articles_in_their_language() {
    let sink = Behaviour::good().listen();
    let publication = with_mail(&mail(&[sink.port], "")).file(
        "readers.csv",
        "ann@x.example,Ann,en\nbo@x.example,Bo,fa\ncy@x.example,Cy,sq\ndo@x.example\nev@x.example,Ev,de\n",
    );
    publication.publish().ok();
    assert_eq!(sink.count(), 5);
    let page = "https://compositor.example/newsletter/1/";
    for one in sink.taken() {
        let message = MessageParser::default().parse(&one.bytes).unwrap();
        let to = message.to().unwrap().first().unwrap().address().unwrap().to_owned();
        let (lang, greeting, view, contents, why) = match to.as_str() {
            "bo@x.example" => (
                "fa",
                "Bo گرامی،",
                "دیدن در مرورگر",
                "در این شماره",
                "این نامه را دریافت می‌کنید چون مشترک Members هستید.",
            ),
            "cy@x.example" => (
                "sq",
                "Përshëndetje, Cy!",
                "Shihni në shfletues",
                "Në këtë numër",
                "Këtë e merrni sepse jeni abonuar te Members.",
            ),
            other => {
                let greeting = match other {
                    "ann@x.example" => "Dear Ann,",
                    "do@x.example" => "Dear reader,",
                    _ => "Dear Ev,",
                };
                (
                    "en",
                    greeting,
                    "View in browser",
                    "Inside this issue",
                    "You get this because you are subscribed to Members.",
                )
            }
        };
        let text = message.body_text(0).unwrap().replace("\r\n", "\n");
        let rule = "-".repeat(contents.chars().count());
        let wanted =
            [format!("{view}:\n<{page}>\n"), format!("\n{greeting}\n\n{contents}\n{rule}\n"), format!("\n{why}\n")];
        assert!(wanted.iter().all(|words| text.contains(words)), "{to}: {text}");
        let html = as_shown(&message.body_html(0).unwrap());
        assert!([greeting, view, contents, why].iter().all(|words| html.contains(words)), "{to}: {html}");
        // Each of them begins at the side where its language does, whatever is around it.
        let side = if lang == "fa" { "align=\"right\"" } else { "align=\"left\"" };
        for words in [greeting, contents] {
            let tag = html.split('<').find(|tag| tag.split_once('>').is_some_and(|(_, text)| text.contains(words)));
            assert!(tag.unwrap().contains(side), "{to}, {words}: {tag:?}");
        }
        let marked = html.split('<').filter(|tag| tag.contains(&format!("lang=\"{lang}\""))).count();
        assert!(marked >= 4, "{to}: {marked}");
        // The article is as it was printed, and so is what the issue says of itself.
        for part in [&text, &html] {
            assert!(part.contains("A line of type") && part.contains("Published 1 August 2026"), "{to}: {part}");
            assert!(!part.contains("X0"), "{to}: {part}");
        }
    }
}

#[test]
fn both_signatures_hold_in_every_form_of_message() {
    let folder = tempfile::tempdir().unwrap();
    let Some(()) = keys(folder.path()) else { return };
    let sink = Behaviour::good().listen();
    for keys in ["", &format!("{ONE_CLICK}pictures = \"inline\"\npdf = \"attached\"\n")] {
        let publication = with_mail(&mail(&[sink.port], &format!("{keys}{SIGNED}")))
            .file("rsa.pem", std::fs::read(folder.path().join("rsa.pem")).unwrap())
            .file("ed25519.pem", std::fs::read(folder.path().join("ed25519.pem")).unwrap())
            .file("readers.csv", "ann@x.example,Ann Ë,sq\nbo@x.example,\"Bo, of  two  blanks\",fa\ncy@x.example\n")
            .picture("posts/a.png", 40, 30)
            .post(
                "2026-07-12-two.md",
                "---\ntitle: Two\n---\n![A picture](a.png)\n\n.A line with a dot\n\nFrom  two  blanks\t and a tab.\n",
            )
            .post("2026-07-13-fa.md", "---\ntitle: ç\n---\nنیم\u{200c}فاصله\n");
        publication.publish().ok();
        let taken = sink.taken();
        let sent: usize = taken[taken.len() - 3..].iter().map(|one| one.bytes.len()).sum();
        let told = publication.run(&["send", "newsletter", "1", "--json"]).ok().json();
        assert_eq!(told["total"], sent, "a dry run counts all that goes out");
        let paths: Vec<_> = taken
            .iter()
            .enumerate()
            .map(|(n, one)| {
                let path = folder.path().join(format!("{n}.eml"));
                std::fs::write(&path, &one.bytes).unwrap();
                path
            })
            .collect();
        if let Some(count) = verified(&folder.path().join("zone"), &paths) {
            assert_eq!(count, 2 * paths.len());
        }
    }
    let taken = sink.taken();
    assert_eq!(taken.len(), 6);
    let message = MessageParser::default().parse(&taken[5].bytes).unwrap();
    let kinds: Vec<String> = message
        .parts
        .iter()
        .filter_map(|part| part.content_type())
        .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()))
        .collect();
    let wanted = [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ];
    assert_eq!(kinds, wanted);
    assert!(message.attachments().any(|part| part.attachment_name() == Some("newsletter-1.pdf")));
    let html = message.body_html(0).unwrap();
    let id = html.split("src=\"cid:").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(message.parts.iter().any(|part| part.content_id() == Some(id)), "{id}");
    let head = String::from_utf8_lossy(&taken[5].bytes).split("\r\n\r\n").next().unwrap().replace("\r\n ", "");
    assert!(head.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{head}");
    assert!(head.contains("\r\nList-Unsubscribe: <https://compositor.example/letters/"), "{head}");
    let signed = head.split("h=").nth(1).and_then(|from| from.split(';').next()).unwrap().replace(' ', "");
    // From twice: nobody is to add another one.
    for (header, times) in [("List-Unsubscribe", 1), ("List-Unsubscribe-Post", 1), ("Feedback-ID", 1), ("From", 2)] {
        let found = signed.split(':').filter(|name| *name == header).count();
        assert!(found >= times, "{header} is not signed: {signed}");
    }
}

#[test]
fn a_pdf_that_is_too_large_is_not_attached() {
    let sink = Behaviour::good().listen();
    let publication =
        with_mail(&mail(&[sink.port], "pdf = \"attached\"\npdf_limit = 1000")).file("readers.csv", "ann@x.example\n");
    publication.publish().ok().warns("is not attached: `pdf_limit` is 1000");
    assert!(!String::from_utf8_lossy(&sink.taken()[0].bytes).contains("application/pdf"));
}

#[test]
fn messages_are_dated_by_their_campaign_and_not_by_the_freezing() {
    let sink = Behaviour::good().listen();
    let publication = with_mail(&mail(&[sink.port], ""))
        .file("readers.csv", "ann@x.example\n")
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .published();
    let date = || {
        let taken = sink.taken();
        let head = String::from_utf8_lossy(&taken.last().unwrap().bytes).into_owned();
        head.lines().find_map(|line| line.strip_prefix("Date: ")).unwrap().to_owned()
    };
    let publication = publication.at("2026-11-26T06:00:00Z");
    publication.run(&["send", "newsletter", "--test", "me@x.example"]).ok();
    assert_eq!(date(), "Thu, 26 Nov 2026 06:00:00 +0000");
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-11-26T07:00:00Z"]).ok();
    let publication = publication.at("2026-11-26T07:20:00Z");
    publication.copy().run(&["deliver"]).ok();
    assert_eq!(date(), "Thu, 26 Nov 2026 07:00:00 +0000", "when it began");
    publication.copy().at("2026-11-27T07:00:00Z").run(&["deliver"]).ok();
    assert!(date().starts_with("Fri, 27 Nov 2026 07:00:0"), "{}: a day late, by then", date());
}

#[test]
fn spamassassin_finds_nothing_wrong() {
    let Some(_) = tool("spamassassin") else { return };
    let folder = tempfile::tempdir().unwrap();
    let Some(()) = keys(folder.path()) else { return };
    let signed = |publication: Publication| {
        publication
            .file("rsa.pem", std::fs::read(folder.path().join("rsa.pem")).unwrap())
            .file("ed25519.pem", std::fs::read(folder.path().join("ed25519.pem")).unwrap())
    };
    let text = "Type is set letter by letter, and printed page by page. ".repeat(30);
    let plain = Behaviour::good().listen();
    signed(with_mail(&mail(&[plain.port], SIGNED)))
        .file("readers.csv", "ann@x.example,Ann,en\n")
        .post("2026-07-12-two.md", &format!("---\ntitle: Two\n---\n{text}\n"))
        .published();
    // In two languages, with pictures and a PDF.
    let full = Behaviour::good().listen();
    let settings = mail(
        &[full.port],
        &format!("{ONE_CLICK}pictures = \"inline\"\npdf = \"attached\"\npostal_address = \"1 Foundry Lane\"\n{SIGNED}"),
    );
    let head = "[mail]\nfrom = \"The Compositor <news@compositor.example>\"\npostal_address = \"1 Foundry Lane\"";
    signed(bilingual().reconfigure(head, &settings)).published();
    let taken: Vec<_> = plain.taken().into_iter().chain(full.taken()).collect();
    assert_eq!(taken.len(), 1 + 2);
    let encoding = |name: &str| format!("Content-Transfer-Encoding: {name}\r\n");
    for name in ["7bit", "quoted-printable", "base64"] {
        assert!(taken.iter().any(|one| String::from_utf8_lossy(&one.bytes).contains(&encoding(name))), "{name}");
    }
    assert!(taken.iter().any(|one| String::from_utf8_lossy(&one.bytes).contains("Content-Language: fa")));
    for one in taken {
        let path = folder.path().join("message.eml");
        std::fs::write(&path, &one.bytes).unwrap();
        let report = Command::new("spamassassin")
            .args(["-L", "-t"])
            .stdin(std::fs::File::open(&path).unwrap())
            .output()
            .unwrap();
        let report = String::from_utf8_lossy(&report.stdout).into_owned();
        let score = report.split("score=").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
        let rules = report
            .split("tests=")
            .nth(1)
            .unwrap_or_default()
            .split("autolearn")
            .next()
            .unwrap()
            .replace(['\n', '\t'], "");
        assert!(score.parse::<f64>().unwrap() < 2.0, "{}: {score}: {rules}", one.recipient);
        for rule in ["MALFORMED", "MISSING_", "INVALID_", "MIME_BAD", "BAD_", "RATWARE", "MIME_QP", "MPART_ALT_DIFF"] {
            assert!(!rules.contains(rule), "{}: {rules}", one.recipient);
        }
    }
}

/// A Postfix of our own that delivers everything into one Maildir.
struct Postfix {
    folder: tempfile::TempDir,
    port: u16,
}

impl Postfix {
    /// Starts it; `None` where there is none, or where we may not.
    fn start() -> Option<Self> {
        tool("postfix")?;
        let is_root = output_of("id", &["-u"])?.trim() == "0";
        // No tool is missing, so that this is no failure where every test must run.
        if !is_root {
            println!("skipped: only root may start Postfix");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("postfix-").tempdir_in("/tmp").unwrap();
        let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let path = folder.path().display().to_string();
        let run = |command: &mut Command| assert!(command.status().unwrap().success(), "{command:?}");
        for name in ["etc", "queue", "data", "mail"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        // Its own processes are other users.
        run(Command::new("chmod").args(["755", &path]));
        run(Command::new("chown").args(["postfix", &format!("{path}/data")]));
        run(Command::new("chown").args(["nobody", &format!("{path}/mail")]));
        std::fs::copy("/etc/postfix/postfix-files", folder.path().join("etc/postfix-files")).ok();
        std::fs::copy("/etc/postfix/dynamicmaps.cf", folder.path().join("etc/dynamicmaps.cf")).ok();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {path}/queue\ndata_directory = {path}/data\n\
             command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nsetgid_group = postdrop\n\
             meta_directory = {path}/etc\nmaillog_file = {path}/data/log\nmaillog_file_prefixes = {path}\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = sink.example\nmydestination =\n\
             virtual_mailbox_domains = x.example\nvirtual_mailbox_base = {path}/mail\nvirtual_mailbox_maps = regexp:{path}/etc/mailboxes\n\
             virtual_uid_maps = static:65534\nvirtual_gid_maps = static:65534\nsmtpd_client_connection_count_limit = 0\n\
             default_process_limit = 20\nmessage_size_limit = 50000000\nqueue_minfree = 0\nlocal_recipient_maps =\nalias_maps =\nalias_database =\n"
        );
        let master = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\npickup unix n - n 60 1 pickup\n\
             cleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\nrewrite unix - - n - - trivial-rewrite\n\
             bounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\nerror unix - - n - - error\n\
             retry unix - - n - - error\nproxymap unix - - n - - proxymap\nanvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\nvirtual unix - n n - - virtual\n"
        );
        std::fs::write(folder.path().join("etc/main.cf"), main).unwrap();
        std::fs::write(folder.path().join("etc/master.cf"), master).unwrap();
        std::fs::write(folder.path().join("etc/mailboxes"), "/@x\\.example$/ all/\n").unwrap();
        run(Command::new("postfix")
            .args(["-c", &format!("{path}/etc"), "start"])
            .stdout(Stdio::null())
            .stderr(Stdio::null()));
        Some(Self { folder, port })
    }

    /// The messages that were delivered, once there are so many.
    fn delivered(&self, count: usize) -> Vec<std::path::PathBuf> {
        let new = self.folder.path().join("mail/all/new");
        let begun = Instant::now();
        loop {
            let found: Vec<_> = std::fs::read_dir(&new)
                .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
                .unwrap_or_default();
            if found.len() >= count {
                return found;
            }
            let log = || std::fs::read_to_string(self.folder.path().join("data/log")).unwrap_or_default();
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "{} of {count}:\n{}",
                found.len(),
                log().lines().rev().take(20).collect::<Vec<_>>().join("\n")
            );
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let etc = self.folder.path().join("etc").display().to_string();
        let _ = Command::new("postfix").args(["-c", &etc, "stop"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

#[test]
fn postfix_delivers_what_was_sent_and_its_signatures_hold() {
    let folder = tempfile::tempdir().unwrap();
    let Some(()) = keys(folder.path()) else { return };
    let Some(postfix) = Postfix::start() else { return };
    let readers = 2000;
    let rows: String =
        (0..readers).map(|n| format!("r{n}@x.example,Reader {n},{}\n", ["en", "fa", "sq"][n % 3])).collect();
    let keys = format!("{ONE_CLICK}{SIGNED}\n");
    let send = |port: u16| {
        let settings =
            mail(&[port], &keys).replace("timeout = 2", "timeout = 60").replace("connections = 2", "connections = 8");
        let publication: Publication = with_mail(&settings)
            .file("rsa.pem", std::fs::read(folder.path().join("rsa.pem")).unwrap())
            .file("ed25519.pem", std::fs::read(folder.path().join("ed25519.pem")).unwrap())
            .file("readers.csv", &rows)
            .post("2026-07-12-two.md", "---\ntitle: Two\n---\n.dots\n\n. \n\nFrom me\n\nنیم\u{200c}فاصله\n");
        let report = publication.publish().ok().json();
        assert_eq!(report["delivered"][0]["sent"], readers, "{report}");
    };
    send(postfix.port);
    // The same messages, as they go out.
    let sink = Behaviour::good().listen();
    send(sink.port);
    let sent: std::collections::BTreeMap<String, Vec<u8>> =
        sink.taken().into_iter().map(|one| (one.recipient, one.bytes)).collect();
    let delivered = postfix.delivered(readers);
    assert_eq!(delivered.len(), readers);
    let as_it_is = "Content-Transfer-Encoding: 7bit\r\n";
    assert!(sent.values().any(|bytes| String::from_utf8_lossy(bytes).contains(as_it_is)));
    let mut to = std::collections::BTreeSet::new();
    for path in &delivered {
        let bytes = std::fs::read(path).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        let address = message.to().unwrap().first().unwrap().address().unwrap().to_owned();
        let number: usize = address.trim_start_matches('r').split('@').next().unwrap().parse().unwrap();
        let text = message.body_text(0).unwrap();
        assert!(
            text.contains(&format!("Reader {number}")) && text.contains(".dots") && text.contains("نیم\u{200c}فاصله"),
            "{text}"
        );
        assert!(message.header_raw("Return-Path").unwrap().contains("b+"), "VERP");
        // Nothing but the lines of its way stands before what went out, byte for byte.
        let as_sent: Vec<u8> = sent[&address].iter().copied().filter(|byte| *byte != b'\r').collect();
        assert!(
            bytes.ends_with(&as_sent),
            "{}\n\n{}",
            String::from_utf8_lossy(&bytes),
            String::from_utf8_lossy(&as_sent)
        );
        to.insert(address);
    }
    assert_eq!(to.len(), readers, "everybody got their own");
    if let Some(count) = verified(&folder.path().join("zone"), &delivered) {
        assert_eq!(count, 2 * readers);
    }
}

#[test]
fn an_address_of_any_script_is_sent_to_where_the_relay_takes_it() {
    let address = "परीक्षा@x.example";
    let send = |abilities: &[&'static str]| {
        let sink = Behaviour::good().offering(abilities).listen();
        let publication =
            with_mail(&mail(&[sink.port], "")).file("readers.csv", format!("{address}\nann@x.example\n")).published();
        (publication, sink)
    };
    let (_, sink) = send(&["PIPELINING", "8BITMIME", "SMTPUTF8"]);
    sink.wait_for(2);
    let taken = sink.taken();
    let one = taken.iter().find(|one| one.recipient == address).expect("nothing was sent to it");
    assert!(String::from_utf8_lossy(&one.bytes).contains(&format!("To: {address}\r\n")));
    let message = mail_parser::MessageParser::default().parse(&one.bytes).unwrap();
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some(address));
    let (publication, sink) = send(&["PIPELINING", "8BITMIME"]);
    sink.wait_for(1);
    publication.run(&["status", "--recipient", address]).ok().says("SMTPUTF8");
}
