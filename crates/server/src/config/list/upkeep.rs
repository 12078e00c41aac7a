//! What is recorded and done beside requests, and secrets.

use super::{Kind, Setting, setting};

pub(super) const SETTINGS: &[Setting] = &[
    setting(
        "audit.record_reads",
        "KEYSTEAD_AUDIT_RECORD_READS",
        Kind::Flag,
        "false",
        "Whether reads of what the data register calls sensitive are recorded, in batches.",
    ),
    setting(
        "audit.record_decisions",
        "KEYSTEAD_AUDIT_RECORD_DECISIONS",
        Kind::Word(&["off", "denials", "all"]),
        "off",
        "Which decisions are recorded, in batches: off none, denials what the guard refuses and what products are denied, all those that allow, too, and searches.",
    ),
    setting(
        "jobs.workers",
        "KEYSTEAD_JOBS_WORKERS",
        Kind::Number(0, 64),
        "2",
        "Jobs that run at once on this server; 0 runs none.",
    ),
    setting(
        "master_key",
        "KEYSTEAD_MASTER_KEY",
        Kind::Secret,
        "",
        "The key that seals every other key: 32 bytes as base64 or hex. By default the file master.key in the data directory, made at the first start.",
    ),
    setting(
        "database.app_password",
        "KEYSTEAD_DATABASE_APP_PASSWORD",
        Kind::Secret,
        "",
        "The password that `keystead database roles` gives to keystead_app. The server does not use it.",
    ),
    setting(
        "database.migrator_password",
        "KEYSTEAD_DATABASE_MIGRATOR_PASSWORD",
        Kind::Secret,
        "",
        "The password that `keystead database roles` gives to keystead_migrator. The server does not use it.",
    ),
    setting(
        "database.backup_password",
        "KEYSTEAD_DATABASE_BACKUP_PASSWORD",
        Kind::Secret,
        "",
        "The password that `keystead database roles` gives to keystead_backup. The server does not use it.",
    ),
    setting(
        "admin_password",
        "KEYSTEAD_ADMIN_PASSWORD",
        Kind::Secret,
        "",
        "The first password of the administrator admin. By default a random one, shown once.",
    ),
];
