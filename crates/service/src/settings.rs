//! What an operator can set about the use cases. Every default is safe.

use keystead_crypto::{passwords::PoolSettings, signing::Algorithm};
use keystead_store::LockPolicy;

const DAY: i64 = 24 * 60 * 60;

/// What the installation is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// A developer's machine.
    Development,
    /// Automated tests.
    Test,
    /// Real people's data: what would be unsafe is refused.
    #[default]
    Production,
}

impl Environment {
    /// The word that settings and the list of applied seeds use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

/// Which decisions are recorded as audit events: the guard's, and what products are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordDecisions {
    /// None.
    #[default]
    Off,
    /// What was denied.
    Denials,
    /// All of them.
    All,
}

/// Settings of the use cases. Times are in seconds.
#[derive(Clone, Debug)]
pub struct ServiceSettings {
    /// What the installation is for.
    pub environment: Environment,
    /// `iss` of access tokens: this server's public address.
    pub issuer: String,
    /// `aud` of access tokens: the API they are for.
    pub audience: String,
    /// How long an access token is good for.
    pub access_token_seconds: i64,
    /// A session without a refresh ends after this time.
    pub session_idle_seconds: i64,
    /// A session ends after this time whatever happens.
    pub session_absolute_seconds: i64,
    /// For so long the immediate predecessor of a refresh token is answered with the same successor.
    pub refresh_grace_seconds: i64,
    /// How many failures lock, and for how long.
    pub lock: LockPolicy,
    /// How passwords are hashed, and how many at once.
    pub passwords: PoolSettings,
    /// How access tokens are signed. A change takes effect with the next key.
    pub signing_algorithm: Algorithm,
    /// A signing key signs for so long.
    pub signing_key_seconds: i64,
    /// A signing key is published so long before it signs.
    pub signing_key_ahead_seconds: i64,
    /// Whether addresses are confirmed by mail. Off until mail can be sent.
    pub address_verification: bool,
    /// Whether people may make accounts for themselves.
    pub registration_enabled: bool,
    /// Whether reads of sensitive values are recorded as audit events.
    pub audit_reads: bool,
    /// Which decisions are recorded as audit events.
    pub audit_decisions: RecordDecisions,
    /// An invitation is open for so long.
    pub invitation_seconds: i64,
    /// A key of a service account is good for so long, when nothing else is said.
    pub api_key_seconds: i64,
    /// A key of a service account is good for no longer, whatever is said.
    pub api_key_most_seconds: i64,
    /// The answer to a repeated request is kept for so long.
    pub idempotency_seconds: i64,
}

impl Default for ServiceSettings {
    fn default() -> Self {
        Self {
            environment: Environment::default(),
            issuer: "http://127.0.0.1:8080".to_owned(),
            audience: "keystead".to_owned(),
            access_token_seconds: 600,
            session_idle_seconds: 14 * DAY,
            session_absolute_seconds: 90 * DAY,
            refresh_grace_seconds: 10,
            lock: LockPolicy { network_attempts: 5, account_attempts: 50, lock_seconds: 900 },
            passwords: PoolSettings::default(),
            signing_algorithm: Algorithm::EdDsa,
            signing_key_seconds: 30 * DAY,
            signing_key_ahead_seconds: DAY,
            address_verification: false,
            registration_enabled: true,
            audit_reads: false,
            audit_decisions: RecordDecisions::Off,
            invitation_seconds: 7 * DAY,
            api_key_seconds: 365 * DAY,
            api_key_most_seconds: 1_095 * DAY,
            idempotency_seconds: DAY,
        }
    }
}
