use wirespan::span;

async fn load() {
    let _span = span!("load");
    std::future::ready(()).await;
}

fn spawn(_: impl Send) {}

fn main() {
    spawn(load());
}
