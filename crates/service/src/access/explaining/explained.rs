//! An explanation, with names in the place of identifiers alone.

use super::{
    rules::RulesSaid,
    source::{Considered, Needed, truth},
};
use crate::access::effective::Why;
use keystead_access::{
    Holder,
    people::Standing,
    snapshot::{self, Snapshot},
};
use keystead_domain::{OrganizationId, RoleId, TeamId, UserLevelId};

/// How much of it the caller is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// What the organization's rules say in detail, and who owns the resource.
    pub(super) whole: bool,
    /// What the platform's rules say in detail.
    pub(super) platform: bool,
}

/// What is known of the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectSeen {
    /// How it stands to the organization: `member`, `suspended` or `stranger`.
    pub standing: &'static str,
    /// Whether it is an administrator of the platform.
    pub is_administrator: bool,
    /// The roles that it holds, and whether each is held at the time of the question.
    pub roles: Vec<(RoleId, String, bool)>,
    /// The user levels that it has.
    pub levels: Vec<(UserLevelId, String)>,
    /// The teams that it is in.
    pub teams: Vec<TeamId>,
}

/// What is known of the resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceSeen {
    /// Whether it is one of Keystead's own, about which rules can only deny.
    pub is_own_kind: bool,
    /// The organization that it belongs to, where that is known.
    pub organization: Option<OrganizationId>,
    /// Who owns it; none when that is not known or not shown.
    pub owner: Option<Holder>,
    /// Whether the subject owns it: `yes`, `no` or `unknown`.
    pub owned: &'static str,
    /// Whether it is of one of the subject's teams: `yes`, `no` or `unknown`.
    pub of_team: &'static str,
}

/// A decision with its reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// What was decided, and by what.
    pub why: Why,
    /// The access version of the organization that decided.
    pub access_version: i64,
    /// The access version of the platform that decided.
    pub platform_version: i64,
    /// What is known of the subject.
    pub subject: SubjectSeen,
    /// What is known of the resource.
    pub resource: ResourceSeen,
    /// Everything that is about this action on this kind of resource, and that the subject holds or that denies.
    pub considered: Vec<Considered>,
    /// What would have been needed; nothing when it is allowed.
    pub needed: Vec<Needed>,
    /// How many of those are left out.
    pub needed_left_out: usize,
    /// What the organization's rules said; none where they have nothing to say: on what is not the organization's.
    pub rules: Option<RulesSaid>,
    /// What the platform's rules said; none when they could not be asked.
    pub platform_rules: Option<RulesSaid>,
}

impl Explained {
    pub(super) fn new(snapshot: &Snapshot, explanation: snapshot::Explanation, shown: Shown) -> Self {
        let snapshot::Explanation { decision, subject, resource, considered, needed, .. } = explanation;
        Self {
            why: Why::new(snapshot, &decision),
            access_version: decision.version.organization,
            platform_version: decision.version.platform,
            subject: SubjectSeen {
                standing: match subject.standing {
                    Standing::Active => "member",
                    Standing::Suspended => "suspended",
                    Standing::Stranger => "stranger",
                },
                is_administrator: subject.is_administrator,
                roles: subject.roles.into_iter().map(|role| (role.role, role.name, role.in_time)).collect(),
                levels: subject.levels,
                teams: subject.teams,
            },
            resource: ResourceSeen {
                is_own_kind: resource.is_own_kind,
                organization: resource.organization,
                owner: resource.owner.filter(|_| shown.whole),
                owned: truth(resource.owned),
                of_team: truth(resource.of_team),
            },
            considered: considered.iter().map(|said| Considered::new(snapshot, said)).collect(),
            needed: needed.iter().map(|need| Needed::new(snapshot, need)).collect(),
            needed_left_out: explanation.needed_left_out,
            rules: explanation.rules.map(|said| RulesSaid::new(said, shown.whole)),
            platform_rules: explanation.platform_rules.map(|said| RulesSaid::new(said, shown.whole && shown.platform)),
        }
    }
}
