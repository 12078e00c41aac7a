//! Every use case of organizations, roles, audit events and jobs refuses strangers, and does so before it opens a
//! transaction: none is prepared here unless a test says so, and opening one would be an error of another kind.

use crate::{
    App,
    access::{
        effective::*,
        explaining::{Asked, explain},
        permissions::*,
        policy::{entities::*, model::*, rules::*},
        previewing::{PreviewChanges, evaluator_after, preview},
        roles::*,
        set::{AccessSet, ImportAccessSet, export_access_set, import_access_set},
    },
    accounts::{UpdateMe, update_me},
    audit::{ListAuditEvents, get_audit_event, list_audit_events},
    jobs::{ListJobs, ListSchedules, cancel_job, get_job, list_jobs, list_schedules, retry_job},
    navigation::*,
    organizations::{invitations::*, members::*, modules::*, teams::*, *},
    paging::PageInput,
    passwords::{ChangePassword, change_password},
    service_accounts::{keys::*, *},
    sessions::{ListSessions, end_other_sessions, end_session, list_sessions, switch_organization},
    testing::{TestApp, administrator, anonymous, member, organization, service_account, session, user},
};
use keystead_domain::{
    Caller, Error, ErrorKind, OrganizationId, Result,
    access::RuleFilter,
    organizations::MembershipStatus::{Active, Suspended},
};
use keystead_store::mocks::MockUnitOfWork;
use secrecy::SecretString;
use uuid::Uuid;

/// Runs each use case and collects its name with the error.
macro_rules! errors {
    ($($name:ident $(::<$of:ty>)? ($($argument:expr),* $(,)?)),* $(,)?) => {
        vec![$((stringify!($name), failed($name $(::<$of>)? ($($argument),*).await))),*]
    };
}

mod catalogue;
mod user_levels;

fn failed<T>(outcome: Result<T>) -> Error {
    match outcome {
        Ok(_) => Error::invalid("outcome", "it was done"),
        Err(error) => error,
    }
}

fn document() -> EntityName {
    EntityName { kind: "document".to_owned(), id: "d1".to_owned() }
}

/// What only members of `organization` do there: reads, then changes.
async fn reads(app: &App, caller: &Caller, organization: OrganizationId) -> Vec<(&'static str, Error)> {
    let (id, page) = (Uuid::from_u128(5), PageInput::default);
    let of = Some(organization);
    errors![
        get_organization(app, caller, organization),
        list_members(app, caller, ListMembers { organization, page: page() }),
        get_member(app, caller, organization, user(9)),
        list_invitations(app, caller, ListInvitations { organization, status: None, page: page() }),
        get_invitation(app, caller, organization, id.into()),
        list_organization_modules(app, caller, ListOrganizationModules { organization, page: page() }),
        list_teams(app, caller, ListTeams { organization, page: page() }),
        get_team(app, caller, organization, id.into()),
        list_team_members(app, caller, ListTeamMembers { organization, team: id.into(), page: page() }),
        list_roles(app, caller, ListRoles { organization, page: page() }),
        get_role(app, caller, organization, id.into()),
        role_permissions(app, caller, organization, id.into()),
        list_permissions(app, caller, ListPermissions { organization, page: page() }),
        get_permission(app, caller, organization, id.into()),
        get_model(app, caller, organization),
        export_access_set(app, caller, organization),
        list_rules(app, caller, ListRules { organization, filter: RuleFilter::default(), page: page() }),
        get_rule(app, caller, organization, id.into()),
        export_rules(app, caller, organization),
        list_entities(app, caller, ListEntities { organization, kind: None, page: page() }),
        get_entity(app, caller, organization, document()),
        list_audit_events(app, caller, ListAuditEvents { organization: of, ..ListAuditEvents::default() }),
        get_audit_event(app, caller, of, id.into()),
        list_jobs(app, caller, ListJobs { organization: of, ..ListJobs::default() }),
        get_job(app, caller, of, id.into()),
        list_schedules(app, caller, ListSchedules { organization: of, page: page() }),
        list_service_accounts(app, caller, ListServiceAccounts { organization, page: page() }),
        get_service_account(app, caller, organization, id.into()),
        list_api_keys(app, caller, ListApiKeys { organization, account: id.into(), page: page() }),
        get_api_key(app, caller, organization, id.into(), id.into()),
    ]
}

