Feature: User levels
  What members may do with the product's features, and which of its views they see, is written into user levels. The platform
  gives an organization modules; its administrators and managers share out by levels what is in them.

  Scenario Outline: Who may make a user level
    Given ada works in the organization "Engines"
    And grace is a "<role>" of "Engines"
    When grace makes the user level "Clerks"
    Then the answer is <status>

    Examples:
      | role    | status |
      | admin   | 201    |
      | manager | 201    |
      | user    | 403    |

  Scenario: Levels are for members
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    And eve has signed in
    When ada makes the user level "Clerks"
    And ada gives grace the user level "Clerks"
    Then the answer is 200
    And grace has the user levels "Clerks"
    When ada gives eve the user level "Clerks"
    Then the answer is 404
    When grace gives ada the user level "Clerks"
    Then the answer is 403
    When ada removes the user level "Clerks"
    Then the answer is 409
    When ada makes the user level "Auditors"
    And ada replaces grace's user levels by "Auditors"
    Then the answer is 200
    And grace has the user levels "Auditors"
    When ada removes the user level "Clerks"
    Then the answer is 204

  Scenario: A manager may give himself a level, and everybody who reads the trail sees it
    Given ada works in the organization "Engines"
    And grace is a "manager" of "Engines"
    When grace makes the user level "Clerks"
    And grace gives grace the user level "Clerks"
    Then the answer is 200
    And ada's audit events tell of "user_level.given"
