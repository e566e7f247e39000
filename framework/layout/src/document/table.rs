//! Headings, tables and code in both styles. Cells carry Markdown's backquotes, which the plain style
//! leaves out.

use super::Style;

/// Rows under a head.
pub(super) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A name as it is written in a layout.
pub(super) fn cell(name: &str) -> String {
    format!("`{name}`")
}

/// A heading of this level, apart from what is before it.
pub(super) fn heading(out: &mut String, style: Style, level: usize, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    *out += &match style {
        Style::Plain => format!("{text}\n"),
        Style::Markdown => format!("{} {text}\n\n", "#".repeat(level)),
    };
}

/// A piece of a layout.
pub(super) fn code(out: &mut String, style: Style, text: &str) {
    match style {
        Style::Plain => text.lines().for_each(|line| *out += &format!("  {line}\n")),
        Style::Markdown => *out += &format!("```ron\n{text}```\n"),
    }
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| cell.replace('\n', " ")).collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn write(&self, out: &mut String, style: Style) {
        match style {
            Style::Plain => self.write_plain(out),
            Style::Markdown => self.write_markdown(out),
        }
    }

    fn write_plain(&self, out: &mut String) {
        let bare = |row: &Vec<String>| row.iter().map(|cell| cell.replace('`', "")).collect::<Vec<_>>();
        let rows: Vec<Vec<String>> = std::iter::once(&self.head).chain(&self.rows).map(bare).collect();
        let width = |column: usize| rows[1..].iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let is_used = |column: &usize| width(*column) > 0;
        let columns: Vec<usize> = (0..self.head.len()).filter(is_used).collect();
        for row in &rows {
            let cell = |column: &usize| format!("{:1$}", row[*column], width(*column).max(self.head[*column].len()));
            let line: Vec<String> = columns.iter().map(cell).collect();
            *out += format!("  {}", line.join("  ")).trim_end();
            out.push('\n');
        }
    }

    fn write_markdown(&self, out: &mut String) {
        *out += &format!("| {} |\n|{}\n", self.head.join(" | "), "---|".repeat(self.head.len()));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            *out += &format!("| {} |\n", cells.join(" | "));
        }
    }
}
