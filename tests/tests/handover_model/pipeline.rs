//! What stands around the hand-over in the models: the drain, and a worker that is asked for a flush or the end. They follow
//! `runtime/src/pipeline/worker.rs` and `runtime/src/setup/telemetry.rs`, which cannot be compiled against loom.

use std::time::Duration;

use loom::thread;

use crate::chunk::Reader;
use crate::control::{Control, End};
use crate::pool::Pool;
use crate::sync::{Arc, Condvar, Mutex};

/// Longer than any model runs: time never decides.
pub(crate) const FOR_EVER: Duration = Duration::from_secs(1_000_000);

/// The drain: what the worker's pass does.
#[derive(Default)]
pub(crate) struct Drain {
    pub(crate) active: Vec<Reader>,
    pub(crate) seen: Vec<u32>,
}

impl Drain {
    pub(crate) fn pass(&mut self, pool: &Pool) {
        while let Some(reader) = pool.next_active() {
            self.active.push(reader);
        }
        let mut index = 0;
        while let Some(reader) = self.active.get_mut(index) {
            self.seen.extend(crate::read(reader));
            if reader.is_finished() {
                pool.recycle(self.active.swap_remove(index));
            } else {
                index += 1;
            }
        }
    }

    pub(crate) fn sorted(mut self) -> Vec<u32> {
        self.seen.sort_unstable();
        self.seen
    }
}

/// What `thread::unpark` and `thread::park` are to the real worker. Loom's lose an `unpark` that meets a thread which waits
/// for a lock.
#[derive(Default)]
struct Bell(Mutex<bool>, Condvar);

impl Bell {
    fn ring(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }

    fn wait(&self) {
        let mut rung = self.0.lock().unwrap();
        while !std::mem::take(&mut *rung) {
            rung = self.1.wait(rung).unwrap();
        }
    }
}

/// A pipeline with a worker, which ends after its first request.
#[derive(Default)]
pub(crate) struct Pipeline {
    control: Control,
    bell: Bell,
    seen: Mutex<Vec<u32>>,
}

impl Pipeline {
    fn work(&self, pool: &Pool) {
        let mut drain = Drain::default();
        loop {
            let request = self.control.pending();
            drain.pass(pool);
            self.seen.lock().unwrap().append(&mut drain.seen);
            if request.flush || request.end.is_some() {
                self.control.complete(request);
                return;
            }
            self.bell.wait();
        }
    }

    /// What the drain has read so far.
    pub(crate) fn seen(&self) -> Vec<u32> {
        self.seen.lock().unwrap().clone()
    }

    /// Asks for a flush or the end; `meanwhile` runs before the answer is waited for.
    pub(crate) fn request(&self, end: bool, meanwhile: impl FnOnce()) {
        let number = self.control.request(end.then(|| End::within(FOR_EVER)));
        self.bell.ring();
        meanwhile();
        assert!(self.control.wait(number, FOR_EVER));
    }
}

/// Starts the worker of a pipeline.
pub(crate) fn start(pool: &Arc<Pool>) -> (Arc<Pipeline>, thread::JoinHandle<()>) {
    let pipeline = Arc::new(Pipeline::default());
    let (pool, worker) = (Arc::clone(pool), Arc::clone(&pipeline));
    (pipeline, thread::spawn(move || worker.work(&pool)))
}
