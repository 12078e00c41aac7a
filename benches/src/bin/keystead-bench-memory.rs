//! Counts what an organization of the shape takes in memory, and prints it in bytes. It is a program of its own, because counting
//! slows everything else.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement that cannot be taken ends the run; of the rules, it needs a part only"
)]

#[path = "../chance.rs"]
mod chance;
#[path = "../rules.rs"]
mod rules;

use keystead_access::snapshot::Snapshot;
use keystead_domain::OrganizationId;
use uuid::Uuid;

fn main() {
    let count = std::env::args().nth(1).unwrap().parse().unwrap();
    let shape = rules::Shape::of(OrganizationId::from_uuid(Uuid::from_u128(1)), count);
    let mut built = None;
    // The rows come and go within.
    let counted = allocation_counter::measure(|| {
        built = Some(Snapshot::new(rules::organization_with(shape.all())).unwrap());
    });
    println!("{}", counted.bytes_current);
}
