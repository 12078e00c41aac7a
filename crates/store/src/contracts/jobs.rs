//! Jobs and schedules inside a unit of work.

use super::{
    Harness,
    ground::{Ground, Two, intricate_json},
};
use keystead_domain::{
    ErrorKind, JobId, OrganizationId, PageRequest, Scope,
    jobs::{Job, JobFilter, JobStatus, Schedule},
};
use serde_json::json;

pub(super) fn sample(ground: &Ground, organization_id: OrganizationId, kind: &str) -> Job {
    let now = ground.now();
    Job {
        id: ground.id(),
        organization_id,
        kind: kind.to_owned(),
        payload: json!({}),
        status: JobStatus::Queued,
        unique_key: None,
        run_at: now,
        attempts: 0,
        max_attempts: 3,
        locked_by: None,
        locked_until: None,
        last_error: None,
        progress: 0,
        result: None,
        created_by: None,
        created_at: now,
        updated_at: now,
        finished_at: None,
    }
}

pub(super) async fn add(ground: &Ground, job: &Job) -> bool {
    change!(ground, Scope::organization(job.organization_id), |unit| unit.jobs().enqueue(job))
}

pub(super) async fn find(ground: &Ground, organization: OrganizationId, id: JobId) -> Job {
    ask!(ground, Scope::organization(organization), |unit| unit.jobs().find(organization, id)).unwrap()
}

pub(super) fn schedule(ground: &Ground, organization_id: OrganizationId, name: &str, every_seconds: i64) -> Schedule {
    let now = ground.now();
    Schedule {
        id: ground.id(),
        organization_id,
        name: name.to_owned(),
        kind: "tidy".to_owned(),
        payload: json!({ "depth": 1 }),
        every_seconds,
        next_run_at: now,
        last_run_at: None,
        is_active: true,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

pub(super) async fn add_schedule(ground: &Ground, schedule: &Schedule) -> bool {
    change!(ground, Scope::organization(schedule.organization_id), |unit| unit.jobs().ensure_schedule(schedule))
}

pub async fn a_job_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let full = Job {
        payload: intricate_json(),
        status: JobStatus::Dead,
        unique_key: Some("ünïque '\"%_".to_owned()),
        attempts: 2,
        locked_by: Some("node-1".to_owned()),
        locked_until: Some(ground.now()),
        last_error: Some("kaputt 😀".repeat(200)),
        progress: 40,
        result: Some(intricate_json()),
        created_by: Some(two.ada),
        finished_at: Some(ground.now()),
        ..sample(&ground, two.one, "full")
    };
    for job in [full, sample(&ground, two.one, "plain")] {
        assert!(add(&ground, &job).await);
        assert_eq!(find(&ground, two.one, job.id).await, job);
    }
    assert_eq!(ask!(ground, two.home(), |unit| unit.jobs().find(two.one, ground.id())), None);
}

pub async fn a_unique_job_waits_or_runs_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let unique = |place| Job { unique_key: Some("nightly".to_owned()), ..sample(&ground, place, "report") };
    let first = unique(two.one);
    assert!(add(&ground, &first).await);
    assert!(!add(&ground, &unique(two.one)).await);
    assert!(add(&ground, &unique(two.other)).await);
    assert!(add(&ground, &sample(&ground, two.one, "report")).await);
    // Once the first is done with, another may follow; then the first cannot come back.
    assert!(change!(ground, two.home(), |unit| unit.jobs().cancel(two.one, first.id, ground.now())));
    let second = unique(two.one);
    assert!(add(&ground, &second).await);
    assert!(!change!(ground, two.home(), |unit| unit.jobs().retry(two.one, first.id, ground.now())));
    assert_eq!(find(&ground, two.one, first.id).await.status, JobStatus::Cancelled);
    assert!(change!(ground, two.home(), |unit| unit.jobs().cancel(two.one, second.id, ground.now())));
    assert!(change!(ground, two.home(), |unit| unit.jobs().retry(two.one, first.id, ground.now())));
}

pub async fn jobs_are_listed_in_pages_and_filtered(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut all = Vec::new();
    for number in 0..8 {
        let status = if number % 2 == 0 { JobStatus::Queued } else { JobStatus::Dead };
        let kind = if number < 4 { "early" } else { "late" };
        let job = Job { status, ..sample(&ground, two.one, kind) };
        assert!(add(&ground, &job).await);
        all.push(job);
    }
    add(&ground, &sample(&ground, two.other, "early")).await;
    let filter = |status, kind: Option<&str>| JobFilter { status, kind: kind.map(str::to_owned) };
    let cases = [
        (filter(None, None), vec![0, 1, 2, 3, 4, 5, 6, 7]),
        (filter(Some(JobStatus::Dead), None), vec![1, 3, 5, 7]),
        (filter(None, Some("late")), vec![4, 5, 6, 7]),
        (filter(Some(JobStatus::Queued), Some("early")), vec![0, 2]),
        (filter(Some(JobStatus::Running), None), vec![]),
    ];
    for (filter, expected) in cases {
        let found = pages!(ground, two.home(), 3, |unit, page| unit.jobs().list(two.one, &filter, page));
        let expected: Vec<_> = expected.into_iter().map(|number: usize| all[number].clone()).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.jobs().list(two.one, &JobFilter::default(), page));
}

