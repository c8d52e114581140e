//! The API in process: the real router, store, server and client, with mock tasks and no socket.

mod errors;
mod flows;
mod guard;
mod sequences;
mod shapes;
mod support;
