//! What a span is called, and where its function stands: every kind of function has its right name, and keeps its first
//! parameter.

#![allow(
    clippy::extra_unused_type_parameters,
    clippy::unused_self,
    reason = "functions that are there to be traced"
)]
#![expect(clippy::expect_used, reason = "a failed look is a failed test")]

use wirespan::testing::Recording;
use wirespan::traced;
use wirespan_tests::look::block_on;

mod shop {
    use wirespan::traced;

    #[derive(Clone, Default)]
    pub(crate) struct Cart<T>(pub(crate) T);

    impl<T: Clone> Cart<T> {
        #[traced]
        pub(crate) fn new(value: T) -> Self {
            Self(value)
        }

        #[traced]
        pub(crate) fn total(&self, first: u64) -> u64 {
            first
        }

        #[traced]
        pub(crate) fn fill(&mut self, value: T, first: u64) -> u64 {
            self.0 = value;
            first
        }

        #[traced]
        pub(crate) fn take(self, first: u64) -> T {
            let _ = first;
            self.0
        }

        #[traced]
        pub(crate) fn boxed(self: Box<Self>, first: u64) -> u64 {
            first
        }

        #[traced]
        pub(crate) async fn check_out(&self, first: u64) -> u64 {
            first
        }

        #[traced]
        pub(crate) async fn open(first: u64) -> u64 {
            first
        }
    }

    #[traced]
    pub(crate) fn browse(first: u64) -> u64 {
        first
    }
}

use shop::Cart;

/// `code.function.name` of the one span of that name, which has kept its first parameter.
fn qualified(recording: &Recording, name: &str) -> String {
    let span = recording.span(name);
    span.assert_attribute("parameter.first", 7);
    span.attribute("code.function.name").expect("every span has it").to_string()
}

#[test]
fn methods_have_the_name_of_the_concrete_type() {
    let recording = Recording::start();
    let mut cart = Cart(1_i64);
    cart.total(7);
    cart.fill(1, 7);
    block_on(cart.check_out(7));
    Box::new(Cart("")).boxed(7);
    Cart(vec![Cart(0_u8)]).take(7);
    assert_eq!(qualified(&recording, "Cart<i64>::total"), "names::shop::Cart<i64>::total");
    assert_eq!(qualified(&recording, "Cart<i64>::fill"), "names::shop::Cart<i64>::fill");
    assert_eq!(qualified(&recording, "Cart<i64>::check_out"), "names::shop::Cart<i64>::check_out");
    assert_eq!(qualified(&recording, "Cart<&str>::boxed"), "names::shop::Cart<&str>::boxed");
    let nested = "alloc::vec::Vec<names::shop::Cart<u8>>";
    assert_eq!(
        qualified(&recording, "Cart<Vec<Cart<u8>>>::take"),
        format!("names::shop::Cart<{nested}>::take")
    );
}

#[test]
fn one_function_of_a_generic_type_has_a_name_for_each_type() {
    let recording = Recording::start();
    Cart(0_u8).total(7);
    Cart(String::new()).total(7);
    Cart(0_u8).total(7);
    let names: Vec<String> = recording.spans().iter().map(|span| span.name.to_string()).collect();
    assert_eq!(names, ["Cart<u8>::total", "Cart<String>::total", "Cart<u8>::total"]);
}

#[test]
fn associated_functions_have_the_name_of_their_type() {
    #[traced]
    fn unrelated(first: u64) -> u64 {
        first
    }
    let recording = Recording::start();
    let _ = block_on(Cart::<u8>::open(7));
    let _ = unrelated(7);
    assert_eq!(qualified(&recording, "Cart<u8>::open"), "names::shop::Cart<u8>::open");
    let _ = Cart::new(9_u16);
    // An unconstrained `T` shows its name.
    recording.span("Cart<u16>::new").assert_attribute("parameter.value", "<u16>");
}

trait Greet {
    fn greet(&self, first: u64) -> u64;

