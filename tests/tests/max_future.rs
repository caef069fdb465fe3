//! `max_future`: a traced future that is larger is an error of the build, in our words, wherever its size is known.

#[path = "compiled/mod.rs"]
mod compiled;

use compiled::Fixture;

/// A program that calls `large`, which is this.
fn program(large: &str, call: &str) -> String {
    format!(
        "async fn pause() {{ std::future::ready(()).await; }}
        pub struct Job;
        {large}
        fn main() {{ drop({call}); }}"
    )
}

/// What holds a buffer of so many bytes while it waits.
fn body(bytes: &str) -> String {
    format!("{{ let buffer = [0_u8; {bytes}]; pause().await; buffer[at] }}")
}

const HELP: &str = "help: write `Box::pin(…).await` around what is large in it, or raise `max_future`";

#[test]
fn a_future_over_its_limit_is_an_error_of_the_build_that_says_its_size() {
    let (large, generic) = (body("3000"), body("N"));
    let cases = [
        (
            "async",
            format!("#[wirespan::traced(max_future = \"1KiB\")] async fn large(at: usize) -> u8 {large}"),
            "large(1)",
            "3 KiB",
        ),
        (
            "method",
            format!(
                "#[wirespan::traced(max_future = \"1KiB\")] impl Job {{ async fn large(&self, at: usize) -> u8 {large} }}"
            ),
            "Job.large(1)",
            "3 KiB",
        ),
        (
            "returned",
            format!(
                "#[wirespan::traced(max_future = 1024)] fn large(at: usize) -> impl Future<Output = u8> {{ async move {large} }}"
            ),
            "large(1)",
            "3 KiB",
        ),
        (
            "generic",
            format!(
                "#[wirespan::traced(max_future = \"1KiB\")] async fn large<const N: usize>(at: usize) -> u8 {generic}"
            ),
            "(large::<100>(1), large::<2000>(1))",
            "2 KiB",
        ),
    ];
    for (name, large, call, size) in cases {
        let fixture = Fixture::new(&format!("max-future-{name}"), "", &program(&large, call));
        let errors = fixture.errors("link");
        let expected = format!("the future of `large` takes {size}, over its `max_future` of 1 KiB\n");
        assert_eq!(errors.matches("error[E0080]").count(), 1, "{name}: {errors}");
        assert!(errors.contains(&expected) && errors.contains(HELP), "{name}: {errors}");
        // As the documentation says.
        assert!(fixture.rustc("metadata").status.success(), "{name}: a check does not know the size");
    }
}

#[test]
fn a_future_within_its_limit_compiles() {
    let small = format!(
        "#[wirespan::traced(max_future = \"4KiB\")] async fn large(at: usize) -> u8 {}",
        body("3000")
    );
    assert_eq!(Fixture::new("max-future-small", "", &program(&small, "large(1)")).run(), "");
}
