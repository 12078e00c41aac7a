//! The decision over all sources. Allocates nothing.

use super::{Situation, Snapshot, layers::Layers};
use crate::{
    decision::{Decision, Denial, Reason, RulesOf},
    entitlements::{Item, VIEWING, allow_bit, deny_bit},
    everyone::held_by_everyone,
    grid::{Cell, Common, Held},
    policy::{Cause, Effect, Entity, Request, Truth, Verdict, micros},
    question::{Context, Resource, Target},
    roles::{ANY, ORGANIZATION, OWN, SCOPES},
    slots::Slot,
    whose::Whose,
};
use keystead_domain::{
    OrganizationId, PLATFORM, Timestamp, UserId,
    access::{LevelScope, PermissionScope, PermissionValue},
};
use uuid::fmt::Hyphenated;

impl Snapshot {
    /// Whether `subject` may do `action` on the resource.
    ///
    /// 1. What a rule of the platform denies is denied to everybody.
    /// 2. An administrator of the platform may do everything else.
    /// 3. A feature or view that cannot be reached, and what a user level or a rule of the organization denies, is
    ///    denied. The organization's sources speak about its own resources only.
    /// 4. A role, a user level, a rule of the organization or of the platform may allow it, and everybody may do with
    ///    their own what the built-in role `user` says.
    /// 5. Everything else is denied.
    ///
    /// Allocates nothing once the thread's working memory has grown.
    #[must_use]
    pub fn decide(
        &self,
        subject: &Entity<'_>,
        action: &Entity<'_>,
        target: &Target<'_>,
        context: &Context<'_>,
    ) -> Decision {
        self.decide_in(&self.situation(subject, target), subject, action, &target.entity, context)
    }

    /// Whether a person may do `action` on one of Keystead's own resources.
    #[must_use]
    pub fn decide_own(&self, user: UserId, action: &str, resource: &Resource<'_>, at: Timestamp) -> Decision {
        let (mut person, mut thing) = ([0; Hyphenated::LENGTH], [0; Hyphenated::LENGTH]);
        let person = user.as_uuid().hyphenated().encode_lower(&mut person);
        let id: &str = resource.id.map_or("", |id| id.hyphenated().encode_lower(&mut thing));
        let whose = Whose { organization: resource.organization_id, owner: resource.owner, team: None };
        self.decide(
            &Entity::new(crate::Holder::USER, person),
            &Entity::new("", action),
            &Target::own(resource.kind, id, whose),
            &Context::at(at),
        )
    }

    /// The decision, with everything looked up.
    pub(crate) fn decide_in(
        &self,
        situation: &Situation<'_>,
        subject: &Entity<'_>,
        action: &Entity<'_>,
        resource: &Entity<'_>,
        context: &Context<'_>,
    ) -> Decision {
        let answer = |reason| Decision::new(reason, self.version);
        let denied = |denial| Decision::new(Reason::Denied(denial), self.version);
        let Some(at) = context.at else { return denied(Denial::NoTime) };
        let now = micros(at);
        let platform = self.ask_platform(situation, subject, action, resource, context, at);
        if platform.effect == Effect::Deny {
            let of = RulesOf::Platform;
            return denied(Denial::Rule { of, rule: platform.rule, cause: platform.cause });
        }
        if self.platform.is_administrator(situation.holder, now) {
            return answer(Reason::Administrator);
        }
        if situation.item == Item::Unreachable {
            return denied(Denial::Unreachable);
        }
        let mut organization = NOTHING;
        let mut levels = Said::default();
        if situation.is_inside {
            organization = self.ask_organization(situation, subject, action, resource, context, at);
            if organization.effect == Effect::Deny {
                let of = RulesOf::Organization;
                return denied(Denial::Rule { of, rule: organization.rule, cause: organization.cause });
            }
            levels = self.ask_levels(situation, action.id);
            if let Some(denial) = levels.denied {
                return denied(denial);
            }
        }
        if platform.effect == Effect::Allow {
            return answer(Reason::Rule { of: RulesOf::Platform, rule: platform.rule });
        }
        let mut nearest = Denial::NoPermission;
        if let Some((role, permission)) = held_by_everyone(resource.kind, action.id)
            && situation.is_own_kind
            && situation.holder.is_some()
        {
            if situation.owns == Truth::True {
                return answer(Reason::Granted { role, permission, scope: PermissionScope::Own });
            }
            nearest = Denial::OutOfScope { role, permission };
        }
        if !situation.is_admitted() {
            return denied(match situation.standing {
                crate::people::Standing::Suspended => Denial::Suspended,
                _ if organization.effect == Effect::Allow => Denial::Stranger,
                _ => nearest,
            });
        }
        match self.ask_roles(situation, resource.kind, action.id, now) {
            Some(Reason::Denied(denial)) => nearest = denial,
            Some(reason) => return answer(reason),
            None => {}
        }
        if let Some(reason) = levels.allowed {
            return answer(reason);
        }
        if organization.effect == Effect::Allow {
            return answer(Reason::Rule { of: RulesOf::Organization, rule: organization.rule });
        }
        if nearest == Denial::NoPermission
            && let Some(denial) = levels.nearest
        {
            nearest = denial;
        }
        denied(nearest)
    }

