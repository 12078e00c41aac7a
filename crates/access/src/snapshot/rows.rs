//! What a snapshot is built from: rows as they are stored.

use super::{Change, ChangeError, Snapshot};
use crate::{
    decision::Version,
    entities::{Entities, EntityChange, OwnResource},
    entitlements::{LevelRows, Levels, Modules},
    holder::Holder,
    people::{Member, People, TeamRows},
    platform::Platform,
    policy::{Model, Policy, Rule},
    roles::{HeldRole, RoleRows, Roles},
};
use keystead_domain::{
    OrganizationId, PLATFORM,
    access::{LevelAssignment, OrganizationModule, PolicyEntity, PolicyRule},
};
use std::{collections::BTreeMap, sync::Arc};

/// Everything that decides in one organization. Rows of the platform may be among the roles, where they count, and
/// among the rules, where they do not: those come with the [`Platform`].
#[derive(Clone, Debug)]
pub struct Rows {
    /// The organization.
    pub organization: OrganizationId,
    /// Its access version, read before the rows were.
    pub version: i64,
    /// What the platform says.
    pub platform: Arc<Platform>,
    /// Who belongs to it.
    pub members: Vec<Member>,
    /// Its teams.
    pub teams: Vec<TeamRows>,
    /// Its roles, and the platform's.
    pub roles: Vec<RoleRows>,
    /// Who holds them.
    pub held_roles: Vec<(Holder, HeldRole)>,
    /// Its user levels.
    pub levels: Vec<LevelRows>,
    /// Who has them.
    pub held_levels: Vec<LevelAssignment>,
    /// The modules that it has.
    pub modules: Vec<OrganizationModule>,
    /// Its own model; none when its rules are read by the platform's.
    pub model: Option<Arc<Model>>,
    /// Its rules.
    pub rules: Vec<PolicyRule>,
    /// Its entities.
    pub entities: Vec<PolicyEntity>,
    /// Those of Keystead's own resources that searches are to know.
    pub own_resources: Vec<OwnResource>,
}

impl Rows {
    /// An organization without any rows.
    #[must_use]
    pub const fn empty(organization: OrganizationId, platform: Arc<Platform>) -> Self {
        Self {
            organization,
            version: 0,
            platform,
            members: Vec::new(),
            teams: Vec::new(),
            roles: Vec::new(),
            held_roles: Vec::new(),
            levels: Vec::new(),
            held_levels: Vec::new(),
            modules: Vec::new(),
            model: None,
            rules: Vec::new(),
            entities: Vec::new(),
            own_resources: Vec::new(),
        }
    }
}

impl Snapshot {
    /// Compiles the rows of an organization.
    ///
    /// # Errors
    /// A row of another organization, a rule that the model refuses, roles that inherit in a circle.
    pub fn new(rows: Rows) -> Result<Self, ChangeError> {
        let organization = rows.organization;
        let own_model = rows.model.is_some();
        let model = rows.model.unwrap_or_else(|| Arc::clone(rows.platform.model()));
        let mut rules = Vec::with_capacity(rows.rules.len());
        for row in rows.rules {
            // The platform's rules come with the platform, also where the organization is the platform.
            if row.organization_id != PLATFORM {
                belongs(row.organization_id, organization)?;
                rules.push(Rule::from(row));
            }
        }
        let policy = Policy::compile(model, &rules).map_err(ChangeError::Rules)?;
        drop(rules);
        let mut modules = BTreeMap::new();
        for row in &rows.modules {
            belongs(row.organization_id, organization)?;
            modules.insert(row.module_id, row.is_active);
        }
        let snapshot = Self {
            organization,
            domain: organization.to_string().into(),
            version: Version { organization: rows.version, platform: rows.platform.version() },
            roles: Arc::new(Roles::default()),
            people: Arc::new(People::default()),
            levels: Arc::new(Levels::default()),
            modules: Arc::new(Modules::new(modules, &rows.platform.catalogue)),
            policy: Arc::new(policy),
            own_model,
            is_unfit: false,
            entities: Arc::new(Entities::default()),
            platform: rows.platform,
        };
        let mut changes = Vec::new();
        changes.extend(rows.roles.into_iter().map(|rows| Change::Role { role: rows.role.id, rows: Some(rows) }));
        changes.extend(rows.levels.into_iter().map(|rows| Change::Level { level: rows.level.id, rows: Some(rows) }));
        changes.extend(
            rows.members.into_iter().map(|row| Change::Member { holder: row.holder, active: Some(row.active) }),
        );
        let mut held: BTreeMap<Holder, Vec<HeldRole>> = BTreeMap::new();
        for (holder, role) in rows.held_roles {
            held.entry(holder).or_default().push(role);
        }
        changes.extend(held.into_iter().map(|(holder, roles)| Change::RolesOf { holder, roles }));
        let mut held: BTreeMap<Holder, Vec<_>> = BTreeMap::new();
        for row in &rows.held_levels {
            belongs(row.organization_id, organization)?;
            held.entry(Holder::User(row.user_id)).or_default().push(row.user_level_id);
        }
        changes.extend(held.into_iter().map(|(holder, levels)| Change::LevelsOf { holder, levels }));
        changes.extend(rows.teams.into_iter().map(Change::Team));
        let entities = rows.entities.into_iter().map(EntityChange::Put);
        let own = rows.own_resources.into_iter().map(EntityChange::PutOwn);
        changes.extend(entities.chain(own).map(Change::Entity));
        snapshot.with(snapshot.version.organization, changes)
    }
}

pub(super) fn belongs(row: OrganizationId, organization: OrganizationId) -> Result<(), ChangeError> {
    if row == organization { Ok(()) } else { Err(ChangeError::Elsewhere(row)) }
}
