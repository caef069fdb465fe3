//! `meter_provider`: readers that are read, series and views, and what is wrong with them.

use opentelemetry_sdk::metrics::{Aggregation, InstrumentKind};

use super::*;
use crate::metrics::variables::Variables;

const READER: &str = "readers: [{periodic: {exporter: {console: }}}]";

fn metrics(lines: &str, variables: &[(&str, &str)]) -> (Variables, Vec<String>) {
    let text = format!("file_format: \"1.0\"\nmeter_provider:\n{lines}");
    let (settings, warnings) = settings(&text, variables).unwrap_or_else(|error| panic!("{text}: {error}"));
    (settings.metrics, warnings)
}

#[test]
fn a_view_says_which_instruments_and_how_they_are_kept() {
    let (variables, warnings) = metrics(
        &format!(
            "  {READER}\n  views:\n{}",
            r"    - selector:
        instrument_name: http.*
        instrument_type: histogram
        unit: s
        meter_name: shop
        meter_version: 1.0
        meter_schema_url: https://example.com/1
      stream:
        name: http
        description: All of it.
        aggregation: {explicit_bucket_histogram: {boundaries: [0.1, 1, 10], record_min_max: false}}
        aggregation_cardinality_limit: 50
        attribute_keys: {included: [route, method]}
    - selector: {instrument_name: noisy}
      stream: {aggregation: {drop: }}
    - selector: {instrument_type: up_down_counter}
      stream: {aggregation: {base2_exponential_bucket_histogram: {max_scale: -3, max_size: 20}}}
    - selector: {instrument_type: counter}
      stream: {aggregation: {explicit_bucket_histogram: {boundaries: []}}}
    - selector: {}
      stream: {aggregation: {default: }}
"
        ),
        &[],
    );
    assert_eq!(warnings, [""; 0]);
    let [first, second, third, fourth, fifth] = &variables.views[..] else { panic!("{:?}", variables.views) };
    assert_eq!((first.instrument.as_deref(), first.kind), (Some("http.*"), Some(InstrumentKind::Histogram)));
    assert_eq!((first.unit.as_deref(), first.meter.as_deref()), (Some("s"), Some("shop")));
    assert_eq!(first.meter_version.as_deref(), Some("1.0"), "a number is its text");
    assert_eq!((first.name.as_deref(), first.description.as_deref()), (Some("http"), Some("All of it.")));
    assert_eq!((first.series, first.keys.clone()), (Some(50), Some(vec!["route".into(), "method".into()])));
    let buckets =
        Aggregation::ExplicitBucketHistogram { boundaries: vec![0.1, 1.0, 10.0], record_min_max: false };
    assert_eq!(first.aggregation, Some(buckets));
    assert_eq!(second.aggregation, Some(Aggregation::Drop));
    let exponential =
        Aggregation::Base2ExponentialHistogram { max_size: 20, max_scale: -3, record_min_max: true };
    assert_eq!(third.aggregation, Some(exponential));
    let one = Aggregation::ExplicitBucketHistogram { boundaries: Vec::new(), record_min_max: true };
    assert_eq!(fourth.aggregation, Some(one));
    assert_eq!(fifth.aggregation, None);
}

#[test]
fn series_are_limited_for_all_instruments_and_for_those_of_a_kind() {
    let limits = "{default: 500, histogram: 20, observable_gauge: 3}";
    let lines =
        format!("  readers: [{{periodic: {{exporter: {{console: }}, cardinality_limits: {limits}}}}}]");
    let (variables, _) = metrics(&lines, &[("WIRESPAN_METRIC_ALIASES", "instead")]);
    assert_eq!(variables.series.map(|set| set.value), Some(500));
    assert_eq!(variables.series_of, [(InstrumentKind::Histogram, 20), (InstrumentKind::ObservableGauge, 3)]);
    assert!(variables.aliases.is_some(), "ours counts beside the file");
}

