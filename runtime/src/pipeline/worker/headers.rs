//! Says that headers of others were not taken, or of ours not sent: on the drain thread, since who reads a header has no time for it.
//! How many, and of which; never what was in them.

use crate::diagnose::{Kind::Headers, tell};
use crate::propagation::{Rejected, rejected};

/// What was looked at.
#[derive(Debug, Default)]
pub(super) struct Told(Rejected);

impl Told {
    /// Says something where there is more than at the last look. A sender that is not trusted is no mistake, and left out.
    pub(super) fn tell_of_new(&mut self) {
        let now = Rejected { untrusted: 0, ..rejected() };
        if now == self.0 {
            return;
        }
        self.0 = now;
        let Rejected { traceparent, tracestate, baggage, baggage_members, not_sent, .. } = now;
        tell(
            Headers,
            format_args!(
                "headers were not taken, or not sent, as they break the format or its limits; so far: {traceparent} \
                 traceparent, {tracestate} tracestate, {baggage} baggage, {baggage_members} members of baggage, {not_sent} \
                 not sent"
            ),
        );
    }
}
