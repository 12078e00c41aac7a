//! Which passwords may be chosen.

use crate::App;
use keystead_domain::{Error, Result, accounts::Password};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// How much of a password is judged, in characters. What comes after makes it no easier to guess, and judging takes
/// time that grows much faster than the text.
const JUDGED: usize = 32;

/// Lets one password be judged at a time: a flood of registrations must not take the other requests' cores.
pub(crate) struct Judge(Semaphore);

impl Default for Judge {
    fn default() -> Self {
        Self(Semaphore::new(1))
    }
}

/// Checks a password that a person chose: at least [`Password::MIN`] characters, at most [`Password::MAX`] bytes, and not
/// easy to guess (zxcvbn's score is 2 or more) by someone who knows `hints`: username, address, names.
///
/// # Errors
/// `Invalid` on `field`.
pub async fn check_new_password(app: &App, field: &str, text: String, hints: &[&str]) -> Result<Password> {
    let password = Password::chosen(text).map_err(|error| rename(error, field))?;
    let judged = SecretString::from(password.expose().chars().take(JUDGED).collect::<String>());
    let hints: Vec<String> = hints.iter().map(|hint| (*hint).to_owned()).collect();
    let lost = |error: &dyn std::fmt::Display| Error::internal(format!("a password was not judged: {error}"));
    let _turn = app.judge.0.acquire().await.map_err(|error| lost(&error))?;
    let verdict = tokio::task::spawn_blocking(move || judge(&judged, &hints)).await.map_err(|error| lost(&error))?;
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

    #[tokio::test]
    async fn the_worst_text_is_judged_in_bounded_time() {
        // Every part of it matches several dictionaries and patterns at once.
        let worst: String = "4@8({[</6!1|0$5+7%2".chars().cycle().take(256).collect();
        let begun = std::time::Instant::now();
        let _ = check(&worst).await;
        assert!(begun.elapsed() < std::time::Duration::from_secs(2), "{:?}", begun.elapsed());
    }
}
