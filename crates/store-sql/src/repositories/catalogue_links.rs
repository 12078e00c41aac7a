//! What belongs together in the catalogue.

use super::catalogue::{feature, module, view};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error},
    },
    entities::{feature_views, features, module_features, module_views, modules, views},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, FeatureId, ModuleId, PLATFORM, Result, Timestamp, ViewId,
    access::{
        AccessChange, AccessTable, CatalogueLinks, Feature, FeatureView, Module, ModuleFeature, ModuleView, View,
    },
};
use keystead_store::CatalogueLinkRepository;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::OnConflict,
};
use uuid::Uuid;

fn missing(error: DbErr) -> Error {
    if foreign_key_violation(&error) { Error::not_found("module, feature or view") } else { store_error(error) }
}

fn feature_view(link: &FeatureView, now: Timestamp) -> feature_views::ActiveModel {
    feature_views::ActiveModel {
        feature_id: Set(link.feature_id.as_uuid()),
        view_id: Set(link.view_id.as_uuid()),
        created_at: Set(now.as_datetime()),
    }
}

fn module_view(link: &ModuleView, now: Timestamp) -> module_views::ActiveModel {
    module_views::ActiveModel {
        module_id: Set(link.module_id.as_uuid()),
        view_id: Set(link.view_id.as_uuid()),
        created_at: Set(now.as_datetime()),
    }
}

fn module_feature(link: &ModuleFeature, now: Timestamp) -> module_features::ActiveModel {
    module_features::ActiveModel {
        module_id: Set(link.module_id.as_uuid()),
        feature_id: Set(link.feature_id.as_uuid()),
        created_at: Set(now.as_datetime()),
    }
}

/// The condition that picks exactly these pairs.
fn pairs<C: ColumnTrait>(left: C, right: C, links: impl Iterator<Item = (Uuid, Uuid)>) -> Condition {
    links.fold(Condition::any(), |any, (one, other)| any.add(Condition::all().add(left.eq(one)).add(right.eq(other))))
}

/// How many pairs one statement names: SQLite's expressions are at most a thousand deep.
const PAIRS: usize = 400;

impl SqlUnitOfWork {
    /// The rows of `E` whose identifier stands in `right` where `left` is `id`, in order.
    async fn linked<E: EntityTrait, L: EntityTrait>(
        &self,
        column: E::Column,
        right: L::Column,
        left: L::Column,
        id: Uuid,
    ) -> Result<Vec<E::Model>> {
        let linked = L::find().select_only().column(right).filter(left.eq(id)).into_query();
        self.many(E::find().filter(column.in_subquery(linked)).order_by_asc(column)).await
    }

    async fn add_links(&self, links: &CatalogueLinks, now: Timestamp) -> Result<u64> {
        let leave = || OnConflict::new().do_nothing().to_owned();
        let mut added = 0;
        let rows = links.feature_views.iter().map(|link| feature_view(link, now));
        added += self.add_or(rows, leave()).await.map_err(missing)?;
        let rows = links.module_views.iter().map(|link| module_view(link, now));
        added += self.add_or(rows, leave()).await.map_err(missing)?;
        let rows = links.module_features.iter().map(|link| module_feature(link, now));
        added += self.add_or(rows, leave()).await.map_err(missing)?;
        if added > 0 {
            self.note_links(links);
        }
        Ok(added)
    }

    /// Links are read again with their feature or module.
    fn note_links(&self, links: &CatalogueLinks) {
        let features = links.feature_views.iter().map(|link| link.feature_id);
        let with_views = links.module_views.iter().map(|link| link.module_id);
        let with_features = links.module_features.iter().map(|link| link.module_id);
        self.note_put(PLATFORM, AccessTable::Features, features);
        self.note_put(PLATFORM, AccessTable::Modules, with_views.chain(with_features));
    }
}

#[async_trait]
impl CatalogueLinkRepository for SqlUnitOfWork {
    async fn link(&self, links: &CatalogueLinks, now: Timestamp) -> Result<u64> {
        self.may_write_in(PLATFORM)?;
        self.add_links(links, now).await
    }

    async fn unlink(&self, links: &CatalogueLinks) -> Result<u64> {
        self.may_write_in(PLATFORM)?;
        let mut removed = 0;
        for batch in links.feature_views.chunks(PAIRS) {
            use feature_views::{Column, Entity};
            let ids = batch.iter().map(|link| (link.feature_id.as_uuid(), link.view_id.as_uuid()));
            removed += self.remove_all::<Entity>(pairs(Column::FeatureId, Column::ViewId, ids)).await?;
        }
        for batch in links.module_views.chunks(PAIRS) {
            use module_views::{Column, Entity};
            let ids = batch.iter().map(|link| (link.module_id.as_uuid(), link.view_id.as_uuid()));
            removed += self.remove_all::<Entity>(pairs(Column::ModuleId, Column::ViewId, ids)).await?;
        }
        for batch in links.module_features.chunks(PAIRS) {
            use module_features::{Column, Entity};
            let ids = batch.iter().map(|link| (link.module_id.as_uuid(), link.feature_id.as_uuid()));
            removed += self.remove_all::<Entity>(pairs(Column::ModuleId, Column::FeatureId, ids)).await?;
        }
        if removed > 0 {
            self.note_links(links);
        }
        Ok(removed)
    }

