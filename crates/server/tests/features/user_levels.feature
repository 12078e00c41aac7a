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

  Scenario: A level says what was written into it, all of it or nothing
    Given ada works in the organization "Engines"
    And the product has the feature "reports" and the view "dashboard"
    When ada makes the user level "Clerks"
    And ada writes into "Clerks": read reports, write reports
    Then the answer is 200
    And "Clerks" says 2 things about features
    When ada writes into "Clerks": print reports, read nothing-there
    Then the answer is 404
    And "Clerks" says 2 things about features
    When ada writes into "Clerks": read reports, print reports
    Then the answer is 200
    And "Clerks" says 3 things about features
    And ada's audit events tell of "user_level.permissions_changed"

  Scenario: Two who replace the same level do not overwrite each other unseen
    Given ada works in the organization "Engines"
    And grace is a "manager" of "Engines"
    And the product has the feature "reports" and the view "dashboard"
    When ada makes the user level "Clerks"
    And grace reads the user level "Clerks"
    And ada writes into "Clerks": read reports
    And grace replaces what "Clerks" says for what was read: write reports
    Then the answer is 412
    When grace reads the user level "Clerks"
    And grace replaces what "Clerks" says for what was read: write reports, print reports
    Then the answer is 200
    And "Clerks" says 2 things about features

  Scenario: What the platform has fixed, the organization cannot change
    Given ada works in the organization "Engines"
    And the product has the feature "reports" and the view "dashboard"
    When ada makes the user level "Clerks"
    And the platform fixes in "Clerks" of "Engines" that nobody exports "reports"
    Then the answer is 200
    When ada writes into "Clerks": read reports, export reports
    Then the answer is 409
    And "Clerks" says 1 thing about features
    When ada reads the user level "Clerks"
    And ada replaces what "Clerks" says for what was read: read reports
    Then the answer is 200
    And "Clerks" says 2 things about features
    When ada removes the user level "Clerks"
    Then the answer is 409
    When the platform removes the user level "Clerks" of "Engines"
    Then the answer is 204

  Scenario: An organization fixes nothing itself
    Given ada works in the organization "Engines"
    And the product has the feature "reports" and the view "dashboard"
    When ada makes the user level "Clerks"
    And ada fixes in "Clerks" that nobody exports "reports"
    Then the answer is 409

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

  Scenario: The matrix is changed whole or not at all
    Given ada works in the organization "Engines"
    And the product has the feature "reports" and the view "dashboard"
    When ada makes the user level "Clerks"
    And ada makes the user level "Auditors"
    And ada changes cells of the matrix
      | level    | about            | value | version |
      | Clerks   | read reports     | allow | 0       |
      | Clerks   | dashboard        | deny  | 0       |
      | Auditors | read reports     | allow | 0       |
    Then the answer is 200
    And the matrix has 3 cells
    When ada changes cells of the matrix
      | level    | about            | value | version |
      | Clerks   | read reports     | null  | 1       |
      | Auditors | read reports     | deny  | 7       |
    Then the answer is 412
    And the matrix has 3 cells
    When ada changes cells of the matrix
      | level    | about            | value | version |
      | Clerks   | read reports     | null  | 1       |
      | Auditors | read reports     | deny  | 1       |
    Then the answer is 200
    And the matrix has 2 cells
