//! The problems of the text; a click goes to the place.

use yew::prelude::*;

use crate::components::{Symbol, icon};
use crate::preview::Finding;

/// More than this are the echo of one mistake.
const SHOWN_MAX: usize = 50;

/// A line and a column of the text, from zero.
pub type Place = (usize, usize);

/// A list below the editor; nothing if all is well.
pub fn findings(findings: &[Finding], onjump: &Callback<Place>) -> Html {
    if findings.is_empty() {
        return Html::default();
    }
    let more = findings.len().saturating_sub(SHOWN_MAX);
    html! {
        <ul class="findings" data-testid="diagnostics" aria-label="Problems in the text">
            { for findings.iter().take(SHOWN_MAX).map(|f| finding(f, onjump)) }
            if more > 0 { <li class="quiet">{ format!("and {more} more") }</li> }
        </ul>
    }
}

fn finding(finding: &Finding, onjump: &Callback<Place>) -> Html {
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
                { icon(symbol) }
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
