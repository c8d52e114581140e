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
    /// Takes a snapshot document from elsewhere in place of the one that is shown.
    pub open: Callback<Rc<str>>,
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
    /// Gets every document's text in order, whole or delta, the sample's included, with the cluster after it: for the
    /// worker.
    pub on_document: Callback<(Cluster, Rc<str>)>,
    pub children: Html,
}

enum Step {
    News(Link),
    Cluster(Cluster),
    Opens(Callback<Rc<str>>),
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
            Step::Opens(open) => live.open = open,
        }
        Rc::new(Store(live))
    }
}

/// Where a new cluster goes: to the pages, and its text to the worker.
#[derive(Clone)]
struct Outlet {
    store: UseReducerDispatcher<Store>,
    on_document: Callback<(Cluster, Rc<str>)>,
}

impl Outlet {
    fn show(&self, cluster: Cluster, text: Rc<str>) {
        self.store.dispatch(Step::Cluster(cluster.clone()));
        self.on_document.emit((cluster, text));
    }

    /// Shows a document from elsewhere; false if it is none.
    fn open(&self, text: &str) -> bool {
        let document = http::decode::<Document>(text).ok();
        let cluster = document.and_then(|document| Cluster::new(document, 1).ok());
        let found = cluster.is_some();
        if let Some(cluster) = cluster {
            self.show(cluster, Rc::from(text));
        }
        found
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
            let opener = outlet.clone();
            outlet.store.dispatch(Step::Opens(Callback::from(move |text: Rc<str>| {
                if !opener.open(&text) {
                    // Whoever reads it next says why it cannot be used.
                    opener.on_document.emit((Cluster::default(), text));
                }
            })));
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
    let read = http::get_text(&address).await;
    if newest.get() != Link::NoAgent {
        return;
    }
    // Without a sample there is nothing to show; the banner tells that there is no agent.
    _ = read.is_ok_and(|text| outlet.open(&text));
    outlet.store.dispatch(Step::News(Link::NoAgent));
}

/// The line and the cluster. Outside of [`LiveProvider`] it is for ever connecting.
#[hook]
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_default()
}
