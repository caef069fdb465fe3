//! The console exporter on a terminal: lines as wide as that is, in colour unless the environment says no.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs::File;
use std::io::Read as _;
use std::process::Command;

use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// What the program prints on a terminal of that many columns.
fn printed(columns: u16, variables: &[(&str, &str)]) -> String {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo terminal");
    unlockpt(&ours).expect("its other end");
    let theirs = ioctl_tiocgptpeer(&ours, OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("its other end");
    let size = Winsize { ws_row: 25, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&theirs, size).expect("its size is set");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ends"));
    command.arg("console").env_clear().envs(variables.iter().copied()).stdout(theirs);
    let mut child = command.spawn().expect("it starts");
    // The last one with the other end open is the child.
    drop(command);
    let (mut text, mut terminal) = (Vec::new(), File::from(ours));
    // A terminal ends with an error when its other end is closed.
    let _ = terminal.read_to_end(&mut text);
    assert!(child.wait().expect("it has run").success());
    String::from_utf8(text).expect("text")
}

fn widest(text: &str) -> usize {
    text.lines().map(|line| line.trim_end().chars().count()).max().unwrap_or(0)
}

#[test]
fn lines_are_as_wide_as_the_terminal() {
    for columns in [60, 140] {
        let text = printed(columns, &[("NO_COLOR", "1")]);
        let (widest, columns) = (widest(&text), usize::from(columns));
        assert!(text.contains("marked"), "{text}");
        assert!((columns - 20..=columns).contains(&widest), "{widest} of {columns}: {text}");
    }
}

#[test]
fn the_environment_counts_before_the_terminal() {
    let text = printed(140, &[("NO_COLOR", "1"), ("COLUMNS", "60")]);
    assert!(widest(&text) <= 60, "{text}");
    assert!(!text.contains('\x1b'), "{text}");
    assert!(printed(140, &[]).contains('\x1b'));
}
