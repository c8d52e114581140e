//! Go writes an empty list or map as `null`; these serde functions read and write it so.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What Go may write as `null`.
pub trait Nullable {
    /// True if Go writes `null` for this value.
    fn is_null(&self) -> bool;
}

impl<T> Nullable for Vec<T> {
    fn is_null(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> Nullable for std::collections::BTreeMap<K, V> {
    fn is_null(&self) -> bool {
        self.is_empty()
    }
}

/// Go has no null text: an empty one is written as such, and only read from `null`.
impl Nullable for String {
    fn is_null(&self) -> bool {
        false
    }
}

/// Writes an empty collection as `null`.
pub fn serialize<T, S>(value: &T, to: S) -> Result<S::Ok, S::Error>
where
    T: Nullable + Serialize,
    S: Serializer,
{
    if value.is_null() { to.serialize_none() } else { value.serialize(to) }
}

/// Reads `null` as the empty collection.
pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}
