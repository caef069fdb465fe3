//! The two processes of a case: the receiver and the child that makes the load, and what both said.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;
use std::{env, str};

use super::case::{Case, Pace, Protocol, Stack};
use super::{load, process, stacks};
use crate::{Error, Result};

/// The binaries of this package, which only cargo knows where to find.
#[derive(Debug, Clone, Copy)]
pub struct Binaries<'a> {
    /// `src/bin/export_receiver.rs`.
    pub receiver: &'a Path,
    /// `src/bin/export_stack.rs`.
    pub stack: &'a Path,
}

/// What a case came to.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Spans that were made.
    pub produced: u64,
    /// Spans that the receiver counted.
    pub delivered: u64,
    /// From the first span until nothing was left to deliver.
    pub seconds: f64,
    /// CPU time of the process in that time.
    pub cpu_ns: u64,
    /// Memory with the stack set up and no span made.
    pub idle_rss: u64,
    /// Memory at its highest.
    pub peak_rss: u64,
}

impl Outcome {
    /// Spans that did not arrive.
    pub fn lost(&self) -> u64 {
        self.produced.saturating_sub(self.delivered)
    }

    /// CPU time for each span that arrived, in nanoseconds; infinite when none did.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    pub fn cpu_ns_per_delivered(&self) -> f64 {
        self.cpu_ns as f64 / self.delivered as f64
    }

    /// Spans that arrived, for each second.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    pub fn per_second(&self) -> f64 {
        self.delivered as f64 / self.seconds
    }
}

/// All cases.
pub type Outcomes = BTreeMap<Case, Outcome>;

/// The child's side of a case: makes the load and returns what it has to print.
///
/// # Errors
/// When the stack cannot be set up, or says that it failed.
pub fn in_child(case: Case, spans: u32) -> Result<String> {
    let running = stacks::set_up(case, spans)?;
    let (idle_rss, _) = process::memory()?;
    let (start, cpu) = (Instant::now(), process::cpu_time());
    let produced = load::make(spans, case.pace, running.trace())?;
    running.finish()?;
    let cpu = process::cpu_time().saturating_sub(cpu).as_nanos();
    let seconds = start.elapsed().as_secs_f64();
    let (_, peak_rss) = process::memory()?;
    Ok(format!("{produced} {seconds} {cpu} {idle_rss} {peak_rss}"))
}

/// The parent's side: both processes of one case.
///
/// # Errors
/// When one of them fails.
pub fn case(binaries: Binaries<'_>, case: Case, spans: u32) -> Result<Outcome> {
    let mut receiver = Receiver::start(binaries.receiver)?;
    let port = receiver.port(case.protocol);
    let said = child(binaries.stack, case.stack, case.protocol, case.pace.name(), spans, port)?;
    let fields: Vec<&str> = said.split_whitespace().collect();
    let [produced, seconds, cpu_ns, idle_rss, peak_rss] = fields.as_slice() else {
        return Err(Error::from(format!("a child printed `{said}`")));
    };
    Ok(Outcome {
        produced: produced.parse()?,
        delivered: receiver.spans()?,
        seconds: seconds.parse()?,
        cpu_ns: cpu_ns.parse()?,
        idle_rss: idle_rss.parse()?,
        peak_rss: peak_rss.parse()?,
    })
}

/// Runs a child to its end, with a collector at `port`; what it printed.
///
/// # Errors
/// When it fails.
pub fn child(
    binary: &Path,
    stack: Stack,
    protocol: Protocol,
    load: &str,
    spans: u32,
    port: u16,
) -> Result<String> {
    let mut command = Command::new(binary);
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("OTEL_")) {
        command.env_remove(name);
    }
    let output = command
        .args([stack.name(), protocol.name(), load, &spans.to_string()])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{port}"))
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.variable())
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("OTEL_SERVICE_NAME", "wirespan-benches")
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{} ended with {}", stack.name(), output.status).into());
    }
    Ok(str::from_utf8(&output.stdout)?.trim().to_owned())
}

/// The receiver's process, which ends when this is dropped.
pub struct Receiver {
    process: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    ports: [u16; 2],
}

impl Receiver {
    /// Starts it and waits for its ports.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(binary: &Path) -> Result<Self> {
        let mut process = Command::new(binary).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (ask, answers) = process.stdin.take().zip(process.stdout.take()).ok_or("no pipe")?;
        let mut receiver = Self { process, ask, answers: BufReader::new(answers), ports: [0; 2] };
        let line = receiver.line()?;
        let (grpc, http) = line.split_once(' ').ok_or("the receiver printed no ports")?;
        receiver.ports = [grpc.parse()?, http.parse()?];
        Ok(receiver)
    }

    /// Where it listens.
    pub fn port(&self, protocol: Protocol) -> u16 {
        let [grpc, http] = self.ports;
        match protocol {
            Protocol::Grpc => grpc,
            Protocol::Http => http,
        }
    }

    /// Spans since it was asked last.
    fn spans(&mut self) -> Result<u64> {
        writeln!(self.ask)?;
        Ok(self.line()?.parse()?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads the arguments of a child: stack, protocol, what to do, spans.
///
/// # Errors
/// When they are others.
pub fn arguments(arguments: &[String]) -> Result<(Stack, Protocol, Load, u32)> {
    let [stack, protocol, load, spans] = arguments else {
        return Err("a child needs a stack, a protocol, a load and a number of spans".into());
    };
    let load = if load == super::dead::LOAD { Load::Timed } else { Load::At(load.parse()?) };
    Ok((stack.parse()?, protocol.parse()?, load, spans.parse()?))
}

/// What a child does.
#[derive(Debug, Clone, Copy)]
pub enum Load {
    /// Makes spans and delivers them.
    At(Pace),
    /// Times each call (`dead`).
    Timed,
}
