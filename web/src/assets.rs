//! Where the page's own files are: their folder is named by a hash, which stands in the page's head.

use gloo::utils::document;

/// The address of a file beside the page's wasm.
pub fn address(file: &str) -> String {
    let meta = document().query_selector("meta[name=steppe-assets]").ok().flatten();
    let folder = meta.and_then(|m| m.get_attribute("content")).unwrap_or_default();
    format!("{folder}{file}")
}
