//! "Did you mean": a close name if there is one, else the candidates.
//!
//! Used for option names, parameter names and the words of an option. A suggestion is made only when it is likely to be
//! right: at most a third of the letters differ. The list of candidates keeps its declared order.

/// The help for a name that is not one of `candidates`.
pub(crate) fn help<'a, I>(wrote: &str, candidates: I, none: &str) -> String
where
    I: IntoIterator<Item = &'a str>,
{
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(close) = closest(wrote, &candidates) {
        return format!("did you mean `{close}`?");
    }
    if candidates.is_empty() {
        return none.to_owned();
    }
    format!("write {}", list(&candidates))
}

/// The candidate nearest to `wrote`, if it is near enough to be what was meant.
pub(crate) fn closest<'a>(wrote: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let lower = wrote.to_lowercase();
    candidates
        .iter()
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), *candidate))
        .filter(|(distance, candidate)| *distance <= allowed(&lower, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Names as a sentence: "`a`, `b` or `c`".
pub(crate) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

/// How many letters may differ. A name of two letters is never a slip for another one.
fn allowed(wrote: &str, candidate: &str) -> usize {
    wrote.chars().count().max(candidate.chars().count()) / 3
}

/// Edit distance in letters, where two swapped neighbours count once (Damerau, restricted).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut last_letter = None;
    for (row, letter) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        let mut last_other = None;
        for (column, other) in right.iter().copied().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let change = at(&above, column) + usize::from(letter != other);
            let remove = at(&above, column + 1) + 1;
            let insert = at(&current, column) + 1;
            let mut best = change.min(remove).min(insert);
            if column > 0 && last_letter == Some(other) && last_other == Some(letter) {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
            last_other = Some(other);
        }
        last_letter = Some(letter);
        before = above;
        above = current;
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{closest, distance, help};

    #[test]
    fn a_slip_of_one_letter_is_close() {
        assert_eq!(closest("messges", &["run_id", "messages"]), Some("messages"));
        assert_eq!(closest("Kind", &["name", "kind"]), Some("kind"));
    }

    #[test]
    fn swapped_neighbours_count_once() {
        assert_eq!(distance("sikp", "skip"), 1);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("", "ab"), 2);
    }

    #[test]
    fn short_or_distant_names_are_not_suggested() {
        assert_eq!(closest("a", &["b"]), None);
        assert_eq!(closest("id", &["ix"]), None);
        assert_eq!(closest("colour", &["name", "kind"]), None);
    }

    #[test]
    fn without_a_close_name_the_candidates_are_listed_in_order() {
        assert_eq!(help("zzz", ["b", "a", "c"], ""), "write `b`, `a` or `c`");
        assert_eq!(help("zzz", [], "nothing"), "nothing");
    }
}
