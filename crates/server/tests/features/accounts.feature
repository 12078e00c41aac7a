Feature: Accounts
  A person registers once, signs in with a username or an address, and keeps their own account up to date.

  Scenario: Register and sign in
    When ada registers with the password "correct horse battery staple"
    Then the answer is 201
    When ada signs in with "correct horse battery staple"
    Then the answer is 200
    And ada can see their own account
    And ada works in an organization of their own

  Scenario: The address is a login, too, whatever its case
    Given ada has an account
    When somebody signs in as "ADA@example.ORG" with ada's password
    Then the answer is 200

  Scenario: A username is taken without regard to case
    Given ada has an account
    When somebody registers as "ADA" with the address "other@example.org"
    Then the answer is 409 with code "username_taken"

  Scenario: An address is taken
    Given ada has an account
    When somebody registers as "grace" with the address "Ada@Example.org"
    Then the answer is 409 with code "email_taken"

  Scenario Outline: A password that is easy to guess is refused
    When ada registers with the password "<password>"
    Then the answer is 422
    And nobody can sign in as "ada" with "<password>"

    Examples:
      | password      |
      | short         |
      | password123   |
      | 12345678901   |

  Scenario: A wrong password, an unknown login and a disabled account look the same
    Given ada has an account
    And grace has an account
    And the administrator has disabled grace
    When somebody signs in as "ada" with "not the right password"
    Then the answer is 401 with code "wrong_credentials"
    When somebody signs in as "nobody" with "not the right password"
    Then the answer is the same as before
    When somebody signs in as "grace" with grace's password
    Then the answer is the same as before

  Scenario: Two windows cannot overwrite each other
    Given ada has signed in
    When ada changes their first name to "Ada" for the version they have read
    Then the answer is 200
    When ada changes their first name to "Eve" for the version they had read before
    Then the answer is 412
    When ada changes their first name to "Eve" without saying for which version
    Then the answer is 428

  Scenario: Nobody sees the accounts of others
    Given ada has signed in
    And grace has signed in
    When ada asks for grace's account
    Then the answer is 404

  Scenario: The first administrator changes the password before anything else
    Given the administrator has just been made
    When the administrator asks for the list of users
    Then the answer is 403 with code "password_change_required"
    When the administrator changes the password to "a completely different phrase"
    Then the answer is 204
    When the administrator signs in with "a completely different phrase"
    And the administrator asks for the list of users
    Then the answer is 200
