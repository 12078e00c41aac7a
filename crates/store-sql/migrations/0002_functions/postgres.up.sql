-- 0002_functions: what the server does in one round trip, and what it must do before anyone is signed in.
-- Each function names exactly the rows it works on; the app role has no other way to them.

-- The account with a login, and what a network has done to it lately. Always one row.
CREATE FUNCTION find_login(p_is_email boolean, p_key text, p_unknown_key text, p_network_hash bytea, p_now timestamptz)
RETURNS TABLE (
    user_id uuid, password_hash varchar, status varchar, locked_until timestamptz, organization_id uuid,
    network_locked_until timestamptz, network_known boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    account users%ROWTYPE;
    place uuid;
BEGIN
    IF p_is_email THEN
        SELECT * INTO account FROM users u WHERE u.email_key = p_key;
    ELSE
        SELECT * INTO account FROM users u WHERE u.username_key = p_key;
    END IF;
    SELECT s.organization_id INTO place
    FROM sessions s
    JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id AND m.status = 'active'
    JOIN organizations o ON o.id = m.organization_id AND o.status = 'active'
    WHERE s.user_id = account.id ORDER BY s.id DESC LIMIT 1;
    IF place IS NULL THEN
        SELECT m.organization_id INTO place
        FROM memberships m JOIN organizations o ON o.id = m.organization_id AND o.status = 'active'
        WHERE m.user_id = account.id AND m.status = 'active' ORDER BY m.id LIMIT 1;
    END IF;
    RETURN QUERY
    SELECT account.id, account.password_hash, account.status, account.locked_until, place, a.locked_until,
        coalesce(a.last_success_at IS NOT NULL, false)
    FROM (SELECT 1) AS one
    LEFT JOIN sign_in_attempts a
        ON a.account_key = coalesce('user:' || account.id::text, p_unknown_key)
        AND a.network_hash = p_network_hash AND a.expires_at > p_now;
END
$function$;

-- What every request must know about its caller. No row where the account is not active or the session not live.
CREATE FUNCTION load_caller(p_organization uuid, p_user uuid, p_session uuid, p_now timestamptz)
RETURNS TABLE (
    id uuid, username varchar, username_key varchar, email varchar, email_key varchar, password_hash varchar, status varchar,
    tier varchar, first_name varchar, last_name varchar, must_change_password boolean, failed_login_attempts integer,
    locked_until timestamptz, last_login_at timestamptz, password_changed_at timestamptz, email_verified_at timestamptz,
    profile_data jsonb, preferences jsonb, metadata jsonb, created_at timestamptz, updated_at timestamptz, version bigint,
    last_activity_at timestamptz, membership_status varchar, role_ids text, organization_version bigint, platform_version bigint
)
LANGUAGE plpgsql SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.organization_id', p_organization::text, true), set_config('app.user_id', p_user::text, true);
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

-- Presents a refresh token, whose MAC the program has checked. No row where there is nothing to present it to.
CREATE FUNCTION rotate_refresh_token(
    p_session uuid, p_user uuid, p_generation integer, p_presented bytea, p_next bytea, p_sealed bytea, p_now timestamptz,
    p_grace_from timestamptz, p_idle timestamptz, e_id uuid, e_caller_kind text, e_client_sealed bytea, e_client_ip_hash bytea,
    e_correlation_id text, e_source text, e_event_data jsonb, e_metadata jsonb
)
RETURNS TABLE (outcome text, organization_id uuid, roles text, successor_sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    family refresh_tokens%ROWTYPE;
    place uuid;
    found_outcome text;
BEGIN
    SELECT f.* INTO family
    FROM refresh_tokens f
    WHERE f.session_id = p_session AND f.user_id = p_user AND f.expires_at > p_now FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT s.organization_id INTO place
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
        CASE WHEN found_outcome = 'repeated' THEN family.successor_sealed END;
END
$function$;

-- The invitation with a token: whoever holds the token may see it.
CREATE FUNCTION invitation_by_token(p_token_hash bytea) RETURNS SETOF invitations
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$ SELECT * FROM invitations WHERE token_hash = p_token_hash $function$;

-- Counts a failed sign-in. Says whether it locked the network or the account.
CREATE FUNCTION record_sign_in_failure(
    p_account_key text, p_user uuid, p_network_hash bytea, p_now timestamptz, p_counts_from timestamptz, p_locked_until timestamptz,
    p_network_attempts integer, p_account_attempts integer, p_expires_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    network_locked boolean;
    account_locked boolean;
    lately boolean;
BEGIN
    -- The account's row comes first, as it does in a sign-in, so that the two never wait for each other; and what is read next
    -- is what the failure before this one has written.
    PERFORM FROM users u WHERE u.id = p_user FOR NO KEY UPDATE;
    lately := EXISTS (SELECT FROM sign_in_attempts a WHERE a.account_key = p_account_key AND a.last_failed_at >= p_counts_from);
    -- Where none of its networks has failed lately, the account's failures begin anew.
    UPDATE users SET failed_login_attempts = CASE WHEN lately THEN failed_login_attempts + 1 ELSE 1 END,
        locked_until = CASE WHEN CASE WHEN lately THEN failed_login_attempts + 1 ELSE 1 END >= p_account_attempts
            THEN p_locked_until ELSE locked_until END
    WHERE id = p_user
    RETURNING failed_login_attempts = p_account_attempts INTO account_locked;
    INSERT INTO sign_in_attempts AS a (account_key, network_hash, failed_attempts, last_failed_at, locked_until, expires_at)
    VALUES (p_account_key, p_network_hash, 1, p_now, CASE WHEN p_network_attempts <= 1 THEN p_locked_until END, p_expires_at)
    ON CONFLICT (account_key, network_hash) DO UPDATE SET
        failed_attempts = CASE WHEN a.last_failed_at >= p_counts_from THEN a.failed_attempts + 1 ELSE 1 END,
        last_failed_at = p_now,
        locked_until = CASE
            WHEN (CASE WHEN a.last_failed_at >= p_counts_from THEN a.failed_attempts + 1 ELSE 1 END) >= p_network_attempts
            THEN p_locked_until ELSE a.locked_until END,
        expires_at = greatest(a.expires_at, p_expires_at)
    RETURNING a.failed_attempts = p_network_attempts INTO network_locked;
    RETURN network_locked OR coalesce(account_locked, false);
END
$function$;

-- Forgets a network's failures and remembers the network.
CREATE FUNCTION record_sign_in_success(p_account_key text, p_network_hash bytea, p_now timestamptz, p_expires_at timestamptz)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    INSERT INTO sign_in_attempts AS a (account_key, network_hash, failed_attempts, last_success_at, expires_at)
    VALUES (p_account_key, p_network_hash, 0, p_now, p_expires_at)
    ON CONFLICT (account_key, network_hash) DO UPDATE SET failed_attempts = 0, last_failed_at = NULL, locked_until = NULL,
        last_success_at = p_now, expires_at = greatest(a.expires_at, p_expires_at)
$function$;

-- Lifts every lock of an account and its networks; known networks stay known.
CREATE FUNCTION clear_sign_in_attempts(p_account_key text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    UPDATE users SET failed_login_attempts = 0, locked_until = NULL
    WHERE id = CASE WHEN p_account_key ~ '^user:[0-9a-f-]{36}$' THEN substr(p_account_key, 6)::uuid END;
    UPDATE sign_in_attempts SET failed_attempts = 0, last_failed_at = NULL, locked_until = NULL
    WHERE account_key = p_account_key
$function$;

-- Writes the last activity of many sessions. Times never move backwards.
CREATE FUNCTION record_activity(p_activity jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    WITH used AS (
        SELECT a.id, max(a.at) AS at FROM jsonb_to_recordset(p_activity) AS a (id uuid, at timestamptz) GROUP BY a.id
    ), locked AS (
        -- In one order, so that two nodes that write the same sessions never wait for each other.
        SELECT s.id FROM sessions s JOIN used ON used.id = s.id WHERE s.last_activity_at < used.at
        ORDER BY s.id FOR NO KEY UPDATE OF s
    )
    UPDATE sessions s SET last_activity_at = used.at
    FROM locked JOIN used ON used.id = locked.id
    WHERE s.id = locked.id AND s.last_activity_at < used.at
$function$;

-- Takes jobs that are due or whose worker was lost. Two workers never get the same attempt.
CREATE FUNCTION claim_jobs(p_worker text, p_limit integer, p_now timestamptz, p_lease_until timestamptz) RETURNS SETOF jobs
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    UPDATE jobs SET status = 'dead', finished_at = p_now, updated_at = p_now, locked_by = NULL, locked_until = NULL,
        last_error = coalesce(last_error, 'its worker was lost in the last attempt')
    WHERE id IN (
        SELECT l.id FROM jobs l WHERE l.status = 'running' AND l.locked_until < p_now AND l.attempts >= l.max_attempts
        -- A worker that is just finishing keeps its row, and nobody waits for it.
        FOR UPDATE SKIP LOCKED
    );
    RETURN QUERY
    UPDATE jobs j SET status = 'running', attempts = j.attempts + 1, locked_by = p_worker, locked_until = p_lease_until,
        updated_at = p_now
    WHERE j.id IN (
        SELECT c.id FROM jobs c
        WHERE (c.status = 'queued' AND c.run_at <= p_now)
            OR (c.status = 'running' AND c.locked_until < p_now AND c.attempts < c.max_attempts)
        ORDER BY c.run_at, c.id LIMIT p_limit FOR UPDATE SKIP LOCKED
    )
    RETURNING j.*;
END
$function$;

-- Prolongs a lease and notes the progress. Says whether the attempt is still the current one.
CREATE FUNCTION renew_job(p_id uuid, p_attempt integer, p_progress integer, p_lease_until timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    UPDATE jobs SET progress = p_progress, locked_until = p_lease_until
    WHERE id = p_id AND attempts = p_attempt AND status = 'running';
    RETURN FOUND;
END
$function$;

-- Notes a failed attempt: queued again, or dead where no further time is given.
CREATE FUNCTION fail_job(p_id uuid, p_attempt integer, p_error text, p_retry_at timestamptz, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    UPDATE jobs SET status = CASE WHEN p_retry_at IS NULL THEN 'dead' ELSE 'queued' END, run_at = coalesce(p_retry_at, run_at),
        finished_at = CASE WHEN p_retry_at IS NULL THEN p_now END, last_error = p_error, locked_by = NULL, locked_until = NULL,
        updated_at = p_now
    WHERE id = p_id AND attempts = p_attempt AND status = 'running';
    RETURN FOUND;
END
$function$;

-- The schedules that are due, locked against other nodes until the transaction ends.
CREATE FUNCTION due_schedules(p_now timestamptz) RETURNS SETOF schedules
LANGUAGE sql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$ SELECT * FROM schedules WHERE is_active AND next_run_at <= p_now ORDER BY id FOR UPDATE SKIP LOCKED $function$;

-- Enqueues one turn of a schedule and moves it on. A turn whose predecessor still waits or runs is left out.
CREATE FUNCTION enqueue_turn(p_schedule uuid, p_job uuid, p_next_run_at timestamptz, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    s schedules%ROWTYPE;
BEGIN
    UPDATE schedules SET last_run_at = p_now, next_run_at = p_next_run_at, updated_at = p_now
    WHERE id = p_schedule RETURNING * INTO s;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO jobs (id, organization_id, kind, payload, status, unique_key, run_at, attempts, max_attempts, progress,
        created_at, updated_at)
    VALUES (p_job, s.organization_id, s.kind, s.payload, 'queued', 'schedule:' || s.id, p_now, 0, 5, 0, p_now, p_now)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$function$;

-- When the next job or schedule is due.
CREATE FUNCTION next_due() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    SELECT least(
        (SELECT min(run_at) FROM jobs WHERE status = 'queued'),
        (SELECT min(locked_until) FROM jobs WHERE status = 'running'),
        (SELECT min(next_run_at) FROM schedules WHERE is_active)
    )
$function$;

-- Deletes at most so many expired rows of each kind, the oldest first: the order keeps the scan on the index, however few
-- rows have expired. A session that has run idle goes with its absolute end: an index over the idle end would make every
-- refresh write it.
CREATE FUNCTION delete_expired(p_now timestamptz, p_batch integer)
RETURNS TABLE (sessions bigint, idempotency_keys bigint, sign_in_attempts bigint, jobs bigint, signing_keys bigint, invitations bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    more bigint;
BEGIN
    DELETE FROM keystead.sessions t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM keystead.sessions x WHERE x.expires_at < p_now - interval '30 days' ORDER BY x.expires_at LIMIT p_batch));
    GET DIAGNOSTICS sessions = ROW_COUNT;
    DELETE FROM keystead.sessions t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM keystead.sessions x WHERE x.revoked_at < p_now - interval '30 days' ORDER BY x.revoked_at LIMIT p_batch - sessions));
    GET DIAGNOSTICS more = ROW_COUNT;
    sessions := sessions + more;
    DELETE FROM keystead.idempotency_keys t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM keystead.idempotency_keys x WHERE x.expires_at < p_now ORDER BY x.expires_at LIMIT p_batch));
    GET DIAGNOSTICS idempotency_keys = ROW_COUNT;
    DELETE FROM keystead.sign_in_attempts t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM keystead.sign_in_attempts x WHERE x.expires_at < p_now ORDER BY x.expires_at LIMIT p_batch));
    GET DIAGNOSTICS sign_in_attempts = ROW_COUNT;
    DELETE FROM keystead.jobs t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM keystead.jobs x WHERE x.finished_at < p_now - interval '30 days' ORDER BY x.finished_at LIMIT p_batch));
    GET DIAGNOSTICS jobs = ROW_COUNT;
    DELETE FROM keystead.signing_keys t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM keystead.signing_keys x WHERE x.expires_at < p_now ORDER BY x.expires_at LIMIT p_batch));
    GET DIAGNOSTICS signing_keys = ROW_COUNT;
    DELETE FROM keystead.invitations t WHERE t.ctid = ANY (ARRAY(
        SELECT x.ctid FROM keystead.invitations x WHERE x.expires_at < p_now - interval '90 days' ORDER BY x.expires_at LIMIT p_batch));
    GET DIAGNOSTICS invitations = ROW_COUNT;
    RETURN NEXT;
