//! A cluster that is made of the real one: edits, then other jobs that come first; and what came of it.

use steppe_planner::record::{self, Record};
use steppe_planner::whatif::{Consequence, Edit, EditKind};

use crate::live::http::decode;
use crate::preview::words::{Headline, megabytes, megahertz, quantity};

/// What is made of the cluster.
#[derive(Debug, Default, Record)]
pub struct Scene {
    pub edits: Vec<Edit>,
    /// Planned in this order, before the text.
    pub before: Vec<Earlier>,
}

/// A job that comes first.
#[derive(Debug, Default, Eq, Record)]
pub struct Earlier {
    pub name: String,
    pub text: String,
}

/// What came of a scene.
#[derive(Debug, Default, Record)]
pub struct Told {
    /// Why it cannot be made.
    pub error: String,
    pub consequences: Vec<Consequence>,
    pub before: Vec<Effect>,
}

/// What a job that comes first would do.
#[derive(Debug, Default, Record)]
pub struct Effect {
    pub headline: Headline,
    /// Why it is left out.
    pub error: String,
}

impl Scene {
    /// From the words that are carried; nothing of the kind is an empty scene.
    pub fn read(words: &str) -> Scene {
        decode(words).unwrap_or_default()
    }

    /// The words that are carried: none for the real cluster.
    pub fn written(&self) -> String {
        let empty = self.edits.is_empty() && self.before.is_empty();
        if empty { String::new() } else { record::to_json(self) }
    }
}

impl Told {
    /// From the words that are carried.
    pub fn read(words: &str) -> Told {
        decode(words).unwrap_or_default()
    }
}

/// An edit in words.
pub fn edit_words(edit: &Edit) -> String {
    let node = &edit.node;
    let sizes = [edit.cpu.map(megahertz), edit.memory.map(megabytes), edit.disk.map(megabytes)];
    let named = sizes.into_iter().zip(["CPU", "memory", "disk"]);
    let size: Vec<String> = named.filter_map(|(s, name)| Some(format!("{} {name}", s?))).collect();
    let size = size.join(", ");
    match edit.kind {
        EditKind::Drain => format!("{node} is drained"),
        EditKind::Enable => format!("{node} takes allocations again"),
        EditKind::Remove => format!("{node} is gone"),
        EditKind::Clone => {
            let count = quantity(usize::try_from(edit.count).unwrap_or(0), "node");
            let with = if size.is_empty() { size } else { format!(" with {size}") };
            format!("{count} more like {node}{with}")
        }
        EditKind::Resize => format!("{node} has {size}"),
        EditKind::Count => format!("{} of {} counts {}", edit.group, edit.job, edit.count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_scene_is_no_scene() {
        assert_eq!(Scene::default().written(), "");
        let edit = Edit { node: "n1".to_owned(), ..Edit::default() };
        let scene = Scene { edits: vec![edit], ..Scene::default() };
        assert_eq!(Scene::read(&scene.written()), scene);
        assert_eq!(edit_words(&scene.edits[0]), "n1 is drained");
    }
}
