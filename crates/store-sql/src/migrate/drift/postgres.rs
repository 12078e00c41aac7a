//! What PostgreSQL says about its tables, policies, grants and functions.

use super::{
    super::connection::failed,
    expression::canonical,
    live::{Live, LiveColumn, LiveForeignKey, LiveIndex, LivePartition, LivePolicy, LiveTable},
};
use crate::schema::Right;
use keystead_domain::Result;
use sqlx::{AssertSqlSafe, PgConnection, Row, postgres::PgRow};

/// Reads the whole schema, at one moment.
pub(super) async fn read(connection: &mut PgConnection) -> Result<Live> {
    let failed = |error: sqlx::Error| failed("reading the schema", &error);
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog";
    sqlx::raw_sql(begin).execute(&mut *connection).await.map_err(failed)?;
    let live = everything(connection).await.map_err(failed);
    sqlx::raw_sql("ROLLBACK").execute(connection).await.map_err(failed)?;
    live
}

async fn everything(connection: &mut PgConnection) -> Result<Live, sqlx::Error> {
    let mut live = Live::default();
    tables(connection, &mut live).await?;
    columns(connection, &mut live).await?;
    constraints(connection, &mut live).await?;
    indexes(connection, &mut live).await?;
    policies(connection, &mut live).await?;
    grants(connection, &mut live).await?;
    triggers(connection, &mut live).await?;
    live.faults = faults(connection).await?;
    Ok(live)
}

/// Runs a query in which `{keystead}` stands for the tables of the schema: `c` is the table, `parent` the name of the table that it
/// is a partition of, else null.
async fn query(connection: &mut PgConnection, sql: &str) -> Result<Vec<PgRow>, sqlx::Error> {
    let tables = "pg_class c
        LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
        LEFT JOIN pg_class p ON p.oid = i.inhparent";
    let sql = sql
        .replace("{tables}", tables)
        .replace("{which}", "c.relnamespace = to_regnamespace('keystead') AND c.relkind IN ('r', 'p')")
        .replace("{names}", "c.relname::text, p.relname::text");
    sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await
}

/// The columns with these numbers, in their order.
fn named(table: &str, numbers: &str) -> String {
    format!(
        "ARRAY(SELECT a.attname::text FROM unnest({numbers}) WITH ORDINALITY n (number, place)
         JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = n.number ORDER BY n.place)"
    )
}

impl Live {
    /// The table that a row of [`query`] is about, if it is no partition.
    fn table_of(&mut self, row: &PgRow) -> Result<Option<&mut LiveTable>, sqlx::Error> {
        let parent: Option<String> = row.try_get(1)?;
        if parent.is_some() {
            return Ok(None);
        }
        Ok(Some(self.tables.entry(row.try_get(0)?).or_default()))
    }
    /// The partition that a row of [`query`] is about, if it is one.
    fn partition_of(&mut self, row: &PgRow) -> Result<Option<&mut LivePartition>, sqlx::Error> {
        let parent: Option<String> = row.try_get(1)?;
        let Some(parent) = parent else { return Ok(None) };
        let parent = self.tables.entry(parent).or_default();
        Ok(Some(parent.protection.partitions.entry(row.try_get(0)?).or_default()))
    }
}

