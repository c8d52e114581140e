//! Functions of time stamps. None of them reads the clock.

use super::{Arguments, Files, Mistake};
use crate::duration;
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// A time stamp as RFC 3339 writes it.
struct Stamp {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: i64,
    /// Minutes east of Greenwich.
    zone: i64,
}

impl Stamp {
    fn parse(text: &str) -> Option<Stamp> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let bytes = text.as_bytes();
        let fixed = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if !text.is_ascii() || fixed.iter().any(|(at, byte)| bytes.get(*at) != Some(byte)) {
            return None;
        }
        let behind = text.get(19..)?;
        let fraction = behind.strip_prefix('.').map_or("", |rest| {
            &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())]
        });
        let rest = match (behind.starts_with('.'), fraction.len()) {
            (false, _) => behind,
            (true, 0) => return None,
            (true, length) => &behind[1 + length..],
        };
        let nanos: String = format!("{fraction}000000000").chars().take(9).collect();
        let zone = match (rest, rest.len(), rest.get(3..4)) {
            ("Z", ..) => 0,
            (zone, 6, Some(":")) => {
                let sign = match zone.as_bytes()[0] {
                    b'+' => 1,
                    b'-' => -1,
                    _ => return None,
                };
                let part = |from: usize| zone.get(from..from + 2)?.parse::<i64>().ok();
                sign * (part(1)? * 60 + part(4)?)
            }
            _ => return None,
        };
        let stamp = Stamp {
            year: number(0, 4)?,
            month: number(5, 7)?,
            day: number(8, 10)?,
            hour: number(11, 13)?,
            minute: number(14, 16)?,
            second: number(17, 19)?,
            nanos: nanos.parse().ok()?,
            zone,
        };
        let legal = (1..=12).contains(&stamp.month)
            && (1..=stamp.days_in_month()).contains(&stamp.day)
            && stamp.hour < 24
            && stamp.minute < 60
            && stamp.second < 60
            && stamp.zone.abs() < 24 * 60;
        legal.then_some(stamp)
    }

    fn days_in_month(&self) -> i64 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Days since the epoch.
    fn days(&self) -> i64 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    fn seconds(&self) -> i64 {
        self.days() * 86_400 + self.hour * 3_600 + self.minute * 60 + self.second
    }

    fn from_seconds(seconds: i64, zone: i64) -> Stamp {
        let days = seconds.div_euclid(86_400) + 719_468;
        let rest = seconds.rem_euclid(86_400);
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Stamp {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: of_year - (153 * shifted + 2) / 5 + 1,
            hour: rest / 3_600,
            minute: rest / 60 % 60,
            second: rest % 60,
            nanos: 0,
            zone,
        }
    }

    fn zone_text(&self, colon: bool, zulu: bool) -> String {
        if zulu && self.zone == 0 {
            return "Z".to_owned();
        }
        let sign = if self.zone < 0 { '-' } else { '+' };
        let (hours, minutes) = (self.zone.abs() / 60, self.zone.abs() % 60);
        format!("{sign}{hours:02}{}{minutes:02}", if colon { ":" } else { "" })
    }

    fn text(&self) -> String {
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}",
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.zone_text(true, true)
        )
    }
}

fn stamp(arguments: &mut Arguments, at: usize) -> Result<Stamp, Mistake> {
    let text = arguments.text(at)?;
    Stamp::parse(&text).ok_or_else(|| {
        Mistake::at(at, format!("\"{text}\" is no time such as 2021-07-01T00:00:00Z"))
    })
}

pub(super) fn timeadd(arguments: &mut Arguments, _: &Files) -> Outcome {
    let time = stamp(arguments, 0)?;
    let text = arguments.text(1)?;
    let nanos = duration::parse(&text).map_err(|message| Mistake::at(1, message))?;
    let nanos = nanos.saturating_add(time.nanos);
    let seconds = time.seconds().saturating_add(nanos.div_euclid(1_000_000_000));
    Ok(Value::Text(Stamp::from_seconds(seconds, time.zone).text()))
}

