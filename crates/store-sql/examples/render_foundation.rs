//! Writes migration 0001 from the declared schema. It serves until that migration has landed; from then on the files are frozen.

use keystead_store_sql::schema::{TABLES, postgres, sqlite};
use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/0001_foundation");
    fs::create_dir_all(&folder)?;
    let about = "the tables of accounts, organizations, access, sessions, keys, audit and jobs";
    let runs = "-- It runs in one transaction, as keystead_owner, in the schema keystead.\n";
    let files = [
        ("postgres.up.sql", format!("-- 0001_foundation: {about}.\n{runs}{}", postgres::create_all(TABLES))),
        ("postgres.down.sql", format!("-- 0001_foundation, taken back.\n{runs}\n{}", postgres::drop_all(TABLES))),
        ("sqlite.up.sql", format!("-- 0001_foundation: {about}.\n{}", sqlite::create_all(TABLES))),
        ("sqlite.down.sql", format!("-- 0001_foundation, taken back.\n\n{}", sqlite::drop_all(TABLES))),
    ];
    for (name, sql) in files {
        fs::write(folder.join(name), sql)?;
    }
    Ok(())
}
