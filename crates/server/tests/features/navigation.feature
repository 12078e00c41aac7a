Feature: Navigation and what one may do
  What a person sees of the product follows from the modules that the organization has and from what decides for the person.

  Background:
    Given ada works in the organization "Engines"
    And grace is a "user" of "Engines"
    And "Engines" has a menu with "orders" and, under "office", "bills"

  Scenario: The menu is what is open to one
    Then grace's menu is ""
    When ada lets grace see "orders"
    Then grace's menu is "orders"
    When ada lets grace see "bills"
    Then grace's menu is "orders, office(bills)"
    And ada's menu is ""
    When ada forbids grace to see "orders"
    Then grace's menu is "office(bills)"

  Scenario: What the organization has not is in nobody's menu
    When ada lets grace see "orders"
    And the administrator takes the module "sales" from "Engines"
    Then grace's menu is ""

  Scenario: The trail is the latest visits, newest first, and nobody else's
    When grace visits "orders, bills, orders"
    Then the answer is 201
    And grace was last at "orders, bills, orders"
    And grace's last visit was to "orders"
    And ada was last at ""
    And ada's audit events tell of "trail.recorded"
    When grace visits "bills"
    Then grace was last at "bills, orders, bills, orders"
    When grace forgets her trail
    Then the answer is 204
    And grace was last at ""

  Scenario: What is not there was not visited, and there are bounds
    When grace visits a view that is not there
    Then the answer is 404
    When grace visits nothing
    Then the answer is 422
    And the answer names "visits"
    When grace visits "orders" 51 times
    Then the answer is 422
    When grace visits "orders" 40 times
    And grace visits "bills" 40 times
    Then grace has been at 50 places

  Scenario: What one may do, and why
    When ada lets grace see "orders"
    Then grace may see "orders" by a rule and the module "sales"
    And grace may not see "bills" because of "no_permission"
    And grace may do "read" with "teams" by the role "user"
    When ada forbids grace to see "orders"
    Then grace may not see "orders" because of "denied_by_rule"
    When the administrator takes the module "sales" from "Engines"
    Then grace may not see "bills" because of "not_in_a_module"

  Scenario: What others may do
    When ada asks what grace may do
    Then the answer is 200
    When grace asks what ada may do
    Then the answer is 404
    When grace asks what grace may do
    Then the answer is 404
    Given eve has signed in
    When ada asks what eve may do
    Then the answer is 404

  Scenario: One kind, page by page
    When ada lets grace see "orders"
    Then grace's permissions of the kind "view" are "bills, orders", page by page
    When grace asks for her permissions of the kind "nothing"
    Then the answer is 422
