//! Every command answers programs in JSON and people without colours where no terminal is; secrets go to files there.

use crate::support::{StoreKind, TestStore};
use clap::CommandFactory;
use keystead_server::cli::Cli;
use std::{
    os::unix::fs::PermissionsExt,
    process::{Command, Output, Stdio},
};

fn keystead(store: &TestStore, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keystead"))
        .env_clear()
        .env("DATABASE_URL", &store.url)
        .env("KEYSTEAD_DATA_DIR", store.folder.path())
        .env("KEYSTEAD_ENVIRONMENT", "test")
        .env("KEYSTEAD_LISTEN", "127.0.0.1:0")
        .env("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "8192")
        .env("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "1")
        // These ask for colours where a program believes them; a terminal is what counts.
        .env("TERM", "xterm-256color")
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The words of each command that does something, in the order of the help.
fn commands(command: &clap::Command, words: &str, all: &mut Vec<String>) {
    let inner: Vec<_> = command.get_subcommands().filter(|inner| inner.get_name() != "help").collect();
    if inner.is_empty() {
        all.push(words.trim().to_owned());
    }
    for one in inner {
        commands(one, &format!("{words} {}", one.get_name()), all);
    }
}

/// How each of them is called: in an order in which each succeeds on a store that begins empty. `{org}` is an organization,
/// `{key}` a key of a service account.
const CALLS: [(&str, &str); 42] = [
    ("migrate up", "--dry-run"),
    ("migrate up", ""),
    ("seed", "system"),
    ("seed", "demo"),
    ("migrate status", ""),
    ("migrate history", ""),
    ("migrate check", ""),
    ("migrate new", "add_things --dir {folder}/migrations"),
    ("user create", "ada --email ada@example.org"),
    ("user list", "--limit 1"),
    ("user show", "ada"),
    ("user disable", "ada"),
    ("user enable", "ada"),
    ("user unlock", "ada"),
    ("user reset-password", "ada"),
    ("user set-role", "ada user"),
    ("organization create", "Engines --admin ada"),
    ("organization list", ""),
    ("organization show", "{org}"),
    ("organization members", "{org}"),
    ("service-account create", "robot --scope teams:read:organization --organization {org}"),
    ("service-account list", "--organization {org}"),
    ("service-account key create", "robot --days 30 --organization {org}"),
    ("service-account key list", "robot --organization {org}"),
    ("service-account key rotate", "robot {key} --overlap-hours 1 --organization {org}"),
    ("service-account key revoke", "robot {key} --organization {org}"),
    ("service-account disable", "robot --organization {org}"),
    ("access check", "ada read teams:1 --organization {org}"),
    ("access explain", "ada read teams:1 --organization {org}"),
    ("access diff", "{folder}/changes.yaml --organization {org}"),
    ("access test", "{folder}/expected.yaml --organization {org}"),
    ("organization archive", "{org}"),
    ("config show", ""),
    ("config check", ""),
    ("doctor", ""),
    ("openapi", ""),
    ("completions", "bash"),
    ("reference", "roles"),
    ("database roles", ""),
    ("store copy", "{url} json:{folder}/copy.json"),
    ("migrate down", "0 --yes"),
    // Answers when it is ready; `serve_says_where_it_is` looks at it.
    ("serve", ""),
];

/// Runs the calls on a fresh store. Returns what each wrote to standard output.
async fn run_all(json: bool) {
    let store = TestStore::new(StoreKind::Sqlite).await;
    let folder = store.folder.path().display().to_string();
    std::fs::create_dir(store.folder.path().join("migrations")).unwrap();
    let changes = "changes:\n  - put_entities: { entities: [{ type: document, id: d1 }] }\n";
    std::fs::write(store.folder.path().join("changes.yaml"), changes).unwrap();
    let expected = "expect:\n  - { subject: ada, action: read, resource: 'document:d1', allowed: false }\n";
    std::fs::write(store.folder.path().join("expected.yaml"), expected).unwrap();
    let (mut organization, mut key) = (String::new(), String::new());
    for (words, rest) in CALLS.iter().filter(|(words, _)| *words != "serve") {
        let rest = rest
            .replace("{org}", &organization)
            .replace("{key}", &key)
            .replace("{url}", &store.url)
            .replace("{folder}", &folder);
        let line = format!("{words} {rest}");
        let mut arguments: Vec<_> = line.split_whitespace().collect();
        arguments.extend(json.then_some("--json"));
        let output = keystead(&store, &arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{line}: {out}{err}");
        assert!(!out.contains('\x1b') && !err.contains('\x1b'), "{line} is coloured: {out}{err}");
        if json {
            let answer: serde_json::Value =
                serde_json::from_str(&out).unwrap_or_else(|error| panic!("{line}: {error}: {out}"));
            if *words == "organization create" {
                organization = answer["id"].as_str().unwrap().to_owned();
            }
            if *words == "service-account key create" {
                key = answer["id"].as_str().unwrap().to_owned();
            }
        } else {
            assert!(!out.trim().is_empty() || line.contains("down"), "{line} says nothing");
            let id = out.split_whitespace().find(|word| word.len() == 36 && word.matches('-').count() == 4);
            let id = || id.unwrap_or_else(|| panic!("no identifier in {out}")).to_owned();
            match *words {
                "organization create" => organization = id(),
                "service-account key create" => key = id(),
                _ => {}
            }
        }
    }
    secrets_are_in_private_files(&store);
}

/// Made-up passwords and keys went to files that only their owner can read, since no terminal was there.
fn secrets_are_in_private_files(store: &TestStore) {
    let files: Vec<_> = std::fs::read_dir(store.folder.path()).unwrap().map(|entry| entry.unwrap()).collect();
    let named =
        |beginning: &str| files.iter().filter(|file| file.file_name().to_string_lossy().starts_with(beginning)).count();
    assert_eq!((named("first-password"), named("seed-passwords"), named("password-of-")), (1, 1, 1), "{files:?}");
    assert_eq!(named("key-of-"), 3, "{files:?}");
    let is_secret = |name: &str| name.contains("password") || name.starts_with("key-of-");
    for file in files.iter().filter(|file| is_secret(&file.file_name().to_string_lossy())) {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

#[test]
fn every_command_is_called() {
    let mut all = Vec::new();
    commands(&Cli::command(), "", &mut all);
    for words in &all {
        assert!(CALLS.iter().any(|(called, _)| called == words), "`keystead {words}` is not in this test");
    }
    assert!(CALLS.iter().all(|(called, _)| all.iter().any(|words| words == called)), "{all:?}");
}

#[tokio::test]
async fn every_command_answers_programs_in_json() {
    run_all(true).await;
}

#[tokio::test]
async fn every_command_answers_people_without_colours_in_a_pipe() {
    run_all(false).await;
}

#[tokio::test]
async fn errors_are_json_too_and_the_exit_code_tells() {
    let store = TestStore::new(StoreKind::Sqlite).await;
    for arguments in [&["user", "show", "nobody", "--json"][..], &["--set", "listen=nowhere", "serve", "--json"]] {
        let output = keystead(&store, arguments);
        assert_eq!(output.status.code(), Some(1));
        let last = text(&output.stderr).lines().last().unwrap_or_default().to_owned();
        let error: serde_json::Value = serde_json::from_str(&last).unwrap_or_else(|_| panic!("{last}"));
        assert!(error["error"]["message"].is_string() && error["error"]["code"].is_string(), "{error}");
        assert!(output.stdout.is_empty());
    }
}

#[tokio::test]
async fn unknown_settings_are_errors_wherever_they_come_from() {
    let store = TestStore::new(StoreKind::Sqlite).await;
    let file = store.folder.path().join("keystead.toml");
    std::fs::write(&file, "[passwords]\nargon2_memroy_kib = 8192\n").unwrap();
    let from_file = keystead(&store, &["--config", &file.display().to_string(), "config", "check"]);
    let from_flag = keystead(&store, &["--set", "passwords.argon2_memroy_kib=8192", "config", "check"]);
    let from_environment = Command::new(env!("CARGO_BIN_EXE_keystead"))
        .env_clear()
        .env("KEYSTEAD_PASSWORDS_ARGON2_MEMROY_KIB", "8192")
        .args(["config", "check"])
        .output()
        .unwrap();
    for output in [from_file, from_flag, from_environment] {
        let said = text(&output.stderr);
        assert!(!output.status.success() && said.to_lowercase().contains("memroy"), "{said}");
    }
}

/// Without a terminal the first password is in a file, the log says in which, and never says it itself.
#[tokio::test]
async fn serve_says_where_it_is_and_never_the_first_password() {
    use std::io::{BufRead, BufReader};
    let store = TestStore::new(StoreKind::Sqlite).await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_keystead"))
        .env_clear()
        .env("DATABASE_URL", &store.url)
        .env("KEYSTEAD_DATA_DIR", store.folder.path())
        .env("KEYSTEAD_LISTEN", "127.0.0.1:0")
        .args(["serve", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    let file = ready["first_password_file"].as_str().unwrap().to_owned();
    let password = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let login = serde_json::json!({ "login": "admin", "password": password });
    let sessions = format!("{}/sessions", ready["api"].as_str().unwrap());
    let answer = reqwest::Client::new().post(&sessions).json(&login).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let log = text(&output.stderr);
    assert!(output.status.success() && !log.contains('\x1b'), "{log}");
    assert!(log.contains(&file) && log.contains("admin"), "{log}");
    assert!(!log.contains(&password), "the first password is in the log");
    // Each line of the log is JSON for programs.
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
}

#[test]
fn who_reads_only_the_beginning_causes_no_error() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keystead"));
    let mut child = command.env_clear().arg("openapi").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let said = child.wait_with_output().unwrap();
    assert!(said.status.success() && said.stderr.is_empty(), "{}", text(&said.stderr));
}
