//! What is sent to the pages: links and forms, of which none that is broken is answered otherwise than by a page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::Desk;
use super::page::query;

/// What stands in the path of a link. Of bytes that are no text (`%ff`) nothing is left, and no link of ours is empty: so it is
/// met, and counted, like any other that does not work.
pub(super) struct Link<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Default + Send> FromRequestParts<S> for Link<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let read = Path::from_request_parts(parts, state).await;
        Ok(Self(read.map_or_else(|_| T::default(), |Path(path)| path)))
    }
}

/// The body of a form.
pub(super) struct Sent(pub(super) Bytes);

impl FromRequest<Arc<Desk>> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Response> {
        let language = desk.page_language(query(request.uri().query()).get("lang"), request.headers());
        let read = Bytes::from_request(request, desk).await;
        read.map(Self).map_err(|refused| {
            let key = match refused.status() {
                StatusCode::PAYLOAD_TOO_LARGE => "form_too_long",
                _ => "fault",
            };
            desk.say(refused.status(), &language, key, &[], None)
        })
    }
}
