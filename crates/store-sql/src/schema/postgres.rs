//! The declared schema in PostgreSQL's words.

use super::{
    policies::{APP, BACKUP, OWNER},
    table::{Column, ColumnType, ForeignKey, Index, Table},
};
use keystead_domain::PLATFORM;
use std::fmt::Write;

/// The schema that everything is in.
pub const SCHEMA: &str = "keystead";

/// Replaces the placeholders of a declared condition. Settings are read in a sub-select, so that they are read once for each
/// statement and not once for each row.
pub(crate) fn fill(condition: &str) -> String {
    let setting = |name: &str| format!("(SELECT nullif(current_setting('app.{name}', true), '')::uuid)");
    condition
        .replace("{org}", &setting("organization_id"))
        .replace("{user}", &setting("user_id"))
        .replace("{platform}", &format!("'{PLATFORM}'::uuid"))
        .replace("{true}", "true")
        .replace("{false}", "false")
}

impl ColumnType {
    /// The type's name in PostgreSQL.
    #[must_use]
    pub fn postgres(self) -> String {
        match self {
            Self::Uuid => "uuid".to_owned(),
            Self::Text(max) => format!("varchar({max})"),
            Self::LongText => "text".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::BigInteger => "bigint".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::Timestamp => "timestamptz".to_owned(),
            Self::Json => "jsonb".to_owned(),
            Self::Bytes => "bytea".to_owned(),
        }
    }
}

impl ColumnType {
    /// The type as PostgreSQL prints it back, with its collation.
    pub(crate) fn postgres_prints(self) -> String {
        match self {
            Self::Text(max) => format!("character varying({max}) COLLATE C"),
            Self::LongText => "text COLLATE C".to_owned(),
            Self::Timestamp => "timestamp with time zone".to_owned(),
            other => other.postgres(),
        }
    }
}

fn column(column: &Column) -> String {
    let collation = match column.kind {
        ColumnType::Text(_) | ColumnType::LongText => " COLLATE \"C\"",
        _ => "",
    };
    let null = if column.nullable { "" } else { " NOT NULL" };
    format!("{} {}{collation}{null}", column.name, column.kind.postgres())
}

fn foreign_key(table: &str, key: &ForeignKey) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {}",
        key.name(table),
        key.columns.join(", "),
        key.table,
        key.references.join(", "),
        key.on_delete.as_str()
    )
}

fn index(table: &str, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let using = if index.gin { "USING gin " } else { "" };
    let only = index.only.map(|only| format!(" WHERE {}", fill(only))).unwrap_or_default();
    format!("CREATE {unique}INDEX {} ON {table} {using}({}){only};", index.name, index.columns.join(", "))
}

/// Makes the table with its indexes.
#[must_use]
pub fn create(table: &Table) -> String {
    let name = table.name;
    let mut lines: Vec<String> = table.columns.iter().map(column).collect();
    lines.push(format!("CONSTRAINT {} PRIMARY KEY ({})", table.primary_key_name(), table.primary_key.join(", ")));
    lines.extend(table.checks.iter().map(|(name, condition)| format!("CONSTRAINT {name} CHECK ({})", fill(condition))));
    lines.extend(table.foreign_keys.iter().map(|key| foreign_key(name, key)));
    let partitions = table.partitioned_by.map(|by| format!(" PARTITION BY RANGE ({by})")).unwrap_or_default();
    let mut sql = format!("-- {}\nCREATE TABLE {name} (\n    {}\n){partitions};\n", table.about, lines.join(",\n    "));
    for declared in table.indexes {
        sql.push_str(&index(name, declared));
        sql.push('\n');
    }
    sql
}

/// Row-level security and grants: after every table is there, because conditions name other tables.
#[must_use]
pub fn protect(table: &Table) -> String {
    let name = table.name;
    let mut sql = format!(
        "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {name} FORCE ROW LEVEL SECURITY;\n\
         GRANT SELECT ON {name} TO {BACKUP};\n"
    );
    if !table.app_may.is_empty() {
        let rights: Vec<_> = table.app_may.iter().map(|right| right.as_str()).collect();
        let _ = writeln!(sql, "GRANT {} ON {name} TO {APP};", rights.join(", "));
    }
    for policy in table.policies() {
        let command = policy.command.map(|right| format!(" FOR {}", right.as_str())).unwrap_or_default();
        let using = policy.using.map(|using| clause("USING", &using)).unwrap_or_default();
        let check = policy.with_check.map(|check| clause("WITH CHECK", &check)).unwrap_or_default();
        let _ = writeln!(sql, "CREATE POLICY {} ON {name}{command} TO {}{using}{check};", policy.name, policy.role);
    }
    sql
}

/// A policy's condition, one alternative a line.
fn clause(word: &str, condition: &str) -> String {
    format!("\n    {word} ({})", condition.replace(" OR ", "\n        OR "))
}

