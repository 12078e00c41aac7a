//! Which passwords may be chosen.

use crate::App;
use keystead_domain::{Error, Result, accounts::Password};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// How much of a password is judged, in characters. What comes after makes it no easier to guess, and judging takes
/// time that grows much faster than the text: with signs for letters (`p4$$w0rd`), 32 characters take some 50 ms.
const JUDGED: usize = 32;
/// How many passwords may wait to be judged. The last one waits for some three seconds at worst, which is less than clients
/// wait for an answer: hardly anything is judged for nobody.
const WAITING: usize = 64;
/// When trying again makes sense where so many wait, in seconds.
const RETRY_AFTER: u32 = 4;

/// Lets one password be judged at a time, and few wait for it: a flood of registrations must take neither the other
/// requests' cores nor their places.
pub(crate) struct Judge {
    turn: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Judge {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), places: Arc::new(Semaphore::new(WAITING + 1)) }
    }
}

/// Checks a password that a person chose: at least [`Password::MIN`] characters, at most [`Password::MAX`] bytes, and not
/// easy to guess (zxcvbn's score is 2 or more) by someone who knows `hints`: username, address, names.
///
/// # Errors
/// `Invalid` on `field`; `Busy` when too many passwords wait to be judged.
pub async fn check_new_password(app: &App, field: &str, text: String, hints: &[&str]) -> Result<Password> {
    let password = Password::chosen(text).map_err(|error| rename(error, field))?;
    let judged = SecretString::from(password.expose().chars().take(JUDGED).collect::<String>());
    let hints: Vec<String> = hints.iter().map(|hint| (*hint).to_owned()).collect();
    let lost = |error: &dyn std::fmt::Display| Error::internal(format!("a password was not judged: {error}"));
    let place = Arc::clone(&app.judge.places).try_acquire_owned().map_err(|_| Error::busy(RETRY_AFTER))?;
    let turn = Arc::clone(&app.judge.turn).acquire_owned().await.map_err(|error| lost(&error))?;
    let judging = move || {
        // Kept to the end of the work, which goes on where nobody waits for it any more.
        let _kept = (place, turn);
        judge(&judged, &hints)
    };
    let verdict = tokio::task::spawn_blocking(judging).await.map_err(|error| lost(&error))?;
    verdict.map_err(|message| Error::invalid(field, message))?;
    Ok(password)
}

fn judge(password: &SecretString, hints: &[String]) -> Result<(), String> {
    let hints: Vec<&str> = hints.iter().map(String::as_str).collect();
    let judgement = zxcvbn(password.expose_secret(), &hints);
    if judgement.score() >= Score::Two {
        return Ok(());
    }
    let warning = judgement.feedback().and_then(|feedback| feedback.warning());
    let why = warning.map(|warning| format!(" ({warning})")).unwrap_or_default();
    Err(format!("is too easy to guess{why}: use more words, or ones that belong less together"))
}

fn rename(error: Error, field: &str) -> Error {
    match error.fields.first() {
        Some(broken) => Error::invalid(field, broken.message.clone()),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestApp;
    use keystead_domain::ErrorKind;

    async fn check(text: &str) -> Result<Password> {
        let hints = ["ada.lovelace", "ada.lovelace@example.org", "Ada"];
        check_new_password(&TestApp::new().build(), "new_password", text.to_owned(), &hints).await
    }

    #[tokio::test]
    async fn what_is_hard_to_guess_is_accepted() {
        for good in ["correct horse battery staple", "tr0ub4dor&3-and-more", "žluťoučký kůň příšerně"] {
            assert!(check(good).await.is_ok(), "{good}");
        }
    }

    #[tokio::test]
    async fn what_is_easy_to_guess_is_refused_and_the_field_is_named() {
        let (repeated, long) = ("a".repeat(200), "x1".repeat(129));
        for bad in ["short", "password12", "1234567890", "ada.lovelace", "qwertyuiop", &repeated, &long] {
            let error = check(bad).await.unwrap_err();
            assert_eq!(error.fields[0].field, "new_password", "{bad}");
            assert!(!format!("{error:?}").contains(bad), "{error:?}");
        }
    }

    /// Every part of it matches several dictionaries and patterns at once.
    fn worst() -> String {
        "4@8({[</6!1|0$5+7%2".chars().cycle().take(256).collect()
    }

    #[tokio::test]
    async fn a_flood_is_told_to_come_back_at_once_and_the_others_go_on() {
        const FLOOD: usize = 120;
        let app = TestApp::new().build();
        // While the first one is judged, the others come.
        let text = |number| if number == 0 { worst() } else { "password12".to_owned() };
        let flood = (0..FLOOD).map(|number| check_new_password(&app, "password", text(number), &[]));
        let flood = futures::future::join_all(flood.map(Box::pin));
        tokio::pin!(flood);
        // Each was asked once: whoever has no place has its answer, and this thread is free again.
        assert!(futures::poll!(flood.as_mut()).is_pending());
        assert_eq!(app.judge.places.available_permits(), 0);
        let answers = flood.await;
        let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
        let busy = refused.iter().filter(|error| error.is(ErrorKind::Busy)).count();
        assert_eq!(busy, FLOOD - WAITING - 1);
        assert!(refused.iter().all(|error| !error.is(ErrorKind::Busy) || error.retry_after == Some(RETRY_AFTER)));
        assert_eq!(app.judge.places.available_permits(), WAITING + 1);
        assert!(check_new_password(&app, "password", "correct horse battery staple".to_owned(), &[]).await.is_ok());
    }

    #[tokio::test]
    async fn a_place_is_held_until_the_work_is_done_though_nobody_waits() {
        let app = TestApp::new().build();
        let mut given_up = Box::pin(check_new_password(&app, "password", worst(), &[]));
        assert!(futures::poll!(given_up.as_mut()).is_pending());
        drop(given_up);
        assert_eq!((app.judge.turn.available_permits(), app.judge.places.available_permits()), (0, WAITING));
        let _turn = app.judge.turn.acquire().await.unwrap();
        assert_eq!(app.judge.places.available_permits(), WAITING + 1);
    }

    #[tokio::test]
    async fn the_worst_text_is_judged_in_bounded_time() {
        let begun = std::time::Instant::now();
        let _ = check(&worst()).await;
        assert!(begun.elapsed() < std::time::Duration::from_secs(2), "{:?}", begun.elapsed());
    }
}
