//! Options of types that only display or debug, and values that are nested without end.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use wirespan::{Capture, traced};
use wirespan_tests::{install, text};

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
    let installed = install();
    let path = || Some(PathBuf::from("a/b"));
    assert_eq!(options(Some(Ipv4Addr::LOCALHOST), path(), None, None, &path(), &None), 3);
    let span = installed.span("options");
    assert_eq!(text(&span, "parameter.address").as_deref(), Some("127.0.0.1"));
    assert_eq!(text(&span, "parameter.path").as_deref(), Some("\"a/b\""));
    assert_eq!(text(&span, "parameter.by_reference").as_deref(), Some("\"a/b\""));
    for left_out in ["no_address", "no_path", "no_reference"] {
        assert_eq!(text(&span, &format!("parameter.{left_out}")), None, "{left_out}");
    }
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
    let installed = install();
    let mut list = Node { depth: 0, next: None };
    for depth in 1..20_000 {
        list = Node { depth, next: Some(Box::new(list)) };
    }
    assert_eq!(walk(&list), 19_998);
    let span = installed.span("walk");
    assert_eq!(text(&span, "parameter.node.depth").as_deref(), Some("19999"));
    assert_eq!(text(&span, "parameter.node.next.depth").as_deref(), Some("19998"));
    let deepest = format!("parameter.node{}", ".next".repeat(16));
    assert_eq!(text(&span, &deepest).as_deref(), Some("<nested too deeply>"));
    // Dropped one by one: a list of that length would overflow the stack in its own destructor.
    let mut rest = list.next.take();
    while let Some(mut node) = rest {
        rest = node.next.take();
    }
}
