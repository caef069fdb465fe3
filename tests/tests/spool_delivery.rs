//! The spool behind the sender: what could not be delivered waits on disk, for this process or for the next one.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use tonic::Code;
use wirespan::Spool;
use wirespan::export::Otlp;
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::folder::Folder;
use wirespan_tests::oracle::{Run, run_of};
use wirespan_tests::receiver::{Answer, Protocol, Receiver, Script, Wait};

#[test]
fn what_a_process_could_not_deliver_the_next_one_does() {
    for protocol in PROTOCOLS {
        let folder = Folder::new(&format!("next-{protocol:?}"));
        let (receiver, run) = (Receiver::down(), Run::new(format!("spool {protocol:?}")));
        let pipe = Pipe::with(otlp(protocol, &receiver), |builder| builder.spool(folder.spool()));
        run.record_on(4, 500);
        let report = pipe.flush(PATIENCE).expect("what is on disk is not lost");
        assert_eq!((report.spooled, report.delivered, report.pending), (2_000, 0, 0), "{report}");
        assert!(pipe.stats().spool_bytes > 2_000 * 100, "{:?}", pipe.stats());
        let report = pipe.shutdown(PATIENCE).expect("nothing is lost");
        assert_eq!((report.spooled, report.dropped.total()), (2_000, 0), "{report}");

        receiver.come_up();
        let pipe = Pipe::with(otlp(protocol, &receiver), |builder| builder.spool(folder.spool()));
        let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged == 2_000);
        assert_eq!(
            (stats.recovered, stats.started, stats.spooled, stats.dropped()),
            (2_000, 0, 0, 0),
            "{stats:?}"
        );
        run.judge(4, 500, &receiver.spans()).is_perfect();
    }
}

#[test]
fn an_outage_goes_to_disk_and_comes_back_while_the_program_runs() {
    let folder = Folder::new("outage");
    let (receiver, run) = (Receiver::start(), Run::new("spool outage"));
    let small = otlp(Protocol::Grpc, &receiver).queue_bytes(0);
    let pipe = Pipe::with(small, |builder| builder.spool(folder.spool()).buffer_bytes(4 << 20));
    receiver.go_down();
    for sequence in 0..40_000 {
        run.record(0, sequence);
        if sequence % 2_000 == 0 {
            thread::sleep(Duration::from_millis(20));
        }
    }
    let stats = pipe.stats_once(PATIENCE, |stats| stats.spooled == 40_000);
    assert_eq!(stats.dropped(), 0, "{stats:?}");
    receiver.come_up();
    let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged == 40_000);
    assert_eq!((stats.spooled, stats.dropped()), (0, 0), "{stats:?}");
    run.judge(1, 40_000, &receiver.spans()).is_complete();
}

/// T3, with 16 MiB for 256, and an outage of as many spans as do not fit into that, however long it takes.
#[test]
fn an_outage_beyond_the_bound_of_the_spool_loses_the_oldest_and_counts_them() {
    const BOUND: u64 = 16 << 20;
    const SPANS: u64 = 12_000;
    let folder = Folder::new("bound");
    let (receiver, old) = (Receiver::down(), Run::new("T3 old").of_bytes(4_000));
    let otlp = otlp(Protocol::Grpc, &receiver).max_in_flight(1);
    let spool = folder.spool().max_bytes(BOUND);
    let pipe = Pipe::with(otlp, |builder| builder.spool(spool));
    let mut most = 0;
    for sequence in 0..SPANS {
        old.record(0, sequence);
        if sequence % 250 == 0 {
            // No faster than the disk: what is lost is to be lost there.
            pipe.stats_once(PATIENCE, |stats| stats.queued + stats.in_flight == 0);
            most = folder.bytes().max(most);
        }
    }
    let stats = pipe.stats_once(PATIENCE, |stats| stats.queued + stats.in_flight == 0);
    let lost = stats.dropped.spool_full;
    assert_eq!((stats.spooled + lost, stats.dropped()), (SPANS, lost), "{stats:?}");
    assert!(lost > SPANS / 2 && stats.spooled > SPANS / 5, "the bound was passed, and used: {stats:?}");
    // A segment is an eighth of the bound; the rest is for cursors and heads.
    assert!(most <= BOUND + BOUND / 8 + (64 << 10), "{most} bytes");

    // What is new is not kept waiting by what is old, of which there are many requests.
    receiver.answer_by(Script::always(Answer::After(Duration::from_millis(50), Box::new(Answer::Take))));
    receiver.come_up();
    receiver.wait_for_requests(1, PATIENCE);
    let new = Run::new("T3 new");
    for sequence in 0..200 {
        new.record(0, sequence);
        thread::sleep(Duration::from_millis(1));
    }
    let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged == SPANS - lost + 200);
    assert_eq!((stats.spooled, stats.dropped()), (0, lost), "{stats:?}");
    let spans = receiver.spans();
    let (new_spans, old_spans): (Vec<_>, Vec<_>) =
        spans.iter().partition(|span| run_of(span) == Ok(new.name()));
    new.judge(1, 200, new_spans).is_complete();
    let arrived: BTreeSet<u64> =
        old_spans.iter().map(|span| old.mark(span).expect("nothing is corrupt").1).collect();
    assert!(arrived.into_iter().eq(lost..SPANS), "the oldest {lost} are those that are missing");
    let first_new = spans.iter().position(|span| run_of(span) == Ok(new.name())).expect("they arrived");
    let last_old = spans.iter().rposition(|span| run_of(span) == Ok(old.name())).expect("they arrived");
    assert!(first_new < last_old, "old and new go by turns: {first_new} of {last_old}");
}

