Feature: Roles
  What a person may do follows from the roles they hold in the organization they work in.

  Scenario Outline: Who may make a team
    Given ada works in the organization "Engines"
    And grace is a "<role>" of "Engines"
    When grace makes the team "Weavers"
    Then the answer is <status>

    Examples:
      | role    | status |
      | admin   | 201    |
      | manager | 201    |
      | user    | 403    |

  Scenario: A role of one's own
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    When ada makes the role "team-makers" with "teams:create:organization"
    Then the answer is 201
    When ada gives grace the roles "user, team-makers"
    Then the answer is 200
    When grace makes the team "Weavers"
    Then the answer is 201

  Scenario: A role is in force as soon as it is changed
    Given ada works in the organization "Engines"
    And grace is a "manager" of "Engines"
    When ada gives grace the roles "user"
    And grace makes the team "Weavers"
    Then the answer is 403

  Scenario: Nobody grants what they lack
    Given ada works in the organization "Engines"
    When ada makes the role "too-much" with "users:delete:any"
    Then the answer is 403

  Scenario: Built-in roles cannot be changed by an organization
    Given ada works in the organization "Engines"
    When ada renames the role "user" to "mine"
    Then the answer is 403
