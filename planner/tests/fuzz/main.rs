//! Replays the corpus through the fuzz targets: as it is, cut off anywhere, and with slips of the hand.
#![allow(clippy::disallowed_methods, reason = "the corpus is files")]

#[allow(unreachable_pub, reason = "shared with cargo-fuzz")]
mod targets;

use std::fs;
use std::path::Path;

/// Every input of the corpus, whatever its language.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/parse");
    let cases = fs::read_dir(folder).expect("the corpus").flatten();
    let files = cases.flat_map(|case| fs::read_dir(case.path()).into_iter().flatten().flatten());
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.retain(|path| path.file_stem().is_some_and(|stem| stem == "input"));
    paths.sort();
    let texts: Vec<String> =
        paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    assert!(texts.len() > 200, "only {} inputs", texts.len());
    texts
}

/// A small generator of numbers: the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

/// Changes one place of a text.
fn slip(text: &str, numbers: &mut Numbers) -> String {
    const PIECES: [&str; 30] = [
        "{", "}", "[", "]", "(", ")", "\"", "=", ",", "\n", " ", "${", "%{", "}", ".", "?", ":",
        "+", "!", "<<EOF\n", "<<-E\n", "for ", "x", "5", "...", "/*", "null", "\\", "é", "dynamic",
    ];
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let Some(at) = places.get(numbers.below(places.len())).copied() else { return String::new() };
    let next = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let piece = PIECES[numbers.below(PIECES.len())];
    match numbers.below(5) {
        0 => format!("{}{}", &text[..at], &text[next..]),
        1 => format!("{}{piece}{}", &text[..at], &text[at..]),
        2 => format!("{}{piece}{}", &text[..at], &text[next..]),
        3 => text[..at].to_owned(),
        // A part of it twice.
        _ => format!("{}{}", &text[..next], &text[places[numbers.below(places.len())]..]),
    }
}

fn replay(seed: u64, rounds: usize, target: fn(&str)) {
    let mut numbers = Numbers(seed);
    for text in corpus() {
        target(&text);
        for _ in 0..rounds {
            let mut changed = text.clone();
            for _ in 0..=numbers.below(3) {
                changed = slip(&changed, &mut numbers);
            }
            target(&changed);
        }
    }
}

#[test]
fn hcl2_holds_for_any_text() {
    replay(1, 15, targets::hcl2);
}

#[test]
fn hcl1_holds_for_any_text() {
    replay(2, 15, targets::hcl1);
}

#[test]
fn json_holds_for_any_text() {
    replay(3, 5, targets::json);
    // Most of the corpus is no JSON: its jobs are.
    let mut numbers = Numbers(4);
    for text in corpus() {
        let parsed = steppe_planner::parse(&text, &steppe_planner::ParseOptions::default());
        let Some(job) = parsed.job else { continue };
        let document = serde_json::to_string_pretty(&job).expect("a job is JSON");
        targets::json(&document);
        for _ in 0..5 {
            targets::json(&slip(&document, &mut numbers));
        }
    }
}
