//! What is asked of the rules of the platform and of the organization. Allocates nothing.

use super::{Question, Situation, Snapshot, layers::Layers};
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
        let domain: Option<&str> = match situation.belonging.organization {
            Some(id) if id == self.organization => Some(&self.domain),
            Some(id) => Some(id.as_uuid().hyphenated().encode_lower(&mut text)),
            None => None,
        };
        let [subject, resource] = situation.seen_by_platform(question.subject, question.resource);
        let circumstances = Layers([question.context.properties.filter(|_| situation.is_inside), None, None]);
        let request = Request {
            subject: Entity { properties: &subject, ..*question.subject },
            resource: Entity { properties: &resource, ..*question.resource },
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
        situation: &Situation<'_>,
        question: &Question<'_>,
        at: Timestamp,
        ask: impl FnOnce(&Policy, &Request<'_>) -> T,
    ) -> T {
        let [subject, resource] = situation.seen(question.subject, question.resource);
        let circumstances = Layers([question.context.properties, None, None]);
        let request = Request {
            subject: Entity { properties: &subject, ..*question.subject },
            resource: Entity { properties: &resource, ..*question.resource },
            action: *question.action,
            domain: question.context.domain.or(Some(&self.domain)),
            context: &circumstances,
            now: at,
            matcher: question.context.matcher.unwrap_or(1),
        };
        ask(&self.policy, &request)
    }
}
