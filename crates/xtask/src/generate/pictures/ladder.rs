//! Ladders: questions from the top down, each with what happens when the answer is no, in `docs/flows/*.ladder`.
//!
//! ```text
//! title: May it?
//! about: What it shows.
//! start: What comes in
//! ask: Is it so? | what happens if not
//! end: What comes out
//! ```

use super::{
    svg::{Anchor, Picture},
    words::Words,
};
use crate::failure::{Failure, Result};

/// A ladder.
#[derive(Debug)]
pub(super) struct Ladder {
    title: String,
    about: String,
    rungs: Vec<Rung>,
}

#[derive(Debug)]
enum Rung {
    Start(String),
    Ask(String, String),
    End(String),
}

const WIDTH: i32 = 760;
/// The questions' boxes, and their left edge.
const ASK: (i32, i32) = (20, 400);
/// The boxes of what happens otherwise.
const OTHERWISE: (i32, i32) = (490, 250);

impl Ladder {
    /// Reads a ladder.
    ///
    /// # Errors
    /// With the line, for what is none of its words.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self> {
        let mut ladder = Self { title: String::new(), about: String::new(), rungs: Vec::new() };
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = || Failure::new(format!("{file}:{number}: is no rung: {line}"));
            let (word, text) = line.split_once(": ").ok_or_else(wrong)?;
            match (word, text.split_once(" | ")) {
                ("title", _) => text.clone_into(&mut ladder.title),
                ("about", _) => text.clone_into(&mut ladder.about),
                ("start", _) => ladder.rungs.push(Rung::Start(text.to_owned())),
                ("end", _) => ladder.rungs.push(Rung::End(text.to_owned())),
                ("ask", Some((ask, no))) => ladder.rungs.push(Rung::Ask(ask.to_owned(), no.to_owned())),
                _ => return Err(wrong()),
            }
        }
        Ok(ladder)
    }

    /// Everything that is said, for looking whether it is true.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.rungs.iter().flat_map(|rung| match rung {
            Rung::Start(text) | Rung::End(text) => vec![text.as_str()],
            Rung::Ask(ask, no) => vec![ask.as_str(), no.as_str()],
        })
    }

    /// Its picture.
    pub(super) fn draw(&self) -> String {
        let mut picture = Picture::default();
        let (left, wide) = ASK;
        let middle = left + wide / 2;
        let mut y = 16;
        for (at, rung) in self.rungs.iter().enumerate() {
            let (text, fill, line) = match rung {
                Rung::Start(text) => (text, "head", "line"),
                Rung::Ask(text, _) => (text, "box", "c0"),
                Rung::End(text) => (text, "head", "good"),
            };
            let words = Words::new(text, wide - 24);
            let no = match rung {
                Rung::Ask(_, no) => Some(Words::new(no, OTHERWISE.1 - 24)),
                _ => None,
            };
            let high = words.height().max(no.as_ref().map_or(0, Words::height)) + 18;
            picture.rect((left, y, wide, high), fill, line);
            words.write(&mut picture, (left + 12, y + 5 + (high - words.height()) / 2 + 7), Anchor::Start, "");
            if let Some(no) = no {
                picture.rect((OTHERWISE.0, y, OTHERWISE.1, high), "box", "bad");
                no.write(&mut picture, (OTHERWISE.0 + 12, y + 5 + (high - no.height()) / 2 + 7), Anchor::Start, "");
                arrow(&mut picture, (left + wide, y + high / 2), (OTHERWISE.0, y + high / 2));
                picture.text((left + wide + 34, y + high / 2 - 6), Anchor::Middle, "t r", "no");
            }
            y += high;
            if at + 1 < self.rungs.len() {
                arrow(&mut picture, (middle, y), (middle, y + 26));
                if matches!(rung, Rung::Ask(..)) {
                    picture.text((middle + 10, y + 16), Anchor::Start, "t g", "yes");
                }
                y += 26;
            }
        }
        picture.finish(WIDTH, y + 16, &self.title, &self.about)
    }
}

/// An arrow to the right or down.
fn arrow(picture: &mut Picture, (x, y): (i32, i32), (to_x, to_y): (i32, i32)) {
    picture.path(&format!("M{x} {y}L{to_x} {to_y}"), "line", r#"stroke-width="1.5""#);
    let tip = if y == to_y { format!("M{to_x} {to_y}l-8 -4v8z") } else { format!("M{to_x} {to_y}l-4 -8h8z") };
    picture.put(format!(r#"<path d="{tip}" fill="var(--line)"/>"#));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_have_two_answers() {
        let text = "title: T\nabout: A\nstart: in\nask: good? | 404\nend: out\n";
        let ladder = Ladder::parse("t.ladder", text).unwrap();
        assert_eq!(ladder.texts().collect::<Vec<_>>(), ["in", "good?", "404", "out"]);
        let picture = ladder.draw();
        assert!([">no<", ">yes<", ">404<", ">out<"].iter().all(|part| picture.contains(part)));
        assert!(Ladder::parse("t.ladder", "ask: without an answer\n").unwrap_err().what.contains("t.ladder:1"));
    }
}
