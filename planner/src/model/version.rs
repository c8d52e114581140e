//! Versions: `version` constraints (as HashiCorp's go-version) and `semver` constraints.

use std::cmp::Ordering;
use std::iter::repeat;

/// A parsed version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    segments: Vec<u64>,
    /// How many segments were written; `~>` depends on it.
    written: usize,
    prerelease: String,
}

impl Version {
    /// Parses `1.2.3-beta+build`; in a semver condition only a hyphen begins the prerelease, elsewhere `1.0beta` will do.
    fn parse(text: &str, semver: bool) -> Option<Version> {
        let body = text.strip_prefix('v').unwrap_or(text);
        let (body, metadata) = body.split_once('+').map_or((body, None), |(b, m)| (b, Some(m)));
        if metadata.is_some_and(|m| !identifiers(m)) {
            return None;
        }
        let digits = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
        let (numbers, rest) = body.split_at(digits);
        let behind_hyphen = rest.strip_prefix('-').filter(|p| identifiers(p));
        let attached = Some(rest).filter(|r| r.is_empty() || !semver && identifiers(r));
        let prerelease = behind_hyphen.or(attached)?.to_owned();
        let segments = numbers.split('.').map(|number| number.parse().ok());
        let mut segments: Vec<u64> = segments.collect::<Option<_>>()?;
        let written = segments.len();
        segments.resize(written.max(3), 0);
        Some(Version { segments, written, prerelease })
    }

    /// Prereleases count only between versions written with equally many numbers (three at least).
    fn compare(&self, other: &Version) -> Ordering {
        let longest = self.segments.len().max(other.segments.len());
        let segments = (0..longest).map(|i| self.segment(i).cmp(&other.segment(i)));
        match segments.fold(Ordering::Equal, Ordering::then) {
            Ordering::Equal if self.segments.len() == other.segments.len() => {
                compare_prereleases(&self.prerelease, &other.prerelease)
            }
            order => order,
        }
    }

    fn segment(&self, i: usize) -> u64 {
        self.segments.get(i).copied().unwrap_or(0)
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
    let parts = a.split('.').count().max(b.split('.').count());
    let (left, right) = (a.split('.').chain(repeat("")), b.split('.').chain(repeat("")));
    let orders = left.zip(right).take(parts).map(|(x, y)| compare_parts(x, y));
    orders.fold(Ordering::Equal, Ordering::then)
}

/// Numbers stand before words. Where one side has no more parts, a number makes the other the greater, a word the lesser.
fn compare_parts(x: &str, y: &str) -> Ordering {
    match (x.parse::<u64>(), y.parse::<u64>()) {
        _ if x == y => Ordering::Equal,
        (Ok(x), Ok(y)) => x.cmp(&y).then(Ordering::Less),
        (Ok(_), Err(_)) if y.is_empty() => Ordering::Greater,
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) if x.is_empty() => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) if x.is_empty() => Ordering::Greater,
        (Err(_), Err(_)) if y.is_empty() => Ordering::Less,
        (Err(_), Err(_)) => x.cmp(y),
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
                (false, false) => version.segments == wanted.segments,
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
                    && version.segments.len() >= wanted.segments.len()
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
    Some((relation, Version::parse(rest.trim(), semver)?))
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
        assert!(VersionRange::parse(">= v1.9", true).is_some_and(|r| r.matches("1.9.0")));
        assert!(VersionRange::parse(">= 1.9beta", true).is_none());
    }

    #[test]
    fn prereleases_compare_part_by_part() {
        for (range, version) in [
            ("> 1.0-alpha.1", "1.0-alpha.2"),
            ("> 1.0-2", "1.0-alpha"),
            // A word too many makes a prerelease older, a number too many newer.
            ("< 1.0-alpha", "1.0-alpha.beta"),
            ("> 1.0-alpha", "1.0-alpha.1"),
        ] {
            assert!(holds(range, version), "{version} {range}");
        }
        // Four numbers and three are equal whatever follows, and `~>` needs as many as it has.
        assert!(VersionRange::parse("= 1.0.0.0", true).is_some_and(|r| r.matches("1.0.0-beta")));
        assert!(!holds("~> 1.0.0.0", "1.0.0"));
    }
}
