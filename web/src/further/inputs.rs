//! A form for what the job file gets from outside: the values of its variables, and the files that it reads.

use steppe_planner::jobspec::Input;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::component::{mount_keyed, use_text_file};
use crate::components::{button, quiet};
use crate::draft::{Draft, use_draft};

/// Stands below the editor while the text asks for something.
#[component]
pub fn InputsForm() -> Html {
    let draft = use_draft();
    let preview = &draft.shown.preview;
    let (declared, missing) = (&preview.inputs, &preview.missing_files);
    let files = &draft.shown.inputs.files;
    html! {
        <section class="inputs" aria-label="What the job file gets from outside" data-testid="inputs">
            { for declared.iter().map(|input| variable(&draft, input)) }
            { for missing.iter().map(|path| mount_keyed::<Missing>(path, FileProps { path: path.clone().into() })) }
            { for files.iter().map(|(path, text)| given(&draft, path, text)) }
        </section>
    }
}

fn variable(draft: &Draft, input: &Input) -> Html {
    let id = format!("input-{}", input.name);
    let value = draft.shown.inputs.values.get(&input.name).cloned().unwrap_or_default();
    let oninput = {
        let (draft, name) = (draft.clone(), input.name.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
            {
                let text = field.value();
                draft.give(|inputs| match text.is_empty() {
                    true => drop(inputs.values.remove(&name)),
                    false => drop(inputs.values.insert(name.clone(), text)),
                });
            }
        })
    };
    let needed = input.default.is_none() && value.is_empty();
    let kind = if input.sensitive { "password" } else { "text" };
    let placeholder = match &input.default {
        Some(_) if input.sensitive => "•••".to_owned(),
        Some(default) => default.clone(),
        None => "needs a value".to_owned(),
    };
    html! {
        <div class={if needed { "input-row needed" } else { "input-row" }} data-testid="input-row" key={id.clone()}>
            <label for={id.clone()}><code>{ &input.name }</code>{ quiet(input.kind.clone()) }</label>
            <input id={id.clone()} type={kind} data-testid={id} {value} {placeholder} {oninput}
                autocomplete="off" spellcheck="false" />
            if !input.description.is_empty() { <p class="quiet">{ &input.description }</p> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FileProps {
    path: AttrValue,
}

/// A file that the text reads and nobody has given.
#[component]
fn Missing(props: &FileProps) -> Html {
    let draft = use_draft();
    let path = props.path.to_string();
    let id = format!("file-{path}");
    let take = {
        let path = path.clone();
        use_text_file(Callback::from(move |(_, text): (String, String)| {
            draft.give(|inputs| drop(inputs.files.insert(path.clone(), text)));
        }))
    };
    let onchange = Callback::from(move |event: Event| {
        let field = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        take.emit(field.and_then(|field| field.files()));
    });
    html! {
        <div class="input-row needed" data-testid="missing-file">
            <label for={id.clone()}><code>{ path }</code>{ quiet("file") }</label>
            <input id={id.clone()} type="file" data-testid={id} {onchange} />
        </div>
    }
}

fn given(draft: &Draft, path: &str, text: &str) -> Html {
    let onclick = {
        let (draft, path) = (draft.clone(), path.to_owned());
        Callback::from(move |_: MouseEvent| {
            draft.give(|inputs| drop(inputs.files.remove(&path)));
        })
    };
    html! {
        <div class="input-row" data-testid="given-file" key={format!("given-{path}")}>
            <span><code>{ path.to_owned() }</code>{ quiet(format!("file, {} bytes", text.len())) }</span>
            { button("button small", Some("forget-file"), &onclick, "Forget") }
        </div>
    }
}
