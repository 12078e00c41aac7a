Feature: Service accounts
  A program calls with a key of its own. What the key permits is said when it is made, by somebody who may do as much.

  Scenario: A key permits its scopes and nothing else
    Given ada works in the organization "Engines"
    When ada makes the service account "robot" with "teams:create, teams:read"
    Then the answer is 201
    And the answer shows a key
    When robot makes the team "Weavers"
    Then the answer is 201
    When robot reads the roles
    Then the answer is 404
    And ada's audit events show "service_account"

  Scenario: A key is shown once
    Given ada works in the organization "Engines"
    When ada makes the service account "robot" with "teams:read"
    Then the answer shows a key
    When ada reads the service account "robot"
    Then the answer shows no key
    When ada lists the keys of "robot"
    Then the answer shows no key
    And ada's audit events do not show robot's key

  Scenario: A repeated request makes no second key and shows none
    Given ada works in the organization "Engines"
    When ada makes the service account "robot" twice with one Idempotency-Key
    Then the answer is 409 with code "already_answered"
    And the answer shows no key

  Scenario: Nobody hands out what they lack
    Given ada works in the organization "Engines"
    When ada makes the service account "robot" with "users:delete:any"
    Then the answer is 403 with code "grants_too_much"

  Scenario: A scope that is about one's own is of no use to a program
    Given ada works in the organization "Engines"
    When ada makes the service account "robot" with "sessions:read:own"
    Then the answer is 422

  Scenario Outline: Who may make service accounts
    Given ada works in the organization "Engines"
    And grace is a "<role>" of "Engines"
    When grace makes the service account "robot" with "teams:read"
    Then the answer is <status>

    Examples:
      | role    | status |
      | admin   | 201    |
      | manager | 404    |
      | user    | 404    |

  Scenario: A program is no person
    Given ada works in the organization "Engines"
    And ada has made the service account "robot" with "teams:read, invitations:create"
    When robot reads its own account
    Then the answer is 403 with code "for_people_only"
    When robot lists its sessions
    Then the answer is 403 with code "for_people_only"
    When robot founds the organization "Machines"
    Then the answer is 403 with code "for_people_only"

  Scenario: A key that is withdrawn opens nothing
    Given ada works in the organization "Engines"
    And ada has made the service account "robot" with "teams:read"
    Then robot can read the teams
    When ada withdraws the key of "robot"
    Then the answer is 204
    And robot is a stranger

  Scenario: A disabled service account is a stranger at once, and its keys stay ended
    Given ada works in the organization "Engines"
    And ada has made the service account "robot" with "teams:read"
    Then robot can read the teams
    When ada disables the service account "robot"
    Then the answer is 200
    And robot is a stranger
    When ada enables the service account "robot"
    Then the answer is 200
    And robot is a stranger

  Scenario: A key and its successor overlap
    Given ada works in the organization "Engines"
    And ada has made the service account "robot" with "teams:read"
    When ada rotates the key of "robot"
    Then the answer is 201
    And the answer shows a key
    And robot can read the teams with both keys

  Scenario: A key can be rotated at once
    Given ada works in the organization "Engines"
    And ada has made the service account "robot" with "teams:read"
    When ada rotates the key of "robot" without an overlap
    Then the answer is 201
    And robot can read the teams with the new key only

  Scenario: Keys of an archived organization open nothing
    Given ada works in the organization "Engines"
    And ada has made the service account "robot" with "teams:read"
    When ada archives "Engines"
    Then robot is a stranger

  Scenario: What is wrong with a key is not said
    Given ada works in the organization "Engines"
    And ada has made the service account "robot" with "teams:read"
    Then every wrong key of robot has the same answer
