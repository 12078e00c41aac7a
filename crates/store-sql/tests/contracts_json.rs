//! Every contract on a JSON file.

mod harness;

async fn json() -> harness::Json {
    harness::Json::new()
}

keystead_store::contract_suite!(json);
