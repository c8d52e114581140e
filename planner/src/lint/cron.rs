//! The numbers of a cron expression: whether each lies in the range of its field.
//!
//! That there are enough fields has been checked already; names of days and months are left alone.

/// Name, least and largest number of each of the five usual fields.
const FIELDS: [(&str, u32, u32); 5] =
    [("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7)];

/// The first number out of its range, in words.
pub(super) fn out_of_range(spec: &str) -> Option<String> {
    let parts: Vec<&str> = spec.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return None;
    }
    for (part, (name, least, most)) in parts.iter().zip(FIELDS) {
        for number in part.split([',', '-', '/']).filter_map(|text| text.parse::<u32>().ok()) {
            // A step may be any number.
            let is_step = part.ends_with(&format!("/{number}"));
            if !is_step && !(least..=most).contains(&number) {
                return Some(format!("{number} is no {name}, which goes from {least} to {most}"));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::out_of_range;

    #[test]
    fn numbers_lie_in_their_ranges() {
        assert_eq!(out_of_range("*/90 0-23 1,31 JAN-DEC 7"), None);
        assert_eq!(
            out_of_range("0 25 * * *").as_deref(),
            Some("25 is no hour, which goes from 0 to 23")
        );
        assert_eq!(out_of_range("@daily"), None);
    }
}
