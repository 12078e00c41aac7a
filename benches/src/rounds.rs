//! Turn and turn about: whatever the machine does meanwhile, it does to both.

use std::time::Duration;

/// The medians of the two rates of a comparison, in events a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) product: f64,
    pub(crate) floor: f64,
    /// The median of what each turn of the product was of the floor's turn right after it: a machine that becomes slower for a
    /// while becomes so for both.
    pub(crate) ratio: f64,
}

/// The medians of `rounds` turns of each. What is measured is told how long its turn is and returns a rate.
pub(crate) async fn compare(
    rounds: usize,
    turn: Duration,
    mut product: impl AsyncFnMut(Duration) -> f64,
    mut floor: impl AsyncFnMut(Duration) -> f64,
) -> Pair {
    // The first turn of each warms up.
    product(turn / 4).await;
    floor(turn / 4).await;
    let (mut of_product, mut of_floor) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        of_product.push(product(turn).await);
        of_floor.push(floor(turn).await);
    }
    let mut ratios: Vec<_> = of_product.iter().zip(&of_floor).map(|(product, floor)| product / floor).collect();
    Pair { product: median(&mut of_product), floor: median(&mut of_floor), ratio: median(&mut ratios) }
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { f64::midpoint(values[middle - 1], values[middle]) } else { values[middle] }
}

/// What 99 in a hundred are not above.
pub(crate) fn ninety_nine(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * 99 / 100).min(values.len() - 1)]
}

/// How many times a second the clients, each in a task of its own, do the work for as long as the turn lasts. A macro,
/// because the compiler must see that the work can move between threads.
macro_rules! rate {
    ($clients:expr, $turn:expr, $work:path) => {{
        let (begun, turn): (std::time::Instant, std::time::Duration) = (std::time::Instant::now(), $turn);
        let clients = std::mem::take(&mut $clients);
        let tasks = clients.into_iter().map(|mut client| {
            tokio::spawn(async move {
                let mut count = 0_u32;
                while begun.elapsed() < turn {
                    $work(&mut client).await;
                    count += 1;
                }
                (client, count)
            })
        });
        let tasks: Vec<_> = tasks.collect();
        let mut total = 0;
        for task in tasks {
            let (client, count) = task.await.unwrap();
            $clients.push(client);
            total += count;
        }
        f64::from(total) / begun.elapsed().as_secs_f64()
    }};
}
pub(crate) use rate;
