//! What has a say, by name.

use keystead_access::{
    entitlements::ModuleState,
    policy::{Cause, Effect, Truth},
    snapshot::{self, Need, Snapshot, Source},
};
use keystead_domain::{ModuleId, RoleId, RuleId, UserLevelId};
use uuid::Uuid;

/// Something that has a say, with all that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What it is: `role`, `everyone`, `user_level`, `view`, `module`, `catalogue`, `rules`, `platform_rules`,
    /// `platform_administrator` or `membership`.
    pub source: &'static str,
    /// The role, with its name.
    pub role: Option<(RoleId, String)>,
    /// The role that has the permission, where `role` inherits from it.
    pub inherited_from: Option<(RoleId, String)>,
    /// The user level, with its name.
    pub level: Option<(UserLevelId, String)>,
    /// The module, with its key.
    pub module: Option<(ModuleId, String)>,
    /// How it stands with the module: `open`, `missing`, `suspended` or `inactive`.
    pub module_state: Option<&'static str>,
    /// The permission of the role or user level.
    pub permission: Option<Uuid>,
    /// Whether the user level's permission allows or denies.
    pub value: Option<&'static str>,
    /// How far the permission reaches.
    pub scope: Option<&'static str>,
    /// Whether the role is held at the time of the question.
    pub in_time: Option<bool>,
}

/// What one source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Considered {
    /// Which.
    pub part: Part,
    /// What it says to this question: `allow`, `deny` or `abstain`.
    pub effect: &'static str,
    /// Whether it reaches the resource: `yes`, `no` or `unknown`.
    pub reaches: &'static str,
    /// The rule that decided, where rules did and a single one of them.
    pub rule: Option<RuleId>,
    /// Why rules said so.
    pub cause: Option<&'static str>,
}

/// One thing that was missing or in the way. Denials must all be gone; of the others one suffices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// What would have to be: `no_denial` by it, an `active_membership`, this `module`, `role`, `user_level` or `view`, or the
    /// resource `within` its reach.
    pub need: &'static str,
    /// By what, or which.
    pub part: Part,
    /// Whether the role would reach the resource.
    pub reaches: Option<bool>,
}

pub(super) const fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "unknown",
    }
}

pub(super) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
        Effect::Abstain => "abstain",
    }
}

pub(super) const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Matched => "matched",
        Cause::UnknownCondition => "unknown_condition",
        Cause::WithoutRules => "without_rules",
        Cause::NothingMatched => "nothing_matched",
        Cause::TooManySteps => "too_many_steps",
        Cause::BadRequest => "bad_request",
    }
}

impl Part {
    fn of(source: &'static str) -> Self {
        Self { source, ..Self::default() }
    }
    fn role(snapshot: &Snapshot, id: RoleId) -> Self {
        Self { role: Some(named_role(snapshot, id)), ..Self::of("role") }
    }
    fn level(snapshot: &Snapshot, source: &'static str, id: UserLevelId) -> Self {
        let name = snapshot.level_name(id).unwrap_or_default().to_owned();
        Self { level: Some((id, name)), ..Self::of(source) }
    }
    fn module(snapshot: &Snapshot, id: ModuleId, state: ModuleState) -> Self {
        let state = match state {
            ModuleState::Open => "open",
            ModuleState::Missing => "missing",
            ModuleState::Suspended => "suspended",
            ModuleState::Inactive => "inactive",
        };
        let key = snapshot.module_key(id).unwrap_or_default().to_owned();
        Self { module: Some((id, key)), module_state: Some(state), ..Self::of("module") }
    }

    fn new(snapshot: &Snapshot, source: Source) -> Self {
        match source {
            Source::PlatformRules => Self::of("platform_rules"),
            Source::Rules => Self::of("rules"),
            Source::Administrator => Self::of("platform_administrator"),
            Source::Catalogue => Self::of("catalogue"),
            Source::Module { module, state } => Self::module(snapshot, module, state),
            Source::Everyone { permission } => {
                Self { permission: Some(permission.as_uuid()), scope: Some("own"), ..Self::of("everyone") }
            }
            Source::Role { role, of, permission, scope, in_time } => Self {
                inherited_from: (of != role).then(|| named_role(snapshot, of)),
                permission: Some(permission.as_uuid()),
                scope: Some(scope.as_str()),
                in_time: Some(in_time),
                ..Self::role(snapshot, role)
            },
            Source::Level { level, permission, value, scope } => Self {
                permission: Some(permission.as_uuid()),
                value: Some(value.as_str()),
                scope: Some(scope.as_str()),
                ..Self::level(snapshot, "user_level", level)
            },
            Source::View { level, permission } => {
                Self { permission: Some(permission.as_uuid()), ..Self::level(snapshot, "view", level) }
            }
        }
    }
}

fn named_role(snapshot: &Snapshot, id: RoleId) -> (RoleId, String) {
    (id, snapshot.role_name(id).unwrap_or_default().to_owned())
}

impl Considered {
    pub(super) fn new(snapshot: &Snapshot, said: &snapshot::Considered) -> Self {
        Self {
            part: Part::new(snapshot, said.source),
            effect: effect(said.effect),
            reaches: truth(said.reaches),
            rule: said.rule,
            cause: said.cause.map(cause),
        }
    }
}

impl Needed {
    pub(super) fn new(snapshot: &Snapshot, need: &Need) -> Self {
        let (need, part, reaches) = match *need {
            Need::WithoutDenial(source) => ("no_denial", Part::new(snapshot, source), None),
            Need::ActiveMembership => ("active_membership", Part::of("membership"), None),
            Need::Module { module, state } => ("module", Part::module(snapshot, module, state), None),
            Need::Role { role, permission, scope, reaches } => {
                let (permission, scope) = (Some(permission.as_uuid()), Some(scope.as_str()));
                ("role", Part { permission, scope, ..Part::role(snapshot, role) }, Some(reaches))
            }
            Need::Level { level, permission, scope } => {
                let (permission, scope) = (Some(permission.as_uuid()), Some(scope.as_str()));
                ("user_level", Part { permission, scope, ..Part::level(snapshot, "user_level", level) }, None)
            }
            Need::View { level, permission } => {
                let permission = Some(permission.as_uuid());
                ("view", Part { permission, ..Part::level(snapshot, "view", level) }, None)
            }
            Need::Within(source) => ("within", Part::new(snapshot, source), None),
        };
        Self { need, part, reaches }
    }
}
