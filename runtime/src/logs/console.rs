//! Log records as text on standard error, a line for each: `OTEL_LOGS_EXPORTER=console`.
//!
//! ```text
//! 12:31:07.204 INFO shop::orders: order placed order.id=7 trace_id=4bf92f3577b34da6a3ce929d0e0e4736
//! ```

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::logs::AnyValue;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter, SdkLogRecord};

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct ConsoleExporter;

impl LogExporter for ConsoleExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let mut lines = String::new();
        for (record, _) in batch.iter() {
            // A string takes everything.
            let _ = line(&mut lines, record);
        }
        // A closed standard error: there is nobody to tell.
        let _ = io::stderr().write_all(lines.as_bytes());
        Ok(())
    }
}

fn line(out: &mut String, record: &SdkLogRecord) -> fmt::Result {
    let time = record.timestamp().or(record.observed_timestamp()).unwrap_or_else(SystemTime::now);
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (seconds, millis) = (since.as_secs() % 86_400, since.subsec_millis());
    write!(out, "{:02}:{:02}:{:02}.{millis:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
    write!(out, " {} ", record.severity_text().unwrap_or("LOG"))?;
    if let Some(target) = record.target() {
        write!(out, "{target}:")?;
    }
    if let Some(body) = record.body() {
        out.push(' ');
        value(out, body, false)?;
    }
    for (key, attribute) in record.attributes_iter() {
        write!(out, " {key}=")?;
        value(out, attribute, true)?;
    }
    if let Some(context) = record.trace_context() {
        write!(out, " trace_id={}", context.trace_id)?;
    }
    out.push('\n');
    Ok(())
}

/// A value on one line: control characters are shown as escapes.
fn value(out: &mut String, value: &AnyValue, quoted: bool) -> fmt::Result {
    match value {
        AnyValue::Int(number) => write!(out, "{number}"),
        AnyValue::Double(number) => write!(out, "{number}"),
        AnyValue::Boolean(is) => write!(out, "{is}"),
        AnyValue::String(text) if quoted => write!(out, "{:?}", text.as_str()),
        AnyValue::String(text) => {
            for letter in text.as_str().chars() {
                if letter.is_control() {
                    out.extend(letter.escape_default());
                } else {
                    out.push(letter);
                }
            }
            Ok(())
        }
        other => write!(out, "{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
    use opentelemetry_sdk::logs::SdkLoggerProvider;
    use std::time::Duration;

    #[test]
    fn a_record_is_one_line_with_its_values() {
        let logger = SdkLoggerProvider::builder().build().logger("test");
        let mut record = logger.create_log_record();
        record.set_timestamp(UNIX_EPOCH + Duration::from_millis(86_400_000 + 3_723_004));
        record.set_severity_text("WARN");
        record.set_severity_number(Severity::Warn);
        record.set_target("shop::orders");
        record.set_body("two\nlines".into());
        record.add_attribute("order.id", 7);
        record.add_attribute("text", "a \"b\"");
        let mut text = String::new();
        assert!(line(&mut text, &record).is_ok());
        assert_eq!(text, "01:02:03.004 WARN shop::orders: two\\nlines order.id=7 text=\"a \\\"b\\\"\"\n");
    }
}
