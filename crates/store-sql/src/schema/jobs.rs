//! Jobs and schedules.

use super::table::{
    CREATED_AT, OnDelete, PLAIN, Right, Table, UPDATED_AT, VERSION, belongs_to, big_integer, boolean, index, integer,
    json, long_text, text, time, unique, uuid,
};

pub(super) const JOBS: Table = Table {
    name: "jobs",
    feature: "jobs",
    app_may: &[Right::Select, Right::Insert, Right::Update],
    about: "Work for later, written in the transaction of the change that asks for it.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "On whose behalf."),
        text("kind", 100, "What to do."),
        json("payload", "The details, without secrets.").personal(),
        text("status", 20, "queued, running, succeeded, dead or cancelled."),
        text("unique_key", 200, "While a job with the same key is queued or running, another one is not enqueued.")
            .null(),
        time("run_at", "Not before."),
        integer("attempts", "How often it was begun; also the fence."),
        integer("max_attempts", "After so many it is dead."),
        text("locked_by", 100, "Which worker has it.").null(),
        time("locked_until", "Until when.").null(),
        long_text("last_error", "Why the last attempt failed.").null(),
        integer("progress", "How far it is, 0 to 100."),
        json("result", "What it produced.").null().personal(),
        uuid("created_by", "Who asked for it.").null(),
        CREATED_AT,
        UPDATED_AT,
        time("finished_at", "When it ended.").null(),
    ],
    indexes: &[
        index("jobs_organization_order", &["organization_id", "id"]),
        index("jobs_due", &["run_at", "id"]).only("status = 'queued'"),
        index("jobs_leases", &["locked_until"]).only("status = 'running'"),
        index("jobs_finished_at", &["finished_at"]).only("finished_at IS NOT NULL"),
        index("jobs_status", &["organization_id", "status", "id"]),
        unique("jobs_unique_key", &["organization_id", "unique_key"])
            .only("unique_key IS NOT NULL AND status IN ('queued', 'running')"),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    checks: &[("jobs_status_check", "status IN ('queued', 'running', 'succeeded', 'dead', 'cancelled')")],
    ..PLAIN
};

pub(super) const SCHEDULES: Table = Table {
    name: "schedules",
    feature: "jobs",
    app_may: &[Right::Select, Right::Insert],
    about: "What starts jobs again and again.",
    columns: &[
        uuid("id", "Its identifier."),
        uuid("organization_id", "On whose behalf."),
        text("name", 100, "Its name, unique in the organization."),
        text("kind", 100, "The kind of job it enqueues."),
        json("payload", "The job's details."),
        big_integer("every_seconds", "How often."),
        time("next_run_at", "When next."),
        time("last_run_at", "When last.").null(),
        boolean("is_active", "Whether it runs."),
        CREATED_AT,
        UPDATED_AT,
        VERSION,
    ],
    indexes: &[
        unique("schedules_organization_name", &["organization_id", "name"]),
        index("schedules_due", &["next_run_at"]).only("is_active = {true}"),
    ],
    foreign_keys: &[belongs_to(&["organization_id"], "organizations", &["id"], OnDelete::Restrict)],
    ..PLAIN
};
