//! The comparison that `collector/e2e.sh` relies on: it finds nothing wrong with what the file exporter wrote of the load
//! program's spans, and finds each thing that is wrong after a change to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::fs;
use std::sync::OnceLock;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use wirespan::FileExporter;
use wirespan_tests::load::compare::{Account, Allowed};
use wirespan_tests::load::expected::SERVICE;
use wirespan_tests::load::functions::call;
use wirespan_tests::load::ledger::Ledger;
use wirespan_tests::load::sent::{Log, Sent};
use wirespan_tests::{PATIENCE, turn};

const CALLS: u64 = 20;
const SPANS: u64 = 2 * CALLS;
const ALL: Ledger =
    Ledger { started: SPANS, recovered: 0, delivered: SPANS, dropped: 0, spooled: 0, left: 0 };
const NONE: Allowed = Allowed { duplicates: false, torn: false, killed: false };

/// What was sent, and the lines that were written of it, recorded once.
fn recorded() -> &'static (Vec<Sent>, String) {
    static RECORDED: OnceLock<(Vec<Sent>, String)> = OnceLock::new();
    RECORDED.get_or_init(|| {
        let _turn = turn();
        let [log, file] = ["sent", "jsonl"]
            .map(|end| std::env::temp_dir().join(format!("wirespan-{}-load.{end}", std::process::id())));
        let exporter = FileExporter::create(&file).unwrap();
        let telemetry = wirespan::builder().exporter(exporter).service_name(SERVICE).install().unwrap();
        let sent = Log::append(&log).unwrap();
        for sequence in 0..CALLS {
            call(&sent, "run", 3, sequence, 100);
        }
        let report = telemetry.shutdown(PATIENCE).unwrap();
        assert_eq!(report.delivered, SPANS);
        let [sent, lines] = [log, file].map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            fs::remove_file(path).unwrap();
            text
        });
        (sent.lines().map(|line| line.parse().unwrap()).collect(), lines)
    })
}

/// The lines after a change to each request.
fn changed(change: impl Fn(&mut Vec<Span>)) -> String {
    let mut lines = String::new();
    for line in recorded().1.lines() {
        let mut request: ExportTraceServiceRequest = serde_json::from_str(line).unwrap();
        change(&mut request.resource_spans[0].scope_spans[0].spans);
        lines += &(serde_json::to_string(&request).unwrap() + "\n");
    }
    lines
}

fn problems_of(lines: &str, ledger: Ledger, allowed: Allowed) -> Vec<String> {
    let mut account = Account::new(recorded().0.clone());
    account.add(lines);
    account.problems(ledger, allowed)
}

/// What is wrong with the lines after a change to the first span of the name; that it is one thing, said with these words.
#[track_caller]
fn finds(name: &str, change: impl Fn(&mut Span), expected: &[&str]) {
    let lines = changed(|spans| {
        if let Some(span) = spans.iter_mut().find(|span| span.name == name) {
            change(span);
        }
    });
    let problems = problems_of(&lines, ALL, NONE);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    for words in expected {
        assert!(problems[0].contains(words), "{words}: {problems:#?}");
    }
}

#[test]
fn nothing_is_wrong_with_what_was_written() {
    assert_eq!(problems_of(&recorded().1, ALL, NONE), Vec::<String>::new());
    assert_eq!(problems_of(&changed(|_| ()), ALL, NONE), Vec::<String>::new(), "decoded and encoded");
}

#[test]
fn a_span_that_is_missing_is_found_unless_it_is_counted() {
    let lines = changed(|spans| drop(spans.pop()));
    assert_eq!(recorded().1.lines().count(), 1, "one batch");
    let problems = problems_of(&lines, ALL, NONE);
    assert_eq!(problems, ["1 are lost, 0 are counted as such", "40 were acknowledged, 39 received"]);
    let counted = Ledger { delivered: SPANS - 1, dropped: 1, ..ALL };
    assert_eq!(problems_of(&lines, counted, NONE), Vec::<String>::new());
    assert_eq!(problems_of(&recorded().1, counted, NONE), Vec::<String>::new(), "it may have arrived");
}

#[test]
fn a_ledger_that_is_no_sum_is_found() {
    let problems = problems_of(&recorded().1, Ledger { delivered: SPANS - 1, ..ALL }, NONE);
    assert_eq!(
        problems,
        ["the ledger is no sum: ledger started=40 recovered=0 delivered=39 dropped=0 spooled=0 left=0"]
    );
    let problems = problems_of(&recorded().1, Ledger { delivered: SPANS - 1, left: 1, ..ALL }, NONE);
    assert_eq!(problems, ["1 are left undelivered"]);
    let problems = problems_of(&recorded().1, Ledger { started: 42, delivered: 42, ..ALL }, NONE);
    assert_eq!(problems, ["42 started, 40 are in the log", "42 were acknowledged, 40 received"]);
}

