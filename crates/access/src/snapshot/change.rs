//! From one version to the next.

use super::{Snapshot, rows::belongs};
use crate::{
    decision::Version,
    entities::EntityChange,
    entitlements::{LevelRows, Modules},
    grid::Held,
    holder::Holder,
    people::{Standing, TeamRows},
    platform::{Platform, rule_errors},
    policy::{self, Policy, RuleError, Window},
    roles::{CyclicRoles, HeldRole, RoleRows},
};
use keystead_domain::{ModuleId, OrganizationId, PLATFORM, RoleId, UserLevelId};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// A change of something that decides. Each says all of what it is about, so that a change that is told twice is the
/// same as once.
///
/// | rows of | become |
/// | --- | --- |
/// | `memberships`, `service_accounts` | [`Change::Member`] |
/// | `teams` | [`Change::Team`] |
/// | `roles`, `permissions` | [`Change::Role`] |
/// | `user_roles` | [`Change::RolesOf`] |
/// | `organization_modules` | [`Change::Module`] |
/// | `user_levels` | [`Change::Level`] |
/// | `user_user_levels` | [`Change::LevelsOf`] |
/// | `casbin_rules` | [`Change::Rules`]; [`Change::Policy`] where all are read again |
/// | `policy_models` | [`Change::Policy`] |
/// | `policy_entities` | [`Change::Entity`] |
/// | `views`, `modules`, `features`, and every row of the platform's | [`Change::Platform`] |
#[derive(Clone, Debug)]
pub enum Change {
    /// Whether somebody's membership is active; none when there is none.
    Member {
        /// Who.
        holder: Holder,
        /// Whether it is active.
        active: Option<bool>,
    },
    /// The roles that somebody holds.
    RolesOf {
        /// Who.
        holder: Holder,
        /// All of them.
        roles: Vec<HeldRole>,
    },
    /// The user levels that somebody has.
    LevelsOf {
        /// Who.
        holder: Holder,
        /// All of them.
        levels: Vec<UserLevelId>,
    },
    /// Who is in a team: nobody when it is gone.
    Team(TeamRows),
    /// A role; none when it is gone.
    Role {
        /// Which.
        role: RoleId,
        /// The role with all that it permits.
        rows: Option<RoleRows>,
    },
    /// A user level; none when it is gone.
    Level {
        /// Which.
        level: UserLevelId,
        /// The level with all that it opens and closes.
        rows: Option<LevelRows>,
    },
    /// Whether a module of the organization counts; none when it has it not.
    Module {
        /// Which.
        module: ModuleId,
        /// Whether it counts.
        active: Option<bool>,
    },
    /// Some of the organization's rules.
    Rules(Vec<policy::Change>),
    /// All of its rules, and its model.
    Policy {
        /// They, compiled.
        policy: Arc<Policy>,
        /// Whether the model is its own, and not the platform's.
        own_model: bool,
    },
    /// An entity, or one of Keystead's own resources.
    Entity(EntityChange),
    /// What the platform says.
    Platform(Arc<Platform>),
}

/// Why a change cannot be made. Nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeError {
    /// A row belongs to this organization, which is another one.
    Elsewhere(OrganizationId),
    /// Some of the rules.
    Rules(Vec<RuleError>),
    /// Roles inherit in a circle.
    Roles(CyclicRoles),
    /// The platform's model has changed, by which the organization's rules are read: they must be read again.
    Model,
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elsewhere(organization) => write!(f, "a row belongs to organization {organization}"),
            Self::Rules(errors) => rule_errors(errors, f),
            Self::Roles(error) => error.fmt(f),
            Self::Model => f.write_str("the platform's model has changed"),
        }
    }
}
impl std::error::Error for ChangeError {}

