//! What a job file gets from outside: values of its variables, and the files that it reads. Kept in the browser.

use gloo::storage::{LocalStorage, Storage};
use steppe_planner::Map;
use steppe_planner::jobspec::{Input, ParseOptions};
use steppe_planner::record::{self, Record};

use crate::live::http::decode;

const KEY: &str = "steppe.draft.inputs";

/// Both by name. A value stays when its variable goes, and is there when it comes back.
#[derive(Debug, Default, Eq, Record)]
pub struct Inputs {
    pub values: Map<String>,
    pub files: Map<String>,
}

impl Inputs {
    /// As they were when the page was last open.
    pub fn stored() -> Inputs {
        let text = LocalStorage::raw().get_item(KEY).ok().flatten();
        text.and_then(|text| decode(&text).ok()).unwrap_or_default()
    }

    /// Keeps them; what is nobody's business is forgotten with the page.
    pub fn store(&self, declared: &[Input]) {
        let mut kept = self.clone();
        for input in declared.iter().filter(|input| input.sensitive) {
            kept.values.remove(&input.name);
        }
        // A full or forbidden store only means that they do not outlive the page.
        let _ = LocalStorage::raw().set_item(KEY, &record::to_json(&kept));
    }

    /// For reading a text with them.
    pub fn options(&self) -> ParseOptions {
        ParseOptions {
            values: self.values.clone(),
            files: self.files.clone(),
            allow_files: true,
            ..ParseOptions::default()
        }
    }

    /// The values of variables that a text declares.
    pub fn values_of(&self, declared: &[Input]) -> Map<String> {
        let value =
            |input: &Input| Some((input.name.clone(), self.values.get(&input.name)?.clone()));
        declared.iter().filter_map(value).collect()
    }
}
