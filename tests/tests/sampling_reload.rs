//! The sampler is replaced while the program runs: at once, without waiting, and without a trace in two minds.

#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use wirespan::opentelemetry::trace::{Link, SpanKind};
use wirespan::opentelemetry::{Context, KeyValue, TraceId};
use wirespan::opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};
use wirespan::traced;
use wirespan_tests::{PATIENCE, install, install_with, text};

#[traced]
fn root() {
    child();
    child();
}

#[traced]
fn child() {}

/// Keeps everything, says which one it is, and counts how many of it are left.
#[derive(Debug)]
struct Numbered {
    number: i64,
    live: Arc<AtomicUsize>,
    panics_when_dropped: bool,
}

impl Numbered {
    fn new(number: i64, live: &Arc<AtomicUsize>) -> Self {
        live.fetch_add(1, Ordering::SeqCst);
        Self { number, live: Arc::clone(live), panics_when_dropped: false }
    }
}

impl Clone for Numbered {
    fn clone(&self) -> Self {
        let mut clone = Self::new(self.number, &self.live);
        clone.panics_when_dropped = self.panics_when_dropped;
        clone
    }
}

impl Drop for Numbered {
    fn drop(&mut self) {
        self.live.fetch_sub(1, Ordering::SeqCst);
        assert!(!self.panics_when_dropped, "in the destructor of a sampler");
    }
}

impl ShouldSample for Numbered {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let result = Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links);
        SamplingResult { attributes: vec![KeyValue::new("sampler", self.number)], ..result }
    }
}

#[test]
fn a_sampler_that_is_set_decides_from_the_next_root_on() {
    let telemetry = install();
    root();
    telemetry.telemetry().set_sampler(Sampler::AlwaysOff);
    root();
    let handle = telemetry.telemetry().sampler();
    thread::spawn(move || handle.set(Sampler::AlwaysOn)).join().expect("no panic");
    root();
    assert_eq!(telemetry.spans().len(), 6);
}

#[test]
fn a_trace_that_was_decided_stays_as_it_is() {
    #[traced]
    fn around(set: impl FnOnce()) {
        set();
        child();
    }
    let telemetry = install();
    around(|| telemetry.telemetry().set_sampler(Sampler::AlwaysOff));
    assert_eq!(telemetry.spans().len(), 2);
    around(|| telemetry.telemetry().set_sampler(Sampler::AlwaysOn));
    assert_eq!(telemetry.spans().len(), 2);
}

#[test]
fn samplers_are_replaced_under_load_from_eight_threads() {
    const ROOTS: usize = 3_000;
    let live = Arc::new(AtomicUsize::new(0));
    let telemetry = install_with(|builder| builder.sampler(Numbered::new(0, &live)));
    let done = AtomicBool::new(false);
    let set = thread::scope(|scope| {
        let setter = scope.spawn(|| {
            let mut number = 0;
            while !done.load(Ordering::Relaxed) {
                number += 1;
                telemetry.telemetry().set_sampler(Numbered::new(number, &live));
                thread::yield_now();
            }
            number
        });
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| (0..ROOTS).for_each(|_| root()))).collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
        done.store(true, Ordering::Relaxed);
        setter.join().expect("no panic")
    });
    let spans = telemetry.take();
    assert_eq!(spans.len(), 8 * ROOTS * 3);
    let mut by = HashMap::<String, usize>::new();
    for span in spans.iter().filter(|span| span.name == "root") {
        *by.entry(text(span, "sampler").expect("a sampler signed")).or_default() += 1;
    }
    assert!(by.values().sum::<usize>() == 8 * ROOTS && by.len() > 1 && set > 1, "{by:?} of {set}");
    // The next root goes by the last one, and none but that is left in memory.
    root();
    let last: i64 =
        text(&telemetry.span("root"), "sampler").and_then(|text| text.parse().ok()).expect("signed");
    assert_eq!(last, set);
    assert_eq!(live.load(Ordering::SeqCst), 1);
}

/// Does not answer before it is let.
#[derive(Debug, Clone)]
struct Slow {
    asked: mpsc::SyncSender<()>,
    answers: Arc<std::sync::Mutex<mpsc::Receiver<()>>>,
}

impl ShouldSample for Slow {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        self.asked.send(()).expect("somebody listens");
        self.answers.lock().expect("not poisoned").recv_timeout(PATIENCE).expect("an answer");
        Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

#[test]
fn setting_a_sampler_does_not_wait_for_one_that_takes_its_time() {
    let ((asked, was_asked), (answer, answers)) = (mpsc::sync_channel(1), mpsc::sync_channel(1));
    let slow = Slow { asked, answers: Arc::new(std::sync::Mutex::new(answers)) };
    let telemetry = install_with(|builder| builder.sampler(slow));
    thread::scope(|scope| {
        scope.spawn(root);
        was_asked.recv_timeout(PATIENCE).expect("it is asked");
        // The other sampler is at work now, and nobody has answered it.
        telemetry.telemetry().set_sampler(Sampler::AlwaysOff);
        root();
        assert_eq!(telemetry.spans().len(), 0);
        answer.send(()).expect("it waits");
    });
    assert_eq!(telemetry.spans().len(), 3, "what it was asked about goes by its answer");
}

#[test]
fn a_sampler_that_panics_when_it_is_dropped_hurts_nobody() {
    let live = Arc::new(AtomicUsize::new(0));
    let mut sampler = Numbered::new(1, &live);
    sampler.panics_when_dropped = true;
    let telemetry = install_with(|builder| builder.sampler(sampler));
    root();
    telemetry.telemetry().set_sampler(Sampler::AlwaysOn);
    root();
    assert_eq!(telemetry.spans().len(), 6);
    assert_eq!(live.load(Ordering::SeqCst), 0);
}

#[test]
fn setting_a_sampler_where_telemetry_is_over_does_nothing() {
    let telemetry = install();
    let handle = telemetry.telemetry().sampler();
    drop(telemetry);
    handle.set(Sampler::AlwaysOff);
    let telemetry = install();
    root();
    assert_eq!(telemetry.spans().len(), 3, "another pipeline has another sampler");
}
