//! One capture: takes the thread's buffer, lets the macro's code write into it, and puts it back.
//!
//! While a capture runs, the thread is *busy*: a traced function that user code calls (a `Debug` that calls one, say) is not
//! recorded, so nothing recurses and nobody else touches the buffer.

use super::attributes::Attributes;
use super::output::Output;
use crate::callsite::Callsite;
use crate::thread::State;
use crate::wire::{encode, tag};

/// Kept free for what the span's ending adds: the status and the event of an error.
const RESERVED: usize = 1024;
/// Room for the attributes that say what was left out.
const NOTICE: usize = 256;

/// Records the parameters of the span that was entered last on this thread.
#[inline]
pub fn capture(callsite: &'static Callsite, write: impl FnOnce(&mut Attributes<'_>)) {
    if let Some(mut session) = Session::begin(callsite) {
        if let Some(out) = &mut session.output {
            write(&mut Attributes::new(out, tag::SPAN_ATTRIBUTE));
        }
        session.end();
    }
}

/// The thread's buffer, taken out until this is dropped.
struct Session {
    output: Option<Box<Output>>,
    callsite: &'static Callsite,
}

impl Session {
    #[inline(never)]
    fn begin(callsite: &'static Callsite) -> Option<Self> {
        State::with(|state| {
            let base = state.current()?.base;
            let mut output = state.output.take()?;
            let max_span = callsite.options.max_span as usize;
            let reserved = if max_span >= 4 * RESERVED { RESERVED + NOTICE } else { 0 };
            output.begin(base + max_span - reserved, callsite.options.max_value as usize);
            Some(Self { output: Some(output), callsite })
        })
        .flatten()
    }

    #[inline]
    fn end(self) {
        drop(self);
    }
}

impl Drop for Session {
    #[inline(never)]
    fn drop(&mut self) {
        let Some(mut output) = self.output.take() else { return };
        if output.spent || output.cut_list.is_some() || output.cut_fields.is_some() {
            notice(&mut output, self.callsite);
        }
        State::with(|state| {
            if let (true, Some(frame)) = (output.structured, state.frames.last_mut()) {
                frame.structured = true;
            }
            state.output = Some(output);
        });
    }
}

/// Says on the span itself that something was left out, and why.
#[cold]
fn notice(out: &mut Output, callsite: &'static Callsite) {
    let reason = match (out.cut_list, out.cut_fields) {
        _ if out.spent => format!("Total size exceeded {} bytes", callsite.options.max_span),
        (Some((key, kept, all)), _) => format!("{}: {kept} of {all} items kept", key.text()),
        (None, Some(key)) => format!("{}: fields left out", key.text()),
        (None, None) => return,
    };
    encode::bool_attribute(&mut out.bytes, tag::SPAN_ATTRIBUTE, "parameters.truncated", true);
    encode::string_attribute(&mut out.bytes, tag::SPAN_ATTRIBUTE, "parameters.truncated_reason", &reason);
}
