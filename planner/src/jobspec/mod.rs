//! Text to job: HCL2, HCL1 and JSON job files, with every mistake pointed at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api;
use crate::diagnostic::{Diagnostics, Span};

/// Which language a text is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Syntax {
    /// JSON if it starts with `{`, else HCL2, else HCL1 where only that parses (with a note).
    #[default]
    Auto,
    Hcl2,
    Hcl1,
    Json,
}

/// Everything a parse depends on besides the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ParseOptions {
    pub syntax: Syntax,
    /// `-var name=value`, in order.
    pub vars: Vec<(String, String)>,
    /// `-var-file`, in order: name and text.
    pub var_files: Vec<(String, String)>,
    /// `NOMAD_VAR_name` variables of the environment.
    pub env: BTreeMap<String, String>,
    /// What file functions may read, by the path as written.
    pub files: BTreeMap<String, String>,
}

/// A parsed text: the job where there is one, and all findings.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// As written, before any default.
    pub job: Option<api::Job>,
    pub diagnostics: Diagnostics,
    pub spans: SpanMap,
    /// The language it was read as.
    pub syntax: Syntax,
}

/// Where each part of the job stands in the text, by path (`group.web.task.db.resources.memory`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanMap(pub BTreeMap<String, Span>);

/// Parses a job file.
pub fn parse(_text: &str, _options: &ParseOptions) -> Parsed {
    Parsed::default()
}
