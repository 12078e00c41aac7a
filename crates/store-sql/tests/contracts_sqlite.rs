//! Every contract on a SQLite file.

mod harness;

async fn sqlite() -> harness::Sqlite {
    harness::Sqlite::new()
}

keystead_store::contract_suite!(sqlite);
