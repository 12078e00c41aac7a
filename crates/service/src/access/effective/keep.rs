//! Keeps what was worked out in the effective tables, where other programs read it.

use super::{PermissionKind, list::asked};
use crate::App;
use keystead_access::{
    listing::{FeatureAccess, KindAccess, ListLimits, TooLong, ViewAccess},
    snapshot::Snapshot,
};
use keystead_domain::{
    Caller, ErrorKind, OrganizationId, Result, Timestamp, UserId,
    access::{EffectiveFeature, EffectiveView, PermissionValue},
};
use keystead_store::UnitOfWork;

/// Rows are worked out again after so many seconds, whatever happens.
const KEPT_FOR: i64 = 3_600;

/// What was worked out for a person: the lists that were asked for.
pub(super) struct Worked {
    pub(super) kinds: Option<Vec<KindAccess>>,
    pub(super) features: Option<Vec<FeatureAccess>>,
    pub(super) views: Option<Vec<ViewAccess>>,
}

impl Worked {
    /// Works out what is of `kind`, or everything.
    ///
    /// # Errors
    /// When one of the lists is too long.
    pub(super) fn out(
        snapshot: &Snapshot,
        user: UserId,
        now: Timestamp,
        kind: Option<PermissionKind>,
        limits: &ListLimits,
    ) -> Result<Self, TooLong> {
        let user = user.to_string();
        let (subject, context) = asked(&user, now);
        let wanted = |this| kind.is_none_or(|kind| kind == this);
        let kinds = wanted(PermissionKind::Resource).then(|| snapshot.kinds_of(&subject, &context, limits));
        let features = wanted(PermissionKind::Feature).then(|| snapshot.features_of(&subject, &context, limits));
        let views = wanted(PermissionKind::View).then(|| snapshot.views_of(&subject, &context, limits));
        Ok(Self { kinds: kinds.transpose()?, features: features.transpose()?, views: views.transpose()? })
    }
}

/// What the rows of one person have in common.
struct Stamp {
    user: UserId,
    organization: OrganizationId,
    access_version: i64,
    platform_version: i64,
    computed_at: Timestamp,
    expires_at: Timestamp,
}

impl Stamp {
    fn view(&self, entry: &ViewAccess) -> EffectiveView {
        let value = if entry.decision.allowed { PermissionValue::Allow } else { PermissionValue::Deny };
        EffectiveView {
            organization_id: self.organization,
            user_id: self.user,
            view_id: entry.view,
            value,
            access_version: self.access_version,
            platform_version: self.platform_version,
            computed_at: self.computed_at,
            expires_at: self.expires_at,
        }
    }
    /// None where one value and one scope do not say it: then whoever decides must be asked.
    fn feature(&self, entry: &FeatureAccess) -> Option<EffectiveFeature> {
        let (value, scope) = entry.access.as_row()?;
        Some(EffectiveFeature {
            organization_id: self.organization,
            user_id: self.user,
            feature_id: entry.feature,
            action: entry.action.clone(),
            value,
            scope,
            access_version: self.access_version,
            platform_version: self.platform_version,
            computed_at: self.computed_at,
            expires_at: self.expires_at,
        })
    }
    /// The rows, unless just they are there, or newer ones: who reads sees only those of the current version.
    async fn new_views(&self, unit: &dyn UnitOfWork, mut rows: Vec<EffectiveView>) -> Result<Vec<EffectiveView>> {
        rows.sort_unstable_by_key(|row| row.view_id);
        let kept = unit.effective_permissions().views(self.organization, self.user, self.computed_at).await?;
        let is_newer = kept.iter().any(|row| self.is_before(row.access_version, row.platform_version));
        let says = |row: &EffectiveView| (row.view_id, row.value);
        let is_there = is_newer || rows.iter().map(says).eq(kept.iter().map(says));
        Ok(if is_there { Vec::new() } else { rows })
    }
    /// As [`Stamp::new_views`].
    async fn new_features(
        &self,
        unit: &dyn UnitOfWork,
        mut rows: Vec<EffectiveFeature>,
    ) -> Result<Vec<EffectiveFeature>> {
        rows.sort_unstable_by(|one, other| (one.feature_id, &one.action).cmp(&(other.feature_id, &other.action)));
        let kept = unit.effective_permissions().features(self.organization, self.user, self.computed_at).await?;
        let is_newer = kept.iter().any(|row| self.is_before(row.access_version, row.platform_version));
        let says = |row: &EffectiveFeature| (row.feature_id, row.action.clone(), row.value, row.scope);
        let is_there = is_newer || rows.iter().map(says).eq(kept.iter().map(says));
        Ok(if is_there { Vec::new() } else { rows })
    }
    const fn is_before(&self, access: i64, platform: i64) -> bool {
        self.access_version < access || self.platform_version < platform
    }
}

/// Keeps what was worked out, in one transaction, unless just that is there. The rows count until something changes what
/// decides, or time does: not longer than the first moment at which something begins to hold, or ends.
///
/// Where another transaction is in the way, nothing is kept: who finds no row asks whoever decides.
pub(super) async fn keep(
    app: &App,
    caller: &Caller,
    snapshot: &Snapshot,
    user: UserId,
    now: Timestamp,
    worked: &Worked,
) -> Result<()> {
    let (organization, version) = (caller.organization_id, snapshot.version());
    let latest = now.plus_seconds(KEPT_FOR);
    let stamp = Stamp {
        user,
        organization,
        access_version: version.organization,
        platform_version: version.platform,
        computed_at: now,
        expires_at: snapshot.settled_until(now).map_or(latest, |settled| settled.min(latest)),
    };
    let unit = app.store.read(caller.scope()).await?;
    let views = match &worked.views {
        Some(all) => stamp.new_views(&*unit, all.iter().map(|entry| stamp.view(entry)).collect()).await?,
        None => Vec::new(),
    };
    let features = match &worked.features {
        Some(all) => stamp.new_features(&*unit, all.iter().filter_map(|entry| stamp.feature(entry)).collect()).await?,
        None => Vec::new(),
    };
    drop(unit);
    if views.is_empty() && features.is_empty() {
        return Ok(());
    }
    match write(app, caller, &views, &features).await {
        Err(error) if error.is(ErrorKind::Busy) || error.is(ErrorKind::NotFound) => Ok(()),
        outcome => outcome,
    }
}

async fn write(app: &App, caller: &Caller, views: &[EffectiveView], features: &[EffectiveFeature]) -> Result<()> {
    let unit = app.store.begin(caller.scope()).await?;
    if !views.is_empty() {
        unit.effective_permissions().store_views(caller.organization_id, views).await?;
    }
    if !features.is_empty() {
        unit.effective_permissions().store_features(caller.organization_id, features).await?;
    }
    unit.commit().await
}
