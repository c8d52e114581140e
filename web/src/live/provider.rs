//! The context through which every page sees the line and the cluster.

use std::cell::Cell;
use std::rc::Rc;

use steppe_planner::snapshot::Document;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::connection::{Connection, News};
use super::token::token_form;
use super::{Bus, Cluster, Link, http};
use crate::component::{use_begin, use_value};

/// What every page can see.
#[derive(Clone, Default, PartialEq)]
pub struct Live {
    pub link: Link,
    /// Empty until the first document has come.
    pub cluster: Cluster,
    pub bus: Bus,
}

impl Live {
    /// True if requests to an agent make sense.
    pub fn has_agent(&self) -> bool {
        matches!(self.link, Link::Live | Link::Lost)
    }
}

/// Properties of [`LiveProvider`].
#[derive(Properties, PartialEq)]
pub struct LiveProviderProps {
    /// Where the cluster is that is shown if no agent answers: a snapshot document as JSON.
    pub sample: String,
    /// Gets every document's text in order, whole or delta, the sample's included: for the worker.
    pub on_document: Callback<Rc<str>>,
    pub children: Html,
}

enum Step {
    News(Link),
    Cluster(Cluster),
}

#[derive(Clone, Default, PartialEq)]
struct Store(Live);

impl Reducible for Store {
    type Action = Step;

    fn reduce(self: Rc<Self>, action: Step) -> Rc<Self> {
        let mut live = self.0.clone();
        match action {
            Step::News(link) => live.link = link,
            Step::Cluster(cluster) => live.cluster = cluster,
        }
        Rc::new(Store(live))
    }
}

/// Where a new cluster goes: to the pages, and its text to the worker.
#[derive(Clone)]
struct Outlet {
    store: UseReducerDispatcher<Store>,
    on_document: Callback<Rc<str>>,
}

impl Outlet {
    fn show(&self, cluster: Cluster, text: Rc<str>) {
        self.store.dispatch(Step::Cluster(cluster));
        self.on_document.emit(text);
    }
}

/// Connects to the agent and provides [`Live`] to everything below.
#[component]
pub fn LiveProvider(props: &LiveProviderProps) -> Html {
    let store = use_reducer_eq(Store::default);
    let denied = use_value(false);
    {
        let outlet = Outlet { store: store.dispatcher(), on_document: props.on_document.clone() };
        let bus = store.0.bus.clone();
        let sample = props.sample.clone();
        let denied = denied.setter();
        use_begin((), move || {
            let newest = Rc::new(Cell::new(Link::default()));
            let news = Callback::from(move |news| match news {
                News::Link(link) => {
                    newest.set(link);
                    if link == Link::NoAgent {
                        let (sample, outlet) = (sample.clone(), outlet.clone());
                        spawn_local(show_sample(sample, outlet, Rc::clone(&newest)));
                    } else {
                        outlet.store.dispatch(Step::News(link));
                    }
                }
                News::Cluster(cluster, text) => outlet.show(cluster, text),
                News::Changed(change) => bus.send(&change),
                News::Denied => denied.set(true),
            });
            Box::new(Connection::start(news))
        });
    }
    if *denied {
        return token_form();
    }
    html! {
        <ContextProvider<Live> context={store.0.clone()}>
            { props.children.clone() }
        </ContextProvider<Live>>
    }
}

/// Reads the sample cluster and shows it, unless an agent has come up meanwhile.
async fn show_sample(address: String, outlet: Outlet, newest: Rc<Cell<Link>>) {
    let read = http::get_text(&address).await.and_then(|text| {
        let document: Document = http::decode(&text)?;
        Ok((document, text))
    });
    if newest.get() != Link::NoAgent {
        return;
    }
    if let Ok((document, text)) = read
        && let Ok(cluster) = Cluster::new(document, 1)
    {
        outlet.show(cluster, text.into());
    }
    outlet.store.dispatch(Step::News(Link::NoAgent));
}

/// The line and the cluster. Outside of [`LiveProvider`] it is for ever connecting.
#[hook]
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_default()
}
