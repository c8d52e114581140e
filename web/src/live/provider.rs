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
        let newest = Rc::new(Cell::new(Link::default()));
        use_begin((), move || {
            let news = Callback::from(move |news| match news {
                News::Link(link) => {
                    newest.set(link);
                    if link != Link::NoAgent {
                        return dispatch.dispatch(Step::News(link));
                    }
                    let (dispatch, on_document) = (dispatch.clone(), on_document.clone());
                    let (sample, newest) = (sample.clone(), Rc::clone(&newest));
                    spawn_local(async move {
                        let read = read_sample(&sample).await;
                        // An agent may have come up since.
                        if newest.get() != Link::NoAgent {
                            return;
                        }
                        if let Some((cluster, text)) = read {
                            dispatch.dispatch(Step::Cluster(cluster));
                            on_document.emit(text);
                        }
                        dispatch.dispatch(Step::News(Link::NoAgent));
                    });
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

async fn read_sample(address: &str) -> Option<(Cluster, Rc<str>)> {
    let text = http::get_text(address).await.ok()?;
    let document: Document = http::decode(&text).ok()?;
    Some((Cluster::new(document, 1).ok()?, text.into()))
}

/// The line and the cluster. Outside of [`LiveProvider`] it is for ever connecting.
#[hook]
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_default()
}
