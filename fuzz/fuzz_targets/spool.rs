//! Any bytes for `wirespan_fuzz::spool`. Under `cargo fuzz` a fuzzer makes them up; otherwise they are files to replay.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wirespan_fuzz::spool(bytes));

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    wirespan_fuzz::replay(wirespan_fuzz::spool)
}
