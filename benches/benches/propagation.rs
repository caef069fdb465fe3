//! What reading a header costs, good or hostile, beside OpenTelemetry's own propagators.
//!
//! `cargo bench -p wirespan-benches --bench propagation` prints nanoseconds (the fastest of 200 rounds; 20 with `-- --quick` or
//! without `--bench`) and allocations for one message, and the targets. Ends with an error when a header that is rejected is not
//! counted, or costs an allocation; a missed time is printed and is no error.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people run")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation as sdk;
use wirespan::propagation::{BaggagePropagator, Rejected, TraceContextPropagator};
use wirespan_benches::Result;
use wirespan_benches::allocations::{self, Counting};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// How long one round runs.
const ROUND: Duration = Duration::from_micros(500);

fn main() -> ExitCode {
    let given = |flag: &str| std::env::args().any(|argument| argument == flag);
    let rounds = if given("--bench") && !given("--quick") { 200 } else { 20 };
    match run(rounds) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The headers of one message. Looking for one allocates nothing, and for all of a name what OpenTelemetry's default does.
#[derive(Default)]
struct Message {
    traceparent: Option<String>,
    tracestate: Option<String>,
    baggage: Option<String>,
}

impl Extractor for Message {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => self.traceparent.as_deref(),
            "tracestate" => self.tracestate.as_deref(),
            "baggage" => self.baggage.as_deref(),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// What becomes of a row's header.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is taken, or a part of it is.
    Taken,
    /// It is rejected, and costs no allocation.
    Rejected,
}

/// Which header it is, and the most that one may cost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    Traceparent,
    Tracestate,
    Baggage,
}

impl Header {
    fn most(self) -> Option<Duration> {
        match self {
            Self::Traceparent => Some(Duration::from_nanos(200)),
            Self::Tracestate => None,
            Self::Baggage => Some(Duration::from_micros(50)),
        }
    }

    fn message(self, value: String) -> Message {
        let parent = Some(PARENT.to_owned());
        match self {
            Self::Traceparent => Message { traceparent: Some(value), ..Message::default() },
            Self::Tracestate => {
                Message { traceparent: parent, tracestate: Some(value), ..Message::default() }
            }
            Self::Baggage => Message { baggage: Some(value), ..Message::default() },
        }
    }
}

