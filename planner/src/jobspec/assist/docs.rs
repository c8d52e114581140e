//! What is said about each name: sentences and defaults, read from a text that is data.
//!
//! The text is not a part of the page's code: the page fetches it when somebody asks. Without it completion and hover
//! still know names and types.

/// Sentences by path.
#[derive(Clone, Debug, Default)]
pub struct Docs {
    text: String,
    /// Begin and end of each line with something to say, ordered by path.
    lines: Vec<(u32, u32)>,
}

/// What is said about one name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doc<'a> {
    /// In words where it depends; the parameters of a function.
    pub default: &'a str,
    /// One or two sentences.
    pub text: &'a str,
}

impl Docs {
    /// Reads lines of `path<TAB>default<TAB>text`. Empty ones and those that begin with `#` say nothing.
    pub fn parse(text: &str) -> Docs {
        let mut lines = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let end = at + line.trim_end_matches(['\n', '\r']).len();
            if end > at && !line.starts_with('#') {
                lines.push((number(at), number(end)));
            }
            at += line.len();
        }
        let mut docs = Docs { text: text.to_owned(), lines: Vec::new() };
        lines.sort_by(|a, b| docs.path(*a).cmp(docs.path(*b)));
        docs.lines = lines;
        docs
    }

    /// The text that is kept beside this code.
    #[cfg(any(not(target_arch = "wasm32"), feature = "wasm"))]
    pub fn included() -> Docs {
        Docs::parse(include_str!("docs.txt"))
    }

    /// What is said about a path: `group.count`, `restart.mode=delay`, `function.upper`, `runtime.NOMAD_DC`.
    pub fn find(&self, path: &str) -> Option<Doc<'_>> {
        let at = self.lines.binary_search_by(|line| self.path(*line).cmp(path)).ok()?;
        let mut parts = self.line(self.lines[at]).splitn(3, '\t').skip(1);
        Some(Doc {
            default: parts.next().unwrap_or_default(),
            text: parts.next().unwrap_or_default(),
        })
    }

    /// Everything that something is said about, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| self.path(*line))
    }

    fn line(&self, (start, end): (u32, u32)) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    fn path(&self, line: (u32, u32)) -> &str {
        self.line(line).split('\t').next().unwrap_or_default()
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Doc, Docs};

    #[test]
    fn lines_are_found_by_path() {
        let docs = Docs::parse("# said by nobody\nb.x\t1\tSecond.\n\na\t\tFirst.\r\nempty\n");
        assert_eq!(docs.find("a"), Some(Doc { default: "", text: "First." }));
        assert_eq!(docs.find("b.x"), Some(Doc { default: "1", text: "Second." }));
        assert_eq!(docs.find("empty"), Some(Doc::default()));
        assert_eq!(docs.find("b"), None);
        assert_eq!(docs.paths().collect::<Vec<_>>(), ["a", "b.x", "empty"]);
    }
}
