//! Letters and words: where the word under a place ends, and which names fit what has been typed.

/// The end of the word that a place lies in.
pub(super) fn end(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).unwrap_or_default();
    offset + rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len())
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

/// How well a name fits, best first: it begins with what was typed, one of its words does, or its letters come in order
/// from the beginning of a word on. `None` if it does not fit.
pub(super) fn fits(typed: &str, name: &str) -> Option<u8> {
    if typed.is_empty() {
        return Some(0);
    }
    let (typed, name) = (typed.to_lowercase(), name.to_lowercase());
    if name.starts_with(&typed) {
        return Some(0);
    }
    let mut best = None;
    let mut before = ' ';
    for (at, letter) in name.char_indices() {
        let begins_word = !before.is_alphanumeric() && letter.is_alphanumeric();
        before = letter;
        if !begins_word {
            continue;
        }
        let rest = &name[at..];
        if rest.starts_with(&typed) {
            return Some(1);
        }
        let mut letters = rest.chars();
        let mut wanted = typed.chars();
        if wanted.next() == letters.next() && wanted.all(|letter| letters.any(|l| l == letter)) {
            best = Some(2);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{end, fits};

    #[test]
    fn names_fit_by_beginnings_words_and_letters() {
        assert_eq!(fits("", "count"), Some(0));
        assert_eq!(fits("Cou", "count"), Some(0));
        assert_eq!(fits("mount", "volume_mount"), Some(1));
        assert_eq!(fits("kernel.na", "${attr.kernel.name}"), Some(1));
        assert_eq!(fits("cnt", "count"), Some(2));
        assert_eq!(fits("vmt", "volume_mount"), Some(2));
        assert_eq!(fits("ount", "count"), None);
    }

    #[test]
    fn a_word_ends_where_its_letters_do() {
        assert_eq!(end("a bc-d_é.f", 3), 9);
        assert_eq!(end("a b", 1), 1);
    }
}
