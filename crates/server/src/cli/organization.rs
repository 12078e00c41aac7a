//! `keystead organization`: what can be typed.

use clap::Subcommand;

/// Organizations.
#[derive(Debug, Subcommand)]
pub enum Organization {
    /// Make an organization.
    Create {
        /// Its name.
        name: String,
        /// Who becomes its administrator: username, address or identifier.
        #[arg(long)]
        admin: String,
    },
    /// List organizations.
    List {
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u16,
        /// Go on where the last page ended.
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Show an organization.
    Show {
        /// Its identifier.
        id: String,
    },
    /// List the members of an organization.
    Members {
        /// Its identifier.
        id: String,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u16,
        /// Go on where the last page ended.
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Archive an organization: nobody can work in it, its rows stay.
    Archive {
        /// Its identifier.
        id: String,
    },
}
