//! The file of a JSON store: made, locked, loaded, saved.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

mod generated;

use generated::{document, json, version};
use keystead_domain::{ErrorKind, SystemClock};
use keystead_store::Store;
use keystead_store_sql::{CopyOptions, SqlStore, StoreSettings, copy, open_json};
use std::{fs, sync::Arc};

async fn open(settings: &StoreSettings) -> keystead_domain::Result<SqlStore> {
    open_json(settings, Arc::new(SystemClock)).await
}

#[tokio::test]
async fn a_missing_or_empty_file_is_made_private_and_readable() {
    let place = tempfile::tempdir().unwrap();
    for (name, content) in [("missing/deep/a.json", None), ("empty.json", Some("")), ("blank.json", Some(" \n"))] {
        let file = place.path().join(name);
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        let store = open(&json(&file)).await.unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let head =
            format!("{{\n  \"keystead\": {{\n    \"format\": 1,\n    \"schema_version\": {}\n  }},\n", version());
        assert!(text.starts_with(&head), "{text}");
        assert!(text.contains("  \"tables\": {\n    \"organizations\": [],\n    \"users\": [],\n"), "{text}");
        assert!(text.ends_with("    \"api_keys\": []\n  }\n}\n"), "{text}");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
        store.close().await.unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}

#[tokio::test]
async fn a_second_program_is_refused_until_the_first_one_closes() {
    let place = tempfile::tempdir().unwrap();
    let settings = json(&place.path().join("store.json"));
    let first = open(&settings).await.unwrap();
    let error = open(&settings).await.err().expect("a refusal");
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "store_file_in_use"));
    assert!(error.message.contains(&format!("process {}", std::process::id())), "{error}");
    // By another name as well.
    let link = place.path().join("link.json");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("store.json", &link).unwrap();
        assert_eq!(open(&json(&link)).await.err().expect("a refusal").code, "store_file_in_use");
    }
    // And for a copy.
    let to = json(&place.path().join("to.json"));
    let copied = copy(&settings, &to, &CopyOptions::default(), Arc::new(SystemClock), &mut ()).await;
    assert_eq!(copied.unwrap_err().code, "store_file_in_use");

    first.close().await.unwrap();
    let second = open(&settings).await.unwrap();
    drop(first);
    assert_eq!(open(&settings).await.err().expect("a refusal").code, "store_file_in_use");
    // One that was not closed lets go, too: as when its process is killed.
    drop(second);
    let third = open(&settings).await.unwrap();
    third.close().await.unwrap();
    third.close().await.unwrap();
}

#[tokio::test]
async fn loading_and_saving_changes_no_byte() {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str| place.path().join(name);
    fs::write(file("0.json"), document(30)).unwrap();
    for (from, to) in [("0.json", "1.json"), ("1.json", "2.json")] {
        copy(&json(&file(from)), &json(&file(to)), &CopyOptions::default(), Arc::new(SystemClock), &mut ())
            .await
            .unwrap();
    }
    assert!(fs::read(file("1.json")).unwrap() == fs::read(file("2.json")).unwrap());
}

#[tokio::test]
async fn a_folder_is_no_file() {
    let place = tempfile::tempdir().unwrap();
    let error = open(&json(place.path())).await.err().expect("a refusal");
    assert_eq!(error.code, "store_file");
}
