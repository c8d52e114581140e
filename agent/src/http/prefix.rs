//! Prefix lookups: how clients resolve short IDs. UUIDs are looked up by whole bytes, as in Nomad.

use super::error::ApiError;

/// A prefix of UUIDs, checked; `what` is the noun of the error text (`alloc`, `eval`, …).
pub(super) fn uuid_prefix(what: &str, prefix: &str) -> Result<String, ApiError> {
    let digits: Vec<char> = prefix.chars().filter(|c| *c != '-').collect();
    if let Some(bad) = digits.iter().find(|c| !c.is_ascii_hexdigit()) {
        let code = u32::from(*bad);
        return Err(ApiError::refused(format!(
            "{what} lookup failed: index error: Invalid UUID: encoding/hex: invalid byte: U+{code:04X} '{bad}'"
        )));
    }
    if !digits.len().is_multiple_of(2) {
        return Err(ApiError::refused(format!(
            "{what} lookup failed: index error: Input (without hyphens) must be even length"
        )));
    }
    Ok(prefix.to_ascii_lowercase())
}

/// A whole UUID, checked.
pub(super) fn whole_uuid(what: &str, id: &str) -> Result<(), ApiError> {
    if id.len() == 36 {
        return Ok(());
    }
    Err(ApiError::refused(format!("{what} lookup failed: index error: UUID must be 36 characters")))
}
