//! Which numbers `job.group[number]` are taken, and which are next.

use std::collections::BTreeSet;

/// The name of an allocation.
pub fn alloc_name(job: &str, group: &str, index: u64) -> String {
    format!("{job}.{group}[{index}]")
}

/// The numbers in use in one group.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    used: BTreeSet<u64>,
    count: u64,
}

impl Names {
    pub(super) fn new(count: u64, used: impl Iterator<Item = u64>) -> Names {
        Names { used: used.collect(), count }
    }

    pub(super) fn release(&mut self, index: u64) {
        self.used.remove(&index);
    }

    /// Takes away the highest numbers in use.
    pub(super) fn highest(&mut self, n: usize) -> BTreeSet<u64> {
        let highest: BTreeSet<u64> = self.used.iter().rev().take(n).copied().collect();
        self.used.retain(|index| !highest.contains(index));
        highest
    }

    /// The next numbers: the lowest free ones below the count, then 0, 1, 2 again.
    pub(super) fn next(&mut self, n: usize) -> Vec<u64> {
        let mut next: Vec<u64> =
            (0..self.count).filter(|index| !self.used.contains(index)).take(n).collect();
        let missing = n - next.len();
        next.extend(0..missing as u64);
        self.used.extend(&next);
        next
    }

    /// Numbers for canaries: those about to be replaced, then free ones, then beyond the count.
    pub(super) fn next_canaries(
        &mut self,
        n: usize,
        existing: &BTreeSet<u64>,
        replaced: &BTreeSet<u64>,
    ) -> Vec<u64> {
        let mut next: Vec<u64> = Vec::new();
        let preferred = replaced.iter().copied().filter(|i| *i < self.count);
        let free = (0..self.count).filter(|i| !self.used.contains(i) && !replaced.contains(i));
        for index in preferred.chain(free).filter(|i| !existing.contains(i)) {
            if next.len() == n {
                break;
            }
            next.push(index);
        }
        let missing = (n - next.len()) as u64;
        next.extend(self.count..self.count + missing);
        self.used.extend(&next);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lowest_free_numbers_come_first_then_again_from_zero() {
        let mut names = Names::new(4, [0, 2].into_iter());
        assert_eq!(names.next(3), vec![1, 3, 0]);
    }

    #[test]
    fn highest_numbers_go_first() {
        let mut names = Names::new(4, [0, 1, 2, 5].into_iter());
        assert_eq!(names.highest(2), BTreeSet::from([2, 5]));
        assert_eq!(names.highest(9), BTreeSet::from([0, 1]));
    }

    #[test]
    fn canaries_take_the_names_of_what_they_replace() {
        let mut names = Names::new(2, [0, 1].into_iter());
        let canaries = names.next_canaries(3, &BTreeSet::from([0]), &BTreeSet::from([0, 1]));
        assert_eq!(canaries, vec![1, 2, 3]);
    }
}
