//! What may this program export? Every traced function in it, without running one: as a table, or with `--json` as JSON that a
//! review or continuous integration can compare with that of the version before.
#![expect(
    clippy::print_stdout,
    dead_code,
    unused_variables,
    clippy::unused_self,
    reason = "the list is what this program is for; nothing else in it runs"
)]

use serde_json::json;
use wirespan::{Callsite, Shown, callsites, traced};

#[traced(kind = "client", skip = "body", fields(body.bytes = body.len()), max_value = "64KiB")]
async fn send(host: &str, body: Vec<u8>, api_key: &str) -> Result<u16, std::io::Error> {
    Ok(200)
}

struct Orders;

#[traced(level = "debug", name_prefix = "orders.")]
impl Orders {
    fn find<T: std::fmt::Debug>(&self, filter: T) -> usize {
        0
    }

    #[traced(level = "info")]
    async fn place(&self, customer: u64, card_number: &str, items: &[u64]) -> usize {
        items.len()
    }
}

fn main() {
    let sites = callsites();
    if !sites.is_complete() {
        println!("this platform has no list of call sites");
    } else if std::env::args().any(|argument| argument == "--json") {
        let all: Vec<_> = sites.map(as_json).collect();
        println!("{:#}", serde_json::Value::from(all));
    } else {
        println!("{:<18} {:<6} {:<9} {:<62} where", "name", "level", "kind", "parameters");
        for site in sites {
            let level = site.level();
            let (kind, place) = (kind(site), format!("{}:{}", site.file(), site.line()));
            println!("{:<18} {level:<6} {kind:<9} {:<62} {place}", site.name(), parameters(site));
        }
    }
}

/// `a`, `b (skipped)`, `c (redacted)`.
fn parameters(site: &Callsite) -> String {
    let shown = site.parameters().map(|parameter| match parameter.shown {
        Shown::Value => parameter.name.to_owned(),
        other => format!("{} ({})", parameter.name, word(other)),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn as_json(site: &'static Callsite) -> serde_json::Value {
    let names = |shown| {
        site.parameters()
            .filter(|parameter| parameter.shown == shown)
            .map(|parameter| parameter.name)
            .collect()
    };
    let [captured, skipped, redacted, fields]: [Vec<&str>; 4] =
        [Shown::Value, Shown::Skipped, Shown::Redacted, Shown::Field].map(names);
    json!({
        "name": site.name(),
        "module": site.module(),
        "file": site.file(),
        "line": site.line(),
        "kind": kind(site),
        "level": site.level().as_str(),
        "captured": captured,
        "skipped": skipped,
        "redacted": redacted,
        "fields": fields,
        "max_value": site.max_value(),
        "max_span": site.max_span(),
    })
}

fn kind(site: &Callsite) -> String {
    format!("{:?}", site.kind()).to_lowercase()
}

fn word(shown: Shown) -> &'static str {
    match shown {
        Shown::Value => "value",
        Shown::Skipped => "skipped",
        Shown::Redacted => "redacted",
        Shown::Field => "field",
        _ => "not recorded",
    }
}
