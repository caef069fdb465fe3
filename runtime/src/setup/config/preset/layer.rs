//! What an OTLP exporter takes from a preset where neither the program nor a variable says it.

use std::fmt;

use super::Preset;
use crate::export::otlp::{Compression, Protocol, Signal};
use crate::setup::config::source::Source;
use crate::setup::error::{Error, Kind};

/// See the module's documentation. Its `Debug` shows no header.
pub(crate) struct Layer {
    pub(super) preset: Preset,
    /// Without a path.
    pub(super) http: String,
    /// `None` where there is no gRPC.
    pub(super) grpc: Option<String>,
    pub(super) headers: Vec<Header>,
    /// A header that must be sent, and the variable that it comes from.
    pub(super) key: Option<Key>,
    pub(super) compression: Option<Compression>,
}

pub(super) struct Header {
    pub(super) name: &'static str,
    pub(super) value: String,
    /// The variable that it comes from, where it does.
    pub(super) variable: Option<&'static str>,
    /// `None`: every signal's.
    pub(super) of: Option<Signal>,
}

#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) header: &'static str,
    pub(super) variable: &'static str,
    /// What it is, with an article.
    pub(super) what: &'static str,
}

impl Layer {
    /// Where to send to.
    ///
    /// # Errors
    ///
    /// The place does not speak this protocol.
    pub(crate) fn endpoint(&self, protocol: Protocol) -> Result<&str, Error> {
        match (protocol, &self.grpc) {
            (Protocol::HttpProtobuf, _) => Ok(&self.http),
            (Protocol::Grpc, Some(endpoint)) => Ok(endpoint),
            (Protocol::Grpc, None) => Err(Error::new(Kind::Option {
                name: "preset",
                problem: format!(
                    "is {}, which takes no gRPC; expected OTLP by http/protobuf, or an endpoint that takes it",
                    self.preset.as_str()
                ),
            })),
        }
    }

    /// Names and values of the signal's headers, with the variables that values come from.
    pub(crate) fn headers(
        &self,
        signal: Signal,
    ) -> impl Iterator<Item = (&'static str, &str, Option<&'static str>)> {
        let these = self.headers.iter().filter(move |header| header.of.is_none_or(|of| of == signal));
        these.map(|header| (header.name, &*header.value, header.variable))
    }

    pub(crate) fn compression(&self) -> Option<Compression> {
        self.compression
    }

    pub(crate) fn source(&self) -> Source {
        self.preset.source()
    }

    /// # Errors
    ///
    /// The key is not among the headers that are sent.
    pub(crate) fn check<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> Result<(), Error> {
        match self.key {
            Some(key) if !names.any(|name| name == key.header) => Err(Error::new(Kind::Unset {
                name: key.variable,
                expected: format!("{}, which the preset `{}` sends", key.what, self.preset.as_str()),
            })),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Layer").field(&self.preset).finish()
    }
}
