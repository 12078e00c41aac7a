-- 0009_callers_still_known, taken back.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

DROP FUNCTION caller_still_known(uuid, uuid, uuid, timestamptz, bigint, integer, timestamptz, timestamptz, bigint, bigint);
CREATE FUNCTION load_known_caller(p_organization uuid, p_user uuid, p_session uuid, p_now timestamptz)
RETURNS TABLE (
    id uuid, username varchar, username_key varchar, email varchar, email_key varchar, password_hash varchar, status varchar,
    tier varchar, first_name varchar, last_name varchar, must_change_password boolean, failed_login_attempts integer,
    locked_until timestamptz, last_login_at timestamptz, password_changed_at timestamptz, email_verified_at timestamptz,
    profile_data jsonb, preferences jsonb, metadata jsonb, created_at timestamptz, updated_at timestamptz, version bigint,
    last_activity_at timestamptz, organization_version bigint, platform_version bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT u.id, u.username, u.username_key, u.email, u.email_key, ''::varchar, u.status, u.tier, u.first_name, u.last_name,
        u.must_change_password, u.failed_login_attempts, u.locked_until, u.last_login_at, u.password_changed_at,
        u.email_verified_at, u.profile_data, u.preferences, u.metadata, u.created_at, u.updated_at, u.version,
        s.last_activity_at,
        coalesce((SELECT v.version FROM keystead.access_versions v
            WHERE v.organization_id OPERATOR(pg_catalog.=) p_organization), 0),
        coalesce((SELECT v.version FROM keystead.access_versions v
            WHERE v.organization_id OPERATOR(pg_catalog.=) '00000000-0000-7000-8000-000000000001'), 0)
    FROM keystead.sessions s
    JOIN keystead.users u ON u.id OPERATOR(pg_catalog.=) s.user_id
    WHERE s.id OPERATOR(pg_catalog.=) p_session AND s.user_id OPERATOR(pg_catalog.=) p_user AND s.revoked_at IS NULL
        AND s.idle_expires_at OPERATOR(pg_catalog.>) p_now AND s.expires_at OPERATOR(pg_catalog.>) p_now AND u.status OPERATOR(pg_catalog.=) 'active';
END
$function$;
REVOKE ALL ON FUNCTION load_known_caller(uuid, uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load_known_caller(uuid, uuid, uuid, timestamptz) TO keystead_app;
