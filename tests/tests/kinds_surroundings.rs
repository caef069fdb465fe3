//! What stands around and inside a traced function: attributes of others above and below, conditions on parameters, macros that
//! write it, functions and closures in it, modules that are called like the standard library's.

#![allow(clippy::unused_self, reason = "functions that are there to be traced")]

use wirespan::opentelemetry::Value;
use wirespan::testing::Recording;
use wirespan::traced;
use wirespan_tests::look::{block_on, keys, value};

#[traced]
fn conditions(
    always: u64,
    #[cfg(any())] never: Missing,
    #[cfg(any(unix, not(unix)))] here: u64,
    #[allow(unused_variables)] ignored: u64,
    #[cfg(any())] (left, right): (Missing, Missing),
    #[cfg(any(unix, not(unix)))] (left, right): (u64, u64),
) -> u64 {
    always + here + left + right
}

#[traced]
async fn conditions_later(#[cfg(any())] never: Missing, #[cfg(any(unix, not(unix)))] here: u64) -> u64 {
    tokio::task::yield_now().await;
    here
}

#[test]
fn a_parameter_that_is_left_out_is_neither_needed_nor_recorded() {
    let recording = Recording::start();
    assert_eq!(conditions(1, 2, 3, (4, 5)), 12);
    assert_eq!(block_on(conditions_later(6)), 6);
    let expected = ["always", "here", "ignored", "left", "right"];
    assert_eq!(keys(&recording.span("conditions"), "parameter."), expected);
    assert_eq!(keys(&recording.span("conditions_later"), "parameter."), ["here"]);
}

#[traced]
fn outer(number: u64) -> u64 {
    #[traced]
    fn inner(number: u64) -> u64 {
        fn innermost(number: u64) -> u64 {
            number + 1
        }
        innermost(number)
    }
    let add = |other: u64| {
        if other == 0 {
            return number;
        }
        number + other
    };
    let later = async |other: u64| -> Result<u64, std::num::ParseIntError> {
        let one: u64 = "1".parse()?;
        Ok(one + other)
    };
    inner(add(0)) + add(2) + block_on(later(3)).unwrap_or(0)
}

#[test]
fn a_function_in_a_function_is_its_child_and_closures_return_to_themselves() {
    let recording = Recording::start();
    assert_eq!(outer(10), 11 + 12 + 4);
    let (outer, inner) = (recording.span("outer"), recording.span("inner"));
    assert_eq!(inner.parent_span_id, outer.span_context.span_id());
    assert_eq!(value(&inner, "parameter.number"), Some(Value::I64(10)));
}

macro_rules! getters {
    ($owner:ident { $($(#[$meta:meta])* $name:ident: $ty:ty = $value:expr),* $(,)? }) => {
        impl $owner {
            $($(#[$meta])* #[traced] fn $name(&self, add: $ty) -> $ty { $value + add })*
        }
    };
}

macro_rules! with_body {
    ($(#[$meta:meta])* $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty $body:block) => {
        $(#[$meta])*
        #[traced]
        async fn $name($($arg: $ty),*) -> $ret $body
    };
}

struct Settings;

getters!(Settings {
    /// Documented.
    port: u16 = 80,
    retries: u8 = 3,
});

with_body!(sum(left: u64, right: u64) -> u64 { left + right });

#[test]
fn functions_that_a_macro_writes_are_traced_under_their_names() {
    let recording = Recording::start();
    assert_eq!((Settings.port(1), Settings.retries(1)), (81, 4));
    assert_eq!(block_on(sum(1, 2)), 3);
    assert_eq!(value(&recording.span("Settings::port"), "parameter.add"), Some(Value::I64(1)));
    assert_eq!(keys(&recording.span("Settings::retries"), "parameter."), ["add"]);
    assert_eq!(keys(&recording.span("sum"), "parameter."), ["left", "right"]);
}

mod programs {
    use wirespan::traced;

    #[tokio::main(flavor = "current_thread")]
    #[traced]
    pub(super) async fn below_main(number: u64) -> u64 {
        tokio::task::yield_now().await;
        number
    }

    #[traced]
    #[tokio::main(flavor = "current_thread")]
    pub(super) async fn above_main(number: u64) -> u64 {
        tokio::task::yield_now().await;
        number
    }
}

#[test]
fn the_attribute_of_a_main_function_stands_above_or_below() {
    let recording = Recording::start();
    assert_eq!((programs::below_main(1), programs::above_main(2)), (1, 2));
    assert_eq!(value(&recording.span("below_main"), "parameter.number"), Some(Value::I64(1)));
    assert_eq!(value(&recording.span("above_main"), "parameter.number"), Some(Value::I64(2)));
}

#[test]
#[traced]
fn a_test_below_whose_attribute_this_stands() {
    let recording = Recording::start();
    Settings.port(1);
    assert_eq!(recording.spans().len(), 1);
}

#[traced]
#[test]
fn a_test_above_whose_attribute_this_stands() -> Result<(), String> {
    let recording = Recording::start();
    Settings.port(1);
    assert_eq!(recording.spans().len(), 1);
    Ok(())
}

#[tokio::test]
#[traced]
async fn an_async_test_below_whose_attribute_this_stands() {
    let recording = Recording::start();
    assert_eq!(sum(1, 2).await, 3);
    assert_eq!(recording.spans().len(), 1);
}

#[traced]
#[tokio::test]
async fn an_async_test_above_whose_attribute_this_stands() {
    let recording = Recording::start();
    assert_eq!(sum(1, 2).await, 3);
    assert_eq!(recording.spans().len(), 1);
}

/// Everything that an expansion could mean by these names means something else here.
mod named_like_the_standard_library {
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod alloc {}
    pub(super) mod wirespan {}

    use ::std::future::Future;
    use ::std::pin::Pin;

    #[::wirespan::traced]
    pub(super) fn plain(number: u64) -> Result<u64, u8> {
        Ok(number)
    }

    #[::wirespan::traced]
    pub(super) async fn later(number: u64) -> u64 {
        number
    }

    #[::wirespan::traced(max_value = "1KiB", fields(twice = number * 2), kind = "client")]
    pub(super) fn boxed(number: u64) -> Pin<Box<dyn Future<Output = u64>>> {
        Box::pin(later(number))
    }

    pub(super) struct Block;

    #[::wirespan::traced(name_prefix = "block.")]
    impl Block {
        pub(super) fn run(&self, number: u64) -> u64 {
            number
        }
    }
}

#[test]
fn modules_may_be_called_like_the_standard_library() {
    use named_like_the_standard_library::{Block, boxed, plain};

    let recording = Recording::start();
    assert_eq!((plain(1), block_on(boxed(2)), Block.run(3)), (Ok(1), 2, 3));
    for (name, number) in [("plain", 1), ("boxed", 2), ("later", 2), ("block.run", 3)] {
        assert_eq!(value(&recording.span(name), "parameter.number"), Some(Value::I64(number)), "{name}");
    }
}
