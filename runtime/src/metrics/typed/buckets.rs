//! Bounds of histograms that fit what is measured. OpenTelemetry's default bounds end at 10,000 and are made for milliseconds:
//! with seconds they put nearly everything into the first bucket.

/// For durations in seconds, from 100 microseconds to 10 minutes.
pub const SECONDS: &[f64] = &[
    0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
    120.0, 300.0, 600.0,
];

/// For numbers of tokens: those that OpenTelemetry's conventions give `gen_ai.client.token.usage`.
pub const TOKENS: &[f64] = &[
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];

/// For sizes in bytes, from 64 B to 1 GiB.
pub const BYTES: &[f64] = &[
    64.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
    268_435_456.0,
    1_073_741_824.0,
];

/// For amounts of money, from a hundredth of a cent to 100.
pub const MONEY: &[f64] =
    &[0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 50.0, 100.0];

/// The bounds that fit a unit, where the declaration gives none.
pub(super) fn of_unit(unit: &str) -> Option<&'static [f64]> {
    match unit {
        "s" => Some(SECONDS),
        "By" => Some(BYTES),
        "{token}" => Some(TOKENS),
        "{USD}" | "{EUR}" => Some(MONEY),
        _ => None,
    }
}
