//! Looks the receiver's name up, anew for each connection, on a thread that is there for nothing else: the system's look-up may hang,
//! and tokio's pool of threads panics where the system has none left. Here that is a connection that failed, and is tried again.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::thread;

use tokio::sync::oneshot;

/// Addresses of a name. Their ports say nothing.
type Addresses = Vec<SocketAddr>;
type LookUp = dyn Fn(&str) -> io::Result<Addresses> + Send + Sync;

/// See the module's documentation.
#[derive(Clone)]
pub(super) struct Resolver(Arc<LookUp>);

impl Default for Resolver {
    /// As the system does.
    fn default() -> Self {
        Self::of(|name| Ok((name, 0).to_socket_addrs()?.collect()))
    }
}

impl Resolver {
    fn of(look_up: impl Fn(&str) -> io::Result<Addresses> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }

    fn resolve(&self, name: &str) -> impl Future<Output = io::Result<Addresses>> + Send + use<> {
        let (look_up, name) = (Arc::clone(&self.0), name.to_owned());
        let (found, addresses) = oneshot::channel();
        let started = thread::Builder::new().name("wirespan-lookup".to_owned()).spawn(move || {
            // Who asked may have given up.
            let _ = found.send(look_up(&name));
        });
        async move {
            started?;
            addresses.await.map_err(|_| io::Error::other("the look-up of the name panicked"))?
        }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}

#[cfg(feature = "otlp-http")]
impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let addresses = Self::resolve(self, name.as_str());
        Box::pin(async move { Ok(Box::new(addresses.await?.into_iter()) as reqwest::dns::Addrs) })
    }
}

#[cfg(feature = "otlp-grpc")]
mod grpc {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper_util::client::legacy::connect::dns::Name;
    use tower_service::Service;

    use super::{Future, Resolver, SocketAddr, io};

    impl Service<Name> for Resolver {
        type Response = std::vec::IntoIter<SocketAddr>;
        type Error = io::Error;
        type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, name: Name) -> Self::Future {
            let addresses = self.resolve(name.as_str());
            Box::pin(async move { Ok(addresses.await?.into_iter()) })
        }
    }
}

#[cfg(all(test, target_os = "linux", feature = "otlp-grpc", feature = "otlp-http"))]
mod tests;
