// A span whose parent is given, and one that has none but links.
#[traced(parent = job.parent)]
async fn given_parent(job: Job) {
    work(job).await;
}

#[traced(root, links(jobs))]
fn root(jobs: &[Job]) {
    batch(jobs);
}
