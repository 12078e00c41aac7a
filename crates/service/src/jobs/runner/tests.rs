//! The runner over a mocked queue.

use super::{Effect, JobHandler, JobRunner, Progress, RunnerSettings, fixtures::a_job};
use crate::{
    App,
    testing::{TestApp, now, organization},
};
use async_trait::async_trait;
use keystead_domain::{Error, Result, Scope, jobs::Job};
use keystead_store::mocks::{Journal, MockUnitOfWork, Step};
use serde_json::json;
use std::{
    future::pending,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{sync::mpsc, time::timeout};

/// What the handler of a test does.
#[derive(Clone, Copy)]
enum Does {
    Succeed,
    /// Writes in the transaction of the job's end.
    Write,
    Fail,
    Panic,
    Hang,
    /// Sleeps for so many milliseconds.
    Sleep(u64),
}

struct Handler {
    does: Does,
    limit: Duration,
    begun: mpsc::UnboundedSender<()>,
}

#[async_trait]
impl JobHandler for Handler {
    fn kind(&self) -> &'static str {
        "test"
    }
    fn time_limit(&self) -> Duration {
        self.limit
    }
    async fn run(&self, app: &App, job: &Job, progress: &Progress) -> Result<Effect> {
        progress.set(50);
        self.begun.send(()).unwrap();
        match self.does {
            Does::Succeed => Ok(Effect::done(json!("done"))),
            Does::Write => {
                let unit = app.store.begin(Scope::organization(job.organization_id)).await?;
                unit.jobs().enqueue(job).await?;
                Ok(Effect::within(unit, json!("written")))
            }
            Does::Fail => Err(Error::internal("for the log only")),
            Does::Panic => panic!("on purpose"),
            Does::Hang => pending().await,
            Does::Sleep(millis) => {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                Ok(Effect::done(json!("late")))
            }
        }
    }
}

/// What the queue was told: `fail` with its text and whether the job is tried again, `renew` with its progress.
type Told = Arc<Mutex<Vec<String>>>;

struct Bench {
    test: TestApp,
    does: Does,
    limit: Duration,
    lease: Duration,
    told: Told,
    /// What `renew` answers.
    keeps_lease: bool,
}

impl Bench {
    fn new(does: Does) -> Self {
        let (limit, lease) = (Duration::from_secs(20), Duration::from_secs(60));
        Self { test: TestApp::new(), does, limit, lease, told: Told::default(), keeps_lease: true }
    }

    /// Lets the queue give `job` once, and `complete` answer `is_current` if it is asked.
    fn gives(mut self, job: Job) -> Self {
        let mut jobs = vec![job];
        let queue = &mut self.test.store.queue;
        queue.expect_enqueue_due().returning(|_, _| Ok(0));
        queue.expect_next_due().returning(|| Ok(None));
        queue.expect_claim().returning(move |_, limit, at, until| {
            assert!(limit == 1 && at == now() && until > at);
            Ok(jobs.pop().into_iter().collect())
        });
        let (told, keeps) = (Arc::clone(&self.told), self.keeps_lease);
        queue.expect_renew().returning(move |_, attempt, progress, _| {
            told.lock().unwrap().push(format!("renew {attempt} {progress}"));
            Ok(keeps)
        });
        let told = Arc::clone(&self.told);
        queue.expect_fail().returning(move |_, attempt, error, retry_at, _| {
            let again = if retry_at.is_some_and(|at| at > now()) { "again" } else { "dead" };
            told.lock().unwrap().push(format!("fail {attempt} {again} {error}"));
            Ok(true)
        });
        self
    }

    /// A unit of work in which the job ends, if its attempt is current.
    fn completes(self, is_current: bool) -> Self {
        let mut unit = MockUnitOfWork::new();
        unit.jobs.expect_enqueue().returning(|_| Ok(true));
        unit.jobs.expect_complete().once().returning(move |place, _, attempt, _, _| {
            assert_eq!((place, attempt), (organization(1), 1));
            Ok(is_current)
        });
        self.test.unit(unit);
        self
    }

    /// Runs until the handler has begun (if it does), then stops in peace. Returns what the queue was told and what
    /// happened to transactions.
    async fn run(self, begins: bool) -> (Vec<String>, Vec<Step>) {
        let (begun, mut has_begun) = mpsc::unbounded_channel();
        let handler = Handler { does: self.does, limit: self.limit, begun };
        let settings = RunnerSettings { workers: NonZeroUsize::MIN, lease: self.lease, ..RunnerSettings::default() };
        let (told, journal): (Told, Journal) = (self.told, self.test.journal());
        let runner = JobRunner::with_handlers(self.test.build(), settings, vec![Arc::new(handler)]);
        if begins {
            timeout(Duration::from_secs(10), has_begun.recv()).await.unwrap().unwrap();
        } else {
            wait_for(&told).await;
        }
        assert!(runner.stop(Duration::from_secs(10)).await);
        let told = told.lock().unwrap().clone();
        (told, journal.steps())
    }
}

