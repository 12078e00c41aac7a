//! The queue that workers take jobs from.

use super::{
    Harness,
    ground::{DAY, Ground, HOUR},
    jobs::{add, add_schedule, find, sample, schedule},
};
use keystead_domain::{
    OrganizationId, PageRequest, Scope, Timestamp,
    jobs::{Job, JobFilter, JobStatus, Schedule},
};
use std::collections::BTreeSet;

const LEASE: i64 = 60;

async fn claim(ground: &Ground, worker: &str, limit: u32, now: Timestamp) -> Vec<Job> {
    ground.store.job_queue().claim(worker, limit, now, now.plus_seconds(LEASE)).await.unwrap()
}

async fn all(ground: &Ground, organization: OrganizationId) -> Vec<Job> {
    let (filter, page) = (JobFilter::default(), PageRequest::first(200));
    let scope = Scope::organization(organization);
    ask!(ground, scope, |unit| unit.jobs().list(organization, &filter, &page)).items
}

pub async fn due_jobs_are_claimed_from_every_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let later = Job { run_at: now.plus_seconds(HOUR), ..sample(&ground, two.one, "later") };
    let second = Job { run_at: now.plus_seconds(-5), ..sample(&ground, two.one, "second") };
    let first = Job { run_at: now.plus_seconds(-9), ..sample(&ground, two.other, "first") };
    let third = Job { run_at: now, ..sample(&ground, two.one, "third") };
    let done = Job { status: JobStatus::Succeeded, ..sample(&ground, two.one, "done") };
    for job in [&later, &second, &first, &third, &done] {
        add(&ground, job).await;
    }
    // The longest due come first, and no more than asked for.
    let claimed = claim(&ground, "node-1", 2, now).await;
    let running = |job: &Job| Job {
        status: JobStatus::Running,
        attempts: 1,
        locked_by: Some("node-1".to_owned()),
        locked_until: Some(now.plus_seconds(LEASE)),
        updated_at: now,
        ..job.clone()
    };
    assert_eq!(claimed, [running(&first), running(&second)]);
    assert_eq!(find(&ground, two.other, first.id).await, running(&first));
    assert_eq!(claim(&ground, "node-1", 9, now).await, [running(&third)]);
    assert_eq!(claim(&ground, "node-1", 9, now).await, []);
    assert_eq!(claim(&ground, "node-1", 0, later.run_at.plus_seconds(-120)).await, []);
    let claimed = claim(&ground, "node-2", 9, later.run_at).await;
    assert!(claimed.iter().any(|job| job.id == later.id));
}

pub async fn a_lost_workers_job_is_taken_over_and_the_old_one_is_fenced_off(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let job = sample(&ground, two.one, "work");
    add(&ground, &job).await;
    let now = ground.now();
    let queue = ground.store.job_queue();
    assert_eq!(claim(&ground, "lost", 1, now).await[0].attempts, 1);
    // It still has its lease.
    assert_eq!(claim(&ground, "next", 1, now.plus_seconds(LEASE - 1)).await, []);
    // A renewed lease lasts longer.
    assert!(queue.renew(job.id, 1, 40, now.plus_seconds(2 * LEASE)).await.unwrap());
    let renewed = find(&ground, two.one, job.id).await;
    assert_eq!((renewed.progress, renewed.locked_until), (40, Some(now.plus_seconds(2 * LEASE))));
    assert_eq!(claim(&ground, "next", 1, now.plus_seconds(LEASE + 1)).await, []);
    let taken_over = now.plus_seconds(2 * LEASE + 1);
    let claimed = claim(&ground, "next", 1, taken_over).await;
    assert_eq!((claimed[0].attempts, claimed[0].locked_by.as_deref()), (2, Some("next")));
    // Whatever the lost one still does is refused.
    assert!(!queue.renew(job.id, 1, 50, taken_over.plus_seconds(DAY)).await.unwrap());
    assert!(!queue.fail(job.id, 1, "late", None, taken_over).await.unwrap());
    let result = serde_json::json!({ "by": "lost" });
    assert!(!change!(ground, two.home(), |unit| unit.jobs().complete(two.one, job.id, 1, &result, taken_over)));
    assert_eq!(find(&ground, two.one, job.id).await, claimed[0]);
    assert!(change!(ground, two.home(), |unit| unit.jobs().complete(two.one, job.id, 2, &result, taken_over)));
    // And nothing happens to what is done.
    assert!(!queue.renew(job.id, 2, 50, taken_over.plus_seconds(DAY)).await.unwrap());
    assert!(!queue.fail(job.id, 2, "late", None, taken_over).await.unwrap());
    assert_eq!(claim(&ground, "next", 1, taken_over.plus_seconds(DAY)).await, []);
}

