//! Everything that decides, read for whoever decides.

use super::{
    catalogue::{feature, module, view},
    level_feature_permissions::feature_permission,
    level_view_permissions::view_permission,
    memberships::membership,
    menus::{item, sub_item},
    organizations::organization as organization_row,
    permissions::permission,
    policy_entities::entity,
    policy_models::policy_model,
    roles::role,
    service_accounts::account,
    teams::team,
    time,
    user_levels::{level, organization_module},
};
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::{
        casbin_rules, feature_views, features, memberships, menu_items, module_features, module_views, modules,
        organization_modules, organizations, permissions, policy_entities, policy_models, role_permissions, roles,
        service_accounts, sub_menu_items, team_members, teams, user_level_feature_permissions,
        user_level_view_permissions, user_levels, user_roles, user_user_levels, users, views,
    },
};
use async_trait::async_trait;
use keystead_domain::{
    OrganizationId, PLATFORM, Result, UserId,
    access::{
        AccessDelta, AccessSnapshot, AccessTable, AccessVersions, ActiveRule, Catalogue, CatalogueLinks, FeatureView,
        ModuleFeature, ModuleView, OrganizationRows, PlatformRows, PolicyRows, SnapshotChange, Touched, Wanted,
    },
    accounts::UserStatus,
};
use keystead_store::{AccessChangeRepository, AccessSnapshotRepository};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select,
};
use sea_orm::{ConnectionTrait, prelude::DateTimeUtc};

/// The rows that are wanted, in the order of these columns; none without a statement where none are wanted.
macro_rules! rows {
    ($unit:ident, $wanted:expr, $table:ident, $query:expr, $key:ident, [$($order:ident),+]) => {{
        let query = $query$(.order_by_asc($table::Column::$order))+;
        match $unit.only(query, $table::Column::$key, $wanted) {
            Some(query) => $unit.many(query).await?,
            None => Vec::new(),
        }
    }};
}

impl SqlUnitOfWork {
    /// The query for what is wanted.
    fn only<E: EntityTrait>(&self, query: Select<E>, key: E::Column, wanted: Wanted<'_>) -> Option<Select<E>> {
        match wanted {
            Wanted::Nothing => None,
            Wanted::All => Some(query),
            Wanted::Keys(keys) => Some(query.filter(key.is_in(keys.iter().copied()))),
        }
    }

    /// Rows of one organization, which may be the platform where others inherit them.
    fn inherited_from(&self, column: impl ColumnTrait, owner: OrganizationId, seen_from: OrganizationId) -> Condition {
        self.of_organization_or_platform(column, seen_from).add(column.eq(owner.as_uuid()))
    }

    async fn policy_rows(&self, from: OrganizationId, owner: OrganizationId, wanted: &Touched) -> Result<PolicyRows> {
        let own = |column| self.inherited_from(column, owner, from);
        let on_roles = wanted.wanted(AccessTable::Roles);
        let query = roles::Entity::find().filter(own(roles::Column::OrganizationId));
        let role_rows = rows!(self, on_roles, roles, query, Id, [Id]);
        let own = |column| self.inherited_from(column, owner, from);
        let query = role_permissions::Entity::find().filter(own(role_permissions::Column::OrganizationId));
        let links = rows!(self, on_roles, role_permissions, query, RoleId, [RoleId, PermissionId]);
        let own = |column| self.inherited_from(column, owner, from);
        let query = permissions::Entity::find().filter(own(permissions::Column::OrganizationId));
        let permission_rows = rows!(self, wanted.wanted(AccessTable::Permissions), permissions, query, Id, [Id]);
        let own = |column| self.inherited_from(column, owner, from);
        let query = policy_models::Entity::find().filter(own(policy_models::Column::OrganizationId));
        let models = match wanted.wanted(AccessTable::PolicyModels) {
            Wanted::Nothing => None,
            // There is one at the most, and a key is no reason not to look.
            Wanted::All | Wanted::Keys(_) => self.one(query).await?,
        };
        Ok(PolicyRows {
            roles: role_rows.into_iter().map(role).collect(),
            permissions: permission_rows.into_iter().map(permission).collect::<Result<_>>()?,
            role_permissions: links.into_iter().map(|row| (row.role_id.into(), row.permission_id.into())).collect(),
            rules: self.active_rules(from, owner, wanted.wanted(AccessTable::CasbinRules)).await?,
            model: models.map(policy_model),
        })
    }

