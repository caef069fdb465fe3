use wirespan::traced;

#[traced(fields(otel.kind = "client", otel.name = "load user", otel.status_code = 2))]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {}
