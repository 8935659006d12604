//! The built site: files of public/ with validators, parts and compression.

mod body;
mod compress;
mod kinds;
mod path;
mod range;

use std::fs::Metadata;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, LAST_MODIFIED, LOCATION, RANGE, VARY,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use tokio::io::AsyncSeekExt as _;

use body::FileBody;
use compress::{Coding, Kept};
use path::Found;
use range::Range;

/// The folder of the built site.
pub(super) struct Site {
    folder: PathBuf,
    /// The path of its address, without a slash at the end.
    prefix: String,
    kept: Kept,
    policy: HeaderValue,
}

impl Site {
    /// The site in `folder`, which has this address, and whose forms may lead to where subscriptions are answered.
    pub(super) fn new(folder: PathBuf, base_url: &str, subscriptions: Option<&str>) -> Self {
        let address = url::Url::parse(base_url).ok();
        let prefix = address.map(|address| address.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        let origin = subscriptions.and_then(|address| url::Url::parse(address).ok());
        let origin = origin.map(|address| format!(" {}", address.origin().ascii_serialization())).unwrap_or_default();
        let policy = format!(
            "default-src 'self'; img-src 'self' https: http: data:; media-src 'self' https: http:; frame-src https:; \
             style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'{origin}; \
             frame-ancestors 'self'"
        );
        let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'self'"));
        Self { folder, prefix, kept: Kept::default(), policy }
    }
}

/// Answers a request for a file.
pub(super) async fn answer(site: Arc<Site>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    if path::is_too_long(request.uri().path()) {
        return (StatusCode::URI_TOO_LONG, "This address is too long.\n").into_response();
    }
    let (uri, mut asked) = (request.uri().clone(), request.headers().clone());
    if *request.method() == Method::HEAD {
        // Parts are of what a GET gives (RFC 9110 14.2).
        asked.remove(RANGE);
    }
    drop(request);
    let (path, folder, prefix) = (uri.path().to_owned(), site.folder.clone(), site.prefix.clone());
    let found = tokio::task::spawn_blocking(move || {
        // The folder may be made, or made anew, while we serve.
        let folder = folder.canonicalize().ok()?;
        Some(match path::find_below(&folder, &prefix, &path) {
            Found::Nothing => match path::not_found_page(&folder, path::below(&prefix, &path).unwrap_or(&path)) {
                Some(page) => (Found::File(page, "404.html".to_owned()), StatusCode::NOT_FOUND),
                None => (Found::Nothing, StatusCode::NOT_FOUND),
            },
            found => (found, StatusCode::OK),
        })
    });
    let mut response = match found.await.ok().flatten() {
        Some((Found::File(file, below), status)) => file_answer(&site, &asked, file, &below, status).await,
        Some((Found::Folder(to), _)) => {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            match HeaderValue::try_from(format!("{to}{query}")) {
                Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, to)]).into_response(),
                Err(_) => StatusCode::NOT_FOUND.into_response(),
            }
        }
        _ => (StatusCode::NOT_FOUND, "There is no such page.\n").into_response(),
    };
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, site.policy.clone());
    response
}

/// A version of a file, ready to be sent.
enum Version {
    Plain(PathBuf),
    Compressed(Coding, PathBuf),
    Made(axum::body::Bytes),
}

async fn file_answer(site: &Arc<Site>, asked: &HeaderMap, file: PathBuf, below: &str, status: StatusCode) -> Response {
    let kind = kinds::kind(below);
    let codings = if kind.is_text { compress::accepted(asked) } else { Vec::new() };
    let has_range = asked.contains_key(RANGE);
    let chosen = {
        let site = Arc::clone(site);
        tokio::task::spawn_blocking(move || choose(&site, file, &codings, has_range)).await
    };
    let Ok(Ok((version, tag, metadata))) = chosen else { return StatusCode::NOT_FOUND.into_response() };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind.media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kinds::cache_control(below)));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if kind.is_text {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    let modified = modified(&metadata);
    put(&mut headers, LAST_MODIFIED, modified.map(http_date));
    put(&mut headers, ETAG, Some(tag.clone()));
    if status == StatusCode::OK && !is_expected(asked, &tag, modified) {
        return (StatusCode::PRECONDITION_FAILED, headers).into_response();
    }
    if status == StatusCode::OK && is_fresh(asked, &tag, modified) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let (path, coding) = match version {
        Version::Made(bytes) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(Coding::Gzip.word()));
            return (status, headers, bytes).into_response();
        }
        Version::Compressed(coding, path) => (path, Some(coding)),
        Version::Plain(path) => (path, None),
    };
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.word()));
    }
    let part = match asked.get(RANGE).and_then(|value| value.to_str().ok()) {
        Some(part) if status == StatusCode::OK && is_same(asked, &tag, modified) => Some(part.to_owned()),
        _ => None,
    };
    send(&path, part.as_deref(), status, headers).await
}