    /// There may be very many, so that only what is needed of each is read.
    async fn active_rules(
        &self,
        from: OrganizationId,
        owner: OrganizationId,
        wanted: Wanted<'_>,
    ) -> Result<Vec<ActiveRule>> {
        use casbin_rules::{Column, Entity};
        let query = Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::Ptype,
                Column::V0,
                Column::V1,
                Column::V2,
                Column::V3,
                Column::V4,
                Column::V5,
                Column::Priority,
                Column::NotBefore,
                Column::ExpiresAt,
            ])
            .filter(self.inherited_from(Column::OrganizationId, owner, from))
            .filter(Column::IsActive.eq(true))
            .order_by_asc(Column::Id);
        let Some(query) = self.only(query, Column::Id, wanted) else { return Ok(Vec::new()) };
        let rows = self.connection().query_all(&query.into_query()).await.map_err(store_error)?;
        rows.iter().map(|row| active_rule(row).map_err(store_error)).collect()
    }

    async fn organization_rows(&self, own: OrganizationId, wanted: &Touched) -> Result<OrganizationRows> {
        let mut rows = self.people_rows(own, wanted).await?;
        let of = |column| self.of_organization(column, own);
        let query = organization_modules::Entity::find().filter(of(organization_modules::Column::OrganizationId));
        let on_modules = wanted.wanted(AccessTable::OrganizationModules);
        let held = rows!(self, on_modules, organization_modules, query, ModuleId, [ModuleId]);
        rows.modules = held.into_iter().map(organization_module).collect();
        let on_levels = wanted.wanted(AccessTable::UserLevels);
        let of = |column| self.of_organization(column, own);
        let query = user_levels::Entity::find().filter(of(user_levels::Column::OrganizationId));
        let found = rows!(self, on_levels, user_levels, query, Id, [Id]);
        rows.levels = found.into_iter().map(level).collect();
        {
            use user_level_view_permissions as on_views;
            let query = on_views::Entity::find().filter(self.of_organization(on_views::Column::OrganizationId, own));
            let found = rows!(self, on_levels, on_views, query, UserLevelId, [UserLevelId, ViewId]);
            rows.view_permissions = found.into_iter().map(view_permission).collect::<Result<_>>()?;
        }
        {
            use user_level_feature_permissions as on_features;
            let query =
                on_features::Entity::find().filter(self.of_organization(on_features::Column::OrganizationId, own));
            let found = rows!(self, on_levels, on_features, query, UserLevelId, [UserLevelId, FeatureId, Action]);
            rows.feature_permissions = found.into_iter().map(feature_permission).collect::<Result<_>>()?;
        }
        let query =
            policy_entities::Entity::find().filter(self.of_organization(policy_entities::Column::OrganizationId, own));
        let found = rows!(self, wanted.wanted(AccessTable::PolicyEntities), policy_entities, query, Id, [Id]);
        rows.entities = found.into_iter().map(entity).collect();
        let query = service_accounts::Entity::find()
            .filter(self.of_organization(service_accounts::Column::OrganizationId, own));
        let found = rows!(self, wanted.wanted(AccessTable::ServiceAccounts), service_accounts, query, Id, [Id]);
        rows.service_accounts = found.into_iter().map(account).collect();
        rows.closed_accounts = self.closed_accounts(own, wanted.wanted(AccessTable::Users)).await?;
        Ok(rows)
    }

    /// Whose account is not active: of the platform, which has all of them.
    async fn closed_accounts(&self, own: OrganizationId, wanted: Wanted<'_>) -> Result<Vec<UserId>> {
        if own != PLATFORM || !self.sees_all(own) {
            return Ok(Vec::new());
        }
        let closed = UserStatus::ALL.iter().filter(|status| **status != UserStatus::Active);
        let query = users::Entity::find()
            .select_only()
            .column(users::Column::Id)
            .filter(users::Column::Status.is_in(closed.map(|status| status.as_str())))
            .order_by_asc(users::Column::Id);
        let Some(query) = self.only(query, users::Column::Id, wanted) else { return Ok(Vec::new()) };
        let ids: Vec<uuid::Uuid> = query.into_tuple().all(self.connection()).await.map_err(store_error)?;
        Ok(ids.into_iter().map(UserId::from_uuid).collect())
    }

    /// The organization itself, its members, and what they hold.
    async fn people_rows(&self, own: OrganizationId, wanted: &Touched) -> Result<OrganizationRows> {
        let mut rows = OrganizationRows::default();
        if wanted.wanted(AccessTable::Organizations) != Wanted::Nothing {
            let query = organizations::Entity::find_by_id(own.as_uuid())
                .filter(self.of_organization(organizations::Column::Id, own));
            rows.organization = self.one(query).await?.map(organization_row).transpose()?;
        }
        let query = memberships::Entity::find()
            .filter(memberships::Column::OrganizationId.eq(own.as_uuid()))
            .filter(self.of_organization(memberships::Column::OrganizationId, own));
        let found = rows!(self, wanted.wanted(AccessTable::Memberships), memberships, query, UserId, [UserId]);
        rows.memberships = found.into_iter().map(membership).collect::<Result<_>>()?;
        let query = user_roles::Entity::find()
            .filter(user_roles::Column::OrganizationId.eq(own.as_uuid()))
            .filter(self.of_organization(user_roles::Column::OrganizationId, own));
        let found = rows!(self, wanted.wanted(AccessTable::UserRoles), user_roles, query, UserId, [UserId, RoleId]);
        rows.user_roles = found.into_iter().map(|row| (row.user_id.into(), row.role_id.into())).collect();
        let on_teams = wanted.wanted(AccessTable::Teams);
        let query = teams::Entity::find().filter(self.of_organization(teams::Column::OrganizationId, own));
        let found = rows!(self, on_teams, teams, query, Id, [Id]);
        rows.teams = found.into_iter().map(team).collect();
        let query =
            team_members::Entity::find().filter(self.of_organization(team_members::Column::OrganizationId, own));
        let found = rows!(self, on_teams, team_members, query, TeamId, [TeamId, UserId]);
        rows.team_members = found.into_iter().map(|row| (row.team_id.into(), row.user_id.into())).collect();
        let query = user_user_levels::Entity::find()
            .filter(self.of_organization(user_user_levels::Column::OrganizationId, own));
        let on_assignments = wanted.wanted(AccessTable::UserUserLevels);
        let found = rows!(self, on_assignments, user_user_levels, query, UserId, [UserId, UserLevelId]);
        rows.assignments = found.into_iter().map(|row| (row.user_id.into(), row.user_level_id.into())).collect();
        Ok(rows)
    }

    async fn catalogue_rows(&self, wanted: &Touched) -> Result<Catalogue> {
        let on_views = wanted.wanted(AccessTable::Views);
        let on_modules = wanted.wanted(AccessTable::Modules);
        let on_features = wanted.wanted(AccessTable::Features);
        let on_menus = wanted.wanted(AccessTable::MenuItems);
        let found_views = rows!(self, on_views, views, views::Entity::find(), Id, [Id]);
        let found_modules = rows!(self, on_modules, modules, modules::Entity::find(), Id, [Id]);
        let found_features = rows!(self, on_features, features, features::Entity::find(), Id, [Id]);
        let of_features =
            rows!(self, on_features, feature_views, feature_views::Entity::find(), FeatureId, [FeatureId, ViewId]);
        let with_views =
            rows!(self, on_modules, module_views, module_views::Entity::find(), ModuleId, [ModuleId, ViewId]);
        let query = module_features::Entity::find();
        let with_features = rows!(self, on_modules, module_features, query, ModuleId, [ModuleId, FeatureId]);
        let items = rows!(self, on_menus, menu_items, menu_items::Entity::find(), Id, [Id]);
        let query = sub_menu_items::Entity::find();
        let sub_items = rows!(self, on_menus, sub_menu_items, query, MenuItemId, [MenuItemId, Id]);
        let links = CatalogueLinks {
            feature_views: of_features
                .into_iter()
                .map(|row| FeatureView { feature_id: row.feature_id.into(), view_id: row.view_id.into() })
                .collect(),
            module_views: with_views
                .into_iter()
                .map(|row| ModuleView { module_id: row.module_id.into(), view_id: row.view_id.into() })
                .collect(),
            module_features: with_features
                .into_iter()
                .map(|row| ModuleFeature { module_id: row.module_id.into(), feature_id: row.feature_id.into() })
                .collect(),
        };
        Ok(Catalogue {
            views: found_views.into_iter().map(view).collect(),
            modules: found_modules.into_iter().map(module).collect(),
            features: found_features.into_iter().map(feature).collect(),
            links,
            menu_items: items.into_iter().map(item).collect(),
            sub_menu_items: sub_items.into_iter().map(sub_item).collect(),
        })
    }

    async fn platform_rows(&self, from: OrganizationId, wanted: &Touched) -> Result<PlatformRows> {
        Ok(PlatformRows {
            policy: self.policy_rows(from, PLATFORM, wanted).await?,
            catalogue: self.catalogue_rows(wanted).await?,
        })
    }
}

