//! The limits of a log record's attributes: how many there are, and how long a text is. What comes beyond is left out.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::logs::{AnyValue, LogRecord, Severity};
use opentelemetry::{Key, SpanId, TraceFlags, TraceId};
use opentelemetry_sdk::logs::SdkLogRecord;

/// `None`: no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Limits {
    /// Characters of a text, bytes of bytes.
    pub(super) value_length: Option<usize>,
    pub(super) attributes: Option<usize>,
}

/// A record that takes no more than its limits say.
pub(super) struct Limited {
    record: SdkLogRecord,
    limits: Limits,
    attributes: usize,
}

impl Limited {
    pub(super) fn new(record: SdkLogRecord, limits: Limits) -> Self {
        Self { record, limits, attributes: 0 }
    }

    pub(super) fn into_record(self) -> SdkLogRecord {
        self.record
    }
}

impl LogRecord for Limited {
    fn set_event_name(&mut self, name: &'static str) {
        self.record.set_event_name(name);
    }

    fn set_target<T: Into<Cow<'static, str>>>(&mut self, target: T) {
        self.record.set_target(target);
    }

    fn set_timestamp(&mut self, timestamp: SystemTime) {
        self.record.set_timestamp(timestamp);
    }

    fn set_observed_timestamp(&mut self, timestamp: SystemTime) {
        self.record.set_observed_timestamp(timestamp);
    }

    fn set_severity_text(&mut self, text: &'static str) {
        self.record.set_severity_text(text);
    }

    fn set_severity_number(&mut self, number: Severity) {
        self.record.set_severity_number(number);
    }

    fn set_body(&mut self, body: AnyValue) {
        self.record.set_body(body);
    }

    fn add_attributes<I, K, V>(&mut self, attributes: I)
    where
        I: IntoIterator<Item = (K, V)>,
        K: Into<Key>,
        V: Into<AnyValue>,
    {
        for (key, value) in attributes {
            self.add_attribute(key, value);
        }
    }

    fn add_attribute<K: Into<Key>, V: Into<AnyValue>>(&mut self, key: K, value: V) {
        if self.limits.attributes.is_some_and(|most| self.attributes >= most) {
            return;
        }
        self.attributes += 1;
        let value = value.into();
        match self.limits.value_length {
            Some(most) => self.record.add_attribute(key, cut(value, most)),
            None => self.record.add_attribute(key, value),
        }
    }

    fn set_trace_context(&mut self, trace_id: TraceId, span_id: SpanId, flags: Option<TraceFlags>) {
        self.record.set_trace_context(trace_id, span_id, flags);
    }
}

/// The value with no text that is longer, in lists and maps neither.
fn cut(value: AnyValue, most: usize) -> AnyValue {
    match value {
        AnyValue::String(text) => match text.as_str().char_indices().nth(most) {
            Some((end, _)) => text.as_str().get(..end).unwrap_or_default().to_owned().into(),
            None => AnyValue::String(text),
        },
        AnyValue::Bytes(mut bytes) => {
            bytes.truncate(most);
            AnyValue::Bytes(bytes)
        }
        AnyValue::ListAny(list) => {
            AnyValue::ListAny(Box::new(list.into_iter().map(|value| cut(value, most)).collect()))
        }
        AnyValue::Map(map) => {
            AnyValue::Map(Box::new(map.into_iter().map(|(key, value)| (key, cut(value, most))).collect()))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::logs::{Logger as _, LoggerProvider as _};
    use opentelemetry_sdk::logs::SdkLoggerProvider;

    use super::*;

    fn attributes(limits: Limits) -> Vec<(String, AnyValue)> {
        let logger = SdkLoggerProvider::builder().build().logger("limits");
        let mut record = Limited::new(logger.create_log_record(), limits);
        record.add_attribute("a", "größer");
        record.add_attributes([("b", AnyValue::Bytes(Box::new(vec![1, 2, 3, 4]))), ("c", AnyValue::from(7))]);
        record.add_attribute("d", AnyValue::ListAny(Box::new(vec!["lang".into(), 1.into()])));
        let record = record.into_record();
        record.attributes_iter().map(|(key, value)| (key.to_string(), value.clone())).collect()
    }

    #[test]
    fn texts_are_cut_between_characters_and_later_attributes_are_left_out() {
        let all = attributes(Limits::default());
        assert_eq!((all.len(), &all[0].1), (4, &AnyValue::from("größer")));
        let short = attributes(Limits { value_length: Some(3), attributes: None });
        assert_eq!(short[0].1, AnyValue::from("grö"));
        assert_eq!(short[1].1, AnyValue::Bytes(Box::new(vec![1, 2, 3])));
        assert_eq!(short[3].1, AnyValue::ListAny(Box::new(vec!["lan".into(), 1.into()])));
        let few = attributes(Limits { value_length: None, attributes: Some(2) });
        assert_eq!(few.iter().map(|(key, _)| &**key).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(
            attributes(Limits { value_length: Some(0), attributes: Some(1) })[0].1,
            AnyValue::from("")
        );
    }
}
