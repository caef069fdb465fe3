//! What was measured, as text: a table and the targets for people, JSON for programs.

use super::case::{Case, Pace, Protocol, Stack};
use super::dead::Latency;
use super::run::{Outcome, Outcomes};

const MIB: f64 = 1024.0 * 1024.0;
/// The CPU time for each span that is promised, as a share of `otel_lossless`'s.
const CPU_SHARE: f64 = 6.0;
/// Memory above the idle process when paced, in MiB.
const PACED_MIB: f64 = 32.0;
/// The peak of a burst, as a share of `otel_lossless`'s.
const BURST_SHARE: f64 = 2.0;

/// The table: a line for each case.
pub fn table(outcomes: &Outcomes) -> String {
    let mut lines = vec![format!(
        "{:<28}{:>10}{:>11}{:>9}{:>9}{:>12}{:>9}{:>10}{:>10}",
        "case", "produced", "delivered", "lost", "seconds", "delivered/s", "cpu ns", "idle MiB", "peak MiB"
    )];
    lines.extend(outcomes.iter().map(|(case, outcome)| {
        format!(
            "{case:<28}{:>10}{:>11}{:>9}{:>9.2}{:>12.0}{:>9.0}{:>10.1}{:>10.1}",
            outcome.produced,
            outcome.delivered,
            outcome.lost(),
            outcome.seconds,
            outcome.per_second(),
            outcome.cpu_ns_per_delivered(),
            mib(outcome.idle_rss),
            mib(outcome.peak_rss),
        )
    }));
    lines.join("\n") + "\n"
}

/// `{"<stack>/<protocol>/<pace>": {…}}`. Names need no escaping.
pub fn json(outcomes: &Outcomes) -> String {
    let cases: Vec<String> = outcomes.iter().map(|(case, outcome)| of_case(*case, outcome)).collect();
    format!("{{\n{}\n}}\n", cases.join(",\n"))
}

fn of_case(case: Case, outcome: &Outcome) -> String {
    let Outcome { produced, delivered, seconds, idle_rss, peak_rss, .. } = *outcome;
    // JSON has no infinity.
    let cpu = match outcome.cpu_ns_per_delivered() {
        cpu if cpu.is_finite() => format!("{cpu:.1}"),
        _ => "null".to_owned(),
    };
    let lost = outcome.lost();
    format!(
        r#"  "{case}": {{"produced": {produced}, "delivered": {delivered}, "lost": {lost}, "seconds": {seconds:.3}, "cpu_ns_per_delivered": {cpu}, "peak_rss_bytes": {peak_rss}, "idle_rss_bytes": {idle_rss}}}"#
    )
}

/// A line for each target, with what was measured and whether it was met.
pub fn targets(outcomes: &Outcomes, latency: Latency) -> String {
    let mut lines = vec!["targets".to_owned()];
    for pace in Pace::ALL {
        for protocol in Protocol::ALL {
            let find = |stack| outcomes.get(&Case { pace, protocol, stack });
            let (Some(ours), Some(sdk)) = (find(Stack::Wirespan), find(Stack::OtelLossless)) else {
                continue;
            };
            let name = format!("wirespan/{}/{}", protocol.name(), pace.name());
            let cpu = (ours.cpu_ns_per_delivered(), sdk.cpu_ns_per_delivered() / CPU_SHARE);
            let (what, memory) = match pace {
                Pace::Paced => ("peak above idle, MiB", (mib(ours.peak_rss) - mib(ours.idle_rss), PACED_MIB)),
                Pace::Burst => (
                    "peak, half of otel_lossless, MiB",
                    (mib(ours.peak_rss), mib(sdk.peak_rss) / BURST_SHARE),
                ),
            };
            let lost = if ours.lost() == 0 { "met" } else { "missed" };
            lines.push(format!("{lost:<8}{name:<24}{:<36}{}", "lost", ours.lost()));
            lines.push(line(&name, "cpu, 1/6 of otel_lossless, ns", cpu));
            lines.push(line(&name, what, memory));
        }
    }
    let dead = (latency.dead, latency.limit());
    lines.push(line("wirespan/grpc/dead", "p99, 1.1 of healthy + 200, ns", dead));
    lines.push(format!("{:<8}healthy p99 {:.0} ns", "", latency.healthy));
    lines.join("\n")
}

fn line(name: &str, what: &str, (measured, limit): (f64, f64)) -> String {
    let met = if measured <= limit { "met" } else { "missed" };
    format!("{met:<8}{name:<24}{what:<36}{measured:.1} (limit {limit:.1})")
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / MIB
}
