Feature: Why somebody may, or may not
  Whoever looks after an organization asks why a decision comes out as it does, and is told what decided, and what is missing.

  Background:
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"

  Scenario: The rule that allows it is named
    When ada adds a rule by which grace may do everything
    And ada asks why grace may "write" the document "d1"
    Then it is allowed because of "rule"
    And the rule that decided is the one that ada added
    And nothing is needed

  Scenario: The rule that came nearest says what is missing
    When ada adds a rule by which grace may read documents that are "published"
    And ada makes the document "d1" known with "draft"
    And ada asks why grace may "read" the document "d1"
    Then it is denied because of "no_permission"
    And the nearest rule failed at "r.obj.status" with "draft"
    When ada makes the document "d1" known with "published"
    And ada asks why grace may "read" the document "d1"
    Then it is allowed because of "rule"

  Scenario: A denial is in the way of everything else
    When ada adds a rule by which grace may do everything
    And ada adds a rule by which grace may not "write" documents
    And ada asks why grace may "write" the document "d1"
    Then it is denied because of "denied_by_rule"
    And without the denial by "rules" it would be allowed

  Scenario: What one's roles lack, others have
    When ada makes the team "Blue"
    And ada asks why grace may "delete" the team "Blue"
    Then it is denied because of "no_permission"
    And the roles "admin, manager" would allow it
    When ada asks why grace may "read" the team "Blue"
    Then it is allowed because of "role"

  Scenario: Everybody is told about themselves, without what is written about others
    When ada adds a rule by which ada may do everything
    And grace asks why grace may "write" the document "d1"
    Then it is denied because of "no_permission"
    And what the rules say in detail is not shown
    When grace asks why ada may "write" the document "d1"
    Then the answer is 403 with code "only_about_oneself"

  Scenario: The explanation is of the newest state
    When ada asks why grace may "write" the document "d1" since the version 999999
    Then the answer is 412 with code "access_version_unknown"
