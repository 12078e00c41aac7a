use super::*;
use crate::passwords;
use keystead_domain::SystemRandom;
use std::{future::Future, pin::pin, time::Instant};

fn password(text: &str) -> Password {
    Password::presented(text.to_owned()).unwrap()
}

fn hash_of(text: &str, settings: &HashSettings) -> PasswordHash {
    PasswordHash::new(passwords::hash(text.as_bytes(), settings, &SystemRandom).unwrap())
}

fn settings(memory_kib: u32, passes: u32) -> HashSettings {
    HashSettings::argon2id(memory_kib, passes, 1).unwrap()
}

fn pool_of(hash: HashSettings, threads: usize, waiting: usize) -> PasswordPool {
    let settings = PoolSettings {
        hash,
        threads: NonZeroUsize::new(threads),
        waiting: NonZeroUsize::new(waiting).unwrap(),
        release_after: Duration::from_secs(60),
    };
    PasswordPool::new(&settings, Arc::new(SystemRandom)).unwrap()
}

/// Asks once, so that the job is in the queue; does `then`; and gives up.
fn ask_and_give_up<T>(request: impl Future<Output = T>, then: impl FnOnce()) {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut request = pin!(request);
    assert!(request.as_mut().poll(&mut context).is_pending());
    then();
}

/// Keeps the only thread busy for a while, whoever waits for it.
fn occupy(pool: &PasswordPool) {
    let slow = hash_of("slow", &settings(65_536, 8));
    ask_and_give_up(pool.verify(password("slow"), Some(slow)), || {
        wait_until("the slow one runs", || pool.running() == 1);
    });
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited too long until {what}");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn the_defaults_are_the_documented_ones() {
    let settings = PoolSettings::default();
    assert_eq!(settings.waiting.get(), 64);
    assert_eq!(settings.hash, HashSettings::argon2id(19_456, 2, 1).unwrap());
}

#[tokio::test]
async fn a_password_is_hashed_and_verified() {
    let pool = pool_of(settings(64, 1), 2, 8);
    let hash = pool.hash(password("correct")).await.unwrap();
    let right = pool.verify(password("correct"), Some(hash.clone())).await.unwrap();
    assert!(right.matches && right.rehashed.is_none() && right.unusable.is_none());
    assert!(!pool.verify(password("wrong"), Some(hash)).await.unwrap().matches);
    assert!(!pool.verify(password("correct"), None).await.unwrap().matches);
    wait_until("four jobs are counted", || pool.completed() == 4);
    assert_eq!((pool.queued(), pool.running(), pool.abandoned()), (0, 0, 0));
}

#[tokio::test]
async fn an_outdated_hash_is_replaced_only_when_asked_for_and_only_when_it_matches() {
    let current = settings(64, 2);
    let pool = pool_of(current, 1, 8);
    let bcrypt = HashSettings::bcrypt(4).unwrap();
    for old in [settings(64, 1), settings(128, 2), bcrypt] {
        let old = hash_of("correct", &old);
        let silent = pool.verify(password("correct"), Some(old.clone())).await.unwrap();
        assert!(silent.matches && silent.rehashed.is_none());
        let wrong = pool.verify_and_rehash(password("wrong"), Some(old.clone())).await.unwrap();
        assert!(!wrong.matches && wrong.rehashed.is_none());
        let right = pool.verify_and_rehash(password("correct"), Some(old)).await.unwrap();
        let new = right.rehashed.unwrap();
        assert!(!passwords::needs_rehash(new.expose(), &current));
        assert!(pool.verify(password("correct"), Some(new)).await.unwrap().matches);
    }
    let new = hash_of("correct", &current);
    let right = pool.verify_and_rehash(password("correct"), Some(new)).await.unwrap();
    assert!(right.matches && right.rehashed.is_none());
}

#[tokio::test]
async fn a_stored_hash_that_cannot_be_used_matches_nothing_and_is_reported() {
    let pool = pool_of(settings(64, 1), 1, 8);
    for (stored, error) in [
        ("", HashError::Malformed),
        ("plain text", HashError::Malformed),
        ("$argon2id$v=19$m=4194304,t=9,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA", HashError::TooCostly),
    ] {
        let stored = PasswordHash::new(stored.to_owned());
        let verdict = pool.verify_and_rehash(password(""), Some(stored)).await.unwrap();
        assert!(!verdict.matches && verdict.rehashed.is_none());
        assert_eq!(verdict.unusable, Some(error));
    }
}

/// Not a benchmark: it sees whether an unknown person's password is hashed at all. The
/// measurements take turns, and the quickest of each count, which a busy machine slows least.
#[tokio::test]
async fn an_unknown_person_takes_as_long_as_a_wrong_password() {
    for hash in [settings(8192, 2), HashSettings::bcrypt(8).unwrap()] {
        let pool = pool_of(hash, 1, 8);
        let known = hash_of("correct", &hash);
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..25 {
            for (times, stored) in times.iter_mut().zip([None, Some(known.clone())]) {
                let start = Instant::now();
                pool.verify(password("wrong"), stored).await.unwrap();
                times.push(start.elapsed().as_secs_f64());
            }
        }
        let [unknown, wrong] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[0]
        });
        let ratio = unknown / wrong;
        assert!((0.6..1.6).contains(&ratio), "{hash:?}: {ratio}");
    }
}

