//! [`callsites`]: every traced function of the program, for people and for continuous integration.

use std::iter::FusedIterator;
use std::vec;

use super::{Callsite, registry};

/// Every traced function that is linked into this program, whether it has run or not, by module, file and line.
///
/// It needs no telemetry to be switched on. A generic function is one call site, whatever its instances, also when it has
/// none; a function that nobody calls is listed, too, since the linker keeps its call site. Functions of a library are
/// listed where something of their library is used.
///
/// ```
/// #[wirespan::traced(kind = "client", level = "debug", skip = "messages")]
/// fn send(host: &str, messages: Vec<String>, api_key: &str) -> usize {
///     host.len() + messages.len() + api_key.len()
/// }
///
/// # if wirespan::callsites().is_complete() {
/// let site = wirespan::callsites().find(|site| site.function() == "send").unwrap();
/// assert_eq!(site.level(), wirespan::Level::Debug);
/// let shown: Vec<_> = site.parameters().map(|parameter| (parameter.name, parameter.shown)).collect();
/// assert_eq!(
///     shown,
///     [
///         ("host", wirespan::Shown::Value),
///         ("messages", wirespan::Shown::Skipped),
///         ("api_key", wirespan::Shown::Redacted),
///     ]
/// );
/// # }
/// ```
///
/// # Platforms
///
/// The linker makes the list on Linux, Android, Fuchsia, macOS, iOS, tvOS, Windows, illumos, FreeBSD and OpenBSD. Elsewhere,
/// WebAssembly among them, functions are traced as ever, the list is empty, and [`Callsites::is_complete`] says so.
pub fn callsites() -> Callsites {
    let mut sites: Vec<&'static Callsite> = registry::all().iter().collect();
    sites.sort_by_key(|site| (site.module(), site.file(), site.line(), site.function()));
    Callsites(sites.into_iter())
}

/// The call sites of a program: see [`callsites`].
#[derive(Debug, Clone)]
pub struct Callsites(vec::IntoIter<&'static Callsite>);

impl Callsites {
    /// Whether the platform has such a list; where it has none this is empty, whatever is traced.
    pub fn is_complete(&self) -> bool {
        registry::IS_COMPLETE
    }
}

impl Iterator for Callsites {
    type Item = &'static Callsite;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Callsites {}
impl FusedIterator for Callsites {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{MemoryExporter, builder, callsites, span, traced};

    #[traced]
    fn add(a: u64, b: u64) -> u64 {
        a + b
    }

    /// Our own unit tests have no list of call sites, as the platforms that `linkme` has no answer for.
    #[test]
    fn without_a_list_functions_are_traced_and_filtered_as_ever() {
        assert!(!callsites().is_complete());
        assert_eq!(callsites().len(), 0);
        let exported = MemoryExporter::new();
        let filter = concat!("off,", module_path!(), "=info,no::such=debug");
        let telemetry =
            builder().without_environment().exporter(exported.clone()).filter(filter).install().unwrap();
        span!("sum").in_scope(|| assert_eq!(add(2, 3), 5));
        telemetry.flush(Duration::from_secs(20)).unwrap();
        let mut names: Vec<_> = exported.spans().iter().map(|span| span.name.to_string()).collect();
        names.sort();
        assert_eq!(names, ["add", "sum"]);
        assert!(telemetry.stats().is_balanced());
    }
}