    /// What the platform's rules say. Their domain is the organization that the resource belongs to, whatever domain
    /// the question names, and their matcher is `m`.
    fn ask_platform(
        &self,
        situation: &Situation<'_>,
        subject: &Entity<'_>,
        action: &Entity<'_>,
        resource: &Entity<'_>,
        context: &Context<'_>,
        at: Timestamp,
    ) -> Verdict {
        self.platform_request(situation, subject, action, resource, context, at, |request| {
            self.platform.policy.decide(request)
        })
    }
    #[allow(clippy::too_many_arguments, reason = "a request borrows from all of them")]
    pub(super) fn platform_request<T>(
        &self,
        situation: &Situation<'_>,
        subject: &Entity<'_>,
        action: &Entity<'_>,
        resource: &Entity<'_>,
        context: &Context<'_>,
        at: Timestamp,
        ask: impl FnOnce(&Request<'_>) -> T,
    ) -> T {
        let mut text = [0; Hyphenated::LENGTH];
        let named = |id: OrganizationId, text: &'_ mut [u8; Hyphenated::LENGTH]| {
            id.as_uuid().hyphenated().encode_lower(text);
        };
        let domain = match situation.belonging.organization {
            Some(id) if id == self.organization => Some(&*self.domain),
            Some(id) => {
                named(id, &mut text);
                std::str::from_utf8(&text).ok()
            }
            None => None,
        };
        let [seen_subject, seen_resource] = situation.seen_by_platform(subject, resource);
        let circumstances = Layers([context.properties.filter(|_| situation.is_inside), None, None]);
        let request = Request {
            subject: Entity { properties: &seen_subject, ..*subject },
            resource: Entity { properties: &seen_resource, ..*resource },
            action: Entity { properties: &(), ..*action },
            domain,
            context: &circumstances,
            now: at,
            matcher: 1,
        };
        ask(&request)
    }

