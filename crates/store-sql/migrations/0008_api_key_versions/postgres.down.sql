-- 0008_api_key_versions, taken back.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

DROP FUNCTION find_api_key(text, bytea, timestamptz);
CREATE FUNCTION find_api_key(p_prefix text, p_key_hash bytea, p_now timestamptz)
RETURNS TABLE (
    id uuid, organization_id uuid, service_account_id uuid, name varchar, scopes jsonb, expires_at timestamptz,
    last_used_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    SELECT k.id, k.organization_id, k.service_account_id, a.name, k.scopes, k.expires_at, k.last_used_at
    FROM api_keys k
    JOIN service_accounts a ON a.organization_id = k.organization_id AND a.id = k.service_account_id AND a.is_active
    JOIN organizations o ON o.id = k.organization_id AND o.status = 'active'
    WHERE k.prefix = p_prefix AND k.key_hash = p_key_hash AND k.revoked_at IS NULL
        AND (k.expires_at IS NULL OR k.expires_at > p_now)
$function$;
REVOKE ALL ON FUNCTION find_api_key(text, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(text, bytea, timestamptz) TO keystead_app;
