//! Type names as people say them: `alloc::vec::Vec<a::b::Message>` is `Vec<Message>`.

/// The name of `T` as people say it, whatever references lead to it.
pub(crate) fn of<T: ?Sized>() -> String {
    short(std::any::type_name::<T>().trim_start_matches('&').trim_start_matches("mut "))
}

/// Whether `T` is or holds a type of the `secrecy` crate. Those print no secret for `{:?}`, so nothing leaks should the
/// compiler ever name types otherwise.
pub(crate) fn is_secret<T: ?Sized>() -> bool {
    std::any::type_name::<T>().contains("secrecy::Secret")
}

/// The name without the paths to its types.
pub(crate) fn short(full: &str) -> String {
    let mut out = String::with_capacity(full.len().min(128));
    let mut segment = 0;
    let mut rest = full;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("::") {
            out.truncate(segment);
            rest = after;
            continue;
        }
        out.push(next);
        // A closure's name is `{{closure}}`, behind the path of its function.
        if !(next.is_alphanumeric() || matches!(next, '_' | '{' | '}')) {
            segment = out.len();
        }
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    out
}

/// The last segment of a path, its generic arguments included.
pub(crate) fn last_segment(path: &str) -> &str {
    let mut depth = 0_usize;
    let mut start = 0;
    let bytes = path.as_bytes();
    for (index, pair) in bytes.windows(2).enumerate() {
        match pair {
            [b'<', _] => depth += 1,
            [b'>', _] => depth = depth.saturating_sub(1),
            [b':', b':'] if depth == 0 => start = index + 2,
            _ => {}
        }
    }
    path.get(start..).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{last_segment, short};

    #[test]
    fn paths_are_left_out_at_every_depth() {
        assert_eq!(short("alloc::vec::Vec<a::b::Message>"), "Vec<Message>");
        assert_eq!(short("&mut dyn core::fmt::Debug"), "&mut dyn Debug");
        assert_eq!(short("(a::B, [c::D; 3])"), "(B, [D; 3])");
        assert_eq!(short("u64"), "u64");
        assert_eq!(short("a::main::{{closure}}::{{closure}}"), "{{closure}}");
        assert_eq!(short("a::Map<b::f::{{closure}}, c::D>"), "Map<{{closure}}, D>");
        assert_eq!(
            short("core::option::Option<alloc::boxed::Box<dyn a::T + core::marker::Send>>"),
            "Option<Box<dyn T + Send>>"
        );
    }

    #[test]
    fn the_last_segment_keeps_its_arguments() {
        assert_eq!(last_segment("a::b::Store<c::D>"), "Store<c::D>");
        assert_eq!(last_segment("f"), "f");
    }
}
