use wirespan::opentelemetry::trace::Status;
use wirespan::traced;

fn always<T>(_: &T) -> Status {
    Status::Ok
}

#[traced(err = "ignore", status = always)]
fn step(run_id: u64) -> Result<u64, String> {
    Ok(run_id)
}

fn main() {
    let _ = step(1);
}
