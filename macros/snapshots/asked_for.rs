#[traced(unredacted(token), debug(request), display(host), ret, status = judge, links(causes))]
fn asked_for(token: u64, request: Request, host: Host, causes: &[Span]) -> Reply {
    work(token, request, host, causes)
}

#[traced(root)]
fn rooted() {
    work();
}

#[traced(parent = caller)]
async fn given(caller: &Span) {
    work(caller).await;
}
