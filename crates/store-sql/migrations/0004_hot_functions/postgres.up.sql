-- 0004_hot_functions.
-- It runs in one transaction, as keystead_owner, in the schema keystead. Once landed, it is never edited.

-- What every request must know about its caller. It names one session of one person in one organization, so it needs no
-- row-level security to find the right rows, and asking the policies of five tables took as long as finding them.
CREATE OR REPLACE FUNCTION load_caller(p_organization uuid, p_user uuid, p_session uuid, p_now timestamptz)
RETURNS TABLE (
    id uuid, username varchar, username_key varchar, email varchar, email_key varchar, password_hash varchar, status varchar,
    tier varchar, first_name varchar, last_name varchar, must_change_password boolean, failed_login_attempts integer,
    locked_until timestamptz, last_login_at timestamptz, password_changed_at timestamptz, email_verified_at timestamptz,
    profile_data jsonb, preferences jsonb, metadata jsonb, created_at timestamptz, updated_at timestamptz, version bigint,
    last_activity_at timestamptz, membership_status varchar, role_ids text, organization_version bigint, platform_version bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT u.id, u.username, u.username_key, u.email, u.email_key, ''::varchar, u.status, u.tier, u.first_name, u.last_name,
        u.must_change_password, u.failed_login_attempts, u.locked_until, u.last_login_at, u.password_changed_at,
        u.email_verified_at, u.profile_data, u.preferences, u.metadata, u.created_at, u.updated_at, u.version,
        s.last_activity_at,
        CASE WHEN o.status = 'active' THEN m.status END,
        (SELECT string_agg(r.role_id::text, ',') FROM user_roles r WHERE r.organization_id = p_organization AND r.user_id = u.id),
        coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = p_organization), 0),
        coalesce((SELECT v.version FROM access_versions v
            WHERE v.organization_id = '00000000-0000-7000-8000-000000000001'), 0)
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN memberships m ON m.organization_id = p_organization AND m.user_id = u.id
    LEFT JOIN organizations o ON o.id = m.organization_id
    WHERE s.id = p_session AND s.user_id = p_user AND s.revoked_at IS NULL AND s.idle_expires_at > p_now
        AND s.expires_at > p_now AND u.status = 'active';
END
$function$;

-- Presents a refresh token. It also says when the session ends, which no access token may outlive.
DROP FUNCTION rotate_refresh_token;
CREATE FUNCTION rotate_refresh_token(
    p_session uuid, p_user uuid, p_generation integer, p_presented bytea, p_next bytea, p_sealed bytea, p_now timestamptz,
    p_grace_from timestamptz, p_idle timestamptz, e_id uuid, e_caller_kind text, e_client_sealed bytea, e_client_ip_hash bytea,
    e_correlation_id text, e_source text, e_event_data jsonb, e_metadata jsonb
)
RETURNS TABLE (outcome text, organization_id uuid, roles text, successor_sealed bytea, session_ends timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    family refresh_tokens%ROWTYPE;
    place uuid;
    ends timestamptz;
    found_outcome text;
BEGIN
    SELECT f.* INTO family
    FROM refresh_tokens f
    WHERE f.session_id = p_session AND f.user_id = p_user AND f.expires_at > p_now FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT s.organization_id, s.expires_at INTO place, ends
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = p_session AND s.user_id = p_user AND s.revoked_at IS NULL AND s.idle_expires_at > p_now
        AND s.expires_at > p_now AND u.status = 'active';
    IF NOT FOUND THEN RETURN; END IF;

    IF family.generation = p_generation AND family.token_hash = p_presented THEN
        found_outcome := 'rotated';
        UPDATE refresh_tokens f SET generation = f.generation + 1, previous_hash = f.token_hash, token_hash = p_next,
            successor_sealed = p_sealed, rotated_at = p_now
        WHERE f.session_id = p_session;
        UPDATE sessions s SET idle_expires_at = least(p_idle, s.expires_at),
            last_activity_at = greatest(s.last_activity_at, p_now)
        WHERE s.id = p_session;
    ELSIF family.generation = p_generation + 1 THEN
        IF family.previous_hash IS DISTINCT FROM p_presented THEN RETURN; END IF;
        found_outcome := CASE WHEN family.rotated_at >= p_grace_from THEN 'repeated' ELSE 'replayed' END;
    ELSIF family.generation > p_generation THEN
        found_outcome := 'replayed';
    ELSE
        RETURN;
    END IF;
    IF found_outcome = 'replayed' THEN
        UPDATE sessions s SET revoked_at = p_now, revoked_reason = 'refresh_token_replayed' WHERE s.id = p_session;
    END IF;

    INSERT INTO audit_logs (id, organization_id, user_id, caller_kind, session_id, event_type, resource_type, resource_id,
        subject_user_id, outcome, severity, event_data, client_sealed, client_ip_hash, changes_sealed, correlation_id, source,
        metadata, created_at)
    VALUES (e_id, place, p_user, e_caller_kind, p_session,
        CASE found_outcome WHEN 'rotated' THEN 'session.refreshed' WHEN 'repeated' THEN 'session.refresh_repeated'
            ELSE 'session.refresh_replayed' END,
        'sessions', p_session, p_user,
        CASE found_outcome WHEN 'replayed' THEN 'denied' ELSE 'success' END,
        CASE found_outcome WHEN 'rotated' THEN 'info' WHEN 'repeated' THEN 'warning' ELSE 'critical' END,
        e_event_data, e_client_sealed, e_client_ip_hash, NULL, e_correlation_id, e_source, e_metadata, p_now);

    RETURN QUERY
    SELECT found_outcome, place,
        (SELECT string_agg(r.name, ',' ORDER BY r.name)
         FROM memberships m
         JOIN organizations o ON o.id = m.organization_id AND o.status = 'active'
         JOIN user_roles h ON h.organization_id = m.organization_id AND h.user_id = m.user_id
         JOIN roles r ON r.organization_id = h.role_organization_id AND r.id = h.role_id
         WHERE m.organization_id = place AND m.user_id = p_user AND m.status = 'active'),
        CASE WHEN found_outcome = 'repeated' THEN family.successor_sealed END, ends;
END
$function$;
REVOKE ALL ON FUNCTION rotate_refresh_token(uuid, uuid, integer, bytea, bytea, bytea, timestamptz, timestamptz, timestamptz, uuid, text, bytea, bytea, text, text, jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rotate_refresh_token(uuid, uuid, integer, bytea, bytea, bytea, timestamptz, timestamptz, timestamptz, uuid, text, bytea, bytea, text, text, jsonb, jsonb) TO keystead_app;