/// T3: at five times the rate at which new spans come, at least, and these are not kept waiting.
#[test]
fn what_an_outage_left_on_disk_is_delivered_at_five_times_the_rate_at_which_new_spans_come() {
    const OLD: u64 = 30_000;
    const NEW: u64 = 500;
    let folder = Folder::new("rate");
    let (receiver, old, new) = (Receiver::down(), Run::new("T3 old"), Run::new("T3 new"));
    let pipe = Pipe::with(otlp(Protocol::Grpc, &receiver), |builder| builder.spool(folder.spool()));
    for sequence in 0..OLD {
        old.record(0, sequence);
        if sequence % 1_000 == 0 {
            pipe.stats_once(PATIENCE, |stats| stats.queued == 0);
        }
    }
    pipe.stats_once(PATIENCE, |stats| stats.spooled == OLD);
    receiver.come_up();
    receiver.wait_for_requests(1, PATIENCE);
    let start = Instant::now();
    let (mut made, mut drained) = (0, None);
    while made < NEW || drained.is_none() {
        // A thousand a second, as T3 has it.
        new.record(0, made);
        made += 1;
        thread::sleep(Duration::from_millis(1));
        if pipe.stats().spooled == 0 {
            drained.get_or_insert((start.elapsed(), made));
        }
        assert!(start.elapsed() < PATIENCE, "{:?}", pipe.stats());
    }
    let (took, meanwhile) = drained.expect("it was waited for");
    assert!(
        OLD > 5 * meanwhile,
        "{OLD} old spans went out while {meanwhile} new ones were made, in {took:?}"
    );
    let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged == OLD + made);
    assert_eq!(stats.dropped(), 0, "{stats:?}");
    let spans = receiver.spans();
    let (news, olds): (Vec<_>, Vec<_>) = spans.iter().partition(|span| run_of(span) == Ok(new.name()));
    old.judge(1, OLD, olds).is_complete();
    new.judge(1, made, news).is_complete();
}

/// T7, T10: also while the receiver does not let us in, or is not believed.
#[test]
fn what_is_not_to_be_sent_now_waits_on_disk() {
    let refuses = Receiver::with(Script::always(Answer::Refuse(401, Code::Unauthenticated, Wait::Unsaid)));
    let no_tls = Receiver::start();
    let https = no_tls.endpoint().replace("http://", "https://");
    for (name, receiver, endpoint) in [("denied", &refuses, refuses.endpoint()), ("tls", &no_tls, https)] {
        for protocol in PROTOCOLS {
            let folder = Folder::new(&format!("{name}-{protocol:?}"));
            let before = receiver.asked_at().len();
            let otlp = otlp(protocol, receiver).endpoint(endpoint.clone());
            let pipe = Pipe::with(otlp, |builder| builder.spool(folder.spool()));
            let run = Run::new(name);
            for batch in 0..5 {
                run.record_range(batch * 10..batch * 10 + 10);
                let report = pipe.flush(PATIENCE).expect("what is on disk is not lost");
                assert_eq!((report.delivered, report.pending), (0, 0), "{name} {protocol:?}: {report}");
            }
            let stats = pipe.stats();
            assert_eq!((stats.spooled, stats.dropped()), (50, 0), "{name} {protocol:?}: {stats:?}");
            assert!(receiver.asked_at().len() - before <= 1, "{name} {protocol:?}: at most once a minute");
        }
    }
}

