//! The grammars of the W3C, as plain as they can be written: what the propagators are compared with, by `propagation_properties`
//! and by the fuzz targets, which take this file by its path. Nothing is shared with the propagators.

/// The trace id, the parent id and whether it is sampled, of a `traceparent` without whitespace around it.
pub(crate) fn traceparent(header: &str) -> Option<(u128, u64, bool)> {
    if !(55..=512).contains(&header.len()) {
        return None;
    }
    let text = |from: usize, to: usize| header.get(from..to).unwrap_or("no text by itself");
    let hexdiglc = |text: &str| text.chars().all(|c| "0123456789abcdef".contains(c));
    let (version, trace_id, parent_id, flags) = (text(0, 2), text(3, 35), text(36, 52), text(53, 55));
    let dashes = [text(2, 3), text(35, 36), text(52, 53)] == ["-"; 3];
    if !dashes || version == "ff" || ![version, trace_id, parent_id, flags].into_iter().all(hexdiglc) {
        return None;
    }
    let ends = header.len() == 55;
    let goes_on = version != "00" && header.get(55..).is_some_and(|rest| rest.starts_with('-'));
    if !(ends || goes_on) {
        return None;
    }
    let (trace_id, parent_id) =
        (u128::from_str_radix(trace_id, 16).ok()?, u64::from_str_radix(parent_id, 16).ok()?);
    let sampled = u8::from_str_radix(flags, 16).ok()? % 2 == 1;
    (trace_id != 0 && parent_id != 0).then_some((trace_id, parent_id, sampled))
}

/// Whether this may be sent as `tracestate`.
pub(crate) fn is_tracestate(header: &str) -> bool {
    let is_key = |key: &str| {
        let mut characters = key.chars();
        let first = characters.next().is_some_and(|c| matches!(c, 'a'..='z' | '0'..='9'));
        first
            && key.len() <= 256
            && characters.all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-' | '*' | '/' | '@'))
    };
    let is_value = |value: &str| {
        let printable = value
            .chars()
            .all(|c| matches!(c, '\u{20}'..='\u{2b}' | '\u{2d}'..='\u{3c}' | '\u{3e}'..='\u{7e}'));
        printable && (1..=256).contains(&value.len()) && !value.ends_with(' ')
    };
    let members: Vec<&str> = header.split(',').collect();
    let good =
        members.iter().all(|member| member.split_once('=').is_some_and(|(k, v)| is_key(k) && is_value(v)));
    good && members.len() <= 32 && header.len() <= 8_192
}

/// Whether this may be sent as `baggage`.
pub(crate) fn is_baggage(header: &str) -> bool {
    let token = |text: &str| {
        let tchar = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        !text.is_empty() && text.chars().all(tchar)
    };
    let octets = |text: &str| {
        text.chars().all(|c| matches!(c, '\u{21}' | '\u{23}'..='\u{2b}' | '\u{2d}'..='\u{3a}' | '\u{3c}'..='\u{5b}' | '\u{5d}'..='\u{7e}'))
    };
    let pair = |text: &str| text.split_once('=').is_some_and(|(key, value)| token(key) && octets(value));
    let member = |text: &str| {
        let mut parts = text.split(';');
        parts.next().is_some_and(pair) && parts.all(|property| pair(property) || token(property))
    };
    header.split(',').all(member) && header.split(',').count() <= 64 && header.len() <= 8_192
}
