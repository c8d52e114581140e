//! The context through which every page sees the line and the cluster.

use std::rc::Rc;

use steppe_planner::snapshot::Document;
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
    /// The cluster shown where no agent answers: a snapshot document as JSON.
    pub sample: Callback<(), Rc<str>>,
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

/// Connects to the agent and provides [`Live`] to everything below.
#[component]
pub fn LiveProvider(props: &LiveProviderProps) -> Html {
    let store = use_reducer_eq(Store::default);
    let denied = use_value(false);
    {
        let dispatch = store.dispatcher();
        let bus = store.0.bus.clone();
        let on_document = props.on_document.clone();
        let sample = props.sample.clone();
        let denied = denied.setter();
        use_begin((), move || {
            let news = Callback::from(move |news| match news {
                News::Link(link) => {
                    if link == Link::NoAgent {
                        let text = sample.emit(());
                        if let Some(cluster) = sample_cluster(&text) {
                            dispatch.dispatch(Step::Cluster(cluster));
                            on_document.emit(text);
                        }
                    }
                    dispatch.dispatch(Step::News(link));
                }
                News::Cluster(cluster, text) => {
                    dispatch.dispatch(Step::Cluster(cluster));
                    on_document.emit(text);
                }
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

fn sample_cluster(text: &str) -> Option<Cluster> {
    let document: Document = http::decode(text).ok()?;
    Cluster::new(document, 1).ok()
}

/// The line and the cluster. Outside of [`LiveProvider`] it is for ever connecting.
#[hook]
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_default()
}
