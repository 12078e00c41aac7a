//! The health check sees pending migrations over the server's own connections, in the server's own role.

use crate::place::{Place, both};
use keystead_store::Store;
use keystead_store_sql::{
    SqlStore, StoreSettings, StoreTarget,
    migrate::{MIGRATIONS, Run},
    roles::{RoleOptions, apply_roles},
    schema::APP,
};

#[tokio::test]
async fn pending_migrations_are_counted() {
    for place in both().await {
        let target: StoreTarget = match &place {
            Place::Sqlite(file) => file.url().parse().unwrap(),
            Place::Postgres(database) => {
                apply_roles(&database.url().parse().unwrap(), &RoleOptions::default()).await.unwrap();
                database.url_as(APP, None).parse().unwrap()
            }
        };
        let store = SqlStore::connect(&StoreSettings::new(target)).await.unwrap();
        let pending = async || store.health().await.pending_migrations;
        assert_eq!(pending().await, Ok(u32::try_from(MIGRATIONS.len()).unwrap()));
        place.migrator().up(Run::Apply, |_| ()).await.unwrap();
        assert_eq!(pending().await, Ok(0));
        place.run("UPDATE schema_migrations SET version = 9999 WHERE version = 1").await.unwrap();
        assert!(pending().await.unwrap_err().contains("newer version"));
        store.close().await.unwrap();
    }
}
