//! Attributes that go to other processes as W3C baggage, and come from them. Only by the allow-lists, and never a secret.

use opentelemetry::{Context, Key};

use super::lists::lists;
use super::scope::Scope;
use super::value::Value;
use crate::capture::secret_name::looks_secret;

/// What of the scope in `context` may leave the process: keys and values.
pub(crate) fn outgoing(context: &Context) -> Vec<(String, String)> {
    if !super::is_in_use() {
        return Vec::new();
    }
    let lists = lists();
    let Some(scope) = Scope::in_context(context).filter(|_| !lists.to_baggage.is_empty()) else {
        return Vec::new();
    };
    let snapshot = scope.get();
    let allowed = snapshot.all().iter().filter(|pair| lists.to_baggage.contains(pair.key.as_str()));
    allowed
        .filter(|pair| !looks_secret(pair.key.as_str()))
        .map(|pair| (pair.key.as_str().to_owned(), pair.value.as_str().into_owned()))
        .collect()
}

/// `context` with those members of a message's baggage in a scope that are allowed to be; as it is, where none is. `value` finds a
/// member's.
pub(crate) fn incoming(context: Context, value: impl Fn(&str) -> Option<String>) -> Context {
    let lists = lists();
    let taken: Vec<(Key, Value)> = lists
        .from_baggage
        .iter()
        .filter_map(|key| Some((Key::from(key.clone()), Value::from(value(key)?))))
        .collect();
    if taken.is_empty() {
        return context;
    }
    // The message's own: nobody else's scope is changed.
    let around = Scope::in_context(&context).map(Scope::get).unwrap_or_default();
    let scope = Scope::with_snapshot(around);
    scope.set(taken);
    scope.put_into(&context)
}
