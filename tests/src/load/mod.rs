//! Spans whose every byte is known beforehand, and the comparison of what a receiver wrote with what was sent.
//!
//! `src/bin/load.rs` records them and says in a file which ones ([`sent`]); the Collector, or whoever receives them, writes
//! OTLP-JSON lines; `src/bin/compare.rs` reads both ([`compare`]) and looks at each span ([`expected`]): run, thread and
//! sequence say what it has to be. `collector/e2e.sh` starts these programs.

pub mod compare;
pub mod expected;
pub mod functions;
pub mod ledger;
pub mod sent;

/// The text that the span of this thread and number carries, `bytes` long (up to three less, at a character's border).
///
/// It has in it what encodings get wrong: quotes, backslashes, control characters, several bytes to a character.
pub fn text_of(run: &str, thread: u64, sequence: u64, bytes: usize) -> String {
    const PIECES: [&str; 16] =
        ["a", "Z", "0", " ", "\"", "\\", "\n", "\t", "/", "<&>", "ü", "€", "𝄞", "\u{7f}", "\u{1}", "{}"];
    let mut random = checksum(&format!("{run} {thread} {sequence}")).unsigned_abs() | 1;
    let mut text = String::with_capacity(bytes);
    loop {
        // Xorshift: the same in every process, unlike a hasher of the standard library.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let piece = PIECES.get(usize::try_from(random >> 60).unwrap_or(0)).unwrap_or(&"a");
        if text.len() + piece.len() > bytes {
            return text;
        }
        text.push_str(piece);
    }
}

/// FNV-1a of 64 bits.
pub fn checksum(text: &str) -> i64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    i64::from_ne_bytes(sum.to_ne_bytes())
}
