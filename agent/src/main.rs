//! The `steppe` program: everything is in the library.

use std::process::ExitCode;

use steppe_agent::cli;

#[tokio::main]
async fn main() -> ExitCode {
    let code = cli::run(std::env::args().skip(1), &mut cli::Ui::terminal()).await;
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
