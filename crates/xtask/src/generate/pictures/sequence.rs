//! Sequence diagrams of flows.

use super::{
    flow::{Flow, Step},
    svg::{Anchor, Picture, width},
    words::{LINE, Words},
};

/// The width of every sequence diagram.
const WIDTH: i32 = 860;
/// From the picture's edge to the first lane.
const EDGE: i32 = 104;
/// The height of a lane's head.
const HEAD: i32 = 28;
/// Above the first step.
const TOP: i32 = 16;

/// An open frame: where it began, and its own depth.
struct Frame {
    top: i32,
    depth: i32,
    /// Where its other branches begin, with their conditions.
    branches: Vec<(i32, Words)>,
}

struct Drawing<'a> {
    flow: &'a Flow,
    /// The frames, under everything else.
    back: Picture,
    front: Picture,
    y: i32,
    number: i32,
    open: Vec<Frame>,
}

/// The picture of a flow.
pub(super) fn sequence(flow: &Flow) -> String {
    let mut drawing = Drawing {
        flow,
        back: Picture::default(),
        front: Picture::default(),
        y: TOP + HEAD + 18,
        number: 0,
        open: Vec::new(),
    };
    flow.steps.iter().for_each(|step| drawing.step(step));
    drawing.finish()
}

impl Drawing<'_> {
    fn lane(&self, lane: usize) -> i32 {
        let between = (WIDTH - 2 * EDGE) / i32::try_from(self.flow.lanes.len() - 1).unwrap_or(1);
        EDGE + i32::try_from(lane).unwrap_or(0) * between
    }
    /// How wide a box on a lane may be.
    fn room(&self) -> i32 {
        (self.lane(1) - self.lane(0)).min(2 * EDGE - 24) - 18
    }
    fn numbered(&mut self, text: &str) -> String {
        self.number += 1;
        format!("{}. {text}", self.number)
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Ask { from, to, text } => self.arrow((*from, *to), text, false),
            Step::Answer { from, to, text } => self.arrow((*from, *to), text, true),
            Step::Do { lane, text } => self.work(*lane, text),
            Step::When(text) => {
                let depth = i32::try_from(self.open.len()).unwrap_or(0);
                self.y += 4;
                self.open.push(Frame { top: self.y, depth, branches: Vec::new() });
                self.condition(&format!("when {text}"));
            }
            Step::Or(text) => {
                self.y += 6;
                self.condition(&format!("or {text}"));
            }
            Step::End => self.close(),
        }
    }

    fn arrow(&mut self, (from, to): (usize, usize), text: &str, is_answer: bool) {
        let (start, end) = (self.lane(from), self.lane(to));
        let text = self.numbered(text);
        let words = Words::new(&text, (start - end).abs() - 22);
        words.write(&mut self.front, ((start + end) / 2, self.y + 10), Anchor::Middle, "");
        self.y += words.height() + 4;
        let toward = (end - start).signum();
        let tip = end - toward;
        let y = self.y;
        let dashes = if is_answer { r#"stroke-dasharray="5 4" stroke-width="1.3""# } else { r#"stroke-width="1.5""# };
        self.front.path(&format!("M{start} {y}H{}", tip - toward * 6), "c0", dashes);
        let back = tip - toward * 8;
        self.front.put(format!(r#"<path d="M{tip} {y}L{back} {}V{}z" fill="var(--c0)"/>"#, y - 4, y + 4));
        self.y += 14;
    }

    fn work(&mut self, lane: usize, text: &str) {
        let text = self.numbered(text);
        let words = Words::new(&text, self.room());
        let (x, wide, high) = (self.lane(lane), self.room() + 14, words.height() + 10);
        self.front.rect((x - wide / 2, self.y, wide, high), "box", "line");
        words.write(&mut self.front, (x - wide / 2 + 8, self.y + 16), Anchor::Start, "");
        self.y += high + 12;
    }

    fn condition(&mut self, text: &str) {
        let words = Words::new(text, WIDTH - 120);
        let y = self.y;
        self.y += words.height() + 12;
        if let Some(frame) = self.open.last_mut() {
            frame.branches.push((y, words));
        }
    }

    fn close(&mut self) {
        let Some(Frame { top, depth, branches }) = self.open.pop() else { return };
        let inset = 8 + depth * 6;
        let (x, wide) = (inset, WIDTH - 2 * inset);
        let bottom = self.y;
        let mut frame = Picture::default();
        frame.put(format!(
            r#"<rect x="{x}" y="{top}" width="{wide}" height="{}" rx="5" fill="none" stroke="var(--line)"/>"#,
            bottom - top
        ));
        for (at, (y, words)) in branches.iter().enumerate() {
            if at > 0 {
                frame.path(&format!("M{x} {y}H{}", x + wide), "line", r#"stroke-dasharray="3 3""#);
            }
            frame.put(format!(
                r#"<path d="M{x} {y}h{wide}v{}h-{wide}z" fill="var(--head)" fill-opacity="0.75"/>"#,
                words.height() + 5
            ));
            words.write(&mut frame, (x + 10, y + 14), Anchor::Start, "b");
        }
        // An outer frame is finished later and must not cover an inner one.
        let inner = std::mem::take(&mut self.back);
        self.back = frame;
        self.back.append(inner);
        self.y += 12;
    }

    fn finish(mut self) -> String {
        let bottom = self.y + 4;
        let mut picture = Picture::default();
        for lane in 0..self.flow.lanes.len() {
            let x = self.lane(lane);
            picture.path(&format!("M{x} {}V{bottom}", TOP + HEAD), "line", r#"stroke-dasharray="2 4""#);
        }
        picture.append(std::mem::take(&mut self.back));
        for (lane, name) in self.flow.lanes.iter().enumerate() {
            let (x, wide) = (self.lane(lane), (width(name, 12) * 11 / 10 + 28).max(110));
            picture.rect((x - wide / 2, TOP, wide, HEAD), "head", "line");
            picture.text((x, TOP + 19), Anchor::Middle, "b", name);
        }
        picture.append(self.front);
        picture.finish(WIDTH, bottom + LINE, &self.flow.title, &self.flow.about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_and_branch_is_in_the_picture() {
        let text = "title: T\nabout: A.\nlanes: A, B, C\nA -> B: ask\nwhen: not\nB --> A: no\nor: yes\nwhen: deep\nC: work\nend\nend\n";
        let picture = sequence(&Flow::parse("t.flow", text).unwrap());
        for part in ["1. ask", "2. no", "3. work", "when not", "or yes", "when deep", ">A</text>", ">C</text>"] {
            assert!(picture.contains(part), "{part}");
        }
        assert_eq!(picture.matches("fill-opacity").count(), 3);
    }
}
