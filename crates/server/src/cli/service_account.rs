//! `keystead service-account`: what can be typed.

use clap::{Args, Subcommand};

/// Service accounts.
#[derive(Debug, Subcommand)]
pub enum ServiceAccount {
    /// Make a service account with a first key, which is shown once.
    #[command(
        after_help = "Examples:\n  keystead service-account create shop --organization ID --scope access:evaluate --scope access:search\n  keystead service-account create monitor --scope jobs:read:any --days 90"
    )]
    Create {
        /// Its name, unique in the organization.
        name: String,
        /// What it is for.
        #[arg(long)]
        description: Option<String>,
        /// What its key is good for.
        #[command(flatten)]
        key: KeyTerms,
        /// Whose it becomes.
        #[command(flatten)]
        whose: Whose,
    },
    /// List the service accounts of an organization.
    List {
        /// Of which organization.
        #[command(flatten)]
        whose: Whose,
        /// Which page.
        #[command(flatten)]
        page: Page,
    },
    /// Disable a service account: all its keys end at once and for good.
    Disable {
        /// Its identifier or name.
        account: String,
        /// Whose it is.
        #[command(flatten)]
        whose: Whose,
    },
    /// Work with the keys of a service account.
    #[command(subcommand)]
    Key(Key),
}

/// Keys of a service account.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make another key, which is shown once.
    Create {
        /// The service account: identifier or name.
        account: String,
        /// What it is good for.
        #[command(flatten)]
        key: KeyTerms,
        /// Whose the service account is.
        #[command(flatten)]
        whose: Whose,
    },
    /// List the keys, those that have ended too.
    List {
        /// The service account: identifier or name.
        account: String,
        /// Whose the service account is.
        #[command(flatten)]
        whose: Whose,
        /// Which page.
        #[command(flatten)]
        page: Page,
    },
    /// Put a successor in the place of a key, which goes on for a while.
    #[command(
        after_help = "Examples:\n  keystead service-account key rotate shop KEY              the old key goes on for a day\n  keystead service-account key rotate shop KEY --overlap-hours 0   it ends at once"
    )]
    Rotate {
        /// The service account: identifier or name.
        account: String,
        /// The key's identifier.
        key: String,
        /// For how many hours the old key goes on.
        #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(0..=720))]
        overlap_hours: u16,
        /// In how many days the new key ends.
        #[arg(long, value_name = "DAYS")]
        days: Option<u32>,
        /// Whose the service account is.
        #[command(flatten)]
        whose: Whose,
    },
    /// Withdraw a key: it opens nothing from then on.
    Revoke {
        /// The service account: identifier or name.
        account: String,
        /// The key's identifier.
        key: String,
        /// Whose the service account is.
        #[command(flatten)]
        whose: Whose,
    },
}

/// What a key is good for.
#[derive(Debug, Args)]
pub struct KeyTerms {
    /// A permission, such as teams:read:organization. May be given several times; without any the key permits nothing.
    #[arg(long = "scope", value_name = "PERMISSION")]
    pub scopes: Vec<String>,
    /// In how many days it ends; service_accounts.key_days by default.
    #[arg(long, value_name = "DAYS")]
    pub days: Option<u32>,
}

/// An organization.
#[derive(Debug, Args)]
pub struct Whose {
    /// The organization's identifier; the platform by default.
    #[arg(long, value_name = "ID")]
    pub organization: Option<String>,
}

/// A page of a list.
#[derive(Debug, Args)]
pub struct Page {
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    pub limit: u16,
    /// Go on where the last page ended.
    #[arg(long)]
    pub cursor: Option<String>,
}
