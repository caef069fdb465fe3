//! The cursor: which frames of a folder are done, so that they are not sent again after a restart. A small file that is replaced
//! as a whole. Where it cannot be read, nothing is done: a frame is sent twice rather than never.

use std::collections::BTreeMap;

use super::frame::{u32_at, u64_at};

/// A cursor is never longer; ranges that have no room are sent again after a restart.
pub(super) const MAX_BYTES: usize = 64 * 1024;

const MAGIC: [u8; 8] = *b"\xf7WsCur\x00\x01";

/// What is done of one segment: ranges, by where they begin.
pub(super) type Done = BTreeMap<u64, u64>;

/// magic | salt | (segment, start, end)* | checksum
pub(super) fn encode(salt: u64, ranges: impl Iterator<Item = (u32, u64, u64)>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(salt.to_le_bytes());
    for (number, start, end) in ranges {
        if bytes.len() + 24 > MAX_BYTES {
            break;
        }
        bytes.extend(number.to_le_bytes());
        bytes.extend(start.to_le_bytes());
        bytes.extend(end.to_le_bytes());
    }
    let sum = crc32c::crc32c(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// What [`encode`] has written, by segment; `None` for anything else.
pub(super) fn decode(salt: u64, bytes: &[u8]) -> Option<BTreeMap<u32, Done>> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(4)?)?;
    let right = u32_at(sum, 0) == Some(crc32c::crc32c(body)) && u64_at(body, 8) == Some(salt);
    let ranges = body.strip_prefix(&MAGIC).filter(|_| right)?.get(8..)?;
    let mut done: BTreeMap<u32, Done> = BTreeMap::new();
    for range in ranges.chunks_exact(20) {
        let (number, start, end) = (u32_at(range, 0)?, u64_at(range, 4)?, u64_at(range, 12)?);
        if start < end {
            done.entry(number).or_default().insert(start, end);
        }
    }
    Some(done)
}
