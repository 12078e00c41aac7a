//! How many connections there may be, and how many of them one client may hold.

use ipnet::IpNet;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The limits of a listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Connections at once.
    pub(crate) connections: usize,
    /// Those of them that come from one address.
    pub(crate) per_address: usize,
    /// Whose connections are many people's.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// How long a connection may do nothing.
    pub(crate) idle: Duration,
}

/// The places of a listener.
pub(super) struct Places {
    all: Arc<Semaphore>,
    limits: Limits,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

impl Places {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        let all = Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
        Arc::new(Self { all, limits, taken: Mutex::default() })
    }

    /// A free place, if there is one.
    pub(super) fn free_now(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.all).try_acquire_owned().ok()
    }

    /// A free place, as soon as there is one.
    pub(super) async fn free(&self) -> OwnedSemaphorePermit {
        match Arc::clone(&self.all).acquire_owned().await {
            Ok(free) => free,
            // Nobody closes it.
            Err(_) => std::future::pending().await,
        }
    }

    /// Gives the free place to this client, unless it has as many as one may have.
    pub(super) fn take(self: &Arc<Self>, free: OwnedSemaphorePermit, client: IpAddr) -> Option<Place> {
        let client = client.to_canonical();
        if self.limits.trusted_proxies.iter().any(|network| network.contains(&client)) {
            return Some(Place { _free: free, counted: None });
        }
        let network = network(client);
        let mut taken = self.taken();
        let count = taken.entry(network).or_default();
        if *count >= self.limits.per_address.max(1) {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Place { _free: free, counted: Some((Arc::clone(self), network)) })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one client has as its own: an IPv4 address, or 56 bits of an IPv6 address, as the lockout counts.
fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << 72)).into()),
    }
}

/// A connection's place; free again when it is dropped.
pub(super) struct Place {
    _free: OwnedSemaphorePermit,
    counted: Option<(Arc<Places>, IpAddr)>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((places, network)) = &self.counted {
            let mut taken = places.taken();
            if let Some(count) = taken.get_mut(network) {
                *count -= 1;
                // Who has left is forgotten: there are more addresses than memory.
                if *count == 0 {
                    taken.remove(network);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, per_address: usize) -> Arc<Places> {
        Places::new(Limits {
            connections,
            per_address,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            idle: Duration::from_secs(1),
        })
    }
    fn take(places: &Arc<Places>, client: &str) -> Option<Place> {
        places.take(places.free_now()?, client.parse().unwrap())
    }

    #[test]
    fn an_address_has_its_share_and_gives_it_back() {
        let places = places(10, 2);
        let held = [take(&places, "192.0.2.1").unwrap(), take(&places, "::ffff:192.0.2.1").unwrap()];
        assert!(take(&places, "192.0.2.1").is_none());
        assert!(take(&places, "192.0.2.2").is_some());
        drop(held);
        assert!(take(&places, "192.0.2.1").is_some());
        assert!(places.taken().is_empty());
        assert_eq!(places.all.available_permits(), 10);
    }

    #[test]
    fn nobody_has_many_addresses_of_one_ipv6_network() {
        let places = places(10, 2);
        let _held = [take(&places, "2001:db8:0:1::1").unwrap(), take(&places, "2001:db8:0:ff::2").unwrap()];
        assert!(take(&places, "2001:db8:0:2::3").is_none());
        assert!(take(&places, "2001:db8:0:100::1").is_some());
    }

    #[tokio::test]
    async fn proxies_have_as_many_as_there_are() {
        let places = places(3, 1);
        let mut held: Vec<_> = (0..3).map(|_| take(&places, "10.1.2.3").unwrap()).collect();
        assert!(places.free_now().is_none());
        held.pop();
        let _free = places.free().await;
    }
}
