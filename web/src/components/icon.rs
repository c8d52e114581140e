//! Line icons on a 16 × 16 grid, drawn in the text's colour.

use yew::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    Check,
    Cross,
    Warning,
    Note,
    Arrow,
    Back,
    Sun,
    Moon,
    Contrast,
    Disk,
    Port,
    Chevron,
    Upload,
    Book,
    Bolt,
}

impl Symbol {
    fn path(self) -> &'static str {
        match self {
            Symbol::Check => "M3 8.5 6.5 12 13 4.5",
            Symbol::Cross => "M4 4l8 8M12 4l-8 8",
            Symbol::Warning => "M8 2.5 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2",
            Symbol::Note => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.2v3.8M8 5v.2",
            Symbol::Arrow => "M2.5 8h11M9.5 4l4 4-4 4",
            Symbol::Back => "M13.5 8h-11M6.5 4l-4 4 4 4",
            Symbol::Sun => {
                "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15\
                 M3.05 3.05l1.1 1.1M11.85 11.85l1.1 1.1M3.05 12.95l1.1-1.1M11.85 4.15l1.1-1.1"
            }
            Symbol::Moon => "M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z",
            Symbol::Contrast => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5l4.5-1M8 8h6M8 11l4.5 1"
            }
            Symbol::Disk => {
                "M2.5 4c0-1 2.5-1.8 5.5-1.8s5.5.8 5.5 1.8-2.5 1.8-5.5 1.8S2.5 5 2.5 4z\
                 M2.5 4v8c0 1 2.5 1.8 5.5 1.8s5.5-.8 5.5-1.8V4M2.5 8c0 1 2.5 1.8 5.5 1.8s5.5-.8 5.5-1.8"
            }
            Symbol::Port => "M5 2v3.5M11 2v3.5M3.5 5.5h9V8a4.5 4.5 0 0 1-9 0zM8 12.5V15",
            Symbol::Chevron => "M6 4l4 4-4 4",
            Symbol::Upload => "M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.5 10.5v3h11v-3",
            Symbol::Book => "M3 2.5h7.5a2 2 0 0 1 2 2v9H5a2 2 0 0 1-2-2zM3 11.5a2 2 0 0 1 2-2h7.5",
            Symbol::Bolt => "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
        }
    }
}

/// An icon; decoration only, the meaning is always in words beside it.
pub fn icon(symbol: Symbol) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d={symbol.path()} />
        </svg>
    }
}
