//! The tree of differences, with markers and aligned names.

use super::TextOptions;
use super::paint::{Color, Paint};
use crate::api::{DiffKind, FieldDiff, JobDiff, ObjectDiff, TaskDiff, TaskGroupDiff};
use crate::quote::quote;

/// The whole tree, one line a field.
pub fn diff_text(diff: &JobDiff, options: &TextOptions) -> String {
    let paint = options.paint;
    let mut out = format!(
        "{}{}\n",
        marker(diff.kind, paint),
        paint.bold(&format!("Job: {}", quote(&diff.id)))
    );
    let mut columns = Columns::of(&diff.fields, &diff.objects);
    columns.widen(diff.task_groups.iter().map(|g| g.kind));
    if diff.kind == DiffKind::Edited || options.verbose {
        let inside = fields_and_objects(&diff.fields, &diff.objects, 0, columns, paint);
        if !inside.is_empty() {
            out += &inside;
            out.push('\n');
        }
    }
    for group in &diff.task_groups {
        out += &group_text(group, columns.pad(group.kind), options);
        out.push('\n');
    }
    out
}

fn group_text(group: &TaskGroupDiff, pad: usize, options: &TextOptions) -> String {
    let paint = options.paint;
    let title = paint.bold(&format!("Task Group: {}", quote(&group.name)));
    let mut out = format!("{}{}{title}", marker(group.kind, paint), spaces(pad));
    if !group.updates.is_empty() {
        let updates: Vec<String> = group
            .updates
            .iter()
            .map(|(what, count)| update_text(what, &format!("{count} {what}"), paint))
            .collect();
        out += &format!(" ({})", updates.join(", "));
    }
    out.push('\n');
    let mut columns = Columns::of(&group.fields, &group.objects);
    columns.widen(group.tasks.iter().map(|t| t.kind));
    if group.kind == DiffKind::Edited || options.verbose {
        let inside = fields_and_objects(&group.fields, &group.objects, pad + 2, columns, paint);
        if !inside.is_empty() {
            out += &inside;
            out.push('\n');
        }
    }
    for task in &group.tasks {
        out += &task_text(task, pad + 2, columns.pad(task.kind), options);
        out.push('\n');
    }
    out
}

fn task_text(task: &TaskDiff, indent: usize, pad: usize, options: &TextOptions) -> String {
    let paint = options.paint;
    let title = paint.bold(&format!("Task: {}", quote(&task.name)));
    let mut out = format!("{}{}{}{title}", spaces(indent), marker(task.kind, paint), spaces(pad));
    out += &annotations_text(&task.annotations, paint);
    let whole = matches!(task.kind, DiffKind::Added | DiffKind::Deleted);
    if task.kind == DiffKind::None || (whole && !options.verbose) {
        return out;
    }
    let columns = Columns::of(&task.fields, &task.objects);
    out.push('\n');
    out += &fields_and_objects(&task.fields, &task.objects, indent + 2, columns, paint);
    out
}

/// The widths that line up the fields and objects of one level.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    marker: usize,
}

impl Columns {
    fn of(fields: &[FieldDiff], objects: &[ObjectDiff]) -> Columns {
        let mut columns = Columns {
            name: fields.iter().map(|f| f.name.len()).max().unwrap_or_default(),
            marker: 0,
        };
        columns.widen(fields.iter().map(|f| f.kind).chain(objects.iter().map(|o| o.kind)));
        columns
    }

    fn widen(&mut self, kinds: impl Iterator<Item = DiffKind>) {
        self.marker = kinds.map(marker_width).max().unwrap_or_default().max(self.marker);
    }

    fn pad(self, kind: DiffKind) -> usize {
        self.marker - marker_width(kind)
    }
}

fn fields_and_objects(
    fields: &[FieldDiff],
    objects: &[ObjectDiff],
    indent: usize,
    columns: Columns,
    paint: Paint,
) -> String {
    let fields = fields.iter().map(|f| field_text(f, indent, columns, paint));
    let objects = objects.iter().map(|o| object_text(o, indent, columns.pad(o.kind), paint));
    fields.chain(objects).collect::<Vec<_>>().join("\n")
}

fn field_text(field: &FieldDiff, indent: usize, columns: Columns, paint: Paint) -> String {
    let value = match field.kind {
        DiffKind::Deleted => quote(&field.old),
        DiffKind::Edited => format!("{} => {}", quote(&field.old), quote(&field.new)),
        DiffKind::Added | DiffKind::None => quote(&field.new),
    };
    format!(
        "{}{}{}{}: {}{value}{}",
        spaces(indent),
        marker(field.kind, paint),
        spaces(columns.pad(field.kind)),
        field.name,
        spaces(columns.name - field.name.len()),
        annotations_text(&field.annotations, paint),
    )
}

fn object_text(object: &ObjectDiff, indent: usize, pad: usize, paint: Paint) -> String {
    let columns = Columns::of(&object.fields, &object.objects);
    let inside =
        fields_and_objects(&object.fields, &object.objects, indent + pad + 2, columns, paint);
    format!(
        "{}{}{}{} {{\n{inside}\n{}}}",
        spaces(indent),
        marker(object.kind, paint),
        spaces(pad),
        object.name,
        spaces(indent + marker_width(object.kind) + pad),
    )
}

fn annotations_text(annotations: &[String], paint: Paint) -> String {
    if annotations.is_empty() {
        return String::new();
    }
    let texts: Vec<String> = annotations.iter().map(|a| update_text(a, a, paint)).collect();
    format!(" ({})", texts.join(", "))
}

/// Green for what appears, red for what goes, blue and cyan for what moves or changes.
fn update_text(what: &str, text: &str, paint: Paint) -> String {
    match what.trim_start_matches("forces ") {
        "create" => paint.color(Color::Green, text),
        "destroy" => paint.color(Color::Red, text),
        "migrate" => paint.color(Color::Blue, text),
        "in-place update" => paint.color(Color::Cyan, text),
        "create/destroy update" => paint.color(Color::Yellow, text),
        "canary" => paint.color(Color::LightYellow, text),
        _ => text.to_owned(),
    }
}

fn marker(kind: DiffKind, paint: Paint) -> String {
    match kind {
        DiffKind::Added => format!("{} ", paint.color(Color::Green, "+")),
        DiffKind::Deleted => format!("{} ", paint.color(Color::Red, "-")),
        DiffKind::Edited => format!("{} ", paint.color(Color::LightYellow, "+/-")),
        DiffKind::None => String::new(),
    }
}

fn marker_width(kind: DiffKind) -> usize {
    match kind {
        DiffKind::Added | DiffKind::Deleted => 2,
        DiffKind::Edited => 4,
        DiffKind::None => 0,
    }
}

fn spaces(count: usize) -> String {
    " ".repeat(count)
}
