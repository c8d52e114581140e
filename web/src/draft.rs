//! The job being written: its text, remembered in the browser, and the newest preview of it.
//!
//! Every page sees the draft, so that the topology can show its ghosts. A keystroke goes to the planner
//! straight from the editor's callback; drawing comes after. What is shown always belongs together: the
//! preview and the text it was made from.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::storage::{LocalStorage, Storage};
use gloo::utils::window;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::component::use_after;
use crate::examples;
use crate::inputs::Inputs;
use crate::preview::Preview;
use crate::worker::{Loaded, Planner, Question, Rows};

const KEY: &str = "steppe.draft";

/// What is shown of the draft.
#[derive(Clone, Default, PartialEq)]
pub struct Shown {
    /// The text that the preview was made from.
    pub source: AttrValue,
    pub preview: Rc<Preview>,
    /// Why the newest snapshot was refused.
    pub snapshot_error: Option<String>,
    /// The planner failed on this text: a defect of ours, not of the text.
    pub defect: bool,
    /// Counts texts that came from elsewhere than the editor.
    pub revision: u64,
    /// The cluster that is planned in, if it is not the real one.
    pub scene: AttrValue,
    /// What the text gets from outside.
    pub inputs: Rc<Inputs>,
    /// The node somebody has a question about, and how often somebody had one.
    pub picked: (AttrValue, u32),
}

/// What happens to it.
pub enum Step {
    Previewed(AttrValue, Rc<Preview>),
    Loaded(Option<String>),
    Defect,
    Replaced,
    Staged(AttrValue),
    Given(Rc<Inputs>),
    Picked(AttrValue),
}

impl Reducible for Shown {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = (*self).clone();
        match step {
            Step::Previewed(source, preview) => {
                next.source = source;
                next.preview = preview;
                next.defect = false;
            }
            Step::Loaded(error) => next.snapshot_error = error,
            Step::Defect => next.defect = true,
            Step::Replaced => next.revision += 1,
            Step::Staged(scene) => next.scene = scene,
            Step::Given(inputs) => next.inputs = inputs,
            Step::Picked(node) => next.picked = (node, next.picked.1 + 1),
        }
        Rc::new(next)
    }
}

struct Desk {
    planner: Planner,
    text: String,
    rows: Rows,
    scene: String,
    inputs: Inputs,
    number: u64,
    /// The question that a keystroke caused, and when.
    keyed: Option<(u64, f64)>,
}

/// The draft, for every page.
#[derive(Clone)]
pub struct Draft {
    pub shown: UseReducerHandle<Shown>,
    desk: Rc<RefCell<Desk>>,
}

impl PartialEq for Draft {
    fn eq(&self, other: &Draft) -> bool {
        self.shown == other.shown
    }
}

impl Draft {
    /// The text as it stands in the editor.
    pub fn text(&self) -> String {
        self.desk.borrow().text.clone()
    }

    /// A change made in the editor.
    pub fn typed(&self, text: String) {
        {
            let mut desk = self.desk.borrow_mut();
            desk.keep(text);
            let number = desk.number + 1;
            desk.keyed = mark_keystroke(number).map(|at| (number, at));
        }
        self.ask();
    }

    /// A text from elsewhere: an example, a file, a registered job.
    pub fn replace(&self, text: &str) {
        self.desk.borrow_mut().keep(text.to_owned());
        self.shown.dispatch(Step::Replaced);
        self.ask();
    }

    /// How many rows the page shows now.
    pub fn rows(&self) -> Rows {
        self.desk.borrow().rows
    }

    /// Changes how many rows are shown.
    pub fn show(&self, rows: Rows) {
        if rows != self.rows() {
            self.desk.borrow_mut().rows = rows;
            self.ask();
        }
    }

    /// Plans in another cluster than the real one from now on, in words of the later part; empty for the real one.
    pub fn set_scene(&self, scene: String) {
        self.desk.borrow_mut().scene.clone_from(&scene);
        self.shown.dispatch(Step::Staged(scene.into()));
        self.ask();
    }

    /// Changes what the text gets from outside.
    pub fn give(&self, change: impl FnOnce(&mut Inputs)) {
        let inputs = {
            let mut desk = self.desk.borrow_mut();
            change(&mut desk.inputs);
            desk.inputs.store(&self.shown.preview.inputs);
            Rc::new(desk.inputs.clone())
        };
        self.shown.dispatch(Step::Given(inputs));
        self.ask();
    }

    /// Somebody has a question about a node.
    pub fn pick(&self, node: &str) {
        self.shown.dispatch(Step::Picked(node.to_owned().into()));
    }

