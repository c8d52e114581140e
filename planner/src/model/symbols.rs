//! Interned text: equal strings get equal small numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

/// An interned string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

/// All interned strings of a snapshot. What was interned once stays.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    numbers: BTreeMap<Arc<str>, Symbol>,
    texts: Vec<Arc<str>>,
}

impl Symbols {
    /// The symbol of a text, new if need be.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.numbers.get(text) {
            return *symbol;
        }
        let symbol = Symbol(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, symbol);
        symbol
    }

    /// The text itself, kept once however often it is asked for.
    pub fn share(&mut self, text: &str) -> Arc<str> {
        let symbol = self.intern(text);
        Arc::clone(&self.texts[symbol.0 as usize])
    }

    /// The symbol of a text that was interned before.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        self.numbers.get(text).copied()
    }

    /// How many there are; each has a number below.
    pub fn count(&self) -> usize {
        self.texts.len()
    }

    /// The text of a symbol.
    pub fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.0 as usize).map_or("", |text| text)
    }
}
