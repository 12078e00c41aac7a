Feature: Organizations
  People work together in organizations, and see nothing of others.

  Scenario: Found an organization and switch to it
    Given ada has signed in
    When ada founds the organization "Engines"
    Then the answer is 201
    When ada switches to "Engines"
    Then the answer is 200
    And ada holds the role "admin"

  Scenario: Invite, join and leave
    Given ada works in the organization "Engines"
    And grace has signed in
    When ada invites grace as "user"
    Then the answer is 201
    When grace accepts the invitation
    Then the answer is 200
    And "Engines" has 2 members
    When grace switches to "Engines"
    Then grace holds the role "user"
    When grace leaves "Engines"
    Then the answer is 204
    And "Engines" has 1 member
    And grace can no longer work in "Engines"

  Scenario: An invitation is for one address and for one time
    Given ada works in the organization "Engines"
    And grace has signed in
    And eve has signed in
    And ada has invited grace as "user"
    When eve accepts the invitation
    Then the answer is 404
    When grace accepts the invitation
    Then the answer is 200
    When grace accepts the invitation
    Then the answer is 404

  Scenario: A withdrawn invitation is worth nothing
    Given ada works in the organization "Engines"
    And grace has signed in
    And ada has invited grace as "user"
    When ada withdraws the invitation
    Then the answer is 204
    When grace accepts the invitation
    Then the answer is 404

  Scenario: The last administrator stays
    Given ada works in the organization "Engines"
    When ada leaves "Engines"
    Then the answer is 409 with code "last_administrator"

  Scenario: An organization's administrator changes memberships, never a person's account
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    When ada changes grace's first name
    Then the answer is 403

  Scenario: Other organizations do not exist
    Given ada works in the organization "Engines"
    And grace works in the organization "Looms"
    When grace asks for the organization "Engines"
    Then the answer is 404
    When grace asks for the members of "Engines"
    Then the answer is 404
    When ada makes the team "Analysts"
    Then the answer is 201
    When grace asks for the team "Analysts"
    Then the answer is 404
