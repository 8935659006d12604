//! The header of an answer, and what it says about when to ask again (RFC 9110, RFC 9111).

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// Header fields in the order they came; names in lower case, values byte for byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(
    /// Names and values.
    pub Vec<(String, Vec<u8>)>,
);

impl Headers {
    /// The first value of a field.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_slice())
    }

    /// The same as text, without white space around it; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.bytes(name).map(|value| String::from_utf8_lossy(value).trim().to_owned())
    }

    /// All values of a field that is a list (RFC 9110, 5.3).
    fn list(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(field, _)| field == name);
        values
            .flat_map(|(_, value)| {
                String::from_utf8_lossy(value).split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>()
            })
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// The codings of the answer, in the order they were applied; `identity` is none, and neither is a charset, which programs
    /// name there by mistake (`utf-8`).
    pub(super) fn encodings(&self) -> Vec<String> {
        let codings = self.list("content-encoding").into_iter().map(|coding| coding.to_ascii_lowercase());
        let is_charset = |coding: &str| encoding_rs::Encoding::for_label(coding.as_bytes()).is_some();
        codings.filter(|coding| coding != "identity" && !is_charset(coding)).collect()
    }

    /// The charset that `Content-Type` names.
    #[must_use]
    pub fn charset(&self) -> Option<String> {
        let kind = self.text("content-type")?;
        let parameter = |part: &str| {
            let (name, value) = part.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']).trim();
            (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
        };
        kind.split(';').skip(1).find_map(parameter)
    }

    /// For how long the answer may be taken as it is, said at `now`: `Cache-Control: max-age` less `Age`, else
    /// `Expires` less `Date` (RFC 9111, 4.2). `None` when nothing is said, or that it must be asked for each time.
    pub(super) fn fresh_for(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        let directives = self.list("cache-control");
        let directive = |name: &str| {
            // Some servers set semicolons between them.
            directives.iter().flat_map(|one| one.split(';')).find_map(|one| {
                let (key, value) = one.split_once('=').unwrap_or((one, ""));
                key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
            })
        };
        if directive("no-store").is_some() || directive("no-cache").is_some() {
            return None;
        }
        let fresh = if let Some(seconds) = directive("max-age") {
            whole_seconds(&seconds)? - self.text("age").and_then(|age| whole_seconds(&age)).unwrap_or_default()
        } else {
            let expires = http_date(&self.text("expires")?)?;
            expires - self.text("date").and_then(|date| http_date(&date)).unwrap_or(now)
        };
        (fresh > TimeDelta::zero()).then_some(fresh)
    }

    /// `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3), from `now` on.
    pub(super) fn retry_after(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        let value = self.text("retry-after")?;
        whole_seconds(&value)
            .or_else(|| {
                // The server's clock may be another than ours: what counts is how far its date is from its own now.
                let said_at = self.text("date").and_then(|date| http_date(&date)).unwrap_or(now);
                http_date(&value).map(|date| date - said_at)
            })
            .filter(|wait| *wait > TimeDelta::zero())
    }
}

/// A number of seconds. One that is too large to count is "very long" (RFC 9111, 1.2.2).
fn whole_seconds(text: &str) -> Option<TimeDelta> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds: i64 = text.parse().unwrap_or(i64::MAX);
    Some(TimeDelta::seconds(seconds.min(i64::from(i32::MAX))))
}

/// A date in any of HTTP's three forms (RFC 9110, 5.6.7).
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.to_utc());
    }
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|date| date.and_utc())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Headers, http_date};

    fn headers(fields: &[(&str, &str)]) -> Headers {
        Headers(fields.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect())
    }

    fn now() -> DateTime<Utc> {
        "2026-08-02T08:00:00Z".parse().unwrap()
    }

    fn fresh(fields: &[(&str, &str)]) -> Option<i64> {
        headers(fields).fresh_for(now()).map(|fresh| fresh.num_seconds())
    }

    #[test]
    fn all_three_forms_of_a_date_are_read() {
        let expected: DateTime<Utc> = "1994-11-06T08:49:37Z".parse().unwrap();
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(http_date(text), Some(expected), "{text}");
        }
        assert_eq!(http_date("0"), None);
    }

    #[test]
    fn freshness_is_what_is_left_of_it() {
        assert_eq!(fresh(&[("cache-control", "public, max-age=3600"), ("age", "600")]), Some(3000));
        assert_eq!(fresh(&[("cache-control", "max-age=\"7200\"; must-revalidate")]), Some(7200));
        assert_eq!(fresh(&[("cache-control", "public"), ("cache-control", "Max-Age=\"60\"")]), Some(60));
        assert_eq!(fresh(&[("cache-control", "max-age=99999999999999999999")]), Some(i64::from(i32::MAX)));
        assert_eq!(fresh(&[("cache-control", "max-age=60"), ("age", "61")]), None);
        assert_eq!(fresh(&[("cache-control", "max-age=60, no-cache")]), None);
        assert_eq!(fresh(&[("cache-control", "max-age=-1")]), None);
        let (date, expires) = ("Sun, 02 Aug 2026 07:00:00 GMT", "Sun, 02 Aug 2026 09:30:00 GMT");
        assert_eq!(fresh(&[("date", date), ("expires", expires)]), Some(9000), "by the server's own clock");
        assert_eq!(fresh(&[("expires", expires)]), Some(5400));
        assert_eq!(fresh(&[("expires", "0")]), None);
        assert_eq!(fresh(&[]), None);
    }

    #[test]
    fn a_server_says_when_to_come_back() {
        let wait = |value: &str| headers(&[("retry-after", value)]).retry_after(now());
        assert_eq!(wait("120"), Some(TimeDelta::seconds(120)));
        assert_eq!(wait("Sun, 02 Aug 2026 08:10:00 GMT"), Some(TimeDelta::minutes(10)));
        assert_eq!([wait("Sun, 02 Aug 2026 07:00:00 GMT"), wait("soon"), wait("0"), wait("-5")], [None; 4]);
    }

    #[test]
    fn a_charset_is_no_coding() {
        let codings = |value: &str| headers(&[("content-encoding", value)]).encodings().join(" ");
        assert_eq!(codings("UTF-8"), "");
        assert_eq!(codings("utf8, GZIP, identity"), "gzip");
        assert_eq!(codings("br, zstd"), "br zstd");
    }

    #[test]
    fn the_charset_is_a_parameter_of_the_type() {
        let charset = |value: &str| headers(&[("content-type", value)]).charset();
        assert_eq!(charset("text/xml; Charset=\"ISO-8859-1\""), Some("ISO-8859-1".to_owned()));
        assert_eq!(charset("text/xml;x=1; charset=utf-8"), Some("utf-8".to_owned()));
        assert_eq!([charset("text/xml"), charset("text/xml; charset="), charset("charset=x")], [None, None, None]);
    }
}
