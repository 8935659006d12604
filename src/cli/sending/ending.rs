//! Ending when the process is told to: between two messages, so that nobody's is left in doubt. A site that is being written
//! meanwhile is written to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::error::{Error, ErrorKind, Result};

/// The exit code of a process that is told twice: that of one which SIGTERM ends.
const TOLD_TWICE: i32 = 143;

/// Knows whether the process was told to end, by SIGTERM or SIGINT.
pub(in crate::cli) struct Ending {
    asked: Arc<AtomicBool>,
    told: Receiver<()>,
}

impl Ending {
    /// Listens from now on. A second signal ends the process at once, as if it were killed.
    pub(in crate::cli) fn listen() -> Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        let (tell, told) = channel();
        let (ready, is_ready) = channel();
        let flag = Arc::clone(&asked);
        std::thread::spawn(move || wait_for_signals(&flag, &tell, &ready));
        let refused = |cause: String| Error::new(ErrorKind::Io, format!("the machine tells of no signals: {cause}"));
        match is_ready.recv() {
            Ok(Ok(())) => Ok(Self { asked, told }),
            Ok(Err(cause)) => Err(refused(cause.to_string().to_lowercase())),
            Err(_) => Err(refused("the thread that waits for them is gone".to_owned())),
        }
    }

    /// What is set once the process was told to end.
    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.asked)
    }

    /// Whether the process was told to end.
    pub(in crate::cli) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    /// Waits so long, or until the process is told to end.
    pub(in crate::cli) fn wait(&self, time: Duration) {
        if !self.is_asked() {
            let _ = self.told.recv_timeout(time);
        }
    }
}

fn wait_for_signals(asked: &AtomicBool, tell: &Sender<()>, ready: &Sender<std::io::Result<()>>) {
    let listening = tokio::runtime::Builder::new_current_thread().enable_io().build().and_then(|runtime| {
        let _inside = runtime.enter();
        let signals = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok((runtime, signals))
    });
    let (runtime, (mut terminate, mut interrupt)) = match listening {
        Ok(listening) => listening,
        Err(cause) => {
            let _ = ready.send(Err(cause));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    runtime.block_on(async {
        loop {
            std::future::poll_fn(|context| {
                if terminate.poll_recv(context).is_ready() || interrupt.poll_recv(context).is_ready() {
                    std::task::Poll::Ready(())
                } else {
                    std::task::Poll::Pending
                }
            })
            .await;
            if asked.swap(true, Ordering::SeqCst) {
                std::process::exit(TOLD_TWICE);
            }
            let _ = tell.send(());
        }
    });
}
