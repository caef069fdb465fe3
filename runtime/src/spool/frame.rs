//! Frames and the head of a segment, as bytes. Reading here takes any bytes: they may be damaged, or made up by somebody.
//!
//! A frame's checksum covers a number that is the folder's alone and the frame's place. So a frame that somebody put into an
//! attribute, or that was copied to another place, is none, also where a reader looks for the next frame behind damage.

/// Bytes in front of a frame's payload: magic, version, kind, two zeros, spans, length, checksum.
pub(crate) const FRAME_HEAD: usize = 20;
/// Bytes of a segment's head: magic, version, zeros, when it was made, salt, checksum.
pub(crate) const SEGMENT_HEAD: usize = 32;
/// A payload that claims to be longer is forged.
pub(crate) const MAX_PAYLOAD: usize = 16 * 1024 * 1024;

const FRAME_MAGIC: [u8; 4] = *b"\xf7WsF";
const SEGMENT_MAGIC: [u8; 8] = *b"\xf7WsSpool";
const VERSION: u8 = 1;
/// Looking for a frame behind damage may checksum this many times the bytes there are. Then the rest is given up: a file that
/// was made for it would take hours.
const PATIENCE: usize = 4;

/// What stands in front of a payload.
pub(crate) fn head(salt: u64, offset: u64, kind: u8, spans: u32, payload: &[u8]) -> [u8; FRAME_HEAD] {
    let mut head = [0; FRAME_HEAD];
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let fields = FRAME_MAGIC
        .into_iter()
        .chain([VERSION, kind, 0, 0])
        .chain(spans.to_le_bytes())
        .chain(length.to_le_bytes());
    for (byte, field) in head.iter_mut().zip(fields) {
        *byte = field;
    }
    let sum = checksum(salt, offset, head.get(..16).unwrap_or_default(), payload);
    for (byte, sum) in head.iter_mut().skip(16).zip(sum.to_le_bytes()) {
        *byte = sum;
    }
    head
}

/// A segment's own number beside the folder's: so a file that is renamed is still known.
pub(super) fn segment_salt(folder: u64, number: u32) -> u64 {
    folder.wrapping_add(u64::from(number))
}

/// Which segment of the folder has this salt.
pub(super) fn number_of_salt(folder: u64, salt: u64) -> Option<u32> {
    u32::try_from(salt.wrapping_sub(folder)).ok()
}

/// The first bytes of a segment.
pub(crate) fn segment_head(created_ms: u64, salt: u64) -> [u8; SEGMENT_HEAD] {
    let mut head = [0; SEGMENT_HEAD];
    let fields = SEGMENT_MAGIC
        .into_iter()
        .chain([VERSION, 0, 0, 0])
        .chain(created_ms.to_le_bytes())
        .chain(salt.to_le_bytes());
    for (byte, field) in head.iter_mut().zip(fields) {
        *byte = field;
    }
    let sum = crc32c::crc32c(head.get(..28).unwrap_or_default());
    for (byte, sum) in head.iter_mut().skip(28).zip(sum.to_le_bytes()) {
        *byte = sum;
    }
    head
}

/// What the head of a segment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    Known {
        created_ms: u64,
        salt: u64,
    },
    /// Of a version that is not known here. Every version begins with the magic, the version, and ends its head as this one.
    Newer,
    Damaged,
}

impl Head {
    pub(crate) fn of(segment: &[u8]) -> Self {
        let sum = u32_at(segment, 28);
        let right = segment.get(..28).is_some_and(|head| Some(crc32c::crc32c(head)) == sum);
        if !right || !segment.starts_with(&SEGMENT_MAGIC) {
            return Self::Damaged;
        }
        match (segment.get(8), u64_at(segment, 12), u64_at(segment, 20)) {
            (Some(&VERSION), Some(created_ms), Some(salt)) => Self::Known { created_ms, salt },
            (Some(_), ..) => Self::Newer,
            (None, ..) => Self::Damaged,
        }
    }
}

/// Of a segment, a frame or what is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Frame { start: u64, end: u64, kind: u8, spans: u32, payload: &'a [u8] },
    Damage { start: u64, end: u64 },
}

/// The pieces of a part of a segment, in order, each byte in one of them.
pub(crate) struct Pieces<'a> {
    bytes: &'a [u8],
    /// Where in the segment the bytes begin.
    base: u64,
    salt: u64,
    at: usize,
    patience: usize,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(bytes: &'a [u8], base: u64, salt: u64) -> Self {
        let patience = bytes.len().saturating_mul(PATIENCE);
        Self { bytes, base, salt, at: 0, patience }
    }

    /// The frame that begins here.
    fn frame(&mut self, at: usize) -> Option<(Piece<'a>, usize)> {
        let bytes = self.bytes.get(at..)?;
        let length = payload_length(bytes)?;
        let frame = bytes.get(..FRAME_HEAD + length)?;
        self.patience = self.patience.checked_sub(frame.len())?;
        let (head, payload) = frame.split_at_checked(FRAME_HEAD)?;
        let start = self.base + at as u64;
        if Some(checksum(self.salt, start, head.get(..16)?, payload)) != u32_at(head, 16) {
            return None;
        }
        let end = start + frame.len() as u64;
        let piece = Piece::Frame { start, end, kind: *head.get(5)?, spans: u32_at(head, 8)?, payload };
        Some((piece, at + frame.len()))
    }

    /// The next place at which a frame begins.
    fn next_frame(&mut self) -> usize {
        let mut at = self.at + 1;
        while let Some(rest) = self.bytes.get(at..).filter(|_| self.patience > 0) {
            let Some(found) = rest.windows(FRAME_MAGIC.len()).position(|window| window == FRAME_MAGIC) else {
                break;
            };
            at += found;
            if self.frame(at).is_some() {
                return at;
            }
            at += 1;
        }
        self.bytes.len()
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.at >= self.bytes.len() {
            return None;
        }
        if let Some((piece, end)) = self.frame(self.at) {
            self.at = end;
            return Some(piece);
        }
        let end = self.next_frame();
        let piece = Piece::Damage { start: self.base + self.at as u64, end: self.base + end as u64 };
        self.at = end;
        Some(piece)
    }
}

/// How long the payload of the frame is that begins here, if one does.
pub(crate) fn payload_length(frame: &[u8]) -> Option<usize> {
    let known = frame.starts_with(&FRAME_MAGIC) && frame.get(4) == Some(&VERSION);
    let length = usize::try_from(u32_at(frame, 12)?).ok()?;
    (known && length <= MAX_PAYLOAD).then_some(length)
}

/// Whether these bytes begin as a frame does, as far as they go.
pub(super) fn is_begun(frame: &[u8]) -> bool {
    frame.iter().zip(FRAME_MAGIC).all(|(byte, magic)| *byte == magic) && frame.len() < FRAME_HEAD
        || payload_length(frame).is_some()
}

fn checksum(salt: u64, offset: u64, head: &[u8], payload: &[u8]) -> u32 {
    let sum = crc32c::crc32c(&salt.to_le_bytes());
    let sum = crc32c::crc32c_append(sum, &offset.to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c_append(sum, head), payload)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
