Feature: Audit
  Every change and every sign-in outcome leaves an event that nobody can change.

  Scenario: Changes leave events
    Given ada works in the organization "Engines"
    When ada makes the team "Analysts"
    Then ada's audit events tell of "team.created"

  Scenario: Failed sign-ins leave events
    Given ada has signed in
    When somebody signs in as "ada" with "not the right password"
    Then ada's audit events tell of "session.refused"

  Scenario: Events of one organization are not seen from another
    Given ada works in the organization "Engines"
    And grace works in the organization "Looms"
    When ada makes the team "Analysts"
    Then grace's audit events do not tell of "team.created"

  Scenario: A member sees only their own events
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    When ada makes the team "Analysts"
    Then grace's audit events do not tell of "team.created"

  Scenario: Denials are recorded where the operator wants that
    Given the server records "denials" as audit events
    And ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    When ada makes the team "Analysts"
    And grace makes the team "Poets"
    Then ada's audit events soon tell of "access.denied"
    And ada's audit events do not tell of "access.allowed"
