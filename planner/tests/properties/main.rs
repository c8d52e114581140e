//! Properties of planning, over thousands of generated clusters and jobs: one file for each.
//!
//! What is generated is in `generate`; a failing case is shown as the bytes it was made from, shrunk.
#![allow(clippy::disallowed_methods, reason = "more cases are asked for by the environment")]

mod deltas;
mod generate;
mod judge;
mod order;
mod rounds;
mod safety;

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// So many cases, the same ones every time: a push does not fail for what another one has done. `PROPTEST_CASES` and
/// `PROPTEST_RNG_SEED` ask for more and for others.
fn cases(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let seed = match given.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed => fixed,
    };
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if asked { given.cases } else { cases },
        rng_seed: seed,
        max_shrink_iters: 3000,
        max_global_rejects: 100_000,
        failure_persistence: None,
        ..given
    }
}
