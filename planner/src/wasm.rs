//! The JavaScript face: values in, values out, with TypeScript types. It decides nothing.

use wasm_bindgen::prelude::*;

use crate::wire;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A range of bytes of the UTF-8 text. */
export interface Span { start: number; end: number }

/** One finding in the text of a job. */
export interface Diagnostic {
  code: string;
  severity: "note" | "warning" | "error";
  span: Span | null;
  message: string;
  hint: string | null;
}

/** A text with a name: a variable's value, or a file. */
export interface Named { name: string; text: string }

export interface ParseOptions {
  syntax?: "Auto" | "Hcl2" | "Hcl1" | "Json";
  /** Variables, in order; the last of one name wins. */
  vars?: Named[];
  /** Variable files. */
  var_files?: Named[];
  env?: Record<string, string>;
  /** Variables by name; those that are not declared do no harm. */
  values?: Record<string, string>;
  /** What file functions may read, by path. */
  files?: Record<string, string>;
  allow_files?: boolean;
}

/** A job as Nomad's HTTP API carries it. */
export type Job = Record<string, any>;

/** A variable that a job file declares. */
export interface Input {
  name: string;
  /** As written: "list(string)". Empty if none is. */
  kind: string;
  description: string;
  /** Without one a value is needed. */
  default: string | null;
  sensitive: boolean;
  span: Span;
}

export interface Parsed {
  /** As written, before any default. */
  job: Job | null;
  /** With all defaults. */
  registered: Job | null;
  diagnostics: Diagnostic[];
  /** Where each part of the job stands, by path. */
  spans: Record<string, Span>;
  syntax: "Auto" | "Hcl2" | "Hcl1" | "Json";
  /** Files that expressions asked for and that were not given. */
  missing_files: string[];
  inputs: Input[];
}

/** A cluster, as GET /v1/steppe/snapshot gives it. */
export type Snapshot = Record<string, any>;

export interface PlanOptions { stop?: boolean; eval_id?: string }

/** One allocation the plan makes; IDs are given when it is deployed. */
export interface Plan {
  JobID: string;
  Digest: string;
  Placements: Record<string, any>[];
  Stops: Record<string, any>[];
  Groups: Record<string, any>[];
  [field: string]: any;
}

/** What a cluster has, by name; every list may be left out. */
export interface Known {
  datacenters?: string[];
  pools?: string[];
  classes?: string[];
  drivers?: string[];
  /** Host volumes. */
  volumes?: string[];
  csi_volumes?: string[];
  modes?: string[];
  host_networks?: string[];
  devices?: string[];
  /** Values by name, without `attr.`. */
  attributes?: Record<string, string[]>;
  /** Values by name, without `meta.`. */
  meta?: Record<string, string[]>;
}

export interface Help {
  known?: Known;
  /** The language, and the values of variables. */
  options?: ParseOptions;
  /** Other sentences than those of this package: lines of path, default and text, with tabs between them. */
  docs?: string;
}

/** One thing to write. */
export interface Offer {
  label: string;
  kind: "block" | "attribute" | "value" | "function" | "variable" | "reference";
  detail: string;
  text: string;
  insert: string;
  /** `insert` has places to fill in: `${1:text}`, and `${}` at the end. */
  snippet: boolean;
}

export interface Completion {
  /** What an accepted offer replaces. */
  span: Span;
  /** Those that fit what is typed, the best ones first. */
  offers: Offer[];
}

/** What stands at a place, in plain text. */
export interface Hover {
  span: Span;
  title: string;
  facts: Named[];
  text: string;
  url: string | null;
}

/** What may be written at a byte of the UTF-8 text. */
export function complete(text: string, offset: number, help?: Help): Completion;
/** What stands at a byte of the UTF-8 text. */
export function hover(text: string, offset: number, help?: Help): Hover | null;
/** The names of a snapshot, for `complete` and `hover`. */
export function known(snapshot: Snapshot): Known;
/** Parses, fills in and validates a job file. Mistakes of the text are diagnostics, never exceptions. */
export function parse(text: string, options?: ParseOptions): Parsed;
/** Plans a job against a snapshot. */
export function plan(job: Job, snapshot: Snapshot, options?: PlanOptions): Plan;
/** As `parse`, from JSON text to JSON text. */
export function parseText(text: string, options: string): string;
/** As `plan`, from JSON text to JSON text. */
export function planText(job: string, snapshot: string, options: string): string;
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn from_json(text: &str) -> Result<JsValue, JsValue>;
    /// Nothing for `undefined`.
    #[wasm_bindgen(js_namespace = JSON, js_name = stringify, catch)]
    fn to_json(value: &JsValue) -> Result<Option<String>, JsValue>;
}

/// Parses a job file.
#[wasm_bindgen(skip_typescript)]
pub fn parse(text: &str, options: &JsValue) -> Result<JsValue, JsValue> {
    let options = to_json(options)?.unwrap_or_default();
    from_json(&parse_text(text, &options)?)
}

/// Plans a job.
#[wasm_bindgen(skip_typescript)]
pub fn plan(job: &JsValue, snapshot: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let [job, snapshot, options] =
        [to_json(job)?, to_json(snapshot)?, to_json(options)?].map(Option::unwrap_or_default);
    from_json(&plan_text(&job, &snapshot, &options)?)
}

/// What may be written at a place.
#[wasm_bindgen(skip_typescript)]
pub fn complete(text: &str, offset: usize, help: &JsValue) -> Result<JsValue, JsValue> {
    let help = to_json(help)?.unwrap_or_default();
    from_json(&wire::complete(text, offset, &help).map_err(|error| JsError::new(&error))?)
}

/// What stands at a place.
#[wasm_bindgen(skip_typescript)]
pub fn hover(text: &str, offset: usize, help: &JsValue) -> Result<JsValue, JsValue> {
    let help = to_json(help)?.unwrap_or_default();
    from_json(&wire::hover(text, offset, &help).map_err(|error| JsError::new(&error))?)
}

/// The names of a snapshot.
#[wasm_bindgen(skip_typescript)]
pub fn known(snapshot: &JsValue) -> Result<JsValue, JsValue> {
    let snapshot = to_json(snapshot)?.unwrap_or_default();
    from_json(&wire::known(&snapshot).map_err(|error| JsError::new(&error))?)
}

/// Parses a job file, to JSON text.
#[wasm_bindgen(js_name = parseText, skip_typescript)]
pub fn parse_text(text: &str, options: &str) -> Result<String, JsError> {
    wire::parse(text, options).map_err(|error| JsError::new(&error))
}

/// Plans a job, to JSON text.
#[wasm_bindgen(js_name = planText, skip_typescript)]
pub fn plan_text(job: &str, snapshot: &str, options: &str) -> Result<String, JsError> {
    wire::plan(job, snapshot, options).map_err(|error| JsError::new(&error))
}
