//! Policy rules.

use super::{
    statements::{all_in, exactly},
    time,
};
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::casbin_rules,
};
use async_trait::async_trait;
use casbin_rules::{ActiveModel, Column, Entity, Model};
use keystead_domain::{
    Error, OrganizationId, Page, PageRequest, Result, RuleId, Timestamp,
    access::{AccessChange, AccessTable, PolicyRule, RULE_VALUES, RuleFilter, RuleTotals},
};
use keystead_store::RuleRepository;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::Expr,
};

const VALUES: [Column; RULE_VALUES] = [Column::V0, Column::V1, Column::V2, Column::V3, Column::V4, Column::V5];

/// The bytes of all values, on either engine.
const ALL_BYTES: &str = "coalesce(sum(coalesce(octet_length(v0), 0) + coalesce(octet_length(v1), 0)
    + coalesce(octet_length(v2), 0) + coalesce(octet_length(v3), 0) + coalesce(octet_length(v4), 0)
    + coalesce(octet_length(v5), 0)), 0)";

fn rule(row: Model) -> PolicyRule {
    PolicyRule {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        ptype: row.ptype,
        values: [row.v0, row.v1, row.v2, row.v3, row.v4, row.v5],
        priority: row.priority,
        not_before: row.not_before.map(time),
        expires_at: row.expires_at.map(time),
        is_active: row.is_active,
        created_by: row.created_by,
        updated_by: row.updated_by,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn model(rule: &PolicyRule) -> ActiveModel {
    let [v0, v1, v2, v3, v4, v5] = rule.values.clone();
    ActiveModel {
        id: Set(rule.id.as_uuid()),
        organization_id: Set(rule.organization_id.as_uuid()),
        ptype: Set(rule.ptype.clone()),
        v0: Set(v0),
        v1: Set(v1),
        v2: Set(v2),
        v3: Set(v3),
        v4: Set(v4),
        v5: Set(v5),
        priority: Set(rule.priority),
        not_before: Set(rule.not_before.map(Timestamp::as_datetime)),
        expires_at: Set(rule.expires_at.map(Timestamp::as_datetime)),
        is_active: Set(rule.is_active),
        created_by: Set(rule.created_by.clone()),
        updated_by: Set(rule.updated_by.clone()),
        created_at: Set(rule.created_at.as_datetime()),
        updated_at: Set(rule.updated_at.as_datetime()),
        version: Set(rule.version),
    }
}

fn wanted(filter: &RuleFilter) -> Condition {
    let mut all = Condition::all();
    if let Some(ptype) = &filter.ptype {
        all = all.add(Column::Ptype.eq(ptype.as_str()));
    }
    for (column, value) in VALUES.into_iter().zip(&filter.values) {
        if let Some(value) = value {
            all = all.add(column.eq(value.as_str()));
        }
    }
    if let Some(is_active) = filter.is_active {
        all = all.add(Column::IsActive.eq(is_active));
    }
    all
}

impl SqlUnitOfWork {
    fn rules_that_count(&self, organization: OrganizationId) -> Select<Entity> {
        Entity::find().filter(self.of_organization_or_platform(Column::OrganizationId, organization))
    }
    /// Row-level security shows the platform's, too, so the organization is named in any case.
    fn own_rules(&self, organization: OrganizationId) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(organization.as_uuid()))
            .add(self.of_organization(Column::OrganizationId, organization))
    }
}

