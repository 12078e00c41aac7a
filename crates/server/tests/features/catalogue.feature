Feature: The catalogue
  The platform says what the product shows and can do; organizations have modules of it.

  Scenario: The platform describes the product, and everybody reads it
    Given ada works in the organization "Engines"
    When the administrator makes the view "orders"
    Then the answer is 201
    When the administrator makes the feature "orders.export"
    And the administrator makes the module "sales"
    And the administrator puts the views "orders" into the module "sales"
    Then the answer is 200
    And ada finds the view "orders"
    And ada sees the views "orders" in the module "sales"

  Scenario: Organizations do not write it
    Given ada works in the organization "Engines"
    When ada makes the view "orders"
    Then the answer is 403
    When the administrator makes the view "orders"
    And ada renames the view "orders"
    Then the answer is 403
    When ada removes the view "orders"
    Then the answer is 403

  Scenario: A key is taken once, and a change is for the version that was read
    When the administrator makes the view "orders"
    And the administrator makes the view "orders"
    Then the answer is 409 with code "key_taken"
    When the administrator renames the view "orders" for an old version
    Then the answer is 412 with code "stale"

  Scenario: Many at once, all or none
    When the administrator puts the features "orders.export, orders.print" there at once
    Then the answer is 200
    And 2 were made and 0 changed
    When the administrator puts the features "orders.export, orders.print, orders.send" there at once
    Then 1 was made and 0 changed
    When the administrator puts the features "orders.archive, not a key" there at once
    Then the answer is 422
    And the answer names "items[1].key"
    And there is no feature "orders.archive"

  Scenario: What is not there is named, and nothing changes
    When the administrator makes the view "orders"
    And the administrator makes the module "sales"
    And the administrator puts the views "orders" into the module "sales"
    And the administrator puts a view that is not there into the module "sales"
    Then the answer is 422
    And the answer names that view
    And the administrator sees the views "orders" in the module "sales"

  Scenario: An organization has modules
    Given ada works in the organization "Engines"
    And grace works in the organization "Looms"
    When the administrator makes the module "sales"
    And the administrator gives "Engines" the module "sales"
    Then the answer is 200
    And ada sees 1 module of "Engines"
    And ada's audit events tell of "organization.module_added"
    When ada gives "Engines" the module "sales"
    Then the answer is 403
    When ada takes the module "sales" from "Engines"
    Then the answer is 403
    When grace asks for the modules of "Engines"
    Then the answer is 404
    When grace gives "Engines" the module "sales"
    Then the answer is 404
    When the administrator removes the module "sales"
    Then the answer is 409 with code "catalogue_in_use"
    When the administrator takes every module from "Engines"
    Then the answer is 200
    And ada sees 0 modules of "Engines"
    When the administrator removes the module "sales"
    Then the answer is 204

  Scenario: The menu has two levels
    When the administrator makes the view "orders"
    And the administrator makes the menu item "shop" that leads to the view "orders"
    Then the answer is 201
    When the administrator makes the sub-menu item "open-orders" under "shop"
    Then the answer is 201
    When the administrator removes the view "orders"
    Then the answer is 409 with code "catalogue_in_use"
    When the administrator removes the menu item "shop"
    Then the answer is 204
    And there is no sub-menu item "open-orders"

  Scenario Outline: Out and in again, as <form>
    When the administrator makes the view "orders"
    And the administrator makes the module "sales"
    And the administrator puts the views "orders" into the module "sales"
    And the administrator exports the catalogue as "<form>"
    And the administrator imports it
    Then the answer is 200
    And nothing was added, changed or removed
    When the administrator makes the view "later"
    And the administrator renames the view "orders"
    And the administrator tries the import
    Then the answer is 200
    And "views orders" was changed and "views later" removed
    And the administrator finds the view "later"
    When the administrator imports it
    Then "views orders" was changed and "views later" removed
    And there is no view "later"
    And the administrator sees the views "orders" in the module "sales"

    Examples:
      | form             |
      | application/json |
      | application/yaml |

  Scenario: What is in use is not removed by an import, and then nothing changes
    Given ada works in the organization "Engines"
    When the administrator makes the module "sales"
    And the administrator gives "Engines" the module "sales"
    And the administrator imports a document with the view "orders" only
    Then the answer is 409 with code "catalogue_in_use"
    And there is no view "orders"
    When ada imports a document with the view "orders" only
    Then the answer is 403