async fn changes(app: &App, caller: &Caller, organization: OrganizationId) -> Vec<(&'static str, Error)> {
    let (id, version) = (Uuid::from_u128(5), 1);
    let (name, description, permissions) = (|| "name".to_owned(), None::<String>, Vec::<String>::new);
    let of = Some(organization);
    let user = user(9);
    errors![
        update_organization(app, caller, UpdateOrganization { organization, version, name: None, metadata: None }),
        archive_organization(app, caller, ArchiveOrganization { organization, version }),
        add_member(app, caller, AddMember { organization, user, roles: vec![] }),
        set_member_status(app, caller, SetMemberStatus { organization, user, version, status: Suspended }),
        set_member_status(app, caller, SetMemberStatus { organization, user, version, status: Active }),
        set_member_roles(app, caller, SetMemberRoles { organization, user, version, roles: vec![] }),
        remove_member(app, caller, organization, user),
        create_invitation(app, caller, CreateInvitation { organization, email: name(), role: None }, None),
        revoke_invitation(app, caller, RevokeInvitation { organization, invitation: id.into(), version: None }),
        set_organization_module(
            app,
            caller,
            SetOrganizationModule { organization, module: id.into(), is_active: true },
        ),
        replace_organization_modules(app, caller, organization, vec![]),
        remove_organization_module(app, caller, organization, id.into()),
        create_team(app, caller, CreateTeam { organization, name: name(), description: description.clone() }, None),
        update_team(app, caller, UpdateTeam { organization, team: id.into(), version, name: None, description: None }),
        delete_team(app, caller, DeleteTeam { organization, team: id.into(), version }),
        add_team_member(app, caller, organization, id.into(), user),
        remove_team_member(app, caller, organization, id.into(), user),
        create_role(
            app,
            caller,
            CreateRole { organization, name: name(), description: description.clone(), permissions: permissions() },
            None,
        ),
        update_role(app, caller, UpdateRole { organization, role: id.into(), version, name: None, description: None }),
        delete_role(app, caller, DeleteRole { organization, role: id.into(), version }),
        replace_role_permissions(
            app,
            caller,
            ReplaceRolePermissions { organization, role: id.into(), version, permissions: permissions() },
        ),
        create_permission(app, caller, CreatePermission { organization, name: name(), description }, None),
        delete_permission(app, caller, organization, id.into()),
        put_model(app, caller, PutModel { organization, version, text: name() }),
        import_access_set(
            app,
            caller,
            ImportAccessSet { organization, set: AccessSet::default(), others_stay: true, dry_run: true },
        ),
        delete_model(app, caller, DeleteModel { organization, version }),
        create_rules(app, caller, CreateRules { organization, rules: vec![] }, None),
        replace_rules(app, caller, ReplaceRules { organization, rules: vec![] }),
        import_rules(app, caller, ImportRules { organization, text: name() }, None),
        reimport_rules(app, caller, ImportRules { organization, text: name() }),
        update_rule(
            app,
            caller,
            UpdateRule {
                organization,
                rule: id.into(),
                version,
                values: None,
                priority: None,
                not_before: None,
                expires_at: None,
                is_active: None
            },
        ),
        delete_rule(app, caller, DeleteRule { organization, rule: id.into(), version }),
        delete_rules(app, caller, DeleteRules { organization, which: WhichRules::Ids(vec![]) }),
        put_entities(app, caller, PutEntities { organization, entities: vec![] }),
        delete_entity(app, caller, DeleteEntity { organization, name: document(), version }),
        delete_entities(app, caller, DeleteEntities { organization, names: vec![document()] }),
        retry_job(app, caller, of, id.into()),
        cancel_job(app, caller, of, id.into()),
        create_service_account(
            app,
            caller,
            CreateServiceAccount { organization, name: name(), description: None, key: KeyTerms::default() },
            None,
        ),
        update_service_account(
            app,
            caller,
            UpdateServiceAccount {
                organization,
                account: id.into(),
                version,
                name: None,
                description: None,
                is_active: Some(false),
            },
        ),
        delete_service_account(app, caller, DeleteServiceAccount { organization, account: id.into(), version }),
        create_api_key(
            app,
            caller,
            CreateApiKey { organization, account: id.into(), terms: KeyTerms::default() },
            None,
        ),
        rotate_api_key(
            app,
            caller,
            RotateApiKey {
                organization,
                account: id.into(),
                key: id.into(),
                overlap_seconds: None,
                expires_in_days: None,
            },
            None,
        ),
        revoke_api_key(app, caller, organization, id.into(), id.into()),
    ]
}

#[tokio::test]
async fn nobody_is_asked_to_sign_in() {
    let (app, nobody, token) = (TestApp::new().build(), anonymous(), SecretString::from("ksi_"));
    let mut all = reads(&app, &nobody, organization(1)).await;
    all.extend(changes(&app, &nobody, organization(1)).await);
    all.extend(errors![
        list_own_organizations(&app, &nobody, &PageInput::default()),
        list_organizations(&app, &nobody, ListOrganizations::default()),
        leave_organization(&app, &nobody, organization(1)),
        own_permissions(&app, &nobody, ListEffective::default()),
        permissions_of_user(&app, &nobody, user(9), ListEffective::default()),
        explain(&app, &nobody, Asked::default(), None),
        preview(&app, &nobody, PreviewChanges::default()),
        evaluator_after(&app, &nobody, PreviewChanges::default()),
        navigation(&app, &nobody),
        recent_trail(&app, &nobody, None),
        record_trail(&app, &nobody, &[], None),
        clear_trail(&app, &nobody, None),
        accept_invitation(&app, &nobody, &token),
        decline_invitation(&app, &nobody, &token),
    ]);
    for (name, error) in all {
        assert_eq!(error.kind, ErrorKind::Unauthenticated, "{name}: {error:?}");
    }
}

