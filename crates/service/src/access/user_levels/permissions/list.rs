//! Lists what a user level permits.

use super::super::{guard_level, level};
use crate::{
    App,
    access::scope_in,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, OrganizationId, Page, PageRequest, Result, UserLevelId,
    access::{Action, FeaturePermission, ViewPermission},
};

/// Which permissions of a user level are wanted.
#[derive(Clone, Debug)]
pub struct ListLevelPermissions {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of which level.
    pub level: UserLevelId,
    /// Which page.
    pub page: PageInput,
}

/// What a user level permits on views, in order of the views.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `cursor`.
pub async fn list_view_permissions(
    app: &App,
    caller: &Caller,
    input: ListLevelPermissions,
) -> Result<PageOutput<ViewPermission>> {
    let ListLevelPermissions { organization, level: id, page } = input;
    guard_level(caller, Action::Read, organization, id)?;
    let paging = Paging::open(app, caller, "GET /user-levels/{id}/view-permissions", &(organization, id), &page)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    level(&*unit, organization, id).await?;
    let rows = unit.view_permissions().of_levels(organization, &[id]).await?;
    paging.close(app, cut(rows, paging.request(), |row| row.view_id.to_string()))
}

/// What a user level permits on features, in order of features and actions.
///
/// # Errors
/// As [`list_view_permissions`].
pub async fn list_feature_permissions(
    app: &App,
    caller: &Caller,
    input: ListLevelPermissions,
) -> Result<PageOutput<FeaturePermission>> {
    let ListLevelPermissions { organization, level: id, page } = input;
    guard_level(caller, Action::Read, organization, id)?;
    let paging = Paging::open(app, caller, "GET /user-levels/{id}/feature-permissions", &(organization, id), &page)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    level(&*unit, organization, id).await?;
    let rows = unit.feature_permissions().of_levels(organization, &[id]).await?;
    paging.close(app, cut(rows, paging.request(), |row| format!("{} {}", row.feature_id, row.action)))
}

/// The page of `rows`, of which a level has few, in order of their keys.
fn cut<T>(mut rows: Vec<T>, request: &PageRequest, key: impl Fn(&T) -> String) -> Page<T> {
    rows.sort_by_cached_key(&key);
    if let Some(after) = &request.after {
        rows.retain(|row| key(row) > *after);
    }
    Page::cut(rows, request.limit, key)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{level, level_id, manager, on_feature};
    use super::*;
    use crate::testing::{TestApp, organization};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    fn unit() -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.access.user_levels.expect_find().returning(|_, id| Ok((id == level_id(1)).then(|| level(1))));
        unit.access
            .feature_permissions
            .expect_of_levels()
            .returning(|_, _| Ok(vec![on_feature(1, 1, "read"), on_feature(1, 1, "write"), on_feature(1, 2, "read")]));
        unit
    }

    #[tokio::test]
    async fn pages_follow_each_other_without_gap_or_repetition() {
        let test = TestApp::new();
        for _ in 0..3 {
            test.unit(unit());
        }
        let (app, caller, mut found, mut cursor) = (test.build(), manager(), Vec::new(), None);
        for _ in 0..3 {
            let page = PageInput { limit: Some(1), cursor: cursor.take() };
            let input = ListLevelPermissions { organization: organization(1), level: level_id(1), page };
            let page = list_feature_permissions(&app, &caller, input).await.unwrap();
            found.extend(page.items);
            cursor = page.next_cursor;
        }
        assert_eq!(found, [on_feature(1, 1, "read"), on_feature(1, 1, "write"), on_feature(1, 2, "read")]);
        assert_eq!(cursor, None);
    }

    #[tokio::test]
    async fn a_level_that_is_not_there_has_no_list() {
        let test = TestApp::new();
        test.unit(unit());
        let input =
            ListLevelPermissions { organization: organization(1), level: level_id(2), page: PageInput::default() };
        let error = list_feature_permissions(&test.build(), &manager(), input).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
}
