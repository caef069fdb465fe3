//! What is dropped in which order, printed. Which is first, a local variable or what the last expression holds, is one thing in
//! edition 2021 and another in 2024.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use wirespan::traced;

/// Says when it is dropped.
struct Noisy(&'static str);

impl Noisy {
    fn number(&self) -> usize {
        self.0.len()
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        print!(" {}", self.0);
    }
}

/// Ready when it is polled again.
struct Later(bool);

impl Future for Later {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

#[traced]
fn last_expression(first: Noisy, second: Noisy) -> usize {
    let _local = Noisy("local");
    Noisy("temporary").number() + first.number() + second.number()
}

#[traced]
fn last_match(parameter: Noisy) -> usize {
    let _local = Noisy("local");
    match Noisy("temporary").number() {
        0 => 0,
        more => {
            let _in_arm = Noisy("in arm");
            more + parameter.number()
        }
    }
}

#[traced]
fn last_if_let(parameter: Noisy) -> usize {
    let _local = Noisy("local");
    if let Some(_) = Noisy("temporary").number().checked_sub(100) {
        1
    } else {
        Noisy("in else").number() + parameter.number()
    }
}

#[traced]
async fn last_expression_async(first: Noisy, second: Noisy) -> usize {
    let _local = Noisy("local");
    Later(false).await;
    Noisy("temporary").number() + first.number() + second.number()
}

#[traced]
fn last_expression_of_a_future(first: Noisy) -> impl Future<Output = usize> {
    let _local = Noisy("local");
    let future = async move {
        let _within = Noisy("within");
        Later(false).await;
        Noisy("temporary").number() + first.number()
    };
    (future, Noisy("beside")).0
}

fn main() {
    for (name, call) in [
        ("last_expression", (|| last_expression(Noisy("first"), Noisy("second"))) as fn() -> usize),
        ("last_match", || last_match(Noisy("parameter"))),
        ("last_if_let", || last_if_let(Noisy("parameter"))),
        ("last_expression_async", || block_on(last_expression_async(Noisy("first"), Noisy("second")))),
        ("last_expression_of_a_future", || block_on(last_expression_of_a_future(Noisy("first")))),
    ] {
        print!("{name}:");
        println!(" = {}", call());
    }
}
