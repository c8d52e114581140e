//! Choices out of a row of bytes: a shorter row with smaller bytes makes something simpler, so proptest can shrink
//! whatever is made of it.

use proptest::prelude::*;

/// Where a row stands.
pub(crate) struct Dice<'a> {
    row: &'a [u8],
}

/// Rows to throw.
pub(crate) fn rows() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 40..700)
}

impl<'a> Dice<'a> {
    /// The choices that a row stands for.
    pub(crate) fn new(row: &'a [u8]) -> Dice<'a> {
        Dice { row }
    }

    /// A number below `limit`; 0 once the row is used up.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let Some((first, rest)) = self.row.split_first() else { return 0 };
        self.row = rest;
        usize::from(*first) % limit
    }

    /// The same as an amount.
    pub(crate) fn amount(&mut self, limit: i64) -> i64 {
        let limit = usize::try_from(limit).expect("a small limit");
        i64::try_from(self.below(limit)).expect("a small number")
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of several; the first is the simplest.
    pub(crate) fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}
