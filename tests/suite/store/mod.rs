//! The stores: one suite of promises over both, and workers on several machines.

mod conformance;
mod cut;
mod former;
mod importing;
mod machines;
pub(crate) mod server;
mod workers;

use std::path::PathBuf;

use masthead::config::PostgresUrl;
use masthead::model::{DeliveryState, Query, Queue as _};
use masthead::store::Store;
use tempfile::TempDir;

use server::Postgres;

use crate::golden::files;
use crate::publication::{Publication, assert_same};
use crate::tools::root;

/// Something that is kept, and can be opened several times.
pub(crate) enum Kept<'s> {
    /// An SQLite file.
    File(TempDir),
    /// A database of a server.
    Database(&'s Postgres, String),
}

impl Kept<'_> {
    fn file() -> Self {
        Self::File(TempDir::new().unwrap())
    }

    fn path(folder: &TempDir) -> PathBuf {
        folder.path().join("masthead.db")
    }

    /// The store in it.
    fn open(&self) -> Store {
        match self {
            Self::File(folder) => Store::open(&Self::path(folder)).unwrap(),
            Self::Database(_, url) => server::open(url),
        }
    }

    /// Lets time pass: what is held by the server's clock ends that much earlier.
    fn pass(&self, seconds: i64) {
        if let Self::Database(server, url) = self {
            let database = PostgresUrl::parse(url).unwrap().database;
            let sql = format!("update delivery set lease_until = lease_until - interval '{seconds} seconds'");
            server.client(&database).batch_execute(&sql).unwrap();
        }
    }
}

/// A test over the SQLite file for each promise, and one over PostgreSQL for all of them, on one server.
macro_rules! over_both {
    ($($promise:ident)*) => {
        mod over_sqlite {
            $(
                #[test]
                fn $promise() {
                    super::conformance::$promise(&super::Kept::file());
                }
            )*
        }

        #[test]
        fn postgresql_keeps_every_promise_that_sqlite_keeps() {
            let Some(server) = Postgres::quick() else { return };
            $(
                println!("{}", stringify!($promise));
                conformance::$promise(&Kept::Database(&server, server.database()));
            )*
        }
    };
}

over_both! {
    who_gets_an_issue_is_settled_once
    a_delivery_is_in_one_hand_and_goes_through_its_states
    what_is_given_back_was_not_tried
    what_a_worker_held_that_is_gone_is_due_again_or_ambiguous
    a_hold_lasts_as_long_as_it_was_renewed_for_whatever_is_done_to_the_clock
    of_who_is_erased_after_a_complaint_nothing_comes_back
    ambiguous_deliveries_are_settled_by_an_operator
    what_an_operator_gave_up_is_tried_again_by_its_address_alone
    pausing_and_cancelling_stop_what_is_in_hand
    a_campaign_that_was_queued_while_the_clock_was_ahead_does_not_wait_for_that_time
    a_scheduled_campaign_begins_at_its_time_or_when_it_is_told_to
    a_scheduled_campaign_is_paused_and_goes_back_to_its_time
    refused_deliveries_are_tried_again_from_the_beginning
    what_a_server_refuses_counts_against_the_address
    who_must_not_be_written_to_is_asked_again_when_a_delivery_is_claimed
    who_may_be_written_to_again_gets_what_they_never_left
    who_leaves_after_a_delivery_was_claimed_gets_nothing
    one_that_waits_for_a_relay_is_paused_by_an_operator_too
    a_campaign_goes_on_with_a_later_revision
    a_campaign_of_which_nothing_was_tried_begins_at_another_time
    a_change_that_is_refused_changes_nothing
    what_was_cancelled_before_any_of_it_was_tried_is_forgotten
    a_campaign_has_one_text
    other_secrets_than_those_that_signed_are_noticed
    whom_an_import_knows_by_another_name_is_counted
    domains_of_which_there_is_enough_are_passed_over
    hostile_text_is_only_text
    one_that_is_alone_takes_all_back_where_it_can_be_alone
    a_record_that_comes_late_changes_nothing
    who_left_one_of_two_lists_is_written_to_through_the_other
    what_a_worker_held_that_has_stopped_is_taken_back_at_once
    refusals_that_say_nothing_of_recipients_are_taken_back
    what_another_campaign_gave_up_for_a_refusal_that_is_taken_back_waits_again
    a_campaign_that_is_over_runs_again_for_a_refusal_that_is_taken_back
    who_is_tried_again_by_hand_is_not_sent_all_that_was_missed
    what_is_taken_after_a_domain_refused_is_counted
    a_claim_that_gave_nothing_says_whether_there_is_more
    to_people_who_were_erased_nothing_is_sent_again
    what_is_in_hand_while_its_reader_is_erased_settles_without_words
    what_comes_back_of_who_was_erased_is_kept_without_words
    an_address_that_only_begins_as_what_stands_for_the_erased_is_somebody_s
    many_settlements_and_intents_are_recorded_at_once
    eight_workers_claim_nothing_twice
    of_several_that_open_an_empty_store_at_once_one_makes_the_tables
    a_campaign_of_an_issue_is_begun_once_by_however_many
    lists_are_kept_and_addresses_in_capitals_are_the_same
    sources_are_remembered_byte_for_byte
    a_file_of_a_list_is_known_by_its_bytes
    what_was_said_and_what_was_frozen_before_is_remembered
    what_came_back_is_kept_once_and_counted
    capitals_beyond_ascii_are_the_same_address_and_are_forgotten
    return_paths_are_known_again_whatever_the_secret
    a_long_file_is_taken_in_steps_and_by_the_same_rules
    who_goes_from_the_file_of_a_list_goes_from_the_list
    a_message_that_waits_is_in_one_hand
    who_left_a_list_that_is_gone_gets_nothing_through_another
    who_was_on_another_list_before_stays_on_it
    who_leaves_a_list_that_they_are_not_on_is_kept_away_from_it
    a_list_that_is_called_otherwise_is_the_same_list
    of_a_name_that_a_list_had_once_there_is_no_other
    who_came_back_under_the_new_name_stays
}

