//! What people type who come from `tracing`, `fastrace` or OpenTelemetry, and what to type here instead.
//!
//! These names are unknown options like any other; only the help differs.

/// The help for a name that another framework's attribute has and this one does not.
pub(super) fn help(option: &str) -> Option<&'static str> {
    let help = match option {
        "target" => "remove it: the module path is always recorded, as part of `code.function.name`",
        "follows_from" => "write `links(spans)`",
        "new_trace" | "new_root" => "write `root`",
        "err_debug" => "leave it out: an `Err` is recorded by its type",
        "skip_except" | "only" | "include" => "write `skip_all, record(a)` to record `a` alone",
        "properties" | "attributes" | "attrs" | "tags" | "field" => "write `fields(key = value)`",
        "short_name" | "rename" | "span_name" => "write `name = \"…\"`",
        "span_kind" => "write `kind = \"client\"`",
        "enter_on_poll" => {
            "remove it: the span of an `async fn` is current in each poll, and lives until it ends"
        }
        "redact" | "secret" => "write `skip = \"…\"`; a secret-looking name is redacted without being asked",
        "limit" | "max" | "max_len" | "max_bytes" => {
            "write `max_value = \"64KiB\"`, or `max_span` for all of them"
        }
        _ => return None,
    };
    Some(help)
}

/// What to type for the key of a field that another framework takes for an option.
pub(super) fn field(key: &str) -> Option<&'static str> {
    match key {
        "otel.name" => Some("write `name = \"…\"` beside `fields`"),
        "otel.kind" | "span.kind" => Some("write `kind = \"client\"` beside `fields`"),
        "otel.status_code" | "otel.status_message" => {
            Some("remove it: an `Err` is the status; to decide otherwise write `status = function`")
        }
        _ => None,
    }
}

/// What to type for something that stands before the name in `span!` or `event!`, as in those of `tracing`.
pub(super) fn before_name(tokens: &str, of_span: bool) -> Option<String> {
    const LEVELS: [&str; 5] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];
    let level = LEVELS.into_iter().find(|level| tokens.ends_with(&format!(":: {level}")))?;
    Some(if of_span {
        format!("write `level: \"{}\",` before the name, or remove it", level.to_lowercase())
    } else {
        "remove it: an event has no level, it goes where its span goes".to_owned()
    })
}
