//! Writing SVG: one palette for light and dark, text whose width is known beforehand.

use std::fmt::Write;

/// The looks of every picture. A picture carries its own paper, so that it can be read on any page.
const STYLE: &str = "\
svg{--paper:#fff;--box:#f6f8fa;--head:#e7ecf2;--ink:#1f2328;--soft:#59636e;--line:#8c959f;--note:#fff8dc;--good:#1a7f37;--bad:#cf222e;\
--c0:#0969da;--c1:#1a7f37;--c2:#bc4c00;--c3:#8250df;--c4:#bf3989;--c5:#0e7490;--c6:#7d6608}\
@media (prefers-color-scheme:dark){svg{--paper:#161b22;--box:#1f2630;--head:#2b3442;--ink:#e6edf3;--soft:#a3adb8;--line:#7d8590;--note:#3a3420;\
--good:#56d364;--bad:#ff7b72;--c0:#6cb6ff;--c1:#56d364;--c2:#ffa657;--c3:#d2a8ff;--c4:#ff9bce;--c5:#5bd0e0;--c6:#e3c15b}}\
text{font:12px 'DejaVu Sans',Verdana,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;fill:var(--ink)}\
.m{font:11px 'DejaVu Sans Mono',Menlo,Consolas,monospace}.b{font-weight:bold}.s{fill:var(--soft)}.t{font-size:11px}\
.g{fill:var(--good)}.r{fill:var(--bad)}";

/// A picture that grows as things are put on it.
#[derive(Debug, Default)]
pub(super) struct Picture {
    body: String,
}

/// How a text stands to its place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Picture {
    /// Puts an element on it as it is.
    pub(super) fn put(&mut self, element: impl AsRef<str>) {
        self.body.push_str(element.as_ref());
        self.body.push('\n');
    }
    /// Puts another picture on top.
    pub(super) fn append(&mut self, other: Self) {
        self.body.push_str(&other.body);
    }
    /// A box with round corners.
    pub(super) fn rect(&mut self, (x, y, width, height): (i32, i32, i32, i32), fill: &str, line: &str) {
        self.put(format!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="5" fill="var(--{fill})" stroke="var(--{line})"/>"#
        ));
    }
    /// A text, with the classes of the style.
    pub(super) fn text(&mut self, place: (i32, i32), anchor: Anchor, class: &str, text: &str) {
        self.marked(place, anchor, class, &escape(text));
    }
    /// A text that holds elements of its own.
    pub(super) fn marked(&mut self, (x, y): (i32, i32), anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let class = if class.is_empty() { String::new() } else { format!(r#" class="{class}""#) };
        self.put(format!(r#"<text x="{x}" y="{y}"{anchor}{class}>{text}</text>"#));
    }
    /// A line through points.
    pub(super) fn path(&mut self, data: &str, line: &str, more: &str) {
        self.put(format!(r#"<path d="{data}" fill="none" stroke="var(--{line})" {more}/>"#));
    }
    /// The whole file.
    pub(super) fn finish(self, width: i32, height: i32, title: &str, about: &str) -> String {
        let mut file = String::new();
        let _ = write!(
            file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n<style>{STYLE}</style>\n\
             <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"var(--paper)\"/>\n{}</svg>\n",
            escape(title),
            escape(about),
            self.body
        );
        file
    }
}

/// A corner to corner line with round corners, as path data.
pub(super) fn rounded(points: &[(i32, i32)]) -> String {
    let mut data = String::new();
    for (at, &(x, y)) in points.iter().enumerate() {
        let (before, after) = (at.checked_sub(1).and_then(|at| points.get(at)), points.get(at + 1));
        let _ = match (before, after) {
            (None, _) => write!(data, "M{x} {y}"),
            (Some(_), None) => write!(data, "L{x} {y}"),
            (Some(&from), Some(&to)) => {
                let (a, b) = (towards((x, y), from), towards((x, y), to));
                write!(data, "L{} {}Q{x} {y} {} {}", a.0, a.1, b.0, b.1)
            }
        };
    }
    data
}

/// The point up to five from `from` on the way to `to`; the way goes along an axis.
fn towards(from: (i32, i32), to: (i32, i32)) -> (i32, i32) {
    let step = |from: i32, to: i32| from + ((to - from) / 2).clamp(-5, 5);
    (step(from.0, to.0), step(from.1, to.1))
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Advance widths of DejaVu Sans from the space to the tilde, in hundredths of the size: of the fonts that the style asks for
/// it is the widest, so a text that fits in it fits.
const WIDTHS: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69,
    61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63,
    59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/// How wide a text of this size is at most, in pixels.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let sum: i32 = text
        .chars()
        .map(|letter| {
            let at = (letter as usize).checked_sub(32);
            at.and_then(|at| WIDTHS.get(at)).map_or(100, |&width| i32::from(width))
        })
        .sum();
    sum * size / 100 + 1
}

/// How wide a text of the fixed font is, in pixels.
pub(super) fn fixed_width(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 700) * 662 / 100 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_round_and_text_is_escaped() {
        assert_eq!(rounded(&[(0, 0), (20, 0), (20, 30)]), "M0 0L15 0Q20 0 20 5L20 30");
        let mut picture = Picture::default();
        picture.text((1, 2), Anchor::Middle, "s", "a < b & c");
        let file = picture.finish(10, 20, "T", "D");
        assert!(file.contains("a &lt; b &amp; c") && file.contains("viewBox=\"0 0 10 20\""));
    }
}
