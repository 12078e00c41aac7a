-- Takes 0002_functions back.
DO $drop$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN
        SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'keystead'::regnamespace AND p.proname IN (
            'find_login', 'load_caller', 'rotate_refresh_token', 'invitation_by_token', 'record_sign_in_failure',
            'record_sign_in_success', 'clear_sign_in_attempts', 'record_activity', 'claim_jobs', 'renew_job', 'fail_job',
            'due_schedules', 'enqueue_turn', 'next_due', 'delete_expired', 'figures')
    LOOP
        EXECUTE format('DROP FUNCTION %s', f);
    END LOOP;
END
$drop$;