#[test]
fn a_receiver_that_comes_and_goes_gets_everything() {
    let folder = Folder::new("flapping");
    let run = Run::new("spool flapping");
    let receiver =
        Receiver::with(Script::by(
            |asked| {
                if asked.number % 3 == 2 { Answer::Take } else { Answer::unavailable() }
            },
        ));
    let spool = folder.spool().write_through(true);
    let pipe = Pipe::with(otlp(Protocol::Http, &receiver), |builder| builder.spool(spool));
    for sequence in 0..2_000 {
        run.record(0, sequence);
        if sequence % 100 == 0 {
            thread::sleep(Duration::from_millis(5));
        }
    }
    let stats = pipe.stats_once(PATIENCE, |stats| stats.acknowledged == 2_000);
    assert_eq!((stats.spooled, stats.dropped()), (0, 0), "{stats:?}");
    run.judge(1, 2_000, &receiver.spans()).is_complete();
}

#[test]
fn a_shutdown_with_a_hanging_receiver_leaves_everything_on_disk() {
    let folder = Folder::new("hanging");
    let run = Run::new("spool hanging");
    let receiver = Receiver::with(Script::always(Answer::Hang));
    let pipe = Pipe::with(otlp(Protocol::Grpc, &receiver), |builder| builder.spool(folder.spool()));
    run.record_on(1, 300);
    let report = pipe.shutdown(Duration::from_secs(3)).expect("what is on disk is not lost");
    assert_eq!((report.spooled, report.dropped.total()), (300, 0), "{report}");
}

#[test]
fn a_folder_that_cannot_be_written_to_leaves_memory() {
    let folder = Folder::new("blocked");
    fs::write(&folder, "a file where the folder would be").expect("a file");
    let (receiver, run) = (Receiver::down(), Run::new("spool blocked"));
    let pipe = Pipe::with(otlp(Protocol::Http, &receiver), |builder| builder.spool(folder.spool()));
    run.record_on(1, 100);
    let stats = pipe.stats_once(PATIENCE, |stats| stats.in_flight == 100);
    assert_eq!((stats.spooled, stats.dropped()), (0, 0), "{stats:?}");
    fs::remove_file(&folder).expect("it is there");
    receiver.come_up();
    pipe.stats_once(PATIENCE, |stats| stats.acknowledged == 100);
    run.judge(1, 100, &receiver.spans()).is_perfect();
}

#[test]
fn nothing_on_disk_says_where_it_was_to_go() {
    let folder = Folder::new("secrets");
    let (receiver, run) = (Receiver::down(), Run::new("spool secrets"));
    let secret = otlp(Protocol::Http, &receiver).header("x-api-key", "hunter2-canary");
    let pipe = Pipe::with(secret, |builder| builder.spool(folder.spool()));
    run.record_on(1, 10);
    pipe.stats_once(PATIENCE, |stats| stats.spooled == 10);
    let mut bytes = Vec::new();
    for instance in fs::read_dir(&folder).expect("a folder") {
        let instance = instance.expect("an instance").path();
        for file in fs::read_dir(instance).expect("a folder") {
            bytes.extend(fs::read(file.expect("a file").path()).expect("it can be read"));
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("spool secrets"), "the spans are there");
    assert!(!text.contains("hunter2-canary") && !text.contains(&receiver.endpoint()), "{text}");
}

#[test]
fn a_spool_without_otlp_is_a_mistake_in_words() {
    let _turn = wirespan_tests::turn();
    let error = wirespan::builder()
        .no_exporter()
        .spool(Spool::new("/var/lib/shop"))
        .install()
        .expect_err("a mistake");
    assert!(error.is_configuration(), "{error}");
    assert!(
        error.to_string().contains("/var/lib/shop") && error.to_string().contains("Builder::otlp"),
        "{error}"
    );
    let error =
        wirespan::builder().otlp(Otlp::grpc()).spool(Spool::new("")).install().expect_err("a mistake");
    assert!(error.to_string().contains("empty path"), "{error}");
}