/// One job in each state.
async fn one_of_each(ground: &Ground, two: &Two) -> Vec<Job> {
    let mut jobs = Vec::new();
    for status in JobStatus::ALL {
        let job = Job {
            status: *status,
            attempts: 2,
            progress: 30,
            last_error: Some("before".to_owned()),
            ..sample(ground, two.one, status.as_str())
        };
        add(ground, &job).await;
        jobs.push(job);
    }
    jobs
}

pub async fn dead_and_cancelled_jobs_can_be_retried(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    for before in one_of_each(&ground, &two).await {
        let now = ground.now();
        let retried = change!(ground, two.home(), |unit| unit.jobs().retry(two.one, before.id, now));
        let after = find(&ground, two.one, before.id).await;
        if matches!(before.status, JobStatus::Dead | JobStatus::Cancelled) {
            assert!(retried);
            assert_eq!((after.status, after.attempts, after.run_at), (JobStatus::Queued, 0, now));
            assert_eq!((after.updated_at, after.finished_at), (now, None));
        } else {
            assert!(!retried, "{}", before.status);
            assert_eq!(after, before);
        }
    }
    assert!(!change!(ground, two.home(), |unit| unit.jobs().retry(two.one, ground.id(), ground.now())));
}

pub async fn queued_jobs_can_be_withdrawn(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    for before in one_of_each(&ground, &two).await {
        let now = ground.now();
        let cancelled = change!(ground, two.home(), |unit| unit.jobs().cancel(two.one, before.id, now));
        let after = find(&ground, two.one, before.id).await;
        if before.status == JobStatus::Queued {
            assert!(cancelled);
            let expected =
                Job { status: JobStatus::Cancelled, updated_at: now, finished_at: Some(now), ..before.clone() };
            assert_eq!(after, expected);
        } else {
            assert!(!cancelled, "{}", before.status);
            assert_eq!(after, before);
        }
    }
}

pub async fn a_running_job_is_finished_by_its_current_attempt_only(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    for before in one_of_each(&ground, &two).await {
        let (result, now) = (intricate_json(), ground.now());
        for attempt in [1, 3, 2, 2] {
            let done =
                change!(ground, two.home(), |unit| unit.jobs().complete(two.one, before.id, attempt, &result, now));
            let after = find(&ground, two.one, before.id).await;
            match (before.status, after.status) {
                (JobStatus::Running, JobStatus::Succeeded) => {
                    assert_eq!((after.progress, after.result.as_ref()), (100, Some(&result)));
                    assert_eq!((after.finished_at, after.locked_by, after.locked_until), (Some(now), None, None));
                }
                _ => {
                    assert!(!done, "{} {attempt}", before.status);
                    assert_eq!(after, before);
                }
            }
        }
        let after = find(&ground, two.one, before.id).await;
        assert_eq!(after.status == before.status, before.status != JobStatus::Running);
    }
}

pub async fn schedules_are_made_once_and_listed(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut all = Vec::new();
    for number in 0..5 {
        let schedule = Schedule {
            payload: intricate_json(),
            last_run_at: (number == 1).then(|| ground.now()),
            is_active: number != 2,
            ..schedule(&ground, two.one, &format!("every-{number}"), 60 + number)
        };
        assert!(add_schedule(&ground, &schedule).await);
        let again = Schedule { id: ground.id(), every_seconds: 5, ..schedule.clone() };
        assert!(!add_schedule(&ground, &again).await);
        all.push(schedule);
    }
    assert!(add_schedule(&ground, &schedule(&ground, two.other, "every-0", 60)).await);
    for limit in [2, 5] {
        assert_eq!(pages!(ground, two.home(), limit, |unit, page| unit.jobs().schedules(two.one, page)), all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.jobs().schedules(two.one, page));
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let jobs = one_of_each(&ground, &two).await;
    add_schedule(&ground, &schedule(&ground, two.one, "nightly", 60)).await;
    let (page, now) = (PageRequest::first(200), ground.now());
    for (scope, organization) in two.strangers_and_platform() {
        for job in &jobs {
            let (id, result) = (job.id, json!({}));
            assert_eq!(ask!(ground, scope, |unit| unit.jobs().find(organization, id)), None, "{scope:?}");
            assert!(!change!(ground, scope, |unit| unit.jobs().retry(organization, id, now)), "{scope:?}");
            assert!(!change!(ground, scope, |unit| unit.jobs().cancel(organization, id, now)), "{scope:?}");
            let done = change!(ground, scope, |unit| unit.jobs().complete(organization, id, 2, &result, now));
            assert!(!done, "{scope:?}");
        }
        let list = ask!(ground, scope, |unit| unit.jobs().list(organization, &JobFilter::default(), &page));
        assert_eq!(list.items, [], "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.jobs().schedules(organization, &page)).items, [], "{scope:?}");
        let new = sample(&ground, two.one, "smuggled");
        assert_eq!(refused!(ground, scope, |unit| unit.jobs().enqueue(&new)).kind, ErrorKind::Internal, "{scope:?}");
        let new = schedule(&ground, two.one, "smuggled", 1);
        let error = refused!(ground, scope, |unit| unit.jobs().ensure_schedule(&new));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
    }
    let list = ask!(ground, two.home(), |unit| unit.jobs().list(two.one, &JobFilter::default(), &page));
    assert_eq!(list.items, jobs);
}
