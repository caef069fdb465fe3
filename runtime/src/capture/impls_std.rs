//! How further types of the standard library show themselves: integers that are not zero as integers, paths as the text that
//! they are (their `Debug` would put it in quotes), times and addresses as text of a length that a budget can count on.

use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8, NonZeroU16,
    NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize,
};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Capture, Scalar, ValueWriter};

macro_rules! non_zero {
    ($($type:ty as $plain:ty;)+) => {$(
        impl Capture for $type {
            const MAX_ENCODED: usize = <$plain>::MAX_ENCODED;
            const TRUSTED: bool = true;

            fn capture(&self, out: &mut ValueWriter<'_>) {
                self.get().capture(out);
            }

            fn as_scalar(&self) -> Option<Scalar> {
                self.get().as_scalar()
            }
        }
    )+};
}

non_zero! {
    NonZeroI8 as i8; NonZeroI16 as i16; NonZeroI32 as i32; NonZeroI64 as i64; NonZeroI128 as i128;
    NonZeroIsize as isize; NonZeroU8 as u8; NonZeroU16 as u16; NonZeroU32 as u32; NonZeroU64 as u64;
    NonZeroU128 as u128; NonZeroUsize as usize;
}

macro_rules! paths {
    ($($type:ty)+) => {$(
        impl Capture for $type {
            const TRUSTED: bool = true;

            fn capture(&self, out: &mut ValueWriter<'_>) {
                out.display(&Path::new(self).display());
            }
        }
    )+};
}

paths!(Path PathBuf OsStr OsString);

macro_rules! texts {
    ($($type:ty, $show:ident, $longest:expr;)+) => {$(
        impl Capture for $type {
            // A tag and a length, each of one byte, before the text.
            const MAX_ENCODED: usize = $longest.len() + 2;
            const TRUSTED: bool = true;

            fn capture(&self, out: &mut ValueWriter<'_>) {
                out.$show(self);
            }
        }
    )+};
}

const IPV6: &str = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
const SOCKET_V6: &str = "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535";

texts! {
    Duration, debug, "18446744073709551615.999999999s";
    Ipv4Addr, display, "255.255.255.255";
    Ipv6Addr, display, IPV6;
    IpAddr, display, IPV6;
    SocketAddrV4, display, "255.255.255.255:65535";
    SocketAddrV6, display, SOCKET_V6;
    SocketAddr, display, SOCKET_V6;
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};

    use super::*;

    fn assert_bounded<T: Capture>(text: &str) {
        assert!(text.len() + 2 <= T::MAX_ENCODED, "{text}");
    }

    fn displayed<T: Capture + Display>(value: &T) {
        assert_bounded::<T>(&value.to_string());
    }

    fn debugged<T: Capture + Debug>(value: &T) {
        assert_bounded::<T>(&format!("{value:?}"));
    }

    #[test]
    fn no_text_is_longer_than_its_bound() {
        for duration in [Duration::MAX, Duration::from_nanos(u64::MAX), Duration::from_nanos(999_999_999)] {
            debugged(&duration);
        }
        let (v4, v6) = (Ipv4Addr::BROADCAST, Ipv6Addr::from(u128::MAX));
        // The last half as an IPv4 address: the longest text of another form.
        let mapped = Ipv4Addr::BROADCAST.to_ipv6_mapped();
        displayed(&v4);
        for v6 in [v6, mapped] {
            displayed(&v6);
            displayed(&IpAddr::V6(v6));
            displayed(&SocketAddrV6::new(v6, u16::MAX, u32::MAX, u32::MAX));
            displayed(&SocketAddr::V6(SocketAddrV6::new(v6, u16::MAX, u32::MAX, u32::MAX)));
        }
        displayed(&SocketAddrV4::new(v4, u16::MAX));
    }
}
