//! A host in a variable: a name or an address, in the spelling of a URL.

use std::net::Ipv6Addr;

use super::lookup::{Lookup, wrong};
use crate::setup::error::Error;

/// Cloud providers hand out credentials there: whoever may set the endpoint should not be able to send to it.
pub(crate) const METADATA: [&str; 3] = ["169.254.169.254", "[fd00:ec2::254]", "metadata.google.internal"];

/// The first of these that has a value; an address of IPv6 gets its brackets.
///
/// # Errors
///
/// It is no host, or one that nothing may be sent to.
pub(super) fn read(lookup: &Lookup, names: &[&'static str]) -> Result<Option<String>, Error> {
    let Some((name, text)) = lookup.first(names)? else { return Ok(None) };
    let text = text.value;
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&text);
    let is_name = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    let host = match bare.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) if is_name(&text) => text,
        Err(_) => return Err(wrong(name, &text, "a host's name or address, without scheme and port")),
    };
    if METADATA.iter().any(|metadata| host.eq_ignore_ascii_case(metadata)) {
        return Err(wrong(name, &host, "another host; that one is the metadata service of a cloud"));
    }
    Ok(Some(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_what_is_none_is_refused_by_the_variables_name() {
        const NAME: &str = "DD_AGENT_HOST";
        let host = |text: &str| read(&Lookup::of(&[(NAME, text)]), &["OTHER", NAME]);
        for (text, good) in [
            ("agent", "agent"),
            ("10.0.0.7", "10.0.0.7"),
            ("a-b.c_d", "a-b.c_d"),
            ("::1", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(host(text).expect(text).as_deref(), Some(good));
        }
        assert_eq!(host("  ").expect("nothing"), None);
        for bad in ["a b", "agent:8126", "http://agent", "u:p@agent", "[agent]", "::1::", "169.254.169.254"] {
            let error = host(bad).expect_err(bad).to_string();
            assert!(error.starts_with(&format!("{NAME} is `{bad}`; expected a")), "{error}");
        }
    }
}
