//! Whose a resource is.

use crate::{
    holder::{Holder, canonical},
    people::{Entry, People},
    policy::{Attribute, Properties, Truth},
};
use keystead_domain::{OrganizationId, TeamId, UserId};

/// Whose one of Keystead's own resources is. What is none is not known, and reached by nothing that asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whose {
    /// The organization it belongs to.
    pub organization: Option<OrganizationId>,
    /// The person who owns it.
    pub owner: Option<UserId>,
    /// The team it belongs to.
    pub team: Option<TeamId>,
}

/// The property of a product's resource that names its owner: `user:<identifier>`, or the bare identifier of a person.
pub(crate) const OWNER: &str = "owner";
/// The property of a product's resource that names its team, by its identifier.
pub(crate) const TEAM: &str = "team";

/// One of several, not known, or something that is known to be none of those there are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told<T> {
    Unknown,
    Other,
    This(T),
}

impl<T> From<Option<T>> for Told<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::This)
    }
}

/// Whose a resource is, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Belonging {
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) owner: Told<Holder>,
    pub(crate) team: Told<TeamId>,
}

impl From<Whose> for Belonging {
    fn from(whose: Whose) -> Self {
        let owner = whose.owner.map(Holder::User).into();
        Self { organization: whose.organization, owner, team: whose.team.into() }
    }
}

impl Belonging {
    /// A product's resource in `organization`: its properties say whose it is there.
    pub(crate) fn told(organization: OrganizationId, properties: &dyn Properties) -> Self {
        // Of a type that does not fit nothing is known.
        let text = |name: &str| match properties.get(name) {
            Some(Attribute::Text(text)) => Some(text),
            _ => None,
        };
        let owner = text(OWNER).map_or(Told::Unknown, |text| Holder::parse(text).map_or(Told::Other, Told::This));
        let team =
            text(TEAM).map_or(Told::Unknown, |text| canonical(text).map_or(Told::Other, |id| Told::This(id.into())));
        Self { organization: Some(organization), owner, team }
    }

    /// Whether `holder` owns it.
    pub(crate) fn is_own(&self, holder: Option<Holder>) -> Truth {
        match self.owner {
            Told::Unknown => Truth::Unknown,
            Told::Other => Truth::False,
            Told::This(owner) => Truth::from(holder == Some(owner)),
        }
    }

    /// Whether it is one of the teams' in which somebody is: the team's, owned by a member of it, or their own.
    /// Either of team and owner suffices to say that it is not.
    pub(crate) fn is_of_team(&self, entry: Option<&Entry>, people: &People) -> Truth {
        let Some(entry) = entry else { return Truth::False };
        let by_team = match self.team {
            Told::Unknown => Truth::Unknown,
            Told::Other => Truth::False,
            Told::This(team) => Truth::from(entry.is_in(team)),
        };
        let by_owner = match self.owner {
            Told::Unknown => Truth::Unknown,
            Told::Other => Truth::False,
            Told::This(owner) => {
                let shares = || people.find(owner).is_some_and(|owner| owner.shares_team(entry));
                Truth::from(owner == entry.holder || shares())
            }
        };
        match (by_team, by_owner) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            _ => Truth::Unknown,
        }
    }
}
