//! One `traceparent`, read by its bytes and written. Allocates nothing, and looks at no more than [`MAX_BYTES`].

use opentelemetry::trace::{SpanContext, TraceState};
use opentelemetry::{SpanId, TraceFlags, TraceId};

use super::text::is_whitespace;

/// Longest header that is looked at. Version `00` has 55 bytes; later versions may be longer, and whitespace may be around.
const MAX_BYTES: usize = 512;
/// Version, ids and flags with the dashes between.
const FIELDS: usize = 55;
/// The flag of a trace whose identifier is random, of the second level of the specification.
pub(crate) const RANDOM: TraceFlags = TraceFlags::new(0x02);

/// What a `traceparent` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traceparent {
    pub(super) trace_id: TraceId,
    pub(super) span_id: SpanId,
    pub(super) flags: TraceFlags,
}

/// `None` for whatever is no `traceparent` to the letter.
pub(super) fn parse(header: &str) -> Option<Traceparent> {
    if header.len() > MAX_BYTES {
        return None;
    }
    let (fields, rest) = trim(header.as_bytes()).split_first_chunk::<FIELDS>()?;
    let [v1, v0, b'-', ids @ ..] = fields else { return None };
    let (trace_id, ids) = ids.split_first_chunk::<32>()?;
    let [b'-', ids @ ..] = ids else { return None };
    let (span_id, ids) = ids.split_first_chunk::<16>()?;
    let [b'-', f1, f0] = ids else { return None };

    let version = number(&[*v1, *v0])?;
    let known = match (version, rest) {
        (0, []) => TraceFlags::SAMPLED | RANDOM,
        // Of a later version nothing is known but that its fields go on behind a dash.
        (1..=0xfe, [] | [b'-', ..]) => TraceFlags::SAMPLED,
        _ => return None,
    };
    let trace_id = TraceId::from(number(trace_id)?);
    let span_id = SpanId::from(u64::try_from(number(span_id)?).ok()?);
    let flags = TraceFlags::new(u8::try_from(number(&[*f1, *f0])?).ok()?) & known;
    let valid = trace_id != TraceId::INVALID && span_id != SpanId::INVALID;
    valid.then_some(Traceparent { trace_id, span_id, flags })
}

/// The span of another process that a `traceparent` by itself names; an invalid one where it is none.
pub(crate) fn remote_parent(header: &str) -> SpanContext {
    parse(header).map_or(SpanContext::NONE, |parent| {
        SpanContext::new(parent.trace_id, parent.span_id, parent.flags, true, TraceState::NONE)
    })
}

/// The header that names a span to another process.
pub(crate) fn header_of(context: &SpanContext) -> Option<String> {
    let (trace_id, span_id, flags) = (context.trace_id(), context.span_id(), context.trace_flags());
    context.is_valid().then(|| Traceparent { trace_id, span_id, flags }.header())
}

impl Traceparent {
    /// The header, in version `00`.
    pub(super) fn header(&self) -> String {
        let flags = self.flags & (TraceFlags::SAMPLED | RANDOM);
        format!("00-{}-{}-{:02x}", self.trace_id, self.span_id, flags)
    }
}

/// Without the optional whitespace around it, which is all within what is looked at.
fn trim(mut bytes: &[u8]) -> &[u8] {
    // By 16 bytes, which are compared at once, and then one by one.
    while let Some((first, rest)) = bytes.split_first_chunk::<16>() {
        if !is_blank(first) {
            break;
        }
        bytes = rest;
    }
    while let Some((rest, last)) = bytes.split_last_chunk::<16>() {
        if !is_blank(last) {
            break;
        }
        bytes = rest;
    }
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

fn is_blank(bytes: &[u8; 16]) -> bool {
    // A count needs all of them, so that no byte waits for the one before.
    bytes.iter().filter(|byte| is_whitespace(**byte)).count() == bytes.len()
}

/// Of at most 32 lowercase hexadecimal digits; `None` where one of them is none.
fn number(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((number << 4) | u128::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_header_is_read_and_written_back() {
        for flags in ["00", "01", "02", "03"] {
            let header = format!("{}{flags}", &GOOD[..53]);
            assert_eq!(parse(&header).unwrap().header(), header);
        }
    }

    #[test]
    fn each_byte_that_is_changed_to_one_that_cannot_stand_there_makes_it_none() {
        for place in 0..GOOD.len() {
            for byte in 0..=127 {
                let mut bytes = GOOD.as_bytes().to_vec();
                bytes[place] = byte;
                let dash = [2, 35, 52].contains(&place);
                let hex = byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                // Another version has the same fields.
                let fits = if dash { byte == b'-' } else { hex };
                let text = String::from_utf8(bytes).unwrap();
                assert_eq!(parse(&text).is_some(), fits, "{text:?}");
            }
        }
    }

    #[test]
    fn flags_that_are_not_known_are_cleared() {
        let flags = |header: &str| parse(header).unwrap().flags.to_u8();
        assert_eq!(flags(&format!("{}ff", &GOOD[..53])), 0x03);
        assert_eq!(flags(&format!("cc{}ff", &GOOD[2..53])), 0x01);
    }

    #[test]
    fn beyond_512_bytes_nothing_is_looked_at() {
        let spaces = |count| format!("{GOOD}{}", " ".repeat(count));
        assert!(parse(&spaces(MAX_BYTES - GOOD.len())).is_some());
        assert!(parse(&spaces(MAX_BYTES - GOOD.len() + 1)).is_none());
        let later = |count| format!("cc{}-{}", &GOOD[2..], "x".repeat(count));
        assert!(parse(&later(MAX_BYTES - GOOD.len() - 1)).is_some());
        assert!(parse(&later(MAX_BYTES - GOOD.len())).is_none());
    }
}
