-- The database roles of Keystead, its schema, and what they may do there. Run it as superuser, or as the database's owner with
-- CREATEROLE. It can be run again, and by several at once.
DO $roles$
DECLARE
    wanted record;
    strong text;
    may_become boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('keystead'), hashtext('roles'));

    -- keystead_owner    owns every table and function; nobody signs in as it
    -- keystead_app      the server: owns nothing, and row-level security binds it
    -- keystead_migrator applies migrations, as keystead_owner
    -- keystead_backup   reads everything
    FOR wanted IN
        SELECT * FROM (VALUES
            ('keystead_owner', 'NOLOGIN'),
            ('keystead_app', 'LOGIN'),
            ('keystead_migrator', 'LOGIN NOINHERIT'),
            ('keystead_backup', 'LOGIN')
        ) AS roles (name, options)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.options);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- made for another database of this server, at the same moment
            END;
        END IF;
        IF NOT has_database_privilege(wanted.name, current_database(), 'CONNECT') THEN
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), wanted.name);
        END IF;
    END LOOP;

    SELECT string_agg(rolname, ', ') INTO strong FROM pg_roles
        WHERE rolname LIKE 'keystead\_%' AND (rolsuper OR rolbypassrls)
            AND rolname IN ('keystead_owner', 'keystead_app', 'keystead_migrator', 'keystead_backup');
    IF strong IS NOT NULL THEN
        RAISE EXCEPTION 'row-level security would not bind %', strong
            USING HINT = 'Run: ALTER ROLE … NOSUPERUSER NOBYPASSRLS';
    END IF;
    IF pg_has_role('keystead_app', 'keystead_owner', 'MEMBER') THEN
        RAISE EXCEPTION 'keystead_app is a member of keystead_owner'
            USING HINT = 'Run: REVOKE keystead_owner FROM keystead_app';
    END IF;

    IF NOT pg_has_role('keystead_migrator', 'keystead_owner', 'MEMBER') THEN
        BEGIN
            GRANT keystead_owner TO keystead_migrator;
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
    END IF;

    -- Whoever is no superuser must be able to become the owner to make things for it, and, where a development server signs in
    -- as the administrator, to become the weak role that it works as.
    FOR wanted IN
        SELECT rolname AS name FROM pg_roles
            WHERE current_setting('is_superuser') = 'off'
                AND (rolname = 'keystead_owner' OR rolname = 'keystead_app'
                    AND (SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user))
    LOOP
        IF current_setting('server_version_num')::int >= 160000 THEN
            may_become := pg_has_role(current_user, wanted.name, 'SET');
        ELSE
            may_become := pg_has_role(current_user, wanted.name, 'MEMBER');
        END IF;
        IF NOT may_become THEN
            EXECUTE format('GRANT %I TO %I', wanted.name, current_user);
        END IF;
    END LOOP;

    IF to_regnamespace('keystead') IS NULL THEN
        CREATE SCHEMA keystead AUTHORIZATION keystead_owner;
    ELSIF (SELECT nspowner FROM pg_namespace WHERE nspname = 'keystead') <> 'keystead_owner'::regrole THEN
        RAISE EXCEPTION 'the schema keystead belongs to %',
            (SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'keystead')
            USING HINT = 'Run: ALTER SCHEMA keystead OWNER TO keystead_owner';
    END IF;

    SET LOCAL ROLE keystead_owner;
    GRANT USAGE ON SCHEMA keystead TO keystead_app, keystead_backup;
    ALTER DEFAULT PRIVILEGES IN SCHEMA keystead GRANT SELECT ON TABLES TO keystead_backup;
    -- Functions are for everyone unless this is said, and not only for one schema.
    ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    RESET ROLE;
END
$roles$;
