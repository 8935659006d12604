//! What monitors ask.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::client::Client;
use super::metrics::{Metrics, gauge, label};
use super::subscriptions::Desk;
use crate::error::Result;

/// How long the readers of the lists are not counted again.
const COUNTED_AGAIN: Duration = Duration::from_secs(30);

/// Numbers by their labels.
type Counts = Arc<[(String, u32)]>;

/// What can be said of the service.
pub(super) struct Inside {
    metrics: Arc<Metrics>,
    desk: Option<Arc<Desk>>,
    counted: Mutex<Option<(Instant, Counts)>>,
}

impl Inside {
    pub(super) fn new(metrics: Arc<Metrics>, desk: Option<Arc<Desk>>) -> Self {
        Self { metrics, desk, counted: Mutex::new(None) }
    }
}

impl Inside {
    /// How many are on each list, by labels. Counting a million readers takes a second, so what was counted is told for a
    /// while.
    async fn counts(&self, desk: &Arc<Desk>) -> Result<Counts> {
        let mut counted = self.counted.lock().await;
        if let Some((at, counts)) = &*counted
            && at.elapsed() < COUNTED_AGAIN
        {
            return Ok(Arc::clone(counts));
        }
        let keys: Vec<String> = desk.config.lists.iter().map(|list| list.key.clone()).collect();
        let counts = desk.with_reader(move |store| {
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
            Ok(counts)
        });
        let counts = Counts::from(counts.await?);
        *counted = Some((Instant::now(), Arc::clone(&counts)));
        Ok(counts)
    }
}

/// How many requests and messages wait.
async fn waiting(desk: &Arc<Desk>) -> Result<u32> {
    let now = desk.now();
    desk.with_reader(move |store| store.notices_waiting(now)).await
}

/// Whether the service can do its work: the store answers.
pub(super) async fn health(State(inside): State<Arc<Inside>>) -> Response {
    let works = match &inside.desk {
        None => true,
        Some(desk) => waiting(desk).await.is_ok(),
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
        let (Ok(counts), Ok(waiting)) = (inside.counts(desk).await, waiting(desk).await) else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        gauge(&mut text, "masthead_subscribers", "How many are on each list.", &counts);
        gauge(&mut text, "masthead_notices_waiting", "Requests and messages that wait.", &[(String::new(), waiting)]);
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (CACHE_CONTROL, "no-store")], text).into_response()
}
