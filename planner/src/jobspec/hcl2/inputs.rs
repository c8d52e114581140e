//! The variables a job file declares, as a form for their values shows them: read, not evaluated.

use crate::diagnostic::Span;
use crate::jobspec::syntax::{Block, Body, Expr, Kind};
use crate::jobspec::value::Value;
use crate::record::Record;

/// A declared variable.
#[derive(Debug, Default, Eq, Record)]
pub struct Input {
    pub name: String,
    /// As written: `list(string)`. Empty if none is.
    pub kind: String,
    pub description: String,
    /// As `-var` would give it; without one a value is needed.
    pub default: Option<String>,
    /// Its value is not for everybody's eyes.
    pub sensitive: bool,
    pub span: Span,
}

/// All of them, in the order of the text.
pub(super) fn inputs(text: &str, file: &Body<'_>) -> Vec<Input> {
    let mut found: Vec<Input> = file.blocks("variable").filter_map(|b| typed(text, b)).collect();
    for block in file.blocks("variables") {
        found.extend(block.body.attributes().map(|attribute| Input {
            name: attribute.name.text.to_owned(),
            default: Some(given(text, &attribute.value)),
            span: attribute.name.span,
            ..Input::default()
        }));
    }
    found.sort_by_key(|input| input.span.start);
    found
}

fn typed(text: &str, block: &Block<'_>) -> Option<Input> {
    let label = block.labels.first()?;
    let value = |name| block.body.attribute(name).map(|attribute| &attribute.value);
    Some(Input {
        name: label.text.clone(),
        kind: value("type").map(|expr| given(text, expr)).unwrap_or_default(),
        description: value("description").map(|expr| given(text, expr)).unwrap_or_default(),
        default: value("default").map(|expr| given(text, expr)),
        sensitive: value("sensitive").is_some_and(|expr| given(text, expr) == "true"),
        span: label.span,
    })
}

/// A string without its quotes, anything else as it is written.
fn given(text: &str, expr: &Expr<'_>) -> String {
    match &expr.kind {
        Kind::Literal(Value::Text(text)) => text.to_string(),
        _ => text.get(expr.span.start..expr.span.end).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::jobspec::{ParseOptions, parse};

    #[test]
    fn variables_are_listed_as_they_are_declared() {
        let text = "variable \"image\" {\n  type = string\n  default = \"a:1\"\n  description = \"What runs.\"\n}\n\
                    variable \"zones\" {\n  type = list(string)\n  default = [\"a\"]\n}\n\
                    variable \"key\" {}\nvariables {\n  n = 3\n}\n";
        let inputs = parse(text, &ParseOptions::default()).inputs;
        let short: Vec<_> = inputs
            .iter()
            .map(|i| (i.name.as_str(), i.kind.as_str(), i.default.as_deref()))
            .collect();
        let expected = [
            ("image", "string", Some("a:1")),
            ("zones", "list(string)", Some("[\"a\"]")),
            ("key", "", None),
            ("n", "", Some("3")),
        ];
        assert_eq!(short, expected);
        assert_eq!(inputs[0].description, "What runs.");
    }

    #[test]
    fn a_form_gives_values_and_may_hold_old_ones() {
        let text = "variable \"name\" {}\njob \"a\" {\n  meta {\n    x = var.name\n  }\n}\n";
        let mut options = ParseOptions::default();
        options.values.insert("name".to_owned(), "b".to_owned());
        options.values.insert("gone".to_owned(), "c".to_owned());
        let parsed = parse(text, &options);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let meta = parsed.job.and_then(|job| job.meta.get("x").cloned());
        assert_eq!(meta.as_deref(), Some("b"));
    }
}
