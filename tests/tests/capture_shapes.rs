//! Options of types that only display or debug, further types of the standard library, and values that are nested without end.

#![allow(clippy::ref_option, reason = "such parameters are what is looked at")]
use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroI64, NonZeroU8, NonZeroU64, ParseIntError};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use wirespan::testing::Recording;
use wirespan::{Capture, traced};

#[traced]
fn options(
    error: Option<ParseIntError>,
    range: Option<Range<u8>>,
    no_error: Option<ParseIntError>,
    no_range: Option<Range<u8>>,
    by_reference: &Option<Range<u8>>,
    no_reference: &Option<Range<u8>>,
) -> usize {
    let owned = [error.is_some(), no_error.is_some(), range.is_some(), no_range.is_some()];
    owned.into_iter().filter(|some| *some).count()
        + usize::from(by_reference.is_some() || no_reference.is_some())
}

#[test]
fn an_option_shows_its_value_or_nothing_whatever_shows_the_value() {
    let recording = Recording::start();
    assert_eq!(options("x".parse::<u8>().err(), Some(0..3), None, None, &Some(1..4), &None), 3);
    recording.spans().tree().assert_is(
        r#"options ok parameter.by_reference="1..4" parameter.error="invalid digit found in string" parameter.range="0..3""#,
    );
}

#[traced]
fn numbers(small: NonZeroU8, negative: NonZeroI64, some: Option<NonZeroU64>, all: &[NonZeroU64]) -> u64 {
    let first = all.first().copied().or(some);
    first.map_or(0, NonZeroU64::get) + u64::from(small.get()) + negative.get().unsigned_abs()
}

#[traced]
fn paths(path: &Path, owned: PathBuf, name: &OsStr, names: Vec<OsString>) -> usize {
    owned.join(path).join(name).iter().count() + names.len()
}

// Its bound can be proven: each of these types says how long its text can be.
#[traced(budget = "350")]
fn places(wait: Duration, host: IpAddr, peer: SocketAddr, id: NonZeroU64) -> bool {
    wait.is_zero() && host.is_loopback() && peer.port() == 80 && id.get() == 1
}

#[test]
fn integers_that_are_not_zero_are_integers() {
    let recording = Recording::start();
    let one = NonZeroU64::MIN;
    assert_eq!(numbers(NonZeroU8::MAX, NonZeroI64::MIN, Some(one), &[one, one]), (1 << 63) + 256);
    recording.spans().tree().assert_is(
        "numbers ok parameter.all=[1,1] parameter.negative=-9223372036854775808 parameter.small=255 parameter.some=1",
    );
}

#[test]
fn paths_are_text_without_quotes() {
    let recording = Recording::start();
    assert_eq!(paths(Path::new("b"), "/a b".into(), OsStr::new("c"), vec!["d".into()]), 5);
    recording.spans().tree().assert_is(
        r#"paths ok parameter.name="c" parameter.names=["d"] parameter.owned="/a b" parameter.path="b""#,
    );
}

#[test]
fn times_and_addresses_fit_a_budget() {
    let recording = Recording::start();
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    assert!(places(Duration::ZERO, local, SocketAddr::new(local, 80), NonZeroU64::MIN));
    recording.spans().tree().assert_is(
        r#"places ok parameter.host="127.0.0.1" parameter.id=1 parameter.peer="127.0.0.1:80" parameter.wait="0ns""#,
    );
}

#[derive(Capture)]
struct Node {
    depth: u32,
    next: Option<Box<Node>>,
}

#[traced]
fn walk(node: &Node) -> u32 {
    node.next.as_ref().map_or(node.depth, |next| next.depth)
}

#[test]
fn a_value_that_is_nested_without_end_is_shown_to_a_depth() {
    let recording = Recording::start();
    let mut list = Node { depth: 0, next: None };
    for depth in 1..20_000 {
        list = Node { depth, next: Some(Box::new(list)) };
    }
    assert_eq!(walk(&list), 19_998);
    recording
        .span("walk")
        .assert_attribute("parameter.node.depth", 19_999)
        .assert_attribute("parameter.node.next.depth", 19_998)
        .assert_attribute(&format!("parameter.node{}", ".next".repeat(16)), "<nested too deeply>");
    // Dropped one by one: a list of that length would overflow the stack in its own destructor.
    let mut rest = list.next.take();
    while let Some(mut node) = rest {
        rest = node.next.take();
    }
}

#[derive(Capture)]
struct Batch {
    #[capture(len)]
    rows: Option<Vec<u8>>,
    #[capture(len)]
    none: Option<String>,
    #[capture(len)]
    name: &'static str,
}

#[derive(Capture)]
struct Rows(#[capture(len)] Option<Vec<u8>>);

#[traced]
fn counts(batch: &Batch, rows: &Rows, none: Rows) -> usize {
    batch.name.len()
        + batch.none.iter().count()
        + batch.rows.iter().count()
        + rows.0.iter().count()
        + none.0.iter().count()
}

#[test]
fn the_length_of_an_option_is_that_of_what_is_in_it() {
    let recording = Recording::start();
    let batch = Batch { rows: Some(vec![1, 2]), none: None, name: "abc" };
    assert_eq!(counts(&batch, &Rows(Some(vec![1])), Rows(None)), 5);
    recording
        .spans()
        .tree()
        .assert_is("counts ok parameter.batch.name=3 parameter.batch.rows=2 parameter.rows=1");
}
