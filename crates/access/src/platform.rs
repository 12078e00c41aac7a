//! What the platform says for every organization: one part that all snapshots share.

use crate::{
    entities::{Entities, EntityChange},
    entitlements::{Catalogue, CatalogueRows},
    holder::Holder,
    policy::{self, Model, ModelError, Policy, Rule, RuleError, Window},
};
use keystead_domain::{
    Timestamp, UserId,
    access::{PolicyEntity, PolicyRule},
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt,
    sync::Arc,
};

/// A built-in administrator of the platform: who holds the role `admin` there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// Who.
    pub holder: Holder,
    /// Not before; none when it always counted.
    pub not_before: Option<Timestamp>,
    /// No longer from then on; none when it never ends.
    pub expires_at: Option<Timestamp>,
}

/// What the platform says, as it is stored.
#[derive(Clone, Debug, Default)]
pub struct PlatformRows {
    /// Its access version.
    pub version: i64,
    /// The types of Keystead's own resources, as permissions name them: `teams`. Every other type is a product's.
    pub own_kinds: Vec<String>,
    /// Its administrators.
    pub administrators: Vec<Administrator>,
    /// Whose account is not active: they may do nothing anywhere.
    pub closed_accounts: Vec<UserId>,
    /// The product catalogue.
    pub catalogue: CatalogueRows,
    /// Its model; none for the [standard one](Model::standard).
    pub model: Option<Arc<Model>>,
    /// Its rules.
    pub rules: Vec<PolicyRule>,
    /// Its entities: what it says of subjects and resources wins in its own rules over what others say.
    pub entities: Vec<PolicyEntity>,
}

/// What the platform says, compiled.
#[derive(Clone, Debug)]
pub struct Platform {
    pub(crate) version: i64,
    pub(crate) own_kinds: Arc<BTreeSet<Box<str>>>,
    pub(crate) administrators: Arc<HashMap<Holder, Vec<Window>>>,
    pub(crate) closed_accounts: Arc<HashSet<UserId>>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) entities: Arc<Entities>,
}

/// A change of what the platform says.
#[derive(Clone, Debug)]
pub enum PlatformChange {
    /// Its administrators, all of them.
    Administrators(Vec<Administrator>),
    /// Whose account is not active, all of them.
    ClosedAccounts(Vec<UserId>),
    /// The product catalogue.
    Catalogue(Arc<Catalogue>),
    /// Some of its rules.
    Rules(Vec<policy::Change>),
    /// Its model and its rules.
    Policy(Arc<Policy>),
    /// One of its entities.
    Entity(EntityChange),
}

/// Why it cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlatformError {
    /// The model.
    Model(ModelError),
    /// Some of the rules.
    Rules(Vec<RuleError>),
}

impl fmt::Display for PlatformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(error) => error.fmt(f),
            Self::Rules(errors) => rule_errors(errors, f),
        }
    }
}
impl std::error::Error for PlatformError {}

pub(crate) fn rule_errors(errors: &[RuleError], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, error) in errors.iter().enumerate() {
        write!(f, "{}{error}", if place == 0 { "" } else { "; " })?;
    }
    Ok(())
}

impl Platform {
    /// Compiles the rows.
    ///
    /// # Errors
    /// A rule that the model refuses.
    pub fn new(rows: PlatformRows) -> Result<Self, PlatformError> {
        let model = match rows.model {
            Some(model) => model,
            None => Arc::new(Model::standard().map_err(PlatformError::Model)?),
        };
        let rules: Vec<_> = rows.rules.iter().map(Rule::from).collect();
        let policy = Policy::compile(model, &rules).map_err(PlatformError::Rules)?;
        let mut entities = Entities::default();
        rows.entities.into_iter().for_each(|row| entities.change(EntityChange::Put(row)));
        Ok(Self {
            version: rows.version,
            own_kinds: Arc::new(rows.own_kinds.into_iter().map(String::into_boxed_str).collect()),
            administrators: Arc::new(administrators(&rows.administrators)),
            closed_accounts: Arc::new(rows.closed_accounts.into_iter().collect()),
            catalogue: Arc::new(Catalogue::new(&rows.catalogue)),
            policy: Arc::new(policy),
            entities: Arc::new(entities),
        })
    }

    /// The same with these changes, at a new version; shares what did not change.
    ///
    /// # Errors
    /// As [`Platform::new`].
    pub fn with(&self, version: i64, changes: Vec<PlatformChange>) -> Result<Self, PlatformError> {
        let mut platform = Self { version, ..self.clone() };
        for change in changes {
            match change {
                PlatformChange::Administrators(rows) => platform.administrators = Arc::new(administrators(&rows)),
                PlatformChange::ClosedAccounts(rows) => {
                    platform.closed_accounts = Arc::new(rows.into_iter().collect());
                }
                PlatformChange::Catalogue(catalogue) => platform.catalogue = catalogue,
                PlatformChange::Rules(rules) => {
                    platform.policy = Arc::new(platform.policy.with(&rules).map_err(PlatformError::Rules)?);
                }
                PlatformChange::Policy(policy) => platform.policy = policy,
                PlatformChange::Entity(change) => Arc::make_mut(&mut platform.entities).change(change),
            }
        }
        Ok(platform)
    }

    /// Its access version.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }
    /// The model that organizations' rules are read by that bring none.
    #[must_use]
    pub fn model(&self) -> &Arc<Model> {
        self.policy.model()
    }
    /// Its rules, and the model that they are read by.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }
    pub(crate) fn is_own_kind(&self, kind: &str) -> bool {
        self.own_kinds.contains(kind)
    }
    /// Whether it is a person whose account is not active.
    pub(crate) fn is_closed(&self, holder: Option<Holder>) -> bool {
        // Mostly there is none, and then nothing is looked up.
        !self.closed_accounts.is_empty()
            && matches!(holder, Some(Holder::User(user)) if self.closed_accounts.contains(&user))
    }
    pub(crate) fn is_administrator(&self, holder: Option<Holder>, now: i64) -> bool {
        let windows = holder.and_then(|holder| self.administrators.get(&holder));
        windows.is_some_and(|windows| windows.iter().any(|window| window.contains(now)))
    }
}

fn administrators(rows: &[Administrator]) -> HashMap<Holder, Vec<Window>> {
    let mut all: HashMap<Holder, Vec<Window>> = HashMap::new();
    for row in rows {
        all.entry(row.holder).or_default().push(Window::new(row.not_before, row.expires_at));
    }
    all
}
