//! Builds the snapshot of a plan case, and the job to plan.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use steppe_planner::api;
use steppe_planner::jobspec::Syntax;
use steppe_planner::semantics::Semantics;
use steppe_planner::snapshot::{DOCUMENT_VERSION, Document, Snapshot, time};
use steppe_planner::{Named, ParseOptions, canonicalize, parse};

/// A case ready to be planned.
pub(crate) struct Input {
    pub(crate) job: api::Job,
    /// The registered version.
    pub(crate) old: Option<api::Job>,
    pub(crate) document: Document,
    pub(crate) snapshot: Snapshot,
    pub(crate) stop: bool,
}

/// Reads `input.json` and the job files beside it.
pub(crate) fn read(folder: &Path) -> Result<Input, String> {
    let input = json(&folder.join("input.json"))?;
    let mut job = job(folder, &input["job"])?;
    canonicalize(&mut job, Semantics::of("1.1"));
    let jobs = existing_jobs(folder, &input)?;
    let old = jobs.iter().rfind(|j| j.id == job.id).cloned();
    let document = Document {
        version: DOCUMENT_VERSION,
        now: input["now"].as_str().and_then(time::parse).unwrap_or_default(),
        profile: "1.1".to_owned(),
        nodes: documents(&input["nodes"])?,
        allocations: documents(&input["allocs"])?,
        deployments: documents(&input["deployments"])?,
        csi_volumes: input["csi_volumes"].as_array().cloned().unwrap_or_default(),
        scheduler_config: match &input["scheduler_config"] {
            Json::Null => None,
            config => Some(serde_json::from_value(config.clone()).map_err(|e| e.to_string())?),
        },
        jobs,
        ..Document::default()
    };
    let stop = input["op"] == "stop";
    let snapshot = Snapshot::new(document.clone()).map_err(|e| e.to_string())?;
    Ok(Input { job, old, document, snapshot, stop })
}

/// Reads a JSON file.
pub(crate) fn json(path: &Path) -> Result<Json, String> {
    let text = fs::read_to_string(path).map_err(|e| e.to_string())?;
    serde_json::from_str(&text).map_err(|e| e.to_string())
}

fn documents<T: serde::de::DeserializeOwned>(list: &Json) -> Result<Vec<T>, String> {
    match list {
        Json::Null => Ok(Vec::new()),
        list => serde_json::from_value(list.clone()).map_err(|e| e.to_string()),
    }
}

fn job(folder: &Path, description: &Json) -> Result<api::Job, String> {
    if let Some(job) = description.get("json") {
        return serde_json::from_value(job.clone()).map_err(|e| e.to_string());
    }
    let file = description["file"].as_str().unwrap_or("input.nomad");
    let text = fs::read_to_string(folder.join(file)).map_err(|e| e.to_string())?;
    let parsed = parse(&text, &options(description));
    parsed.job.ok_or_else(|| format!("{file} does not parse: {:?}", parsed.diagnostics))
}

/// How a job file of a case is parsed. Variables stand as `name=value` or as an object.
pub(crate) fn options(description: &Json) -> ParseOptions {
    let listed = description["vars"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let listed = listed.filter_map(|v| v.split_once('='));
    let named = description["vars"].as_object().into_iter().flatten();
    let named = named.map(|(name, text)| (name.as_str(), text.as_str().unwrap_or_default()));
    ParseOptions {
        syntax: if description["parser"] == "hcl1" { Syntax::Hcl1 } else { Syntax::Hcl2 },
        vars: listed.chain(named).map(|(name, text)| Named::new(name, text)).collect(),
        ..ParseOptions::default()
    }
}

/// Registered jobs in order; the same ID again is the next version.
fn existing_jobs(folder: &Path, input: &Json) -> Result<Vec<api::Job>, String> {
    let mut versions: BTreeMap<Option<String>, u64> = BTreeMap::new();
    let mut jobs = Vec::new();
    for (position, entry) in (0u64..).zip(input["existing_jobs"].as_array().into_iter().flatten()) {
        let mut registered = job(folder, entry)?;
        canonicalize(&mut registered, Semantics::of("1.1"));
        let next = versions.entry(registered.id.clone()).or_default();
        registered.version = Some(*next);
        *next += 1;
        registered.stable = entry["stable"].as_bool();
        registered.job_modify_index = Some(100 + 10 * position);
        jobs.push(registered);
    }
    Ok(jobs)
}
