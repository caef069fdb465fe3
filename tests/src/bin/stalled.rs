//! A program whose spool is to lie on a file system that fails, and now and then does not answer at all, as NFS does.
//!
//! `stalled <endpoint> <folder>`: mounts such a file system at the folder by FUSE, in a mount namespace that is this program's own, and
//! starts itself as `stalled <endpoint> <folder> program`, which says on standard output what the file system is to do (`hang`, `fail`),
//! and is told when a call hangs. What became of the spans goes to standard error. The two are processes of their own: a thread that
//! hangs ends when nobody serves the file system any more, and not before.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "the test that started it reads what it prints"
)]
#![expect(unsafe_code, reason = "`mount` and `umount2` are C's")]

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _, stdin};
use std::os::fd::AsRawFd as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use wirespan::export::Otlp;
use wirespan::{Error, Spool};
use wirespan_tests::oracle::Run;

/// Spans of each step.
const STEP: u64 = 100;
const DEADLINE: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [endpoint, folder] => serve(endpoint, folder),
        [endpoint, folder, _] => program(endpoint, folder),
        _ => println!("expected an endpoint and a folder"),
    }
}

/// What is asked of the file system and not answered, while it hangs.
struct Asked {
    hangs: bool,
    held: Vec<u64>,
}

fn serve(endpoint: &str, folder: &str) {
    let fuse = OpenOptions::new().read(true).write(true).open("/dev/fuse").expect("FUSE");
    mount(&fuse, folder);
    let asked = Mutex::new(Asked { hangs: true, held: Vec::new() });
    let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
        .args([endpoint, folder, "program"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut tell = child.stdin.take().expect("a pipe");
    let orders = BufReader::new(child.stdout.take().expect("a pipe"));
    thread::scope(|scope| {
        scope.spawn(|| {
            for order in orders.lines().map_while(Result::ok) {
                let mut asked = asked.lock().expect("nobody panics");
                asked.hangs = order == "hang";
                if !asked.hangs {
                    asked.held.drain(..).for_each(|unique| answer(&fuse, unique));
                }
                if order == "end" {
                    break;
                }
            }
            // With that the file system is gone, and every call that hangs fails; also where the program has panicked.
            end(folder);
            let status = child.wait().expect("it has run");
            std::process::exit(i32::from(!status.success()));
        });
        let mut request = vec![0; 1 << 20];
        // It ends when the file system does, and then the process.
        while let Ok(length) = (&fuse).read(&mut request) {
            let word = |at: usize| request.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
            let (head, unique) =
                (word(0).map_or(0, u64::from_le_bytes), word(8).map_or(0, u64::from_le_bytes));
            assert!(length >= 40, "a request has a head");
            let mut asked = asked.lock().expect("nobody panics");
            match head >> 32 {
                INIT => begin(&fuse, unique),
                FORGET | FORGET_MANY | INTERRUPT => {}
                _ if asked.hangs => {
                    asked.held.push(unique);
                    let _ = writeln!(tell, "hangs");
                }
                _ => answer(&fuse, unique),
            }
        }
    });
}

/// Of the protocol's requests, these are no calls of a program's.
const INIT: u64 = 26;
const FORGET: u64 = 2;
const FORGET_MANY: u64 = 42;
const INTERRUPT: u64 = 36;

fn mount(fuse: &File, folder: &str) {
    let options = format!("fd={},rootmode=40000,user_id=0,group_id=0", fuse.as_raw_fd());
    let text = |text: &str| CString::new(text).expect("there is no zero in it");
    let (folder, kind, options) = (text(folder), text("fuse"), text(&options));
    // SAFETY: all of them are texts that end.
    let failed = unsafe {
        libc::mount(kind.as_ptr(), folder.as_ptr(), kind.as_ptr(), libc::MS_NOSUID, options.as_ptr().cast())
    };
    assert_eq!(failed, 0, "{}", std::io::Error::last_os_error());
}

/// Ends the connection to the file system, also if somebody has it open.
fn end(folder: &str) {
    let folder = CString::new(folder).expect("there is no zero in it");
    // SAFETY: it is a text that ends.
    unsafe { libc::umount2(folder.as_ptr(), libc::MNT_FORCE) };
}

/// An answer's head, and what is behind it.
fn reply(mut fuse: &File, unique: u64, error: i32, body: &[u32]) {
    let length = u32::try_from(16 + 4 * body.len()).expect("it is short");
    let mut bytes = Vec::new();
    bytes.extend(length.to_le_bytes());
    bytes.extend(error.to_le_bytes());
    bytes.extend(unique.to_le_bytes());
    for word in body {
        bytes.extend(word.to_le_bytes());
    }
    // Who asked may be gone.
    let _ = fuse.write_all(&bytes);
}

/// Version 7.31, nothing that may be left out, and writes of 64 KiB.
fn begin(fuse: &File, unique: u64) {
    let mut body = [0; 16];
    let [major, minor, _, _, _, max_write, ..] = &mut body;
    (*major, *minor, *max_write) = (7, 31, 64 << 10);
    reply(fuse, unique, 0, &body);
}

fn answer(fuse: &File, unique: u64) {
    reply(fuse, unique, -libc::EIO, &[]);
}

/// Says what the file system is to do from now on; waits until a call hangs.
fn order(word: &str) {
    println!("{word}");
    if word == "hang" {
        stdin().read_line(&mut String::new()).expect("a line");
    }
}

/// Runs that, and says what it did and how long it took.
fn timed(step: &str, act: impl FnOnce() -> String) {
    let start = Instant::now();
    let what = act();
    eprintln!("{step}: {what} ms={}", start.elapsed().as_millis());
}

fn program(endpoint: &str, folder: &str) {
    let builder = || {
        wirespan::builder()
            .no_metrics()
            .no_logs()
            .flush_interval(Duration::from_millis(20))
            .otlp(Otlp::http().endpoint(endpoint))
            .spool(Spool::new(Path::new(folder).join("spool")).write_through(true))
    };
    let mut installed = None;
    timed("install", || {
        installed = builder().install().ok();
        format!("installed={}", u8::from(installed.is_some()))
    });
    let telemetry = installed.expect("it is");
    let run = Run::new("P7");
    let record = |step: u64| run.record_range(step * STEP..(step + 1) * STEP);
    let said = |result: Result<wirespan::Report, Error>| {
        let (result, is_timeout) = match &result {
            Ok(report) => (Some(report), 0),
            Err(error) => (error.report(), u8::from(error.is_timeout())),
        };
        let report = result.expect("there is a report");
        let (delivered, pending, dropped) = (report.delivered, report.pending, report.dropped.total());
        format!("timeout={is_timeout} delivered={delivered} pending={pending} dropped={dropped}")
    };
    for step in 0..2 {
        order("hang");
        timed("record-hangs", || {
            record(step);
            String::new()
        });
        timed("flush-hangs", || said(telemetry.flush(DEADLINE)));
        order("fail");
        timed("flush-fails", || said(telemetry.flush(PATIENCE)));
    }
    order("hang");
    record(2);
    let stats = telemetry.stats();
    assert!(stats.is_balanced(), "{stats:?}");
    timed("shutdown-hangs", || said(telemetry.shutdown(DEADLINE)));
    order("end");
}
