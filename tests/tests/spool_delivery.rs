//! The spool behind the sender: what could not be delivered waits on disk, for this process or for the next one.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use wirespan::export::Otlp;
use wirespan::{Builder, Spool};
use wirespan_tests::PATIENCE;
use wirespan_tests::delivery::{PROTOCOLS, Pipe, otlp};
use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Protocol, Receiver, Script};

/// A folder for one test, removed when it is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wirespan-spool-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    fn spool(&self) -> Spool {
        Spool::new(&self.0)
    }

    fn with(&self, builder: Builder) -> Builder {
        builder.spool(self.spool())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_a_process_could_not_deliver_the_next_one_does() {
    for protocol in PROTOCOLS {
        let folder = Folder::new(&format!("next-{protocol:?}"));
        let (receiver, run) = (Receiver::down(), Run::new(format!("spool {protocol:?}")));
        let pipe = Pipe::with(otlp(protocol, &receiver), |builder| folder.with(builder));
        run.record_on(4, 500);
        let report = pipe.flush(PATIENCE).expect("what is on disk is not lost");
        assert_eq!((report.spooled, report.delivered, report.pending), (2_000, 0, 0), "{report}");
        assert!(pipe.stats().spool_bytes > 2_000 * 100, "{:?}", pipe.stats());
        let report = pipe.shutdown(PATIENCE).expect("nothing is lost");
        assert_eq!((report.spooled, report.dropped.total()), (2_000, 0), "{report}");

        receiver.come_up();
        let pipe = Pipe::with(otlp(protocol, &receiver), |builder| folder.with(builder));
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
    let pipe = Pipe::with(small, |builder| folder.with(builder).buffer_bytes(4 << 20));
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
    let pipe = Pipe::with(otlp(Protocol::Grpc, &receiver), |builder| folder.with(builder));
    run.record_on(1, 300);
    let report = pipe.shutdown(Duration::from_millis(500)).expect("what is on disk is not lost");
    assert_eq!((report.spooled, report.dropped.total()), (300, 0), "{report}");
}

#[test]
fn a_folder_that_cannot_be_written_to_leaves_memory() {
    let folder = Folder::new("blocked");
    fs::write(&folder.0, "a file where the folder would be").expect("a file");
    let (receiver, run) = (Receiver::down(), Run::new("spool blocked"));
    let pipe = Pipe::with(otlp(Protocol::Http, &receiver), |builder| folder.with(builder));
    run.record_on(1, 100);
    let stats = pipe.stats_once(PATIENCE, |stats| stats.in_flight == 100);
    assert_eq!((stats.spooled, stats.dropped()), (0, 0), "{stats:?}");
    fs::remove_file(&folder.0).expect("it is there");
    receiver.come_up();
    pipe.stats_once(PATIENCE, |stats| stats.acknowledged == 100);
    run.judge(1, 100, &receiver.spans()).is_perfect();
}

#[test]
fn nothing_on_disk_says_where_it_was_to_go() {
    let folder = Folder::new("secrets");
    let (receiver, run) = (Receiver::down(), Run::new("spool secrets"));
    let secret = otlp(Protocol::Http, &receiver).header("x-api-key", "hunter2-canary");
    let pipe = Pipe::with(secret, |builder| folder.with(builder));
    run.record_on(1, 10);
    pipe.stats_once(PATIENCE, |stats| stats.spooled == 10);
    let mut bytes = Vec::new();
    for instance in fs::read_dir(&folder.0).expect("a folder") {
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
