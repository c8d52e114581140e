//! JSON job files: Nomad's API documents, and HCL's own JSON syntax.

pub(crate) mod api;
pub(crate) mod document;
pub(crate) mod hcl;

use document::{Kind, Node};

/// True for HCL's JSON syntax (`{"job": {"name": {…}}}`), false for a document of the API.
pub(crate) fn is_hcl(root: &Node) -> bool {
    let Some(job) =
        root.members().and_then(|members| members.iter().find(|member| member.key == "job"))
    else {
        return false;
    };
    match &job.value.kind {
        Kind::List(_) => true,
        Kind::Object(members) => {
            !members.is_empty()
                && job.value.member("ID").is_none()
                && members.iter().all(|member| !matches!(member.value.kind, Kind::Scalar(_)))
        }
        Kind::Scalar(_) => false,
    }
}
