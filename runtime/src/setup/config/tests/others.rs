//! Variables that no single entry shows, and that whatever is looked up is known.

use super::*;

#[test]
fn whatever_is_looked_up_is_known() {
    let lookup = Lookup::of(&[("WIRESPAN_COMPAT", "letta"), ("WIRESPAN_SPOOL_DIR", "/var/lib/spans")]);
    let _ = Settings::read(&lookup);
    let asked = lookup.asked.borrow();
    assert!(asked.len() > 40, "{asked:?}");
    for name in asked.iter() {
        assert!(known::known().any(|known| known == *name), "{name} is not known");
    }
}

#[cfg(feature = "metrics")]
#[test]
fn metrics_have_good_bad_and_absent_values() {
    let read = |name: &str, value: &str| {
        let settings = Settings::read(&Lookup::of(&[(name, value)])).map_err(|error| error.to_string())?;
        let metrics = &settings.metrics;
        let shown = format!(
            "{:?} {:?} {:?} {:?} {:?}",
            metrics.exporter.as_ref().map(|set| &set.value),
            metrics.interval.as_ref().map(|set| set.value),
            metrics.timeout.as_ref().map(|set| set.value),
            metrics.temporality.as_ref().map(|set| set.value),
            metrics.histograms.as_ref().map(|set| set.value)
        );
        Ok::<_, String>((shown, settings.warnings))
    };
    let nothing = "None None None None None".to_owned();
    for (name, good, shown, bad, is_error) in [
        ("OTEL_METRICS_EXPORTER", "console", "Some(Console)", "prom", true),
        ("OTEL_METRIC_EXPORT_INTERVAL", "5000", "Some(5s)", "0", false),
        ("OTEL_METRIC_EXPORT_TIMEOUT", "7000", "Some(7s)", "soon", false),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta", "Some(Delta)", "none", true),
        (
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "base2_exponential_bucket_histogram",
            "Some(Exponential)",
            "log",
            true,
        ),
    ] {
        let (of_good, warnings) = read(name, good).expect(name);
        assert!(of_good.contains(shown) && warnings.is_empty(), "{name}: {of_good}");
        assert_eq!(read(name, ""), Ok((nothing.clone(), Vec::new())), "{name}");
        match read(name, bad) {
            Err(error) => {
                assert!(is_error && error.starts_with(&format!("{name} is `{bad}`; expected ")), "{error}");
            }
            Ok((of_bad, warnings)) => {
                assert!(!is_error && of_bad == nothing, "{name}: {of_bad}");
                assert!(
                    warnings[0].starts_with(&format!("{name} is `{bad}`, which is ignored")),
                    "{warnings:?}"
                );
            }
        }
    }
}

#[cfg(feature = "otlp-http")]
#[test]
fn the_spool_and_the_queue_have_good_bad_and_absent_values() {
    let spool = |variables: &[(&str, &str)]| {
        let all = [&[("WIRESPAN_SPOOL_DIR", "/var/lib/spans")], variables].concat();
        of(&all).map(|config| {
            config.entry("traces.spool").map(|entry| entry.value().to_owned()).unwrap_or_default()
        })
    };
    assert_eq!(spool(&[]).as_deref(), Ok("/var/lib/spans (spill, 268435456 bytes, 86400s)"));
    assert_eq!(
        with("WIRESPAN_SPOOL_DIR", "").expect("good").entry("traces.spool").map(Entry::value),
        Some("none")
    );
    assert!(
        with("WIRESPAN_SPOOL_DIR", "/tmp")
            .expect_err("shared")
            .starts_with("WIRESPAN_SPOOL_DIR is `/tmp`; expected a folder of this program's")
    );
    let (mode, bytes) = ("WIRESPAN_SPOOL_MODE", "WIRESPAN_SPOOL_MAX_BYTES");
    assert!(
        spool(&[(mode, "write-through"), (bytes, "16777216")])
            .expect("good")
            .contains("(write-through, 16777216 bytes")
    );
    assert_eq!(spool(&[(mode, ""), (bytes, "")]), spool(&[]));
    assert!(
        spool(&[(mode, "always")])
            .expect_err("no mode")
            .starts_with("WIRESPAN_SPOOL_MODE is `always`; expected spill")
    );
    assert!(
        spool(&[(bytes, "1")])
            .expect_err("too few")
            .starts_with("WIRESPAN_SPOOL_MAX_BYTES is `1`; expected a number")
    );
    let queue = |value| {
        let lookup = Lookup::of(&[("OTEL_TRACES_EXPORTER", "otlp"), ("WIRESPAN_QUEUE_BYTES", value)]);
        let read = Settings::read(&lookup).map_err(|error| error.to_string())?;
        Ok::<_, String>(format!("{:?}", read.exporter.map(|set| set.value)))
    };
    assert!(queue("12345").expect("good").contains("12345"));
    assert!(queue("").expect("none").contains("33554432"));
    assert!(
        queue("0").expect_err("none").starts_with("WIRESPAN_QUEUE_BYTES is `0`; expected a number of bytes")
    );
}
