//! P10: a process under load forks, without `exec`. Nobody hangs, what the parent recorded arrives once, and so does what a child
//! recorded after it had set telemetry up; no two spans have one id.
//!
//! Twelve forks in each case; `WIRESPAN_FORKS=1000` says otherwise.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{Pipe, otlp};
use wirespan_tests::folder::Folder;
use wirespan_tests::oracle::{Run, run_of};
use wirespan_tests::receiver::{Protocol, Receiver};

/// Spans of each child, as `src/bin/forks.rs` has it.
const OF_CHILD: u64 = 50;

fn forks() -> String {
    std::env::var("WIRESPAN_FORKS").unwrap_or_else(|_| "12".to_owned())
}

#[test]
fn parents_and_children_deliver_what_is_theirs_once() {
    let folder = Folder::new("forks");
    for (protocol, spool) in [("grpc", "-"), ("http", "-"), ("grpc", folder.text()), ("http", folder.text())]
    {
        let receiver = Receiver::start();
        let output = Command::new(env!("CARGO_BIN_EXE_forks"))
            .args([protocol, &receiver.endpoint(), spool, &forks()])
            .env_clear()
            .stderr(Stdio::inherit())
            .output()
            .expect("it starts");
        assert!(output.status.success(), "{protocol} {spool}: {}", output.status);
        let said = String::from_utf8(output.stdout).expect("text");
        // Of the parent's two threads, and of the one that forks.
        let counts: Vec<u64> = said.split_whitespace().map(|count| count.parse().expect("numbers")).collect();
        let spans = receiver.spans();
        let mut ids = BTreeSet::new();
        let mut by_run: BTreeMap<&str, Vec<(u64, u64)>> = BTreeMap::new();
        let mut forked = 0;
        for span in &spans {
            assert!(ids.insert(&span.span_id), "two spans have the id of {span:?}");
            if span.name == "forking" {
                forked += 1;
                continue;
            }
            let run = run_of(span).expect("a run");
            by_run.entry(run).or_default().push(Run::new(run).mark(span).expect("nothing is corrupt"));
        }
        assert_eq!(Some(&forked), counts.last(), "a span that is open in both is the parent's");
        let parent: BTreeSet<_> = by_run.remove("parent").expect("the parent's").into_iter().collect();
        let expected =
            (0..).zip(&counts).flat_map(|(thread, count)| (0..*count).map(move |number| (thread, number)));
        assert!(parent.into_iter().eq(expected), "{protocol} {spool}: all of the parent's: {counts:?}");
        assert_eq!(by_run.len() as u64, forked);
        for (run, mut marks) in by_run {
            marks.sort_unstable();
            assert!(
                marks.into_iter().eq((0..OF_CHILD).map(|number| (0, number))),
                "{protocol} {spool}: {run}"
            );
        }
    }
}

#[test]
fn a_child_does_not_keep_the_parents_spool_from_who_comes_next() {
    let (folder, receiver) = (Folder::new("forks-held"), Receiver::down());
    let mut parent = Command::new(env!("CARGO_BIN_EXE_forks"))
        .args(["held", &receiver.endpoint(), folder.text()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = String::new();
    BufReader::new(parent.stdout.take().expect("a pipe")).read_line(&mut said).expect("a line");
    assert_eq!(said, "held\n");
    // The child ends when this is dropped.
    let childs_input = parent.stdin.take();
    parent.kill().expect("it runs");
    parent.wait().expect("it has run");
    receiver.come_up();
    let spool = folder.spool();
    let pipe = Pipe::with(otlp(Protocol::Http, &receiver), |builder| builder.spool(spool));
    let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged == 1);
    assert_eq!((stats.recovered, stats.spooled), (1, 0), "{stats:?}");
    drop(childs_input);
}
