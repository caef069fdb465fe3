//! Two texts compared line by line, for the message of a failed comparison.

/// Lines beyond which the difference is not looked for: the time it takes grows with the product.
const MOST_LINES: usize = 2_000;

/// `text` without the indentation that all its lines have, empty lines before and after, and spaces at the ends of lines.
pub(super) fn dedented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    let lines = lines.get(first..last).unwrap_or_default();
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let common = lines.iter().filter(|line| !line.is_empty()).map(indent).min().unwrap_or(0);
    lines.iter().flat_map(|line| [line.get(common..).unwrap_or_default(), "\n"]).collect()
}

/// The lines of both, each with ` `, `-` (only in `old`) or `+` (only in `new`) before it.
pub(super) fn diff(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut text = String::new();
    let mut push = |sign: &str, line: &str| text.extend([sign, " ", line, "\n"]);
    if old.len().max(new.len()) > MOST_LINES {
        for line in old {
            push("-", line);
        }
        for line in new {
            push("+", line);
        }
        return text;
    }
    let common = common(&old, &new);
    let length = |i: usize, j: usize| common.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                push(" ", a);
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || length(i + 1, j) >= length(i, j + 1) => {
                push("-", a);
                i += 1;
            }
            (_, Some(b)) => {
                push("+", b);
                j += 1;
            }
            (_, None) => return text,
        }
    }
}

/// For each pair of places, how many lines the two have in common from there on.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut below = vec![0; new.len() + 1];
    let mut rows = vec![below.clone()];
    for a in old.iter().rev() {
        let mut row = below.clone();
        let mut right = 0;
        for (j, b) in new.iter().enumerate().rev() {
            let at = |j: usize| below.get(j).copied().unwrap_or(0);
            right = if a == b { at(j + 1) + 1 } else { at(j).max(right) };
            if let Some(cell) = row.get_mut(j) {
                *cell = right;
            }
        }
        rows.push(row.clone());
        below = row;
    }
    rows.reverse();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_signed_and_the_rest_is_not() {
        assert_eq!(diff("a\nb\nc\n", "a\nx\nc\nd\n"), "  a\n- b\n+ x\n  c\n+ d\n");
        assert_eq!(diff("", "a\n"), "+ a\n");
        assert_eq!(diff("a\nb\n", "b\n"), "- a\n  b\n");
    }

    #[test]
    fn very_long_texts_are_shown_one_after_the_other() {
        let long = "a\n".repeat(MOST_LINES + 1);
        assert_eq!(diff(&long, "b\n"), format!("{}+ b\n", "- a\n".repeat(MOST_LINES + 1)));
    }

    #[test]
    fn indentation_as_a_whole_does_not_count() {
        assert_eq!(dedented("\n    run ok  \n      step ok\n\n  "), "run ok\n  step ok\n");
        assert_eq!(dedented("a\n  b"), "a\n  b\n");
        assert_eq!(dedented("  \n"), "");
    }
}
