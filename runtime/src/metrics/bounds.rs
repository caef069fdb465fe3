//! Bounds of histograms that declare none. OpenTelemetry's default (0, 5, … 10,000) was made for milliseconds: of durations in
//! seconds it tells nothing below five.

/// For durations in seconds: from half a millisecond, which a cache answers in, to five minutes, which a model thinks.
pub(crate) const SECONDS: [f64; 18] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0,
    300.0,
];

/// Bounds for an instrument of that unit, where the default would tell nothing.
pub(super) fn of_unit(unit: &str) -> Option<Vec<f64>> {
    (unit == "s").then(|| SECONDS.to_vec())
}
