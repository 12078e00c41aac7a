//! What `/metrics` says (Prometheus text format 0.0.4).

use super::Server;
use std::collections::BTreeMap;

/// One look at a server's figures.
#[derive(Clone, Debug)]
pub struct Figures {
    /// By family: its type.
    pub types: BTreeMap<String, String>,
    /// By family: its description.
    pub help: BTreeMap<String, String>,
    /// Name with labels, and value.
    pub samples: Vec<(String, f64)>,
}

impl Figures {
    /// Asks `server` for them.
    pub async fn of(server: &Server) -> Self {
        let answer = server.http.get(format!("{}/metrics", server.base)).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        let mut figures = Self { types: BTreeMap::new(), help: BTreeMap::new(), samples: Vec::new() };
        for line in answer.text().await.unwrap().lines().filter(|line| !line.is_empty()) {
            let mut words = line.splitn(4, ' ');
            match (words.next(), words.next(), words.next(), words.next()) {
                (Some("#"), Some("TYPE"), Some(name), Some(kind)) => {
                    figures.types.insert(name.to_owned(), kind.to_owned());
                }
                (Some("#"), Some("HELP"), Some(name), Some(text)) => {
                    figures.help.insert(name.to_owned(), text.to_owned());
                }
                _ => {
                    let (name, value) = line.rsplit_once(' ').unwrap();
                    figures.samples.push((name.to_owned(), value.parse().unwrap()));
                }
            }
        }
        figures
    }

    /// The sum of all samples of `name` whose labels contain `label` (such as `outcome="refused"`); empty for all.
    pub fn sum(&self, name: &str, label: &str) -> f64 {
        let of_name = |sample: &str| {
            sample.strip_prefix(name).is_some_and(|labels| labels.is_empty() || labels.starts_with('{'))
                && sample.contains(label)
        };
        self.samples.iter().filter(|(sample, _)| of_name(sample)).map(|(_, value)| value).sum()
    }
    /// As [`Figures::sum`], of everything with that name.
    pub fn get(&self, name: &str) -> f64 {
        assert!(self.samples.iter().any(|(sample, _)| sample.starts_with(name)), "{name} is not there");
        self.sum(name, "")
    }
}
