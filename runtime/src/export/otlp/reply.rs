//! What answers of receivers say, by the OTLP specification: partial success, waits, and codes that may pass.
//!
//! Nothing here trusts the bytes it reads.

use std::error::Error as StdError;
use std::time::Duration;
#[cfg(feature = "otlp-http")]
use std::time::SystemTime;

use crate::pipeline::send::answer::{Answer, bounded};
use crate::wire::int_of;
use crate::wire::read::{Fields, Value};

/// Bytes of a receiver's message that are kept.
const MAX_MESSAGE: usize = 256;

/// An `ExportTraceServiceResponse`, or that of another signal: they have the same fields.
pub(super) fn accepted(response: &[u8]) -> Answer {
    let (mut rejected, mut message) = (0, None);
    for (number, value, _) in Fields::new(response) {
        let (1, Value::Bytes(partial)) = (number, value) else { continue };
        for (number, value, _) in Fields::new(partial) {
            match (number, value) {
                // A negative number is a receiver's mistake.
                (1, Value::Varint(items)) => rejected = u64::try_from(int_of(items)).unwrap_or(0),
                (2, Value::Bytes(text)) if !text.is_empty() => message = Some(printable(text)),
                _ => {}
            }
        }
    }
    Answer::Accepted { rejected, message }
}

/// At most [`MAX_MESSAGE`] bytes of a text, without anything that a terminal would obey.
fn printable(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text.get(..MAX_MESSAGE).unwrap_or(text));
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The answer to an HTTP status that is no success. `Retry-After` is a number of seconds or a date (RFC 9110).
#[cfg(feature = "otlp-http")]
pub(super) fn http_failure(status: u16, retry_after: Option<&str>, body: &[u8]) -> Answer {
    // What the Collector says for 413, in a `google.rpc.Status`: the words of Go's `http.MaxBytesError`.
    const TOO_LARGE: &[u8] = b"request body too large";
    let cause = format!("HTTP status {status}").into();
    match status {
        429 | 502..=504 => {
            let after = retry_after.and_then(|text| wait_of(text.trim(), SystemTime::now())).map(bounded);
            Answer::Later { after, may_have_arrived: status != 429, cause }
        }
        401 | 403 => Answer::Denied { cause },
        413 => Answer::TooLarge { cause },
        400 if body.windows(TOO_LARGE.len()).any(|words| words == TOO_LARGE) => Answer::TooLarge { cause },
        _ => Answer::Refused { cause },
    }
}

#[cfg(feature = "otlp-http")]
fn wait_of(text: &str, now: SystemTime) -> Option<Duration> {
    match text.parse::<u64>() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        // A date that has passed is no wait.
        Err(_) => Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default()),
    }
}

