-- 0003_audit_by_address.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

-- A page of events from one address is read in its order, without sorting.
DROP INDEX audit_logs_client_ip;
CREATE INDEX audit_logs_client_ip ON audit_logs (organization_id, client_ip_hash, created_at, id);
