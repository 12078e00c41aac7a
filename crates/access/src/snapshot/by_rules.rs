//! What is asked of the rules of the platform and of the organization. Allocates nothing.

use super::{
    Question, Situation, Snapshot,
    layers::{Layers, Stored},
};
use crate::policy::{Entity, Policy, Request};
use keystead_domain::Timestamp;
use uuid::fmt::Hyphenated;

impl Snapshot {
    /// Asks the platform's rules. Their domain is the organization that the resource belongs to, whatever domain the
    /// question names, and their matcher is `m`.
    pub(super) fn ask_platform<T>(
        &self,
        situation: &Situation<'_>,
        question: &Question<'_>,
        at: Timestamp,
        ask: impl FnOnce(&Policy, &Request<'_>) -> T,
    ) -> T {
        let mut text = [0; Hyphenated::LENGTH];
        let domain: Option<&str> = match situation.organization {
            Some(id) if id == self.organization => Some(&self.domain),
            Some(id) => Some(id.as_uuid().hyphenated().encode_lower(&mut text)),
            None => None,
        };
        // What the platform has stored wins. What the organization has stored, and what its askers send, counts for its
        // own resources only.
        let by_platform = |entity| Stored::new(&self.platform.entities.rows, entity);
        let by_organization = |entity| Stored::new(&self.entities.rows, entity);
        let (subject, resource) = (question.subject, question.resource);
        let (above_subject, above_resource) = (by_platform(subject), by_platform(resource));
        let (stored_subject, stored_resource) = (by_organization(subject), by_organization(resource));
        let told = |above, sent, stored| {
            if situation.is_inside() { Layers([above, sent, stored]) } else { Layers([above, None, None]) }
        };
        let told_subject = told(Some(&above_subject), Some(subject.properties), Some(&stored_subject));
        let told_resource = told(Some(&above_resource), Some(resource.properties), Some(&stored_resource));
        let circumstances = Layers([question.context.properties.filter(|_| situation.is_inside()), None, None]);
        let request = Request {
            subject: Entity { properties: &told_subject, ..*subject },
            resource: Entity { properties: &told_resource, ..*resource },
            action: Entity { properties: &(), ..*question.action },
            domain,
            context: &circumstances,
            now: at,
            matcher: 1,
        };
        ask(&self.platform.policy, &request)
    }

    /// Asks the organization's rules.
    pub(super) fn ask_organization<T>(
        &self,
        question: &Question<'_>,
        at: Timestamp,
        ask: impl FnOnce(&Policy, &Request<'_>) -> T,
    ) -> T {
        // What is sent wins over what is stored.
        let (subject, resource) = (question.subject, question.resource);
        let stored = [subject, resource].map(|entity| Stored::new(&self.entities.rows, entity));
        let told_subject = Layers([Some(subject.properties), Some(&stored[0]), None]);
        let told_resource = Layers([Some(resource.properties), Some(&stored[1]), None]);
        let circumstances = Layers([question.context.properties, None, None]);
        let request = Request {
            subject: Entity { properties: &told_subject, ..*subject },
            resource: Entity { properties: &told_resource, ..*resource },
            action: *question.action,
            domain: question.context.domain.or(Some(&self.domain)),
            context: &circumstances,
            now: at,
            matcher: question.context.matcher.unwrap_or(1),
        };
        ask(&self.policy, &request)
    }
}
