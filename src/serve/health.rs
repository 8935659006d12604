//! What monitors ask.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use super::client::Client;
use super::metrics::{Metrics, gauge, label};
use super::subscriptions::Desk;

/// What can be said of the service.
pub(super) struct Inside {
    pub(super) metrics: Arc<Metrics>,
    pub(super) desk: Option<Arc<Desk>>,
}

/// Whether the service can do its work: the store answers.
pub(super) async fn health(State(inside): State<Arc<Inside>>) -> Response {
    let works = match &inside.desk {
        None => true,
        Some(desk) => desk.with_store(|store| store.notices_waiting()).await.is_ok(),
    };
    let (status, word) = if works { (StatusCode::OK, "ok\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "no store\n") };
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")], word).into_response()
}

/// The counters, for whoever asks from this machine or its private network. To everybody else there is no such page.
pub(super) async fn metrics(State(inside): State<Arc<Inside>>, Extension(client): Extension<Client>) -> Response {
    if !client.is_inside() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut text = inside.metrics.text();
    if let Some(desk) = &inside.desk {
        let keys: Vec<String> = desk.config.lists.iter().map(|list| list.key.clone()).collect();
        let counts = desk.with_store(move |store| {
            let mut counts = Vec::new();
            for key in keys {
                let status = store.status(&key)?;
                let list = label(&key);
                for (word, count) in [
                    ("active", status.active),
                    ("pending", status.pending),
                    ("unsubscribed", status.unsubscribed),
                    ("suppressed", status.suppressed),
                ] {
                    counts.push((format!("{{list=\"{list}\",status=\"{word}\"}}"), count));
                }
            }
            Ok((counts, store.notices_waiting()?))
        });
        match counts.await {
            Ok((counts, waiting)) => {
                gauge(&mut text, "masthead_subscribers", "How many are on each list.", &counts);
                let waiting = [(String::new(), waiting)];
                gauge(&mut text, "masthead_notices_waiting", "Requests and messages that wait.", &waiting);
            }
            Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (CACHE_CONTROL, "no-store")], text).into_response()
}
