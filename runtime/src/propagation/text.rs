//! The characters that the two specifications speak of.

/// The name of the header of a trace's identity.
pub(super) const TRACEPARENT: &str = "traceparent";
/// The name of the header of what tracing systems tell each other.
pub(super) const TRACESTATE: &str = "tracestate";
/// The name of the header of what programs tell each other.
pub(super) const BAGGAGE: &str = "baggage";

/// Without the optional whitespace (spaces and tabs) around it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Bytes of all lines of a header, as if they had come as one, joined by commas; `None` beyond `most`.
pub(super) fn joined_bytes(lines: &[&str], most: usize) -> Option<usize> {
    let commas = lines.len().saturating_sub(1);
    let sum = lines.iter().try_fold(commas, |sum, line| sum.checked_add(line.len()))?;
    (sum <= most).then_some(sum)
}

/// Optional whitespace.
pub(super) fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A `token` of HTTP.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// What may stand in a `token`.
pub(super) fn is_token_byte(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'^'..=b'z' | b'|' | b'~'
    )
}

/// What may stand in a value of baggage: printable ASCII without space, `"`, `,`, `;` and `\`.
pub(super) fn is_baggage_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_a_token_are_those_of_its_specification() {
        for byte in 0..=255_u8 {
            let is_one = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            assert_eq!(is_token_byte(byte), is_one, "{byte}");
        }
    }

    #[test]
    fn lines_are_as_long_as_when_they_are_joined() {
        assert_eq!(joined_bytes(&[], 0), Some(0));
        assert_eq!(joined_bytes(&["ab", "", "c"], 5), Some("ab,,c".len()));
        assert_eq!(joined_bytes(&["ab", "", "c"], 4), None);
    }
}
