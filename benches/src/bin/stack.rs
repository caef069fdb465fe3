//! Bytes of stack that a call takes, bare and traced: what a recursion that fits in its stack may lose by being traced.
//!
//! Usage: `cargo run --release -p wirespan-benches --bin stack`.
#![expect(clippy::print_stdout, reason = "a program that people run")]

use std::hint::black_box;

use wirespan::traced;

const CALLS: usize = 1_000;

/// Defines a recursion that yields the address of a local variable of its innermost call.
macro_rules! recursion {
    ($name:ident $(, #[$attribute:meta])?) => {
        #[inline(never)]
        $(#[$attribute])?
        fn $name(left: usize, tag: &str) -> usize {
            let here = black_box(left);
            if here == 0 { address(&here) } else { black_box($name(left - 1, tag)) + black_box(0) }
        }
    };
}

recursion!(bare);
recursion!(traced_call, #[traced]);

fn address(local: &usize) -> usize {
    std::ptr::from_ref(black_box(local)).addr()
}

/// Bytes of stack for each call.
fn each(recursion: fn(usize, &str) -> usize) -> usize {
    let of = |calls| recursion(calls, black_box("a tag of sixteen"));
    (of(0) - of(CALLS)) / CALLS
}

fn main() -> Result<(), wirespan::Error> {
    println!("bare            {:>4} bytes a call", each(bare));
    println!("traced, off     {:>4} bytes a call", each(traced_call));
    let telemetry = wirespan::builder().exporter(wirespan::MemoryExporter::new()).install()?;
    println!("traced          {:>4} bytes a call", each(traced_call));
    drop(telemetry);
    Ok(())
}
