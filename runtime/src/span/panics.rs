//! What is known of a panic while it unwinds: message and place, which only the panic hook is told.
//!
//! The hook is installed once, when the first pipeline is, in front of the program's own, which it always calls, except for
//! a panic in user code that runs on our behalf (a `Debug` of a parameter): that one is caught, must not be reported as the
//! program's, and must not trigger a hook that ends the process.

use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use crate::capture::buffer;
use crate::capture::output::FloorCharBoundary;
use crate::thread::State;

/// Bytes of a panic's message that are kept.
const MAX_MESSAGE: usize = 8 * 1024;

/// A panic that may be unwinding through spans of this thread.
#[derive(Debug)]
pub(crate) struct PanicNote {
    /// The innermost span in which it was raised.
    pub(crate) span_id: [u8; 8],
    pub(crate) message: Option<String>,
    /// File, line and column.
    pub(crate) location: Option<(String, u32, u32)>,
}

/// Puts our hook in front of the program's, once in a process.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    // Hooks cannot be changed while this thread panics.
    if std::thread::panicking() {
        return;
    }
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !note(info) {
                previous(info);
            }
        }));
    });
}

/// Keeps what the panic says; `true` when it is one that we catch ourselves.
fn note(info: &PanicHookInfo<'_>) -> bool {
    let message = message(info);
    let location = info.location().map(|at| (at.file().to_owned(), at.line(), at.column()));
    State::with(|state| {
        if buffer::is_busy() {
            // Nothing can be caught where panics abort: then the program's hook has the last word.
            return cfg!(panic = "unwind");
        }
        if let Some(span_id) =
            state.current().filter(|frame| frame.core.is_sampled()).map(|frame| frame.core.record.span_id)
        {
            state.panic = Some(Box::new(PanicNote { span_id, message, location }));
        }
        false
    })
    .unwrap_or(false)
}

fn message(info: &PanicHookInfo<'_>) -> Option<String> {
    let payload = info.payload();
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))?;
    if text.len() <= MAX_MESSAGE {
        return Some(text.to_owned());
    }
    let marker = format!("... (truncated, original size: {} bytes)", text.len());
    let keep = text.floor_char_boundary_compat(MAX_MESSAGE - marker.len());
    text.get(..keep).map(|start| start.to_owned() + &marker)
}
