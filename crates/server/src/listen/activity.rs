//! Whether a connection does anything.
//!
//! Until the first head of a request has arrived there is one time limit, whatever is sent meanwhile: nothing, a part of a
//! head, or HTTP/2 without a stream. Between requests the same time begins with each answer, and goes on while the
//! client takes it. Requests that are worked on have limits of their own (`http.request_timeout_seconds`).

use std::{
    io::{IoSlice, Result},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, sleep_until},
};

/// For how many times the limit an answer may be on its way, though the client does take some of it now and then.
const SLOW_READERS: u32 = 10;

/// What happens on one connection.
pub(super) struct Activity {
    limit: Duration,
    state: Mutex<State>,
}

struct State {
    /// Requests that are worked on.
    running: usize,
    /// When the connection began, or the work on a request ended last.
    rests_since: Instant,
    /// When something was last sent; none before the first request.
    sent: Option<Instant>,
}

impl Activity {
    /// A connection's beginning.
    pub(super) fn begin(limit: Duration) -> Self {
        Self { limit, state: Mutex::new(State { running: 0, rests_since: Instant::now(), sent: None }) }
    }

    /// A request's beginning; it ends when this is dropped.
    pub(super) fn run(self: &Arc<Self>) -> Running {
        self.state().running += 1;
        Running(Arc::clone(self))
    }

    /// Comes back when nothing has happened for too long.
    pub(super) async fn idle(&self) {
        while let Some(at) = self.looks_again(Instant::now()) {
            sleep_until(at).await;
        }
    }

    /// When to look again; none when the time is over.
    fn looks_again(&self, now: Instant) -> Option<Instant> {
        let state = self.state();
        if state.running > 0 {
            return Some(now + self.limit);
        }
        let ends = state.rests_since + self.limit;
        let ends = state.sent.map_or(ends, |sent| {
            // Whoever takes an answer slowly is not idle; whoever makes it last for ever is.
            ends.max((sent + self.limit).min(state.rests_since + self.limit * SLOW_READERS))
        });
        (ends > now).then_some(ends)
    }

    fn sends(&self, now: Instant) {
        let mut state = self.state();
        // HTTP/2 sends its settings and answers pings before there is any request.
        if state.sent.is_some() {
            state.sent = Some(now);
        }
    }

    fn ends(&self, now: Instant) {
        let mut state = self.state();
        state.running = state.running.saturating_sub(1);
        (state.rests_since, state.sent) = (now, Some(now));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is worked on.
pub(super) struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.ends(Instant::now());
    }
}

/// A stream that tells when something was sent.
pub(super) struct Watched<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }
    fn told(&self, sent: Poll<Result<usize>>) -> Poll<Result<usize>> {
        if matches!(sent, Poll::Ready(Ok(1..))) {
            self.activity.sends(Instant::now());
        }
        sent
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.told(sent)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.told(sent)
    }
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(15);

    /// A connection, and a moment so many seconds after its beginning.
    fn connection() -> (Arc<Activity>, impl Fn(u64) -> Instant) {
        let activity = Arc::new(Activity::begin(LIMIT));
        let begun = activity.state().rests_since;
        (activity, move |seconds| begun + Duration::from_secs(seconds))
    }

    #[test]
    fn before_the_first_request_nothing_wins_time() {
        let (activity, after) = connection();
        activity.sends(after(10));
        assert_eq!(activity.looks_again(after(10)), Some(after(15)));
        assert_eq!(activity.looks_again(after(15)), None);
    }

    #[test]
    fn requests_take_their_time_and_begin_it_anew() {
        let (activity, after) = connection();
        let (one, two) = (activity.run(), activity.run());
        assert_eq!(activity.looks_again(after(100)), Some(after(115)));
        // As if they were dropped then.
        activity.ends(after(100));
        assert_eq!(activity.looks_again(after(120)), Some(after(135)));
        activity.ends(after(120));
        assert_eq!(activity.looks_again(after(134)), Some(after(135)));
        assert_eq!(activity.looks_again(after(135)), None);
        drop((one, two));
        assert_eq!(activity.state().running, 0);
    }

    #[test]
    fn slow_readers_have_more_time_but_not_for_ever() {
        let (activity, after) = connection();
        activity.ends(after(0));
        for seconds in (0..150).step_by(10) {
            activity.sends(after(seconds));
            assert_eq!(activity.looks_again(after(seconds)), Some(after((seconds + 15).min(150))));
        }
        activity.sends(after(149));
        assert_eq!(activity.looks_again(after(150)), None);
    }

    #[tokio::test]
    async fn what_is_written_is_told() {
        use tokio::io::AsyncWriteExt;
        let (activity, after) = connection();
        activity.ends(after(0));
        Watched::new(tokio::io::sink(), Arc::clone(&activity)).write_all(b"an answer").await.unwrap();
        let sent = activity.state().sent;
        assert!(sent > Some(after(0)));
    }
}
