//! Entity diagrams, drawn from the schema as the program declares it.

use super::{
    layers::{Block, Layout, Link, layout},
    svg::{Anchor, Picture, fixed_width, rounded, width},
};
use crate::failure::{Failure, Result};
use serde::Deserialize;

/// The schema, as `keystead reference schema-json` prints it.
#[derive(Debug, Deserialize)]
pub(super) struct Schema {
    tables: Vec<Table>,
}

#[derive(Debug, Deserialize)]
struct Table {
    name: String,
    feature: String,
    class: String,
    columns: Vec<Column>,
    primary_key: Vec<String>,
    foreign_keys: Vec<ForeignKey>,
    indexes: Vec<Index>,
}

#[derive(Debug, Deserialize)]
struct Column {
    name: String,
    postgres: String,
    nullable: bool,
}

#[derive(Debug, Deserialize)]
struct ForeignKey {
    columns: Vec<String>,
    table: String,
}

#[derive(Debug, Deserialize)]
struct Index {
    columns: Vec<String>,
    unique: bool,
    only: Option<String>,
}

/// A picture of some features.
pub(super) struct Area {
    /// The end of the file's name.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    features: &'static [&'static str],
    /// Tables of other features that are shown by name, beside those referred to.
    also: &'static [&'static str],
}

/// Every feature with tables is in one of them; [`overview`] looks.
pub(super) const AREAS: &[Area] = &[
    Area {
        name: "accounts",
        title: "Accounts",
        features: &["accounts"],
        also: &["memberships", "invitations", "sessions"],
    },
    Area {
        name: "organizations",
        title: "Organizations",
        features: &["organizations"],
        also: &["users", "roles", "user_roles"],
    },
    Area { name: "access", title: "Access and navigation", features: &["access", "navigation"], also: &[] },
    Area { name: "sessions", title: "Sessions, tokens and keys", features: &["sessions", "keys"], also: &[] },
    Area { name: "audit", title: "Audit, jobs and housekeeping", features: &["audit", "jobs", "system"], also: &[] },
];

/// The height of a row.
const ROW: i32 = 16;
/// The height of a box's head.
const HEAD: i32 = 22;
/// The empty border of a picture.
const MARGIN: i32 = 16;
/// The colours of lines, and how thick they are.
const COLOURS: usize = 7;
const WEIGHT: &str = r#"stroke-width="1.3""#;

/// A table as it is shown: whole, or its name only.
struct Entity<'a> {
    table: &'a Table,
    is_whole: bool,
}

impl Entity<'_> {
    fn block(&self) -> Block {
        let head = width(&self.table.name, 12) * 11 / 10 + fixed_width(&self.table.class) + 30;
        if !self.is_whole {
            return Block { width: head, height: self.height() };
        }
        let row = |column: &Column| 28 + fixed_width(&column.name) + 14 + fixed_width(short(&column.postgres)) + 14;
        let rows = self.table.columns.iter().map(row).max().unwrap_or(0);
        let count = i32::try_from(self.table.columns.len()).unwrap_or(0);
        Block { width: head.max(rows), height: HEAD + count * ROW + 6 }
    }
    /// How high the box is when only the name is shown: high enough to tell the references apart.
    fn height(&self) -> i32 {
        HEAD.max(11 * i32::try_from(self.table.foreign_keys.len()).unwrap_or(0))
    }
    /// How far below the top a reference leaves the box.
    fn port(&self, key: &ForeignKey) -> i32 {
        let row = self.table.columns.iter().position(|column| key.columns.last() == Some(&column.name));
        match row.and_then(|row| i32::try_from(row).ok()) {
            Some(row) if self.is_whole => HEAD + 3 + row * ROW + ROW / 2,
            _ => {
                let keys = self.table.foreign_keys.iter();
                let count = i32::try_from(keys.len()).unwrap_or(0);
                let at = keys.zip(1..).find(|(other, _)| other.columns == key.columns).map_or(1, |(_, at)| at);
                self.height() * at / (count + 1)
            }
        }
    }
}

