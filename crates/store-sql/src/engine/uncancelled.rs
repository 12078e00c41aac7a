//! Work that runs to its end even when its caller goes away.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// Work that its caller does himself while he waits. If he stops waiting, a task of its own takes it over where it stands.
/// (A task from the beginning would cost every call a hand-over between threads.)
pub(crate) struct Uncancelled<T: Send + 'static> {
    work: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    begun: bool,
}

/// Makes `work` run to its end once it has begun.
pub(crate) fn uncancelled<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Uncancelled<T> {
    Uncancelled { work: Some(Box::pin(work)), begun: false }
}

impl<T: Send + 'static> Future for Uncancelled<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.begun = true;
        // Taken out, so that work that panics is not taken over.
        let Some(mut work) = self.work.take() else { return Poll::Pending };
        let answer = work.as_mut().poll(context);
        if answer.is_pending() {
            self.work = Some(work);
        }
        answer
    }
}

impl<T: Send + 'static> Drop for Uncancelled<T> {
    fn drop(&mut self) {
        if let Some(work) = self.work.take().filter(|_| self.begun)
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };
    use tokio::sync::oneshot;

    /// Work that waits for a word, and a flag that it raises when it has come to its end.
    fn work() -> (oneshot::Sender<()>, Arc<AtomicBool>, Uncancelled<u8>) {
        let (word, heard) = oneshot::channel();
        let ended = Arc::new(AtomicBool::new(false));
        let flag = ended.clone();
        let work = uncancelled(async move {
            let _ = heard.await;
            flag.store(true, Ordering::SeqCst);
            7
        });
        (word, ended, work)
    }

    #[tokio::test]
    async fn who_waits_gets_the_answer() {
        let (word, _, work) = work();
        word.send(()).unwrap();
        assert_eq!(work.await, 7);
    }

    #[tokio::test]
    async fn begun_work_ends_although_nobody_waits() {
        let (word, ended, mut work) = work();
        assert!(futures::poll!(&mut work).is_pending());
        drop(work);
        assert!(word.send(()).is_ok(), "somebody still listens");
        while !ended.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_was_never_begun_is_not_done() {
        let (word, _, work) = work();
        drop(work);
        assert!(word.send(()).is_err(), "nobody listens");
    }
}
