//! The editor: CodeMirror behind three calls. It shows findings and never changes the text by itself.
//!
//! The JavaScript is `web/editor`; the page's boot script puts it on `globalThis.steppeEditor`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use steppe_planner::record;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::prelude::*;

use crate::component::{use_after, use_begin, use_value};
use crate::preview::Finding;

#[wasm_bindgen]
extern "C" {
    type View;

    #[wasm_bindgen(catch, js_namespace = steppeEditor)]
    fn create(
        parent: &Element,
        text: &str,
        label: &str,
        onchange: &JsValue,
        ask: &JsValue,
    ) -> Result<View, JsValue>;

    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &View, text: &str);
    #[wasm_bindgen(method, js_name = setDiagnostics)]
    fn set_diagnostics(this: &View, list: &str);
    #[wasm_bindgen(method)]
    fn reveal(this: &View, line: usize, column: usize);
    #[wasm_bindgen(method)]
    fn focus(this: &View);
    #[wasm_bindgen(method)]
    fn destroy(this: &View);
}

/// A place to jump to; `nonce` tells two jumps to the same place apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jump {
    pub line: usize,
    pub column: usize,
    pub nonce: u32,
}

/// Properties of [`Editor`].
#[derive(Properties, PartialEq)]
pub struct EditorProps {
    /// Read when the editor appears and whenever `revision` changes.
    pub text: Callback<(), String>,
    pub revision: u64,
    pub findings: Vec<Finding>,
    pub jump: Option<Jump>,
    pub onchange: Callback<String>,
    /// What helps with writing: a word for what is asked, the text, and the place in it. A promise of JSON.
    pub assist: Assist,
}

/// See [`EditorProps::assist`].
pub type Assist = Callback<(String, String, usize), Promise>;

struct Mounted {
    view: View,
    _onchange: Closure<dyn FnMut(String)>,
    _assist: Closure<dyn FnMut(String, String, usize) -> Promise>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.view.destroy();
    }
}

/// Takes the editor away in the end.
struct Unmount(Slot);

impl Drop for Unmount {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}

type Slot = Rc<RefCell<Option<Mounted>>>;

/// The job's text.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let parent = use_node_ref();
    let mounted = use_mut_ref(|| None::<Mounted>);
    let failed = use_value(false);
    {
        let (parent, mounted, failed) = (parent.clone(), Rc::clone(&mounted), failed.setter());
        let (text, onchange) = (props.text.clone(), props.onchange.clone());
        let assist = props.assist.clone();
        use_begin((), move || {
            match parent.cast::<Element>().and_then(|e| mount(&e, &text.emit(()), onchange, assist))
            {
                Some(editor) => *mounted.borrow_mut() = Some(editor),
                None => failed.set(true),
            }
            Box::new(Unmount(mounted))
        });
    }
    {
        let mounted = Rc::clone(&mounted);
        let text = props.text.clone();
        use_after(props.revision, move || {
            with_view(&mounted, |view| view.set_text(&text.emit(())));
        });
    }
    {
        let mounted = Rc::clone(&mounted);
        let findings = props.findings.clone();
        use_after(props.findings.clone(), move || {
            let placed: Vec<Finding> = findings.iter().filter(|f| f.placed).cloned().collect();
            with_view(&mounted, |view| view.set_diagnostics(&record::to_json(&placed)));
        });
    }
    let jump = props.jump;
    use_after(jump, move || {
        if let Some(jump) = jump {
            with_view(&mounted, |view| view.reveal(jump.line, jump.column));
        }
    });
    html! {
        <>
            <div ref={parent} class="editor" data-testid="editor" />
            if *failed {
                <p class="notice bad">{ "The editor could not be loaded. Reload the page to try again." }</p>
            }
        </>
    }
}

fn mount(
    parent: &Element,
    text: &str,
    onchange: Callback<String>,
    assist: Assist,
) -> Option<Mounted> {
    let onchange = Closure::<dyn FnMut(String)>::new(move |text| onchange.emit(text));
    let ask = move |about, text, at| assist.emit((about, text, at));
    let assist = Closure::<dyn FnMut(String, String, usize) -> Promise>::new(ask);
    let view = create(parent, text, "Job file", onchange.as_ref(), assist.as_ref()).ok()?;
    Some(Mounted { view, _onchange: onchange, _assist: assist })
}

fn with_view(mounted: &Slot, act: impl FnOnce(&View)) {
    if let Some(editor) = mounted.borrow().as_ref() {
        act(&editor.view);
    }
}
