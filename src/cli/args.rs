//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::collect::fetch::When;
use crate::model::{DayFault, in_gregorian, read_day};

/// Turns a publication's posts into numbered issues: feeds, a web archive, a typeset PDF and an email digest.
#[derive(Parser, Debug)]
#[command(name = "masthead", version, propagate_version = true, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// What every verb understands.
#[derive(Args, Debug, Clone)]
pub(super) struct Global {
    /// The publication's configuration
    #[arg(long, global = true, value_name = "PATH", default_value = "config.toml")]
    pub(super) config: PathBuf,
    /// The time to act at, instead of the clock's (RFC 3339)
    #[arg(long, global = true, value_name = "RFC3339", value_parser = instant)]
    pub(super) now: Option<DateTime<Utc>>,
    /// Report as JSON on standard output
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Leave with code 3 when there were warnings
    #[arg(long, global = true)]
    pub(super) strict: bool,
    /// Say nothing but errors, and what no later run says again
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more: every warning, every file
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let written = in_gregorian(text).map_err(|fault| told(&fault))?;
    DateTime::parse_from_rfc3339(&written)
        .map(|instant| instant.to_utc())
        .map_err(|_| "not an instant; one is like 2026-11-22T08:00:00Z".to_owned())
}

fn day(text: &str) -> Result<NaiveDate, String> {
    read_day(text).map_err(|fault| told(&fault))
}

fn told(fault: &DayFault) -> String {
    format!("{}; {}", fault.message, fault.hint)
}

