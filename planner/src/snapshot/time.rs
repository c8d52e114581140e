//! RFC 3339 times to nanoseconds since the epoch. Reads text only; there is no clock here.

/// Parses `2021-07-01T12:00:00.5Z` or with an offset; Go's zero time gives `None`.
pub fn parse(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let zone = rest.find(['Z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut clock = clock.splitn(3, ':').map(str::parse::<i64>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let mut nanos = 0i64;
    for (i, digit) in fraction.bytes().take(9).enumerate() {
        let place = 10i64.pow(8 - u32::try_from(i).ok()?);
        nanos += i64::from(digit.checked_sub(b'0').filter(|d| *d < 10)?) * place;
    }
    let offset = offset_seconds(zone)?;
    if year < 1970 {
        return None;
    }
    let days = days_from_civil(year, month, day)?;
    let seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanos)
}

fn offset_seconds(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = zone.split_at(1);
    let (hours, minutes) = rest.split_once(':')?;
    let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
    Some(if sign == "-" { -seconds } else { seconds })
}

/// Days since 1970-01-01 of a date in the Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || year > 2262 {
        return None;
    }
    // The year starts in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146097 + day_of_era - 719468)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn times_become_nanoseconds() {
        assert_eq!(parse("2021-07-01T12:00:00Z"), Some(1_625_140_800_000_000_000));
        assert_eq!(parse("2021-07-01T14:00:00.25+02:00"), Some(1_625_140_800_250_000_000));
        assert_eq!(parse("0001-01-01T00:00:00Z"), None);
        assert_eq!(parse("yesterday"), None);
    }
}