/// A time stamp as YAML writes it, which may lack its zone or all but the date, as RFC 3339 does.
pub(super) fn of_yaml(text: &str) -> Option<String> {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let short =
        |part: &&str| matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 || !short(month) || !short(day) {
        return None;
    }
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    // A blank stands before a time without zone, a letter before one with it.
    if (zone.is_empty() && text.contains(['T', 't'])) || (!zone.is_empty() && text.contains(' ')) {
        return None;
    }
    let zone = if zone.is_empty() { "Z" } else { zone };
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, format!(".{fraction}")),
        None => (clock, String::new()),
    };
    let clock = if time.is_empty() { "0:0:0" } else { clock };
    let clock: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = clock.as_slice() else { return None };
    if ![hour, minute, second].into_iter().all(short) {
        return None;
    }
    let whole = format!(
        "{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}{fraction}{zone}"
    );
    Stamp::parse(&whole).map(|stamp| stamp.text())
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub(super) fn formatdate(arguments: &mut Arguments, _: &Files) -> Outcome {
    let pattern: Vec<char> = arguments.text(0)?.chars().collect();
    let time = stamp(arguments, 1)?;
    let mut out = String::new();
    let mut at = 0;
    while at < pattern.len() {
        let letter = pattern[at];
        if letter == '\'' {
            at = quoted(&pattern, at, &mut out)?;
            continue;
        }
        let count = pattern[at..].iter().take_while(|other| **other == letter).count();
        if letter.is_ascii_alphabetic() {
            let text = date_part(letter, count, &time).ok_or_else(|| {
                Mistake::at(0, format!("the format has no {}", letter.to_string().repeat(count)))
            })?;
            out.push_str(&text);
        } else {
            out.extend(std::iter::repeat_n(letter, count));
        }
        at += count;
    }
    Ok(Value::Text(out))
}

/// Copies what stands between single quotes; two of them stand for one. Gives the place behind.
fn quoted(pattern: &[char], start: usize, out: &mut String) -> Result<usize, Mistake> {
    let mut at = start + 1;
    if pattern.get(at) == Some(&'\'') {
        out.push('\'');
        return Ok(at + 1);
    }
    loop {
        match (pattern.get(at), pattern.get(at + 1)) {
            (Some('\''), Some('\'')) => {
                out.push('\'');
                at += 2;
            }
            (Some('\''), _) => return Ok(at + 1),
            (Some(letter), _) => {
                out.push(*letter);
                at += 1;
            }
            (None, _) => return Err(Mistake::at(0, "a quote is never closed")),
        }
    }
}

fn date_part(letter: char, count: usize, time: &Stamp) -> Option<String> {
    let month = MONTHS[usize::try_from(time.month - 1).ok()?.min(11)];
    let weekday = DAYS[usize::try_from((time.days() + 4).rem_euclid(7)).ok()?];
    let twelve = if time.hour % 12 == 0 { 12 } else { time.hour % 12 };
    Some(match (letter, count) {
        ('Y', 4) => format!("{:04}", time.year),
        ('Y', 2) => format!("{:02}", time.year % 100),
        ('M', 4) => month.to_owned(),
        ('M', 3) => month[..3].to_owned(),
        ('M', 2) => format!("{:02}", time.month),
        ('M', 1) => time.month.to_string(),
        ('D', 2) => format!("{:02}", time.day),
        ('D', 1) => time.day.to_string(),
        ('E', 4) => weekday.to_owned(),
        ('E', 3) => weekday[..3].to_owned(),
        ('h', 2) => format!("{:02}", time.hour),
        ('h', 1) => time.hour.to_string(),
        ('H', 2) => format!("{twelve:02}"),
        ('H', 1) => twelve.to_string(),
        ('A', 2) => if time.hour < 12 { "AM" } else { "PM" }.to_owned(),
        ('a', 2) => if time.hour < 12 { "am" } else { "pm" }.to_owned(),
        ('m', 2) => format!("{:02}", time.minute),
        ('m', 1) => time.minute.to_string(),
        ('s', 2) => format!("{:02}", time.second),
        ('s', 1) => time.second.to_string(),
        ('Z', 1) => time.zone_text(true, true),
        ('Z', 3) if time.zone == 0 => "UTC".to_owned(),
        ('Z', 3 | 4) => time.zone_text(false, false),
        ('Z', 5) => time.zone_text(true, false),
        _ => return None,
    })
}