#[tokio::test]
async fn a_flood_of_one_client_keeps_the_others_not_out() {
    let pool = Arc::new(pool_of(settings(4096, 2), 1, 4));
    occupy(&pool);
    let ask = |client| {
        let (pool, before) = (Arc::clone(&pool), pool.queued() as u64 + pool.refused());
        let task = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.of(client).hash(password("correct")).await }
        });
        (task, move || pool.queued() as u64 + pool.refused() > before)
    };
    let mut tasks = Vec::new();
    for client in [1, 1, 1, 1, 1, 2, 2, 3, 2, 1] {
        let (task, arrived) = ask(client);
        while !arrived() {
            tokio::task::yield_now().await;
        }
        tasks.push((client, task));
    }
    let mut served = Vec::new();
    for (client, task) in tasks {
        match task.await.unwrap() {
            Ok(_) => served.push(client),
            Err(error) => assert!(matches!(error, PoolError::Busy { .. }), "{error}"),
        }
    }
    // The first client had all four places, and gave up two; then the second one gave up one of its two.
    assert_eq!(served, [1, 1, 2, 3]);
    assert_eq!((pool.refused(), pool.queued()), (6, 0));
}

#[tokio::test]
async fn a_flood_is_told_to_come_back_later_and_the_others_are_served() {
    let pool = Arc::new(pool_of(settings(4096, 2), 1, 4));
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.hash(password("correct")).await })
        })
        .collect();
    let (mut served, mut refused) = (0, 0);
    for request in requests {
        match request.await.unwrap() {
            Ok(_) => served += 1,
            Err(PoolError::Busy { retry_after_seconds }) => {
                assert!((1..=60).contains(&retry_after_seconds));
                refused += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(served >= 4, "{served} served");
    assert!(refused > 0, "{refused} refused");
    assert_eq!(served + refused, 50);
    wait_until("all are counted", || pool.completed() == served);
    assert_eq!((pool.refused(), pool.capacity(), pool.threads()), (refused, 4, 1));
}

#[tokio::test]
async fn a_request_that_was_given_up_is_skipped() {
    let pool = pool_of(settings(64, 1), 1, 8);
    occupy(&pool);
    for _ in 0..5 {
        ask_and_give_up(pool.hash(password("given up")), || {});
    }
    assert_eq!(pool.queued(), 5);
    pool.hash(password("waiting")).await.unwrap();
    assert_eq!(pool.abandoned(), 5);
    wait_until("only the other two were done", || pool.completed() == 2);
}

#[tokio::test]
async fn what_was_given_up_takes_no_room_in_the_queue() {
    let pool = pool_of(settings(64, 1), 1, 3);
    occupy(&pool);
    for _ in 0..30 {
        ask_and_give_up(pool.hash(password("given up")), || {});
    }
    assert!(pool.hash(password("waiting")).await.is_ok());
    assert_eq!(pool.abandoned(), 30);
}

#[tokio::test]
async fn memory_is_taken_at_the_first_hash_and_given_back_when_idle() {
    let settings = PoolSettings {
        hash: settings(1024, 1),
        threads: NonZeroUsize::new(1),
        release_after: Duration::from_millis(20),
        ..PoolSettings::default()
    };
    let pool = PasswordPool::new(&settings, Arc::new(SystemRandom)).unwrap();
    assert_eq!(pool.memory(), 0);
    pool.hash(password("x")).await.unwrap();
    wait_until("memory is given back", || pool.completed() == 1 && pool.memory() == 0);
    pool.hash(password("x")).await.unwrap();
}

#[tokio::test]
async fn memory_of_a_costlier_stored_hash_is_not_kept() {
    let pool = pool_of(settings(64, 1), 1, 8);
    let costly = hash_of("correct", &settings(4096, 1));
    pool.hash(password("x")).await.unwrap();
    wait_until("the block is kept", || pool.completed() == 1);
    assert_eq!(pool.memory(), 64 * 1024);
    assert!(pool.verify(password("correct"), Some(costly)).await.unwrap().matches);
    wait_until("the costly one is counted", || pool.completed() == 2);
    assert_eq!(pool.memory(), 0);
}

#[tokio::test]
async fn dropping_the_pool_answers_who_waits_and_joins_the_threads() {
    let pool = pool_of(settings(64, 1), 1, 8);
    occupy(&pool);
    let (reply, answer) = oneshot::channel();
    pool.submit(0, Job::Hash { password: password("waiting"), reply });
    let shared = Arc::downgrade(&pool.shared);
    drop(pool);
    assert!(answer.await.is_err());
    assert!(shared.upgrade().is_none(), "a thread lives on");
}

/// Fails at the first hash: before that the pool asks twice, for its decoy.
struct BrokenOnce(std::sync::atomic::AtomicUsize);

impl Random for BrokenOnce {
    fn fill(&self, bytes: &mut [u8]) {
        assert!(self.0.fetch_add(1, Relaxed) != 2, "broken on purpose");
        bytes.fill(7);
    }
}

#[tokio::test]
async fn a_panic_costs_one_answer_and_no_thread() {
    let settings = PoolSettings { hash: settings(64, 1), threads: NonZeroUsize::new(1), ..PoolSettings::default() };
    let pool = PasswordPool::new(&settings, Arc::new(BrokenOnce(0.into()))).unwrap();
    assert_eq!(pool.hash(password("x")).await.unwrap_err(), PoolError::Stopped);
    assert!(pool.hash(password("x")).await.is_ok());
    wait_until("both are counted", || pool.completed() == 2 && pool.running() == 0);
}

#[test]
fn the_advice_grows_with_the_cost() {
    let quick = pool_of(settings(64, 1), 1, 64);
    let slow = pool_of(HashSettings::bcrypt(12).unwrap(), 2, 64);
    assert_eq!(quick.retry_after_seconds, 1);
    assert!((5..=20).contains(&slow.retry_after_seconds), "{}", slow.retry_after_seconds);
}
