//! What the load program says it has recorded: a line for each call, which is two spans.
//!
//! The line is written while both spans are open, so that a program that is killed has said so before a receiver can see
//! them; the spans of a line may be missing then, a span without a line may not be there.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::PoisonError;

/// A call of `functions::request`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The run's name, without white space.
    pub run: String,
    /// The thread's number.
    pub thread: u64,
    /// The call's number in its thread.
    pub sequence: u64,
    /// How long its text is.
    pub bytes: usize,
    /// Hexadecimal digits.
    pub trace_id: String,
    /// The outer span.
    pub request: String,
    /// The span inside it.
    pub step: String,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, thread, sequence, bytes, trace_id, request, step } = self;
        write!(f, "{run} {thread} {sequence} {bytes} {trace_id} {request} {step}")
    }
}

impl FromStr for Sent {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let words: Vec<&str> = line.split(' ').collect();
        let [run, thread, sequence, bytes, trace_id, request, step] = words[..] else {
            return Err(format!("expected 7 words: {line}"));
        };
        let number = |word: &str| word.parse().map_err(|_| format!("`{word}` is no number: {line}"));
        if (trace_id.len(), request.len(), step.len()) != (32, 16, 16) {
            return Err(format!("identifiers of 32, 16 and 16 digits are expected: {line}"));
        }
        Ok(Self {
            run: run.to_owned(),
            thread: number(thread)?,
            sequence: number(sequence)?,
            bytes: number(bytes)?.try_into().map_err(|_| format!("too long: {line}"))?,
            trace_id: trace_id.to_owned(),
            request: request.to_owned(),
            step: step.to_owned(),
        })
    }
}

/// The file of such lines, shared by the threads.
#[derive(Debug)]
pub struct Log(Mutex<File>);

impl Log {
    /// Appends to the file at `path`.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub fn append(path: &Path) -> io::Result<Self> {
        Ok(Self(Mutex::new(OpenOptions::new().create(true).append(true).open(path)?)))
    }

    /// Writes a line, by one call.
    ///
    /// # Panics
    ///
    /// When it cannot be written: nothing could be compared then.
    pub fn write(&self, sent: &Sent) {
        let line = format!("{sent}\n");
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes()).expect("the log of what is sent can be written");
    }
}