END
$function$;

-- Figures for /metrics. Identifiers of audit events begin with the time at which they were made: from `p_first_event` on, their
-- primary key finds those of the last hour in whatever organization.
CREATE FUNCTION figures(p_now timestamptz, p_first_event uuid)
RETURNS TABLE (active_users bigint, live_sessions bigint, audit_events_last_hour bigint, queued_jobs bigint, dead_jobs bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = keystead, pg_temp
AS $function$
    SELECT (SELECT count(*) FROM users WHERE status = 'active'),
        (SELECT count(*) FROM sessions WHERE revoked_at IS NULL AND expires_at > p_now AND idle_expires_at > p_now),
        (SELECT count(*) FROM audit_logs WHERE id >= p_first_event AND created_at > p_now - interval '1 hour'),
        (SELECT count(*) FROM jobs WHERE status = 'queued'),
        (SELECT count(*) FROM jobs WHERE status = 'dead')
$function$;

DO $grants$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN
        SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'keystead'::regnamespace AND p.proname IN (
            'find_login', 'load_caller', 'rotate_refresh_token', 'invitation_by_token', 'record_sign_in_failure',
            'record_sign_in_success', 'clear_sign_in_attempts', 'record_activity', 'claim_jobs', 'renew_job', 'fail_job',
            'due_schedules', 'enqueue_turn', 'next_due', 'delete_expired', 'figures')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO keystead_app', f);
    END LOOP;
END
$grants$;
