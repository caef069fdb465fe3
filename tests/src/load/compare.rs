//! Span by span: what was received of what was sent, and whether that agrees with what the sender says of itself.

use std::collections::HashMap;
use std::fmt;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;

use super::expected::{CLOCK, Part, bytes, check, check_source};
use super::ledger::Ledger;
use super::sent::Sent;

/// What may be received although a perfect delivery has none of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowed {
    /// A span twice: its first delivery was not acknowledged in time.
    pub duplicates: bool,
    /// A last line that is not whole: its writer was killed.
    pub torn: bool,
    /// Spans that no ledger has: their sender was killed.
    pub killed: bool,
}

/// What was received of what was sent.
#[derive(Debug, Default)]
pub struct Account {
    sent: HashMap<Vec<u8>, (Sent, Part)>,
    /// How often each was received, and what it was the first time.
    received: HashMap<Vec<u8>, (u64, Span)>,
    corrupted: Vec<String>,
    foreign: Vec<String>,
    torn: Vec<String>,
}

impl Account {
    /// Of these calls nothing is received so far.
    pub fn new(sent: Vec<Sent>) -> Self {
        let mut account = Self::default();
        for sent in sent {
            account.sent.insert(bytes(&sent.request), (sent.clone(), Part::Request));
            account.sent.insert(bytes(&sent.step), (sent, Part::Step));
        }
        account
    }

    /// Takes in a file of OTLP-JSON lines.
    pub fn add(&mut self, file: &str) {
        for line in file.split_inclusive('\n') {
            match serde_json::from_str::<ExportTraceServiceRequest>(line) {
                Ok(request) => self.add_request(request),
                Err(error) if !line.ends_with('\n') && error.is_eof() => self.torn.push(error.to_string()),
                Err(error) => self.corrupted.push(format!("a line that is no request: {error}")),
            }
        }
    }

    fn add_request(&mut self, request: ExportTraceServiceRequest) {
        for resource in request.resource_spans {
            for scope in resource.scope_spans {
                let source = check_source(resource.resource.as_ref(), scope.scope.as_ref());
                for span in scope.spans {
                    self.add_span(span, &source);
                }
            }
        }
    }

    fn add_span(&mut self, span: Span, source: &Result<(), String>) {
        let Some((sent, part)) = self.sent.get(&span.span_id) else {
            self.foreign.push(format!("{} {:02x?}", span.name, span.span_id));
            return;
        };
        if let Err(difference) = source.clone().and_then(|()| check(sent, *part, &span)) {
            self.corrupted.push(format!("{part:?} of `{sent}`: {difference}"));
        }
        self.received.entry(span.span_id.clone()).or_insert((0, span)).0 += 1;
    }

    /// Spans that were sent.
    pub fn sent(&self) -> u64 {
        self.sent.len() as u64
    }

    /// Spans that were received, each counted once.
    pub fn received(&self) -> u64 {
        self.received.len() as u64
    }

    /// Spans that were sent and not received.
    pub fn lost(&self) -> u64 {
        self.sent() - self.received()
    }

    /// Spans that were received beyond their first time.
    pub fn duplicated(&self) -> u64 {
        self.received.values().map(|(times, _)| times - 1).sum()
    }

    /// Inner spans that do not lie in the outer one's time.
    fn outside(&self) -> Vec<String> {
        let mut outside = Vec::new();
        for (_, step) in self.received.values() {
            let Some((_, request)) = self.received.get(&step.parent_span_id) else { continue };
            let (from, to) = (request.start_time_unix_nano, request.end_time_unix_nano);
            if step.start_time_unix_nano + CLOCK < from || step.end_time_unix_nano > to + CLOCK {
                outside.push(format!("{:02x?} is not within its parent", step.span_id));
            }
        }
        outside
    }

    /// What does not hold; nothing when all is well.
    ///
    /// Whatever was acknowledged was received, whatever was not received is counted as lost, and what was received is what was
    /// sent. A span that was received may be counted as lost all the same: its acknowledgement did not come back.
    pub fn problems(&self, ledger: Ledger, allowed: Allowed) -> Vec<String> {
        let mut problems = Vec::new();
        let mut require = |holds: bool, problem: String| {
            if !holds {
                problems.push(problem);
            }
        };
        let Ledger { started, delivered, left, .. } = ledger;
        let (sent, received, lost) = (self.sent(), self.received(), self.lost());
        require(sent > 0, "nothing was sent".to_owned());
        require(allowed.killed || started == sent, format!("{started} started, {sent} are in the log"));
        require(left == 0, format!("{left} are left undelivered"));
        require(ledger.is_balanced(), format!("the ledger is no sum: {ledger}"));
        let counted = ledger.undelivered();
        require(allowed.killed || lost <= counted, format!("{lost} are lost, {counted} are counted as such"));
        require(received >= delivered, format!("{delivered} were acknowledged, {received} received"));
        require(allowed.duplicates || self.duplicated() == 0, format!("{} came twice", self.duplicated()));
        for (what, list) in [
            ("differ", &self.corrupted),
            ("were never sent", &self.foreign),
            ("do not fit", &self.outside()),
            ("lines are torn", if allowed.torn { const { &Vec::new() } } else { &self.torn }),
        ] {
            let first = list.first().map_or("", String::as_str);
            require(list.is_empty(), format!("{} {what}: {first}", list.len()));
        }
        problems
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sent, received, lost) = (self.sent(), self.received(), self.lost());
        write!(f, "sent={sent} received={received} lost={lost} duplicated={}", self.duplicated())?;
        let (corrupted, foreign) = (self.corrupted.len(), self.foreign.len());
        write!(f, " corrupted={corrupted} foreign={foreign} torn={}", self.torn.len())
    }
}