#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// Make a small bilingual publication that publishes at once
    Init {
        /// The folder to make; it must be empty or absent
        dir: PathBuf,
    },
    /// Do everything that is due: collect, draft, freeze closed windows, build, write mail
    Publish {
        #[command(flatten)]
        output: Output,
        /// Show drafts too
        #[arg(long)]
        drafts: bool,
        /// Queue mail and send none of it: `masthead deliver` does, once the pages that it leads to are on the web
        #[arg(long)]
        hold_mail: bool,
        #[command(flatten)]
        asking: Asking,
    },
    /// Read the sources and say what there is
    Collect {
        #[command(flatten)]
        asking: Asking,
    },
    /// Keep the sources that posts come from: add, list, check, import them
    #[command(subcommand)]
    Source(Source),
    /// Say what the next issue of a series would hold, and why
    Plan {
        /// The series' name in config.toml
        series: String,
        /// Say the verdict on every post, not only on those near the window
        #[arg(long)]
        all: bool,
    },
    /// Work on numbered issues
    #[command(subcommand)]
    Issue(Issue),
    /// Make public/ from the frozen issues
    Build {
        #[command(flatten)]
        output: Output,
        /// Show drafts too
        #[arg(long)]
        drafts: bool,
    },
    /// Show the site with its drafts in a browser, or serve it in public with subscriptions
    Serve {
        #[command(flatten)]
        serving: Serving,
    },
    /// Keep the lists of readers
    #[command(subcommand)]
    Subscribers(Subscribers),
    /// Read what came back: reports of mail that did not arrive, and complaints
    Bounce {
        #[command(flatten)]
        mailbox: MailboxOf,
    },
    /// Read mails that ask to be unsubscribed
    Unsubscribe {
        #[command(flatten)]
        mailbox: MailboxOf,
    },
    /// Send an issue to the readers of its lists: first say what would go to whom, then do it with --yes
    Send {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        sending: Sending,
    },
    /// Send what is due of all campaigns through the relays
    Deliver {
        /// Go on until told to end (SIGTERM): wait for what is due later, for what is queued, and for relays that are down
        #[arg(long)]
        watch: bool,
    },
    /// Stop a campaign until it is resumed
    Pause {
        #[command(flatten)]
        which: Which,
        /// Why, for those who look at its status
        #[arg(short = 'm', long)]
        reason: Option<String>,
    },
    /// Let a paused campaign go on, or a scheduled one begin now or at another time
    Resume {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        resuming: Resuming,
    },
    /// Stop a campaign for good
    Cancel {
        #[command(flatten)]
        which: Which,
    },
    /// Say how far campaigns are, or what became of the mail to one address
    Status {
        /// The series' name in config.toml; all when left out
        series: Option<String>,
        /// The ordinal or the label of one issue
        number: Option<String>,
        /// What an address was sent, and what its server answered
        #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["series", "number"])]
        recipient: Option<String>,
    },
    /// Settle deliveries of which nobody knows whether they arrived; without an option, list them
    Resolve {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        resolving: Resolving,
    },
    /// Look for faults in the publication without changing anything
    Check,
    /// Look for faults around the publication: folders, clock, store, secrets, relays
    Doctor,
    /// Keep everything that cannot be built again in one file
    Backup {
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Unpack a backup into a folder
    Restore {
        /// The backup
        file: PathBuf,
        /// The folder to make; it must be empty or absent
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Set an HTML file as a PDF
    Typeset {
        /// The HTML file
        html: PathBuf,
        /// The PDF to write
        #[arg(short, long)]
        output: PathBuf,
        /// A stylesheet
        #[arg(long, value_name = "CSS")]
        style: Vec<PathBuf>,
        /// Use the machine's fonts too (the bytes then differ between machines)
        #[arg(long)]
        system_fonts: bool,
    },
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man {
        /// Write one page for each verb into this folder instead
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// Which mailbox is read, and what becomes of what was dealt with.
#[derive(Args, Debug, Clone)]
pub(super) struct MailboxOf {
    /// A maildir, a folder of messages, an mbox, one message, or `-` for standard input
    #[arg(value_name = "FILE|DIR|-", default_value = "-")]
    pub(super) mailbox: PathBuf,
    /// Delete the messages that were dealt with
    #[arg(long)]
    pub(super) delete: bool,
    /// Move the messages that were dealt with into this folder
    #[arg(long = "move", value_name = "DIR", conflicts_with = "delete")]
    pub(super) move_to: Option<PathBuf>,
}

/// Where public files go.
#[derive(Args, Debug, Clone)]
pub(super) struct Output {
    /// The folder to write instead of public/
    #[arg(long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

/// Which sources on the web are asked.
#[derive(Args, Debug, Clone)]
pub(super) struct Asking {
    /// Ask every source on the web, also those whose time has not come
    #[arg(long)]
    pub(super) refetch: bool,
    /// Ask none of them: what was collected before is taken
    #[arg(long, conflicts_with = "refetch")]
    pub(super) offline: bool,
}

impl Asking {
    /// The same as the stage that asks them calls it.
    pub(super) fn when(&self) -> When {
        match (self.refetch, self.offline) {
            (true, _) => When::Now,
            (false, true) => When::Never,
            (false, false) => When::Due,
        }
    }
}

#[derive(Subcommand, Debug)]
pub(super) enum Source {
    /// Add a feed, the feed of a web page, every feed of an OPML list, a feed file, a WordPress export or a folder of posts
    Add {
        /// An address on the web, or a file or folder
        #[arg(required = true, value_name = "ADDRESS|FILE")]
        what: Vec<String>,
        /// The source's name, instead of one made from its title
        #[arg(long)]
        name: Option<String>,
        /// The section of its posts
        #[arg(long)]
        section: Option<String>,
        /// The language of its posts, where they name none
        #[arg(long, value_name = "TAG")]
        language: Option<String>,
        /// Add addresses as they are, without asking whether there is a feed
        #[arg(long)]
        offline: bool,
    },
    /// List the sources and how they stand
    List {
        /// Print an OPML list of the feeds instead, for other readers
        #[arg(long)]
        opml: bool,
    },
    /// Ask sources now and say what is wrong with them; nothing is collected
    Check {
        /// The sources' names; all when left out
        name: Vec<String>,
        /// Ask those again that are gone for good, and take them back when they answer
        #[arg(long)]
        again: bool,
    },
    /// Bring a whole archive over once: each post of a WordPress export or a feed becomes a file of our own
    Import {
        /// The export, a folder of its parts, a feed file, or the address of a feed
        location: PathBuf,
        /// The folder to write into; that of the first source that is a folder when left out
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
        /// Take the pages of an export of WordPress or Blogger too
        #[arg(long)]
        pages: bool,
        /// Only say what would be written
        #[arg(long)]
        dry_run: bool,
    },
}

/// Which issue.
#[derive(Args, Debug, Clone)]
pub(super) struct Which {
    /// The series' name in config.toml
    pub(super) series: String,
    /// The ordinal (the folder's name) or the label as printed; the newest when left out
    pub(super) number: Option<String>,
}

/// How an issue is sent.
#[derive(Args, Debug, Clone)]
pub(super) struct Sending {
    /// Do it: settle the recipients and send
    #[arg(long, conflicts_with = "test")]
    pub(super) yes: bool,
    /// Send it though issues/ says that it was mailed, of which the store knows nothing: all get it, once more perhaps
    #[arg(long, requires = "yes")]
    pub(super) again: bool,
    /// Send it to this address alone, now
    #[arg(long, value_name = "ADDRESS")]
    pub(super) test: Option<String>,
    /// Begin at this time (RFC 3339); `masthead deliver` must run then
    #[arg(long, value_name = "TIME", value_parser = instant, requires = "yes", conflicts_with = "test")]
    pub(super) at: Option<DateTime<Utc>>,
}

/// How a campaign goes on.
#[derive(Args, Debug, Clone)]
pub(super) struct Resuming {
    /// The issue was amended since: who has not had it yet gets it as it is now
    #[arg(long, conflicts_with = "unamended")]
    pub(super) amended: bool,
    /// The issue was amended since: who has not had it yet gets it as it was
    #[arg(long)]
    pub(super) unamended: bool,
    /// Begin at this time (RFC 3339), as long as nothing of it was tried; `masthead deliver` must run then
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(super) at: Option<DateTime<Utc>>,
}

/// What is served, and where.
#[derive(Args, Debug, Clone)]
pub(super) struct Serving {
    /// Serve public/ and the pages on which readers subscribe, instead of a preview with drafts
    #[arg(long)]
    pub(super) public: bool,
    /// Where to answer, instead of where the configuration says
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(super) listen: Option<SocketAddr>,
    /// Go on with other secrets than links in mails were made from: none of those links works any more
    #[arg(long, requires = "public")]
    pub(super) forget_old_links: bool,
}

/// What is said of ambiguous deliveries, or of refused ones.
#[derive(Args, Debug, Clone)]
#[group(multiple = true)]
pub(super) struct Resolving {
    /// They arrived
    #[arg(long, conflicts_with_all = ["failed", "resend"])]
    pub(super) sent: bool,
    /// They did not arrive, and are not sent again
    #[arg(long, conflicts_with = "resend")]
    pub(super) failed: bool,
    /// They are sent again, under the same Message-ID
    #[arg(long)]
    pub(super) resend: bool,
    /// Not the ambiguous ones, but those that were refused for good: lists them, or with --resend tries them again
    #[arg(long, conflicts_with_all = ["sent", "failed"])]
    pub(super) refused: bool,
    /// Only the one to this address
    #[arg(long, value_name = "ADDRESS")]
    pub(super) recipient: Option<String>,
}

#[derive(Subcommand, Debug)]
pub(super) enum Issue {
    /// Open the next issue as a draft before its window has closed, or any window of a manual series
    New {
        /// The series' name in config.toml
        series: String,
        /// The first day of a manual window
        #[arg(long, value_name = "DATE", value_parser = day)]
        since: Option<NaiveDate>,
        /// The day after the last of a manual window; now when left out
        #[arg(long, value_name = "DATE", value_parser = day)]
        until: Option<NaiveDate>,
        /// The label, instead of the next number
        #[arg(long)]
        label: Option<String>,
        /// The title
        #[arg(long)]
        title: Option<String>,
    },
    /// List the issues of a series, or of all
    List {
        /// The series' name in config.toml
        series: Option<String>,
    },
    /// Show one issue: its state, window, sections and articles
    Show {
        #[command(flatten)]
        which: Which,
    },
    /// Print where an issue's issue.toml is, or open it in $EDITOR when a terminal is there
    Edit {
        #[command(flatten)]
        which: Which,
    },
    /// Freeze a draft now
    Freeze {
        #[command(flatten)]
        which: Which,
    },
    /// Make a frozen issue a draft again, as long as nothing of it went out
    Unfreeze {
        #[command(flatten)]
        which: Which,
    },
    /// Freeze a changed issue again under its number, as a new revision
    Amend {
        #[command(flatten)]
        which: Which,
        /// What was amended, for readers
        #[arg(short, long)]
        message: Option<String>,
    },
    /// Take an issue back that went out, or one post of it; its number stays
    Withdraw {
        /// The series' name in config.toml
        series: String,
        /// The ordinal (the folder's name) or the label as printed
        number: String,
        /// Why, for readers
        #[arg(short, long)]
        message: Option<String>,
        /// Bring an issue back that was withdrawn
        #[arg(long, conflicts_with = "post")]
        undo: bool,
        /// Only this post, by slug or id: the issue is amended without it
        #[arg(long, value_name = "POST")]
        post: Option<String>,
    },
    /// Bring in a back issue made before Masthead
    Import {
        /// The series' name in config.toml
        series: String,
        /// The PDF as it was published
        pdf: PathBuf,
        /// The label as printed on it
        #[arg(long)]
        number: String,
        /// The day it is dated
        #[arg(long, value_name = "DATE", value_parser = day)]
        date: NaiveDate,
        /// Its title
        #[arg(long)]
        title: Option<String>,
    },
}

/// How those in a file of readers stand.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub(super) enum Standing {
    /// They get mail
    Active,
    /// They left, and no file puts them on the list
    Unsubscribed,
    /// Their mail came back: no list writes to them
    Bounced,
    /// They complained: no list writes to them
    Complained,
    /// No list writes to them
    Suppressed,
}

#[derive(Subcommand, Debug)]
pub(super) enum Subscribers {
    /// Import a CSV file with columns email, name, language
    Import {
        /// The list's name in config.toml
        list: String,
        /// The CSV file
        csv: PathBuf,
        /// How those in the file stand whose rows do not say so, whatever it is called
        #[arg(long = "as", value_name = "STATUS", value_enum)]
        standing: Option<Standing>,
        /// The list is as the file says: take off it whom an earlier such file, or the list's own, brought and this one lacks
        #[arg(long)]
        replace: bool,
    },
    /// Export a list as CSV
    Export {
        /// The list's name in config.toml
        list: String,
    },
    /// Add one address
    Add {
        /// The list's name in config.toml
        list: String,
        /// The address
        address: String,
        /// The reader's name
        #[arg(long)]
        name: Option<String>,
        /// The reader's language
        #[arg(long)]
        language: Option<String>,
        /// Also somebody who has unsubscribed, was erased or must not be written to: they ask for it again
        #[arg(long)]
        again: bool,
    },
    /// Remove one address: it stays known as unsubscribed
    Remove {
        /// The list's name in config.toml
        list: String,
        /// The address
        address: String,
    },
    /// Forget a person: what stays is a keyed hash that keeps them from being written to again
    Erase {
        /// The address
        address: String,
    },
    /// Say all that is known of a person: lists, consent, suppression
    Show {
        /// The address
        address: String,
    },
    /// Count a list's readers
    Status {
        /// The list's name in config.toml; all lists when left out
        list: Option<String>,
    },
}
