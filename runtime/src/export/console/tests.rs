//! The console exporter as a whole: what is printed, and when.

use std::sync::Arc;

use opentelemetry::{Array, KeyValue, Value};

use super::samples::{With as _, agent, now, span, span_of};
use super::*;

/// A writer whose text can be read.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl Write for Screen {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        lock(&self.0).extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Screen {
    fn builder(&self) -> ConsoleBuilder {
        ConsoleExporter::builder().writer(self.clone()).color(ColorChoice::Never).width(100)
    }

    /// What was written since the last call.
    fn text(&self) -> String {
        String::from_utf8(std::mem::take(&mut *lock(&self.0))).unwrap()
    }
}

#[test]
fn a_trace_is_printed_as_a_tree_when_its_root_ends() {
    let screen = Screen::default();
    let exporter = screen.builder().build();
    let mut spans = agent();
    let root = spans.pop().unwrap();
    let rest = spans.split_off(3);
    now(exporter.export(spans)).unwrap();
    now(exporter.export(rest)).unwrap();
    assert_eq!(screen.text(), "");
    now(exporter.export(vec![root])).unwrap();
    assert_eq!(
        screen.text(),
        "\
trace 4bf92f3577b34da6a3ce929d0e0e4736 · 1.20s · 7 spans · 2 errors · 1 cancelled
✓ Agent::run                     1.20s  ━━━━━━━━━━━━━━━  run_id=0191f3c2 question=\"what is new in R…
├─ ✓ load_memory                12.3ms  ╸                user=42 cached=true
├─ ✗ plan                        399ms  ━━━━━            messages=<Vec<Message> (excluded)>
│  └─ ✗ Llm::complete [client]   398ms  ━━━━━            model=claude
│       error demo::LlmError: the model is overloaded, try again in 30 seconds
├─ ⊘ search_web                  200ms       ╺━━         query=\"rust otel\"
│    cancelled +200ms  reason=timeout
├─ ✓ read_file                   900µs       ╺           path=notes/today.md words=[a, b c]
│    • cache miss +900µs  key=notes
└─ ✓ Llm::complete [client]      550ms          ━━━━━━━  model=claude

"
    );
    exporter.shutdown().unwrap();
    assert_eq!(screen.text(), "");
}

#[test]
fn no_line_is_wider_than_the_screen() {
    for width in [0, 40, 47, 70, 80, 100, 120, 200] {
        let screen = Screen::default();
        let exporter = screen.builder().width(width).build();
        let chain =
            (1..60).map(|id| span_of(5, id, id - 1, "a_recursive_function_with_a_long_name", id, 200 - id));
        now(exporter.export(agent().into_iter().chain(chain).collect())).unwrap();
        for line in screen.text().lines() {
            assert!(text::width(line) <= width.max(40), "{width}: {line}");
        }
    }
}

#[test]
fn what_ends_after_its_trace_was_printed_is_a_tree_of_its_own() {
    let screen = Screen::default();
    let exporter = screen.builder().build();
    now(exporter.export(vec![span(3, 2, "inner", 20, 30), span(1, 0, "root", 0, 40)])).unwrap();
    assert_eq!(
        screen.text(),
        "\
trace 4bf92f3577b34da6a3ce929d0e0e4736 · 40.0µs · 1 span
✓ root  40.0µs  ━━━━━━━━━━━━━━━━━━━━

"
    );
    now(exporter.export(vec![span(2, 1, "detached", 10, 50)])).unwrap();
    assert_eq!(
        screen.text(),
        "\
late in trace 4bf92f3577b34da6a3ce929d0e0e4736 · 40.0µs · 2 spans
? (parent 0000000000000001 was printed before)
└─ ✓ detached  40.0µs  ━━━━━━━━━━━━━━━━━━━
   └─ ✓ inner  10.0µs       ━━━━╸

"
    );
}

#[test]
fn a_second_root_continues_the_trace() {
    let screen = Screen::default();
    let exporter = screen.builder().build();
    now(exporter.export(vec![span(1, 90, "GET /a", 0, 1).remote()])).unwrap();
    now(exporter.export(vec![span(2, 91, "GET /b", 2, 3).remote()])).unwrap();
    let text = screen.text();
    assert!(text.contains("1 span\n✓ GET /a") && text.contains("1 span · continued\n✓ GET /b"), "{text}");
}

#[test]
fn a_flush_prints_what_is_left() {
    let screen = Screen::default();
    let exporter = screen.builder().build();
    now(exporter.export(vec![
        span(3, 2, "b", 20, 30),
        span(4, 2, "c", 31, 32),
        span_of(9, 5, 4, "other", 0, 1),
    ]))
    .unwrap();
    exporter.force_flush().unwrap();
    assert_eq!(
        screen.text(),
        "\
trace 4bf92f3577b34da6a3ce929d0e0e4736 · 12.0µs · 2 spans
incomplete: its root has not ended
? (parent 0000000000000002 not finished)
├─ ✓ b  10.0µs  ━━━━━━━━━━━━━━━━╸
└─ ✓ c  1.00µs                    ╺━

trace 00000000000000000000000000000009 · 1.00µs · 1 span
incomplete: its root has not ended
? (parent 0000000000000004 not finished)
└─ ✓ other  1.00µs  ━━━━━━━━━━━━━━━━━━━━

"
    );
    exporter.force_flush().unwrap();
    assert_eq!(screen.text(), "");
}

