//! Flows as people write them, in `docs/flows/*.flow`.
//!
//! ```text
//! title: Sign in
//! about: What it is for. Lines of `about` follow each other as one paragraph.
//! lanes: Client, HTTP, Service, Store
//! Client -> HTTP: `POST /api/v1/sessions` with login and password
//! Service: what it does itself
//! when: the password is wrong
//!   HTTP --> Client: 401
//! or: it is right
//!   HTTP --> Client: 200
//! end
//! ```

use crate::failure::{Failure, Result};

/// A flow.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) lanes: Vec<String>,
    pub(super) steps: Vec<Step>,
}

/// What happens next. Lanes are named by their places.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// One asks another.
    Ask { from: usize, to: usize, text: String },
    /// One answers another.
    Answer { from: usize, to: usize, text: String },
    /// One does something.
    Do { lane: usize, text: String },
    /// What follows happens only then.
    When(String),
    /// What follows happens otherwise.
    Or(String),
    /// The end of what happens only then.
    End,
}

impl Flow {
    /// Reads a flow.
    ///
    /// # Errors
    /// With the line, for what is no step.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self> {
        let mut flow = Self { title: String::new(), about: String::new(), lanes: Vec::new(), steps: Vec::new() };
        let mut open = 0_i32;
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = |why: &str| Failure::new(format!("{file}:{number}: {why}: {line}"));
            match flow.step(line.trim()) {
                Some(Step::When(text)) => {
                    open += 1;
                    flow.steps.push(Step::When(text));
                }
                Some(Step::End) => {
                    open -= 1;
                    flow.steps.push(Step::End);
                }
                Some(step) => flow.steps.push(step),
                None if flow.heading(line) => {}
                None => return Err(wrong("is no step")),
            }
            if open < 0 {
                return Err(wrong("nothing to end"));
            }
        }
        if flow.title.is_empty() || flow.lanes.len() < 2 || open != 0 {
            return Err(Failure::new(format!("{file}: wants a title, lanes, and an end for each when")));
        }
        Ok(flow)
    }

    fn heading(&mut self, line: &str) -> bool {
        let Some((word, text)) = line.split_once(": ") else { return false };
        match word {
            "title" => text.clone_into(&mut self.title),
            "about" => {
                self.about.push_str(if self.about.is_empty() { "" } else { " " });
                self.about.push_str(text);
            }
            "lanes" => self.lanes = text.split(", ").map(str::to_owned).collect(),
            _ => return false,
        }
        true
    }

    fn step(&self, line: &str) -> Option<Step> {
        if line == "end" {
            return Some(Step::End);
        }
        let (head, text) = line.split_once(": ")?;
        let text = text.to_owned();
        let lane = |name: &str| self.lanes.iter().position(|lane| lane == name);
        if let Some((from, to)) = head.split_once(" --> ") {
            return Some(Step::Answer { from: lane(from)?, to: lane(to)?, text });
        }
        if let Some((from, to)) = head.split_once(" -> ") {
            return Some(Step::Ask { from: lane(from)?, to: lane(to)?, text });
        }
        match head {
            "when" => Some(Step::When(text)),
            "or" => Some(Step::Or(text)),
            _ => lane(head).map(|lane| Step::Do { lane, text }),
        }
    }

    /// Everything that is said, for looking whether it is true.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let steps = self.steps.iter().filter_map(|step| match step {
            Step::Ask { text, .. } | Step::Answer { text, .. } | Step::Do { text, .. } => Some(text.as_str()),
            Step::When(text) | Step::Or(text) => Some(text.as_str()),
            Step::End => None,
        });
        std::iter::once(self.about.as_str()).chain(steps)
    }

    /// The same in words, as Markdown: for whoever does not see pictures, and for searching.
    pub(super) fn words(&self) -> String {
        let (mut page, mut number) = (String::new(), 0);
        let mut say = |who: String, text: &str| {
            number += 1;
            format!("{number}. **{who}**: {text}\n")
        };
        let mut was_step = false;
        for step in &self.steps {
            let line = match step {
                Step::Ask { from, to, text } => say(format!("{} asks {}", self.lanes[*from], self.lanes[*to]), text),
                Step::Answer { from, to, text } => {
                    say(format!("{} answers {}", self.lanes[*from], self.lanes[*to]), text)
                }
                Step::Do { lane, text } => say(self.lanes[*lane].clone(), text),
                Step::When(text) => format!("\n*When {text}:*\n\n"),
                Step::Or(text) => format!("\n*Or {text}:*\n\n"),
                Step::End => "\n*Then:*\n\n".to_owned(),
            };
            let is_step = line.starts_with(|first: char| first.is_ascii_digit());
            // Directly after a list, a blank line has been written already.
            page.push_str(if was_step || is_step { &line } else { line.trim_start_matches('\n') });
            was_step = is_step;
        }
        // Nothing follows the last branch.
        let page = page.trim_end().trim_end_matches("*Then:*").trim_end();
        page.replace("*Then:*\n\n*", "*").to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: T\nabout: One.\nabout: Two.\nlanes: A, B\n\nA -> B: ask\nwhen: no\n  B --> A: 401\nor: yes\n  B: work\nend\n";

    #[test]
    fn a_flow_is_read_and_told() {
        let flow = Flow::parse("t.flow", TEXT).unwrap();
        assert_eq!((flow.about.as_str(), flow.steps.len()), ("One. Two.", 6));
        assert_eq!(flow.steps[2], Step::Answer { from: 1, to: 0, text: "401".to_owned() });
        assert_eq!(
            flow.words(),
            "1. **A asks B**: ask\n\n*When no:*\n\n2. **B answers A**: 401\n\n*Or yes:*\n\n3. **B**: work"
        );
    }

    #[test]
    fn a_line_that_is_no_step_is_named() {
        let failure = Flow::parse("t.flow", &TEXT.replace("B: work", "C: work")).unwrap_err();
        assert!(failure.what.starts_with("t.flow:10: is no step"), "{}", failure.what);
        assert!(Flow::parse("t.flow", &TEXT.replace("end\n", "")).is_err());
        assert!(Flow::parse("t.flow", &TEXT.replace("when: no", "end")).is_err());
    }
}
