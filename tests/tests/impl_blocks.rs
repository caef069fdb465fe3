//! `#[traced]` on an `impl` block: every function in it is traced, `#[traced(off)]` leaves one out, and one on a method adds
//! its own options.

use std::fmt;

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::{SpanKind, Status};
use wirespan::traced;
use wirespan_tests::look::{block_on, keys, value};
use wirespan_tests::{install, text};

struct Store<const N: usize> {
    rows: [u64; N],
}

#[traced(kind = "client", skip(key), fields(store.rows = 3), err = "ignore", cancel = "error")]
impl<const N: usize> Store<N> {
    const FIRST: usize = { 0 };

    fn new(rows: [u64; N]) -> Self {
        Self { rows }
    }

    fn get(&self, key: usize) -> Option<u64> {
        self.rows.get(key).copied()
    }

    #[traced(kind = "server", record(key), fields(store.rows = 4, own = true))]
    async fn find(&self, key: u64) -> Result<usize, String> {
        tokio::task::yield_now().await;
        self.rows.iter().position(|row| *row == key).ok_or_else(|| format!("no {key}"))
    }

    #[traced(off)]
    const fn len(&self) -> usize {
        self.rows.len()
    }

    #[traced(off)]
    fn first(&self) -> Option<u64> {
        self.rows.get(Self::FIRST).copied()
    }
}

#[test]
fn every_function_is_traced_with_the_options_of_the_block_under_its_own() {
    let telemetry = install();
    let store = Store::new([5, 6, 7]);
    assert_eq!((store.get(1), store.len(), store.first()), (Some(6), 3, Some(5)));
    assert_eq!(block_on(store.find(7)), Ok(2));
    block_on(store.find(70)).unwrap_err();

    let mut names: Vec<_> = telemetry.spans().into_iter().map(|span| span.name.to_string()).collect();
    names.sort();
    assert_eq!(names, ["Store<3>::find", "Store<3>::find", "Store<3>::get", "Store<3>::new"]);

    let get = telemetry.span("Store<3>::get");
    assert_eq!(get.span_kind, SpanKind::Client);
    assert_eq!(text(&get, "parameter.key").as_deref(), Some("<usize (excluded)>"));
    assert_eq!(value(&get, "store.rows"), Some(Value::I64(3)));

    for find in telemetry.spans().into_iter().filter(|span| span.name == "Store<3>::find") {
        assert_eq!(find.span_kind, SpanKind::Server, "its own kind");
        assert!(matches!(value(&find, "parameter.key"), Some(Value::I64(7 | 70))), "its own `record`");
        assert_eq!(value(&find, "store.rows"), Some(Value::I64(4)), "its own field");
        assert_eq!(value(&find, "own"), Some(Value::Bool(true)));
        assert_eq!(find.status, Status::Ok, "the block ignores errors");
    }
}

struct Shown;

#[traced(name_prefix = "shown.")]
impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shown")
    }
}

trait Job {
    const NAME: &'static str;
    type Output;
    fn run(&self, times: u64) -> Self::Output;
    async fn wait(&self) -> u64;
    fn describe(&self) -> &'static str {
        Self::NAME
    }
}

#[traced(name_prefix = "job.")]
impl Job for Shown {
    const NAME: &'static str = "shown";
    type Output = u64;

    fn run(&self, times: u64) -> Self::Output {
        times
    }

    #[traced(name = "waiting")]
    async fn wait(&self) -> u64 {
        tokio::task::yield_now().await;
        1
    }
}

#[test]
fn an_implementation_of_a_trait_is_traced_with_a_prefix() {
    let telemetry = install();
    assert_eq!((Shown.to_string().as_str(), Shown.run(2), block_on(Shown.wait())), ("shown", 2, 1));
    assert_eq!(Shown.describe(), "shown");
    for name in ["shown.fmt", "job.run", "waiting"] {
        telemetry.span(name);
    }
    assert_eq!(telemetry.spans().len(), 3);
    assert_eq!(keys(&telemetry.span("job.run"), "parameter."), ["times"]);
}

#[traced(off)]
fn not_traced(number: u64) -> u64 {
    number
}

#[test]
fn off_leaves_a_function_as_it_is() {
    let telemetry = install();
    assert_eq!(not_traced(7), 7);
    assert!(telemetry.spans().is_empty());
}

struct Switch(bool);

#[traced(ret)]
impl Switch {
    fn is_on(&self) -> bool {
        self.0
    }

    async fn turn(&mut self) {
        self.0 = !self.0;
    }
}

#[test]
fn ret_of_a_block_holds_for_what_returns_something() {
    let telemetry = install();
    let mut switch = Switch(false);
    block_on(switch.turn());
    assert!(switch.is_on());
    assert_eq!(value(&telemetry.span("Switch::is_on"), "return"), Some(Value::Bool(true)));
    assert_eq!(value(&telemetry.span("Switch::turn"), "return"), None);
}