async fn wait_for(told: &Told) {
    for _ in 0..1_000 {
        if !told.lock().unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the queue was told nothing");
}

#[tokio::test]
async fn a_job_ends_in_the_transaction_of_its_effects() {
    for does in [Does::Succeed, Does::Write] {
        let (told, steps) = Bench::new(does).gives(a_job("test")).completes(true).run(true).await;
        assert_eq!(told, [""; 0]);
        assert_eq!(steps, [Step::Begin(Scope::organization(organization(1))), Step::Commit]);
    }
}

#[tokio::test]
async fn what_another_worker_has_taken_over_is_rolled_back() {
    let (told, steps) = Bench::new(Does::Write).gives(a_job("test")).completes(false).run(true).await;
    assert_eq!(told, [""; 0]);
    assert_eq!(steps, [Step::Begin(Scope::organization(organization(1))), Step::RolledBack]);
}

#[tokio::test]
async fn a_failure_is_tried_again_and_its_detail_stays_in_the_log() {
    let (told, steps) = Bench::new(Does::Fail).gives(a_job("test")).run(true).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("fail 1 again internal: ") && !told[0].contains("for the log only"), "{}", told[0]);
    assert_eq!(steps, []);
}

#[tokio::test]
async fn a_panic_is_a_failure() {
    let (told, _) = Bench::new(Does::Panic).gives(a_job("test")).run(true).await;
    assert_eq!(told, ["fail 1 again panicked: The worker panicked."]);
}

#[tokio::test]
async fn the_last_failure_gives_the_job_up() {
    let last = Job { attempts: 3, ..a_job("test") };
    let (told, _) = Bench::new(Does::Fail).gives(last).run(true).await;
    assert!(told[0].starts_with("fail 3 dead "), "{}", told[0]);
}

#[tokio::test]
async fn a_job_that_stops_the_machine_again_and_again_is_given_up_without_another_try() {
    let beyond = Job { attempts: 4, ..a_job("test") };
    let (told, _) = Bench::new(Does::Succeed).gives(beyond).run(false).await;
    assert!(told[0].starts_with("fail 4 dead worker_ended"), "{}", told[0]);
}

#[tokio::test]
async fn an_unknown_kind_waits_for_a_newer_worker() {
    let (told, _) = Bench::new(Does::Succeed).gives(a_job("from-the-future")).run(false).await;
    assert!(told[0].starts_with("fail 1 again unknown_kind"), "{}", told[0]);
}

#[tokio::test]
async fn an_attempt_has_a_limit() {
    let bench = Bench { limit: Duration::from_millis(30), ..Bench::new(Does::Hang) };
    let (told, _) = bench.gives(a_job("test")).run(true).await;
    assert!(told[0].starts_with("fail 1 again took_too_long"), "{}", told[0]);
}

#[tokio::test]
async fn signs_of_life_carry_the_progress() {
    let bench = Bench { lease: Duration::from_millis(60), ..Bench::new(Does::Sleep(100)) };
    let (told, steps) = bench.gives(a_job("test")).completes(true).run(true).await;
    assert!(!told.is_empty() && told.iter().all(|told| told == "renew 1 50"), "{told:?}");
    assert_eq!(steps.last(), Some(&Step::Commit));
}

#[tokio::test]
async fn a_lost_lease_ends_the_attempt() {
    let bench = Bench { lease: Duration::from_millis(30), keeps_lease: false, ..Bench::new(Does::Hang) };
    let (told, steps) = bench.gives(a_job("test")).run(true).await;
    assert_eq!((told.as_slice(), steps.len()), (["renew 1 50".to_owned()].as_slice(), 0));
}

#[tokio::test]
async fn a_store_that_fails_does_not_stop_the_runner() {
    let mut test = TestApp::new();
    let (asked, mut was_asked) = mpsc::unbounded_channel();
    test.store.queue.expect_enqueue_due().returning(move |_, _| {
        asked.send(()).unwrap();
        Err(Error::busy(1))
    });
    let app = test.build();
    let runner = JobRunner::start(app.clone(), RunnerSettings::default());
    for _ in 0..2 {
        crate::jobs::wake(&app);
        timeout(Duration::from_secs(10), was_asked.recv()).await.unwrap().unwrap();
    }
    assert!(runner.stop(Duration::from_secs(10)).await);
}

#[tokio::test]
async fn patience_has_an_end() {
    let bench = Bench::new(Does::Hang).gives(a_job("test"));
    let (begun, mut has_begun) = mpsc::unbounded_channel();
    let handler = Handler { does: bench.does, limit: bench.limit, begun };
    let settings = RunnerSettings { workers: NonZeroUsize::MIN, ..RunnerSettings::default() };
    let runner = JobRunner::with_handlers(bench.test.build(), settings, vec![Arc::new(handler)]);
    has_begun.recv().await.unwrap();
    assert!(!runner.stop(Duration::from_millis(20)).await);
    // The handler is dropped, and with it what it held.
    assert!(timeout(Duration::from_secs(10), has_begun.recv()).await.unwrap().is_none());
}
