//! The hand-over with its orderings taken away: every store is relaxed. The model must find that out.

pub(crate) mod sync {
    //! As the sound one, but for `AtomicUsize::store`.

    pub(crate) use crate::sync::{Arc, Ordering, Track};

    pub(crate) struct AtomicUsize(loom::sync::atomic::AtomicUsize);

    impl AtomicUsize {
        pub(crate) fn new(value: usize) -> Self {
            Self(loom::sync::atomic::AtomicUsize::new(value))
        }

        pub(crate) fn store(&self, value: usize, _: Ordering) {
            self.0.store(value, Ordering::Relaxed);
        }

        pub(crate) fn load(&self, ordering: Ordering) -> usize {
            self.0.load(ordering)
        }
    }
}

use super::{ahead, copy, header};

#[path = "../../../runtime/src/recorder/chunk.rs"]
#[allow(dead_code, reason = "the model needs only a part of it")]
pub(crate) mod chunk;

use chunk::{Chunk, activate};
use header::Header;
use sync::Arc;

#[derive(Clone, Copy)]
struct Bare(u64);

#[expect(unsafe_code, reason = "the promise that the header knows the length of its body")]
// SAFETY: no body is ever appended with it.
unsafe impl Header for Bare {
    fn body_len(&self) -> usize {
        0
    }
}

#[test]
#[should_panic(expected = "Causality violation")]
fn relaxed_stores_are_found_out() {
    crate::check(|| {
        let (mut writer, mut reader) = activate(Arc::new(Chunk::new(size_of::<Bare>())));
        let thread = loom::thread::spawn(move || assert!(writer.append([&[], &[]], || Bare(7))));
        reader.refresh();
        if let Some((bare, _)) = reader.next::<Bare>() {
            assert_eq!(bare.0, 7);
        }
        thread.join().unwrap();
    });
}
