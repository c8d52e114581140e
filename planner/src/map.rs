//! Maps by text, in the order of their keys. Most hold a handful of entries, some a few dozen: a sorted list is
//! smaller than a tree, in memory and in code, and as fast.
//!
//! The list is `litemap`'s; here is what it lacks to stand where a `BTreeMap` would.

use std::ops::{Deref, DerefMut, Index};

use litemap::LiteMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::order;
use crate::record::{self, Part, Slot, View};

/// A map from text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Map<T>(LiteMap<String, T>);

impl<T> Map<T> {
    /// An empty map.
    pub fn new() -> Map<T> {
        Map(LiteMap::new())
    }

    /// The keys alone.
    pub fn into_keys(self) -> impl Iterator<Item = String> {
        self.into_iter().map(|(key, _)| key)
    }

    /// The values alone.
    pub fn into_values(self) -> impl Iterator<Item = T> {
        self.into_iter().map(|(_, value)| value)
    }

    /// The values, to change them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl<T> Deref for Map<T> {
    type Target = LiteMap<String, T>;

    fn deref(&self) -> &LiteMap<String, T> {
        &self.0
    }
}

impl<T> DerefMut for Map<T> {
    fn deref_mut(&mut self) -> &mut LiteMap<String, T> {
        &mut self.0
    }
}

impl<T> Default for Map<T> {
    fn default() -> Map<T> {
        Map::new()
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Map<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<T> FromIterator<(String, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(entries: I) -> Map<T> {
        let mut list: Vec<(String, T)> = entries.into_iter().collect();
        put_in_order(&mut list);
        Map(LiteMap::from_sorted_store_unchecked(list))
    }
}

impl<T, const N: usize> From<[(String, T); N]> for Map<T> {
    fn from(entries: [(String, T); N]) -> Map<T> {
        entries.into_iter().collect()
    }
}

impl<T> Extend<(String, T)> for Map<T> {
    fn extend<I: IntoIterator<Item = (String, T)>>(&mut self, entries: I) {
        let mut list = std::mem::take(&mut self.0).into_tuple_vec();
        list.extend(entries);
        put_in_order(&mut list);
        self.0 = LiteMap::from_sorted_store_unchecked(list);
    }
}

impl<T> IntoIterator for Map<T> {
    type Item = (String, T);
    type IntoIter = std::vec::IntoIter<(String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Map<T> {
    type Item = (&'a String, &'a T);
    type IntoIter = <&'a LiteMap<String, T> as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&self.0).into_iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Map<T> {
    type Item = (&'a String, &'a mut T);
    type IntoIter = <&'a mut LiteMap<String, T> as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&mut self.0).into_iter()
    }
}

impl<T> Index<&str> for Map<T> {
    type Output = T;

    fn index(&self, key: &str) -> &T {
        match self.0.get(key) {
            Some(value) => value,
            None => panic!("no entry {key:?}"),
        }
    }
}

impl<T: Part + Default> Part for Map<T> {
    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Map(self)
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

impl<T: Part + Default> record::Map for Map<T> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn item(&self, number: usize) -> Option<(&str, &dyn Part)> {
        self.0.get_indexed(number).map(|(key, part)| (key.as_str(), part as &dyn Part))
    }

    fn clear(&mut self) {
        self.0.clear();
    }

    fn push(&mut self, key: &str) -> Option<&mut dyn Part> {
        let mut list = std::mem::take(&mut self.0).into_tuple_vec();
        list.push((key.to_owned(), T::default()));
        self.0 = LiteMap::from_sorted_store_unchecked(list);
        self.0.iter_mut().next_back().map(|(_, part)| part as &mut dyn Part)
    }

    fn finish(&mut self) {
        let mut list = std::mem::take(&mut self.0).into_tuple_vec();
        put_in_order(&mut list);
        self.0 = LiteMap::from_sorted_store_unchecked(list);
    }
}

/// Of equal keys the last stays, as everywhere in JSON.
fn put_in_order<T>(list: &mut Vec<(String, T)>) {
    let keys: Vec<&str> = list.iter().map(|(key, _)| key.as_str()).collect();
    if let Some(order) = new_order(&keys) {
        *list = order::arrange(std::mem::take(list), &order);
    }
}

/// The order of the keys that remain; `None` if all of them stand in order.
fn new_order(keys: &[&str]) -> Option<Vec<usize>> {
    if keys.is_sorted_by(|a, b| a < b) {
        return None;
    }
    let mut order = order::by_text(keys);
    order.reverse();
    order.dedup_by(|a, b| keys[*a] == keys[*b]);
    order.reverse();
    Some(order)
}

impl<T: Part + Default> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        record::write(self, to)
    }
}

impl<'de, T: Part + Default> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Map<T>, D::Error> {
        let mut map = Map::new();
        record::read(&mut map, from)?;
        Ok(map)
    }
}
