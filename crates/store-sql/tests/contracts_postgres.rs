//! Every contract on PostgreSQL.

mod harness;

async fn postgres() -> harness::Postgres {
    harness::Postgres::new().await
}

keystead_store::contract_suite!(postgres);