/// Which version of a file is sent, its tag, and what is known of the plain one.
fn choose(
    site: &Site,
    file: PathBuf,
    codings: &[Coding],
    has_range: bool,
) -> std::io::Result<(Version, String, Metadata)> {
    let metadata = file.metadata()?;
    let tag = tag(&metadata);
    if !has_range {
        for coding in codings {
            if let Some(path) = compress::beside(&file, *coding) {
                return Ok((Version::Compressed(*coding, path), format!("\"{tag}{}\"", coding.suffix()), metadata));
            }
        }
        if codings.contains(&Coding::Gzip) && compress::pays(metadata.len()) {
            let bytes = site.kept.gzip(&file, &tag)?;
            return Ok((Version::Made(bytes), format!("\"{tag}-gzip\""), metadata));
        }
    }
    Ok((Version::Plain(file), format!("\"{tag}\""), metadata))
}

/// Sends a file, or the part that was asked for.
async fn send(path: &Path, part: Option<&str>, status: StatusCode, mut headers: HeaderMap) -> Response {
    let opened = async {
        let file = tokio::fs::File::open(path).await?;
        let length = file.metadata().await?.len();
        Ok::<_, std::io::Error>((file, length))
    };
    let Ok((mut file, length)) = opened.await else { return StatusCode::NOT_FOUND.into_response() };
    let (first, last, status) = match part.map_or(Range::Whole, |asked| range::range(asked, length)) {
        Range::Whole => (0, length.saturating_sub(1), status),
        Range::Part(first, last) => {
            put(&mut headers, CONTENT_RANGE, Some(format!("bytes {first}-{last}/{length}")));
            (first, last, StatusCode::PARTIAL_CONTENT)
        }
        Range::Beyond => {
            put(&mut headers, CONTENT_RANGE, Some(format!("bytes */{length}")));
            return (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response();
        }
    };
    if first > 0 && file.seek(SeekFrom::Start(first)).await.is_err() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let left = if length == 0 { 0 } else { last - first + 1 };
    headers.insert(CONTENT_LENGTH, left.into());
    (status, headers, Body::new(FileBody { file, left })).into_response()
}

/// A tag from the length and the time of the last change, to the nanosecond: files are written only when their bytes
/// differ.
fn tag(metadata: &Metadata) -> String {
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{:x}-{:x}", metadata.len(), changed.as_nanos())
}

fn modified(metadata: &Metadata) -> Option<DateTime<Utc>> {
    metadata.modified().ok().map(DateTime::from)
}

/// RFC 9110 5.6.7.
fn http_date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn read_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(&text.replace("GMT", "+0000")).ok().map(|instant| instant.to_utc())
}

/// Whether this is the version that the client asks about (RFC 9110 13.1.1 and 13.1.4). Weak tags never are.
fn is_expected(headers: &HeaderMap, tag: &str, modified: Option<DateTime<Utc>>) -> bool {
    if headers.contains_key(IF_MATCH) {
        let fields = headers.get_all(IF_MATCH).iter().filter_map(|value| value.to_str().ok());
        return fields.flat_map(|field| field.split(',')).map(str::trim).any(|one| one == "*" || one == tag);
    }
    let since = headers.get(IF_UNMODIFIED_SINCE).and_then(|value| read_date(value.to_str().ok()?));
    since.zip(modified).is_none_or(|(since, modified)| modified.timestamp() <= since.timestamp())
}

/// Whether the client has this version already (RFC 9110 13.1.2 and 13.1.3).
fn is_fresh(headers: &HeaderMap, tag: &str, modified: Option<DateTime<Utc>>) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        let fields = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        return fields
            .flat_map(|field| field.split(','))
            .map(|one| one.trim().trim_start_matches("W/"))
            .any(|one| one == "*" || one == tag);
    }
    let since = headers.get(IF_MODIFIED_SINCE).and_then(|value| read_date(value.to_str().ok()?));
    since.zip(modified).is_some_and(|(since, modified)| modified.timestamp() <= since.timestamp())
}

/// Whether a part fits those that the client has (RFC 9110 13.1.5).
fn is_same(headers: &HeaderMap, tag: &str, modified: Option<DateTime<Utc>>) -> bool {
    let Some(condition) = headers.get(IF_RANGE) else { return true };
    let Ok(condition) = condition.to_str() else { return false };
    condition == tag || modified.is_some_and(|modified| http_date(modified) == condition)
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: Option<String>) {
    if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
        headers.insert(name, value);
    }
}
