//! Sorting by text, compiled once: only the moves into the new order are made for each type.

/// The positions of the keys in ascending order; equal ones stay as they stand.
pub(crate) fn by_text(keys: &[&str]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| keys[*a].cmp(keys[*b]));
    order
}

/// The list in another order. Positions that are not named are left out.
pub(crate) fn arrange<T>(list: Vec<T>, order: &[usize]) -> Vec<T> {
    let mut list: Vec<Option<T>> = list.into_iter().map(Some).collect();
    order.iter().filter_map(|position| list[*position].take()).collect()
}

/// Sorts a list by a text of its elements.
pub(crate) fn sort_by_text<T>(list: &mut Vec<T>, key: impl Fn(&T) -> &str) {
    let keys: Vec<&str> = list.iter().map(key).collect();
    if !keys.is_sorted() {
        let order = by_text(&keys);
        *list = arrange(std::mem::take(list), &order);
    }
}