    /// Asks something about the shown text that its preview does not tell, in words of the later part.
    pub fn ask_further(&self, ask: &str, answer: Callback<String>) {
        let scene = self.shown.scene.to_string();
        let source = self.shown.source.to_string();
        let inputs = (*self.shown.inputs).clone();
        let question = Question { source, scene, inputs, ..Question::default() };
        let planner = self.desk.borrow().planner.clone();
        planner.ask_further(question, ask, answer);
    }

    /// Asks something about a place in a text that is being written; the promise is of JSON in the editor's words.
    pub fn assist(&self, about: String, source: String, at: usize) -> Promise {
        let (planner, inputs) = {
            let desk = self.desk.borrow();
            (desk.planner.clone(), desk.inputs.clone())
        };
        let ask = format!("{{\"about\":\"{about}\",\"at\":{at}}}");
        let question = Question { source, inputs, ..Question::default() };
        Promise::new(&mut |resolve, _| {
            let answer = Callback::from(move |text: String| {
                // The editor may have given up waiting.
                let _ = resolve.call1(&JsValue::NULL, &JsValue::from(text));
            });
            planner.ask_further(question.clone(), &ask, answer);
        })
    }

    /// When the key was pressed that led to this preview.
    pub fn keyed_at(&self, number: u64) -> Option<f64> {
        self.desk.borrow().keyed.filter(|(n, _)| *n == number).map(|(_, at)| at)
    }

    fn ask(&self) {
        ask(&self.desk);
    }
}

fn ask(desk: &Rc<RefCell<Desk>>) {
    let (planner, question) = {
        let mut desk = desk.borrow_mut();
        desk.number += 1;
        let (source, scene) = (desk.text.clone(), desk.scene.clone());
        let inputs = desk.inputs.clone();
        let question = Question { number: desk.number, source, rows: desk.rows, scene, inputs };
        (desk.planner.clone(), question)
    };
    planner.ask(question);
}

impl Desk {
    fn keep(&mut self, text: String) {
        // A full or forbidden store only means that the draft does not outlive the page.
        let _ = LocalStorage::raw().set_item(KEY, &text);
        self.text = text;
    }
}

/// The browser's mark of the keystroke that led to this question.
pub fn keystroke_mark(number: u64) -> String {
    format!("steppe:key-{number}")
}

fn mark_keystroke(number: u64) -> Option<f64> {
    let performance = window().performance()?;
    // Without marks the time is still measured, only the timeline lacks it.
    let _ = performance.mark(&keystroke_mark(number));
    Some(performance.now())
}

fn stored() -> String {
    let text = LocalStorage::raw().get_item(KEY).ok().flatten();
    text.filter(|t| !t.trim().is_empty()).unwrap_or_else(|| examples::FIRST.source.to_owned())
}

/// Properties of [`DraftProvider`].
#[derive(Properties, PartialEq)]
pub struct DraftProviderProps {
    pub planner: Planner,
    pub children: Html,
}

/// Keeps the draft for everything below.
#[component]
pub fn DraftProvider(props: &DraftProviderProps) -> Html {
    let shown = use_reducer_eq(|| Shown { inputs: Rc::new(Inputs::stored()), ..Shown::default() });
    let planner = props.planner.clone();
    let desk = {
        let planner = planner.clone();
        let inputs = shown.inputs.as_ref().clone();
        use_mut_ref(|| Desk {
            planner,
            text: stored(),
            rows: Rows::default(),
            scene: String::new(),
            inputs,
            number: 0,
            keyed: None,
        })
    };
    {
        let dispatch = shown.dispatcher();
        let desk = Rc::clone(&desk);
        use_after((), move || {
            let previewed = dispatch.clone();
            let defect = dispatch.clone();
            planner.on_preview(
                Callback::from(move |(question, preview): (Question, Rc<Preview>)| {
                    let source = AttrValue::from(question.source);
                    previewed.dispatch(Step::Previewed(source, preview));
                }),
                Callback::from(move |_: Question| defect.dispatch(Step::Defect)),
            );
            let on_loaded = Rc::clone(&desk);
            planner.on_loaded(Callback::from(move |loaded: Loaded| {
                dispatch.dispatch(Step::Loaded(loaded.err()));
                ask(&on_loaded);
            }));
            ask(&desk);
        });
    }
    let draft = Draft { shown, desk };
    html! {
        <ContextProvider<Draft> context={draft}>{ props.children.clone() }</ContextProvider<Draft>>
    }
}

/// The draft; inside of [`DraftProvider`] only.
#[hook]
pub fn use_draft() -> Draft {
    use_context::<Draft>().expect("every page is drawn below the DraftProvider")
}
