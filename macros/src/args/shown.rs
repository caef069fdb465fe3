//! What the value of a field shows, if that has a name: by it alone a secret is known.

use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::{Expr, ExprField, Member};

use super::Given;
use super::fields::{as_variable, bare, typed};
use super::parse::Reader;

/// Methods whose result is the value that they are called on, in another type at most.
const KEEPING: [&str; 8] =
    ["clone", "as_str", "as_ref", "to_string", "to_owned", "expose", "expose_secret", "into_inner"];

/// The variable or the member whose value a field shows.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) name: Given<String>,
    /// As it is typed, `self.` and the like included.
    pub(crate) path: String,
}

impl Shown {
    /// The variable or the member whose value an expression shows, as it stands or behind calls that keep the value.
    pub(super) fn of(expr: &Expr, reader: &mut Reader<'_>) -> Option<Self> {
        let mut expr = bare(expr);
        while let Expr::MethodCall(call) = expr {
            if !call.args.is_empty() || !KEEPING.iter().any(|name| call.method == name) {
                return None;
            }
            expr = bare(&call.receiver);
        }
        let name = match expr {
            Expr::Field(ExprField { member: Member::Named(name), .. }) => name,
            _ => as_variable(expr)?,
        };
        let value = name.unraw().to_string();
        let spot = reader.spots.spot(name.span());
        Some(Self { name: Given { value, spot }, path: typed(&expr.to_token_stream()) })
    }
}