#[test]
fn a_password_is_taken_from_the_environment_or_a_file_and_never_told() {
    let Some(server) = Postgres::quick() else { return };
    let url = server.through_tcp(&server.database());
    let publication = Publication::new().tables(&format!(
        "[store]\nurl = \"{url}\"\n\n[list.members]\n[series.news]\nwindow = \"monthly\"\nsince = 2026-07-01\nlists = [\"members\"]"
    ));
    let publication = publication.short_post("2026-07-03-one.md", "One");
    let add = ["subscribers", "add", "members", "ann@x.example"];
    let wrong = publication.copy().environment("PGPASSWORD", "hunter2");
    wrong.run(&add).leaves_with(1).says("password authentication failed").says("PGPASSWORD").says_not("hunter2");
    publication.copy().environment("HOME", "/nowhere").run(&add).leaves_with(1).says("PGPASSFILE");
    publication.copy().environment("PGPASSWORD", server::PASSWORD).run(&add).ok().says("added");
    let escaped = server::PASSWORD.replace('\\', "\\\\").replace(':', "\\:");
    let publication = publication.file("passwords", format!("127.0.0.1:*:*:masthead:{escaped}\n"));
    let publication = publication.environment("PGPASSFILE", "passwords");
    publication.run(&add).leaves_with(2).says("others may read this file of passwords").says_not("a password: with");
    std::fs::set_permissions(publication.path("passwords"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .unwrap();
    publication.run(&["subscribers", "status"]).ok().says("1 active");
    assert!(!server.log().contains("a password: with"));
}

#[test]
fn a_password_in_the_configuration_is_refused_and_not_told() {
    let publication = Publication::new().tables("[store]\nurl = \"postgres://ann:hunter2@db.example/news\"");
    publication.run(&["check"]).leaves_with(2).says("config.toml:").says("holds a password").says_not("hunter2");
    let other = Publication::new().tables("[store]\nurl = \"mysql://ann:hunter2@db.example/news\"");
    other.run(&["check"]).leaves_with(2).says("cannot keep the store at `mysql://`").says_not("hunter2");
}

#[test]
fn a_server_that_is_away_is_an_error_that_says_which() {
    let publication = Publication::new().tables("[store]\nurl = \"postgres://ann@127.0.0.1:9/news\"\n\n[list.members]");
    let run = publication.run(&["subscribers", "status"]).leaves_with(1);
    run.says("the store refused").says("the database `news` at 127.0.0.1:9");
}

#[test]
fn a_publication_is_the_same_whichever_store_it_has() {
    let Some(server) = Postgres::quick() else { return };
    let publication = || {
        Publication::monthly()
            .reconfigure("first_number = 92", "first_number = 92\nmail = \"auto\"\nlists = [\"members\"]")
            .tables("[list.members]\ncsv = \"readers.csv\"\n\n[mail]\nfrom = \"news@compositor.example\"")
            .file("readers.csv", "email,name,language\nann@x.example,Ann,en\nBo@x.example,,\n")
            .short_post("2026-07-03-one.md", "One")
            .environment("MASTHEAD_SECRET", "the same for both of these publications")
    };
    let embedded = publication().published();
    let url = server.database();
    let shared = publication().tables(&format!("[store]\nurl = \"{url}\"")).published();
    assert_eq!(embedded.files("outbox").len(), 2);
    assert_same(&embedded.tree("outbox"), &shared.tree("outbox"));
    assert_same(&embedded.tree("public"), &shared.tree("public"));
    assert!(!shared.has("masthead.db"));
    assert_eq!(shared.publish().ok().json()["written"], 0);
}

/// What PostgreSQL does in its own way, in statements over whole batches.
const EMBEDDED_ONLY: [&str; 18] = [
    "campaign_add",
    "campaign_gathering",
    "campaign_left",
    "delivery_add",
    "delivery_due",
    "delivery_intend",
    "delivery_lease",
    "delivery_other_list",
    "delivery_release",
    "delivery_renew",
    "delivery_settle",
    "delivery_suppress",
    "recover_leased",
    "recover_sending",
    "settled_add",
    "settled_count",
    "settled_next",
    "settled_table",
];

#[test]
fn every_statement_is_understood_by_postgresql() {
    let Some(server) = Postgres::quick() else { return };
    let url = server.database();
    drop(server::open(&url));
    let mut client = server.client(&PostgresUrl::parse(&url).unwrap().database);
    let folder = root().join("src/store");
    let mut wrong = Vec::new();
    for path in files(&folder.join("sql"), "sql") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name.starts_with("schema_") || EMBEDDED_ONLY.contains(&name.as_str()) {
            continue;
        }
        let own = std::fs::read_to_string(folder.join(format!("postgres/sql/{name}.sql")));
        let sql = own.unwrap_or_else(|_| std::fs::read_to_string(&path).unwrap().replace('?', "$"));
        if let Err(cause) = client.prepare(&sql) {
            wrong.push(format!("{name}.sql: {}", cause.as_db_error().map_or(cause.to_string(), ToString::to_string)));
        }
    }
    assert_eq!(wrong, [""; 0], "give these words of their own in src/store/postgres/sql and dialect.rs");
}

#[test]
fn of_a_database_of_the_first_version_two_who_are_one_become_one() {
    let Some(server) = Postgres::quick() else { return };
    let url = server.database();
    let mut client = server.client(&PostgresUrl::parse(&url).unwrap().database);
    client
        .batch_execute(&std::fs::read_to_string(root().join("src/store/postgres/sql/schema_1.sql")).unwrap())
        .unwrap();
    // Marks in another order than the canonical one: the same to Unicode, not to the collation.
    client
        .batch_execute(
            "create table schema_version (version bigint not null);
             insert into schema_version values (1);
             insert into subscriber (address, name) values (U&'e\\0308\\0327@x.example', null), (U&'e\\0327\\0308@x.example', 'Eva');
             insert into membership values (1, 'members', 'active', now(), now()), (2, 'members', 'unsubscribed', now(), now());
             insert into campaign (series, ordinal, revision, state, queued, starts, changed)
                 values ('news', 1, 1, 'running', now(), now(), now());
             insert into delivery (campaign, address, list, token, message_id, state, next_at, changed)
                 values (1, U&'e\\0308\\0327@x.example', 'members', 't', 'm', 'pending', now(), now()),
                        (1, U&'e\\0327\\0308@x.example', 'members', 'u', 'n', 'sent', now(), now());",
        )
        .unwrap();
    let mut store = server::open(&url);
    let one = store.person("e\u{308}\u{327}@x.example").unwrap().unwrap();
    assert_eq!(one.name.as_deref(), Some("Eva"));
    assert_eq!(store.status("members").unwrap().unsubscribed, 1);
    assert!(store.old_token("members", "u").unwrap().is_some() && store.old_token("members", "t").unwrap().is_some());
    let history = store.history(&Query::default()).unwrap();
    assert_eq!(history.iter().map(|one| one.state).collect::<Vec<_>>(), [DeliveryState::Sent]);
}

#[test]
fn in_a_database_of_the_tenth_version_campaigns_stay() {
    let Some(server) = Postgres::quick() else { return };
    let url = server.database();
    let mut store = server::open(&url);
    let issue = masthead::model::IssueKey { series: "news".to_owned(), ordinal: 1 };
    let starts = chrono::DateTime::UNIX_EPOCH;
    let campaign = masthead::model::NewCampaign { issue, revision: 1, lists: Vec::new(), starts };
    store.start(&campaign, &mut |_| None, starts).unwrap();
    drop(store);
    let back = "drop table said; drop table frozen_before; drop table signing_secret; alter table campaign drop column text; update schema_version set version = 10";
    server.client(&PostgresUrl::parse(&url).unwrap().database).batch_execute(back).unwrap();
    let mut store = server::open(&url);
    assert_eq!(store.campaigns(starts).unwrap().len(), 1);
    assert!(store.is_text_of(1, "the one").unwrap() && !store.is_text_of(1, "the other").unwrap());
    assert!(!store.has_strange_secrets().unwrap());
}

#[test]
fn in_a_database_of_the_twelfth_version_nothing_more_is_kept_of_who_was_erased() {
    let Some(server) = Postgres::quick() else { return };
    let url = server.database();
    let mut store = server::open(&url);
    let (now, address) = (chrono::DateTime::UNIX_EPOCH, "ann@x.example");
    let ann = masthead::model::NewSubscriber { address: address.to_owned(), name: None, language: None };
    store.import("members", &[ann], now).unwrap();
    let issue = masthead::model::IssueKey { series: "news".to_owned(), ordinal: 1 };
    let lists = vec!["members".to_owned()];
    let campaign = masthead::model::NewCampaign { issue, revision: 1, lists, starts: now };
    store.start(&campaign, &mut |_| Some("1@x.example".to_owned()), now).unwrap();
    store.erase(address, now).unwrap();
    drop(store);
    let back = "update suppression set reason = 'complaint'; update schema_version set version = 12;
                update campaign set state = 'paused', reason = 'r: 554 <ann@x.example>: no';
                update delivery set state = 'deferred';
                insert into attempt (delivery, at, state, relay, reply)
                select id, now(), 'deferred', 'r', '<ann@x.example> later' from delivery";
    server.client(&PostgresUrl::parse(&url).unwrap().database).batch_execute(back).unwrap();
    let mut store = server::open(&url);
    assert_eq!(store.suppression(address).unwrap().unwrap().reason, "erased");
    assert_eq!(store.campaigns(now).unwrap()[0].reason.as_deref(), Some("r: 554 <{address}>: no"));
    let one = store.history(&Query::default()).unwrap().remove(0);
    assert_eq!((one.state, one.attempts[0].reply.text.as_str()), (DeliveryState::Suppressed, ""));
}

#[test]
fn under_tls_the_certificate_and_the_name_are_checked() {
    let Some(server) = Postgres::with_certificate() else { return };
    let address = server.through_tcp(&server.database());
    let publication = |asked: &str| {
        Publication::new()
            .tables(&format!("[store]\nurl = \"{}\"\n\n[list.members]", address.replace("127.0.0.1", asked)))
            .short_post("2026-07-03-one.md", "One")
            .file("ca.pem", server.certificate())
            .environment("PGPASSWORD", server::PASSWORD)
    };
    let status = ["subscribers", "status"];
    let own =
        |publication: Publication, keys: &str| publication.reconfigure("\"\n\n[list", &format!("?{keys}\"\n\n[list"));
    own(publication("localhost"), "sslrootcert=ca.pem").run(&status).ok().says("0 active");
    let unknown = own(publication("localhost"), "sslmode=require");
    unknown.run(&status).leaves_with(1).says("certificate").says_not(server::PASSWORD);
    let elsewhere = own(publication("127.0.0.1"), "sslrootcert=ca.pem");
    elsewhere.run(&status).leaves_with(1).says("certificate");
    let empty = own(publication("localhost"), "sslrootcert=config.toml");
    empty.run(&status).leaves_with(2).says("has no certificate in PEM");
    let Some(plain) = Postgres::quick() else { return };
    let address = plain.through_tcp(&plain.database());
    let publication = Publication::new()
        .tables(&format!("[store]\nurl = \"{address}?sslmode=require\"\n\n[list.members]"))
        .short_post("2026-07-03-one.md", "One")
        .environment("PGPASSWORD", server::PASSWORD);
    publication.run(&status).leaves_with(1).says("tls");
}
