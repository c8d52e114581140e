//! What-if questions: the answer is the plan on the changed cluster, and how many more fit is how many more fit.

mod cluster;
mod edits;
mod headroom;
mod suggestions;