async fn tables(connection: &mut PgConnection, live: &mut Live) -> Result<(), sqlx::Error> {
    let sql = "SELECT {names}, c.relowner::regrole::text, c.relrowsecurity, c.relforcerowsecurity FROM {tables} WHERE {which}";
    for row in query(connection, sql).await? {
        let (owner, enabled, forced) = (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
        if let Some(partition) = live.partition_of(&row)? {
            (partition.owner, partition.enabled, partition.forced) = (owner, enabled, forced);
        } else if let Some(table) = live.table_of(&row)? {
            (table.protection.owner, table.protection.enabled, table.protection.forced) = (owner, enabled, forced);
        }
    }
    Ok(())
}

async fn columns(connection: &mut PgConnection, live: &mut Live) -> Result<(), sqlx::Error> {
    let sql = "SELECT {names}, a.attname::text,
            format_type(a.atttypid, a.atttypmod) || coalesce((SELECT ' COLLATE ' || l.collname FROM pg_collation l
                WHERE l.oid = a.attcollation), ''),
            a.attnotnull
        FROM {tables} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE {which}";
    for row in query(connection, sql).await? {
        if let Some(table) = live.table_of(&row)? {
            let column = LiveColumn { kind: row.try_get(3)?, nullable: !row.try_get::<bool, _>(4)? };
            table.columns.insert(row.try_get(2)?, column);
        }
    }
    Ok(())
}

async fn constraints(connection: &mut PgConnection, live: &mut Live) -> Result<(), sqlx::Error> {
    let sql = format!(
        "SELECT {{names}}, o.contype::text, o.conname::text, {}, (SELECT r.relname::text FROM pg_class r WHERE r.oid = o.confrelid), {},
            CASE o.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
                ELSE 'NO ACTION' END || CASE WHEN o.convalidated THEN '' ELSE ' (not validated)' END,
            pg_get_expr(o.conbin, o.conrelid)
        FROM {{tables}} JOIN pg_constraint o ON o.conrelid = c.oid WHERE {{which}} AND o.contype IN ('p', 'f', 'c')",
        named("o.conrelid", "o.conkey"),
        named("o.confrelid", "o.confkey")
    );
    for row in query(connection, &sql).await? {
        let Some(table) = live.table_of(&row)? else { continue };
        let name: String = row.try_get(3)?;
        match row.try_get::<&str, _>(2)? {
            "p" => table.primary_key = row.try_get(4)?,
            "c" => {
                table.checks.insert(name, canonical(row.try_get(8)?));
            }
            _ => {
                let key = LiveForeignKey {
                    columns: row.try_get(4)?,
                    table: row.try_get(5)?,
                    references: row.try_get(6)?,
                    on_delete: row.try_get(7)?,
                };
                table.foreign_keys.insert(name, key);
            }
        }
    }
    Ok(())
}

async fn indexes(connection: &mut PgConnection, live: &mut Live) -> Result<(), sqlx::Error> {
    let sql = "SELECT {names}, x.relname::text, d.indisunique, m.amname = 'gin', d.indisvalid,
            ARRAY(SELECT pg_get_indexdef(d.indexrelid, k, true) FROM generate_series(1, d.indnkeyatts) k ORDER BY k),
            pg_get_expr(d.indpred, d.indrelid)
        FROM {tables} JOIN pg_index d ON d.indrelid = c.oid AND NOT d.indisprimary
        JOIN pg_class x ON x.oid = d.indexrelid JOIN pg_am m ON m.oid = x.relam WHERE {which}";
    for row in query(connection, sql).await? {
        if let Some(table) = live.table_of(&row)? {
            let index = LiveIndex {
                unique: row.try_get(3)?,
                gin: row.try_get(4)?,
                valid: row.try_get(5)?,
                columns: row.try_get(6)?,
                only: row.try_get::<Option<String>, _>(7)?.map(|only| canonical(&only)),
            };
            table.indexes.insert(row.try_get(2)?, index);
        }
    }
    Ok(())
}

async fn policies(connection: &mut PgConnection, live: &mut Live) -> Result<(), sqlx::Error> {
    let sql = "SELECT {names}, y.polname::text, y.polcmd::text,
            coalesce((SELECT string_agg(coalesce(r.rolname::text, 'PUBLIC'), ', ' ORDER BY 1) FROM unnest(y.polroles) o LEFT JOIN pg_roles r ON r.oid = o), ''),
            pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid), y.polpermissive
        FROM {tables} JOIN pg_policy y ON y.polrelid = c.oid WHERE {which}";
    for row in query(connection, sql).await? {
        let name: String = row.try_get(2)?;
        if let Some(partition) = live.partition_of(&row)? {
            partition.policies.insert(format!("{name} for {}", row.try_get::<&str, _>(4)?));
            continue;
        }
        let command = match row.try_get::<&str, _>(3)? {
            "r" => Some(Right::Select),
            "a" => Some(Right::Insert),
            "w" => Some(Right::Update),
            "d" => Some(Right::Delete),
            _ => None,
        };
        let policy = LivePolicy {
            command,
            roles: row.try_get(4)?,
            using: row.try_get::<Option<String>, _>(5)?.map(|using| canonical(&using)),
            with_check: row.try_get::<Option<String>, _>(6)?.map(|check| canonical(&check)),
            permissive: row.try_get(7)?,
        };
        if let Some(table) = live.table_of(&row)? {
            table.protection.policies.insert(name, policy);
        }
    }
    Ok(())
}

