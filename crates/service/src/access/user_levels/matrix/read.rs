//! Shows the matrix.

use super::super::guard_levels;
use crate::{
    App,
    access::{MOST_MATRIX_LEVELS, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, FeatureId, ModuleId, OrganizationId, Page, PageRequest, Result, UserLevelId, ViewId,
    access::{Action, Feature, FeaturePermission, UserLevel, View, ViewPermission},
};
use std::collections::{BTreeMap, BTreeSet};

/// Which part of the matrix is wanted.
#[derive(Clone, Debug)]
pub struct ReadMatrix {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Which page of levels, of which a page has at most [`MOST_MATRIX_LEVELS`].
    pub page: PageInput,
}

/// A page of the matrix: some levels, and every feature and view that they may speak about.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The levels, in order of their making.
    pub levels: PageOutput<MatrixRow>,
    /// The features that the organization can reach, and those that these levels speak about all the same, in order of
    /// their keys.
    pub features: Vec<MatrixFeature>,
    /// The same for views.
    pub views: Vec<MatrixView>,
}

/// A level and all that it says.
#[derive(Clone, Debug)]
pub struct MatrixRow {
    /// The level.
    pub level: UserLevel,
    /// What it says about features, in order of feature and action.
    pub features: Vec<FeaturePermission>,
    /// What it says about views, in order of the views.
    pub views: Vec<ViewPermission>,
}

/// A feature, as the organization has it.
#[derive(Clone, Debug)]
pub struct MatrixFeature {
    /// The feature.
    pub feature: Feature,
    /// Whether it is active, and in an active module that the organization has: only then counts what levels say.
    pub reachable: bool,
}

/// A view, as the organization has it.
#[derive(Clone, Debug)]
pub struct MatrixView {
    /// The view.
    pub view: View,
    /// Whether it is active, and in an active module that the organization has: only then counts what levels say.
    pub reachable: bool,
}