#[tokio::test]
async fn another_organization_does_not_exist() {
    let app = TestApp::new().build();
    for caller in [administrator(organization(2), 7), member(2, 9), everything_as_a_program(2)] {
        let mut all = reads(&app, &caller, organization(1)).await;
        all.extend(changes(&app, &caller, organization(1)).await);
        all.extend(errors![leave_organization(&app, &caller, organization(1))]);
        for (name, error) in all {
            assert_eq!(error.kind, ErrorKind::NotFound, "{name}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_plain_member_changes_nothing() {
    let test = TestApp::new();
    // Of what he may read, he is told only about what there is; so these look, and find nothing.
    let looking = [
        "update_team",
        "delete_team",
        "add_team_member",
        "remove_team_member",
        "update_role",
        "delete_role",
        "replace_role_permissions",
        "delete_permission",
    ];
    for _ in looking {
        let mut unit = MockUnitOfWork::new();
        unit.teams.expect_find().returning(|_, _| Ok(None));
        unit.roles.expect_find().returning(|_, _| Ok(None));
        unit.permissions.expect_find().returning(|_, _| Ok(None));
        test.unit(unit);
    }
    let app = test.build();
    let hidden = [
        "retry_job",
        "cancel_job",
        "revoke_invitation",
        "put_model",
        "import_access_set",
        "delete_model",
        "create_rules",
        "replace_rules",
        "import_rules",
        "reimport_rules",
        "update_rule",
        "delete_rule",
        "delete_rules",
        "put_entities",
        "delete_entity",
        "delete_entities",
        "create_service_account",
        "update_service_account",
        "delete_service_account",
        "create_api_key",
        "rotate_api_key",
        "revoke_api_key",
    ];
    for (name, error) in changes(&app, &member(1, 7), organization(1)).await {
        let is_hidden = hidden.contains(&name) || looking.contains(&name);
        let expected = if is_hidden { ErrorKind::NotFound } else { ErrorKind::Forbidden };
        assert_eq!(error.kind, expected, "{name}: {error:?}");
    }
}

/// A service account of organization `place` whose key permits all that an administrator may do there.
fn everything_as_a_program(place: u128) -> Caller {
    let names =
        administrator(organization(place), 7).grants[0].permissions.iter().map(|p| p.name()).collect::<Vec<_>>();
    service_account(place, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test]
async fn a_key_without_scopes_opens_nothing() {
    let (app, program) = (TestApp::new().build(), service_account(1, &[]));
    let mut all = reads(&app, &program, organization(1)).await;
    all.extend(changes(&app, &program, organization(1)).await);
    all.extend(errors![
        explain(&app, &program, Asked::default(), None),
        preview(&app, &program, PreviewChanges::default()),
        evaluator_after(&app, &program, PreviewChanges::default()),
    ]);
    for (name, error) in all {
        assert_eq!(error.kind, ErrorKind::NotFound, "{name}: {error:?}");
    }
}

#[tokio::test]
async fn a_service_account_is_no_person() {
    let (app, program, token) = (TestApp::new().build(), everything_as_a_program(1), SecretString::from("ksi_"));
    let invitation = CreateInvitation { organization: organization(1), email: "a@example.org".to_owned(), role: None };
    let founding = CreateOrganization { name: "Engines".to_owned(), metadata: None, administrator: None };
    let change = ChangePassword { current_password: "one".to_owned(), new_password: "other".to_owned() };
    let own = |user| ListSessions { user, page: PageInput::default() };
    let all = errors![
        list_own_organizations(&app, &program, &PageInput::default()),
        leave_organization(&app, &program, organization(1)),
        accept_invitation(&app, &program, &token),
        decline_invitation(&app, &program, &token),
        create_invitation(&app, &program, invitation, None),
        create_organization(&app, &program, founding, None),
        update_me(&app, &program, UpdateMe::default()),
        change_password(&app, &program, change),
        list_sessions(&app, &program, own(None)),
        end_session(&app, &program, session(7)),
        end_other_sessions(&app, &program),
        switch_organization(&app, &program, organization(1)),
    ];
    for (name, error) in all {
        assert_eq!((error.kind, error.code), (ErrorKind::Forbidden, "for_people_only"), "{name}: {error:?}");
    }
    // Nor does it add people who are not asked, which is the operator's.
    let input = AddMember { organization: organization(1), user: user(9), roles: vec![] };
    assert_eq!(failed(add_member(&app, &program, input).await).kind, ErrorKind::Forbidden);
}
