//! The recorder: what an installed pipeline shares between recording threads and the drain.
//!
//! There is at most one active recorder in a process. `active()` is the one load that an annotated function pays when
//! nothing is installed. Recorders are leaked on purpose (about 30 KiB for each `install` with the default buffer, nearly all
//! of it the queues of the pool): a span that is still open
//! when its pipeline shuts down keeps a valid reference, and no reference count is touched on the hot path.

mod ahead;
pub(crate) mod chunk;
pub(crate) mod control;
pub(crate) mod header;
pub(crate) mod ledger;
pub(crate) mod pool;
pub(crate) mod record;
pub(crate) mod recording;
pub(crate) mod sync;
#[cfg(test)]
mod tests;

use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};
use std::thread::Thread;
use std::time::{Duration, Instant};

use self::chunk::Writer;
use self::control::Control;
use self::ledger::Ledger;
use self::pool::Pool;
use self::record::flag;
use crate::clock::Clock;
use crate::filter::Gate;
use crate::foreign;
use crate::sample::RootSampler;
use crate::sample::tail::TailSampling;
use crate::setup::stats::Stats;
pub(crate) use crate::wire::copy;

static ACTIVE: AtomicPtr<Recorder> = AtomicPtr::new(ptr::null_mut());
/// Forks on the way from the first process to this one.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// What recording threads and the worker share.
pub(crate) struct Recorder {
    pub(crate) clock: Clock,
    pub(crate) pool: Pool,
    pub(crate) ledger: Ledger,
    /// Spans that other crates make through the OpenTelemetry API.
    pub(crate) foreign: foreign::Queue,
    pub(crate) control: Control,
    pub(crate) sampler: RootSampler,
    /// Which call sites are recorded.
    pub(crate) gate: Gate,
    /// Whether each recording span is attached to `opentelemetry::Context`.
    pub(crate) attach: bool,
    /// Whether a child of the innermost span starts without a look at anything else: there is no filter and nobody to ask, no request has
    /// attributes, no span is attached, and the clock is the processor's.
    plain: AtomicBool,
    /// Whether the sampler decides about spans with a parent in this process, too. Read only where the gate is not open.
    pub(crate) asks_for_all: bool,
    /// Which traces are kept when they are over; without it all are, and nothing is held.
    pub(crate) tail: Option<TailSampling>,
    /// The flags of a span that returned: status `OK`, or none.
    pub(crate) returned: u32,
    /// How long a thread waits where the buffer is full.
    patience: Option<Duration>,
    worker: OnceLock<Thread>,
    woken: AtomicBool,
    forks: u32,
}

impl Recorder {
    pub(crate) fn new(clock: Clock, pool: Pool, sampler: RootSampler, attach: bool, status_ok: bool) -> Self {
        Self {
            plain: AtomicBool::new(!attach && clock.is_counter()),
            clock,
            pool,
            ledger: Ledger::default(),
            foreign: foreign::Queue::default(),
            control: Control::default(),
            sampler,
            gate: Gate::default(),
            attach,
            asks_for_all: false,
            tail: None,
            returned: if status_ok { flag::STATUS_OK } else { 0 },
            patience: None,
            worker: OnceLock::new(),
            woken: AtomicBool::new(false),
            forks: FORKS.load(Ordering::Relaxed),
        }
    }

    /// Records only what `gate` lets pass.
    pub(crate) fn with_gate(self, gate: Gate) -> Self {
        let plain = self.plain.into_inner() && gate.is_open();
        Self { gate, plain: plain.into(), ..self }
    }

    /// Shuts the gate while spans are recorded. What follows on this thread, and on those that are told of it, finds it shut.
    pub(crate) fn shut_gate(&self) {
        self.gate.shut_now();
        self.plain.store(false, Ordering::Relaxed);
    }

