//! One error for every floor: a closed kind, a public message and an internal one.

use std::fmt;

/// What went wrong, as a caller must be able to tell it apart.
///
/// The HTTP edge turns each kind into one status code, in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The input breaks a rule; the field errors say which.
    Invalid,
    /// Nobody is signed in, or the credentials are wrong.
    Unauthenticated,
    /// The caller may see the resource but not do this to it.
    Forbidden,
    /// There is no such thing, or the caller may not know that there is.
    NotFound,
    /// It clashes with what is already there.
    Conflict,
    /// An update came without the version it was made for.
    PreconditionRequired,
    /// The version an update was made for is no longer the current one.
    PreconditionFailed,
    /// The input is larger than its limit.
    TooLarge,
    /// The server has more work than it accepts; try again later.
    Busy,
    /// It took longer than its limit.
    Timeout,
    /// A fault of the server.
    Internal,
}

/// A rule that one input field breaks.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field, as the caller named it.
    pub field: String,
    /// What must hold, in words.
    pub message: String,
}

/// The error of every use case, repository and rule.
///
/// `message` may be shown to anyone; `internal` goes to the log only. Neither ever holds a
/// password, a token or a connection string.
pub struct Error {
    /// What kind it is.
    pub kind: ErrorKind,
    /// A stable word for programs, in `snake_case`.
    pub code: &'static str,
    /// What happened and what to do next, for people.
    pub message: String,
    /// Detail for the log.
    pub internal: Option<String>,
    /// The broken rules when the kind is [`ErrorKind::Invalid`].
    pub fields: Vec<FieldError>,
    /// When trying again makes sense, in seconds from now.
    pub retry_after: Option<u32>,
}

/// The result of every use case, repository and rule.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind` with a stable `code` and a public `message`.
    #[must_use]
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, code, message: message.into(), internal: None, fields: Vec::new(), retry_after: None }
    }
    /// One field breaks a rule.
    #[must_use]
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        let mut error = Self::new(ErrorKind::Invalid, "invalid", format!("{field}: {message}"));
        error.fields.push(FieldError { field, message });
        error
    }
    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(ErrorKind::Unauthenticated, "unauthenticated", "Sign in first, or refresh your access token.")
    }
    /// The caller may see it but not do this.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(ErrorKind::Forbidden, "forbidden", "Your roles do not allow this.")
    }
    /// There is no such thing for this caller.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorKind::NotFound, "not_found", format!("There is no such {what}."))
    }
    /// It clashes with what is already there.
    #[must_use]
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, code, message)
    }
    /// The row has changed since the caller read it.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(
            ErrorKind::PreconditionFailed,
            "stale",
            "It has changed since you read it: read it again and repeat your change.",
        )
    }
    /// The server has too much to do right now.
    #[must_use]
    pub fn busy(retry_after: u32) -> Self {
        let mut error = Self::new(ErrorKind::Busy, "busy", "The server is busy: try again shortly.");
        error.retry_after = Some(retry_after);
        error
    }
    /// A fault of the server; `internal` is for the log.
    #[must_use]
    pub fn internal(internal: impl Into<String>) -> Self {
        let mut error = Self::new(
            ErrorKind::Internal,
            "internal",
            "Something went wrong on our side. The request id names it in the log.",
        );
        error.internal = Some(internal.into());
        error
    }
    /// Adds detail for the log.
    #[must_use]
    pub fn with_internal(mut self, internal: impl Into<String>) -> Self {
        self.internal = Some(internal.into());
        self
    }
    /// Whether it is of `kind`.
    #[must_use]
    pub fn is(&self, kind: ErrorKind) -> bool {
        self.kind == kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}: {}", self.kind, self.code, self.message)?;
        if let Some(internal) = &self.internal {
            write!(f, " [{internal}]")?;
        }
        Ok(())
    }
}
impl std::error::Error for Error {}