#[test]
fn a_span_that_one_sender_leaves_on_disk_is_lost_unless_another_finds_it() {
    let lines = changed(|spans| drop(spans.pop()));
    let first = Ledger { delivered: SPANS - 2, spooled: 2, ..ALL };
    let second = Ledger { recovered: 2, delivered: 2, ..Ledger::default() };
    assert_eq!(problems_of(&recorded().1, first + second, NONE), Vec::<String>::new());
    let problems = problems_of(&lines, first + second, NONE);
    assert_eq!(problems, ["1 are lost, 0 are counted as such", "40 were acknowledged, 39 received"]);
}

#[test]
fn spans_of_a_sender_that_was_killed_are_missed_in_no_ledger() {
    let lines = changed(|spans| drop(spans.pop()));
    let second = Ledger { recovered: 38, delivered: 38, ..Ledger::default() };
    assert_eq!(problems_of(&lines, second, Allowed { killed: true, ..NONE }), Vec::<String>::new());
    let more = Ledger { recovered: 40, delivered: 40, ..Ledger::default() };
    assert_eq!(
        problems_of(&lines, more, Allowed { killed: true, ..NONE }),
        ["40 were acknowledged, 39 received"]
    );
}

#[test]
fn a_line_of_a_ledger_is_read_back() {
    let ledger = Ledger { started: 9, recovered: 8, delivered: 7, dropped: 6, spooled: 3, left: 1 };
    assert_eq!(ledger.to_string().parse(), Ok(ledger));
    assert!("ledger started=9".parse::<Ledger>().is_err());
}

#[test]
fn a_span_that_came_twice_is_found_unless_it_may() {
    let lines = changed(|spans| spans.push(spans[0].clone()));
    assert_eq!(problems_of(&lines, ALL, NONE), ["1 came twice"]);
    let allowed = Allowed { duplicates: true, ..NONE };
    assert_eq!(problems_of(&lines, ALL, allowed), Vec::<String>::new());
}

#[test]
fn a_span_of_nobody_is_found() {
    let lines = changed(|spans| {
        let stranger = Span { span_id: vec![1; 8], ..spans[0].clone() };
        spans.push(stranger);
    });
    let problems = problems_of(&lines, ALL, NONE);
    assert!(problems.len() == 1 && problems[0].contains("1 were never sent"), "{problems:#?}");
}

#[test]
fn a_change_to_anything_in_a_span_is_found() {
    finds("step", |span| span.trace_id[0] ^= 1, &["1 differ", "trace id"]);
    finds("step", |span| span.parent_span_id.clear(), &["parent"]);
    finds("step", |span| span.kind = 1, &["kind", "received 1"]);
    finds("step", |span| span.flags = 1, &["flags"]);
    finds("step", |span| span.name.push('s'), &["name", "steps"]);
    finds("step", |span| span.attributes.truncate(4), &["attributes"]);
    finds("step", |span| span.attributes.push(span.attributes[0].clone()), &["attributes"]);
    finds("step", |span| span.events.clear(), &["number of events"]);
    finds("step", |span| span.events[0].name.clear(), &["event"]);
    finds("step", |span| span.events[0].attributes.clear(), &["its attributes"]);
    finds("step", |span| span.events[0].time_unix_nano = 1, &["event at 1"]);
    finds("step", |span| span.dropped_events_count = 1, &["dropped"]);
    finds("request", |span| span.status = None, &["status"]);
    finds("request", |span| span.start_time_unix_nano = 0, &["starts and ends at 0"]);
    finds("request", |span| span.attributes[5].value = None, &["attributes"]);
}

#[test]
fn a_span_that_began_before_its_parent_is_found() {
    finds(
        "step",
        |span| span.start_time_unix_nano -= 60_000_000_000,
        &["1 do not fit", "is not within its parent"],
    );
}

#[test]
fn a_line_that_ends_in_the_middle_is_found_unless_its_writer_was_killed() {
    let whole = &recorded().1;
    let torn = format!("{whole}{}", &whole[..whole.len() / 2]);
    let problems = problems_of(&torn, ALL, NONE);
    assert!(problems.len() == 1 && problems[0].contains("1 lines are torn"), "{problems:#?}");
    assert_eq!(problems_of(&torn, ALL, Allowed { torn: true, ..NONE }), Vec::<String>::new());
    let mixed = format!("{}{whole}", &whole[..whole.len() / 2]);
    let problems = problems_of(&mixed, ALL, Allowed { torn: true, ..NONE });
    assert!(problems.iter().any(|problem| problem.contains("a line that is no request")), "{problems:#?}");
}

#[test]
fn spans_of_another_service_are_found() {
    let lines = recorded().1.replace("\"load\"", "\"loaf\"");
    let problems = problems_of(&lines, ALL, NONE);
    assert!(problems.len() == 1 && problems[0].contains("40 differ"), "{problems:#?}");
    assert!(problems[0].contains("service.name"), "{problems:#?}");
}
