//! The parameters of a function and the names that their patterns bind.
//!
//! A parameter with a plain name keeps it in the signature. Any other pattern is moved into the body, as the compiler itself
//! does, and the signature gets a made-up name; so the drop order stays that of the bare function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident};
use syn::ext::IdentExt as _;
use syn::{Attribute, FnArg, Pat, Signature, Type};

/// One parameter that is not `self`.
pub(crate) struct Param {
    pub(crate) attrs: Vec<Attribute>,
    /// The pattern as written.
    pub(crate) pat: Pat,
    pub(crate) ty: Type,
    pub(crate) shape: Shape,
    /// The names it binds.
    pub(crate) bindings: Vec<Binding>,
    /// Its name in the signature: the user's, or a made-up one.
    pub(crate) outer: Ident,
}

/// Whether the parameter has a name of its own.
pub(crate) enum Shape {
    /// `x` or `mut x`.
    Plain,
    /// Anything else.
    Pattern,
}

/// A name that a parameter binds.
pub(crate) struct Binding {
    pub(crate) ident: Ident,
    /// The name without `r#`.
    pub(crate) name: String,
}

/// The parameters of `sig` without the receiver.
pub(super) fn read(sig: &Signature) -> Vec<Param> {
    let typed = sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    typed
        .enumerate()
        .map(|(index, typed)| {
            let mut bindings = Vec::new();
            let mut bind = |ident: &Ident| {
                bindings.push(Binding { ident: ident.clone(), name: ident.unraw().to_string() });
            };
            let (shape, outer) = match typed.pat.as_ref() {
                Pat::Ident(plain) if plain.by_ref.is_none() && plain.subpat.is_none() => {
                    bind(&plain.ident);
                    (Shape::Plain, plain.ident.clone())
                }
                pat => {
                    names(pat, &mut bind);
                    (Shape::Pattern, format_ident!("__arg{index}", span = Span::mixed_site()))
                }
            };
            let (attrs, pat, ty) = (typed.attrs.clone(), (*typed.pat).clone(), (*typed.ty).clone());
            Param { attrs, pat, ty, shape, bindings, outer }
        })
        .collect()
}

/// Calls `bind` with each name in `pat`. A name with a capital is a constant or unit struct here, not a variable.
fn names(pat: &Pat, bind: &mut dyn FnMut(&Ident)) {
    match pat {
        Pat::Ident(ident) => {
            if is_variable(&ident.ident) {
                bind(&ident.ident);
            }
            if let Some((_, inner)) = &ident.subpat {
                names(inner, bind);
            }
        }
        // The cases of an or-pattern bind the same names.
        Pat::Or(or) => {
            if let Some(first) = or.cases.first() {
                names(first, bind);
            }
        }
        Pat::Paren(paren) => names(&paren.pat, bind),
        Pat::Reference(reference) => names(&reference.pat, bind),
        Pat::Slice(slice) => slice.elems.iter().for_each(|pat| names(pat, bind)),
        Pat::Struct(fields) => fields.fields.iter().for_each(|field| names(&field.pat, bind)),
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|pat| names(pat, bind)),
        Pat::TupleStruct(tuple) => tuple.elems.iter().for_each(|pat| names(pat, bind)),
        Pat::Type(typed) => names(&typed.pat, bind),
        _ => {}
    }
}

fn is_variable(ident: &Ident) -> bool {
    !ident.unraw().to_string().starts_with(char::is_uppercase)
}

impl Param {
    /// The pattern with which a *reference* to the parameter shows the names in `wanted` as references: no `mut`, `ref` or
    /// `&` is left in it, so that every name is bound by the reference that is matched.
    pub(crate) fn borrowed_pattern(&self, wanted: &[&Ident]) -> TokenStream {
        let mut pat = self.pat.clone();
        borrow(&mut pat, wanted);
        pat.into_token_stream()
    }

    /// Whether the pattern binds a name by `ref mut`, which needs what is matched to be mutable.
    pub(crate) fn has_ref_mut(&self) -> bool {
        has_ref_mut(&self.pat)
    }
}

fn has_ref_mut(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(ident) => {
            let by_ref_mut = ident.by_ref.is_some() && ident.mutability.is_some();
            by_ref_mut || ident.subpat.as_ref().is_some_and(|(_, inner)| has_ref_mut(inner))
        }
        Pat::Or(or) => or.cases.iter().any(has_ref_mut),
        Pat::Paren(paren) => has_ref_mut(&paren.pat),
        Pat::Reference(reference) => has_ref_mut(&reference.pat),
        Pat::Slice(slice) => slice.elems.iter().any(has_ref_mut),
        Pat::Struct(fields) => fields.fields.iter().any(|field| has_ref_mut(&field.pat)),
        Pat::Tuple(tuple) => tuple.elems.iter().any(has_ref_mut),
        Pat::TupleStruct(tuple) => tuple.elems.iter().any(has_ref_mut),
        Pat::Type(typed) => has_ref_mut(&typed.pat),
        _ => false,
    }
}

fn borrow(pat: &mut Pat, wanted: &[&Ident]) {
    match pat {
        Pat::Ident(ident) => {
            ident.by_ref = None;
            ident.mutability = None;
            if let Some((_, inner)) = &mut ident.subpat {
                borrow(inner, wanted);
            }
            if is_variable(&ident.ident) && !wanted.contains(&&ident.ident) {
                *pat = match ident.subpat.take() {
                    Some((_, inner)) => *inner,
                    None => syn::parse_quote!(_),
                };
            }
        }
        Pat::Reference(reference) => {
            borrow(&mut reference.pat, wanted);
            *pat = (*reference.pat).clone();
        }
        Pat::Or(or) => or.cases.iter_mut().for_each(|pat| borrow(pat, wanted)),
        Pat::Paren(paren) => borrow(&mut paren.pat, wanted),
        Pat::Slice(slice) => slice.elems.iter_mut().for_each(|pat| borrow(pat, wanted)),
        Pat::Struct(fields) => {
            for field in &mut fields.fields {
                // `S { x }` is `S { x: x }`, which can become `S { x: _ }`.
                field.colon_token.get_or_insert_with(Default::default);
                borrow(&mut field.pat, wanted);
            }
        }
        Pat::Tuple(tuple) => tuple.elems.iter_mut().for_each(|pat| borrow(pat, wanted)),
        Pat::TupleStruct(tuple) => tuple.elems.iter_mut().for_each(|pat| borrow(pat, wanted)),
        Pat::Type(typed) => borrow(&mut typed.pat, wanted),
        _ => {}
    }
}