    async fn replace_module_views(&self, module_id: ModuleId, wanted: &[ViewId], now: Timestamp) -> Result<()> {
        self.may_write_in(PLATFORM)?;
        let of_module = Condition::all().add(module_views::Column::ModuleId.eq(module_id.as_uuid()));
        self.remove_all::<module_views::Entity>(of_module).await?;
        self.note(PLATFORM, AccessChange::put(AccessTable::Modules, module_id));
        let module_views = wanted.iter().map(|&view_id| ModuleView { module_id, view_id }).collect();
        self.add_links(&CatalogueLinks { module_views, ..CatalogueLinks::default() }, now).await.map(drop)
    }

    async fn replace_module_features(&self, module_id: ModuleId, wanted: &[FeatureId], now: Timestamp) -> Result<()> {
        self.may_write_in(PLATFORM)?;
        let of_module = Condition::all().add(module_features::Column::ModuleId.eq(module_id.as_uuid()));
        self.remove_all::<module_features::Entity>(of_module).await?;
        self.note(PLATFORM, AccessChange::put(AccessTable::Modules, module_id));
        let module_features = wanted.iter().map(|&feature_id| ModuleFeature { module_id, feature_id }).collect();
        self.add_links(&CatalogueLinks { module_features, ..CatalogueLinks::default() }, now).await.map(drop)
    }

    async fn replace_feature_views(&self, feature_id: FeatureId, wanted: &[ViewId], now: Timestamp) -> Result<()> {
        self.may_write_in(PLATFORM)?;
        let of_feature = Condition::all().add(feature_views::Column::FeatureId.eq(feature_id.as_uuid()));
        self.remove_all::<feature_views::Entity>(of_feature).await?;
        self.note(PLATFORM, AccessChange::put(AccessTable::Features, feature_id));
        let feature_views = wanted.iter().map(|&view_id| FeatureView { feature_id, view_id }).collect();
        self.add_links(&CatalogueLinks { feature_views, ..CatalogueLinks::default() }, now).await.map(drop)
    }

    async fn views_of_module(&self, module: ModuleId) -> Result<Vec<View>> {
        use module_views::{Column, Entity};
        let id = views::Column::Id;
        let rows = self.linked::<views::Entity, Entity>(id, Column::ViewId, Column::ModuleId, module.as_uuid()).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    async fn features_of_module(&self, module: ModuleId) -> Result<Vec<Feature>> {
        use module_features::{Column, Entity};
        let id = features::Column::Id;
        let rows =
            self.linked::<features::Entity, Entity>(id, Column::FeatureId, Column::ModuleId, module.as_uuid()).await?;
        Ok(rows.into_iter().map(feature).collect())
    }

    async fn views_of_feature(&self, feature: FeatureId) -> Result<Vec<View>> {
        use feature_views::{Column, Entity};
        let id = views::Column::Id;
        let rows =
            self.linked::<views::Entity, Entity>(id, Column::ViewId, Column::FeatureId, feature.as_uuid()).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    async fn features_of_view(&self, view: ViewId) -> Result<Vec<Feature>> {
        use feature_views::{Column, Entity};
        let id = features::Column::Id;
        let rows =
            self.linked::<features::Entity, Entity>(id, Column::FeatureId, Column::ViewId, view.as_uuid()).await?;
        Ok(rows.into_iter().map(feature).collect())
    }

    async fn modules_of_view(&self, view: ViewId) -> Result<Vec<Module>> {
        use module_views::{Column, Entity};
        let id = modules::Column::Id;
        let rows = self.linked::<modules::Entity, Entity>(id, Column::ModuleId, Column::ViewId, view.as_uuid()).await?;
        Ok(rows.into_iter().map(module).collect())
    }

    async fn modules_of_feature(&self, feature: FeatureId) -> Result<Vec<Module>> {
        use module_features::{Column, Entity};
        let id = modules::Column::Id;
        let rows =
            self.linked::<modules::Entity, Entity>(id, Column::ModuleId, Column::FeatureId, feature.as_uuid()).await?;
        Ok(rows.into_iter().map(module).collect())
    }

    async fn all(&self) -> Result<CatalogueLinks> {
        let feature_views = feature_views::Entity::find()
            .order_by_asc(feature_views::Column::FeatureId)
            .order_by_asc(feature_views::Column::ViewId);
        let module_views = module_views::Entity::find()
            .order_by_asc(module_views::Column::ModuleId)
            .order_by_asc(module_views::Column::ViewId);
        let module_features = module_features::Entity::find()
            .order_by_asc(module_features::Column::ModuleId)
            .order_by_asc(module_features::Column::FeatureId);
        let feature_views = self.many(feature_views).await?.into_iter();
        let module_views = self.many(module_views).await?.into_iter();
        let module_features = self.many(module_features).await?.into_iter();
        Ok(CatalogueLinks {
            feature_views: feature_views
                .map(|row| FeatureView { feature_id: row.feature_id.into(), view_id: row.view_id.into() })
                .collect(),
            module_views: module_views
                .map(|row| ModuleView { module_id: row.module_id.into(), view_id: row.view_id.into() })
                .collect(),
            module_features: module_features
                .map(|row| ModuleFeature { module_id: row.module_id.into(), feature_id: row.feature_id.into() })
                .collect(),
        })
    }
}
