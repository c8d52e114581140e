//! What there is beyond the plan: why not on a node, what would help, how many more fit, what if the cluster were another
//! one, what if other jobs came first.
//!
//! All of it belongs to the later part of the program, in the page as in the worker. The two speak in `scene` (the
//! cluster that is made) and `ask` (what is asked about a plan); the first part only carries the words. `stage` and
//! `answer` are the worker's, everything else is drawn by the page. Nothing here touches the cluster.

mod advice;
mod answer;
mod ask;
mod assist;
mod checks;
mod diff;
mod inputs;
mod matrix;
mod queue;
mod scene;
mod stage;
mod told;
mod what_if;
mod why;

use gloo::utils::document;

use crate::assets::address;

pub use advice::Advice;
pub use answer::answer;
pub use diff::Changes;
pub use inputs::InputsForm;
pub use matrix::matrix;
pub use stage::stage;
pub use told::SceneBanner;
pub use what_if::WhatIf;
pub use why::{Why, WhyProps};

/// The style sheet's element.
const STYLE: &str = "further-style";

/// Sees to it that the style sheet is there. It comes with this part of the page, not with the first one.
pub fn styled() {
    let document = document();
    if document.get_element_by_id(STYLE).is_some() {
        return;
    }
    let (Some(head), Ok(link)) = (document.head(), document.create_element("link")) else { return };
    let address = address("further.css");
    for (name, value) in [("id", STYLE), ("rel", "stylesheet"), ("href", &address)] {
        // Without it everything still works, and looks plain.
        let _ = link.set_attribute(name, value);
    }
    let _ = head.append_child(&link);
}