/// A page of the matrix, in a fixed number of statements.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` on `cursor`.
pub async fn read_access_matrix(app: &App, caller: &Caller, input: ReadMatrix) -> Result<Matrix> {
    let ReadMatrix { organization, page } = input;
    guard_levels(caller, Action::Read, organization)?;
    let paging = Paging::open(app, caller, "GET /access/matrix", &organization, &page)?;
    let limit = paging.request().limit.min(MOST_MATRIX_LEVELS);
    let request = PageRequest { limit, after: paging.request().after.clone() };
    let unit = app.store.read(scope_in(organization, caller)).await?;
    let Page { items: levels, next } = unit.user_levels().list(organization, &request).await?;
    let ids: Vec<UserLevelId> = levels.iter().map(|level| level.id).collect();
    let mut rows: BTreeMap<UserLevelId, (Vec<FeaturePermission>, Vec<ViewPermission>)> = BTreeMap::new();
    for row in unit.feature_permissions().of_levels(organization, &ids).await? {
        rows.entry(row.user_level_id).or_default().0.push(row);
    }
    for row in unit.view_permissions().of_levels(organization, &ids).await? {
        rows.entry(row.user_level_id).or_default().1.push(row);
    }
    let modules = unit.organization_modules().active_modules(organization).await?;
    let modules: BTreeSet<ModuleId> = modules.into_iter().map(|module| module.id).collect();
    let links = unit.catalogue_links().all().await?;
    let linked = links.module_features.iter().filter(|link| modules.contains(&link.module_id));
    let open_features: BTreeSet<FeatureId> = linked.map(|link| link.feature_id).collect();
    let linked = links.module_views.iter().filter(|link| modules.contains(&link.module_id));
    let open_views: BTreeSet<ViewId> = linked.map(|link| link.view_id).collect();
    let said: BTreeSet<FeatureId> = rows.values().flat_map(|(rows, _)| rows.iter().map(|row| row.feature_id)).collect();
    let shown: BTreeSet<ViewId> = rows.values().flat_map(|(_, rows)| rows.iter().map(|row| row.view_id)).collect();
    let features = unit.features().all().await?.into_iter().filter_map(|feature| {
        let reachable = feature.is_active && open_features.contains(&feature.id);
        (reachable || said.contains(&feature.id)).then_some(MatrixFeature { feature, reachable })
    });
    let mut features: Vec<_> = features.collect();
    features.sort_by(|one, other| one.feature.key.cmp(&other.feature.key));
    let views = unit.views().all().await?.into_iter().filter_map(|view| {
        let reachable = view.is_active && open_views.contains(&view.id);
        (reachable || shown.contains(&view.id)).then_some(MatrixView { view, reachable })
    });
    let mut views: Vec<_> = views.collect();
    views.sort_by(|one, other| one.view.key.cmp(&other.view.key));
    let items = levels.into_iter().map(|level| {
        let (features, views) = rows.remove(&level.id).unwrap_or_default();
        MatrixRow { level, features, views }
    });
    let items = items.collect();
    Ok(Matrix { levels: paging.close(app, Page { items, next })?, features, views })
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{feature, level, level_id, on_feature, on_view, view};
    use super::*;
    use crate::testing::{TestApp, member, now, organization};
    use keystead_domain::access::{CatalogueLinks, Module, ModuleFeature, ModuleView};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn module(number: u128) -> ModuleId {
        ModuleId::from_uuid(Uuid::from_u128(0xa000 + number))
    }

    fn sample_module(number: u128) -> Module {
        Module {
            id: module(number),
            key: format!("module-{number}"),
            name: "Module".to_owned(),
            description: None,
            icon: None,
            order_index: 0,
            is_active: true,
            created_at: now(),
            updated_at: now(),
            version: 1,
        }
    }

    fn sample_feature(number: u128, is_active: bool) -> Feature {
        Feature {
            id: feature(number),
            key: format!("feature-{number}"),
            name: "Feature".to_owned(),
            description: None,
            is_active,
            created_at: now(),
            updated_at: now(),
            version: 1,
        }
    }

    fn sample_view(number: u128) -> View {
        View {
            id: view(number),
            key: format!("view-{number}"),
            name: "View".to_owned(),
            description: None,
            path: None,
            icon: None,
            is_active: true,
            created_at: now(),
            updated_at: now(),
            version: 1,
        }
    }

    /// The organization has module 1 with the features 1 and 4 (which is not active) and view 1; module 2 has 2 of each.
    fn unit() -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.access.user_levels.expect_list().returning(|_, request| {
            assert_eq!(request.limit, MOST_MATRIX_LEVELS);
            Ok(Page { items: vec![level(1), level(2)], next: None })
        });
        unit.access.feature_permissions.expect_of_levels().returning(|_, levels| {
            assert_eq!(levels, [level_id(1), level_id(2)]);
            Ok(vec![on_feature(1, 1, "read"), on_feature(1, 2, "read"), on_feature(2, 1, "write")])
        });
        unit.access.view_permissions.expect_of_levels().returning(|_, _| Ok(vec![on_view(2, 2)]));
        unit.access.organization_modules.expect_active_modules().returning(|_| Ok(vec![sample_module(1)]));
        unit.access.catalogue_links.expect_all().returning(|| {
            let features = [(1, 1), (1, 4), (2, 2), (2, 3)];
            let module_features =
                features.map(|(of, what)| ModuleFeature { module_id: module(of), feature_id: feature(what) }).to_vec();
            let module_views =
                [(1, 1), (2, 2), (2, 3)].map(|(of, what)| ModuleView { module_id: module(of), view_id: view(what) });
            Ok(CatalogueLinks { module_features, module_views: module_views.to_vec(), ..CatalogueLinks::default() })
        });
        unit.access.features.expect_all().returning(|| {
            Ok(vec![
                sample_feature(3, true),
                sample_feature(2, true),
                sample_feature(1, true),
                sample_feature(4, false),
            ])
        });
        unit.access.views.expect_all().returning(|| Ok((1..=3).map(sample_view).collect()));
        unit
    }

    #[tokio::test]
    async fn what_can_be_reached_is_shown_and_what_levels_speak_about_all_the_same() {
        let test = TestApp::new();
        test.unit(unit());
        let page = PageInput { limit: Some(200), cursor: None };
        let input = ReadMatrix { organization: organization(1), page };
        let matrix = read_access_matrix(&test.build(), &member(1, 7), input).await.unwrap();
        let features: Vec<_> = matrix.features.iter().map(|one| (one.feature.id, one.reachable)).collect();
        assert_eq!(features, [(feature(1), true), (feature(2), false)]);
        let views: Vec<_> = matrix.views.iter().map(|one| (one.view.id, one.reachable)).collect();
        assert_eq!(views, [(view(1), true), (view(2), false)]);
        let rows: Vec<_> =
            matrix.levels.items.iter().map(|row| (row.level.id, row.features.len(), row.views.len())).collect();
        assert_eq!(rows, [(level_id(1), 2, 0), (level_id(2), 1, 1)]);
    }
}
