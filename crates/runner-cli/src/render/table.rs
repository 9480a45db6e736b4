//! How do columns line up?

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Paint, Style};

/// Which side a column leans to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
    /// Prose: broken over several lines rather than cut.
    Prose,
}

/// Rows under aligned columns, fitted to a width: prose is broken first, then the widest column is cut.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<(String, Style)>>,
}

/// The blanks between two columns.
const GAP: usize = 2;
/// No column becomes narrower than this.
const MIN_COLUMN: usize = 4;
/// No prose becomes narrower than this before other columns give way.
const MIN_PROSE: usize = 24;

impl Table {
    /// Begins a table with these columns.
    pub(crate) fn new(columns: &[(&str, Align)]) -> Self {
        Self { columns: columns.iter().map(|(name, align)| ((*name).to_owned(), *align)).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = (String, Style)>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Draws the table, at most `width` cells wide, each line indented by two.
    pub(crate) fn draw(&self, width: usize, paint: Paint) -> String {
        let widths = self.widths(width.saturating_sub(2));
        let header: Vec<(String, Style)> = self.columns.iter().map(|(name, _)| (name.clone(), Style::Dim)).collect();
        let mut out = String::new();
        if self.columns.iter().any(|(name, _)| !name.is_empty()) {
            out += &self.line(&header, &widths, paint);
        }
        for row in &self.rows {
            out += &self.lines(row, &widths, paint);
        }
        out
    }

    fn widths(&self, room: usize) -> Vec<usize> {
        let natural = |at: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(at)).map(|(text, _)| text.width());
            cells.chain([self.columns[at].0.width()]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..self.columns.len()).map(natural).collect();
        let gaps = GAP * self.columns.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > room {
            match self.gives_way(&widths) {
                Some(at) => widths[at] -= 1,
                None => break,
            }
        }
        widths
    }

    /// Picks the column that is to become narrower: the widest prose that can, else the widest of all.
    fn gives_way(&self, widths: &[usize]) -> Option<usize> {
        let widest = |least: usize, prose: bool| {
            let may = move |at: &usize| widths[*at] > least && (!prose || self.columns[*at].1 == Align::Prose);
            (0..widths.len()).filter(may).max_by_key(|at| widths[*at])
        };
        widest(MIN_PROSE, true).or_else(|| widest(MIN_COLUMN, false))
    }

    /// Draws a row: as many lines as its longest prose has.
    fn lines(&self, cells: &[(String, Style)], widths: &[usize], paint: Paint) -> String {
        let broken = |at: usize, text: &str| match self.columns[at].1 {
            Align::Prose => wrap(text, widths[at]),
            Align::Left | Align::Right => vec![text.to_owned()],
        };
        let parts: Vec<Vec<String>> = cells.iter().enumerate().map(|(at, (text, _))| broken(at, text)).collect();
        let height = parts.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let cell = |at: usize, row: usize| (parts[at].get(row).cloned().unwrap_or_default(), cells[at].1);
        let line = |row: usize| (0..cells.len()).map(|at| cell(at, row)).collect::<Vec<_>>();
        (0..height).map(|row| self.line(&line(row), widths, paint)).collect()
    }

    fn line(&self, cells: &[(String, Style)], widths: &[usize], paint: Paint) -> String {
        let mut line = String::from("  ");
        for (at, (text, style)) in cells.iter().enumerate() {
            let text = fit(text, widths[at]);
            let pad = " ".repeat(widths[at].saturating_sub(text.width()));
            let painted = paint.paint(*style, &text);
            let sides = match self.columns[at].1 {
                Align::Left | Align::Prose => [painted, pad],
                Align::Right => [pad, painted],
            };
            line += &sides.concat();
            if at + 1 < cells.len() {
                line += &" ".repeat(GAP);
            }
        }
        format!("{}\n", line.trim_end())
    }
}

/// Cuts text to a width, with `…` where something is missing; control characters become `�`.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if clean.width() <= width {
        return clean;
    }
    let mut cut = String::new();
    for c in clean.chars() {
        if cut.width() + c.width().unwrap_or(0) + 1 > width {
            break;
        }
        cut.push(c);
    }
    if width > 0 {
        cut.push('…');
    }
    cut
}

/// Breaks text into lines of at most `width` cells at blanks; a longer word is cut.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = fit(word, width);
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(&[("name", Align::Left), ("n", Align::Right)]);
        for (name, n) in [("db", "7"), ("a-much-longer-name-than-fits", "12345")] {
            table.row([(name.to_owned(), Style::Plain), (n.to_owned(), Style::Plain)]);
        }
        table
    }

    #[test]
    fn columns_line_up() {
        assert_eq!(
            sample().draw(80, Paint::plain()),
            "  name                              n\n  db                                7\n  a-much-longer-name-than-fits  12345\n"
        );
    }

    #[test]
    fn widest_column_gives_way() {
        let drawn = sample().draw(24, Paint::plain());
        assert!(drawn.lines().all(|line| line.width() <= 24), "{drawn}");
        assert!(drawn.contains("12345") && drawn.contains('…'), "{drawn}");
    }

    #[test]
    fn prose_is_broken_not_cut() {
        let mut table = Table::new(&[("n", Align::Right), ("what", Align::Prose), ("", Align::Left)]);
        let prose = "a sentence that is too long for the room that it is given";
        table.row([("1".to_owned(), Style::Plain), (prose.to_owned(), Style::Plain), ("x".to_owned(), Style::Plain)]);
        assert_eq!(
            table.draw(36, Paint::plain()),
            "  n  what\n  1  a sentence that is too long   x\n     for the room that it is\n     given\n"
        );
    }

    #[test]
    fn wide_and_hostile_text_fits() {
        assert_eq!(fit("데이터베이스", 7), "데이터…");
        assert_eq!(fit("a\u{1b}[31mb", 10), "a\u{fffd}[31mb");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn wrapped_lines_keep_the_width() {
        let lines = wrap("one two three incomprehensibilities four", 9);
        assert_eq!(lines, ["one two", "three", "incompre…", "four"]);
    }
}
