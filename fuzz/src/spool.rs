//! The spool's reader: bytes as a cursor, as a segment, and as changes of a segment that was written well.
//!
//! Every byte is in one piece and the pieces are in order. Of a segment that was changed no frame comes that was not written, and
//! each one comes that was not changed.

use std::ops::Range;

#[path = "../../runtime/src/spool/cursor.rs"]
mod cursor;
#[path = "../../runtime/src/spool/frame.rs"]
mod frame;

use frame::{Head, Piece, Pieces, SEGMENT_HEAD, head, payload_length, segment_head};

const SALT: u64 = 0x0123_4567_89ab_cdef;

/// With more changes than this, what was changed may look like more frames than the reader has patience to checksum.
const FEW: usize = 12;

pub(crate) fn read(bytes: &[u8]) {
    drop(cursor::decode(SALT, bytes));
    let _ = (Head::of(bytes), payload_length(bytes));
    pieces(bytes);

    let mut written = segment_head(1, SALT).to_vec();
    let frames: Vec<Range<usize>> = (0..8u8)
        .map(|number| {
            let (start, payload) = (written.len(), vec![number; usize::from(number) * 20]);
            written.extend(head(SALT, start as u64, 1, 1, &payload));
            written.extend(payload);
            start..written.len()
        })
        .collect();
    // How much is cut off, and each three bytes: where, and what is put there.
    let Some((cut, changes)) = bytes.split_first() else { return };
    let mut segment = written.clone();
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % segment.len();
        segment[at] = change[2];
    }
    segment.truncate((segment.len() - usize::from(*cut)).max(SEGMENT_HEAD));

    let read = pieces(&segment[SEGMENT_HEAD..]);
    for frame in &read {
        assert!(
            frames.contains(frame) && segment[frame.clone()] == written[frame.clone()],
            "{frame:?} was not written"
        );
    }
    let intact = frames.iter().filter(|frame| segment.get((*frame).clone()) == written.get((*frame).clone()));
    if changes.len() / 3 <= FEW {
        assert!(read.iter().eq(intact), "all that is as it was written, in order, once: {read:?}");
    }
}

/// Where the frames are that the reader finds.
fn pieces(bytes: &[u8]) -> Vec<Range<usize>> {
    let (mut at, mut frames) = (SEGMENT_HEAD as u64, Vec::new());
    for piece in Pieces::new(bytes, at, SALT) {
        let (Piece::Frame { start, end, .. } | Piece::Damage { start, end }) = piece;
        assert!(start == at && start < end);
        at = end;
        if let Piece::Frame { payload, .. } = piece {
            let range = start as usize..end as usize;
            assert!(bytes[..range.end - SEGMENT_HEAD].ends_with(payload));
            frames.push(range);
        }
    }
    assert_eq!(at, (SEGMENT_HEAD + bytes.len()) as u64);
    frames
}
