//! What can be asked about a plan, and the hook that asks it while somebody looks.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use steppe_planner::answer::{GroupRoom, WhyNot};
use steppe_planner::api::JobDiff;
use steppe_planner::record::{self, Record, Word};
use steppe_planner::suggest::Suggestion;
use yew::prelude::*;

use crate::component::{use_begin, use_value};
use crate::draft::use_draft;
use crate::live::http::decode;

/// Somebody types: what is asked beside the plan waits until they pause, and longer where a plan takes longer.
const PAUSE_MS: f64 = 180.0;
const PAUSE_PLANS: f64 = 20.0;
const PAUSE_MAX_MS: f64 = 1_500.0;

/// A question.
#[derive(Debug, Default, Eq, Record)]
pub struct Ask {
    pub about: About,
    pub group: String,
    pub node: String,
    /// A place in the text, in UTF-16 units.
    pub at: usize,
}

/// What it is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Word)]
pub enum About {
    /// What would help, and how many more fit.
    #[default]
    Advice,
    /// A group and a node.
    Why,
    Markdown,
    Json,
    /// What would change in the registered job.
    Diff,
    /// What may be written at a place of the text.
    Offers,
    /// What stands there.
    Meaning,
}

/// The answer to it.
#[derive(Debug, Default, Record)]
pub struct Reply {
    pub suggestions: Vec<Suggestion>,
    pub rooms: Vec<GroupRoom>,
    pub why: Option<WhyNot>,
    pub diff: Option<JobDiff>,
    pub text: String,
}

/// An answer with what it belongs to.
#[derive(PartialEq)]
pub struct Answered {
    pub source: AttrValue,
    pub ask: Ask,
    pub reply: Reply,
}

/// Asks again whenever the plan is another one; the last answer stays until the next is there.
#[hook]
pub fn use_answer(ask: Ask) -> Option<Rc<Answered>> {
    let draft = use_draft();
    let answered = use_value(None::<Rc<Answered>>);
    let preview = &draft.shown.preview;
    let cause = (preview.number, preview.plan.is_some(), ask.clone());
    let setter = answered.setter();
    let first = answered.is_none();
    use_begin(cause, move || {
        if draft.shown.preview.plan.is_none() {
            return Box::new(());
        }
        let slow = PAUSE_MS + PAUSE_PLANS * draft.shown.preview.plan_ms;
        let pause = if first { 0.0 } else { slow.min(PAUSE_MAX_MS) };
        Box::new(Timeout::new(pause as u32, move || {
            let words = record::to_json(&ask);
            let source = draft.shown.source.clone();
            draft.ask_further(
                &words,
                Callback::from(move |text: String| {
                    let reply = decode::<Reply>(&text).ok();
                    let (source, ask) = (source.clone(), ask.clone());
                    setter.set(reply.map(|reply| Rc::new(Answered { source, ask, reply })));
                }),
            );
        }))
    });
    (*answered).clone()
}
