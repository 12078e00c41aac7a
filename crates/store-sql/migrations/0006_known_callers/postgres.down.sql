-- 0006_known_callers, taken back.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

DROP FUNCTION load_known_caller(uuid, uuid, uuid, timestamptz);
