//! `wirespan.toml`: what a workspace's policy changes, what its mistakes say, and that a crate depends on it.
//!
//! Each test is a small program in a directory of its own, compiled by `rustc` with the crate that this test was built with.
#![allow(clippy::expect_used, reason = "a fixture that cannot be built fails the test")]

use std::fs;

#[path = "compiled/mod.rs"]
mod compiled;

use compiled::Fixture;

/// A program that prints what is recorded of a call of `show`.
fn printing(show: &str, call: &str) -> String {
    format!(
        "use std::fmt::Debug;

        {show}

        fn main() {{
            let exporter = wirespan::MemoryExporter::new();
            let telemetry = wirespan::builder().exporter(exporter.clone()).install().unwrap();
            {call};
            telemetry.flush(std::time::Duration::from_secs(20)).unwrap();
            for span in exporter.spans() {{
                for pair in &span.attributes {{
                    println!(\"{{}} = {{}}\", pair.key, pair.value);
                }}
            }}
        }}

        #[derive(Debug)]
        pub struct OnlyDebug(pub u8);

        pub fn only_debug() -> impl Debug {{
            OnlyDebug(1)
        }}"
    )
}

fn assert_shown(printed: &str, expected: &[&str]) {
    let parameters: Vec<&str> =
        printed.lines().filter(|line| line.starts_with("parameter") || line.starts_with("field")).collect();
    assert_eq!(parameters, expected);
}

#[test]
fn names_and_limits_are_those_of_the_workspace() {
    let policy = "max_value = \"60B\"\n\
                  skip = { add = [\"rows\"], remove = [\"content\"] }\n\
                  redact = { add = [\"iban\"], remove = [\"cookie\"] }\n";
    let program = printing(
        "#[derive(wirespan::Capture)]
        pub struct Account { id: u8, old_iban: &'static str }

        #[wirespan::traced]
        pub fn show(
            rows: Vec<u8>, content: &str, user_iban: &str, cookie: &str, password: &str, long: &str, account: Account,
        ) {
            drop((rows, content, user_iban, cookie, password, long, account.id, account.old_iban));
        }",
        "show(vec![1], \"shown\", \"DE1\", \"c=1\", \"p\", &\"x\".repeat(500), Account { id: 7, old_iban: \"DE2\" })",
    );
    let printed = Fixture::new("policy-names", policy, &program).run();
    assert_shown(
        &printed,
        &[
            "parameter.user_iban = <redacted>",
            "parameter.password = <redacted>",
            "parameter.rows = <Vec<u8> (excluded)>",
            "parameter.content = shown",
            "parameter.cookie = c=1",
            "parameter.long = xxxxxxxxxxxxxxxxxxx... (truncated, original size: 500 bytes)",
            "parameter.account.id = 7",
            "parameter.account.old_iban = <redacted>",
        ],
    );
}

const SHOW: &str = "#[wirespan::traced(fields(field.a = a), debug(asked))]
    pub fn show(a: &OnlyDebug, b: u8, c: Option<OnlyDebug>, d: &str, asked: &OnlyDebug) {
        drop((a, b, c, d, asked));
    }";
const CALL: &str = "drop(only_debug()); show(&OnlyDebug(1), 2, Some(OnlyDebug(3)), \"four\", &OnlyDebug(5))";

#[test]
fn a_type_that_has_only_debug_can_be_shown_by_its_name() {
    let program = printing(SHOW, CALL);
    let printed = Fixture::new("policy-name", "debug_only = \"type-name\"\n", &program).run();
    assert_shown(
        &printed,
        &[
            "parameter.a = <OnlyDebug>",
            "parameter.b = 2",
            "parameter.c = <Option<OnlyDebug>>",
            "parameter.d = four",
            "parameter.asked = OnlyDebug(5)",
            "field.a = <OnlyDebug>",
        ],
    );
}

#[test]
fn a_type_that_has_only_debug_can_be_an_error_on_the_parameter() {
    let errors =
        Fixture::new("policy-error", "debug_only = \"error\"\n", &printing(SHOW, CALL)).errors("metadata");
    let first =
        "error[E0277]: `OnlyDebug` has only `Debug`, which `debug_only = \"error\"` in wirespan.toml refuses";
    assert!(errors.contains(first), "{errors}");
    assert!(errors.contains("help: write `#[derive(wirespan::Capture)]` on `OnlyDebug`"), "{errors}");
    // `a`, the field and `c`; neither `b` nor `d`, and not `asked`, which is asked for by name.
    assert_eq!(errors.matches("error[E0277]").count(), 3, "{errors}");
}

#[test]
fn mistakes_are_told_once_with_file_line_and_what_to_type() {
    let policy = "skipp.add = [\"rows\"]\nmax_value = \"lots\"\n[redact]\nremove = [\"user\"]\n";
    let program = "#[wirespan::traced]
        pub fn one() {}
        #[wirespan::traced]
        pub fn two() {}
        fn main() { one(); two(); }";
    let errors = Fixture::new("policy-mistakes", policy, program).errors("metadata");
    let expected = [
        "error: `skipp` is not a key of the policy (../wirespan.toml, line 1)\n       help: did you mean `skip`?\n",
        "error: `max_value` needs a size in bytes (../wirespan.toml, line 2)\n       help: write `max_value = \"64KiB\"`; units are B, KB, KiB, MB and MiB\n",
        "error: `user` does not look like a secret and is not redacted (../wirespan.toml, line 4)\n       help: remove it from `redact.remove`\n",
    ];
    for expected in expected {
        assert_eq!(errors.matches(expected).count(), 1, "{errors}");
    }
    assert_eq!(errors.matches("error: `").count(), expected.len(), "{errors}");
}

#[test]
fn what_is_no_toml_is_a_mistake_of_its_line() {
    let program = "#[derive(wirespan::Capture)]
        pub struct Job { pub id: u8 }
        fn main() { let _ = Job { id: 1 }.id; }";
    let errors = Fixture::new("policy-syntax", "max_span = \"1MiB\"\n[skip\n", program).errors("metadata");
    assert!(errors.contains("error: this is not TOML (../wirespan.toml, line 2)\n       help: "), "{errors}");
    assert_eq!(errors.matches("error: ").count(), 2, "ours, and rustc's summary: {errors}");
}

#[test]
fn a_crate_depends_on_the_policy_whichever_macro_it_uses() {
    for (name, program) in [
        (
            "traced",
            "#[wirespan::traced] pub fn a() {} #[wirespan::traced] pub fn b() {} fn main() { a(); b(); }",
        ),
        (
            "method",
            "struct S; #[wirespan::traced] impl S { fn a(&self) {} fn b(&self) {} } fn main() { S.a(); S.b(); }",
        ),
        (
            "derive",
            "#[derive(wirespan::Capture)] pub struct A { pub a: u8 } fn main() { let _ = A { a: 1 }.a; }",
        ),
        ("by-hand", "fn main() { let _span = wirespan::span!(\"a\"); wirespan::event!(\"b\"); }"),
    ] {
        let fixture = Fixture::new(&format!("policy-tracked-{name}"), "max_span = \"1MiB\"\n", program);
        let output = fixture.rustc("metadata,dep-info");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let depends = fs::read_to_string(fixture.root.join("main.d")).expect("rustc writes what it read");
        let policy = fixture.policy().display().to_string().replace(' ', "\\ ");
        assert!(depends.contains(&policy), "{name}: {depends}");
    }
}
