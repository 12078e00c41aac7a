//! Makes a team.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    audit::{self, Event, changes},
    idempotency::{OnceKey, Start, once},
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action, bounded, optional_bounded, organizations::Team};

/// What a new team needs.
#[derive(Clone, Debug)]
pub struct CreateTeam {
    /// Whose it becomes.
    pub organization: OrganizationId,
    /// Its name, up to 255 characters, unique in the organization.
    pub name: String,
    /// What it is for, up to 2000 characters.
    pub description: Option<String>,
}

/// Makes a team, with nobody in it yet.
///
/// # Errors
/// As [`guard`]; `Invalid` on `name` or `description`; `Conflict` with code `team_name_taken`; as [`once`].
pub async fn create_team(app: &App, caller: &Caller, input: CreateTeam, key: Option<OnceKey>) -> Result<Team> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Create, &Resource::all("teams", organization))?;
    let now = app.now();
    let team = Team {
        id: app.ids.next(),
        organization_id: organization,
        name: bounded("name", &input.name, 255)?,
        description: optional_bounded("description", input.description.as_deref(), 2000)?,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let work = match once(app, caller, scope_in(organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(team) => return Ok(team),
    };
    work.teams().insert(&team).await?;
    let event = Event::new(caller, "team.created", "teams").resource(team.id).changed(changes(&(), &team)?);
    audit::append(&*work, app, organization, vec![event]).await?;
    work.finish(team).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, member, organization};
    use keystead_domain::{ErrorKind, Json, Scope};
    use keystead_store::{
        Claim,
        mocks::{MockUnitOfWork, Step},
    };

    fn input() -> CreateTeam {
        CreateTeam { organization: organization(1), name: " Blue ".to_owned(), description: None }
    }

    #[tokio::test]
    async fn an_administrator_makes_a_team() {
        let (test, trail, caller) = (TestApp::new(), Trail::default(), administrator(organization(1), 7));
        let mut unit = MockUnitOfWork::new();
        unit.teams.expect_insert().once().returning(|_| Ok(()));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let team = create_team(&test.build(), &caller, input(), None).await.unwrap();
        assert_eq!(team.name, "Blue");
        assert_eq!(trail.only().event_type, "team.created");
        let scope = Scope::person(organization(1), caller.user_id.unwrap());
        assert_eq!(journal.steps(), [Step::Begin(scope), Step::Commit]);
    }

    #[tokio::test]
    async fn a_repeated_request_gets_the_same_team() {
        let (test, caller, trail) = (TestApp::new(), administrator(organization(1), 7), Trail::default());
        let (mut first, mut second) = (MockUnitOfWork::new(), MockUnitOfWork::new());
        first.idempotency.expect_claim().returning(|_| Ok(Claim::First));
        first.teams.expect_insert().once().returning(|_| Ok(()));
        trail.record(&mut first);
        let kept = std::sync::Arc::new(std::sync::Mutex::new(None::<(Vec<u8>, Json)>));
        let (keep, give) = (kept.clone(), kept);
        first.idempotency.expect_finish().returning(move |key, answer| {
            *keep.lock().unwrap() = answer.map(|answer| (key.body_hash.clone(), answer));
            Ok(())
        });
        second.idempotency.expect_claim().returning(move |_| {
            let (body_hash, answer) = give.lock().unwrap().clone().unwrap();
            Ok(Claim::Answered { body_hash, answer: Some(answer) })
        });
        test.unit(first).unit(second);
        let app = test.build();
        let key = OnceKey::new(&app, "POST /teams", "key", b"body").unwrap();
        let made = create_team(&app, &caller, input(), Some(key.clone())).await.unwrap();
        assert_eq!(create_team(&app, &caller, input(), Some(key)).await.unwrap(), made);
    }

    #[tokio::test]
    async fn others_do_not() {
        let app = TestApp::new().build();
        for (caller, kind) in
            [(administrator(organization(2), 7), ErrorKind::NotFound), (member(1, 7), ErrorKind::Forbidden)]
        {
            assert_eq!(create_team(&app, &caller, input(), None).await.unwrap_err().kind, kind);
        }
    }
}
