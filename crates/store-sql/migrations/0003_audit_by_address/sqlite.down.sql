-- 0003_audit_by_address, taken back.
-- It runs in one transaction, foreign keys checked at its end. Once landed, it is never edited.

DROP INDEX audit_logs_client_ip;
CREATE INDEX audit_logs_client_ip ON audit_logs (organization_id, client_ip_hash, created_at);
