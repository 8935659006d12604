//! Links that were mailed while the pages stood below another path: what they allow is in their token, and they go on working
//! wherever they lead to, as long as their requests come to this service.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::Response;

use super::Desk;
use crate::store::Purpose;

/// Leads a request for such a link to the page that answers it now.
pub(in super::super) async fn lead(desk: Arc<Desk>, mut request: Request, next: Next) -> Response {
    let now = desk.path_now(request.uri().path());
    if let Some(path) = now {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        if let Ok(uri) = Uri::try_from(format!("{path}{query}")) {
            *request.uri_mut() = uri;
        }
    }
    next.run(request).await
}

impl Desk {
    /// Where the page is now of a link that leads elsewhere; `None` for every other path, and where the token is not ours.
    fn path_now(&self, path: &str) -> Option<String> {
        let parts: Vec<&str> = path.rsplitn(4, '/').collect();
        let is_ours = |purpose, token| self.ring.read_token(purpose, token).is_some();
        let page = match *parts.as_slice() {
            [token, list, "unsubscribe", ..] if is_ours(Purpose::Unsubscribe, token) => {
                format!("unsubscribe/{list}/{token}")
            }
            [token, "confirm", ..] if is_ours(Purpose::Confirm, token) => format!("confirm/{token}"),
            [token, "manage", ..] if is_ours(Purpose::Manage, token) => format!("manage/{token}"),
            _ => return None,
        };
        let now = format!("{}/{page}", self.prefix);
        (now != path).then_some(now)
    }
}
