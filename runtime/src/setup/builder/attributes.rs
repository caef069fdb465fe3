//! The builder's options about attributes of requests: which keys go where.

use super::Builder;

impl Builder {
    /// Keys of [`context`](crate::context) attributes that metrics have: each combination of their values is a series. Default:
    /// `WIRESPAN_CONTEXT_METRICS`, else none.
    pub fn context_to_metrics<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.options.allowed.metrics = Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// Keys of [`context`](crate::context) attributes that our propagator sends to other processes as W3C baggage: to all of them.
    /// Default: `WIRESPAN_CONTEXT_TO_BAGGAGE`, else none.
    pub fn context_to_baggage<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.options.allowed.to_baggage = Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// Keys of incoming W3C baggage that become [`context`](crate::context) attributes, where our propagator reads it and trusts the
    /// sender. Default: `WIRESPAN_CONTEXT_FROM_BAGGAGE`, else none.
    pub fn context_from_baggage<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.options.allowed.from_baggage = Some(keys.into_iter().map(Into::into).collect());
        self
    }
}
