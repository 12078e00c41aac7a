//! The house: its floors, who comes in at the top, and what it stands on.

use super::{
    svg::{Anchor, Picture},
    words::Words,
};
use crate::workspace::Workspace;

const WIDTH: i32 = 780;
const LEFT: i32 = 16;
/// How wide the floors are.
const WIDE: i32 = 560;
const HIGH: i32 = 46;
const GAP: i32 = 4;

/// Who comes in, and by what.
const GUESTS: [(&str, &str); 3] =
    [("Browsers and apps", "HTTP, access tokens"), ("Your services", "JWKS, HTTP"), ("The operator", "commands")];
/// Where the rows are kept.
const STORES: [(&str, &str); 4] = [
    ("PostgreSQL", "row-level security"),
    ("SQLite", "one file, the default"),
    ("json:", "one readable file"),
    ("memory:", "nothing is kept"),
];

/// The picture of the floors, each crate with what it says of itself.
pub(super) fn building(workspace: &Workspace, floors: &[Vec<&str>]) -> String {
    let mut picture = Picture::default();
    let mut y = 16;
    row(&mut picture, (LEFT, y, WIDE, 34), "paper", &GUESTS.map(|(name, _)| (name, "")));
    y += 34;
    for (at, (_, by)) in (0..).zip(GUESTS) {
        let x = LEFT + WIDE * (2 * at + 1) / 6;
        arrow(&mut picture, (x, y), (x, y + 34));
        picture.text((x + 9, y + 19), Anchor::Start, "t s", by);
    }
    y += 34;
    for (at, floor) in floors.iter().enumerate() {
        let abouts: Vec<_> = floor.iter().map(|name| (*name, about(workspace, name))).collect();
        let cells: Vec<_> = abouts.iter().map(|(name, about)| (*name, about.as_str())).collect();
        let high = if floor.len() > 1 { HIGH + 20 } else { HIGH };
        row(&mut picture, (LEFT, y, WIDE, high), if at % 2 == 0 { "head" } else { "box" }, &cells);
        if floor.contains(&"store-sql") {
            stores(&mut picture, y + HIGH / 2);
        }
        y += high + GAP;
    }
    let about = "The crates from the top down; each may use those below it, never those beside or above it.";
    picture.finish(WIDTH, y + 12, "The floors of Keystead", about)
}

/// The stores, right of the floor that speaks to them.
fn stores(picture: &mut Picture, middle: i32) {
    let (x, high) = (LEFT + WIDE + 48, HIGH + 6);
    let top = middle - 2 * high + 3;
    for (at, store) in (0..).zip(STORES) {
        row(picture, (x, top + at * high, WIDTH - x - 16, HIGH), "paper", &[store]);
    }
    let trunk = x - 18;
    for at in 0..4 {
        let y = top + at * high + HIGH / 2;
        picture.path(&format!("M{trunk} {middle}V{y}"), "c0", r#"stroke-width="1.5""#);
        arrow(picture, (trunk, y), (x, y));
    }
    picture.path(&format!("M{} {middle}H{trunk}", LEFT + WIDE), "c0", r#"stroke-width="1.5""#);
}

/// Boxes side by side, each with a name and what it is.
fn row(picture: &mut Picture, (left, y, width, high): (i32, i32, i32, i32), fill: &str, cells: &[(&str, &str)]) {
    let count = i32::try_from(cells.len()).unwrap_or(1).max(1);
    let wide = (width - (count - 1) * 8) / count;
    for (at, (name, about)) in (0..).zip(cells) {
        let x = left + at * (wide + 8);
        picture.rect((x, y, wide, high), fill, "line");
        if about.is_empty() {
            picture.text((x + wide / 2, y + high / 2 + 4), Anchor::Middle, "b", name);
        } else if wide == WIDE {
            picture.text((x + 14, y + high / 2 + 4), Anchor::Start, "b", name);
            let words = Words::new(about, wide - 110);
            words.write(picture, (x + 96, y + (high - words.height()) / 2 + 11), Anchor::Start, "s");
        } else {
            let words = Words::new(about, wide - 16);
            let top = y + (high - 15 - words.height()) / 2 + 12;
            picture.text((x + wide / 2, top), Anchor::Middle, "b", name);
            words.write(picture, (x + wide / 2, top + 15), Anchor::Middle, "s");
        }
    }
}

/// An arrow down or to the right.
fn arrow(picture: &mut Picture, (x, y): (i32, i32), (to_x, to_y): (i32, i32)) {
    let is_down = x == to_x;
    let (end_x, end_y) = if is_down { (to_x, to_y - 2) } else { (to_x - 2, to_y) };
    picture.path(&format!("M{x} {y}L{end_x} {end_y}"), "c0", r#"stroke-width="1.5""#);
    let tip = if is_down { "l-4 -8h8z" } else { "l-8 -4v8z" };
    picture.put(format!(r#"<path d="M{to_x} {to_y}{tip}" fill="var(--c0)"/>"#));
}

/// What a crate says of itself.
fn about(workspace: &Workspace, name: &str) -> String {
    let full = format!("keystead-{name}");
    let member = workspace.members.iter().find(|member| member.name == full);
    member.and_then(|member| member.description.clone()).unwrap_or_default()
}