/// Refuses what is not allowed on a table whose rows are never changed.
const APPEND_ONLY: &str = "
-- Rows of an append-only table can be added and read, by whomever: the triggers bind the owner, too.
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RAISE EXCEPTION 'rows of % can be added, never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$function$;
REVOKE EXECUTE ON FUNCTION refuse_change() FROM PUBLIC;
";

/// Partitions by month.
const PARTITIONS: &str = "
-- Refuses changes of {table} itself. The trigger for each row is copied to every partition, whoever makes it;
-- the one for each statement is not, so each partition gets its own.
CREATE TRIGGER {table}_refuse_row BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_refuse_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What a partition needs of its own: nobody but the backup reads it, and nobody changes it. The server goes through {table}.
CREATE FUNCTION protect_audit_partition(partition name) RETURNS void
LANGUAGE plpgsql
SET search_path = keystead, pg_temp
AS $function$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
    EXECUTE format('CREATE POLICY %I ON %I TO {owner} USING (true) WITH CHECK (true)', partition || '_owner', partition);
    EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO {backup} USING (true)', partition || '_backup', partition);
    EXECUTE format('GRANT SELECT ON %I TO {backup}', partition);
    EXECUTE format(
        'CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
        partition || '_refuse_statement', partition
    );
END
$function$;
REVOKE EXECUTE ON FUNCTION protect_audit_partition(name) FROM PUBLIC;

-- An insert never fails for want of a partition.
CREATE TABLE {table}_default PARTITION OF {table} DEFAULT;
SELECT protect_audit_partition('{table}_default');

-- Makes the partition of the month (UTC) that holds `month`. Returns whether it made one: not when it is there already, and
-- not when rows of that month lie in the default partition, where they stay, because rows are never moved.
CREATE FUNCTION make_audit_partition(month date) RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = keystead, pg_temp
AS $function$
DECLARE
    first_day timestamp := date_trunc('month', month::timestamp);
    begins timestamptz := first_day AT TIME ZONE 'UTC';
    ends timestamptz := (first_day + interval '1 month') AT TIME ZONE 'UTC';
    partition name := '{table}_' || to_char(first_day, 'YYYY_MM');
BEGIN
    IF to_regclass(partition::text) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- Two servers may ask at once.
    PERFORM pg_advisory_xact_lock(hashtext('keystead'), hashtext('audit partitions'));
    IF to_regclass(partition::text) IS NOT NULL
        OR EXISTS (SELECT FROM {table}_default d WHERE d.{by} >= begins AND d.{by} < ends)
    THEN
        RETURN false;
    END IF;
    -- Attaching a finished table locks less than making it a partition from the start.
    EXECUTE format('CREATE TABLE %I (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
    PERFORM protect_audit_partition(partition);
    EXECUTE format('ALTER TABLE {table} ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition, begins, ends);
    RETURN true;
END
$function$;
REVOKE EXECUTE ON FUNCTION make_audit_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_audit_partition(date) TO {app};

-- This month and the next two; a job goes on from there.
SELECT make_audit_partition((now() AT TIME ZONE 'UTC' + make_interval(months => ahead))::date) FROM generate_series(0, 2) AS ahead;
";

/// What takes the tables away, in the opposite order.
#[must_use]
pub fn drop_all(tables: &[&Table]) -> String {
    let mut sql = String::new();
    for table in tables {
        for policy in table.policies() {
            // A policy that looks into another table holds that one.
            if policy.using.is_some_and(|using| using.contains(" FROM ")) {
                let _ = writeln!(sql, "DROP POLICY {} ON {};", policy.name, table.name);
            }
        }
    }
    for table in tables.iter().rev() {
        let _ = writeln!(sql, "DROP TABLE {};", table.name);
    }
    if tables.iter().any(|table| table.partitioned_by.is_some()) {
        sql.push_str("DROP FUNCTION make_audit_partition(date);\nDROP FUNCTION protect_audit_partition(name);\n");
    }
    if tables.iter().any(|table| table.append_only) {
        sql.push_str("DROP FUNCTION refuse_change();\n");
    }
    sql
}

/// What makes the tables, in order.
#[must_use]
pub fn create_all(tables: &[&Table]) -> String {
    let mut sql = String::new();
    for table in tables {
        let _ = write!(sql, "\n{}", create(table));
    }
    sql.push_str("\n-- Who may see and write which rows. A transaction names its organization and its person; an unset one sees nothing.\n");
    for table in tables {
        let _ = write!(sql, "\n{}", protect(table));
    }
    for table in tables {
        if table.append_only {
            sql.push_str(APPEND_ONLY);
        }
        if let Some(by) = table.partitioned_by {
            sql.push_str(
                &PARTITIONS
                    .replace("{table}", table.name)
                    .replace("{by}", by)
                    .replace("{owner}", OWNER)
                    .replace("{app}", APP)
                    .replace("{backup}", BACKUP),
            );
        }
    }
    sql
}
