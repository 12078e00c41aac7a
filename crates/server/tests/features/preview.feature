Feature: What a change would flip
  Whoever looks after an organization sees which decisions would come out otherwise before anything is saved.

  Background:
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    And ada makes the document "d1" known with "draft"
    And ada makes the document "d2" known with "final"

  Scenario: New rules are tried before they are saved
    When ada previews the rules
      """
      p, grace, *, document:d1, read
      p, grace, *, document:d2, read
      """
    Then grace would be allowed to "read" the documents "d1, d2"
    And ada has 0 rules
    And ada's audit events do not tell of "policy_rules.created"
    When ada saves what she has previewed
    Then ada has 2 rules
    And the preview of the same rules is empty

  Scenario: Other properties flip what a condition asks
    When ada adds a rule by which grace may read documents that are "final"
    And ada previews the document "d1" with "final"
    Then grace would be allowed to "read" the documents "d1"
    When ada previews the document "d2" with "draft"
    Then grace would be denied to "read" the documents "d2"
    And the document "d2" of ada is "final"

  Scenario: What would not be saved is not previewed
    When ada previews the rules
      """
      p, grace, *, document:d1, read
      p, grace
      """
    Then the answer is 422 with code "rules_refused"
    And the refusal names "changes[0].add_rules.rules[1]" and says "takes 4 to 6 values, not 1"

  Scenario: A member tries nothing
    When grace previews the rules
      """
      p, grace, *, document:d1, read
      """
    Then the answer is 404
