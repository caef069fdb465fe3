//! The list of `tracestate`, checked whole before anything of it is kept, and written.
//!
//! The grammar is that of the specification's current draft, whose keys may have several `@`. OpenTelemetry's `TraceState`
//! does not hold all of those; a list that it refuses travels beside it in the `Context` ([`Carried`]).

use opentelemetry::trace::TraceState;
use opentelemetry::{Context, TraceId};

use super::text::{joined_bytes, trim};

/// Longest list, all lines together.
const MAX_BYTES: usize = 8_192;
/// Most members of a list.
const MAX_MEMBERS: usize = 32;
/// Most members and places between commas that are empty, which are allowed.
const MAX_PARTS: usize = 64;
/// Longest key, and longest value.
const MAX_PART: usize = 256;

/// How much of a list was looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    parts: usize,
    members: usize,
}

/// Whether this line may be a part of a list, behind what was `seen` of it; nothing is allocated.
pub(super) fn check(line: &str, mut seen: Seen) -> Option<Seen> {
    if line.len() > MAX_BYTES {
        return None;
    }
    for part in line.split(',').map(trim) {
        seen.parts += 1;
        if !part.is_empty() {
            seen.members += 1;
        }
        let good = part.is_empty() || is_member(part);
        if !good || seen.parts > MAX_PARTS || seen.members > MAX_MEMBERS {
            return None;
        }
    }
    Some(seen)
}

/// Whether these lines may be one list, of which the `first` was seen.
pub(super) fn check_rest(lines: &[&str], first: &str, seen: Seen) -> bool {
    let (rest, seen) = match lines {
        [line, rest @ ..] if *line == first => (rest, seen),
        // A carrier that has them in another order.
        all => (all, Seen::default()),
    };
    joined_bytes(lines, MAX_BYTES).is_some()
        && rest.iter().try_fold(seen, |seen, line| check(line, seen)).is_some()
}

/// A list that OpenTelemetry's type cannot hold, of the trace with this identifier.
#[derive(Debug)]
struct Carried {
    trace_id: TraceId,
    header: String,
}

/// What lines say that were checked: as OpenTelemetry's type, or, where that refuses it, in a context made from `context`. Of
/// members with the same key the first counts.
pub(super) fn read(lines: &[&str], trace_id: TraceId, context: &Context) -> (TraceState, Option<Context>) {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (key, value) in
        lines.iter().flat_map(|line| members(line)).filter_map(|member| member.split_once('='))
    {
        if pairs.iter().all(|(other, _)| *other != key) {
            pairs.push((key, value));
        }
    }
    if let Ok(state) = TraceState::from_key_value(pairs.iter().copied()) {
        return (state, None);
    }
    let (header, _) = join(pairs);
    (TraceState::NONE, Some(context.with_value(Carried { trace_id, header })))
}

/// The header for `state`, and the number of members that are not in it; `None` where one cannot be sent. An empty header is
/// not to be sent.
pub(super) fn header(state: &TraceState, trace_id: TraceId, context: &Context) -> Option<(String, usize)> {
    if *state == TraceState::NONE {
        let carried = context.get::<Carried>().filter(|carried| carried.trace_id == trace_id);
        return Some((carried.map(|carried| carried.header.clone()).unwrap_or_default(), 0));
    }
    // A sampler may have written anything.
    if state.into_iter().any(|(key, value)| !is_key(key) || !is_value(value)) {
        return None;
    }
    Some(join(state))
}

/// Members one behind the other, those on the right left out where they would take the list over its limit.
fn join<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> (String, usize) {
    let (mut header, mut left_out) = (String::new(), 0);
    for (key, value) in pairs {
        let comma = usize::from(!header.is_empty());
        if left_out > 0 || header.len() + comma + key.len() + 1 + value.len() > MAX_BYTES {
            left_out += 1;
            continue;
        }
        if comma == 1 {
            header.push(',');
        }
        header.push_str(key);
        header.push('=');
        header.push_str(value);
    }
    (header, left_out)
}

/// The members of a line; empty ones are allowed and nothing.
fn members(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(trim).filter(|member| !member.is_empty())
}

fn is_member(member: &str) -> bool {
    member.split_once('=').is_some_and(|(key, value)| is_key(key) && is_value(value))
}

fn is_key(key: &str) -> bool {
    let begins = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    key.len() <= MAX_PART
        && key.bytes().next().is_some_and(begins)
        && key.bytes().all(|byte| begins(byte) || matches!(byte, b'_' | b'-' | b'*' | b'/' | b'@'))
}

fn is_value(value: &str) -> bool {
    value.len() <= MAX_PART
        && value.bytes().last().is_some_and(|byte| byte != b' ')
        && value.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=')
}
