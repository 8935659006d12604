//! A file, or a part of one, as it is read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

/// How much is read at once, in bytes.
const BLOCK: usize = 64 * 1024;

/// So many bytes of a file, from where it stands.
pub(super) struct FileBody {
    pub(super) file: File,
    pub(super) left: u64,
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let mut block = vec![0; BLOCK.min(usize::try_from(this.left).unwrap_or(BLOCK))];
        let mut buffer = ReadBuf::new(&mut block);
        ready!(Pin::new(&mut this.file).poll_read(context, &mut buffer))?;
        let read = buffer.filled().len();
        if read == 0 {
            // The file was cut short under our hands: the length that was promised cannot be kept.
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        block.truncate(read);
        this.left -= read as u64;
        Poll::Ready(Some(Ok(Frame::data(block.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }
}