    fn make(first: u64) -> Self;

    #[traced]
    fn politely(&self, first: u64) -> u64 {
        self.greet(first)
    }

    #[traced]
    fn motto(first: u64) -> u64 {
        first
    }
}

impl Greet for Cart<bool> {
    #[traced]
    fn greet(&self, first: u64) -> u64 {
        first
    }

    #[traced]
    fn make(first: u64) -> Self {
        Self(first > 0)
    }
}

impl Greet for Vec<Cart<u8>> {
    #[traced]
    fn greet(&self, first: u64) -> u64 {
        first
    }

    #[traced]
    fn make(first: u64) -> Self {
        let _ = first;
        Self::new()
    }
}

#[test]
fn methods_of_a_trait_have_the_name_of_the_implementor() {
    let recording = Recording::start();
    Cart::<bool>::make(7).greet(7);
    Vec::<Cart<u8>>::make(7).greet(7);
    assert_eq!(qualified(&recording, "Cart<bool>::make"), "names::shop::Cart<bool>::make");
    assert_eq!(qualified(&recording, "Cart<bool>::greet"), "names::shop::Cart<bool>::greet");
    let vec = "alloc::vec::Vec<names::shop::Cart<u8>>";
    assert_eq!(qualified(&recording, "Vec<Cart<u8>>::make"), format!("{vec}::make"));
    assert_eq!(qualified(&recording, "Vec<Cart<u8>>::greet"), format!("{vec}::greet"));
}

#[test]
fn default_methods_have_the_name_of_the_implementor() {
    let recording = Recording::start();
    Cart(true).politely(7);
    Cart::<bool>::motto(7);
    assert_eq!(qualified(&recording, "Cart<bool>::politely"), "names::shop::Cart<bool>::politely");
    assert_eq!(qualified(&recording, "Cart<bool>::motto"), "names::shop::Cart<bool>::motto");
}

#[test]
fn free_functions_have_their_own_name() {
    #[traced]
    fn generic<T>(first: u64) -> u64 {
        first
    }
    #[traced]
    async fn asynchronous(first: u64) -> u64 {
        first
    }
    let recording = Recording::start();
    shop::browse(7);
    generic::<Cart<u8>>(7);
    block_on(asynchronous(7));
    assert_eq!(qualified(&recording, "browse"), "names::shop::browse");
    assert!(qualified(&recording, "generic").ends_with("::generic"));
    assert_eq!(
        qualified(&recording, "asynchronous"),
        "names::free_functions_have_their_own_name::asynchronous"
    );
}

/// Holds a function inside a method.
struct Outer;

impl Outer {
    #[traced]
    fn method(first: u64) -> u64 {
        #[traced]
        fn nested(first: u64) -> u64 {
            first
        }
        let closure = |first| {
            #[traced]
            fn in_closure(first: u64) -> u64 {
                first
            }
            in_closure(first)
        };
        nested(first) + closure(first)
    }
}

#[test]
fn a_nested_function_has_its_own_name_and_the_path_to_it() {
    let recording = Recording::start();
    Outer::method(7);
    assert_eq!(qualified(&recording, "Outer::method"), "names::Outer::method");
    assert_eq!(qualified(&recording, "nested"), "names::Outer::method::nested");
    assert!(qualified(&recording, "in_closure").ends_with("::in_closure"));
    let spans = recording.span("Outer::method").children();
    assert_eq!(spans.len(), 2);
}

#[test]
fn a_raw_name_has_no_prefix() {
    #[traced]
    fn r#match(r#type: u64) -> u64 {
        r#type
    }
    let recording = Recording::start();
    r#match(7);
    let span = recording.span("match");
    span.assert_attribute("parameter.type", 7);
    let qualified = span.attribute("code.function.name").expect("every span has it").as_str();
    assert!(qualified.ends_with("::match") || qualified.ends_with("::r#match"), "{qualified}");
}