/// The wait in the details of a gRPC status: `google.rpc.Status` with a `google.rpc.RetryInfo`.
#[cfg(feature = "otlp-grpc")]
pub(super) fn retry_info(details: &[u8]) -> Option<Duration> {
    const TYPE: &[u8] = b"type.googleapis.com/google.rpc.RetryInfo";
    let bytes_of = |message, field| {
        Fields::new(message).find_map(move |(number, value, _)| match value {
            Value::Bytes(bytes) if number == field => Some(bytes),
            _ => None,
        })
    };
    let any = Fields::new(details).find_map(|(number, value, _)| match value {
        Value::Bytes(any) if number == 3 && bytes_of(any, 1) == Some(TYPE) => Some(any),
        _ => None,
    })?;
    let (mut seconds, mut nanos) = (0, 0);
    // A message of defaults only is left out by its sender.
    let delay = bytes_of(bytes_of(any, 2).unwrap_or_default(), 1).unwrap_or_default();
    for (number, value, _) in Fields::new(delay) {
        match (number, value) {
            (1, Value::Varint(value)) => seconds = int_of(value),
            (2, Value::Varint(value)) => nanos = int_of(value),
            _ => {}
        }
    }
    let nanos = u32::try_from(nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    Some(bounded(Duration::new(u64::try_from(seconds).ok()?, nanos)))
}

/// An error and its sources.
pub(super) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::encode;

    fn partial_success(rejected: i64, message: &str) -> Vec<u8> {
        let mut out = Vec::new();
        let partial = encode::open(&mut out, 1 << 3 | 2);
        out.push(1 << 3);
        encode::varint(&mut out, crate::wire::varint_of(rejected));
        encode::bytes(&mut out, 2 << 3 | 2, message.as_bytes());
        encode::close(&mut out, partial);
        out
    }

    #[test]
    fn an_empty_answer_accepts_everything() {
        assert_eq!(accepted(&[]), Answer::Accepted { rejected: 0, message: None });
    }

    #[test]
    fn rejected_spans_are_counted_and_the_message_is_made_harmless() {
        let answer = accepted(&partial_success(3, "bad\u{1b}[31m ids\n"));
        assert_eq!(answer, Answer::Accepted { rejected: 3, message: Some("bad [31m ids ".to_owned()) });
        let Answer::Accepted { message: Some(message), .. } =
            accepted(&partial_success(1, &"x".repeat(9_999)))
        else {
            panic!("a message")
        };
        assert_eq!(message.len(), MAX_MESSAGE);
    }

    #[test]
    fn a_negative_count_counts_as_none() {
        assert_eq!(accepted(&partial_success(-4, "")), Answer::Accepted { rejected: 0, message: None });
    }

    #[cfg(feature = "otlp-http")]
    #[test]
    fn a_wait_is_seconds_or_a_date_and_never_more_than_five_minutes() {
        let now = SystemTime::now();
        assert_eq!(wait_of("15", now), Some(Duration::from_secs(15)));
        let in_a_minute = httpdate::fmt_http_date(now + Duration::from_secs(60));
        assert!(wait_of(&in_a_minute, now).is_some_and(|wait| wait.as_secs().abs_diff(60) <= 1));
        assert_eq!(wait_of(&httpdate::fmt_http_date(SystemTime::UNIX_EPOCH), now), Some(Duration::ZERO));
        for garbage in ["-3", "soon", "", "1e9", "99999999999999999999999"] {
            assert_eq!(wait_of(garbage, now), None, "{garbage}");
        }
        assert!(
            matches!(http_failure(503, Some("3600"), b""), Answer::Later { after: Some(wait), .. } if wait.as_secs() == 300)
        );
    }

    #[cfg(feature = "otlp-http")]
    #[test]
    fn http_statuses_mean_what_the_specification_says() {
        for status in [429, 502, 503, 504] {
            assert!(matches!(http_failure(status, None, b""), Answer::Later { after: None, .. }), "{status}");
        }
        for status in [301, 302, 307, 308, 400, 404, 405, 408, 500, 501] {
            assert!(matches!(http_failure(status, Some("1"), b""), Answer::Refused { .. }), "{status}");
        }
        for status in [401, 403] {
            assert!(matches!(http_failure(status, None, b""), Answer::Denied { .. }), "{status}");
        }
        assert!(matches!(http_failure(413, None, b""), Answer::TooLarge { .. }));
        let collector = b"\x08\x03\x12\x1chttp: request body too large";
        assert!(matches!(http_failure(400, None, collector), Answer::TooLarge { .. }));
        assert!(matches!(http_failure(400, None, b"bad request"), Answer::Refused { .. }));
    }

    #[cfg(feature = "otlp-grpc")]
    #[test]
    fn the_wait_in_the_details_of_a_grpc_status_is_found() {
        let details = |type_url: &str, seconds: i64, nanos: i64| {
            let (mut delay, mut info, mut any, mut status) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for (tag, value) in [(1 << 3, seconds), (2 << 3, nanos)] {
                delay.push(tag);
                encode::varint(&mut delay, crate::wire::varint_of(value));
            }
            encode::bytes(&mut info, 1 << 3 | 2, &delay);
            encode::bytes(&mut any, 1 << 3 | 2, type_url.as_bytes());
            encode::bytes(&mut any, 2 << 3 | 2, &info);
            encode::bytes(&mut status, 2 << 3 | 2, b"slow down");
            encode::bytes(&mut status, 3 << 3 | 2, &any);
            status
        };
        let retry = "type.googleapis.com/google.rpc.RetryInfo";
        assert_eq!(retry_info(&details(retry, 15, 500_000_000)), Some(Duration::from_millis(15_500)));
        assert_eq!(retry_info(&details(retry, 100_000, 0)), Some(Duration::from_secs(300)));
        assert_eq!(retry_info(&details(retry, -1, 0)), None);
        assert_eq!(retry_info(&details("type.googleapis.com/google.rpc.ErrorInfo", 15, 0)), None);
        let whole = details(retry, 15, 0);
        for end in 0..whole.len() {
            let _ = retry_info(whole.get(..end).unwrap_or_default());
        }
    }
}
