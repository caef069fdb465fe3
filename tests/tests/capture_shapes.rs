//! Options of types that only display or debug, and values that are nested without end.

#![allow(clippy::ref_option, reason = "such parameters are what is looked at")]
use std::net::Ipv4Addr;
use std::path::PathBuf;

use wirespan::testing::Recording;
use wirespan::{Capture, traced};

#[traced]
fn options(
    address: Option<Ipv4Addr>,
    path: Option<PathBuf>,
    no_address: Option<Ipv4Addr>,
    no_path: Option<PathBuf>,
    by_reference: &Option<PathBuf>,
    no_reference: &Option<PathBuf>,
) -> usize {
    let owned = [address.is_some(), no_address.is_some(), path.is_some(), no_path.is_some()];
    owned.into_iter().filter(|some| *some).count()
        + usize::from(by_reference.is_some() || no_reference.is_some())
}

#[test]
fn an_option_shows_its_value_or_nothing_whatever_shows_the_value() {
    let recording = Recording::start();
    let path = || Some(PathBuf::from("a/b"));
    assert_eq!(options(Some(Ipv4Addr::LOCALHOST), path(), None, None, &path(), &None), 3);
    recording.spans().tree().assert_is(
        r#"options ok parameter.address="127.0.0.1" parameter.by_reference="\"a/b\"" parameter.path="\"a/b\"""#,
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
