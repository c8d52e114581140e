//! Shapes that stand on every page: quiet words, headings, facts, tables.
//!
//! `html!` writes the making of an element out wherever it stands, three hundred bytes of code for each.
//! What stands often is made here.

use yew::html::IntoPropValue;
use yew::prelude::*;
use yew::virtual_dom::VList;

/// One after the other.
pub fn all(parts: Vec<Html>) -> Html {
    VList::from(parts).into()
}

/// Words beside those that matter.
pub fn quiet(words: impl IntoPropValue<Html>) -> Html {
    fn draw(words: Html) -> Html {
        html! { <span class="quiet">{ words }</span> }
    }
    draw(words.into_prop_value())
}

/// A small mark beside a name.
pub fn tag(words: impl IntoPropValue<Html>) -> Html {
    fn draw(words: Html) -> Html {
        html! { <span class="tag">{ words }</span> }
    }
    draw(words.into_prop_value())
}

/// The name of what follows it.
pub fn label(name: &str) -> Html {
    html! { <span class="port-label">{ name }</span> }
}

/// For those who hear the page.
pub fn heard(words: &'static str) -> Html {
    html! { <span class="visually-hidden">{ words }</span> }
}

/// A button with words on it.
pub fn button(
    class: &'static str,
    testid: Option<&'static str>,
    onclick: &Callback<MouseEvent>,
    words: impl IntoPropValue<Html>,
) -> Html {
    fn draw(
        class: &'static str,
        testid: Option<&'static str>,
        onclick: &Callback<MouseEvent>,
        words: Html,
    ) -> Html {
        html! { <button type="button" {class} data-testid={testid} {onclick}>{ words }</button> }
    }
    draw(class, testid, onclick, words.into_prop_value())
}

/// A line in place of something that is not there.
pub fn note(words: impl IntoPropValue<Html>) -> Html {
    fn draw(words: Html) -> Html {
        html! { <p class="quiet">{ words }</p> }
    }
    draw(words.into_prop_value())
}

/// A heading with how many there are.
pub fn counted(title: &'static str, count: usize) -> Html {
    html! { <h2>{ title }<span class="aside">{ count }</span></h2> }
}

/// One of the facts at the top of a record.
pub fn fact(title: &'static str, body: Html) -> Html {
    html! { <section class="fact"><h2>{ title }</h2>{ body }</section> }
}

/// A list without marks, or a line that says why there is none.
pub fn list_or(items: Vec<Html>, nothing: &'static str) -> Html {
    if items.is_empty() {
        return note(nothing);
    }
    html! { <ul class="plain">{ items }</ul> }
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Words(&'static str),
    Numbers(&'static str),
    /// Its name is for those who hear the page.
    Silent(&'static str),
}

/// A table; its rows are made of the cells below.
pub fn table(columns: &[Column], rows: Html) -> Html {
    let heads = columns.iter().map(|column| match *column {
        Column::Words(name) => html! { <th scope="col">{ name }</th> },
        Column::Numbers(name) => html! { <th scope="col" class="num">{ name }</th> },
        Column::Silent(name) => html! {
            <th scope="col">{ heard(name) }</th>
        },
    });
    html! {
        <table class="rows">
            <thead><tr>{ for heads }</tr></thead>
            <tbody>{ rows }</tbody>
        </table>
    }
}

/// The cell that names a row. Narrow screens show the column's name beside the value.
pub fn row_head(column: &'static str, content: impl IntoPropValue<Html>) -> Html {
    fn draw(column: &'static str, content: Html) -> Html {
        html! { <th scope="row" data-label={column}>{ content }</th> }
    }
    draw(column, content.into_prop_value())
}

/// A cell.
pub fn cell(column: &'static str, content: impl IntoPropValue<Html>) -> Html {
    fn draw(column: &'static str, content: Html) -> Html {
        html! { <td data-label={column}>{ content }</td> }
    }
    draw(column, content.into_prop_value())
}

/// A cell with a number.
pub fn number(column: &'static str, content: impl IntoPropValue<Html>) -> Html {
    fn draw(column: &'static str, content: Html) -> Html {
        html! { <td data-label={column} class="num">{ content }</td> }
    }
    draw(column, content.into_prop_value())
}

/// A bar that is filled so far. It says what it shows to those who hear the page.
pub fn gauge(value: String, most: String, words: String) -> Html {
    html! { <progress class="gauge" max={most} {value} aria-label={words} /> }
}