pub async fn a_failed_job_is_tried_again_or_given_up(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let job = sample(&ground, two.one, "work");
    add(&ground, &job).await;
    let queue = ground.store.job_queue();
    let now = ground.now();
    claim(&ground, "node", 1, now).await;
    let retry_at = now.plus_seconds(30);
    assert!(queue.fail(job.id, 1, "kaputt 😀", Some(retry_at), now).await.unwrap());
    let failed = find(&ground, two.one, job.id).await;
    assert_eq!((failed.status, failed.attempts, failed.run_at), (JobStatus::Queued, 1, retry_at));
    assert_eq!(failed.last_error.as_deref(), Some("kaputt 😀"));
    assert_eq!((failed.locked_by, failed.locked_until, failed.finished_at), (None, None, None));
    assert!(!queue.fail(job.id, 1, "again", None, now).await.unwrap());
    assert_eq!(claim(&ground, "node", 1, now).await, []);
    assert_eq!(claim(&ground, "node", 1, retry_at).await[0].attempts, 2);
    let end = retry_at.plus_seconds(1);
    assert!(queue.fail(job.id, 2, "for good", None, end).await.unwrap());
    let dead = find(&ground, two.one, job.id).await;
    assert_eq!((dead.status, dead.finished_at), (JobStatus::Dead, Some(end)));
    assert_eq!(dead.last_error.as_deref(), Some("for good"));
    assert_eq!(claim(&ground, "node", 1, end.plus_seconds(DAY)).await, []);
    assert!(!queue.fail(ground.id(), 1, "unknown", None, now).await.unwrap());
    // An administrator can retry it, with fresh attempts.
    assert!(change!(ground, two.home(), |unit| unit.jobs().retry(two.one, job.id, end)));
    assert_eq!(claim(&ground, "node", 1, end).await[0].attempts, 1);
}

pub async fn a_job_whose_workers_are_lost_too_often_dies(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let job = Job { max_attempts: 2, unique_key: Some("one".to_owned()), ..sample(&ground, two.one, "work") };
    add(&ground, &job).await;
    let mut now = ground.now();
    for attempt in 1..=2 {
        assert_eq!(claim(&ground, "lost", 1, now).await[0].attempts, attempt);
        now = now.plus_seconds(LEASE + 1);
    }
    // The dead one takes no other one's place.
    let other = sample(&ground, two.one, "other");
    add(&ground, &other).await;
    let claimed = claim(&ground, "node", 1, now).await;
    assert_eq!(claimed.iter().map(|job| job.id).collect::<Vec<_>>(), [other.id]);
    let dead = find(&ground, two.one, job.id).await;
    assert_eq!((dead.status, dead.attempts, dead.finished_at), (JobStatus::Dead, 2, Some(now)));
    assert_eq!((dead.locked_by, dead.locked_until), (None, None));
    assert!(dead.last_error.is_some());
    assert!(add(&ground, &Job { unique_key: Some("one".to_owned()), ..sample(&ground, two.one, "work") }).await);
}

pub async fn no_attempt_is_claimed_twice(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    for number in 0..40 {
        add(&ground, &sample(&ground, if number % 2 == 0 { two.one } else { two.other }, "work")).await;
    }
    let now = ground.now();
    let workers: Vec<_> = (0..6)
        .map(|number| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let (worker, mut claimed) = (format!("node-{number}"), Vec::new());
                loop {
                    let batch = store.job_queue().claim(&worker, 3, now, now.plus_seconds(LEASE)).await.unwrap();
                    assert!(batch.len() <= 3);
                    if batch.is_empty() {
                        return claimed;
                    }
                    claimed.extend(batch.into_iter().map(|job| (job.id, job.attempts)));
                }
            })
        })
        .collect();
    let (mut count, mut distinct) = (0, BTreeSet::new());
    for worker in workers {
        let claimed = worker.await.unwrap();
        count += claimed.len();
        distinct.extend(claimed);
    }
    // A worker may have found rows that another one was just taking; the next look finds what is left.
    let rest = claim(&ground, "last", 100, now).await;
    count += rest.len();
    distinct.extend(rest.into_iter().map(|job| (job.id, job.attempts)));
    assert_eq!((count, distinct.len()), (40, 40));
    assert!(distinct.iter().all(|(_, attempts)| *attempts == 1));
}

pub async fn a_claim_does_not_wait_for_a_job_that_is_just_being_finished(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let job = Job { max_attempts: 1, ..sample(&ground, two.one, "work") };
    add(&ground, &job).await;
    let now = ground.now();
    claim(&ground, "node", 1, now).await;
    let late = now.plus_seconds(LEASE + 1);
    let unit = ground.store.begin(two.home()).await.unwrap();
    assert!(unit.jobs().complete(two.one, job.id, 1, &serde_json::json!({}), late).await.unwrap());
    let store = ground.store.clone();
    let other = tokio::spawn(async move { store.job_queue().claim("other", 1, late, late.plus_seconds(LEASE)).await });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    unit.commit().await.unwrap();
    assert_eq!(other.await.unwrap().unwrap(), []);
    assert_eq!(find(&ground, two.one, job.id).await.status, JobStatus::Succeeded);
}

