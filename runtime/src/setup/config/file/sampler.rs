//! Samplers of the declarative file.

use opentelemetry_sdk::trace::{Sampler, ShouldSample};

use super::at::At;
use crate::sample::named::Named;
use crate::setup::error::Error;

const SAMPLERS: [&str; 4] = ["always_on", "always_off", "trace_id_ratio_based", "parent_based"];
/// How deep samplers name each other.
const DEPTH: usize = 8;

/// A sampler, and whether it is to be asked about spans with a parent in this process.
pub(super) struct Read {
    pub(super) named: Named,
    pub(super) asks_for_all: bool,
}

pub(super) fn read(at: &At<'_>) -> Result<Read, Error> {
    let mut asks_for_all = false;
    let sampler = sampler(at, DEPTH, &mut asks_for_all)?;
    let named = match sampler {
        Found::Default => Named::Default,
        Found::Plain(sampler) => Named::Sampler(sampler),
        Found::Branches(sampler) => Named::Other(sampler),
    };
    Ok(Read { named, asks_for_all })
}

enum Found {
    /// `parentbased_always_on`.
    Default,
    Plain(Sampler),
    Branches(Box<dyn ShouldSample>),
}

impl Found {
    fn boxed(self) -> Box<dyn ShouldSample> {
        match self {
            Self::Default => Box::new(Sampler::ParentBased(Box::new(Sampler::AlwaysOn))),
            Self::Plain(sampler) => Box::new(sampler),
            Self::Branches(sampler) => sampler,
        }
    }
}

fn sampler(at: &At<'_>, depth: usize, asks_for_all: &mut bool) -> Result<Found, Error> {
    if depth == 0 {
        return Err(at.problem(&format!("is a sampler in more than {DEPTH} others")));
    }
    let (name, options) = at.one(&SAMPLERS)?;
    Ok(match name {
        "always_on" => {
            options.map(&[])?;
            Found::Plain(Sampler::AlwaysOn)
        }
        "always_off" => {
            options.map(&[])?;
            Found::Plain(Sampler::AlwaysOff)
        }
        "trace_id_ratio_based" => {
            let ratio = options.map(&["ratio"])?.get("ratio");
            let ratio = ratio.map_or(Ok(1.0), |ratio| {
                let number = ratio.decimal()?;
                let good = (0.0..=1.0).contains(&number);
                good.then_some(number).ok_or_else(|| ratio.wrong("a number from 0.0 to 1.0"))
            })?;
            Found::Plain(Sampler::TraceIdRatioBased(ratio))
        }
        _ => parent_based(&options, depth, asks_for_all)?,
    })
}

fn parent_based(at: &At<'_>, depth: usize, asks_for_all: &mut bool) -> Result<Found, Error> {
    let fields = at.map(&[
        "root",
        "remote_parent_sampled",
        "remote_parent_not_sampled",
        "local_parent_sampled",
        "local_parent_not_sampled",
    ])?;
    let mut branch = |key: &str| fields.get(key).map(|at| sampler(&at, depth - 1, asks_for_all)).transpose();
    let root = branch("root")?.unwrap_or(Found::Plain(Sampler::AlwaysOn));
    // What is the default anyway is not asked.
    let on = |found: &Found| !matches!(found, Found::Plain(Sampler::AlwaysOn));
    let off = |found: &Found| !matches!(found, Found::Plain(Sampler::AlwaysOff));
    let remote_sampled = branch("remote_parent_sampled")?.filter(on);
    let remote_not_sampled = branch("remote_parent_not_sampled")?.filter(off);
    let local_sampled = branch("local_parent_sampled")?.filter(on);
    let local_not_sampled = branch("local_parent_not_sampled")?.filter(off);
    if [&remote_sampled, &remote_not_sampled, &local_sampled, &local_not_sampled]
        .iter()
        .all(|found| found.is_none())
    {
        return Ok(match root {
            Found::Plain(Sampler::AlwaysOn) => Found::Default,
            root => Found::Plain(Sampler::ParentBased(root.boxed())),
        });
    }
    *asks_for_all |= local_sampled.is_some() || local_not_sampled.is_some();
    let mut based = Sampler::parent_based(root.boxed());
    if let Some(found) = remote_sampled {
        based = based.with_remote_parent_sampled(found.boxed());
    }
    if let Some(found) = remote_not_sampled {
        based = based.with_remote_parent_not_sampled(found.boxed());
    }
    if let Some(found) = local_sampled {
        based = based.with_local_parent_sampled(found.boxed());
    }
    if let Some(found) = local_not_sampled {
        based = based.with_local_parent_not_sampled(found.boxed());
    }
    Ok(Found::Branches(Box::new(based)))
}
