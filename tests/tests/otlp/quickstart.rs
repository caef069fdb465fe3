//! What the quickstart delivers to an OTLP receiver, in every detail that does not change from run to run.

use std::process::Command;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::span::{Event, SpanKind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{Span, TracesData};
use wirespan_tests::receiver::{Protocol, Receiver};

/// Runs the example, and returns what arrived.
pub(crate) fn run(name: &str, protocol: Protocol) -> Delivered {
    let receiver = Receiver::start();
    let output = Command::new(env!("CARGO_BIN_EXE_quickstart-under-test"))
        .env_clear()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", name)
        .env("OTEL_SERVICE_NAME", "umbrella")
        // All at the end, in one visit of the drain thread: one anchor of the wall clock for all times.
        .env("OTEL_BSP_SCHEDULE_DELAY", "3600000")
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{output:?}");
    assert_eq!((&*output.stdout, &*output.stderr), (&b""[..], &b""[..]), "nothing is printed");
    let received = receiver.received();
    assert!(!received.is_empty() && received.iter().all(|one| one.protocol == protocol), "{received:?}");
    let resource_spans = received.into_iter().flat_map(|one| one.request.resource_spans).collect();
    Delivered(TracesData { resource_spans })
}

/// Everything that one run delivered.
pub(crate) struct Delivered(TracesData);

fn text(value: &str) -> Option<Value> {
    Some(Value::StringValue(value.to_owned()))
}

fn get(attributes: &[KeyValue], key: &str) -> Option<Value> {
    let mut found = attributes.iter().filter(|attribute| attribute.key == key);
    let attribute = found.next()?;
    assert!(found.next().is_none(), "{key} stands twice");
    attribute.value.clone().and_then(|AnyValue { value }| value)
}

impl Delivered {
    fn spans(&self) -> Vec<&Span> {
        let scopes = self.0.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| &scope.spans).collect()
    }

    /// The span of that name which has that attribute.
    fn span(&self, name: &str, key: &str, value: &Value) -> &Span {
        let is_it = |span: &&&Span| span.name == name && get(&span.attributes, key).as_ref() == Some(value);
        let all = self.spans();
        let found: Vec<_> = all.iter().filter(is_it).collect();
        assert_eq!(found.len(), 1, "{name} with {key}={value:?}: {all:#?}");
        found[0]
    }

    fn only(&self, name: &str) -> &Span {
        self.span(name, "code.file.path", &Value::StringValue(self.file()))
    }

    /// The example's path as the compiler wrote it.
    fn file(&self) -> String {
        match get(&self.spans()[0].attributes, "code.file.path") {
            Some(Value::StringValue(path)) if path.ends_with("examples/src/bin/quickstart.rs") => path,
            other => panic!("{other:?}"),
        }
    }

    fn model(&self, name: &str, model: &str) -> &Span {
        self.span(name, "parameter.model", &Value::StringValue(model.to_owned()))
    }

    pub(crate) fn check(&self) {
        self.check_origin();
        self.check_shape();
        self.check_values();
        self.check_failure();
        self.check_cancellation();
    }

    fn check_origin(&self) {
        for resource in &self.0.resource_spans {
            let attributes = &resource.resource.as_ref().expect("there is one").attributes;
            assert_eq!(get(attributes, "service.name"), text("umbrella"));
            assert_eq!(get(attributes, "telemetry.sdk.language"), text("rust"));
            for scope in &resource.scope_spans {
                let scope = scope.scope.as_ref().expect("there is one");
                assert_eq!(
                    (&*scope.name, &*scope.version),
                    (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
                );
            }
        }
    }

    /// Names, parents, kinds, times, identifiers.
    fn check_shape(&self) {
        let mut names: Vec<&str> = self.spans().iter().map(|span| &*span.name).collect();
        names.sort_unstable();
        let twice = ["Agent::plan", "complete", "count_tokens", "tool"].map(|name| [name; 2]).concat();
        let mut expected = [twice, vec!["Agent::answer", "fetch", "read_notes", "search_web"]].concat();
        expected.sort_unstable();
        assert_eq!(names, expected);

        let root = self.only("Agent::answer");
        assert!(root.parent_span_id.is_empty(), "{root:?}");
        for span in self.spans() {
            assert_eq!((span.trace_id.len(), span.span_id.len()), (16, 8));
            assert_eq!(span.trace_id, root.trace_id, "{span:?}");
            // Sampled, and the parent is known not to be remote.
            assert_eq!(span.flags, 0x101, "{span:?}");
            let parent = match &*span.name {
                "Agent::answer" => continue,
                "fetch" => self.only("search_web"),
                "complete" => match get(&span.attributes, "parameter.model") {
                    Some(Value::StringValue(model)) => self.model("Agent::plan", &model),
                    other => panic!("{other:?}"),
                },
                "count_tokens" => {
                    let is_parent =
                        |plan: &&Span| plan.name == "Agent::plan" && plan.span_id == span.parent_span_id;
                    self.spans().into_iter().find(is_parent).expect("its parent is a plan")
                }
                _ => root,
            };
            assert_eq!(span.parent_span_id, parent.span_id, "{span:?}");
            let times = [
                parent.start_time_unix_nano,
                span.start_time_unix_nano,
                span.end_time_unix_nano,
                parent.end_time_unix_nano,
            ];
            assert!(times.is_sorted(), "{}: {times:?}", span.name);
        }
        for (name, kind) in [
            ("Agent::answer", SpanKind::Server),
            ("fetch", SpanKind::Client),
            ("read_notes", SpanKind::Internal),
        ] {
            assert_eq!(self.only(name).kind(), kind, "{name}");
        }
    }

    fn check_values(&self) {
        let root = &self.only("Agent::answer").attributes;
        assert_eq!(get(root, "agent.version"), text("2.1"));
        assert_eq!(get(root, "parameter.question.id"), Some(Value::IntValue(7)));
        assert_eq!(get(root, "parameter.question.text"), text("Do I need an umbrella?"));
        assert_eq!(get(root, "parameter.question.history"), Some(Value::IntValue(2)));
        assert_eq!(get(root, "code.function.name"), text("quickstart_under_test::Agent::answer"));
        assert_eq!(get(&self.only("read_notes").attributes, "parameter.user"), Some(Value::IntValue(7)));
        let plan = &self.model("Agent::plan", "small").attributes;
        assert_eq!(get(plan, "parameter.messages"), text("<Vec<Message> (excluded, ids=[0,1,2])>"));
        let complete = &self.model("complete", "small").attributes;
        assert!(matches!(get(complete, "parameter.tokens"), Some(Value::IntValue(1..))), "{complete:?}");
        assert_eq!(get(complete, "parameter.key"), text("<redacted>"));
        assert_eq!(get(complete, "gen_ai.operation.name"), text("chat"));
        for (tool, takes) in [("calendar", 12), ("weather", 25)] {
            let span = self.span("tool", "parameter.name", &Value::StringValue(tool.to_owned()));
            assert_eq!(get(&span.attributes, "parameter.takes"), Some(Value::IntValue(takes)));
        }
        assert!(!format!("{:?}", self.0).contains("sk-live"), "a secret left the process");
    }

    /// The error is described where it arose, and is the status of what it went through.
    fn check_failure(&self) {
        let reset = "connection reset by peer";
        let complete = self.model("complete", "large");
        status(complete, StatusCode::Error, reset);
        let event = one_event(complete, "exception");
        assert_eq!(get(&event.attributes, "exception.type"), text("std::io::error::Error"));
        assert_eq!(get(&event.attributes, "exception.message"), text(reset));
        assert_eq!(get(&complete.attributes, "error.type"), text("std::io::error::Error"));
        let plan = self.model("Agent::plan", "large");
        status(plan, StatusCode::Error, "the model gave no answer");
        assert_eq!(plan.events, []);
        for span in
            [self.model("complete", "small"), self.model("Agent::plan", "small"), self.only("Agent::answer")]
        {
            status(span, StatusCode::Ok, "");
            assert_eq!(span.events, []);
        }
    }

    /// The cancellation is described where it hit, and marked above.
    fn check_cancellation(&self) {
        let fetch = self.only("fetch");
        let event = one_event(fetch, "cancelled");
        assert_eq!(get(&event.attributes, "cancellation.reason"), text("timeout"));
        assert_eq!(get(&event.attributes, "function.name"), text("fetch"));
        assert_eq!(get(&event.attributes, "function.module"), text("quickstart_under_test"));
        let within = u64::try_from(match get(&event.attributes, "cancellation.timestamp") {
            Some(Value::IntValue(nanos)) => nanos,
            other => panic!("{other:?}"),
        });
        // Two readings of the clock: they may differ by what an adjustment of the wall clock makes of it.
        assert!(within.expect("after 1970").abs_diff(event.time_unix_nano) < 1_000_000_000, "{event:?}");
        let search = self.only("search_web");
        assert_eq!(search.events, []);
        for span in [fetch, search] {
            assert_eq!(get(&span.attributes, "cancelled"), Some(Value::BoolValue(true)), "{span:?}");
            assert!(span.status.as_ref().is_none_or(|status| status.code() == StatusCode::Unset), "{span:?}");
        }
    }
}

fn status(span: &Span, code: StatusCode, message: &str) {
    let status = span.status.as_ref().expect("it has a status");
    assert_eq!((status.code(), &*status.message), (code, message), "{}", span.name);
}

fn one_event<'a>(span: &'a Span, name: &str) -> &'a Event {
    assert_eq!(span.events.len(), 1, "{span:?}");
    let event = &span.events[0];
    assert_eq!(event.name, name);
    let within = span.start_time_unix_nano..=span.end_time_unix_nano;
    assert!(within.contains(&event.time_unix_nano), "{span:?}");
    event
}
