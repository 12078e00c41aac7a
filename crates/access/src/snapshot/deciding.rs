//! The decision over all sources. Allocates nothing.

use super::{Situation, Snapshot, by_levels::Said};
use crate::{
    decision::{Decision, Denial, Reason, RulesOf},
    entitlements::Item,
    everyone::held_by_everyone,
    holder::Holder,
    people::Standing,
    policy::{Cause, Effect, Entity, Policy, Truth, Verdict, micros},
    question::{Context, Target},
    whose::Whose,
};
use keystead_domain::access::{PermissionScope, Resource};
use uuid::fmt::Hyphenated;

/// A question, with the resource apart from whose it is.
#[derive(Clone, Copy)]
pub(crate) struct Question<'q> {
    pub(crate) subject: &'q Entity<'q>,
    pub(crate) action: &'q Entity<'q>,
    pub(crate) resource: &'q Entity<'q>,
    pub(crate) context: &'q Context<'q>,
}

impl Snapshot {
    /// Whether `subject` may do `action` on the resource.
    ///
    /// 1. What a rule of the platform denies is denied to everybody.
    /// 2. Nobody whose account is not active may do anything. An administrator of the platform may do everything else.
    /// 3. Where the organization's rules cannot be read, nothing is allowed but to mend them. A feature or view that cannot
    ///    be reached, and what a user level or a rule of the organization denies, is denied. The organization's sources speak
    ///    about its own resources only.
    /// 4. A role or a user level may allow it, on a product's resource also a rule of the organization or of the
    ///    platform, and everybody may do with their own what the built-in role `user` says. On one of Keystead's own
    ///    resources no rule allows anything: whoever may write rules would hold what nobody has granted.
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
        self.decide_in(
            &self.situation(subject, target),
            &Question { subject, action, resource: &target.entity, context },
        )
    }

    /// Whether somebody may do `action` on one of Keystead's own resources.
    #[must_use]
    pub fn decide_own(&self, holder: Holder, action: &str, resource: &Resource<'_>, context: &Context<'_>) -> Decision {
        let (mut person, mut thing) = ([0; Hyphenated::LENGTH], [0; Hyphenated::LENGTH]);
        let person = holder.id().hyphenated().encode_lower(&mut person);
        let id: &str = resource.id.map_or("", |id| id.hyphenated().encode_lower(&mut thing));
        let whose = Whose { organization: resource.organization_id, owner: resource.owner, team: None };
        self.decide(
            &Entity::new(holder.kind(), person),
            &Entity::new("", action),
            &Target::own(resource.kind, id, whose),
            context,
        )
    }

    /// The decision, with everything looked up.
    pub(crate) fn decide_in(&self, situation: &Situation<'_>, question: &Question<'_>) -> Decision {
        let (kind, action) = (question.resource.kind, question.action.id);
        let answer = |reason| Decision::new(reason, self.version);
        let denied = |denial| Decision::new(Reason::Denied(denial), self.version);
        let Some(at) = question.context.at else { return denied(Denial::NoTime) };
        let now = micros(at);
        let platform = self.ask_platform(situation, question, at, Policy::decide);
        if platform.effect == Effect::Deny {
            let of = RulesOf::Platform;
            return denied(Denial::Rule { of, rule: platform.rule, cause: platform.cause });
        }
        if situation.is_closed {
            return denied(Denial::AccountClosed);
        }
        if self.platform.is_administrator(situation.holder, now) {
            return answer(Reason::Administrator);
        }
        if self.is_shut(situation, kind) {
            return denied(Denial::RulesUnfit);
        }
        if situation.item == Item::Unreachable {
            return denied(Denial::Unreachable);
        }
        let mut organization = NOTHING;
        let mut levels = Said::default();
        if situation.is_inside() {
            organization = self.ask_organization(question, at, Policy::decide);
            if organization.effect == Effect::Deny {
                let of = RulesOf::Organization;
                return denied(Denial::Rule { of, rule: organization.rule, cause: organization.cause });
            }
            levels = self.ask_levels(situation, action);
            if let Some(denial) = levels.denied {
                return denied(denial);
            }
        }
        if platform.effect == Effect::Allow && !situation.is_own_kind {
            return answer(Reason::Rule { of: RulesOf::Platform, rule: platform.rule });
        }
        let mut nearest = Denial::NoPermission;
        if situation.is_own_kind
            && situation.holder.is_some()
            && let Some((role, permission)) = held_by_everyone(kind, action)
        {
            if situation.owns() == Truth::True {
                return answer(Reason::Granted { role, permission, scope: PermissionScope::Own });
            }
            nearest = Denial::OutOfScope { role, permission };
        }
        if !situation.is_admitted() {
            return denied(match situation.standing {
                Standing::Suspended => Denial::Suspended,
                _ if nearest == Denial::NoPermission => Denial::Stranger,
                _ => nearest,
            });
        }
        match self.ask_roles(situation, kind, action, now) {
            Some(Reason::Denied(denial)) => nearest = denial,
            Some(reason) => return answer(reason),
            None => {}
        }
        if let Some(reason) = levels.allowed {
            return answer(reason);
        }
        if organization.effect == Effect::Allow && !situation.is_own_kind {
            return answer(Reason::Rule { of: RulesOf::Organization, rule: organization.rule });
        }
        if nearest == Denial::NoPermission
            && let Some(denial) = levels.nearest
        {
            nearest = denial;
        }
        denied(nearest)
    }
}

const NOTHING: Verdict = Verdict { effect: Effect::Abstain, rule: None, cause: Cause::NothingMatched };