impl Table {
    /// What stands before a column: whether it identifies the row, and whether it refers to another.
    fn marks(&self, column: &str) -> &'static str {
        let is = |columns: &[String]| columns.iter().any(|name| name == column);
        let refers = self.foreign_keys.iter().any(|key| is(&key.columns));
        match (is(&self.primary_key), refers) {
            (true, true) => "PF",
            (true, false) => "PK",
            (false, true) => "FK",
            _ => "",
        }
    }
    /// Whether at most one row refers to the same other row.
    fn is_one(&self, key: &ForeignKey) -> bool {
        let covers = |columns: &[String]| columns.iter().all(|column| key.columns.contains(column));
        covers(&self.primary_key)
            || self.indexes.iter().any(|index| index.unique && index.only.is_none() && covers(&index.columns))
    }
    fn may_be_none(&self, key: &ForeignKey) -> bool {
        self.columns.iter().any(|column| column.nullable && key.columns.contains(&column.name))
    }
}

/// A type in one short word.
fn short(postgres: &str) -> &str {
    match postgres {
        "timestamptz" => "time",
        "integer" | "bigint" => "int",
        "boolean" => "bool",
        "jsonb" => "json",
        "bytea" => "bytes",
        other if other.starts_with("varchar") => "text",
        other => other,
    }
}

/// The picture of one area: its tables with all columns, and the names of those they refer to.
pub(super) fn area(schema: &Schema, area: &Area) -> String {
    let inside = |table: &Table| area.features.contains(&table.feature.as_str());
    let refers = |name: &str| {
        let mut tables = schema.tables.iter().filter(|table| inside(table));
        tables.any(|table| table.foreign_keys.iter().any(|key| key.table == name))
    };
    let shown = |table: &&Table| inside(table) || refers(&table.name) || area.also.contains(&table.name.as_str());
    let entities: Vec<_> =
        schema.tables.iter().filter(shown).map(|table| Entity { table, is_whole: inside(table) }).collect();
    let about = "Tables with their columns. P: part of the primary key, F: refers to another table, ?: may be null.";
    draw(&entities, area.title, about, |entity| if entity.is_whole { "head" } else { "box" })
}

/// The picture of everything, by name.
pub(super) fn overview(schema: &Schema) -> Result<String> {
    let known = |table: &Table| AREAS.iter().any(|area| area.features.contains(&table.feature.as_str()));
    if let Some(table) = schema.tables.iter().find(|table| !known(table)) {
        return Err(Failure::new(format!("the table {} is in no picture", table.name))
            .next("put its feature into an area in crates/xtask/src/generate/pictures/entities.rs"));
    }
    let entities: Vec<_> = schema.tables.iter().map(|table| Entity { table, is_whole: false }).collect();
    Ok(draw(&entities, "All tables", "Every table by name, and which refers to which.", |_| "head"))
}

fn draw(entities: &[Entity<'_>], title: &str, about: &str, head: impl Fn(&Entity<'_>) -> &'static str) -> String {
    let blocks: Vec<_> = entities.iter().map(Entity::block).collect();
    let mut links = Vec::new();
    let mut keys = Vec::new();
    for (from, entity) in entities.iter().enumerate() {
        for key in &entity.table.foreign_keys {
            let to = entities.iter().position(|other| other.table.name == key.table);
            // Between two tables that are here by name only, nothing is said but in the picture of all.
            let Some(to) = to.filter(|to| entity.is_whole || entities[*to].is_whole || is_overview(entities)) else {
                continue;
            };
            links.push(Link { from, at: entity.port(key), to });
            keys.push((entity.table, key));
        }
    }
    let Layout { corners, ways, width, height } = layout(&blocks, &links);
    let mut picture = Picture::default();
    let move_by = |(x, y): (i32, i32)| (x + MARGIN, y + MARGIN);
    let mut colours: Vec<usize> = Vec::new();
    for link in &links {
        if !colours.contains(&link.to) {
            colours.push(link.to);
        }
    }
    for (colour, to) in colours.iter().enumerate() {
        let line = format!("c{}", colour % COLOURS);
        let joined = links.iter().zip(&ways).zip(&keys).filter(|((link, _), _)| link.to == *to);
        // One path for all of them: what they share is drawn once.
        let mut tree = String::new();
        for ((_, way), (table, key)) in joined {
            let points: Vec<_> = way.iter().copied().map(move_by).collect();
            tree.push_str(&rounded(&points));
            if let (Some(&start), Some(&end)) = (points.first(), points.last()) {
                ends(&mut picture, start, end, &line, (table.is_one(key), table.may_be_none(key)));
            }
        }
        picture.path(&tree, &line, WEIGHT);
    }
    for (entity, &corner) in entities.iter().zip(&corners) {
        let (block, corner) = (entity.block(), move_by(corner));
        put(&mut picture, entity, &block, corner, head(entity));
    }
    picture.finish(width + 2 * MARGIN, height + 2 * MARGIN, title, about)
}

