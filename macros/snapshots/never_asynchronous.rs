#[traced]
async fn never_asynchronous() -> ! {
    forever().await
}
