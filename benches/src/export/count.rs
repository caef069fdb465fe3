//! How many spans an `ExportTraceServiceRequest` has, read without decoding it: lengths are followed, nothing is looked at.

/// `resource_spans`, `scope_spans` and `spans` have this number, each in the message around it.
const RESOURCE_SPANS: u64 = 1;
const SCOPE_SPANS: u64 = 2;
const SPANS: u64 = 2;

/// The number of spans; `None` when the bytes are no such message.
pub fn spans(request: &[u8]) -> Option<u64> {
    let mut count = 0;
    each(request, RESOURCE_SPANS, &mut |resource| {
        each(resource, SCOPE_SPANS, &mut |scope| {
            each(scope, SPANS, &mut |_| {
                count += 1;
                Some(())
            })
        })
    })?;
    Some(count)
}

/// Calls `found` with every field of this number that has a length; skips all others.
fn each(mut message: &[u8], number: u64, found: &mut dyn FnMut(&[u8]) -> Option<()>) -> Option<()> {
    while !message.is_empty() {
        let tag = varint(&mut message)?;
        let skipped = match tag & 7 {
            0 => {
                varint(&mut message)?;
                0
            }
            1 => 8,
            2 => {
                let size = usize::try_from(varint(&mut message)?).ok()?;
                let value = message.get(..size)?;
                if tag >> 3 == number {
                    found(value)?;
                }
                size
            }
            5 => 4,
            _ => return None,
        };
        message = message.get(skipped..)?;
    }
    Some(())
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
