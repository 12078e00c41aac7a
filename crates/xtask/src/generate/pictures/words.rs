//! Running text with `code` in it, broken into lines whose width is known.

use super::svg::{Anchor, Picture, escape, fixed_width, width};

/// The height of a line.
pub(super) const LINE: i32 = 15;
const SIZE: i32 = 12;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    is_code: bool,
}

impl Word {
    fn width(&self) -> i32 {
        if self.is_code { fixed_width(&self.text) } else { width(&self.text, SIZE) }
    }
}

/// Text in lines.
#[derive(Clone, Debug)]
pub(super) struct Words {
    lines: Vec<Vec<Word>>,
}

impl Words {
    /// The text in lines of at most so many pixels; what stands between backticks is code.
    pub(super) fn new(text: &str, room: i32) -> Self {
        let mut lines: Vec<Vec<Word>> = vec![Vec::new()];
        let mut used = 0;
        let mut is_open = false;
        for (part, piece) in text.split('`').enumerate() {
            let is_code = part % 2 == 1;
            for (at, one) in piece.split_whitespace().enumerate() {
                let word = Word { text: one.to_owned(), is_code };
                // No space before a comma that follows code, and none before code that follows a bracket.
                let begins = part > 0 && !is_code && !piece.starts_with(char::is_whitespace);
                let is_glued = at == 0 && (begins || is_open);
                let space = if is_glued || used == 0 { 0 } else { width(" ", SIZE) + 1 };
                if used > 0 && !is_glued && used + space + word.width() > room {
                    lines.push(Vec::new());
                    used = 0;
                }
                used += if used == 0 { 0 } else { space } + word.width();
                if let Some(line) = lines.last_mut() {
                    match line.last_mut() {
                        Some(last) if is_glued && last.is_code == is_code => last.text.push_str(&word.text),
                        _ => line
                            .push(Word { text: if is_glued { format!("\u{2060}{one}") } else { word.text }, ..word }),
                    }
                }
            }
            is_open = !is_code && !piece.is_empty() && !piece.ends_with(char::is_whitespace);
        }
        Self { lines }
    }

    /// How high it is.
    pub(super) fn height(&self) -> i32 {
        i32::try_from(self.lines.len()).unwrap_or(0) * LINE
    }

    /// Writes it, the first line's foot at `y`.
    pub(super) fn write(&self, picture: &mut Picture, (x, y): (i32, i32), anchor: Anchor, class: &str) {
        for (row, line) in (0..).zip(&self.lines) {
            let mut text = String::new();
            for (at, word) in line.iter().enumerate() {
                // A word joiner marks what follows code without a space.
                let (space, plain) = match word.text.strip_prefix('\u{2060}') {
                    Some(rest) => ("", rest),
                    None => (if at > 0 { " " } else { "" }, word.text.as_str()),
                };
                text.push_str(space);
                if word.is_code {
                    text.push_str(&format!("<tspan class=\"m\">{}</tspan>", escape(plain)));
                } else {
                    text.push_str(&escape(plain));
                }
            }
            picture.marked((x, y + row * LINE), anchor, class, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_keeps_its_comma_and_long_text_is_broken() {
        let mut picture = Picture::default();
        let words = Words::new("read (`sessions`), then\nthe rest", 400);
        words.write(&mut picture, (0, 0), Anchor::Start, "");
        assert!(picture.finish(1, 1, "", "").contains("read (<tspan class=\"m\">sessions</tspan>), then the rest<"));
        assert_eq!(Words::new("one two three four", 80).height(), 2 * LINE);
    }
}