fn active_rule(row: &QueryResult) -> Result<ActiveRule, sea_orm::DbErr> {
    let at = |column| Ok::<_, sea_orm::DbErr>(row.try_get_by_index::<Option<DateTimeUtc>>(column)?.map(time));
    Ok(ActiveRule {
        id: row.try_get_by_index::<uuid::Uuid>(0)?.into(),
        ptype: row.try_get_by_index(1)?,
        values: [
            row.try_get_by_index(2)?,
            row.try_get_by_index(3)?,
            row.try_get_by_index(4)?,
            row.try_get_by_index(5)?,
            row.try_get_by_index(6)?,
            row.try_get_by_index(7)?,
        ],
        priority: row.try_get_by_index(8)?,
        not_before: at(9)?,
        expires_at: at(10)?,
    })
}

#[async_trait]
impl AccessSnapshotRepository for SqlUnitOfWork {
    async fn load(&self, organization: OrganizationId, known_platform: Option<i64>) -> Result<AccessSnapshot> {
        let versions = AccessChangeRepository::versions(self, organization).await?;
        let everything = Touched::all();
        let policy = self.policy_rows(organization, organization, &everything).await?;
        let rows = self.organization_rows(organization, &everything).await?;
        let platform = if known_platform == Some(versions.platform) {
            None
        } else {
            Some(self.platform_rows(organization, &everything).await?)
        };
        Ok(AccessSnapshot { organization_id: organization, versions, policy, organization: rows, platform })
    }

    async fn changed(&self, organization: OrganizationId, since: AccessVersions, most: u32) -> Result<SnapshotChange> {
        let own = self.since(organization, organization, since.organization, most).await?;
        let inherited = if organization == PLATFORM {
            own.clone()
        } else {
            self.since(organization, PLATFORM, since.platform, most).await?
        };
        let versions = AccessVersions { organization: own.version, platform: inherited.version };
        if versions == since {
            return Ok(SnapshotChange::Nothing);
        }
        let (Some(own), Some(inherited)) = (own.changes, inherited.changes) else { return Ok(SnapshotChange::Anew) };
        let (own, inherited) = (Touched::by(&own), Touched::by(&inherited));
        if own.is_everything() || inherited.is_everything() {
            return Ok(SnapshotChange::Anew);
        }
        let rows = AccessSnapshot {
            organization_id: organization,
            versions,
            policy: self.policy_rows(organization, organization, &own).await?,
            organization: self.organization_rows(organization, &own).await?,
            platform: if versions.platform == since.platform {
                None
            } else {
                Some(self.platform_rows(organization, &inherited).await?)
            },
        };
        Ok(SnapshotChange::Delta(Box::new(AccessDelta { since, own, inherited, rows })))
    }
}
