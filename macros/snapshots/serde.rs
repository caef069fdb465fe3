#[traced(serde(job), crate = reexported::telemetry)]
fn queue(job: Job) {
    push(job);
}
