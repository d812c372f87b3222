//! A choice as a `Future`, with the standard library alone.
//!
//! `choose` blocks its thread, which a task of an executor must not. [`Choosing`] does not: it tries, and
//! if there is no peer it asks the chooser to be told (`notify_ready`) and gives the thread back. It needs
//! no runtime and no timer, so it works inside any executor; the one here is 20 lines long.
//!
//! ```text
//! cargo run --example future
//! ```

use std::error::Error;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use peerage::policy::RoundRobin;
use peerage::transports::Always;
use peerage::{
    Cause, ChooseError, ChooseErrorKind, Chooser, Lifecycle, List, ListOptions, ListUpdates,
    NoticeId, Outcome, PeerList, Pick, Ready, Request,
};

// ANCHOR: choosing
/// A peer for `request`, as soon as there is one. Dropped before that, it waits no more.
struct Choosing<'a> {
    chooser: &'a dyn Chooser,
    request: Request<'a>,
    /// The notice that was asked for last, until this future has heard of it.
    notice: Option<NoticeId>,
    /// When it began to wait, if it has: what it tells at the end, as the chooser cannot see it.
    began: Option<Instant>,
    heard: Arc<Mutex<Heard>>,
}

/// What the notice, on the thread that causes it, and the future have in common.
#[derive(Default)]
struct Heard {
    waker: Option<Waker>,
    news: Option<Ready>,
}

fn choosing<'a>(chooser: &'a dyn Chooser, request: Request<'a>) -> Choosing<'a> {
    Choosing { chooser, request, notice: None, began: None, heard: Arc::default() }
}

impl Choosing<'_> {
    /// Has the end of the wait counted, and of a choice in vain.
    fn count(&mut self, ended: Option<ChooseErrorKind>) {
        let took = self.began.take().map_or(Duration::ZERO, |began| began.elapsed());
        self.chooser.waited(ended, took);
    }
}

impl Future for Choosing<'_> {
    type Output = Result<Pick, ChooseError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let news = {
            let mut heard = lock(&self.heard);
            // An executor may move the task: the last waker counts. It is there before the notice is
            // asked for, as that may be given at once.
            heard.waker = Some(context.waker().clone());
            heard.news.take()
        };
        if self.notice.is_some() && news.is_none() {
            return Poll::Pending; // woken for another reason
        }
        self.notice = None;
        let error = match self.chooser.try_again(&self.request) {
            Ok(pick) => {
                self.count(None);
                return Poll::Ready(Ok(pick));
            }
            Err(error) => error,
        };
        // As many wait as may: to ask again would be a wait that spins.
        if !may_help(&error) || news == Some(Ready::QueueFull) {
            self.count(Some(error.kind()));
            return Poll::Ready(Err(error));
        }
        self.began.get_or_insert_with(Instant::now);
        let heard = Arc::clone(&self.heard);
        let notice = Box::new(move |news| {
            let waker = {
                let mut heard = lock(&heard);
                heard.news = Some(news);
                heard.waker.take()
            };
            // With no lock held: it may poll the task at once.
            waker.into_iter().for_each(Waker::wake);
        });
        // `None`: the notice has been given by now, and has woken the task.
        self.notice = self.chooser.notify_ready(&self.request, notice);
        Poll::Pending
    }
}

/// Whether time may bring what the choice lacked.
fn may_help(error: &ChooseError) -> bool {
    match error.kind() {
        ChooseErrorKind::NoPeer => {
            !matches!(error.cause(), Cause::NotInList | Cause::BelowThreshold)
        }
        ChooseErrorKind::NotRunning(_) => true,
        _ => false,
    }
}

impl Drop for Choosing<'_> {
    fn drop(&mut self) {
        if let Some(notice) = self.notice.take() {
            // Whether or not it was given: it holds no peer, so nothing is lost with it.
            self.chooser.cancel_notice(notice);
        }
        if self.began.is_some() {
            self.count(Some(ChooseErrorKind::Cancelled));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
// ANCHOR_END: choosing

// ANCHOR: block_on
/// Runs one future on this thread until it is done or the time is over, and then drops it.
fn block_on<F: Future>(future: F, limit: Duration) -> Option<F::Output> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    let deadline = Instant::now() + limit;
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        let left = deadline.checked_duration_since(Instant::now())?;
        // A wake between the poll and this is not lost: the thread does not park then.
        thread::park_timeout(left);
    }
}
// ANCHOR_END: block_on

fn main() -> Result<(), Box<dyn Error>> {
    let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());

    let limit = Duration::from_millis(20);
    let nothing = block_on(choosing(&list, Request::new()), limit);
    println!("before the list is started: {}", if nothing.is_none() { "no peer yet" } else { "?" });

    thread::scope(|scope| {
        scope.spawn(|| {
            list.start()?;
            list.update(ListUpdates::adding(["10.0.0.1:80"]))?;
            Ok::<(), Box<dyn Error + Send + Sync>>(())
        });
        let pick = block_on(choosing(&list, Request::new()), Duration::from_secs(10));
        let pick = pick.ok_or("no peer in ten seconds")??;
        println!("send it to {}", pick.identifier());
        pick.finish(Outcome::Success);
        Ok(())
    })
}

#[cfg(test)]
#[path = "future/tests.rs"]
mod tests;
