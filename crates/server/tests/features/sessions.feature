Feature: Sessions
  A session lives on refresh tokens that work once. Ending it ends its access tokens at once.

  Scenario: A refresh token works once
    Given ada has signed in
    When ada refreshes
    Then the answer is 200
    And the refresh token is a new one

  Scenario: A lost reply is answered once more
    Given ada has signed in
    And ada has refreshed
    When the token before the last is presented again
    Then the answer is 200
    And the refresh token is the same as before

  Scenario: An old refresh token ends the session
    Given ada has signed in
    And ada has refreshed
    And ada has refreshed
    When the first refresh token is presented again
    Then the answer is 401
    And ada is signed out
    And ada cannot refresh
    And ada's audit events tell of "session.refresh_replayed"

  Scenario: A made-up refresh token ends nothing
    Given ada has signed in
    When a made-up refresh token is presented
    Then the answer is 401
    And ada can see their own account

  Scenario: Signing out
    Given ada has signed in
    When ada signs out
    Then the answer is 204
    And ada is signed out
    And ada cannot refresh

  Scenario: Ending all other sessions
    Given ada has signed in
    And ada has signed in on another device
    When ada ends all other sessions
    Then the answer is 204
    And the first device is signed out
    And ada has 1 session

  Scenario: Changing the password ends the other sessions
    Given ada has signed in
    And ada has signed in on another device
    When ada changes the password to "an entirely new long phrase"
    Then the answer is 204
    And the first device is signed out

  Scenario: Disabling an account ends its sessions at once
    Given ada has signed in
    When the administrator disables ada
    Then the answer is 200
    And ada is signed out
    And ada cannot refresh

  Scenario: Too many wrong passwords lock the network out, and the administrator can lift the lock
    Given ada has an account
    When somebody signs in as "ada" with "wrong password number x" 5 times
    And somebody signs in as "ada" with ada's password
    Then the answer is 401 with code "wrong_credentials"
    When the administrator unlocks ada
    And somebody signs in as "ada" with ada's password
    Then the answer is 200
