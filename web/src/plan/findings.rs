//! The problems of the text; a click goes to the place.

use yew::prelude::*;

use crate::components::{Icon, Symbol};
use crate::preview::Finding;

/// More than this are the echo of one mistake.
const SHOWN_MAX: usize = 50;

/// Properties of [`Findings`].
#[derive(Properties, PartialEq)]
pub struct FindingsProps {
    pub findings: Vec<Finding>,
    /// Line and column, from zero.
    pub onjump: Callback<(usize, usize)>,
}

/// A list below the editor; nothing if all is well.
#[component]
pub fn Findings(props: &FindingsProps) -> Html {
    if props.findings.is_empty() {
        return Html::default();
    }
    let more = props.findings.len().saturating_sub(SHOWN_MAX);
    html! {
        <ul class="findings" data-testid="diagnostics" aria-label="Problems in the text">
            { for props.findings.iter().take(SHOWN_MAX).map(|f| finding(f, &props.onjump)) }
            if more > 0 { <li class="quiet">{ format!("and {more} more") }</li> }
        </ul>
    }
}

fn finding(finding: &Finding, onjump: &Callback<(usize, usize)>) -> Html {
    let place = (finding.line, finding.column);
    let onclick = onjump.reform(move |_: MouseEvent| place);
    let symbol = match finding.tone() {
        "error" => Symbol::Cross,
        "warning" => Symbol::Warning,
        _ => Symbol::Note,
    };
    html! {
        <li>
            <button type="button" class={classes!("finding", finding.tone())} {onclick}
                data-testid="diagnostic" data-severity={finding.tone()} data-code={finding.code.clone()}
                disabled={!finding.placed}>
                <Icon {symbol} />
                <span class="finding-text">
                    <span>{ &finding.message }</span>
                    if let Some(hint) = &finding.hint { <span class="hint">{ hint }</span> }
                </span>
                if finding.placed {
                    <span class="place">{ format!("{}:{}", finding.line + 1, finding.column + 1) }</span>
                }
            </button>
        </li>
    }
}
