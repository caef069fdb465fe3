//! One line of output: pieces of text in styles, in columns, never wider than the screen.
//!
//! The only place where text and escape sequences meet: what is pushed is escaped here, whoever pushes it.

use super::style::{END, Style};
use super::text;

/// How wide the output is and whether it is coloured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper {
    pub(super) width: usize,
    pub(super) color: bool,
}

/// A line that is being written.
#[derive(Debug)]
pub(super) struct Line {
    paper: Paper,
    text: String,
    columns: usize,
    /// The column at which the next piece starts; blanks are only written when it comes.
    next: usize,
}

impl Line {
    pub(super) fn new(paper: Paper) -> Self {
        Self { paper, text: String::new(), columns: 0, next: 0 }
    }

    /// Columns that are left.
    pub(super) fn room(&self) -> usize {
        self.paper.width.saturating_sub(self.next)
    }

    /// Columns that are taken.
    pub(super) fn used(&self) -> usize {
        self.next
    }

    /// Appends `text`, cut to the room that is left.
    pub(super) fn push(&mut self, style: Style, text: &str) {
        self.push_within(style, text, usize::MAX);
    }

    /// Appends `text`, cut to `limit` columns.
    pub(super) fn push_within(&mut self, style: Style, text: &str, limit: usize) {
        let limit = limit.min(self.room());
        if limit == 0 || text.is_empty() {
            return;
        }
        self.text.extend(std::iter::repeat_n(' ', self.next - self.columns));
        let start = if self.paper.color { style.start() } else { "" };
        self.text.push_str(start);
        self.columns = self.next + text::clip(&mut self.text, text, limit);
        self.next = self.columns;
        if !start.is_empty() {
            self.text.push_str(END);
        }
    }

    /// Lets the next piece start at `column`, if the line is not there yet.
    pub(super) fn tab(&mut self, column: usize) {
        self.next = self.next.max(column);
    }

    /// Leaves `columns` columns free.
    pub(super) fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    /// Appends the line to `out`.
    pub(super) fn end(self, out: &mut String) {
        out.push_str(&self.text);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_exceeds_its_width_and_has_no_trailing_blanks() {
        let mut line = Line::new(Paper { width: 10, color: false });
        line.push(Style::Ok, "ab");
        line.tab(4);
        line.push_within(Style::Plain, "cdefgh", 3);
        line.tab(8);
        line.push(Style::Plain, "xyz");
        line.push(Style::Plain, "more");
        line.tab(40);
        let mut out = String::new();
        line.end(&mut out);
        assert_eq!(out, "ab  cd… x…\n");
    }

    #[test]
    fn colours_wrap_the_piece_and_text_cannot_forge_them() {
        let mut line = Line::new(Paper { width: 80, color: true });
        line.push(Style::Error, "a\x1b[0m");
        let mut out = String::new();
        line.end(&mut out);
        assert_eq!(out, "\x1b[31ma\\u{1b}[0m\x1b[0m\n");
    }
}
