//! `device.id`: the address of the first network device, as a number of 48 bits. Only where it is asked for, and never in production:
//! it tells one machine from all others, for ever.

/// The address, on Linux.
pub(super) fn id() -> Option<i64> {
    let mut devices: Vec<_> =
        std::fs::read_dir("/sys/class/net").ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    devices.sort();
    devices.iter().find_map(|device| parse(std::fs::read_to_string(device.join("address")).ok()?.trim()))
}

/// `None` for an address of zeros: the loopback has that.
fn parse(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() != 6 {
        return None;
    }
    let mut address = 0;
    for part in parts {
        address = address << 8 | i64::from(u8::from_str_radix(part, 16).ok()?);
    }
    Some(address).filter(|address| *address != 0)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_address_is_a_number_of_48_bits() {
        assert_eq!(parse("00:00:00:00:01:ff"), Some(0x1ff));
        assert_eq!(parse("ff:ff:ff:ff:ff:ff"), Some(0xffff_ffff_ffff));
        for text in ["", "00:00:00:00:00:00", "1:2:3", "gg:00:00:00:00:00", "00:00:00:00:00:00:01"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