#[test]
fn over_the_bound_the_oldest_trace_leaves() {
    let screen = Screen::default();
    let exporter = screen.builder().max_held(64 * 1024).build();
    for trace in 1..=1000 {
        now(exporter.export(vec![span_of(trace, 2, 1, "child", 0, 1)])).unwrap();
    }
    let text = screen.text();
    let held = lock(&exporter.hold).drain().len();
    assert_eq!(text.matches("\ntrace").count() + 1 + held, 1000);
    assert!(held > 50, "{held}");
    assert!(text.starts_with(
        "trace 00000000000000000000000000000001 · 1.00µs · 1 span\nincomplete: more than 64 KiB of spans wait"
    ));
}

#[test]
fn nothing_that_a_terminal_obeys_is_printed() {
    let screen = Screen::default();
    let exporter = screen.builder().build();
    let evil = "\x1b]0;owned\x07\r\n\u{202e}";
    let spans = span(1, 0, evil, 0, 10)
        .with([
            KeyValue::new(evil, evil),
            KeyValue::new("list", Value::Array(Array::String(vec![evil.into()]))),
        ])
        .failed(evil)
        .event(evil, [KeyValue::new(evil, evil)])
        .event(
            "exception",
            [KeyValue::new("exception.stacktrace", evil), KeyValue::new("exception.type", evil)],
        );
    now(exporter.export(vec![spans])).unwrap();
    let text = screen.text();
    assert!(text.chars().all(|char| char == '\n' || (!char.is_control() && char != '\u{202e}')), "{text}");
}

#[test]
fn a_broken_writer_is_an_error_and_no_panic() {
    struct Broken(bool);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            assert!(!self.0, "a panic of the user's");
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let exporter = ConsoleExporter::builder().writer(Broken(false)).build();
    let error = now(exporter.export(agent())).unwrap_err();
    assert_eq!(error.to_string(), "Operation failed: cannot print spans on the given writer: broken pipe");

    let exporter = ConsoleExporter::builder().writer(Broken(true)).build();
    let export = std::panic::AssertUnwindSafe(|| now(exporter.export(agent())));
    assert!(std::panic::catch_unwind(export).is_err());
    exporter.force_flush().unwrap();
}

#[test]
fn after_a_shutdown_nothing_is_taken() {
    let screen = Screen::default();
    let exporter = screen.builder().build();
    now(exporter.export(vec![span(2, 1, "child", 0, 1)])).unwrap();
    exporter.shutdown().unwrap();
    assert!(screen.text().contains("child"));
    assert!(matches!(now(exporter.export(agent())), Err(OTelSdkError::AlreadyShutdown)));
    assert!(matches!(exporter.shutdown(), Err(OTelSdkError::AlreadyShutdown)));
}

#[test]
fn a_long_message_is_wrapped_and_then_cut() {
    let screen = Screen::default();
    let exporter = screen.builder().width(60).build();
    let message: &'static str = Box::leak("one two three four five six seven\n".repeat(9).into_boxed_str());
    now(exporter.export(vec![span(1, 0, "root", 0, 10).failed(message)])).unwrap();
    let text = screen.text();
    assert_eq!(text.lines().filter(|line| line.contains("one two")).count(), 6, "{text}");
    assert!(text.contains("six seven…\n"), "{text}");
}

#[test]
fn a_panic_is_told_once_and_with_its_place() {
    let screen = Screen::default();
    let exporter = screen.builder().build();
    let spans = vec![
        span(2, 1, "inner", 2, 9)
            .with([KeyValue::new("error.type", "panic")])
            .failed("panicked: no such row")
            .event(
                "exception",
                [
                    KeyValue::new("exception.type", "panic"),
                    KeyValue::new("exception.message", "no such row"),
                    KeyValue::new("code.file.path", "src/main.rs"),
                    KeyValue::new("code.line.number", 12),
                    KeyValue::new("code.column.number", 5),
                ],
            ),
        span(1, 0, "outer", 0, 10)
            .with([KeyValue::new("error.type", "panic")])
            .failed("panicked: no such row"),
    ];
    now(exporter.export(spans)).unwrap();
    assert_eq!(
        screen.text(),
        "\
trace 4bf92f3577b34da6a3ce929d0e0e4736 · 10.0µs · 2 spans · 2 errors
✗ outer     10.0µs  ━━━━━━━━━━━━━━━━━━━━
└─ ✗ inner  7.00µs      ━━━━━━━━━━━━━━
     error panicked: no such row
       at src/main.rs:12:5

"
    );
}

#[test]
fn the_sources_of_an_error_stand_below_it() {
    let screen = Screen::default();
    let exporter = screen.builder().build();
    let failed = span(1, 0, "save", 0, 10).failed("cannot save").event(
        "exception",
        [
            KeyValue::new("exception.type", "StoreError"),
            KeyValue::new("exception.message", "cannot save"),
            KeyValue::new("exception.stacktrace", "Caused by:\n    0: disk is full\n    1: 7: quota"),
        ],
    );
    now(exporter.export(vec![failed])).unwrap();
    let text = screen.text();
    let error = "\n  error StoreError: cannot save\n    caused by disk is full\n    caused by 7: quota\n";
    assert!(text.contains(error), "{text}");
}
