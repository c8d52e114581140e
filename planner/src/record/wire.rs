//! Records as serde sees them. Generic over the format only, never over the record.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::{Part, Record, Slot, View, is_empty};

/// Writes a part.
pub fn write<S: Serializer>(part: &dyn Part, to: S) -> Result<S::Ok, S::Error> {
    match part.view() {
        View::Null => to.serialize_none(),
        View::Bool(flag) => to.serialize_bool(flag),
        View::Int(number) => to.serialize_i64(number),
        View::Uint(number) => to.serialize_u64(number),
        View::Float(number) => to.serialize_f64(number),
        View::Text(text) => to.serialize_str(text),
        View::Free(value) => value.serialize(to),
        View::List(list) => {
            let mut items = to.serialize_seq(Some(list.count()))?;
            (0..list.count()).try_for_each(|n| items.serialize_element(&Written(list.item(n))))?;
            items.end()
        }
        View::Map(map) => {
            let mut items = to.serialize_map(Some(map.count()))?;
            for (key, part) in (0..map.count()).filter_map(|n| map.item(n)) {
                items.serialize_entry(key, &Written(part))?;
            }
            items.end()
        }
        View::Record(record) => {
            let mut items = to.serialize_map(None)?;
            for (number, field) in record.fields().iter().enumerate() {
                let part = record.part(number);
                let empty = (field.skip || field.null) && is_empty(part);
                if empty && field.skip {
                    continue;
                }
                let part = if empty { &super::NOTHING } else { part };
                items.serialize_entry(field.name, &Written(part))?;
            }
            items.end()
        }
    }
}

/// Reads JSON text into a part.
pub fn from_json(part: &mut dyn Part, json: &str) -> serde_json::Result<()> {
    let mut from = serde_json::Deserializer::from_str(json);
    read(part, &mut from)?;
    from.end()
}

/// The text of a part as JSON.
pub fn to_json(part: &dyn Part) -> String {
    // Only a map with keys that are no text can fail to be written.
    serde_json::to_string(&Written(part)).unwrap_or_default()
}

/// A part as a tree.
pub fn to_value(part: &dyn Part) -> Value {
    serde_json::to_value(Written(part)).unwrap_or_default()
}

/// A part on its way to a format.
struct Written<'a>(&'a dyn Part);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        write(self.0, to)
    }
}

/// Reads into a part; `null` makes it the default.
pub fn read<'de, D: Deserializer<'de>>(part: &mut dyn Part, from: D) -> Result<(), D::Error> {
    Reading(part).deserialize(from)
}

/// A part that waits for its value.
struct Reading<'a>(&'a mut dyn Part);

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        if let Slot::Free(_) = self.0.slot() {
            // By way of the value: an absent one stays absent where `null` is read.
            match serde::Deserialize::deserialize(from)? {
                Value::Null => self.0.clear(),
                value => {
                    if let Slot::Free(free) = self.0.slot() {
                        *free = value;
                    }
                }
            }
            return Ok(());
        }
        from.deserialize_any(self)
    }
}

impl Reading<'_> {
    fn number<E: Error>(
        self,
        number: f64,
        found: Unexpected<'_>,
        set: impl FnOnce(&mut dyn super::Int) -> bool,
    ) -> Result<(), E> {
        let taken = match self.0.slot() {
            Slot::Int(int) => set(int),
            Slot::Float(float) => {
                *float = number;
                true
            }
            _ => false,
        };
        if taken { Ok(()) } else { Err(E::invalid_type(found, &self)) }
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.view() {
            View::Bool(_) => "true or false",
            View::Int(_) | View::Uint(_) => "a whole number in range",
            View::Float(_) => "a number",
            View::Text(_) => "text",
            View::List(_) => "a list",
            View::Map(_) | View::Record(_) => "an object",
            View::Null | View::Free(_) => "another value",
        })
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.clear();
        Ok(())
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        match self.0.slot() {
            Slot::Bool(to) => *to = flag,
            _ => return Err(E::invalid_type(Unexpected::Bool(flag), &self)),
        }
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.number(number as f64, Unexpected::Signed(number), |to| to.set_int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.number(number as f64, Unexpected::Unsigned(number), |to| to.set_uint(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        match self.0.slot() {
            Slot::Float(to) => *to = number,
            _ => return Err(E::invalid_type(Unexpected::Float(number), &self)),
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.0.slot() {
            Slot::Text(to) => text.clone_into(to),
            Slot::Word(to) => {
                if !to.set_word(text) {
                    return Err(E::invalid_value(Unexpected::Str(text), &self));
                }
            }
            _ => return Err(E::invalid_type(Unexpected::Str(text), &self)),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Slot::List(list) = self.0.slot() else {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        };
        list.clear();
        while items.next_element_seed(Element(list))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        match self.0.slot() {
            Slot::Map(map) => {
                map.clear();
                while let Some(key) = items.next_key::<String>()? {
                    match map.push(&key) {
                        Some(part) => items.next_value_seed(Reading(part))?,
                        None => _ = items.next_value::<IgnoredAny>()?,
                    }
                }
                map.finish();
            }
            Slot::Record(record) => {
                let mut likely = 0;
                while let Some(number) = items.next_key_seed(Name { record, likely })? {
                    likely = number.map_or(likely, |number| number + 1);
                    match number.and_then(|number| record.part_mut(number)) {
                        Some(part) => items.next_value_seed(Reading(part))?,
                        None => _ = items.next_value::<IgnoredAny>()?,
                    }
                }
            }
            _ => return Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
        Ok(())
    }
}

/// The next element of a list; added only when there is one.
struct Element<'a>(&'a mut dyn super::List);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        Reading(self.0.push()).deserialize(from)
    }
}

/// The name of a field, as its number; `None` for one that is not known.
struct Name<'a> {
    record: &'a dyn Record,
    /// Most writers keep the order of the fields.
    likely: usize,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<usize>, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        let fields = self.record.fields();
        if fields.get(self.likely).is_some_and(|field| field.name == name) {
            return Ok(Some(self.likely));
        }
        let exact = fields.iter().position(|field| field.name == name);
        // Go's decoder ignores the case of names.
        Ok(exact.or_else(|| fields.iter().position(|f| f.name.eq_ignore_ascii_case(name))))
    }
}
