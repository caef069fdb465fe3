//! The receiver of a soak, as a process of its own: what it keeps is no memory of the process that is looked at.
//!
//! `soak receiver <run>` writes its endpoint, then obeys a word a line: `flap <round>` changes what goes wrong, `steady` takes
//! everything from now on, `count` answers how many spans arrived, how many of them twice, and which of the first thread's. It ends with its input.

use std::io::{BufRead, BufReader, Lines, Write, stdin};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use wirespan_tests::oracle::Run;
use wirespan_tests::receiver::{Answer, Receiver, Script, Wait};

use crate::THREADS;

/// The process, as its parent sees it.
pub(crate) struct Collector {
    child: Child,
    orders: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
    endpoint: String,
}

/// What arrived: each span once, those that came again, and the first of the first thread's and what would be next to its last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) arrived: u64,
    pub(crate) twice: u64,
    pub(crate) first: u64,
    pub(crate) next: u64,
}

impl Collector {
    /// Starts it for a run. Nobody listens at its endpoint yet.
    pub(crate) fn start(run: &Run) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .args(["receiver", run.name()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the receiver starts");
        let orders = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let endpoint = answers.next().expect("it says its endpoint").expect("it is text");
        Self { child, orders, answers, endpoint }
    }

    /// Where it listens.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Changes what goes wrong.
    pub(crate) fn flap(&mut self, round: u64) {
        self.order(&format!("flap {round}"));
    }

    /// Takes everything from now on.
    pub(crate) fn steady(&mut self) {
        self.order("steady");
    }

    /// What arrived so far.
    pub(crate) fn count(&mut self) -> Count {
        let answer = self.order("count");
        let mut numbers = answer.split(' ').map(|number| number.parse().expect("a number"));
        let mut next = || numbers.next().expect("four numbers");
        Count { arrived: next(), twice: next(), first: next(), next: next() }
    }

    fn order(&mut self, words: &str) -> String {
        writeln!(self.orders.as_ref().expect("open until dropped"), "{words}").expect("the receiver runs");
        self.answers.next().expect("it answers").expect("it is text")
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.child.wait();
    }
}

/// What the process does.
pub(crate) fn run(name: &str) {
    let receiver = Receiver::down();
    let mut seen = Seen::new(Run::new(name));
    println!("{}", receiver.endpoint());
    for order in stdin().lines() {
        let order = order.expect("it is text");
        // Looked at often, so that this process stays small, too.
        seen.take(&receiver);
        match order.split_once(' ') {
            Some(("flap", round)) => flap(&receiver, round.parse().expect("a number")),
            None if order == "steady" => {
                receiver.go_down();
                receiver.answer_by(Script::always(Answer::Take));
                receiver.come_up();
            }
            _ => assert_eq!(order, "count", "there is no other order"),
        }
        let Count { arrived, twice, first, next } = seen.count;
        println!("{arrived} {twice} {first} {next}");
    }
}

/// What goes wrong next: everything that may pass, and now and then nothing.
fn flap(receiver: &Receiver, round: u64) {
    let millis = Duration::from_millis;
    let answers = [
        Answer::Take,
        Answer::unavailable(),
        Answer::ResetRequest(500),
        Answer::ResetResponse(5),
        Answer::Take.after(millis(100)),
        Answer::HalfClose(5),
        Answer::Hang,
        Answer::GoAway,
        Answer::Take.after(millis(400)),
        Answer::Refuse(503, tonic::Code::Unavailable, Wait::Seconds(1)),
        Answer::TakeAndGoAway,
    ];
    match round % 4 {
        0 => receiver.go_down(),
        1 => receiver.come_up(),
        _ => {}
    }
    let index = usize::try_from(round).unwrap_or(0) % answers.len();
    let answer = answers.get(index).cloned().unwrap_or(Answer::Take);
    // Every third request comes through, so that there is always some progress.
    receiver.answer_by(Script::by(
        move |asked| {
            if asked.number % 3 == 2 { Answer::Take } else { answer.clone() }
        },
    ));
}

/// Which spans of a run arrived: a bit for each.
struct Seen {
    run: Run,
    bits: [Vec<u64>; THREADS],
    count: Count,
}

impl Seen {
    fn new(run: Run) -> Self {
        Self {
            run,
            bits: Default::default(),
            count: Count { arrived: 0, twice: 0, first: u64::MAX, next: 0 },
        }
    }

    /// Looks at what arrived, and forgets it.
    fn take(&mut self, receiver: &Receiver) {
        for span in receiver.take_spans() {
            let (thread, sequence) = self.run.mark(&span).expect("a span is as it was recorded");
            let bits = usize::try_from(thread).ok().and_then(|thread| self.bits.get_mut(thread));
            let bits = bits.expect("there is such a thread");
            let word = usize::try_from(sequence / 64).expect("it fits");
            if bits.len() <= word {
                bits.resize(word + 1, 0);
            }
            let word = bits.get_mut(word).expect("it is there now");
            let bit = 1 << (sequence % 64);
            if *word & bit == 0 {
                self.count.arrived += 1;
            } else {
                self.count.twice += 1;
            }
            *word |= bit;
            if thread == 0 {
                self.count.first = self.count.first.min(sequence);
                self.count.next = self.count.next.max(sequence + 1);
            }
        }
    }
}
