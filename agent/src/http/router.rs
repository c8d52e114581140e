//! Every route in one list.

use axum::Router;

use super::app::App;

/// The API of an agent.
pub fn router(app: App) -> Router {
    Router::new().with_state(app)
}
