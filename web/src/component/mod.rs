//! One Yew component for all of the page's.
//!
//! Yew makes the whole life cycle of a component again for each type, three kilobytes of code with its
//! tables. Here what `#[component]` has written is a value, a function and what it is given, and one
//! type brings all of them to life. Hooks work as everywhere.

mod file;
mod hooks;
mod value;

use yew::functional::{FunctionComponent, FunctionProvider, HookContext};
use yew::html::HtmlResult;
use yew::prelude::*;
use yew::virtual_dom::VChild;

pub use file::use_text_file;
pub use hooks::{Setter, State, use_after, use_begin, use_keeper, use_value};
use value::Value;

/// Puts a component here. It is drawn again when it is given something else, or when a hook says so.
pub fn mount<C>(properties: C::Properties) -> Html
where
    C: FunctionProvider + 'static,
    C::Properties: 'static,
{
    VChild::<Mounted>::new(given::<C>(properties), None).into()
}

/// The same with a key that tells it from its siblings.
pub fn mount_keyed<C>(key: &str, properties: C::Properties) -> Html
where
    C: FunctionProvider + 'static,
    C::Properties: 'static,
{
    VChild::<Mounted>::new(given::<C>(properties), Some(key.into())).into()
}

fn given<C>(properties: C::Properties) -> Given
where
    C: FunctionProvider,
    C::Properties: 'static,
{
    Given { draw: draw::<C>, properties: Value::new(properties) }
}

fn draw<C>(context: &mut HookContext, properties: &Value) -> HtmlResult
where
    C: FunctionProvider,
    C::Properties: 'static,
{
    match properties.get() {
        Some(properties) => C::run(context, properties),
        None => unreachable!("a function is kept together with its own properties"),
    }
}

/// A component that is to be drawn: its function, and what the function gets.
#[derive(Properties)]
struct Given {
    draw: fn(&mut HookContext, &Value) -> HtmlResult,
    properties: Value,
}

impl Given {
    fn is_same_component(&self, other: &Given) -> bool {
        std::ptr::fn_addr_eq(self.draw, other.draw)
    }
}

impl PartialEq for Given {
    fn eq(&self, other: &Given) -> bool {
        self.is_same_component(other) && self.properties == other.properties
    }
}

struct Mounted {
    function: FunctionComponent<Mounted>,
}

impl FunctionProvider for Mounted {
    type Properties = Given;

    fn run(context: &mut HookContext, given: &Given) -> HtmlResult {
        (given.draw)(context, &given.properties)
    }
}

impl Component for Mounted {
    type Message = ();
    type Properties = Given;

    fn create(context: &Context<Mounted>) -> Mounted {
        Mounted { function: FunctionComponent::new(context) }
    }

    fn update(&mut self, _: &Context<Mounted>, (): ()) -> bool {
        true
    }

    fn changed(&mut self, context: &Context<Mounted>, before: &Given) -> bool {
        // Another component took this place: it has hooks of its own, and begins anew.
        if !context.props().is_same_component(before) {
            self.function.destroy();
            self.function = FunctionComponent::new(context);
        }
        true
    }

    fn view(&self, context: &Context<Mounted>) -> Html {
        let given = context.props();
        let drawn = self.function.render(given).unwrap_or_default();
        // The key sees to it that nothing another component has left here is taken over.
        html! { <><key={given.draw as usize}>{ drawn }</></> }
    }

    fn rendered(&mut self, _: &Context<Mounted>, _: bool) {
        self.function.rendered();
    }

    fn destroy(&mut self, _: &Context<Mounted>) {
        self.function.destroy();
    }
}