    /// What the organization's rules say.
    fn ask_organization(
        &self,
        situation: &Situation<'_>,
        subject: &Entity<'_>,
        action: &Entity<'_>,
        resource: &Entity<'_>,
        context: &Context<'_>,
        at: Timestamp,
    ) -> Verdict {
        self.organization_request(situation, subject, action, resource, context, at, |request| {
            self.policy.decide(request)
        })
    }
    #[allow(clippy::too_many_arguments, reason = "a request borrows from all of them")]
    pub(super) fn organization_request<T>(
        &self,
        situation: &Situation<'_>,
        subject: &Entity<'_>,
        action: &Entity<'_>,
        resource: &Entity<'_>,
        context: &Context<'_>,
        at: Timestamp,
        ask: impl FnOnce(&Request<'_>) -> T,
    ) -> T {
        let [seen_subject, seen_resource] = situation.seen(subject, resource);
        let circumstances = Layers([context.properties, None, None]);
        let request = Request {
            subject: Entity { properties: &seen_subject, ..*subject },
            resource: Entity { properties: &seen_resource, ..*resource },
            action: *action,
            domain: context.domain.or(Some(&self.domain)),
            context: &circumstances,
            now: at,
            matcher: context.matcher.unwrap_or(1),
        };
        ask(&request)
    }

    /// How far roles reach here, as bits of a cell. Roles of an organization reach its own resources only, those held
    /// in the platform reach everywhere.
    pub(crate) fn role_reach(&self, situation: &Situation<'_>) -> u8 {
        let own = if situation.owns == Truth::True { OWN } else { 0 };
        let inside = if situation.is_inside { ORGANIZATION } else { 0 };
        match (self.organization == PLATFORM, situation.is_inside) {
            (true, _) => ANY | own | inside,
            (false, true) => own | inside,
            (false, false) => 0,
        }
    }

    /// What roles say: an allowance, the nearest one that does not reach the resource, or nothing.
    fn ask_roles(&self, situation: &Situation<'_>, kind: &str, action: &str, now: i64) -> Option<Reason> {
        let held = &situation.entry?.roles;
        let reach = self.role_reach(situation);
        let mut nearest = None;
        for (cell, held) in Common::of(self.roles.cells(kind, action), held) {
            if held.window.contains(now) {
                if cell.says & reach != 0 {
                    return self.permission(cell, reach, kind, action);
                }
                nearest.get_or_insert(cell);
            }
        }
        match self.permission(nearest?, u8::MAX, kind, action)? {
            Reason::Granted { role, permission, .. } => Some(Reason::Denied(Denial::OutOfScope { role, permission })),
            other => Some(other),
        }
    }
    /// The permission behind a cell that reaches farthest within `reach`.
    fn permission(&self, cell: Cell, reach: u8, kind: &str, action: &str) -> Option<Reason> {
        let (_, scope) = SCOPES.into_iter().find(|(bit, _)| cell.says & reach & bit != 0)?;
        let permitted = self.roles.permitted(cell.slot, kind, action).iter().find(|found| found.scope == scope)?;
        let role = self.roles.get(cell.slot)?.id;
        Some(Reason::Granted { role, permission: permitted.id, scope })
    }

    /// What user levels say.
    fn ask_levels(&self, situation: &Situation<'_>, action: &str) -> Said {
        let Some(entry) = situation.entry else { return Said::default() };
        match situation.item {
            Item::Feature(feature) => {
                let says = |slot: Slot, bit: u8| {
                    let found = self.levels.feature(slot, feature, action).iter();
                    let found = found.copied().find(|says| match says.value {
                        PermissionValue::Allow => allow_bit(says.scope) & bit != 0,
                        PermissionValue::Deny => deny_bit(says.scope) & bit != 0,
                    });
                    found.zip(self.levels.get(slot).map(|level| level.id))
                };
                let (mut said, mut allowing, mut near) = (Said::default(), None, None);
                let (allows, denies) = (allowing_bits(situation), denying_bits(situation));
                for (cell, Held { slot, .. }) in Common::of(self.levels.feature_cells(feature, action), &entry.levels) {
                    if cell.says & denies != 0
                        && let Some((says, level)) = says(*slot, denies)
                    {
                        said.denied = Some(Denial::Level { level, permission: says.id, scope: says.scope });
                        return said;
                    }
                    if cell.says & allows != 0 {
                        allowing.get_or_insert(*slot);
                    } else if cell.says & ALLOWANCES != 0 {
                        near.get_or_insert(*slot);
                    }
                }
                said.allowed = allowing.and_then(|slot| says(slot, allows)).map(|(says, level)| Reason::Level {
                    level,
                    permission: says.id,
                    scope: says.scope,
                });
                said.nearest = near
                    .and_then(|slot| says(slot, ALLOWANCES))
                    .map(|(says, level)| Denial::LevelOutOfScope { level, permission: says.id });
                said
            }
            Item::View(view) if action == VIEWING => {
                let (mut said, mut allowing) = (Said::default(), None);
                let says = |slot: Slot, value: PermissionValue| {
                    let found = self.levels.view(slot, view).iter().find(|says| says.value == value);
                    found.zip(self.levels.get(slot)).map(|(says, level)| (level.id, says.id))
                };
                for (cell, Held { slot, .. }) in Common::of(self.levels.view_cells(view), &entry.levels) {
                    if cell.says & deny_bit(LevelScope::Organization) != 0
                        && let Some((level, permission)) = says(*slot, PermissionValue::Deny)
                    {
                        said.denied = Some(Denial::View { level, permission });
                        return said;
                    }
                    allowing.get_or_insert(*slot);
                }
                said.allowed = allowing
                    .and_then(|slot| says(slot, PermissionValue::Allow))
                    .map(|(level, permission)| Reason::View { level, permission });
                said
            }
            _ => Said::default(),
        }
    }
}

const NOTHING: Verdict = Verdict { effect: Effect::Abstain, rule: None, cause: Cause::NothingMatched };

/// The bits of a cell that allow.
const ALLOWANCES: u8 = 0x0f;

/// What user levels say together.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    denied: Option<Denial>,
    allowed: Option<Reason>,
    nearest: Option<Denial>,
}

/// How the scopes of user levels stand to the resource, which is inside the organization.
pub(crate) fn level_reach(situation: &Situation<'_>, scope: LevelScope) -> Truth {
    match scope {
        LevelScope::Own => situation.owns,
        LevelScope::Team => situation.in_team,
        LevelScope::Organization => Truth::from(situation.is_inside),
    }
}
fn allowing_bits(situation: &Situation<'_>) -> u8 {
    let reaches = |scope: &LevelScope| level_reach(situation, *scope) == Truth::True;
    LevelScope::ALL.iter().filter(|scope| reaches(scope)).fold(0, |bits, scope| bits | allow_bit(*scope))
}
/// A denial counts also when it is not known whether it reaches the resource.
fn denying_bits(situation: &Situation<'_>) -> u8 {
    let may_reach = |scope: &LevelScope| level_reach(situation, *scope) != Truth::False;
    LevelScope::ALL.iter().filter(|scope| may_reach(scope)).fold(0, |bits, scope| bits | deny_bit(*scope))
}
