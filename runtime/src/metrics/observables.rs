//! Observable instruments of other crates, with their callbacks: registered with each provider that is installed, once.
//!
//! An instrument that is made while a provider is installed may be registered from two sides; the number of the provider, which each
//! instrument keeps, decides for one of them. They live as long as the process, as they do in OpenTelemetry's own provider.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use arc_swap::ArcSwapOption;
use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Callback, Meter};

use super::current;
use super::guard::{Finite, Guarded};
use super::provider::Shared;

/// What an instrument was declared with.
pub(super) struct Told {
    pub(super) name: Cow<'static, str>,
    pub(super) unit: Option<Cow<'static, str>>,
    pub(super) description: Option<Cow<'static, str>>,
    /// Of a histogram.
    pub(super) bounds: Option<Vec<f64>>,
}

impl Told {
    pub(super) fn new(
        name: Cow<'static, str>,
        unit: Option<Cow<'static, str>>,
        description: Option<Cow<'static, str>>,
    ) -> Self {
        Self { name, unit, description, bounds: None }
    }

    pub(super) fn unit_and_description(&self) -> (Option<Cow<'static, str>>, Option<Cow<'static, str>>) {
        (self.unit.clone(), self.description.clone())
    }
}

/// One instrument.
struct Observable {
    scope: InstrumentationScope,
    /// Makes it with a meter.
    register: Box<dyn Fn(&Meter) + Send + Sync>,
    /// The number of the provider that has it.
    registered: AtomicU32,
}

impl Observable {
    fn register(&self, shared: &Shared) {
        if self.registered.swap(shared.number, Ordering::Relaxed) != shared.number {
            (self.register)(&Guarded::meter(shared, self.scope.clone(), Finite::ByUs));
        }
    }
}

/// All of them.
static ALL: ArcSwapOption<Vec<Arc<Observable>>> = ArcSwapOption::const_empty();

/// There is an instrument more.
pub(super) fn add<M: 'static>(
    scope: InstrumentationScope,
    told: Told,
    callbacks: Vec<Callback<M>>,
    make: fn(&Meter, &Told, Vec<Callback<M>>),
) {
    let callbacks: Vec<Arc<Callback<M>>> = callbacks.into_iter().map(Arc::new).collect();
    let again = |callback: &Arc<Callback<M>>| -> Callback<M> {
        let callback = Arc::clone(callback);
        Box::new(move |observer| callback(observer))
    };
    let register = move |meter: &Meter| make(meter, &told, callbacks.iter().map(again).collect());
    let observable =
        Arc::new(Observable { scope, register: Box::new(register), registered: AtomicU32::new(0) });
    ALL.rcu(|all| {
        let mut all = all.as_ref().map_or_else(Vec::new, |all| all.to_vec());
        all.push(Arc::clone(&observable));
        Some(Arc::new(all))
    });
    // Who installs one from here on finds the instrument in the list.
    if let Some(shared) = current::current() {
        observable.register(&shared);
    }
}

/// Registers all of them with a provider that was installed.
pub(super) fn register_all(shared: &Shared) {
    for observable in ALL.load().iter().flat_map(|all| all.iter()) {
        observable.register(shared);
    }
}
