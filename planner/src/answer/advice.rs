//! Advice for a terminal: what would make the job fit, and how many more would.

use super::{Answer, GroupRoom};
use crate::jobspec::edited;
use crate::plan::text::{Color, Paint};
use crate::suggest::Suggestion;

/// Every suggestion with the lines that it changes in the text; empty if there is none.
pub fn advice_text(suggestions: &[Suggestion], source: &str, paint: Paint) -> String {
    if suggestions.is_empty() {
        return String::new();
    }
    let mut out = paint.bold("What would help");
    for suggestion in suggestions {
        out += &format!("\n  * {} ({})", suggestion.title, effect(suggestion));
        for (removed, line) in changed_lines(source, suggestion) {
            let (sign, color) = if removed { ("-", Color::Red) } else { ("+", Color::Green) };
            out += &format!("\n      {}", paint.color(color, &format!("{sign} {line}")));
        }
        if !suggestion.command.is_empty() {
            out += &format!("\n      $ {}", suggestion.command);
        }
    }
    out
}

/// `places 2 of 3, fits on 4 nodes`.
pub fn effect(suggestion: &Suggestion) -> String {
    let placed = suggestion.of - suggestion.waiting;
    let placed = match suggestion.of {
        1 => "places it".to_owned(),
        of if placed == of => format!("places all {of}"),
        of => format!("places {placed} of {of}"),
    };
    match suggestion.nodes {
        0 => placed,
        1 => format!("{placed}; 1 node would do"),
        nodes => format!("{placed}; {nodes} nodes would do"),
    }
}

/// The lines that a suggestion takes out (`true`) and puts in.
pub fn changed_lines(source: &str, suggestion: &Suggestion) -> Vec<(bool, String)> {
    let mut lines = Vec::new();
    for edit in &suggestion.edits {
        // Whole lines, so that a reader finds the place.
        let start = source[..edit.span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = source[edit.span.end..].find('\n').map_or(source.len(), |n| edit.span.end + n);
        let before = &source[start..end.max(start)];
        let mut shifted = edit.clone();
        shifted.span.start -= start;
        shifted.span.end -= start;
        let after = edited(before, std::slice::from_ref(&shifted));
        let (before, after): (Vec<&str>, Vec<&str>) =
            (before.lines().collect(), after.lines().collect());
        let gone = before.iter().filter(|line| !after.contains(line));
        lines.extend(gone.map(|line| (true, line.trim().to_owned())));
        let new = after.iter().filter(|line| !before.contains(line));
        lines.extend(new.map(|line| (false, line.trim().to_owned())));
    }
    lines.retain(|(_, line)| !line.is_empty());
    lines
}

/// `Room for 17 more of group "web"`, one line a group.
pub fn rooms_text(rooms: &[GroupRoom]) -> String {
    let line = |room: &GroupRoom| {
        let plus = if room.at_least { " or more" } else { "" };
        let told = match room.more {
            0 => format!("No room for more of group \"{}\"", room.group),
            more => format!("Room for {more}{plus} more of group \"{}\"", room.group),
        };
        match displaced(room) {
            Some(others) => format!("{told}: another would take a place from {others}"),
            None => told,
        }
    };
    rooms.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The groups that would lose a place to one more, as a list.
pub fn displaced(room: &GroupRoom) -> Option<String> {
    (!room.displaces.is_empty()).then(|| room.displaces.join(", "))
}

impl Answer {
    /// True if everything that the job asks for is placed.
    pub fn is_whole(&self) -> bool {
        self.plan.failed_tg_allocs.is_empty()
    }
}