#[async_trait]
impl RuleRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[PolicyRule]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|rule| rule.organization_id))?;
        self.add(new.iter().map(model)).await.map_err(store_error)?;
        self.note_put(organization, AccessTable::CasbinRules, new.iter().map(|rule| rule.id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: RuleId) -> Result<Option<PolicyRule>> {
        let query = self.rules_that_count(organization).filter(Column::Id.eq(id.as_uuid()));
        Ok(self.one(query).await?.map(rule))
    }

    async fn find_many(&self, organization: OrganizationId, ids: &[RuleId]) -> Result<Vec<PolicyRule>> {
        let ids = ids.iter().map(|id| id.as_uuid());
        let rows = self.with_ids(self.rules_that_count(organization), Column::Id, ids).await?;
        Ok(rows.into_iter().map(rule).collect())
    }

    async fn list(
        &self,
        organization: OrganizationId,
        filter: &RuleFilter,
        page: &PageRequest,
    ) -> Result<Page<PolicyRule>> {
        let query = Entity::find().filter(self.own_rules(organization)).filter(wanted(filter));
        let rows = self.page(query, Column::Id, page).await?;
        Ok(Page::cut(rows.into_iter().map(rule).collect(), page.limit, |rule| rule.id.to_string()))
    }

    async fn all(&self, organization: OrganizationId) -> Result<Vec<PolicyRule>> {
        let query = self.rules_that_count(organization).order_by_asc(Column::Id);
        Ok(self.many(query).await?.into_iter().map(rule).collect())
    }

    async fn count(&self, organization: OrganizationId) -> Result<u64> {
        Entity::find().filter(self.own_rules(organization)).count(self.connection()).await.map_err(store_error)
    }

    async fn inactive_totals(&self, organization: OrganizationId) -> Result<RuleTotals> {
        let query = Entity::find()
            .filter(self.own_rules(organization).add(Column::IsActive.eq(false)))
            .select_only()
            .expr(Expr::cust("count(*)"))
            .expr(Expr::cust(ALL_BYTES));
        let row = self.connection().query_one(&query.into_query()).await.map_err(store_error)?;
        let row = row.ok_or_else(|| Error::internal("casbin_rules: nothing counted"))?;
        let total = |column| row.try_get_by_index::<i64>(column).map(i64::cast_unsigned).map_err(store_error);
        Ok(RuleTotals { count: total(0)?, bytes: total(1)? })
    }

    async fn update(&self, organization: OrganizationId, changed: &PolicyRule) -> Result<PolicyRule> {
        let next = PolicyRule { version: changed.version + 1, ..changed.clone() };
        // A rule never moves to another organization, and who made it made it.
        let row = ActiveModel { organization_id: NotSet, created_by: NotSet, created_at: NotSet, ..model(&next) };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(row, which.add(self.own_rules(organization)), store_error).await?;
        self.note(organization, AccessChange::put(AccessTable::CasbinRules, next.id));
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, id: RuleId, version: i64) -> Result<()> {
        let which = exactly(Column::Id, id, Column::Version, version);
        self.remove_row::<Entity>(which.add(self.own_rules(organization)), store_error).await?;
        self.note(organization, AccessChange::remove(AccessTable::CasbinRules, id));
        Ok(())
    }

    async fn delete_many(&self, organization: OrganizationId, ids: &[RuleId]) -> Result<u64> {
        let rows = ids.iter().map(|id| id.as_uuid());
        let removed = self.remove_ids::<Entity>(Column::Id, rows, self.own_rules(organization)).await?;
        if removed > 0 {
            self.note_removed(organization, AccessTable::CasbinRules, ids.iter().copied());
        }
        Ok(removed)
    }

    async fn delete_matching(&self, organization: OrganizationId, filter: &RuleFilter) -> Result<u64> {
        let which = self.own_rules(organization).add(wanted(filter));
        let removed = self.remove_returning::<Entity>(which, Column::Id).await?;
        let count = removed.len() as u64;
        self.note_removed(organization, AccessTable::CasbinRules, removed);
        Ok(count)
    }

    async fn replace_all(&self, organization: OrganizationId, rules: &[PolicyRule]) -> Result<()> {
        self.may_write_in(organization)?;
        self.remove_all::<Entity>(self.own_rules(organization)).await?;
        self.note(organization, AccessChange::all(AccessTable::CasbinRules));
        RuleRepository::insert(self, organization, rules).await
    }
}
