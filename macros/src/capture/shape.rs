//! What a type looks like to the derive: its kind, and how each field is shown.
//!
//! A field whose name starts with `_` or looks like a secret needs no option: the first is left out, the second redacted.

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Fields, Member, Type};

use super::attrs::{self, Places, Show};
use crate::diag::{Diags, Spot};
use crate::secret::looks_secret;

/// The type.
pub(super) enum Shape {
    /// `struct A;`
    Unit,
    /// `struct A(B);`: shows itself as its field does.
    Newtype(Box<FieldShape>),
    /// Any other struct.
    Struct(Vec<FieldShape>),
    Enum(Vec<VariantShape>),
}

/// A variant of an enum.
pub(super) struct VariantShape {
    pub(super) ident: syn::Ident,
    /// Whether it has no fields at all.
    pub(super) unit: bool,
    pub(super) fields: Vec<FieldShape>,
}

/// A field that can be seen.
pub(super) struct FieldShape {
    pub(super) member: Member,
    /// The attribute's key.
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) show: Show,
    pub(super) span: Span,
}

impl FieldShape {
    /// Whether its type is called `Option`.
    pub(super) fn is_option(&self) -> bool {
        let Type::Path(path) = &self.ty else { return false };
        path.path.segments.last().is_some_and(|last| last.ident == "Option")
    }
}

/// Reads the type; mistakes are in `diags`.
pub(super) fn read(input: &DeriveInput, diags: &mut Diags) -> Option<Shape> {
    let mut places = Places::default();
    attrs::reject(&input.attrs, "a type", &mut places, diags);
    let shape = match &input.data {
        Data::Struct(data) => of_struct(input, &data.fields, &mut places, diags),
        Data::Enum(data) => {
            let variants = data.variants.iter().map(|variant| {
                attrs::reject(&variant.attrs, "a variant", &mut places, diags);
                let fields = fields(&variant.fields, &mut places, diags);
                VariantShape { ident: variant.ident.clone(), unit: variant.fields.is_empty(), fields }
            });
            Shape::Enum(variants.collect())
        }
        Data::Union(data) => {
            let span = data.union_token.span;
            diags.report(
                Spot::item(span, 0),
                "`Capture` cannot be derived for a union: which field it holds is not known",
                format!("write `impl wirespan::Capture for {}` by hand", input.ident),
            );
            return None;
        }
    };
    Some(shape)
}

fn of_struct(input: &DeriveInput, all: &Fields, places: &mut Places, diags: &mut Diags) -> Shape {
    let mut read = fields(all, places, diags);
    if all.is_empty() {
        return Shape::Unit;
    }
    if !matches!(all, Fields::Unnamed(_)) || all.len() != 1 {
        return Shape::Struct(read);
    }
    let Some(field) = read.pop() else { return Shape::Unit };
    // `struct ApiKey(String)` says what it holds by its own name.
    let secret = looks_secret(&input.ident.unraw().to_string());
    let show = if secret && field.show == Show::Value { Show::Redact } else { field.show };
    Shape::Newtype(Box::new(FieldShape { show, ..field }))
}

fn fields(all: &Fields, places: &mut Places, diags: &mut Diags) -> Vec<FieldShape> {
    let mut id_seen = false;
    let mut read = Vec::new();
    for (index, (field, member)) in all.iter().zip(all.members()).enumerate() {
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), |ident| ident.unraw().to_string());
        let chosen = attrs::read(field, &name, places, diags);
        let by_name = || match &name {
            name if name.starts_with('_') => Show::Skip,
            name if looks_secret(name) => Show::Redact,
            _ => Show::Value,
        };
        if let Some(id) = chosen.as_ref().filter(|chosen| chosen.show == Show::Id) {
            if id_seen {
                diags.report(
                    id.spot,
                    "`id` is on two fields",
                    "keep it on the field that identifies the value",
                );
            }
            id_seen = true;
        }
        let show = chosen.map_or_else(by_name, |chosen| chosen.show);
        let span =
            field.ty.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span());
        read.push(FieldShape { member, name, ty: field.ty.clone(), show, span });
    }
    read
}
