//! What is proven at compile time: how many bytes each captured value can take at most, and how many a future takes.

use super::Capture;
use super::value::REDACTED;
use std::marker::PhantomData;

/// `Bound::<T>::MAX` is `T::MAX_ENCODED` where `T: Capture`; otherwise [`UnknownBound`] answers.
#[derive(Debug)]
pub struct Bound<T: ?Sized>(PhantomData<T>);

impl<T: Capture + ?Sized> Bound<T> {
    /// The most bytes of an encoded value.
    pub const MAX: usize = T::MAX_ENCODED;
}

/// The bound of a type that does not say one.
pub trait UnknownBound {
    /// Only the limit of a value bounds it.
    const MAX: usize = usize::MAX;
}

impl<T: ?Sized> UnknownBound for Bound<T> {}

/// Bytes of tags and lengths around a key and a value: two tags, two lengths of at most 4 bytes (below 256 MiB).
const AROUND: usize = 2 + 4 + 4;

/// The most bytes of an attribute: `key` bytes of encoded key, a value of at most `value` encoded bytes, cut at `max_value`.
pub const fn attribute_bound(key: usize, value: usize, max_value: usize) -> usize {
    // The limit counts the content of a value; its own tag and length come on top.
    let limit = max_value.saturating_add(super::output::FRAME);
    let value = if value < limit { value } else { limit };
    AROUND.saturating_add(key).saturating_add(value)
}

/// The most bytes of a redacted attribute.
pub const fn redacted_bound(key: usize) -> usize {
    attribute_bound(key, REDACTED.len() + 2, usize::MAX)
}

/// The most bytes of a skipped attribute: a type's name and five identifiers of 128 bytes.
pub const fn excluded_bound(key: usize) -> usize {
    attribute_bound(key, 1024, usize::MAX)
}

/// The most bytes of a value that consists of fields.
pub const fn fields_bound(fields: &[usize]) -> usize {
    sum(fields).saturating_add(1 + 4)
}

const fn sum(mut parts: &[usize]) -> usize {
    let mut sum = 0_usize;
    while let [first, rest @ ..] = parts {
        sum = sum.saturating_add(*first);
        parts = rest;
    }
    sum
}

/// Refuses to compile when `parts` add up to more than `budget` bytes.
///
/// # Panics
///
/// In a constant: that is the compile error, and it says the bound that was computed.
pub const fn assert_budget(function: &str, budget: usize, parts: &[usize]) {
    let worst = sum(parts);
    if worst > budget {
        let message = Message::new()
            .text("`")
            .text(function)
            .text("` could record ")
            .size(worst)
            .text(", over its budget of ")
            .size(budget)
            .text("\nhelp: skip a parameter, lower `max_value`, or raise `budget`");
        #[expect(clippy::panic, reason = "evaluated by the compiler; the panic is the error message")]
        {
            panic!("{}", message.as_str());
        }
    }
}

/// Refuses to compile when a future of `size` bytes is larger than `most`. The size is known where code for the future is
/// generated: in a build, not in a check.
///
/// ```
/// # use wirespan::traced;
/// #[traced(max_future = "8KiB")]
/// async fn copies(rows: u8) -> u8 {
///     let buffer = [rows; 1000];
///     std::future::ready(()).await;
///     buffer[7]
/// }
/// # use std::future::Future as _;
/// # let _ = std::pin::pin!(copies(1)).as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
/// ```
///
/// ```compile_fail
/// # use wirespan::traced;
/// #[traced(max_future = "256B")]
/// async fn copies(rows: u8) -> u8 {
///     let buffer = [rows; 1000];
///     std::future::ready(()).await;
///     buffer[7]
/// }
/// # use std::future::Future as _;
/// # let _ = std::pin::pin!(copies(1)).as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
/// ```
///
/// # Panics
///
/// In a constant: that is the compile error, and it says the size.
pub const fn assert_future(function: &str, most: usize, size: usize) {
    if size > most {
        let message = Message::new()
            .text("the future of `")
            .text(function)
            .text("` takes ")
            .size(size)
            .text(", over its `max_future` of ")
            .size(most)
            .text(
                "\nhelp: write `Box::pin(\u{2026}).await` around what is large in it, or raise `max_future`",
            );
        #[expect(clippy::panic, reason = "evaluated by the compiler; the panic is the error message")]
        {
            panic!("{}", message.as_str());
        }
    }
}

/// A short text put together by the compiler.
struct Message {
    bytes: [u8; 256],
    len: usize,
}

impl Message {
    const fn new() -> Self {
        Self { bytes: [0; 256], len: 0 }
    }

    const fn byte(mut self, byte: u8) -> Self {
        if let Some((_, [place, ..])) = self.bytes.split_at_mut_checked(self.len) {
            *place = byte;
            self.len += 1;
        }
        self
    }

    const fn text(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            self = self.byte(*first);
            rest = tail;
        }
        self
    }

    const fn number(self, number: usize) -> Self {
        let before = if number >= 10 { self.number(number / 10) } else { self };
        #[expect(clippy::cast_possible_truncation, reason = "one digit")]
        let digit = (number % 10) as u8;
        before.byte(b'0' + digit)
    }

    /// Bytes in the largest unit that fits, with one decimal, rounded up so that it never looks smaller than it is.
    const fn size(self, bytes: usize) -> Self {
        const KIB: usize = 1 << 10;
        const MIB: usize = 1 << 20;
        if bytes == usize::MAX {
            return self.text("any number of bytes");
        }
        let (unit, name) = if bytes >= MIB {
            (MIB, " MiB")
        } else if bytes >= KIB {
            (KIB, " KiB")
        } else {
            return self.number(bytes).text(" bytes");
        };
        let (mut whole, mut tenth) = (bytes / unit, (bytes % unit * 10).div_ceil(unit));
        if tenth == 10 {
            (whole, tenth) = (whole + 1, 0);
        }
        let written = self.number(whole);
        let written = if tenth == 0 { written } else { written.byte(b'.').number(tenth) };
        written.text(name)
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "over its budget",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_never_shown_smaller_than_it_is() {
        let shown = |bytes| Message::new().size(bytes).as_str().to_owned();
        assert_eq!(shown(999), "999 bytes");
        assert_eq!(shown(1024), "1 KiB");
        assert_eq!(shown(1025), "1.1 KiB");
        assert_eq!(shown(2 << 20), "2 MiB");
        assert_eq!(shown((2 << 20) - 1), "2 MiB");
        assert_eq!(shown(6_396_313), "6.1 MiB");
    }

    #[test]
    #[should_panic(
        expected = "the future of `copies` takes 2.5 KiB, over its `max_future` of 2 KiB\nhelp: write `Box::pin("
    )]
    fn a_future_that_is_too_large_says_its_size() {
        assert_future("copies", 2048, 2048);
        assert_future("copies", 2048, 2560);
    }

    #[test]
    fn an_unknown_type_is_bounded_by_the_limit_of_a_value() {
        use super::UnknownBound as _;
        struct Foreign;
        assert_eq!(Bound::<Foreign>::MAX, usize::MAX);
        assert_eq!(Bound::<u32>::MAX, 11);
        assert!(attribute_bound(4, usize::MAX, 100) < 140);
    }
}