async fn schedules(ground: &Ground, organization: OrganizationId) -> Vec<Schedule> {
    let scope = Scope::organization(organization);
    ask!(ground, scope, |unit| unit.jobs().schedules(organization, &PageRequest::first(200))).items
}

pub async fn due_schedules_enqueue_their_jobs(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let start = ground.now();
    let hourly = schedule(&ground, two.one, "hourly", HOUR);
    let elsewhere = schedule(&ground, two.other, "hourly", 600);
    let not_yet = Schedule { next_run_at: start.plus_seconds(DAY), ..schedule(&ground, two.one, "not-yet", HOUR) };
    let off = Schedule { is_active: false, ..schedule(&ground, two.one, "off", HOUR) };
    for schedule in [&hourly, &elsewhere, &not_yet, &off] {
        add_schedule(&ground, schedule).await;
    }
    let now = ground.now();
    assert_eq!(ground.store.job_queue().enqueue_due(now, &ground.ids).await.unwrap(), 2);
    assert_eq!(ground.store.job_queue().enqueue_due(now, &ground.ids).await.unwrap(), 0);
    let jobs = all(&ground, two.one).await;
    let job = &jobs[0];
    assert_eq!((jobs.len(), job.kind.as_str(), &job.payload), (1, "tidy", &hourly.payload));
    assert_eq!((job.status, job.attempts, job.run_at, job.created_by), (JobStatus::Queued, 0, now, None));
    assert!(job.max_attempts > 1 && job.unique_key.is_some());
    let moved = Schedule {
        last_run_at: Some(now),
        next_run_at: hourly.next_run_at.plus_seconds(HOUR),
        updated_at: now,
        ..hourly.clone()
    };
    assert_eq!(schedules(&ground, two.one).await, [moved, not_yet, off]);
    assert_eq!(all(&ground, two.other).await.len(), 1);

    // While the last turn waits or runs, the next one is left out; missed turns are not made up for.
    let late = now.plus_seconds(7 * HOUR);
    assert_eq!(ground.store.job_queue().enqueue_due(late, &ground.ids).await.unwrap(), 0);
    assert!(schedules(&ground, two.one).await[0].next_run_at > late);
    claim(&ground, "node", 9, late).await;
    assert!(change!(ground, two.home(), |unit| unit.jobs().complete(two.one, job.id, 1, &job.payload, late)));
    let later = late.plus_seconds(2 * HOUR);
    assert_eq!(ground.store.job_queue().enqueue_due(later, &ground.ids).await.unwrap(), 1);
    assert_eq!(all(&ground, two.one).await.len(), 2);
}

pub async fn two_nodes_never_enqueue_the_same_turn(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    for number in 0..5 {
        add_schedule(&ground, &schedule(&ground, two.one, &format!("schedule-{number}"), HOUR)).await;
    }
    let now = ground.now();
    let nodes: Vec<_> = (0..5)
        .map(|_| {
            let (store, ids) = (ground.store.clone(), ground.ids.clone());
            tokio::spawn(async move { store.job_queue().enqueue_due(now, &ids).await.unwrap() })
        })
        .collect();
    let mut enqueued = 0;
    for node in nodes {
        enqueued += node.await.unwrap();
    }
    assert_eq!(enqueued, 5);
    assert_eq!(all(&ground, two.one).await.len(), 5);
}

pub async fn the_next_due_time_is_the_earliest(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let next = async || ground.store.job_queue().next_due().await.unwrap();
    assert_eq!(next().await, None);
    let now = ground.now();
    let plan = Schedule { next_run_at: now.plus_seconds(500), ..schedule(&ground, two.one, "plan", HOUR) };
    add_schedule(&ground, &plan).await;
    let off = Schedule { is_active: false, ..schedule(&ground, two.one, "off", HOUR) };
    add_schedule(&ground, &off).await;
    assert_eq!(next().await, Some(now.plus_seconds(500)));
    let done = Job { status: JobStatus::Succeeded, ..sample(&ground, two.one, "done") };
    add(&ground, &done).await;
    add(&ground, &Job { run_at: now.plus_seconds(300), ..sample(&ground, two.other, "work") }).await;
    assert_eq!(next().await, Some(now.plus_seconds(300)));
    claim(&ground, "node", 1, now.plus_seconds(300)).await;
    // A lease that ends is something to do as well.
    assert_eq!(next().await, Some(now.plus_seconds(300 + LEASE)));
}
