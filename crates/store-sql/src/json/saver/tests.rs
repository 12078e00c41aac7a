use super::*;
use crate::{
    engine::{SqlStore, StoreSettings, StoreTarget},
    json::open_json,
};
use keystead_domain::{Scope, SystemClock};
use keystead_store::Store;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

async fn open(file: &Path) -> SqlStore {
    let settings = StoreSettings::new(StoreTarget::Json(file.to_owned()));
    open_json(&settings, Arc::new(SystemClock)).await.unwrap()
}

async fn commit(store: &SqlStore, sql: &str) {
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    let mut driver = work.connection().driver().await.unwrap();
    driver.rows().unwrap().run(sql).await.unwrap();
    drop(driver);
    work.commit_sql().await.unwrap();
}

fn seed(name: &str) -> String {
    format!("INSERT INTO seeds_applied VALUES ('{name}', 'test', '2026-01-01T00:00:00+00:00')")
}

fn holds(file: &Path, name: &str) -> bool {
    fs::read_to_string(file).unwrap().contains(&format!("\"name\": \"{name}\""))
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..400 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never: {what}");
}

/// Which file it is: every save makes a new one.
#[cfg(unix)]
fn identity(file: &Path) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&fs::metadata(file).unwrap())
}

#[test]
fn a_save_is_over_within_a_second_where_it_can_be() {
    for millis in [0, 10, 100, 300] {
        let took = Duration::from_millis(millis);
        assert!(pause(took) + took <= Duration::from_secs(1), "{millis}");
    }
    assert_eq!(pause(Duration::from_secs(3)), Duration::from_secs(3));
}

#[tokio::test]
async fn commits_are_in_the_file_soon_and_share_a_save() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("store.json");
    let store = open(&file).await;
    let before = identity(&file);
    for number in 0..50 {
        commit(&store, &seed(&format!("s{number}"))).await;
    }
    assert_eq!(identity(&file), before, "not at once");
    until("saved", || holds(&file, "s49")).await;
    let after = identity(&file);
    // A transaction that changes nothing needs no save.
    commit(&store, "SELECT 1").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(identity(&file), after);
    store.close().await.unwrap();
    assert_eq!(identity(&file), after);
}

