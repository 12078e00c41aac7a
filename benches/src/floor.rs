//! The floors that need no database.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::time::{Duration, Instant};

/// Argon2id hashes a second on every core, each thread with one block of memory for all of its hashes.
pub(crate) fn argon2id(turn: Duration) -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    let threads: Vec<_> = (0..cores).map(|_| std::thread::spawn(move || hashes_until(begun, turn))).collect();
    let count: u32 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    f64::from(count) / begun.elapsed().as_secs_f64()
}

fn hashes_until(begun: Instant, turn: Duration) -> u32 {
    let params = Params::new(19 * 1024, 2, 1, Some(32)).unwrap();
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (mut out, mut count) = ([0; 32], 0);
    while begun.elapsed() < turn {
        argon2.hash_password_into_with_memory(b"a long phrase", b"sixteen of salt!", &mut out, &mut memory).unwrap();
        count += 1;
    }
    count
}
