//! The parser beside another one: both must take the same texts, and see the same statements in them.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;
use std::path::{Path, PathBuf};

use super::{Body, Item, parse};

/// Every HCL2 file of the corpus.
fn corpus() -> Vec<String> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let folders = ["parse", "plan"].map(|kind| top.join(kind));
    let cases = folders.iter().flat_map(|kind| fs::read_dir(kind).expect("the corpus"));
    let files = cases.flatten().flat_map(|case| fs::read_dir(case.path()).into_iter().flatten());
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "nomad" || end == "hcl"));
    paths.sort();
    let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok());
    texts.filter(|text| !text.is_empty()).collect()
}

/// Names, labels and nesting, without values.
fn outline(body: &Body<'_>, out: &mut String) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => *out += &format!("{};", attribute.name.text),
            Item::Block(block) => {
                *out += block.name.text;
                block.labels.iter().for_each(|label| *out += &format!(" {:?}", label.text));
                *out += "{";
                outline(&block.body, out);
                *out += "}";
            }
        }
    }
}

fn other_outline(body: &hcl_edit::structure::Body, out: &mut String) {
    for structure in body.iter() {
        match structure {
            hcl_edit::structure::Structure::Attribute(attribute) => {
                *out += &format!("{};", attribute.key.value().as_str());
            }
            hcl_edit::structure::Structure::Block(block) => {
                *out += block.ident.value().as_str();
                block.labels.iter().for_each(|label| *out += &format!(" {:?}", label.as_str()));
                *out += "{";
                other_outline(&block.body, out);
                *out += "}";
            }
        }
    }
}

#[derive(Debug, PartialEq)]
enum Read {
    Refused,
    Outline(String),
}

fn ours(text: &str) -> Read {
    let (body, problems) = parse(text);
    if !problems.is_empty() {
        return Read::Refused;
    }
    let mut out = String::new();
    outline(&body, &mut out);
    Read::Outline(out)
}

fn theirs(text: &str) -> Read {
    match hcl_edit::parser::parse_body(text) {
        Err(_) => Read::Refused,
        Ok(body) => {
            let mut out = String::new();
            other_outline(&body, &mut out);
            Read::Outline(out)
        }
    }
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

/// Changes one place of a text, as a slip of the hand would.
fn slip(text: &str, numbers: &mut Numbers) -> String {
    const PIECES: [&str; 24] = [
        "{", "}", "[", "]", "(", ")", "\"", "=", ",", "\n", " ", "${", "}", ".", "?", ":", "+",
        "!", "<<EOF\n", "for", "x", "5", "...", "/*",
    ];
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let at = places[numbers.below(places.len())];
    let next = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let piece = PIECES[numbers.below(PIECES.len())];
    match numbers.below(3) {
        0 => format!("{}{}", &text[..at], &text[next..]),
        1 => format!("{}{piece}{}", &text[..at], &text[at..]),
        _ => format!("{}{piece}{}", &text[..at], &text[next..]),
    }
}

/// The other parser lets strings run over lines, which HCL does not; then the two see different texts.
fn strings_end_on_their_line(text: &str) -> bool {
    text.lines().all(|line| line.matches('"').count() % 2 == 0)
}

#[test]
fn both_parsers_read_the_same() {
    let mut numbers = Numbers(20_251_125);
    let mut compared = 0;
    let mut wrong = Vec::new();
    for text in corpus() {
        // A byte order mark is refused by the other one.
        let text = text.trim_start_matches('\u{feff}');
        for round in 0..60 {
            let changed = if round == 0 { text.to_owned() } else { slip(text, &mut numbers) };
            if !strings_end_on_their_line(&changed) {
                continue;
            }
            compared += 1;
            let (ours, theirs) = (ours(&changed), theirs(&changed));
            if ours != theirs {
                wrong.push(format!("{changed}\nours: {ours:?}\ntheirs: {theirs:?}\n"));
            }
        }
    }
    assert!(compared > 20_000, "only {compared} texts were compared");
    assert!(wrong.is_empty(), "{} texts, such as\n{}", wrong.len(), wrong[0]);
}