fn is_overview(entities: &[Entity<'_>]) -> bool {
    entities.iter().all(|entity| !entity.is_whole)
}

/// The ends of a line: a crow's foot where many refer, a bar where one does, and a ring where it may be none.
fn ends(picture: &mut Picture, start: (i32, i32), end: (i32, i32), line: &str, (one, none): (bool, bool)) {
    let (x, y) = end;
    let foot = if one {
        format!("M{} {}V{}", x - 6, y - 5, y + 5)
    } else {
        format!("M{} {y}L{x} {}M{} {y}L{x} {}", x - 9, y - 5, x - 9, y + 5)
    };
    picture.path(&format!("{foot}M{} {}V{}", start.0 + 5, start.1 - 4, start.1 + 4), line, WEIGHT);
    if none {
        picture.put(format!(r#"<circle cx="{}" cy="{y}" r="3" fill="none" stroke="var(--{line})" {WEIGHT}/>"#, x - 12));
    }
}

fn put(picture: &mut Picture, entity: &Entity<'_>, block: &Block, (x, y): (i32, i32), head: &str) {
    let Block { width, height } = *block;
    let table = entity.table;
    picture.rect((x, y, width, height), if entity.is_whole { "box" } else { head }, "line");
    if entity.is_whole {
        picture.put(format!(
            r#"<path d="M{x} {}v-{}q0 -5 5 -5h{}q5 0 5 5v{}z" fill="var(--head)" stroke="var(--line)"/>"#,
            y + HEAD,
            HEAD - 5,
            width - 10,
            HEAD - 5
        ));
    }
    let line = y + if entity.is_whole { HEAD } else { height } / 2 + 4;
    picture.text((x + 9, line), Anchor::Start, "b", &table.name);
    picture.text((x + width - 8, line), Anchor::End, "m s", &table.class);
    if !entity.is_whole {
        return;
    }
    for (row, column) in (0..).zip(&table.columns) {
        let line = y + HEAD + 3 + row * ROW + 12;
        picture.text((x + 8, line), Anchor::Start, "m s", table.marks(&column.name));
        picture.text((x + 28, line), Anchor::Start, "m", &column.name);
        let kind = format!("{}{}", short(&column.postgres), if column.nullable { "?" } else { "" });
        picture.text((x + width - 8, line), Anchor::End, "m s", &kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema(feature: &str) -> Schema {
        let table = |name: &str, refers: &[&str]| {
            let keys: Vec<_> = refers.iter().map(|to| json!({ "columns": ["b_id"], "table": to })).collect();
            json!({
                "name": name, "feature": feature, "class": "T", "primary_key": ["id"], "foreign_keys": keys,
                "indexes": [{ "columns": ["b_id"], "unique": name == "c", "only": null }],
                "columns": [
                    { "name": "id", "postgres": "uuid", "nullable": false },
                    { "name": "b_id", "postgres": "uuid", "nullable": name == "a" },
                ],
            })
        };
        serde_json::from_value(json!({ "tables": [table("a", &["b"]), table("b", &[]), table("c", &["b"])] })).unwrap()
    }

    #[test]
    fn tables_columns_and_the_kinds_of_reference_are_shown() {
        let schema = schema("accounts");
        let picture = area(&schema, &AREAS[0]);
        assert_eq!(picture.matches(">b_id</text>").count(), 3);
        assert_eq!(picture.matches(">FK</text>").count(), 2);
        assert_eq!(picture.matches("<circle").count(), 1, "only a's may be none");
        assert!(schema.tables[2].is_one(&schema.tables[2].foreign_keys[0]));
        assert_eq!(picture, area(&schema, &AREAS[0]), "the same every time");
    }

    #[test]
    fn a_table_that_is_in_no_area_is_told() {
        assert!(overview(&schema("accounts")).unwrap().contains(">c</text>"));
        assert!(overview(&schema("novelties")).unwrap_err().what.contains("table a is in no picture"));
    }
}
