-- 0009_callers_still_known.
-- It runs in one transaction, foreign keys checked at its end. Once landed, it is never edited.

-- SQLite has no functions.
