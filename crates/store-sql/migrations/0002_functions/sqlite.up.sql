-- 0002_functions: PostgreSQL only; SQLite runs the same as statements of the program.
SELECT 1;
