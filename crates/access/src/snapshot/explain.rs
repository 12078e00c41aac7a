//! Why a decision came out as it did. Asks every source in turn, apart from the decision's own way, and allocates.

mod needs;
mod sources;

pub use needs::{MAX_NEEDED, Need};
pub use sources::{Considered, Source};

use super::{Question, Situation, Snapshot};
use crate::{
    decision::Decision,
    holder::Holder,
    people::Standing,
    policy::{self, Effect, Entity, Policy, micros},
    question::{Context, Target},
};
use keystead_domain::{OrganizationId, RoleId, TeamId, Timestamp, UserLevelId};

/// A role that the subject holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSeen {
    /// The role.
    pub role: RoleId,
    /// Its name.
    pub name: String,
    /// Whether it is held at the time of the question.
    pub in_time: bool,
}

/// What is known of the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectSeen {
    /// Whom it stands for; none for a subject that only rules know.
    pub holder: Option<Holder>,
    /// How it stands to the organization.
    pub standing: Standing,
    /// Whether it is an administrator of the platform.
    pub is_administrator: bool,
    /// The roles it holds.
    pub roles: Vec<RoleSeen>,
    /// The user levels it has, with their names.
    pub levels: Vec<(UserLevelId, String)>,
    /// The teams it is in.
    pub teams: Vec<TeamId>,
}

/// What is known of the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceSeen {
    /// Whether it is one of Keystead's own.
    pub is_own_kind: bool,
    /// The organization it belongs to.
    pub organization: Option<OrganizationId>,
    /// Who owns it; none when that is not known, or nobody who is known here.
    pub owner: Option<Holder>,
    /// Whether the subject owns it.
    pub owned: policy::Truth,
    /// Whether it is of one of the subject's teams.
    pub of_team: policy::Truth,
}

/// A decision with its reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What [`Snapshot::decide`] says.
    pub decision: Decision,
    /// What is known of the subject.
    pub subject: SubjectSeen,
    /// What is known of the resource.
    pub resource: ResourceSeen,
    /// Everything that is about this action on this kind of resource and that the subject holds or that denies.
    pub considered: Vec<Considered>,
    /// What would have been needed, at most [`MAX_NEEDED`]; nothing when it is allowed.
    pub needed: Vec<Need>,
    /// How many of those are left out.
    pub needed_left_out: usize,
    /// What the platform's rules said; none when they could not be asked.
    pub platform_rules: Option<policy::Explanation>,
    /// What the organization's rules said; none where they have nothing to say: on what is not the organization's.
    pub rules: Option<policy::Explanation>,
}

impl Snapshot {
    /// Why [`Snapshot::decide`] says what it says. Takes time in proportion to the number of rules, and allocates.
    #[must_use]
    pub fn explain(
        &self,
        subject: &Entity<'_>,
        action: &Entity<'_>,
        target: &Target<'_>,
        context: &Context<'_>,
    ) -> Explanation {
        let (situation, resource) = (self.situation(subject, target), &target.entity);
        let question = Question { subject, action, resource, context };
        let decision = self.decide_in(&situation, &question);
        let (mut considered, mut platform_rules, mut rules) = (Vec::new(), None, None);
        if let Some(at) = context.at {
            let explanation = self.ask_platform(&situation, &question, at, Policy::explain);
            considered.push(Considered::rules(Source::PlatformRules, &explanation.verdict, &situation));
            platform_rules = Some(explanation);
            self.consider_administrator(&situation, at, &mut considered);
            self.consider_modules(&situation, resource, &mut considered);
            if situation.is_inside() {
                let explanation = self.ask_organization(&question, at, Policy::explain);
                let mut said = Considered::rules(Source::Rules, &explanation.verdict, &situation);
                if said.effect == Effect::Allow && !situation.is_admitted() {
                    said.effect = Effect::Abstain;
                }
                if self.is_shut(&situation, resource.kind) {
                    // What they deny is not known, so they deny it.
                    (said.effect, said.cause) = (Effect::Deny, None);
                }
                considered.push(said);
                rules = Some(explanation);
            }
            self.consider_levels(&situation, action.id, &mut considered);
            self.consider_everyone(&situation, resource.kind, action.id, &mut considered);
            self.consider_roles(&situation, resource.kind, action.id, at, &mut considered);
        }
        let mut needed =
            if decision.allowed { Vec::new() } else { self.needs(&situation, resource, action.id, &considered) };
        let needed_left_out = needed.len().saturating_sub(MAX_NEEDED);
        needed.truncate(MAX_NEEDED);
        Explanation {
            decision,
            subject: self.see(&situation, context.at),
            resource: ResourceSeen {
                is_own_kind: situation.is_own_kind,
                organization: situation.organization,
                owner: situation.owner(),
                owned: situation.owns(),
                of_team: situation.in_team(),
            },
            considered,
            needed,
            needed_left_out,
            platform_rules,
            rules,
        }
    }

    fn see(&self, situation: &Situation<'_>, at: Option<Timestamp>) -> SubjectSeen {
        let now = at.map(micros);
        let mut seen = SubjectSeen {
            holder: situation.holder,
            standing: situation.standing,
            is_administrator: !situation.is_closed
                && now.is_some_and(|now| self.platform.is_administrator(situation.holder, now)),
            roles: Vec::new(),
            levels: Vec::new(),
            teams: Vec::new(),
        };
        let Some(entry) = situation.entry else { return seen };
        for held in &entry.roles {
            if let Some(role) = self.roles.get(held.slot) {
                let in_time = now.is_some_and(|now| held.window.contains(now));
                seen.roles.push(RoleSeen { role: role.id, name: role.name.to_string(), in_time });
            }
        }
        let levels = entry.levels.iter().filter_map(|held| self.levels.get(held.slot));
        seen.levels = levels.map(|level| (level.id, level.name.to_string())).collect();
        seen.teams = entry.teams.to_vec();
        seen
    }
}
