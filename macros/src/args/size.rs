//! Sizes in bytes: `"64KiB"`, `"1.5 MB"`, `4096`.
//!
//! Used by `max_value`, `max_span` and `budget`. A size that does not fit the rules says which one it broke; the caller
//! knows the option and points at the value.

/// The largest limit that can be set, in bytes: 64 MiB.
pub(crate) const CEILING: u32 = 64 * 1024 * 1024;

/// Units, as written, with their bytes.
const UNITS: [(&str, u64); 5] =
    [("B", 1), ("KB", 1_000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20)];

/// Why a text is not a size that can be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Not a number and a unit.
    NoSize,
    /// Zero, or less than a byte.
    Zero,
    /// Over [`CEILING`].
    TooLarge,
}

/// The bytes of a number and a unit; a number alone is bytes.
pub(crate) fn parse(text: &str) -> Result<u32, Refused> {
    let text = text.trim();
    let split = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(split).ok_or(Refused::NoSize)?;
    let unit = if unit.is_empty() { "B" } else { unit };
    let (_, scale) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).ok_or(Refused::NoSize)?;
    scaled(number.trim_end(), *scale)
}

/// `number`, an integer or a decimal fraction, times `scale`, rounded down to whole bytes.
fn scaled(number: &str, scale: u64) -> Result<u32, Refused> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let whole = digits(whole)?;
    let mut bytes = u128::from(whole) * u128::from(scale);
    let places = u32::try_from(fraction.len()).ok().filter(|places| *places <= 18).ok_or(Refused::NoSize)?;
    bytes += u128::from(digits(fraction)?) * u128::from(scale) / 10_u128.pow(places);
    match u32::try_from(bytes) {
        Ok(0) => Err(Refused::Zero),
        Ok(bytes) if bytes <= CEILING => Ok(bytes),
        _ => Err(Refused::TooLarge),
    }
}

/// A run of digits, `_` between them allowed. Too long a run is too large, not no size.
fn digits(text: &str) -> Result<u64, Refused> {
    let text: String = text.chars().filter(|letter| *letter != '_').collect();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::NoSize);
    }
    text.parse().map_err(|_| Refused::TooLarge)
}

/// A size for people: the largest binary unit that leaves at least one, with one decimal when it is not whole.
pub(crate) fn show(bytes: u32) -> String {
    for (unit, scale) in [("MiB", 1_u32 << 20), ("KiB", 1 << 10)] {
        if bytes >= scale {
            let whole = bytes / scale;
            // In 64 bits, and rounded down, so that a tenth is never carried into the whole.
            let tenths = u64::from(bytes % scale) * 10 / u64::from(scale);
            return if tenths == 0 { format!("{whole} {unit}") } else { format!("{whole}.{tenths} {unit}") };
        }
    }
    format!("{bytes} B")
}

#[cfg(test)]
mod tests {
    use super::{CEILING, Refused, parse, show};

    #[test]
    fn numbers_and_units_are_bytes() {
        assert_eq!(parse("64KiB"), Ok(65_536));
        assert_eq!(parse("1.5 MB"), Ok(1_500_000));
        assert_eq!(parse(" 2MiB "), Ok(2_097_152));
        assert_eq!(parse("300 B"), Ok(300));
        assert_eq!(parse("4_096"), Ok(4_096));
        assert_eq!(parse("1kib"), Ok(1_024));
        assert_eq!(parse("64MiB"), Ok(CEILING));
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in ["", "KiB", "big", "1 GiB x", "-1KiB", "1.KiB", ".5KiB", "1e3", "1 2 KiB", "ÄKiB"] {
            assert_eq!(parse(text), Err(Refused::NoSize), "{text}");
        }
    }

    #[test]
    fn zero_and_too_much_are_told_apart() {
        assert_eq!(parse("0"), Err(Refused::Zero));
        assert_eq!(parse("0.1B"), Err(Refused::Zero));
        assert_eq!(parse("65MiB"), Err(Refused::TooLarge));
        assert_eq!(parse("99999999999999999999999B"), Err(Refused::TooLarge));
    }

    #[test]
    fn sizes_are_shown_in_their_unit() {
        assert_eq!(show(512), "512 B");
        assert_eq!(show(1_024), "1 KiB");
        assert_eq!(show(1_500_000), "1.4 MiB");
    }
}
