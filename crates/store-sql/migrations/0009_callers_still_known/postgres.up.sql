-- 0009_callers_still_known.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

-- Whether what was read of a caller still holds: when the session was last used, or nothing. Reading a whole account for it at every
-- request took most of the call. As in 0007, names with their schema take the place of a search path.
DROP FUNCTION load_known_caller(uuid, uuid, uuid, timestamptz);
CREATE FUNCTION caller_still_known(
    p_organization uuid, p_user uuid, p_session uuid, p_now timestamptz, p_version bigint, p_failed_login_attempts integer,
    p_locked_until timestamptz, p_last_login_at timestamptz, p_organization_version bigint, p_platform_version bigint
)
RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER
AS $function$
BEGIN
    RETURN (
        SELECT s.last_activity_at
        FROM keystead.sessions s
        JOIN keystead.users u ON u.id OPERATOR(pg_catalog.=) s.user_id
        WHERE s.id OPERATOR(pg_catalog.=) p_session AND s.user_id OPERATOR(pg_catalog.=) p_user AND s.revoked_at IS NULL
            AND s.idle_expires_at OPERATOR(pg_catalog.>) p_now AND s.expires_at OPERATOR(pg_catalog.>) p_now
            AND u.status OPERATOR(pg_catalog.=) 'active' AND u.version OPERATOR(pg_catalog.=) p_version
            AND u.failed_login_attempts OPERATOR(pg_catalog.=) p_failed_login_attempts
            AND coalesce(u.locked_until, '-infinity') OPERATOR(pg_catalog.=) coalesce(p_locked_until, '-infinity')
            AND coalesce(u.last_login_at, '-infinity') OPERATOR(pg_catalog.=) coalesce(p_last_login_at, '-infinity')
            AND coalesce((SELECT v.version FROM keystead.access_versions v
                WHERE v.organization_id OPERATOR(pg_catalog.=) p_organization), 0) OPERATOR(pg_catalog.=) p_organization_version
            AND coalesce((SELECT v.version FROM keystead.access_versions v
                WHERE v.organization_id OPERATOR(pg_catalog.=) '00000000-0000-7000-8000-000000000001'), 0)
                OPERATOR(pg_catalog.=) p_platform_version
    );
END
$function$;
REVOKE ALL ON FUNCTION caller_still_known(uuid, uuid, uuid, timestamptz, bigint, integer, timestamptz, timestamptz, bigint, bigint)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION caller_still_known(uuid, uuid, uuid, timestamptz, bigint, integer, timestamptz, timestamptz, bigint, bigint)
    TO keystead_app;