impl Snapshot {
    /// The same with these changes, all or none, at a new version of the organization. Costs what the changes touch.
    ///
    /// # Errors
    /// As [`Snapshot::new`]; and when the platform's model has changed and the organization has none of its own.
    pub fn with(&self, version: i64, changes: Vec<Change>) -> Result<Self, ChangeError> {
        let mut next = self.clone();
        let mut roles: BTreeMap<RoleId, Option<RoleRows>> = BTreeMap::new();
        let mut levels: BTreeMap<UserLevelId, Option<LevelRows>> = BTreeMap::new();
        let mut modules: Option<BTreeMap<ModuleId, bool>> = None;
        let (mut rules, mut model_is_new) = (Vec::new(), false);
        for change in changes {
            match change {
                Change::Member { holder, active } => {
                    let standing = match active {
                        None => Standing::Stranger,
                        Some(false) => Standing::Suspended,
                        Some(true) => Standing::Active,
                    };
                    Arc::make_mut(&mut next.people).update(holder, |entry| entry.standing = standing);
                }
                Change::RolesOf { holder, roles } => {
                    let known = Arc::make_mut(&mut next.roles);
                    let held = roles.iter().map(|held| Held {
                        slot: known.slot(held.role),
                        window: Window::new(held.not_before, held.expires_at),
                    });
                    let held = in_order(held.collect());
                    Arc::make_mut(&mut next.people).update(holder, |entry| entry.roles = held);
                }
                Change::LevelsOf { holder, levels } => {
                    let known = Arc::make_mut(&mut next.levels);
                    let held = levels.iter().map(|level| Held { slot: known.slot(*level), window: Window::ALWAYS });
                    let held = in_order(held.collect());
                    Arc::make_mut(&mut next.people).update(holder, |entry| entry.levels = held);
                }
                Change::Team(rows) => Arc::make_mut(&mut next.people).set_team(rows.team, &rows.members),
                Change::Role { role, rows } => {
                    if let Some(rows) = &rows
                        && rows.role.organization_id != PLATFORM
                    {
                        belongs(rows.role.organization_id, self.organization)?;
                    }
                    roles.insert(role, rows);
                }
                Change::Level { level, rows } => {
                    if let Some(rows) = &rows {
                        belongs(rows.level.organization_id, self.organization)?;
                    }
                    levels.insert(level, rows);
                }
                Change::Module { module, active } => {
                    let rows = modules.get_or_insert_with(|| next.modules.rows.clone());
                    match active {
                        Some(active) => rows.insert(module, active),
                        None => rows.remove(&module),
                    };
                }
                Change::Rules(changes) => rules.extend(changes),
                Change::Policy { policy, own_model } => {
                    (next.policy, next.own_model, model_is_new) = (policy, own_model, true);
                    rules.clear();
                }
                Change::Entity(change) => Arc::make_mut(&mut next.entities).change(change),
                Change::Platform(platform) => {
                    modules.get_or_insert_with(|| next.modules.rows.clone());
                    next.platform = platform;
                }
            }
        }
        if !next.own_model && !model_is_new && next.platform.model().text() != next.policy.model().text() {
            return Err(ChangeError::Model);
        }
        if !roles.is_empty() {
            let rows = roles.iter().map(|(id, rows)| (*id, rows.as_ref())).collect();
            Arc::make_mut(&mut next.roles).change(&rows).map_err(ChangeError::Roles)?;
        }
        if !levels.is_empty() {
            let rows = levels.iter().map(|(id, rows)| (*id, rows.as_ref())).collect();
            Arc::make_mut(&mut next.levels).change(&rows);
        }
        if let Some(rows) = modules {
            next.modules = Arc::new(Modules::new(rows, &next.platform.catalogue));
        }
        if !rules.is_empty() {
            next.policy = Arc::new(next.policy.with(&rules).map_err(ChangeError::Rules)?);
        }
        next.version = Version { organization: version, platform: next.platform.version() };
        Ok(next)
    }
}

fn in_order(mut held: Vec<Held>) -> Box<[Held]> {
    held.sort_unstable_by_key(|held| (held.slot, held.window.from, held.window.until));
    held.into()
}