#[tokio::test]
async fn closing_saves_and_nothing_comes_after() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("store.json");
    let store = Arc::new(open(&file).await);
    // Whatever is committed is in the file, although closing comes in the middle.
    let writer = tokio::spawn({
        let store = store.clone();
        async move {
            for number in 0.. {
                let Ok(work) = store.begin_sql(Scope::NONE).await else { return number };
                let mut driver = work.connection().driver().await.unwrap();
                driver.rows().unwrap().run(&seed(&format!("s{number}"))).await.unwrap();
                drop(driver);
                work.commit_sql().await.unwrap();
            }
            0
        }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    store.close().await.unwrap();
    let committed = writer.await.unwrap();
    assert!(committed > 0);
    assert!(holds(&file, &format!("s{}", committed - 1)));
    assert!(!holds(&file, &format!("s{committed}")));
}

#[tokio::test]
async fn a_failing_save_is_told_and_tried_again_and_the_old_file_stays() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("store.json");
    let store = open(&file).await;
    let old = fs::read(&file).unwrap();
    // Where the new content would go, there is a folder that cannot be removed as if it were a file.
    let obstacle = place.path().join("store.json.tmp");
    fs::create_dir(&obstacle).unwrap();
    commit(&store, &seed("kept")).await;
    until("failure told", || store.last_save_error().is_some()).await;
    assert!(store.last_save_error().unwrap().contains("store.json cannot be saved"));
    assert!(store.health().await.database.unwrap_err().contains("cannot be saved"));
    assert_eq!(fs::read(&file).unwrap(), old);
    fs::remove_dir(&obstacle).unwrap();
    until("saved again", || store.last_save_error().is_none()).await;
    assert_eq!(store.health().await.database, Ok(()));
    assert!(holds(&file, "kept"));

    commit(&store, &seed("lost")).await;
    let old = fs::read(&file).unwrap();
    fs::create_dir(&obstacle).unwrap();
    let error = store.close().await.unwrap_err();
    assert_eq!(error.code, "store_file_unsaved");
    assert_eq!(fs::read(&file).unwrap(), old);
    fs::remove_dir(&obstacle).unwrap();
    // It is closed all the same.
    open(&file).await.close().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_leaves_the_old_file_and_nothing_beside_it() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("store.json");
    fs::write(&file, "old").unwrap();
    let paths = Paths::of(&file).unwrap();
    let full = || Err(crate::json::file::unsaved(&file, &std::io::ErrorKind::StorageFull.into()));
    let error = paths
        .replace(|out| {
            out.write_all(&vec![b' '; 1 << 20]).unwrap();
            full()
        })
        .unwrap_err();
    assert_eq!(error.code, "store_file_unsaved");
    assert_eq!(fs::read(&file).unwrap(), b"old");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

const CHILD: &str = "KEYSTEAD_TEST_JSON_CHILD";

/// In a process of its own it saves as fast as it can and tells what is saved, until it is killed; else it does so twice.
#[allow(clippy::print_stdout, reason = "the parent process reads it")]
#[tokio::test]
async fn saves_and_says_so() {
    let given = std::env::var_os(CHILD);
    // A child is killed, and would leave a folder of its own behind.
    let place = given.is_none().then(|| tempfile::tempdir().unwrap());
    let file = match (&given, &place) {
        (Some(file), _) => file.into(),
        (None, Some(place)) => place.path().join("store.json"),
        (None, None) => unreachable!("a folder is made where no file was given"),
    };
    let store = open(&file).await;
    let mut next: i64 = 0;
    if let Some(pool) = store.in_memory() {
        next = sqlx::query_scalar("SELECT count(*) FROM seeds_applied").fetch_one(pool).await.unwrap();
    }
    let last = if given.is_some() { i64::MAX } else { next + 2 };
    while next < last {
        // Both or none.
        commit(&store, &format!("{}; {}", seed(&format!("a{next}")), seed(&format!("b{next}")))).await;
        next += 2;
        store.json_file().unwrap().shared.save().await.unwrap();
        println!("saved {next}");
    }
    store.close().await.unwrap();
}

#[test]
fn a_killed_process_leaves_a_whole_file_with_all_that_was_saved() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("store.json");
    // Enough rows that most of the time is spent on writing.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let count = async || {
        let store = open(&file).await;
        let pool = store.in_memory().unwrap().clone();
        let many: i64 = sqlx::query_scalar("SELECT count(*) FROM seeds_applied").fetch_one(&pool).await.unwrap();
        drop(store);
        many
    };
    runtime.block_on(async {
        let store = open(&file).await;
        let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                    INSERT INTO seeds_applied SELECT 'row' || i, 'fill', '2026-01-01T00:00:00+00:00' FROM n";
        commit(&store, rows).await;
        store.close().await.unwrap();
    });
    let mut killed_while_writing = 0;
    let mut random: u64 = 42;
    for round in 0..50 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "json::saver::tests::saves_and_says_so", "--nocapture", "--test-threads=1"])
            .env(CHILD, &file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut saved = 0;
        let told = |line: &str| line.strip_prefix("saved ").and_then(|number| number.parse::<i64>().ok());
        // Once it is at work, it is killed at any moment.
        while saved == 0 {
            saved = told(&lines.next().expect("the child says what it saves").unwrap()).unwrap_or(0);
        }
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros((random >> 33) % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        saved = lines.filter_map(|line| told(&line.ok()?)).last().unwrap_or(saved);
        killed_while_writing += usize::from(place.path().join("store.json.tmp").exists());
        let found = runtime.block_on(count());
        assert!(found >= saved, "round {round}: {found} rows, but {saved} were saved");
        assert_eq!(found % 2, 0, "round {round}: half a transaction");
    }
    assert!(killed_while_writing > 5, "only {killed_while_writing} of 50 were killed while they wrote");
}