async fn grants(connection: &mut PgConnection, live: &mut Live) -> Result<(), sqlx::Error> {
    // On single columns, too.
    let sql = "SELECT {names}, coalesce(r.rolname::text, 'PUBLIC'), l.privilege_type || l.column_name
        FROM {tables}
        CROSS JOIN LATERAL (
            SELECT e.grantee, e.privilege_type, '' AS column_name FROM aclexplode(c.relacl) e WHERE e.grantee <> c.relowner
            UNION ALL
            SELECT e.grantee, e.privilege_type, ' (' || a.attname || ')' FROM pg_attribute a, aclexplode(a.attacl) e
                WHERE a.attrelid = c.oid AND e.grantee <> c.relowner
        ) l
        LEFT JOIN pg_roles r ON r.oid = l.grantee WHERE {which}";
    for row in query(connection, sql).await? {
        let (role, right): (String, String) = (row.try_get(2)?, row.try_get(3)?);
        if let Some(partition) = live.partition_of(&row)? {
            partition.grants.entry(role).or_default().insert(right);
        } else if let Some(table) = live.table_of(&row)? {
            table.protection.grants.entry(role).or_default().insert(right);
        }
    }
    Ok(())
}

async fn triggers(connection: &mut PgConnection, live: &mut Live) -> Result<(), sqlx::Error> {
    let sql = "SELECT {names}, t.tgname::text FROM {tables} JOIN pg_trigger t ON t.tgrelid = c.oid
        WHERE {which} AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')";
    for row in query(connection, sql).await? {
        let name: String = row.try_get(2)?;
        if let Some(partition) = live.partition_of(&row)? {
            partition.triggers.insert(name);
        } else if let Some(table) = live.table_of(&row)? {
            table.triggers.insert(name);
        }
    }
    Ok(())
}

/// What is wrong with roles and functions.
async fn faults(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        r"SELECT format('role %s: row-level security does not bind it', rolname) FROM pg_roles
            WHERE rolname IN ('keystead_owner', 'keystead_app', 'keystead_migrator', 'keystead_backup') AND (rolsuper OR rolbypassrls)
        UNION ALL
        SELECT 'role keystead_app: it can become keystead_owner' FROM pg_roles app, pg_roles owner
            WHERE app.rolname = 'keystead_app' AND owner.rolname = 'keystead_owner' AND NOT app.rolsuper
                AND pg_has_role(app.oid, owner.oid, 'MEMBER')
        UNION ALL
        SELECT format('schema keystead: it belongs to %s, not to keystead_owner', nspowner::regrole) FROM pg_namespace
            WHERE nspname = 'keystead' AND nspowner::regrole::text <> 'keystead_owner'
        UNION ALL
        SELECT format('schema keystead: %s may make things in it', coalesce(r.rolname, 'PUBLIC'))
            FROM pg_namespace n, aclexplode(n.nspacl) e LEFT JOIN pg_roles r ON r.oid = e.grantee
            WHERE n.nspname = 'keystead' AND e.grantee <> n.nspowner AND e.privilege_type = 'CREATE'
        UNION ALL
        SELECT format('function %s: %s', f.oid::regprocedure, what.fault)
            FROM pg_proc f
            CROSS JOIN LATERAL (VALUES
                (f.proowner::regrole::text <> 'keystead_owner', 'it does not belong to keystead_owner'),
                (f.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(f.proacl) e WHERE e.grantee = 0), 'everyone may call it'),
                (f.prosecdef AND NOT EXISTS (SELECT FROM unnest(f.proconfig) s WHERE s LIKE 'search_path=%pg_temp')
                    AND (f.prosrc !~ '\mkeystead\.' OR f.prosrc ~* '\m(from|join|into|update)\s+(?!keystead\.)'
                        OR f.prosrc ~ '\s[-+*/<>=~!@#%^&|]+\s' OR f.prosrc ~* '\m(in|like|between|distinct)\M'),
                    'it works as its owner with names that the caller''s search path decides')
            ) what (holds, fault)
            WHERE f.pronamespace = to_regnamespace('keystead') AND what.holds
        ORDER BY 1",
    )
    .persistent(false)
    .fetch_all(connection)
    .await
}
