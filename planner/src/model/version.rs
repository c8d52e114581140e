//! Versions: `version` constraints (as HashiCorp's go-version) and `semver` constraints.

use std::cmp::Ordering;

/// A parsed version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    segments: Vec<u64>,
    /// How many segments were written; `~>` depends on it.
    written: usize,
    prerelease: String,
}

impl Version {
    /// Parses leniently (`v1`, `1.9`) or strictly (three numbers, no `v`).
    pub(super) fn parse(text: &str, strict: bool) -> Option<Version> {
        let text = text.trim();
        let body = if strict { text } else { text.strip_prefix('v').unwrap_or(text) };
        let (body, metadata) = body.split_once('+').map_or((body, None), |(b, m)| (b, Some(m)));
        if metadata.is_some_and(|m| !identifiers(m)) {
            return None;
        }
        let digits = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
        let (numbers, rest) = body.split_at(digits);
        let prerelease = match rest.strip_prefix('-') {
            Some(p) if identifiers(p) => p,
            Some(_) => return None,
            // go-version also takes `1.0beta`.
            None if !strict && (rest.is_empty() || identifiers(rest)) => rest,
            None if rest.is_empty() => "",
            None => return None,
        };
        let mut segments = Vec::new();
        for number in numbers.split('.') {
            if strict && number.len() > 1 && number.starts_with('0') {
                return None;
            }
            segments.push(number.parse().ok()?);
        }
        let written = segments.len();
        if strict && written != 3 {
            return None;
        }
        while segments.len() < 3 {
            segments.push(0);
        }
        Some(Version { segments, written, prerelease: prerelease.to_owned() })
    }

    fn compare(&self, other: &Version) -> Ordering {
        let longest = self.segments.len().max(other.segments.len());
        for i in 0..longest {
            let (a, b) = (self.segment(i), other.segment(i));
            if a != b {
                return a.cmp(&b);
            }
        }
        compare_prereleases(&self.prerelease, &other.prerelease)
    }

    fn segment(&self, i: usize) -> u64 {
        self.segments.get(i).copied().unwrap_or(0)
    }

    fn same_segments(&self, other: &Version) -> bool {
        (0..self.segments.len().max(other.segments.len()))
            .all(|i| self.segment(i) == other.segment(i))
    }
}

fn identifiers(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-~".contains(c))
        })
}

fn compare_prereleases(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let (x, y) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => (x, y),
        };
        let order = match (x.parse::<u64>(), y.parse::<u64>()) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => x.cmp(y),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Equal,
    NotEqual,
    Greater,
    Less,
    AtLeast,
    AtMost,
    Pessimistic,
}

/// A comma list of version conditions, all of which must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    parts: Vec<(Relation, Version)>,
    semver: bool,
}

impl VersionRange {
    /// Parses `>= 1.2, < 2`; `None` if any part is unreadable.
    pub fn parse(text: &str, semver: bool) -> Option<VersionRange> {
        let parts = text.split(',').map(|p| parse_part(p.trim(), semver)).collect::<Option<_>>()?;
        Some(VersionRange { parts, semver })
    }

    /// True if the version (leniently read) satisfies every part.
    pub fn matches(&self, text: &str) -> bool {
        let Some(version) = Version::parse(text, false) else { return false };
        self.parts.iter().all(|(relation, wanted)| self.part_holds(*relation, wanted, &version))
    }

    fn part_holds(&self, relation: Relation, wanted: &Version, version: &Version) -> bool {
        let order = version.compare(wanted);
        // go-version: a prerelease satisfies an ordering only if the condition names one, of the same release.
        let comparable = self.semver
            || match (version.prerelease.is_empty(), wanted.prerelease.is_empty()) {
                (true, _) => true,
                (false, true) => false,
                (false, false) => version.same_segments(wanted),
            };
        match relation {
            Relation::Equal => order == Ordering::Equal,
            Relation::NotEqual => order != Ordering::Equal,
            Relation::Greater => comparable && order == Ordering::Greater,
            Relation::Less => comparable && order == Ordering::Less,
            Relation::AtLeast => comparable && order != Ordering::Less,
            Relation::AtMost => comparable && order != Ordering::Greater,
            Relation::Pessimistic => {
                // Every written segment but the last must be equal, the last may only grow.
                let fixed = wanted.written.saturating_sub(1);
                let prerelease = wanted.prerelease.is_empty() || !version.prerelease.is_empty();
                comparable
                    && prerelease
                    && order != Ordering::Less
                    && (0..fixed).all(|i| version.segment(i) == wanted.segment(i))
            }
        }
    }
}

fn parse_part(part: &str, semver: bool) -> Option<(Relation, Version)> {
    const RELATIONS: [(&str, Relation); 7] = [
        (">=", Relation::AtLeast),
        ("<=", Relation::AtMost),
        ("!=", Relation::NotEqual),
        ("~>", Relation::Pessimistic),
        (">", Relation::Greater),
        ("<", Relation::Less),
        ("=", Relation::Equal),
    ];
    let (relation, rest) = RELATIONS
        .iter()
        .find_map(|(sign, relation)| Some((*relation, part.strip_prefix(sign)?)))
        .unwrap_or((Relation::Equal, part));
    if semver && relation == Relation::Pessimistic {
        return None;
    }
    Some((relation, Version::parse(rest, semver)?))
}

#[cfg(test)]
mod tests {
    use super::VersionRange;

    fn holds(range: &str, version: &str) -> bool {
        VersionRange::parse(range, false).is_some_and(|r| r.matches(version))
    }

    #[test]
    fn ranges_follow_go_version() {
        assert!(holds(">= 1.0, < 2", "1.9.3"));
        assert!(holds("~> 1.2", "1.9"));
        assert!(!holds("~> 1.2.3", "1.3.0"));
        assert!(!holds("> 1.0", "1.1-beta"));
        assert!(holds("> 1.1-alpha", "1.1-beta"));
        assert!(!holds(">= x", "1"));
    }

    #[test]
    fn semver_orders_prereleases() {
        let range = VersionRange::parse(">= 1.6.0-beta1", true).unwrap();
        assert!(range.matches("1.6.0"));
        assert!(range.matches("v1.7"));
        assert!(!range.matches("1.6.0-alpha"));
        assert!(VersionRange::parse("~> 1.0.0", true).is_none());
    }
}