    /// Whether spans start the short way.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_plain(&self) -> bool {
        self.plain.load(Ordering::Relaxed)
    }

    /// Asks the sampler about spans below a parent in this process, too. The gate is not open then, so that this costs nothing
    /// where it is not asked for.
    pub(crate) fn asking_for_all(self, all: bool) -> Self {
        if all {
            self.shut_gate();
        }
        Self { asks_for_all: all, ..self }
    }

    /// Holds traces until they are over.
    pub(crate) fn holding(self, tail: Option<TailSampling>) -> Self {
        Self { tail, ..self }
    }

    /// Where every span is.
    pub(crate) fn stats(&self) -> Stats {
        self.ledger.stats(&self.foreign)
    }

    /// A chunk in which a record of `size` bytes fits; waits for one where the program wants that.
    pub(crate) fn take(&self, size: usize) -> Option<Writer> {
        self.pool.take(size).or_else(|| self.take_later(size, Instant::now() + self.patience?))
    }

    /// For programs that would rather be slow than lose a span.
    #[cold]
    fn take_later(&self, size: usize, until: Instant) -> Option<Writer> {
        const BETWEEN_LOOKS: Duration = Duration::from_micros(500);
        while self.is_active() && Instant::now() < until {
            self.wake();
            std::thread::sleep(BETWEEN_LOOKS);
            if let Some(writer) = self.pool.take(size) {
                return Some(writer);
            }
        }
        None
    }

    /// Waits that long at most where there is no room.
    pub(crate) fn waiting(self, patience: Option<Duration>) -> Self {
        Self { patience, ..self }
    }

    /// Names the thread that [`wake`](Self::wake) wakes.
    pub(crate) fn set_worker(&self, thread: Thread) {
        // A second call cannot happen (one worker a recorder) and would change nothing.
        let _ = self.worker.set(thread);
    }

    /// Wakes the worker, once until it says [`awake`](Self::awake). Never waits.
    pub(crate) fn wake(&self) {
        // ORDERING: AcqRel, partner of the store in `awake`: of many callers one pays for the system call.
        if self.woken.swap(true, Ordering::AcqRel) {
            return;
        }
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }

    /// Whether someone has asked for the worker since it was last awake.
    pub(crate) fn is_woken(&self) -> bool {
        self.woken.load(Ordering::Acquire)
    }

    /// The worker is awake and will look at everything: later wakes count again.
    pub(crate) fn awake(&self) {
        self.woken.store(false, Ordering::Release);
    }

    /// Whether this process has installed it. That of a parent is not to be touched: its threads are not here, and what one of
    /// them had locked stays locked.
    pub(crate) fn is_ours(&self) -> bool {
        self.forks == FORKS.load(Ordering::Relaxed)
    }

    /// Whether this is the recorder that spans go to now.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_active(&self) -> bool {
        ptr::eq(ACTIVE.load(Ordering::Relaxed), self)
    }
}

/// The recorder that spans go to, if one is installed.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn active() -> Option<&'static Recorder> {
    // ORDERING: Acquire, partner of the store in `activate`: who sees the pointer sees what it points to.
    let recorder = ACTIVE.load(Ordering::Acquire);
    // SAFETY: the pointer is null or comes from `activate`, which takes a `&'static`.
    #[expect(unsafe_code, reason = "one atomic pointer to a leaked recorder; a lock would cost every call")]
    unsafe {
        recorder.as_ref()
    }
}

/// Makes `recorder` the active one; `false` when there already is one.
pub(crate) fn activate(recorder: &'static Recorder) -> bool {
    // ORDERING: AcqRel, partner of the load in `active`.
    ACTIVE
        .compare_exchange(
            ptr::null_mut(),
            ptr::from_ref(recorder).cast_mut(),
            Ordering::AcqRel,
            Ordering::Relaxed,
        )
        .is_ok()
}

/// Stops recording into `recorder`; spans that are open end into nothing, as the ledger says.
pub(crate) fn deactivate(recorder: &'static Recorder) {
    let _ = ACTIVE.compare_exchange(
        ptr::from_ref(recorder).cast_mut(),
        ptr::null_mut(),
        Ordering::AcqRel,
        Ordering::Relaxed,
    );
}

/// In the child of a fork: every recorder is the parent's.
#[cfg(unix)]
pub(crate) fn abandon() {
    FORKS.fetch_add(1, Ordering::Relaxed);
    ACTIVE.store(ptr::null_mut(), Ordering::Release);
}
