//! Every misuse of the macros is a compile error that says what to type: one file in `ui/` for each rule, named
//! `<option>_<rule>.rs`, with the message as rustc prints it beside it. `ui/pass/` holds what must compile.
//!
//! `TRYBUILD=overwrite cargo test -p wirespan-tests --test ui` writes the messages anew; read each one afterwards.

#[test]
fn every_misuse_says_what_to_type() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    cases.pass("ui/pass/*.rs");
}
