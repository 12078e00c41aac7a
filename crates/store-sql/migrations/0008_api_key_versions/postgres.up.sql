-- 0008_api_key_versions.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

-- What a key opens, with the access versions of that moment: what is decided for the caller is as new as this answer, and asking
-- for the versions apart would take as long again. As in 0007, names with their schema take the place of a search path.
DROP FUNCTION find_api_key(text, bytea, timestamptz);
CREATE FUNCTION find_api_key(p_prefix text, p_key_hash bytea, p_now timestamptz)
RETURNS TABLE (
    id uuid, organization_id uuid, service_account_id uuid, name varchar, scopes jsonb, expires_at timestamptz,
    last_used_at timestamptz, organization_version bigint, platform_version bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT k.id, k.organization_id, k.service_account_id, a.name, k.scopes, k.expires_at, k.last_used_at,
        coalesce((SELECT v.version FROM keystead.access_versions v
            WHERE v.organization_id OPERATOR(pg_catalog.=) k.organization_id), 0),
        coalesce((SELECT v.version FROM keystead.access_versions v
            WHERE v.organization_id OPERATOR(pg_catalog.=) '00000000-0000-7000-8000-000000000001'), 0)
    FROM keystead.api_keys k
    JOIN keystead.service_accounts a ON a.organization_id OPERATOR(pg_catalog.=) k.organization_id
        AND a.id OPERATOR(pg_catalog.=) k.service_account_id AND a.is_active
    JOIN keystead.organizations o ON o.id OPERATOR(pg_catalog.=) k.organization_id
        AND o.status OPERATOR(pg_catalog.=) 'active'
    WHERE k.prefix OPERATOR(pg_catalog.=) p_prefix AND k.key_hash OPERATOR(pg_catalog.=) p_key_hash AND k.revoked_at IS NULL
        AND (k.expires_at IS NULL OR k.expires_at OPERATOR(pg_catalog.>) p_now);
END
$function$;
REVOKE ALL ON FUNCTION find_api_key(text, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(text, bytea, timestamptz) TO keystead_app;
