//! Versions of the schema, in the table `schema_version`.

use ::postgres::Transaction;

use super::dialect;
use super::session::{Session, lock_key};
use crate::model::{address_identity, sha256_hex, without_addresses};
use crate::store::AddressKey;
use crate::store::consent::of_erased;
use crate::store::database::{Fault, Lock, Result};
use crate::store::merge::MERGE;

/// What one version adds to the one before: SQL, and what SQL alone cannot do.
struct Step {
    sql: &'static str,
    then: Option<fn(&mut Transaction<'_>) -> Result<()>>,
}

/// The first makes an empty schema into version 1.
const STEPS: [Step; 14] = [
    Step { sql: include_str!("sql/schema_1.sql"), then: None },
    Step { sql: include_str!("sql/schema_2.sql"), then: Some(hash_addresses) },
    Step { sql: include_str!("sql/schema_3.sql"), then: Some(fold_addresses) },
    Step { sql: include_str!("sql/schema_4.sql"), then: None },
    Step { sql: include_str!("sql/schema_5.sql"), then: None },
    Step { sql: include_str!("sql/schema_6.sql"), then: None },
    Step { sql: include_str!("sql/schema_7.sql"), then: None },
    Step { sql: include_str!("sql/schema_8.sql"), then: None },
    Step { sql: include_str!("sql/schema_9.sql"), then: None },
    Step { sql: include_str!("sql/schema_10.sql"), then: None },
    Step { sql: include_str!("sql/schema_11.sql"), then: None },
    Step { sql: include_str!("sql/schema_12.sql"), then: None },
    Step { sql: include_str!("sql/schema_13.sql"), then: Some(forget_addresses) },
    Step { sql: include_str!("../sql/schema_19.sql"), then: None },
];

/// Brings the schema up to date, in one transaction. Of several machines that begin at once one does it, and the
/// others wait and find it done.
pub(super) fn migrate(session: &Session) -> Result<()> {
    session.transaction(|transaction| {
        transaction.batch_execute(&format!(
            "select pg_advisory_xact_lock({}, hashtext(current_schema()))",
            lock_key(Lock::Schema)
        ))?;
        transaction.batch_execute("create table if not exists schema_version (version bigint not null)")?;
        let found = match transaction.query_opt("select version from schema_version", &[])? {
            Some(row) => row.try_get::<_, i64>(0)?,
            None => 0,
        };
        let Some(missing) = usize::try_from(found).ok().and_then(|found| STEPS.get(found..)) else {
            return Err(Fault::Newer { found: found.unsigned_abs(), known: STEPS.len() as u64 });
        };
        if missing.is_empty() {
            return Ok(());
        }
        for step in missing {
            transaction.batch_execute(step.sql)?;
            if let Some(then) = step.then {
                then(transaction)?;
            }
        }
        transaction.batch_execute("delete from schema_version")?;
        transaction.execute("insert into schema_version values ($1)", &[&(STEPS.len() as i64)])?;
        Ok(())
    })
}

/// Gives every person a hash and makes one of those who have the same, keeps suppressed addresses as hashes alone, and the tokens that went out with mails.
fn hash_addresses(transaction: &mut Transaction<'_>) -> Result<()> {
    let key: String = transaction.query_one("select value from hash_key where name = 'address'", &[])?.try_get(0)?;
    let key = AddressKey::new(&key);
    let mut twice: Vec<(i64, i64)> = Vec::new();
    for row in transaction.query("select id, address from subscriber order by id", &[])? {
        let (id, address): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        let hash = key.hash(&address);
        match transaction.query_opt("select id from subscriber where hash = $1", &[&hash])? {
            Some(known) => twice.push((id, known.try_get(0)?)),
            None => {
                transaction.execute("update subscriber set hash = $2 where id = $1", &[&id, &hash])?;
            }
        }
    }
    for row in transaction.query("select address, reason, since from suppression_1", &[])? {
        let (address, reason, since): (String, String, std::time::SystemTime) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let suppress = "insert into suppression values ($1, $2, $3) on conflict (hash) do nothing";
        transaction.execute(suppress, &[&key.hash(&address), &reason, &since])?;
    }
    transaction.batch_execute("drop table suppression_1")?;
    let sent = "select distinct delivery.token, delivery.list, subscriber.id
                from delivery join subscriber on subscriber.address = delivery.address";
    for row in transaction.query(sent, &[])? {
        let (token, list, subscriber): (String, String, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let keep = "insert into old_token values ($1, $2, $3) on conflict (hash) do nothing";
        transaction.execute(keep, &[&sha256_hex(token.as_bytes()), &list, &subscriber])?;
    }
    for (gone, kept) in twice {
        for statement in MERGE {
            transaction.execute(&*dialect::words(statement), &[&gone, &kept])?;
        }
    }
    Ok(())
}

/// Gives what went out and came back the form in which addresses are compared, where SQL cannot make it; does what erasing
/// left undone of those; and takes addresses out of the words of consent.
fn fold_addresses(transaction: &mut Transaction<'_>) -> Result<()> {
    let key: String = transaction.query_one("select value from hash_key where name = 'address'", &[])?.try_get(0)?;
    let key = AddressKey::new(&key);
    for table in ["delivery", "bounce_event"] {
        let beyond_ascii = format!(
            "select distinct address collate \"C\" from {table} where octet_length(address) <> char_length(address)"
        );
        for address in texts(transaction, &beyond_ascii)? {
            let identity = address_identity(&address);
            if table == "delivery" {
                merge_deliveries(transaction, &address, &identity)?;
            }
            let fold = format!("update {table} set identity = $2 where address collate \"C\" = $1");
            transaction.execute(&fold, &[&address, &&*identity])?;
        }
    }
    let whom = "select distinct identity from delivery where octet_length(identity) <> char_length(identity)";
    for identity in texts(transaction, whom)? {
        let hash = key.hash(&identity);
        let is_erased = "select 1 from suppression where hash = $1 and reason = 'erased'";
        if transaction.query_opt(is_erased, &[&hash])?.is_some() {
            let instead = of_erased(&hash);
            transaction.execute(&*dialect::words(include_str!("../sql/delivery_erase.sql")), &[&identity, &hash])?;
            transaction.execute(&*dialect::words(include_str!("../sql/attempt_erase.sql")), &[&instead])?;
            let came_back = dialect::words(include_str!("../sql/bounce_event_erase.sql"));
            transaction.execute(&*came_back, &[&identity, &instead])?;
        }
    }
    transaction.batch_execute(include_str!("../sql/wording_erase.sql"))?;
    for words in texts(transaction, "select words from wording where words like '%@%'")? {
        let kept = without_addresses(&words);
        if kept != words {
            transaction.execute("insert into wording (words) values ($1) on conflict (words) do nothing", &[&kept])?;
            let shown = "update consent set wording = (select id from wording where words = $2)
                         where wording = (select id from wording where words = $1)";
            transaction.execute(shown, &[&words, &kept])?;
        }
    }
    transaction.batch_execute(include_str!("../sql/wording_erase.sql"))?;
    Ok(())
}

/// Takes addresses out of why campaigns stopped: relays name whom they refuse.
fn forget_addresses(transaction: &mut Transaction<'_>) -> Result<()> {
    for reason in texts(transaction, "select distinct reason from campaign where reason like '%@%'")? {
        let forget = "update campaign set reason = $2 where reason = $1";
        transaction.execute(forget, &[&reason, &without_addresses(&reason)])?;
    }
    Ok(())
}

/// Makes one delivery of two of one campaign whose addresses are one, and are two to the collation: what was tried is the
/// other's, and so is what became of it, unless that one was tried, too.
fn merge_deliveries(transaction: &mut Transaction<'_>, address: &str, identity: &str) -> Result<()> {
    let twice = "select this.id, other.id
                 from delivery as this join delivery as other on other.campaign = this.campaign and other.id <> this.id
                 where this.address collate \"C\" = $1 and other.identity = $2";
    for row in transaction.query(twice, &[&address, &identity])? {
        let (gone, kept): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        for move_to in [
            "update attempt set delivery = $2 where delivery = $1",
            "update bounce_event set delivery = $2 where delivery = $1",
            "update delivery set state = this.state, attempts = this.attempts, first_tried = this.first_tried,
                 message_id = this.message_id, token = this.token, changed = this.changed
             from delivery as this
             where delivery.id = $2 and this.id = $1 and delivery.state in ('pending', 'deferred')",
            "delete from delivery where id = $1 and id <> $2",
        ] {
            transaction.execute(move_to, &[&gone, &kept])?;
        }
    }
    Ok(())
}

fn texts(transaction: &mut Transaction<'_>, sql: &str) -> Result<Vec<String>> {
    transaction.query(sql, &[])?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
