//! Slips of the pen: a variable that is set, that nobody reads, and whose name is nearly that of one that is read.

use super::known::known;
use super::lookup::Lookup;

/// How many letters may be wrong, missing, too many or in the wrong order.
const SLIPS: usize = 2;

/// Warns of names of ours and of OpenTelemetry's that nearly are one that is known.
pub(crate) fn warn_of_slips(lookup: &Lookup) {
    let slips: Vec<_> = lookup.names().filter_map(|name| Some((name.to_owned(), nearest(name)?))).collect();
    for (name, meant) in slips {
        lookup.warn(format!("{name} is not known and has no effect; did you mean {meant}?"));
    }
}

/// The known name that is nearly this one; `None` where this one is known itself.
fn nearest(name: &str) -> Option<&'static str> {
    let ours = name.starts_with("OTEL_") || name.starts_with("WIRESPAN_");
    if !ours || known().any(|known| known == name) {
        return None;
    }
    nearest_of(name, known())
}

/// The nearest of these names, where one is near.
pub(crate) fn nearest_of(name: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let near = names.map(|known| (distance(name, known), known));
    near.filter(|(distance, _)| *distance <= SLIPS).min().map(|(_, known)| known)
}

/// Letters to change, add, leave out, or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > SLIPS {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let changed = at(&above, j) + usize::from(letter != other);
            let mut least = changed.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(other) && b.get(j - 1) == Some(letter);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    at(&above, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_told_from_another_name() {
        for (name, meant) in [
            ("OTEL_SERVICE_NMAE", Some("OTEL_SERVICE_NAME")),
            ("OTEL_SERVICENAME", Some("OTEL_SERVICE_NAME")),
            ("OTEL_TRACE_EXPORTER", Some("OTEL_TRACES_EXPORTER")),
            ("WIRESPAN_FLITER", Some("WIRESPAN_FILTER")),
            ("OTEL_EXPORTER_OTLP_ENDPONT", Some("OTEL_EXPORTER_OTLP_ENDPOINT")),
            ("OTEL_SERVICE_NAME", None),
            ("OTEL_PYTHON_LOG_CORRELATION", None),
            ("OTEL_SEMCONV_STABILITY_OPT_IN", None),
            ("HOTEL_SERVICE_NAME", None),
        ] {
            assert_eq!(nearest(name), meant, "{name}");
        }
    }

    #[test]
    fn no_name_that_is_known_is_taken_for_a_slip() {
        for name in known() {
            assert_eq!(nearest(name), None, "{name}");
        }
    }

    #[test]
    fn a_swap_is_one_slip() {
        assert_eq!([distance("abcd", "abdc"), distance("abc", "abc"), distance("abc", "xyz")], [1, 0, 3]);
        assert_eq!([distance("abc", "abcd"), distance("abcdef", "abc")], [1, usize::MAX]);
    }
}
