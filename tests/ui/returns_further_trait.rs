//! A future that is something else, too.

use std::future::{Future, Ready, ready};
use wirespan::traced;

trait Named {}

impl<T> Named for Ready<T> {}

#[traced]
fn step(run_id: u64) -> impl Future<Output = u64> + Send + Named {
    ready(run_id)
}

#[traced(returns = "value")]
fn as_the_help_says(run_id: u64) -> impl Future<Output = u64> + Send + Named {
    ready(run_id)
}

fn main() {
    drop((step(1), as_the_help_says(1)));
}
