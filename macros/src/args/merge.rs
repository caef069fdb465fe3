//! The options of an `impl` block and those of one of its methods: the method's count first.

use super::{Args, Given, NamesArgs};
use crate::diag::Spot;

impl Args {
    /// These options of a method over those of its block. Names that the method does not bind are left out of the block's,
    /// and so is what only a function with a future can have, where `is_async` says that this is none.
    pub(crate) fn over(self, block: &Self, binds: impl Fn(&str) -> bool, is_async: bool) -> Self {
        let own = |names: &Option<NamesArgs>, name: &Given<String>| {
            names.iter().flat_map(|names| &names.names).any(|given| given.value == name.value)
        };
        let named_here = |name: &Given<String>| {
            [&self.skip, &self.record, &self.unredacted, &self.debug, &self.display, &self.serde]
                .into_iter()
                .any(|names| own(names, name))
        };
        let inherited = |of_block: &Option<NamesArgs>| {
            let names: Vec<_> = of_block
                .iter()
                .flat_map(|names| &names.names)
                .filter(|name| binds(&name.value) && !named_here(name))
                .cloned()
                .collect();
            of_block
                .as_ref()
                .filter(|_| !names.is_empty())
                .map(|of_block| NamesArgs { key: of_block.key, names })
        };
        let skip_all = self.skip_all.or(block.skip_all.filter(|_| self.skip.is_none()));
        let skip = if skip_all.is_some() { None } else { inherited(&block.skip) };
        let record = inherited(&block.record);
        let [unredacted, debug, display, serde] =
            [&block.unredacted, &block.debug, &block.display, &block.serde].map(inherited);
        let mut fields: Vec<_> = block
            .fields
            .iter()
            .filter(|field| self.fields.iter().all(|own| own.key.value != field.key.value))
            .cloned()
            .collect();
        fields.extend(self.fields);
        let sized = self.budget.is_some() || self.max_span.is_some();
        Self {
            name: self.name,
            name_prefix: block.name_prefix.clone(),
            skip: join(self.skip, skip),
            skip_all,
            record: join(self.record, record),
            unredacted: join(self.unredacted, unredacted),
            debug: join(self.debug, debug),
            display: join(self.display, display),
            serde: join(self.serde, serde),
            fields,
            kind: self.kind.or(block.kind),
            level: self.level.or_else(|| block.level.clone()),
            max_value: self.max_value.or_else(|| block.max_value.clone()),
            // One of the two excludes the other, whichever of them it is.
            max_span: self.max_span.or_else(|| block.max_span.clone().filter(|_| !sized)),
            budget: self.budget.or_else(|| block.budget.clone().filter(|_| !sized)),
            max_future: self.max_future.or_else(|| block.max_future.clone().filter(|_| is_async)),
            cancel: self.cancel.or_else(|| block.cancel.clone().filter(|_| is_async)),
            returns: self.returns,
            off: self.off.or(block.off),
            ret: self.ret.or(block.ret),
            status: self.status.or_else(|| block.status.clone().filter(|_| self.err.is_none())),
            err: self.err.or_else(|| block.err.clone()),
            parent: self.parent.or_else(|| block.parent.clone().filter(|_| self.root.is_none())),
            root: self.root.or(block.root),
            links: self.links.or_else(|| block.links.clone()),
            metrics: self.metrics.or(block.metrics),
            krate: self.krate.or_else(|| block.krate.clone()),
        }
    }
}

impl Args {
    /// An option beside `off`, and its place.
    pub(crate) fn other_than_off(&self) -> Option<(&'static str, Spot)> {
        let names = |names: &Option<NamesArgs>| names.as_ref().map(|names| names.key);
        let name = self.name.as_ref().map(|name| name.spot);
        let size = |size: &Option<Given<u32>>| size.as_ref().map(|size| size.spot);
        [
            ("name", name),
            ("skip", names(&self.skip)),
            ("skip_all", self.skip_all),
            ("record", names(&self.record)),
            ("unredacted", names(&self.unredacted)),
            ("debug", names(&self.debug)),
            ("display", names(&self.display)),
            ("serde", names(&self.serde)),
            ("fields", self.fields.first().map(|field| field.key.spot)),
            ("level", self.level.as_ref().map(|level| level.spot)),
            ("max_value", size(&self.max_value)),
            ("max_span", size(&self.max_span)),
            ("budget", size(&self.budget)),
            ("max_future", size(&self.max_future)),
            ("err", self.err.as_ref().map(|err| err.spot)),
            ("cancel", self.cancel.as_ref().map(|cancel| cancel.spot)),
            ("ret", self.ret),
            ("status", self.status.as_ref().map(|status| status.spot)),
            ("parent", self.parent.as_ref().map(|parent| parent.spot)),
            ("root", self.root),
            ("links", self.links.as_ref().map(|links| links.spot)),
            ("metrics", self.metrics),
            ("returns", self.returns.as_ref().map(|returns| returns.spot)),
        ]
        .into_iter()
        .find_map(|(option, spot)| spot.map(|spot| (option, spot)))
    }
}

fn join(own: Option<NamesArgs>, block: Option<NamesArgs>) -> Option<NamesArgs> {
    match (own, block) {
        (Some(mut own), Some(block)) => {
            own.names.extend(block.names);
            Some(own)
        }
        (own, block) => own.or(block),
    }
}
