//! Counts what the calling thread allocates.
//!
//! The count is one thread-local addition for each allocation, always on, so it is part of every figure of a stack that
//! allocates. Background threads count for themselves and are not looked at.
#![expect(
    unsafe_code,
    reason = "a global allocator is an unsafe trait; every call goes to the system's unchanged"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    // Needs neither initialisation nor a destructor, so it is there for every allocation of the thread's life.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, counting. A binary makes it its `#[global_allocator]`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counting;

/// How often this thread has allocated or grown an allocation; always zero where [`Counting`] is not the allocator.
pub fn count() -> u64 {
    ALLOCATIONS.get()
}

fn add_one() {
    ALLOCATIONS.set(ALLOCATIONS.get().wrapping_add(1));
}

// SAFETY: every method hands its arguments to `System`, whose contract is the same, and touches nothing but a counter that
// does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add_one();
        // SAFETY: the caller's promise about `layout` is the one that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add_one();
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        add_one();
        // SAFETY: `block` came from `System` through this allocator, with this `layout`.
        unsafe { System.realloc(block, layout, new_size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as in `realloc`.
        unsafe { System.dealloc(block, layout) }
    }
}
