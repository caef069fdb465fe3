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
        let inherited = |of_block: &Option<NamesArgs>| {
            let names: Vec<_> = of_block
                .iter()
                .flat_map(|names| &names.names)
                .filter(|name| binds(&name.value) && !own(&self.skip, name) && !own(&self.record, name))
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
            fields,
            kind: self.kind.or(block.kind),
            max_value: self.max_value.or_else(|| block.max_value.clone()),
            // One of the two excludes the other, whichever of them it is.
            max_span: self.max_span.or_else(|| block.max_span.clone().filter(|_| !sized)),
            budget: self.budget.or_else(|| block.budget.clone().filter(|_| !sized)),
            err: self.err.or(block.err),
            cancel: self.cancel.or_else(|| block.cancel.clone().filter(|_| is_async)),
            returns: self.returns,
            off: self.off.or(block.off),
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
            ("fields", self.fields.first().map(|field| field.key.spot)),
            ("max_value", size(&self.max_value)),
            ("max_span", size(&self.max_span)),
            ("budget", size(&self.budget)),
            ("cancel", self.cancel.as_ref().map(|cancel| cancel.spot)),
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
