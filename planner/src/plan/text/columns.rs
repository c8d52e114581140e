//! Tables and lists of key and value, aligned as Nomad's command line aligns them.

/// Rows of cells, two spaces between the columns, `<none>` for an empty cell.
pub fn table(rows: &[Vec<String>]) -> String {
    align(rows, "  ", "<none>")
}

/// The same with empty cells left empty.
pub fn table_with_gaps(rows: &[Vec<String>]) -> String {
    align(rows, "  ", "")
}

/// `Key = value` lines.
pub fn key_values(rows: &[(&str, String)]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|(key, value)| vec![(*key).to_owned(), value.clone()]).collect();
    align(&rows, " = ", "")
}

/// Pads every cell but the last of its row; lines are joined without a final newline.
fn align(rows: &[Vec<String>], glue: &str, empty: &str) -> String {
    let cell = |text: &String| {
        let text = text.trim();
        if text.is_empty() { empty.to_owned() } else { text.to_owned() }
    };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max()
    };
    let widths: Vec<usize> = (0..count).map(|c| width(c).unwrap_or_default()).collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let last = row.len().saturating_sub(1);
            let cells: Vec<String> = row
                .iter()
                .enumerate()
                .map(|(i, c)| if i == last { c.clone() } else { format!("{c:<w$}", w = widths[i]) })
                .collect();
            cells.join(glue)
        })
        .collect();
    lines.join("\n")
}
