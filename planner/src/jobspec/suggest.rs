//! "Did you mean": the known name nearest to an unknown one.

/// The candidate nearest to `name`, if it is near enough to be a slip of the finger.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = name.to_ascii_lowercase();
    let limit = (wanted.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (distance(&wanted, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit || is_abbreviation(&wanted, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// True if two words differ by one slip of the finger at most, or by dashes and underscores.
pub(crate) fn is_slip(left: &str, right: &str) -> bool {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
    let (left, right) = (plain(left), plain(right));
    left == right || distance(&left, &right) == 1
}

/// `cnt` for `count`: the same first letter, and all letters in order.
fn is_abbreviation(short: &str, long: &str) -> bool {
    if short.len() < 3 || short.as_bytes().first() != long.as_bytes().first() {
        return false;
    }
    let mut letters = long.chars();
    short.chars().all(|letter| letters.any(|other| other == letter))
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    let width = right.len() + 1;
    let mut table = vec![0_usize; (left.len() + 1) * width];
    for row in 0..=left.len() {
        for column in 0..=right.len() {
            table[row * width + column] = if row == 0 || column == 0 {
                row + column
            } else {
                let at = |r: usize, c: usize| table[r * width + c];
                let cost = usize::from(left[row - 1] != right[column - 1]);
                let mut best = (at(row - 1, column) + 1)
                    .min(at(row, column - 1) + 1)
                    .min(at(row - 1, column - 1) + cost);
                let swapped = row > 1
                    && column > 1
                    && left[row - 1] == right[column - 2]
                    && left[row - 2] == right[column - 1];
                if swapped {
                    best = best.min(at(row - 2, column - 2) + 1);
                }
                best
            };
        }
    }
    table[left.len() * width + right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_abbreviations() {
        let names = ["count", "constraint", "datacenters", "memory", "port"];
        assert_eq!(nearest("cnt", names), Some("count"));
        assert_eq!(nearest("memroy", names), Some("memory"));
        assert_eq!(nearest("datacentres", names), Some("datacenters"));
        assert_eq!(nearest("frobnicate", names), None);
    }
}
