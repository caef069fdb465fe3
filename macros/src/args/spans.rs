//! Reads what names a span: its own name, its parent, what it is linked to.

use proc_macro2::Group;
use syn::parse::ParseStream;
use syn::{Expr, token};

use super::parse::{Reader, to_comma};
use super::{Given, Key, Spec};
use crate::diag::Spot;

/// The longest span name, in bytes.
const MAX_NAME: usize = 255;

impl Reader<'_> {
    /// `name = "…"`, `name_prefix = "…"`.
    pub(super) fn span_name(
        &mut self,
        input: ParseStream<'_>,
        spec: &Spec,
        key: Spot,
    ) -> Option<Given<String>> {
        let text = self.text(input, spec, key)?;
        let what = if spec.key == Key::NamePrefix { "the prefix of names" } else { "the name of a span" };
        self.checked_name(text, what, &format!("write a name, or remove `{}`", spec.name))
    }

    /// A name, which messages call `what`, if it can be one; `help` is for one that is empty.
    pub(super) fn checked_name(
        &mut self,
        text: Given<String>,
        what: &str,
        help: &str,
    ) -> Option<Given<String>> {
        let (name, len) = (&text.value, text.value.len());
        let (wrong, help) = if name.trim().is_empty() {
            (format!("{what} cannot be empty"), help)
        } else if len > MAX_NAME {
            let wrong = format!("{what} cannot be longer than {MAX_NAME} bytes, and this is {len}");
            (wrong, "shorten it, and put what varies into fields")
        } else if name.contains("{}") || name.contains("{:") {
            // A name in braces may be meant: routes have them.
            let wrong = format!("{what} stays as it is written: it is not a format string");
            (wrong, "remove the braces, and put what varies into fields, like `key = value`")
        } else {
            return Some(text);
        };
        self.report(text.spot, wrong, help);
        None
    }

    /// `parent = expr`.
    pub(super) fn parent(&mut self, input: ParseStream<'_>, spec: &Spec, key: Spot) -> Option<Given<Expr>> {
        let parent = self.parsed::<Expr>(input, spec, key, "an expression")?;
        if is_none(&parent.value) {
            self.report(key, "`parent = None` names no span", "write `root` to start a trace");
            return None;
        }
        Some(parent)
    }

    /// `links(expr)`.
    pub(super) fn links(&mut self, input: ParseStream<'_>, spec: &Spec, key: Spot) -> Option<Given<Expr>> {
        let group = input.peek(token::Paren).then(|| input.parse::<Group>().ok()).flatten();
        to_comma(input);
        let Some(group) = group else {
            let wrong = format!("`{}` takes an expression in brackets", spec.name);
            self.report(key, wrong, format!("write `{}`", spec.example));
            return None;
        };
        let value = syn::parse2::<Expr>(group.stream()).ok();
        if value.is_none() {
            let spot = self.spots.spot(group.span());
            let help = format!("write `{}`, or `{}([&a, &b])` for some", spec.example, spec.name);
            self.report(spot, format!("`{}` takes one expression, which is a list", spec.name), help);
        }
        value.map(|value| Given { value, spot: key })
    }
}

/// `None`, which names no span.
pub(super) fn is_none(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("None"))
}
