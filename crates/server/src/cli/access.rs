//! `keystead access`: what can be typed.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Decisions of an organization.
#[derive(Debug, Subcommand)]
pub enum Access {
    /// Say whether somebody may do something.
    #[command(
        after_help = "Examples:\n  keystead access check ada read document:d1 --organization ID\n  keystead access check service_account:ID write document:d1 --organization ID --context '{\"ip\": \"10.0.0.1\"}'\n\nWithout a type, the subject is a person: username, address or identifier. It is asked on the store itself, as new as it is."
    )]
    Check {
        /// What is asked.
        #[command(flatten)]
        question: QuestionWords,
        /// Whose decision it is.
        #[command(flatten)]
        whose: super::service_account::Whose,
    },
    /// Say why somebody may, or may not: what decided, what was considered, what would have been needed.
    #[command(
        after_help = "Examples:\n  keystead access explain ada read document:d1 --organization ID\n  keystead access explain ada read document:d1 --organization ID --resource-properties '{\"status\": \"draft\"}' --json"
    )]
    Explain {
        /// What is asked.
        #[command(flatten)]
        question: QuestionWords,
        /// Whose decision it is.
        #[command(flatten)]
        whose: super::service_account::Whose,
    },
    /// List the decisions about what is known that a file of changes would flip. Nothing is saved.
    #[command(
        after_help = "Examples:\n  keystead access diff changes.yaml --organization ID\n  keystead access diff changes.json --organization ID --json\n\nThe file, YAML or JSON, is the body of POST /api/v1/access/preview:\n  changes:\n    - add_rules: { rules: [{ ptype: p, values: [editor, '*', 'document:*', write] }] }\n    - put_entities: { entities: [{ type: document, id: d1, properties: { status: draft } }] }\n  subjects: [{ type: group, id: editors }]     only about these; may be left out, as actions and resources\n  limit: 1000                                  more flips are an error"
    )]
    Diff {
        /// The file of changes.
        file: PathBuf,
        /// Whose decisions they are.
        #[command(flatten)]
        whose: super::service_account::Whose,
    },
    /// Hold the decisions of an organization against those that a file expects; fails when one differs.
    #[command(
        after_help = "Examples:\n  keystead access test expected.yaml --organization ID\n  keystead access test expected.json --organization ID --json\n  keystead access test expected.yaml --with changes.yaml --organization ID\n\nThe file, YAML or JSON:\n  context: { ip: 10.0.0.1 }           for every question; may be left out\n  expect:\n    - subject: ada                    a person, or type:id, or {type, id, properties}\n      action: read\n      resource: document:d1\n      allowed: true\n    - { subject: 'group:guests', action: write, resource: 'document:d1', allowed: false, because: no_permission }"
    )]
    Test {
        /// The file of expected decisions.
        file: PathBuf,
        /// A file of changes, as `keystead access diff` takes it: the decisions as they would be then.
        #[arg(long = "with", value_name = "FILE")]
        changes: Option<PathBuf>,
        /// Whose decisions they are.
        #[command(flatten)]
        whose: super::service_account::Whose,
    },
}

/// One question.
#[derive(Debug, Args)]
pub struct QuestionWords {
    /// Who: a person's username, address or identifier, or type:id.
    pub subject: String,
    /// What is to be done, such as read.
    pub action: String,
    /// On what: type:id.
    pub resource: String,
    /// The circumstances, as a JSON object: what rules find in `r.ctx`.
    #[arg(long, value_name = "JSON")]
    pub context: Option<String>,
    /// What is told about the subject, as a JSON object; wins over what is stored.
    #[arg(long, value_name = "JSON")]
    pub subject_properties: Option<String>,
    /// What is told about the resource, as a JSON object; wins over what is stored.
    #[arg(long, value_name = "JSON")]
    pub resource_properties: Option<String>,
}
