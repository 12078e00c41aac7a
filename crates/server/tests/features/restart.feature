Feature: Restart
  What was acknowledged is there after a restart.

  @kept
  Scenario: Going on after a restart
    Given ada works in the organization "Engines"
    And ada makes the team "Analysts"
    When the server is restarted
    Then ada can see their own account
    And ada can refresh
    And ada sees the team "Analysts"
