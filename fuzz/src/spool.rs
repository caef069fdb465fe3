//! The spool's reader: bytes as a cursor, as a segment, and as changes of a segment that was written well.
//!
//! Every byte is in one piece, the pieces are in order, and of a segment that was changed no frame comes that was not written.

#[path = "../../runtime/src/spool/cursor.rs"]
mod cursor;
#[path = "../../runtime/src/spool/frame.rs"]
mod frame;

use frame::{Head, Piece, Pieces, SEGMENT_HEAD, head, payload_length, segment_head};

const SALT: u64 = 0x0123_4567_89ab_cdef;

pub(crate) fn read(bytes: &[u8]) {
    drop(cursor::decode(SALT, bytes));
    let _ = (Head::of(bytes), payload_length(bytes));
    pieces(bytes, |_| {});

    let mut segment = segment_head(1, SALT).to_vec();
    let written: Vec<Vec<u8>> = (0..8).map(|number| vec![number; usize::from(number) * 20]).collect();
    for payload in &written {
        let head = head(SALT, segment.len() as u64, 1, 1, payload);
        segment.extend(head);
        segment.extend(payload);
    }
    // Each three bytes: where, and what is put there.
    for change in bytes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % segment.len();
        segment[at] = change[2];
    }
    pieces(&segment[SEGMENT_HEAD..], |payload| assert!(written.iter().any(|one| one == payload)));
}

fn pieces(bytes: &[u8], mut each: impl FnMut(&[u8])) {
    let mut at = SEGMENT_HEAD as u64;
    for piece in Pieces::new(bytes, at, SALT) {
        let (Piece::Frame { start, end, .. } | Piece::Damage { start, end }) = piece;
        assert!(start == at && start < end);
        at = end;
        if let Piece::Frame { payload, .. } = piece {
            each(payload);
        }
    }
    assert_eq!(at, (SEGMENT_HEAD + bytes.len()) as u64);
}
