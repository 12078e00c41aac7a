//! The list of every contract, and the macro that makes a test of each.

/// Makes a test of every contract, on the stores that `$harness`, a function in the calling module, makes: it takes nothing and
/// is asynchronous.
#[macro_export]
macro_rules! contract_suite {
    ($harness:ident) => {
        $crate::contract_tests! { $harness;
            access_changes: [
                a_transaction_raises_each_version_once,
                the_version_is_raised_when_it_is_asked_for,
                an_organization_that_is_not_there_has_no_version,
                a_transaction_knows_what_it_holds_and_has_changed,
                what_changed_between_two_versions_is_told,
                what_is_not_known_any_more_is_read_anew,
                changes_at_the_same_moment_have_versions_of_their_own,
                versions_of_several_organizations_are_read_at_once,
                not_from_another_organization,
            ],
            api_keys: [
                a_key_is_found_as_it_was_written,
                a_prefix_is_taken_everywhere_and_accounts_must_be_there,
                keys_are_listed_in_pages,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                live_keys_of_an_account_are_withdrawn_at_once,
                a_key_opens_while_everything_about_it_is_live,
                use_is_written_in_one_batch_and_never_moves_back,
                not_from_another_organization,
            ],
            audit: [
                events_are_found_as_they_were_written,
                events_are_listed_newest_first_in_pages,
                a_large_batch_is_added_whole,
                events_are_filtered,
                not_from_another_organization,
            ],
            callers: [
                a_caller_is_loaded_whole,
                only_with_an_active_account_and_a_live_session_of_its_own,
                a_place_counts_while_it_and_its_organization_last,
                not_from_another_organization,
            ],
            catalogue: [
                an_entry_is_found_as_it_was_written,
                a_taken_key_is_a_conflict,
                entries_are_listed_in_pages,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                what_is_in_use_stays,
                only_the_platform_writes_the_catalogue,
            ],
            catalogue_links: [
                links_are_added_once_and_removed,
                links_to_nothing_are_refused,
                what_belongs_together_is_replaced_and_joined,
                links_go_with_what_they_link,
                only_the_platform_links,
            ],
            cleanup: [
                expired_rows_are_deleted_in_batches,
                figures_are_counted,
                partitions_are_made_ahead_once,
                a_store_is_healthy_until_it_is_closed,
            ],
            effective_permissions: [
                it_is_found_as_it_was_written_and_overwritten,
                it_ends_with_its_time,
                a_change_of_what_decides_ends_it,
                all_that_is_kept_is_listed_in_pages,
                it_goes_with_what_it_is_about,
                what_has_expired_is_deleted_in_batches,
                not_from_another_organization,
            ],
            idempotency: [
                a_repeated_request_gets_the_first_answer,
                a_claim_that_is_rolled_back_was_none,
                an_expired_key_counts_as_never_used,
                of_requests_at_the_same_moment_one_is_the_first,
                not_from_another_organization,
            ],
            invitations: [
                an_invitation_is_found_as_it_was_written,
                invitations_are_listed_in_pages,
                an_answer_raises_the_version_and_a_stale_one_is_refused,
                what_a_person_made_or_was_sent_is_withdrawn,
                not_from_another_organization,
            ],
            jobs: [
                a_job_is_found_as_it_was_written,
                a_unique_job_waits_or_runs_once,
                jobs_are_listed_in_pages_and_filtered,
                dead_and_cancelled_jobs_can_be_retried,
                queued_jobs_can_be_withdrawn,
                a_running_job_is_finished_by_its_current_attempt_only,
                schedules_are_made_once_and_listed,
                not_from_another_organization,
            ],
            keys: [
                signing_keys_are_found_until_they_expire,
                two_nodes_do_not_rotate_at_once,
                a_data_key_is_made_once_for_each_owner_and_purpose,
                one_data_key_is_made_at_the_same_moment,
                not_from_another_organization,
            ],
            level_assignments: [
                a_level_is_given_once,
                only_members_have_levels_of_their_organization,
                who_has_a_level_is_listed_in_pages,
                levels_are_replaced_and_taken,
                not_from_another_organization,
            ],
            level_permissions: [
                a_permission_is_found_as_it_was_written,
                a_level_has_one_on_each,
                what_is_there_is_overwritten,
                all_of_a_level_is_replaced,
                permissions_are_listed_in_pages,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                managers_change_only_what_is_modifiable,
                not_from_another_organization,
            ],
            memberships: [
                a_member_is_found_with_person_and_roles,
                a_second_membership_is_a_conflict,
                members_are_listed_in_pages_with_their_roles,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                what_hangs_on_a_membership_goes_with_it,
                active_administrators_are_counted,
                two_administrators_cannot_remove_each_other_at_once,
                not_from_another_organization,
            ],
            menus: [
                an_item_is_found_as_it_was_written,
                the_menu_is_read_whole_and_in_order,
                items_are_listed_in_pages,
                keys_and_references_are_checked,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                only_the_platform_writes_the_menu,
            ],
            noted_changes: [
                a_change_of_people_and_roles_is_noted,
                a_change_of_the_catalogue_is_noted_for_everyone,
                a_change_of_entitlements_is_noted,
                a_change_of_rules_and_entities_is_noted,
                a_change_of_service_accounts_is_noted,
                a_change_of_an_account_is_noted_where_its_status_is_another,
            ],
            organization_modules: [
                a_module_is_found_as_it_was_given,
                a_module_is_given_once,
                what_is_there_is_overwritten,
                modules_are_listed_in_pages,
                active_modules_are_joined_in_order,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                not_from_another_organization,
            ],
            organizations: [
                an_organization_is_found_as_it_was_written,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                a_person_sees_the_organizations_of_their_memberships,
                the_platform_sees_every_organization,
                not_from_another_organization,
            ],
            permissions: [
                permissions_are_added_in_one_batch_and_found,
                own_and_inherited_permissions_are_listed_in_pages,
                a_permission_in_use_stays,
                not_from_another_organization,
            ],
            policy_entities: [
                an_entity_is_found_as_it_was_written,
                an_entity_is_there_once,
                what_is_there_is_overwritten,
                large_batches_are_written_whole,
                entities_are_listed_in_pages,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                not_from_another_organization,
            ],
            policy_models: [
                an_organization_has_one_model,
                the_platforms_model_is_in_force_where_there_is_none,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                not_from_another_organization,
            ],
            queue: [
                due_jobs_are_claimed_from_every_organization,
                a_lost_workers_job_is_taken_over_and_the_old_one_is_fenced_off,
                a_failed_job_is_tried_again_or_given_up,
                a_job_whose_workers_are_lost_too_often_dies,
                no_attempt_is_claimed_twice,
                a_claim_does_not_wait_for_a_job_that_is_just_being_finished,
                due_schedules_enqueue_their_jobs,
                two_nodes_never_enqueue_the_same_turn,
                the_next_due_time_is_the_earliest,
            ],
            refresh: [
                a_current_token_is_rotated,
                a_rotation_writes_its_event,
                the_idle_end_never_passes_the_absolute_one,
                a_lost_reply_is_repeated_within_its_grace,
                a_predecessor_after_its_grace_is_a_replay,
                a_predecessor_after_its_successor_was_used_is_a_replay,
                a_hash_of_another_generation_is_nothing,
                only_while_session_and_account_last,
                roles_are_none_where_the_membership_has_ended,
                one_token_presented_many_times_at_once_is_rotated_once,
                not_from_another_person,
            ],
            roles: [
                a_role_is_found_as_it_was_written,
                several_roles_are_found_at_once,
                a_taken_name_is_a_conflict,
                own_and_inherited_roles_are_listed_in_pages,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                a_role_in_use_stays,
                what_a_role_permits_is_replaced,
                what_counts_of_the_roles_asked_for_is_granted,
                what_a_member_holds_is_replaced,
                the_access_version_is_raised_by_one_each_time,
                not_from_another_organization,
            ],
            rules: [
                a_rule_is_found_as_it_was_written,
                the_same_line_may_be_there_twice,
                a_large_batch_is_written_whole_and_in_order,
                rules_are_filtered_and_listed_in_pages,
                what_does_not_count_is_summed_up,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                not_from_another_organization,
            ],
            seeds: [
                a_seed_is_noted_once_for_each_environment,
                two_nodes_do_not_seed_at_once,
                not_from_another_organization,
            ],
            service_accounts: [
                an_account_is_found_as_it_was_written,
                a_taken_name_is_a_conflict,
                accounts_are_listed_in_pages,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                not_from_another_organization,
            ],
            sessions: [
                a_session_is_found_as_it_was_written,
                live_sessions_are_listed_in_pages,
                a_session_is_revoked_once,
                all_other_sessions_are_revoked_at_once,
                a_session_moves_to_another_organization,
                not_from_another_person,
                last_activity_is_written_in_one_batch_and_never_moves_back,
            ],
            sign_in: [
                a_login_is_found_by_username_and_by_address,
                a_new_session_works_where_the_last_one_did,
                failures_lock_the_network_out,
                failures_from_many_networks_lock_the_account,
                old_failures_do_not_count,
                failures_on_no_account_count_as_well,
                a_success_forgets_failures_and_knows_the_network,
                every_lock_of_an_account_can_be_lifted,
                failures_at_the_same_moment_all_count,
                of_tries_at_the_same_moment_each_sees_those_before,
            ],
            snapshots: [
                everything_that_decides_is_read,
                what_is_known_of_the_platform_is_not_read_again,
                a_change_brings_a_snapshot_up_to_date,
                too_much_or_everything_is_read_anew,
                accounts_that_are_not_active_are_read_with_the_platform,
                not_from_another_organization,
            ],
            teams: [
                a_team_is_found_as_it_was_written,
                a_taken_name_is_a_conflict,
                teams_are_listed_in_pages,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                members_are_added_listed_and_removed,
                only_members_of_the_organization_join_its_teams,
                not_from_another_organization,
            ],
            trail: [
                visits_are_found_newest_first,
                the_oldest_are_forgotten,
                visits_are_forgotten_on_demand,
                visits_go_with_what_they_are_about,
                not_from_another_person,
            ],
            units: [
                what_is_not_committed_is_rolled_back,
                a_failed_unit_leaves_nothing,
                a_commit_is_seen_whole_and_at_once,
                a_reader_keeps_one_picture,
                a_unit_sees_the_rows_of_its_scope_only,
                a_glance_sees_the_rows_of_its_scope_and_changes_none,
                changes_at_the_same_moment_do_not_overwrite_each_other,
                a_dropped_caller_leaves_the_store_usable,
            ],
            user_levels: [
                a_level_is_found_as_it_was_written,
                a_taken_name_is_a_conflict,
                levels_are_listed_in_pages,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                a_level_in_use_stays_and_its_permissions_go_with_it,
                not_from_another_organization,
            ],
            users: [
                an_account_is_found_as_it_was_written,
                a_taken_username_or_address_is_a_conflict,
                accounts_are_listed_in_pages,
                accounts_are_filtered,
                a_change_raises_the_version_and_a_stale_one_is_refused,
                a_change_leaves_what_signing_in_writes,
                a_password_hash_is_replaced,
                a_sign_in_is_noted_without_raising_the_version,
                not_from_another_organization,
            ],
        }
    };
}

/// The part of [`contract_suite`](crate::contract_suite) that is the same for every contract.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_tests {
    ($harness:ident; $($module:ident: [$($contract:ident),+ $(,)?],)+) => {$(
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $contract() {
                    let harness = super::$harness().await;
                    $crate::contracts::$module::$contract(&harness).await;
                }
            )+
        }
    )+};
}

#[cfg(test)]
mod tests {
    /// A contract that the suite does not name would never be tested.
    #[test]
    fn every_contract_is_in_the_suite() {
        let list = include_str!("suite.rs");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/contracts");
        let mut contracts = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let source = std::fs::read_to_string(&path).unwrap();
            for line in source.lines() {
                let Some(name) = line.strip_prefix("pub async fn ").and_then(|rest| rest.split('(').next()) else {
                    continue;
                };
                let module = path.file_stem().unwrap().to_str().unwrap();
                let (_, names) = list.split_once(&format!("            {module}: [\n")).unwrap();
                let (names, _) = names.split_once("            ],").unwrap();
                assert!(names.lines().any(|listed| listed.trim() == format!("{name},")), "{module}::{name}");
                contracts += 1;
            }
        }
        assert!(contracts > 100, "{contracts}");
    }
}