#[cfg(feature = "prometheus")]
#[test]
fn a_page_for_prometheus_is_a_reader_too() {
    use crate::metrics::variables::Named;

    let (variables, warnings) = metrics(
        r#"  readers:
    - pull:
        cardinality_limits: {default: 7}
        exporter:
          prometheus/development:
            host: 127.0.0.1
            port: 9999
            without_scope_info: true
            without_target_info: true
            with_resource_constant_labels: {included: ["service*"], excluded: [service.instance.id]}
            translation_strategy: underscore_escaping_without_suffixes
  views:
    - {selector: {instrument_name: wait}, stream: {aggregation: {base2_exponential_bucket_histogram: }}}
"#,
        &[],
    );
    let Some(Named::Prometheus(place)) = variables.exporter.map(|set| set.value) else { panic!("a page") };
    assert_eq!((&*place.host.value, place.port.value), ("127.0.0.1", 9999));
    assert!(place.page.without_scope && place.page.without_target && place.page.without_suffixes);
    let labels = place.page.labels.expect("they are named");
    assert_eq!(["service.name", "service.instance.id"].map(|key| labels.has(key)), [true, false]);
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(warning.contains("the view of `wait` says exponential ones, which has no effect"), "{warning}");
    let (variables, _) = metrics("  readers: [{pull: {exporter: {prometheus/development: }}}]\n", &[]);
    assert!(
        matches!(variables.exporter.map(|set| set.value), Some(Named::Prometheus(place)) if place.port.value == 9464)
    );
}

#[test]
fn what_is_wrong_with_metrics_is_named() {
    let view = |stream: &str| format!("{READER}, views: [{{selector: {{}}, stream: {{{stream}}}}}]");
    for (lines, words) in [
        (
            format!("{READER}, views: []"),
            "`meter_provider.views` is a list; expected a list with at least one",
        ),
        (
            format!("{READER}, views: [{{stream: {{}}}}]"),
            "`meter_provider.views[0]` has no `selector`; expected one",
        ),
        (
            format!("{READER}, views: [{{selector: {{instrument_type: timer}}, stream: {{}}}}]"),
            "instrument_type` is `timer`; expected one of counter, gauge",
        ),
        (
            view("aggregation: {sum: , drop: }"),
            "aggregation` has 2 keys; expected exactly one of default, drop",
        ),
        (view("aggregation: {average: }"), "aggregation.average` is not known; expected one of default"),
        (
            view("aggregation: {explicit_bucket_histogram: {boundaries: [1, 1]}}"),
            "has bounds that do not grow",
        ),
        (
            view("aggregation: {explicit_bucket_histogram: {boundaries: [many]}}"),
            "boundaries[0]` is `many`; expected a number",
        ),
        (
            view("aggregation: {base2_exponential_bucket_histogram: {max_scale: 21}}"),
            "max_scale` is `21`; expected a number from -10 to 20",
        ),
        (view("aggregation_cardinality_limit: 0"), "is `0`; expected a number from 1 to 1000000"),
        (
            "readers: [{periodic: {exporter: {console: }, cardinality_limits: {timer: 1}}}]".to_owned(),
            "cardinality_limits.timer` is not known",
        ),
        (
            "readers: [{pull: {exporter: {console: }}}]".to_owned(),
            "exporter.console` is not known; expected one of prometheus/development",
        ),
        (
            format!("readers: [{0}, {0}]", "{periodic: {exporter: {console: }}}"),
            "has several `readers`; expected one",
        ),
    ] {
        let error = problem(&format!("meter_provider: {{{lines}}}"));
        assert!(error.contains(words), "{lines}: {error}");
    }
    let (variables, warnings) = metrics(
        &format!(
            "  {READER}\n  views: [{{selector: {{}}, stream: {{attribute_keys: {{excluded: [user.id]}}}}}}]"
        ),
        &[],
    );
    assert_eq!(variables.views[0].keys, None);
    assert!(
        warnings[0].contains("attribute_keys` has no effect: keys are left out by a list"),
        "{warnings:?}"
    );
}
