//! Go writes an empty list or map as `null`; these serde functions read and write it so.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A collection that can tell whether it is empty.
pub trait Empty {
    /// True if there is no element.
    fn is_empty(&self) -> bool;
}

impl<T> Empty for Vec<T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> Empty for std::collections::BTreeMap<K, V> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Empty for String {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

/// Writes an empty collection as `null`.
pub fn serialize<T: Empty + Serialize, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    if value.is_empty() { to.serialize_none() } else { value.serialize(to) }
}

/// Reads `null` as the empty collection.
pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}
