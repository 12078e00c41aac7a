//! Every contract on a store in memory.

mod harness;

async fn memory() -> harness::Memory {
    harness::Memory
}

keystead_store::contract_suite!(memory);
