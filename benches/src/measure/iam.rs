//! The operations of the tenant IAM source, beside the timings that it publishes: how its authors timed them, and on which machine,
//! it does not say. Here each is a whole use case: the guard, the change, its audit event with before and after, the raised
//! access version, and the commit.

use crate::{
    Plan,
    product::{app, memory, store},
    report::{Figure, Target},
    rounds::{median, ninety_nine},
};
use keystead_domain::{
    Caller, FeatureId, PLATFORM, RequestContext, Scope, UserLevelId,
    access::{Feature, LevelScope, PermissionValue},
};
use keystead_service::{
    App,
    access::user_levels::{
        Cell, CellChange, CreateUserLevel, DeleteUserLevel, ListUserLevels, PutLevelPermissions, create_user_level,
        delete_user_level, get_user_level, list_user_levels, put_level_permissions,
    },
    paging::PageInput,
};
use keystead_testkit::postgres::{Cluster, Options};
use std::time::Instant;

/// How many levels are there, and how many permissions are written at once.
const TEN: u32 = 10;

/// What the source publishes, in milliseconds: in memory and on PostgreSQL. It says "< 1 ms" of all in memory, which
/// is taken as 1.
const PUBLISHED: [(&str, f64, f64); 4] = [
    ("create a user level", 1.0, 5.0),
    ("find one by its identifier", 1.0, 3.0),
    ("list all 10", 1.0, 5.0),
    ("update 10 permissions", 1.0, 15.0),
];

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let in_memory = timed(plan, app(memory().await).await).await;
    let cluster = tokio::task::spawn_blocking(|| Cluster::start(Options::default())).await.unwrap();
    let database = cluster.server().database().await;
    let store = store(&database.url()).await;
    let on_postgres = timed(plan, app(store.clone()).await).await;
    store.close().await.unwrap();
    let mut figures = Vec::new();
    for ((name, memory, postgres), (of_memory, of_postgres)) in
        PUBLISHED.into_iter().zip(in_memory.into_iter().zip(on_postgres))
    {
        figures.push(figure(name, "in memory", of_memory, memory));
        figures.push(figure(name, "PostgreSQL", of_postgres, postgres));
    }
    figures
}

fn figure(name: &str, store: &str, [median, ninety_nine]: [f64; 2], published: f64) -> Figure {
    Figure {
        name: format!("{name}, {store}"),
        floor: "what the tenant IAM source publishes".to_owned(),
        product_figure: format!("{median:.2} ms, p99 {ninety_nine:.2} ms"),
        floor_figure: format!("{published:.0} ms"),
        value: median / published,
        unit: "×",
        target: Target::AtMost(1.0),
    }
}

/// Median and 99th percentile of each operation, in milliseconds.
async fn timed(plan: &Plan, app: App) -> [[f64; 2]; 4] {
    let caller = Caller::operator(RequestContext { source: "bench", ..RequestContext::default() });
    let features = catalogue(&app).await;
    let mut levels = Vec::new();
    for number in 0..TEN {
        levels.push(create(&app, &caller, number).await.0);
    }
    let mut times = [const { Vec::new() }; 4];
    for number in 0..u32::try_from(plan.tries).unwrap() {
        let (level, took) = create(&app, &caller, TEN + number).await;
        times[0].push(took);
        // What was made goes again, so that there are always as many.
        let gone = DeleteUserLevel { organization: PLATFORM, level, version: 1 };
        delete_user_level(&app, &caller, gone).await.unwrap();

        let level = levels[number as usize % levels.len()];
        let begun = Instant::now();
        get_user_level(&app, &caller, PLATFORM, level).await.unwrap();
        times[1].push(milliseconds(begun));

        let page = PageInput { limit: Some(u16::try_from(TEN).unwrap()), cursor: None };
        let begun = Instant::now();
        let page = list_user_levels(&app, &caller, ListUserLevels { organization: PLATFORM, page }).await.unwrap();
        times[2].push(milliseconds(begun));
        assert_eq!(page.items.len(), levels.len());

        // Each of them changes each time.
        let value = if (number / TEN).is_multiple_of(2) { PermissionValue::Allow } else { PermissionValue::Deny };
        let input = PutLevelPermissions {
            organization: PLATFORM,
            level,
            of_views: false,
            changes: features.iter().map(|feature| change(*feature, value)).collect(),
        };
        let begun = Instant::now();
        put_level_permissions(&app, &caller, input).await.unwrap();
        times[3].push(milliseconds(begun));
    }
    times.map(|mut times| [median(&mut times), ninety_nine(&mut times)])
}

fn milliseconds(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

async fn create(app: &App, caller: &Caller, number: u32) -> (UserLevelId, f64) {
    let new = CreateUserLevel { organization: PLATFORM, name: format!("Level {number}"), description: None };
    let begun = Instant::now();
    let level = create_user_level(app, caller, new, None).await.unwrap();
    (level.id, milliseconds(begun))
}

fn change(feature: FeatureId, value: PermissionValue) -> CellChange {
    CellChange {
        cell: Cell::Feature(feature, "read".to_owned()),
        value: Some(value),
        scope: LevelScope::Organization,
        modifiable: None,
        version: None,
    }
}

/// Ten features to be permitted.
async fn catalogue(app: &App) -> Vec<FeatureId> {
    let now = app.now();
    let feature = |number: u32| Feature {
        id: app.ids.next(),
        key: format!("feature-{number}"),
        name: "Feature".to_owned(),
        description: None,
        is_active: true,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let features: Vec<Feature> = (0..TEN).map(feature).collect();
    let unit = app.store.begin(Scope::organization(PLATFORM)).await.unwrap();
    unit.features().insert(&features).await.unwrap();
    unit.commit().await.unwrap();
    features.into_iter().map(|feature| feature.id).collect()
}
