//! One capture: takes the thread's buffer, lets the macro's code write into it, and puts it back.
//!
//! While a capture runs, the thread is *busy*: a traced function that user code calls (a `Debug` that calls one, say) is not
//! recorded, so nothing recurses and nobody else touches the buffer.

use super::output::Output;
use super::writer::Attributes;
use crate::callsite::Callsite;
use crate::thread::Thread;
use crate::wire::{encode, tag};

/// Kept free for what the span's ending adds: the status and the event of an error.
const RESERVED: usize = 1024;
/// Room for the attributes that say what was left out.
const NOTICE: usize = 256;

/// Records the parameters of the span that was entered last on this thread.
#[inline]
pub fn capture(callsite: &'static Callsite, write: impl FnOnce(&mut Attributes<'_>)) {
    Thread::with(|thread| {
        let Some(busy) = thread.become_busy() else { return };
        let mut out = begin(thread, callsite);
        write(&mut Attributes::new(&mut out, tag::SPAN_ATTRIBUTE));
        finish(thread, callsite, out);
        drop(busy);
    });
}

#[inline]
fn begin(thread: &Thread, callsite: &'static Callsite) -> Output {
    let bytes = thread.buffer.take();
    let max_span = callsite.options.max_span as usize;
    let reserved = if max_span >= 4 * RESERVED { RESERVED + NOTICE } else { 0 };
    let end = thread.base.get() + max_span - reserved;
    Output {
        bytes,
        max_value: callsite.options.max_value as usize,
        end,
        value_end: end,
        spent: false,
        cut_list: None,
        structured: false,
    }
}

#[inline]
fn finish(thread: &Thread, callsite: &'static Callsite, mut out: Output) {
    if out.structured {
        thread.structured.set(true);
    }
    if out.spent || out.cut_list.is_some() {
        notice(&mut out, callsite);
    }
    thread.top.set(out.bytes.len());
    thread.buffer.set(out.bytes);
}

/// Says on the span itself that something was left out, and why.
#[cold]
fn notice(out: &mut Output, callsite: &'static Callsite) {
    let reason = match out.cut_list {
        _ if out.spent => format!("Total size exceeded {} bytes", callsite.options.max_span),
        Some((key, kept, all)) => {
            // The key field is a tag, a length of one byte (two from 128 on) and the key.
            let key = String::from_utf8_lossy(key.get(if key.len() < 130 { 2 } else { 3 }..).unwrap_or_default());
            format!("{key}: {kept} of {all} items kept")
        }
        None => return,
    };
    encode::bool_attribute(&mut out.bytes, tag::SPAN_ATTRIBUTE, "parameters.truncated", true);
    encode::string_attribute(&mut out.bytes, tag::SPAN_ATTRIBUTE, "parameters.truncated_reason", &reason);
}
