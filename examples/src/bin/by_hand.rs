//! Spans, events and attributes by hand, where a function is too coarse: a loop, a block, a task on another thread.
//!
//! `cargo run -p wirespan-examples --bin by_hand`

use std::thread;
use std::time::Duration;

use wirespan::{FutureExt as _, current, event, record, span, traced};

/// Counts words; each batch is a span of its own.
#[traced]
fn count_words(lines: &[&str]) -> usize {
    let mut words = 0;
    for (index, batch) in lines.chunks(2).enumerate() {
        let _batch = span!("batch", index, lines = batch.len());
        for line in batch {
            if line.is_empty() {
                event!("empty line", words);
                continue;
            }
            words += span!("line").in_scope(|| line.split_whitespace().count());
        }
        record!(words);
    }
    words
}

async fn fetch(page: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(2)).await;
    record!(bytes = 100 * page);
    page
}

/// Fetches pages in tasks, and tells its own span how many there were.
#[traced]
async fn fetch_all(pages: u64) -> u64 {
    let own = current().handle();
    let mut tasks = Vec::new();
    for page in 1..=pages {
        let own = own.clone();
        let task = async move {
            let page = fetch(page).in_span(span!(kind: "client", "fetch", page)).await;
            event!(on: own, "fetched", page);
            page
        };
        // Without this the task would start a trace of its own.
        tasks.push(tokio::spawn(task.in_current_span()));
    }
    let mut sum = 0;
    for task in tasks {
        sum += task.await.unwrap_or(0);
    }
    sum
}

/// Hands work to a thread, as a part of this span.
#[traced]
fn on_a_thread(number: u64) -> u64 {
    let carried = current().carry();
    thread::spawn(move || carried.in_scope(|| span!("square", number).in_scope(|| number * number)))
        .join()
        .unwrap_or(0)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), wirespan::Error> {
    let telemetry = wirespan::init()?;
    count_words(&["one two three", "", "four"]);
    fetch_all(2).await;
    on_a_thread(12);
    telemetry.shutdown(Duration::from_secs(5)).map(drop)
}
