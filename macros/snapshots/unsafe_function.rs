#[traced]
unsafe fn unsafe_function(r#type: u64) -> u64 {
    r#type
}
