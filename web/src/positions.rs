//! Where each thing stands in a list, by its ID: a sorted list to search in.

/// Looks up places by ID.
pub struct Positions<'a>(Vec<(&'a str, usize)>);

impl<'a> Positions<'a> {
    /// The places of a list's IDs.
    pub fn new(ids: impl Iterator<Item = &'a str>) -> Positions<'a> {
        let mut list: Vec<_> = ids.enumerate().map(|(at, id)| (id, at)).collect();
        list.sort_unstable();
        Positions(list)
    }

    /// The place of one ID.
    pub fn of(&self, id: &str) -> Option<usize> {
        let found = self.0.binary_search_by(|(other, _)| (*other).cmp(id));
        found.ok().map(|i| self.0[i].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_found_where_it_stands() {
        let positions = Positions::new(["c", "a", "b"].into_iter());
        assert_eq!(
            ["a", "b", "c", "d"].map(|id| positions.of(id)),
            [Some(1), Some(2), Some(0), None]
        );
    }
}