type Row = (Header, &'static str, Fate, String);

fn rows() -> Vec<Row> {
    use Fate::{Rejected, Taken};
    use Header::{Baggage, Traceparent, Tracestate};
    let members = |count: usize, value: usize| {
        let member = |number| format!("k{number:03}={}", "v".repeat(value));
        (0..count).map(member).collect::<Vec<_>>().join(",")
    };
    let mib_8 = 8 << 20;
    let changed = |at: usize, to: &str| {
        let mut header = PARENT.to_owned();
        header.replace_range(at..=at, to);
        header
    };
    vec![
        (Traceparent, "good", Taken, PARENT.to_owned()),
        (Traceparent, "good, whitespace to 512 B", Taken, format!("{}{PARENT}", " ".repeat(457))),
        (Traceparent, "later version, 512 B", Taken, format!("cc{}-{}", &PARENT[2..], "x".repeat(456))),
        (Traceparent, "last digit bad", Rejected, changed(54, "x")),
        (Traceparent, "first digit bad", Rejected, changed(0, "x")),
        (Traceparent, "512 B of spaces", Rejected, " ".repeat(512)),
        (Traceparent, "512 B of zeros", Rejected, "0".repeat(512)),
        (Traceparent, "8 MiB of dashes", Rejected, "-".repeat(mib_8)),
        (Tracestate, "two members", Taken, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE".to_owned()),
        (Tracestate, "32 members, 8 KiB", Taken, members(32, 250)),
        (Tracestate, "32 members, the last bad", Rejected, members(32, 250).replace("k031", "K031")),
        (Tracestate, "33 members", Rejected, members(33, 200)),
        (Tracestate, "8 KiB of commas", Rejected, ",".repeat(8_192)),
        (Tracestate, "8 MiB of commas", Rejected, ",".repeat(mib_8)),
        (
            Baggage,
            "three members",
            Taken,
            "userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false".to_owned(),
        ),
        (Baggage, "64 members, 8 KiB", Taken, members(64, 122)),
        (Baggage, "512 members, 8 KiB", Taken, members(512, 10)),
        (Baggage, "8 KiB, one value encoded", Taken, format!("a={}", "%25".repeat(2_730))),
        (Baggage, "8 KiB, one value no text", Taken, format!("a={}", "%FF".repeat(2_730))),
        (Baggage, "8 KiB of properties", Taken, format!("a=1{}", ";p".repeat(4_094))),
        (Baggage, "8 KiB of loose properties", Taken, format!("a=1{}", " ; p = 1".repeat(1_023))),
        (Baggage, "8 KiB of bad members", Taken, ",a".repeat(4_096)),
        (Baggage, "8 KiB of commas", Taken, ",".repeat(8_192)),
        (Baggage, "8 KiB and a byte", Rejected, "a".repeat(8_193)),
        (Baggage, "8 MiB of dashes", Rejected, "-".repeat(mib_8)),
    ]
}

fn run(rounds: u32) -> Result<()> {
    println!(
        "{:<13}{:<28}{:>12}{:>8}   {:>14}{:>10}",
        "header", "", "wirespan ns", "allocs", "otel_sdk ns", "allocs"
    );
    let (mut late, mut wrong) = (Vec::new(), Vec::new());
    for (header, name, fate, value) in rows() {
        let message = header.message(value);
        let (ours, rejected) = if header == Header::Baggage {
            let propagator = BaggagePropagator::new();
            (measured(&propagator, &message, rounds), propagator.rejected())
        } else {
            let propagator = TraceContextPropagator::new();
            (measured(&propagator, &message, rounds), propagator.rejected())
        };
        let peer: &dyn TextMapPropagator = match header {
            Header::Baggage => &sdk::BaggagePropagator::new(),
            _ => &sdk::TraceContextPropagator::new(),
        };
        let theirs = measured(peer, &message, rounds.min(10));
        let label = match header {
            Header::Traceparent => "traceparent",
            Header::Tracestate => "tracestate",
            Header::Baggage => "baggage",
        };
        println!(
            "{label:<13}{name:<28}{:>12.1}{:>8}   {:>14.1}{:>10}",
            ours.nanos, ours.allocations, theirs.nanos, theirs.allocations
        );
        if header.most().is_some_and(|most| ours.nanos > most.as_secs_f64() * 1e9) {
            late.push(format!("{label}, {name}"));
        }
        // Of a bad trace state the parent is taken, which is not for free.
        let kept = if header == Header::Tracestate { parent_alone(rounds) } else { 0 };
        if (fate == Fate::Rejected) != is_rejected(&rejected)
            || fate == Fate::Rejected && ours.allocations > kept
        {
            wrong.push(format!("{label}, {name}: {} allocations, {rejected:?}", ours.allocations));
        }
    }
    let late = if late.is_empty() { "met".to_owned() } else { format!("missed: {}", late.join("; ")) };
    println!("\ntraceparent within 200 ns, baggage within 50 us, whatever comes: {late}");
    println!("rejected without an allocation: {}", if wrong.is_empty() { "met" } else { "missed" });
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Whether a whole header was rejected.
fn is_rejected(rejected: &Rejected) -> bool {
    rejected.traceparent + rejected.tracestate + rejected.baggage > 0
}

/// What a parent allocates that has no state.
fn parent_alone(rounds: u32) -> u64 {
    let message = Header::Traceparent.message(PARENT.to_owned());
    measured(&TraceContextPropagator::new(), &message, rounds.min(2)).allocations
}

/// What one message costs.
struct Cost {
    nanos: f64,
    allocations: u64,
}

fn measured(propagator: &dyn TextMapPropagator, message: &Message, rounds: u32) -> Cost {
    let root = Context::new();
    let read = || {
        black_box(propagator.extract_with_context(&root, black_box(message)));
    };
    read();
    let before = allocations::count();
    read();
    let allocations = allocations::count() - before;
    let start = Instant::now();
    read();
    let once = start.elapsed().max(Duration::from_nanos(20));
    let calls = u32::try_from(ROUND.as_nanos() / once.as_nanos()).unwrap_or(u32::MAX).clamp(1, 20_000);
    let round = |_| {
        let start = Instant::now();
        for _ in 0..calls {
            read();
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
    };
    Cost { nanos: (0..rounds).map(round).fold(f64::INFINITY, f64::min), allocations }
}
