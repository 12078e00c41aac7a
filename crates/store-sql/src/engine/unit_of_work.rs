//! The unit of work: one transaction with every repository on it.

use super::{Transaction, noted::Noted, uncancelled::uncancelled};
use async_trait::async_trait;
use keystead_domain::{Result, Scope};
use keystead_store::{
    AuditRepository, IdempotencyRepository, InvitationRepository, JobRepository, KeyRepository, MembershipRepository,
    OrganizationRepository, PermissionRepository, RoleRepository, SeedRepository, SessionRepository, SignInAttempts,
    TeamRepository, UnitOfWork, UserRepository,
};
use sea_orm::{ConnectionTrait, DbBackend};

/// A transaction that implements every repository.
pub(crate) struct SqlUnitOfWork {
    transaction: Transaction,
    scope: Scope,
    noted: Noted,
}

impl SqlUnitOfWork {
    pub(crate) fn new(transaction: Transaction, scope: Scope) -> Self {
        Self { transaction, scope, noted: Noted::default() }
    }
    /// What statements run on.
    pub(crate) fn connection(&self) -> &Transaction {
        &self.transaction
    }
    /// Which engine it is.
    pub(crate) fn backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }
    /// What it has changed of all that decides.
    pub(crate) fn noted(&self) -> &Noted {
        &self.noted
    }
    /// Commits without going through the trait object.
    pub(crate) async fn commit_sql(self) -> Result<()> {
        if !self.noted.is_pending() {
            return self.transaction.commit().await;
        }
        uncancelled(async move {
            self.write_noted().await?;
            self.transaction.commit().await
        })
        .await
    }
}

#[async_trait]
impl UnitOfWork for SqlUnitOfWork {
    fn scope(&self) -> Scope {
        self.scope
    }
    fn users(&self) -> &dyn UserRepository {
        self
    }
    fn sign_in_attempts(&self) -> &dyn SignInAttempts {
        self
    }
    fn organizations(&self) -> &dyn OrganizationRepository {
        self
    }
    fn memberships(&self) -> &dyn MembershipRepository {
        self
    }
    fn invitations(&self) -> &dyn InvitationRepository {
        self
    }
    fn teams(&self) -> &dyn TeamRepository {
        self
    }
    fn roles(&self) -> &dyn RoleRepository {
        self
    }
    fn permissions(&self) -> &dyn PermissionRepository {
        self
    }
    fn sessions(&self) -> &dyn SessionRepository {
        self
    }
    fn keys(&self) -> &dyn KeyRepository {
        self
    }
    fn audit(&self) -> &dyn AuditRepository {
        self
    }
    fn jobs(&self) -> &dyn JobRepository {
        self
    }
    fn idempotency(&self) -> &dyn IdempotencyRepository {
        self
    }
    fn seeds(&self) -> &dyn SeedRepository {
        self
    }
    async fn enter(&mut self, scope: Scope) -> Result<()> {
        if scope.organization != self.scope.organization {
            // Elsewhere it could not be written any more.
            self.write_noted().await?;
        }
        self.transaction.enter(scope).await?;
        self.scope = scope;
        Ok(())
    }
    async fn commit(self: Box<Self>) -> Result<()> {
        self.commit_sql().await
    }
}
