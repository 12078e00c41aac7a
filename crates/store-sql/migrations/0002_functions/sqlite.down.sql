-- Takes 0002_functions back: there is nothing to take back on SQLite.
SELECT 1;
