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

  Scenario: Who is suspended or removed does not come back by an invitation of their own
    Given ada works in the organization "Engines"
    And grace is a "manager" of "Engines"
    When grace invites grace as "manager"
    Then the answer is 201
    When ada suspends grace in "Engines"
    Then the answer is 200
    And ada's audit events tell of "invitation.revoked"
    When grace leaves "Engines"
    Then the answer is 403 with code "membership_suspended"
    When grace accepts the invitation
    Then the answer is 404
    When ada removes grace from "Engines"
    Then the answer is 204
    When grace accepts the invitation
    Then the answer is 404

  Scenario: An invitation is worth what its maker could give now
    Given ada works in the organization "Engines"
    And grace is a "manager" of "Engines"
    And eve has signed in
    When grace invites eve as "manager"
    Then the answer is 201
    When grace leaves "Engines"
    Then the answer is 204
    When eve accepts the invitation
    Then the answer is 404

  Scenario: Nobody acts against those above them
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    When ada makes the role "wardens" with "members:read:organization, members:update:organization, members:delete:organization"
    Then the answer is 201
    When ada gives grace the roles "wardens"
    Then the answer is 200
    When grace suspends ada in "Engines"
    Then the answer is 403 with code "holds_more"
    When grace removes ada from "Engines"
    Then the answer is 403 with code "holds_more"

  Scenario: What Keystead will use is the platform's to define
    Given ada works in the organization "Engines"
    When ada defines the permission "policies:update:organization"
    Then the answer is 422
    When ada defines the permission "reports:print:organization"
    Then the answer is 201

  Scenario: An organization sees that a member's account changed, and not what
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    When grace prefers "a secret"
    Then the answer is 200
    And ada's audit events tell of "user.updated"
    And ada's audit events do not show "a secret"
    And grace's audit events show "a secret"

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
