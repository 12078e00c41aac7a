//! The unit of work: one transaction with every repository on it.

use super::Transaction;
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
}

impl SqlUnitOfWork {
    pub(crate) fn new(transaction: Transaction, scope: Scope) -> Self {
        Self { transaction, scope }
    }
    /// What statements run on.
    pub(crate) fn connection(&self) -> &Transaction {
        &self.transaction
    }
    /// Which engine it is.
    pub(crate) fn backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }
    /// Commits without going through the trait object.
    pub(crate) async fn commit_sql(self) -> Result<()> {
        self.transaction.commit().await
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
        self.transaction.enter(scope).await?;
        self.scope = scope;
        Ok(())
    }
    async fn commit(self: Box<Self>) -> Result<()> {
        self.transaction.commit().await
    }
}
