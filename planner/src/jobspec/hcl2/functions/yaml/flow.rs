//! YAML's collections in brackets.

use std::collections::BTreeMap;

use super::read::{Outcome, Properties, Reader};
use crate::jobspec::value::Value;

impl Reader<'_, '_> {
    pub(super) fn flow_list(&mut self) -> Outcome<Value> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.skip();
            if self.flow_ends(']')? {
                return Ok(Value::List(values));
            }
            let value = self.flow_value()?;
            self.skip();
            if self.rest().starts_with(':') {
                // A single pair.
                self.at += 1;
                let key = self.key(value)?;
                self.skip();
                let value = self.flow_or_nothing(']')?;
                values.push(Value::Object([(key, value)].into()));
            } else {
                values.push(value);
            }
            self.flow_comma(']')?;
        }
    }

    pub(super) fn flow_object(&mut self) -> Outcome<Value> {
        self.at += 1;
        let mut values = BTreeMap::new();
        loop {
            self.skip();
            if self.flow_ends('}')? {
                return Ok(Value::Object(values));
            }
            let merges = self.rest().starts_with("<<");
            let key = self.flow_value()?;
            let key = self.key(key)?;
            self.skip();
            let value = match self.rest().starts_with(':') {
                true => {
                    self.at += 1;
                    self.skip();
                    self.flow_or_nothing('}')?
                }
                false => Value::Null,
            };
            if merges && key == "<<" {
                self.merge(&mut values, value)?;
            } else {
                values.insert(key, value);
            }
            self.flow_comma('}')?;
        }
    }

    fn flow_ends(&mut self, closing: char) -> Outcome<bool> {
        if self.rest().is_empty() {
            return Err(self.wrong("a bracket is never closed"));
        }
        let ends = self.rest().starts_with(closing);
        self.at += usize::from(ends);
        Ok(ends)
    }

    fn flow_comma(&mut self, closing: char) -> Outcome<()> {
        self.skip();
        if self.rest().starts_with(',') {
            self.at += 1;
        } else if !self.rest().starts_with(closing) {
            return Err(self.wrong("a comma or the closing bracket is expected here"));
        }
        Ok(())
    }

    fn flow_or_nothing(&mut self, closing: char) -> Outcome<Value> {
        match self.rest().starts_with([',', closing]) {
            true => Ok(Value::Null),
            false => self.flow_value(),
        }
    }

    fn flow_value(&mut self) -> Outcome<Value> {
        let properties = self.properties(Properties::default());
        self.arguments.afford(1)?;
        let value = self.single(&properties.tag, 0, true)?;
        self.keep(properties, value)
    }
}
