Feature: Policies
  An organization writes rules in Casbin's words. What does not fit its model is not kept.

  Scenario: Rules are added, found, changed and removed
    Given ada works in the organization "Engines"
    When ada adds the rules
      """
      p, editor, *, document:*, write
      g, grace, editor, *
      """
    Then the answer is 201
    And ada has 2 rules
    And ada has 1 rule with "ptype=g&v1=editor"
    When ada puts the rule of "v0=grace" to rest
    Then the answer is 200
    And ada has 1 rule with "active=false"
    When ada removes the rules with the kind "g"
    Then the answer is 200
    And ada has 1 rule
    And ada's audit events tell of "policy_rules.deleted"

  Scenario: One rule that does not fit keeps all out
    Given ada works in the organization "Engines"
    When ada adds the rules
      """
      p, editor, *, document:*, write
      p, editor, document:*
      """
    Then the answer is 422
    And the refusal names "rules[1]" and says "takes 4 to 6 values, not 2"
    And ada has 0 rules

  Scenario: Nobody becomes their own boss
    Given ada works in the organization "Engines"
    When ada adds the rules
      """
      g, clerk, boss, *
      """
    And ada adds the rules
      """
      g, boss, clerk, *
      """
    Then the answer is 422
    And the refusal names "rules[0]" and says "cyclic roles: boss → clerk → boss"
    And ada has 1 rule

  Scenario: A role for a time
    Given ada works in the organization "Engines"
    When ada grants grace the role "editor" from "2026-01-01T00:00:00Z" until "2026-02-01T00:00:00Z"
    Then the answer is 201
    When ada grants grace the role "editor" from "2026-02-01T00:00:00Z" until "2026-01-01T00:00:00Z"
    Then the answer is 422
    And the refusal names "rules[0].expires_at" and says "must be later than not_before"

  Scenario: A model of one's own
    Given ada works in the organization "Engines"
    When ada puts a model with the matcher "r.sub == p.sub && keyMatch(r.obj, p.obj)"
    Then the answer is 200
    When ada adds the rules
      """
      p, grace, document:*, read
      """
    Then the answer is 201
    When ada takes the model away
    Then the answer is 422
    And the refusal names "text" and says "(p, grace, document:*, read): `p` takes 4 to 6 values"
    When ada puts a model with the matcher "r.sub == p.sub && system(r.obj)"
    Then the answer is 422
    And the refusal names "text" and says "line 8, column 23: unknown function `system`"

  Scenario: What is exported can be imported again
    Given ada works in the organization "Engines"
    When ada adds the rules
      """
      p, editor, *, document:*, write, allow, r.obj.status == "draft"
      g, grace, editor, *
      """
    And ada puts the rule of "v0=grace" to rest
    And ada exports the rules
    And ada removes the rules with the kind "p"
    And ada imports what was exported
    Then the answer is 200
    And ada has 2 rules
    And ada has 1 rule with "active=false"

  Scenario: Rules are the business of administrators
    Given ada works in the organization "Engines"
    And grace is a "manager" of "Engines"
    When grace adds the rules
      """
      p, grace, *, *, *
      """
    Then the answer is 404

  Scenario: A rule gives nothing that is Keystead's own
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    When ada adds a rule by which grace may do everything
    Then the answer is 201
    When grace makes the team "Weavers"
    Then the answer is 403
    When grace adds the rules
      """
      p, grace, *, *, *
      """
    Then the answer is 404

  Scenario: Things that decisions know
    Given ada works in the organization "Engines"
    When ada makes the document "d1" known with "draft"
    Then the answer is 200
    When ada makes the document "d1" known with "final"
    Then the answer is 200
    And the document "d1" of ada is "final"
    When ada makes the document "" known with "draft"
    Then the answer is 422
    And the refusal names "entities[0].id" and says "must have 1 to 256 characters"
