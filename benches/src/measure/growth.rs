//! A thousand times the people must not cost a thousand times the time, nor much more than the same.

use crate::{
    Plan,
    chance::Chance,
    product::store,
    report::{Figure, Target},
    rounds::{compare, rate},
    seed,
};
use keystead_domain::{
    Ids, OrganizationId, PLATFORM, PageRequest, Scope, SessionId, SystemClock, SystemRandom, Timestamp, UserId,
    accounts::{Login, UserFilter},
    audit::{AuditEvent, Outcome, Severity},
    sessions::RefreshRotation,
};
use keystead_store::SharedStore;
use keystead_testkit::postgres::{Cluster, Database, Options};
use std::{collections::HashMap, path::Path, sync::Arc};

const CLIENTS: u32 = 4;
const FEW: u32 = 1_000;

/// One of several that work at once, each with people of its own.
struct Client {
    store: SharedStore,
    ids: Ids,
    people: u32,
    number: u32,
    chance: Chance,
    generations: HashMap<u32, i32>,
}

impl Client {
    /// Somebody whom no other client takes.
    fn person(&mut self) -> u32 {
        let place = u32::try_from(self.chance.below(u64::from(self.people / CLIENTS))).unwrap();
        place * CLIENTS + self.number
    }
}

fn clients(store: &SharedStore, people: u32) -> Vec<Client> {
    let ids = Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom));
    let client = |number| Client {
        store: store.clone(),
        ids: ids.clone(),
        people,
        number,
        chance: Chance::new(u64::from(number)),
        generations: HashMap::new(),
    };
    (0..CLIENTS).map(client).collect()
}

fn now() -> Timestamp {
    use keystead_domain::Clock;
    SystemClock.now()
}

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let (few, many) = (sqlite(folder.path(), FEW).await, sqlite(folder.path(), plan.many_users).await);
    let mut figures = compared(plan, "SQLite", &few, &many).await;

    // As much memory as is given to a server with a million people, so that it is the product which is compared and not
    // the copying between PostgreSQL's memory and the system's.
    let settings =
        [("shared_buffers", "4GB"), ("max_wal_size", "8GB")].map(|(name, value)| (name.into(), value.into()));
    let options = Options { settings: settings.to_vec(), ..Options::default() };
    let cluster = tokio::task::spawn_blocking(|| Cluster::start(options)).await.unwrap();
    let (few, many) = (postgres(&cluster, FEW).await, postgres(&cluster, plan.many_users).await);
    figures.extend(compared(plan, "PostgreSQL", &few.0, &many.0).await);
    for store in [few.0, many.0] {
        store.close().await.unwrap();
    }
    figures
}

async fn sqlite(folder: &Path, people: u32) -> SharedStore {
    let url = format!("sqlite:{}", folder.join(format!("{people}.db")).display());
    store(&url).await.close().await.unwrap();
    seed::sqlite(&url, people).await;
    store(&url).await
}

async fn postgres(cluster: &Cluster, people: u32) -> (SharedStore, Database) {
    let database = cluster.server().database().await;
    let store = store(&database.url()).await;
    store.ensure_partitions(now(), 1).await.unwrap();
    seed::postgres(&database.url(), people).await;
    (store, database)
}

async fn compared(plan: &Plan, kind: &str, few: &SharedStore, many: &SharedStore) -> Vec<Figure> {
    let (mut of_few, mut of_many) = (clients(few, FEW), clients(many, plan.many_users));
    let mut figures = Vec::new();
    macro_rules! figure {
        ($name:literal, $work:path) => {
            let pair = compare(
                plan.rounds,
                plan.turn,
                async |turn| rate!(of_many, turn, $work),
                async |turn| rate!(of_few, turn, $work),
            )
            .await;
            figures.push(Figure {
                name: format!("{}, {kind}, {} people", $name, plan.many_users),
                floor: format!("{FEW} people"),
                product_figure: format!("{:.0}/s", pair.product),
                floor_figure: format!("{:.0}/s", pair.floor),
                value: 1.0 / pair.ratio,
                unit: "×",
                target: Target::AtMost(1.3),
            });
        };
    }
    figure!("sign-in lookup", find_login);
    figure!("refresh", refresh);
    figure!("caller of /me", load_caller);
    figure!("page of 50 users", page);
    figures
}

async fn find_login(client: &mut Client) {
    let login = Login::parse(&format!("person{}", client.person()));
    let state = client.store.find_login(&login, "unknown:", &[7; 32], now()).await.unwrap();
    assert!(state.account.is_some());
}

async fn load_caller(client: &mut Client) {
    let number = client.person();
    let (organization, user) =
        (OrganizationId::from_uuid(seed::organization(number)), UserId::from_uuid(seed::user(number)));
    let session = SessionId::from_uuid(seed::session(number));
    assert!(client.store.load_caller(organization, user, session, now(), None).await.unwrap().is_some());
}

async fn page(client: &mut Client) {
    let after = seed::user(client.person()).to_string();
    let unit = client.store.glance(Scope::organization(PLATFORM)).await.unwrap();
    let page = PageRequest { limit: 50, after: Some(after) };
    unit.users().list(PLATFORM, &UserFilter::default(), &page).await.unwrap();
}

async fn refresh(client: &mut Client) {
    let number = client.person();
    let generation = client.generations.entry(number).or_insert(1);
    let now = now();
    let rotation = RefreshRotation {
        session_id: SessionId::from_uuid(seed::session(number)),
        user_id: UserId::from_uuid(seed::user(number)),
        presented_generation: *generation,
        presented_hash: seed::token_hash(number, *generation),
        next_hash: seed::token_hash(number, *generation + 1),
        successor_sealed: vec![7; 64],
        now,
        grace_seconds: 10,
        idle_expires_at: now.plus_seconds(3_600),
    };
    *generation += 1;
    let event = AuditEvent {
        id: client.ids.next(),
        organization_id: PLATFORM,
        user_id: None,
        caller_kind: "user".to_owned(),
        session_id: None,
        event_type: String::new(),
        resource_type: String::new(),
        resource_id: None,
        subject_user_id: None,
        outcome: Outcome::Success,
        severity: Severity::Info,
        event_data: serde_json::json!({}),
        client_sealed: Some(vec![7; 120]),
        client_ip_hash: Some(vec![7; 32]),
        changes_sealed: None,
        correlation_id: "bench".to_owned(),
        source: "bench".to_owned(),
        metadata: serde_json::json!({}),
        created_at: now,
    };
    assert!(client.store.rotate_refresh_token(rotation, event).await.unwrap().is_some());
}
