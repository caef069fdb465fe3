//! `buckets = seconds` or `buckets = [1, 2, 5]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprArray, Ident, Lit, Token, UnOp};

use super::options::Options;
use crate::diag::{Diags, Spot};
use crate::suggest;

/// The presets, which are constants of `wirespan::metrics::buckets`.
const PRESETS: [&str; 4] = ["seconds", "tokens", "bytes", "money"];

/// Units whose histograms have bounds without being told; `wirespan::metrics::buckets` has the same list.
const WITH_BOUNDS: [&str; 5] = ["s", "By", "{token}", "{USD}", "{EUR}"];

/// Whether a histogram in this unit needs to be told its bounds.
pub(super) fn are_needed(unit: &str) -> bool {
    !WITH_BOUNDS.contains(&unit)
}

/// The bounds as an expression; empty where there are none.
pub(super) fn expand(options: &Options, diags: &mut Diags) -> TokenStream {
    let Some((tokens, spot)) = &options.buckets else { return quote!(&[]) };
    if let Ok(preset) = syn::parse2::<Ident>(tokens.clone()) {
        let name = preset.to_string();
        if PRESETS.contains(&name.as_str()) {
            let constant = Ident::new(&name.to_uppercase(), proc_macro2::Span::mixed_site());
            return quote!(::wirespan::metrics::buckets::#constant);
        }
        diags.report(
            *spot,
            format!("`{name}` is not a preset of buckets"),
            suggest::help(&name, PRESETS, ""),
        );
        return quote!(&[]);
    }
    let Ok(list) = syn::parse2::<ExprArray>(tokens.clone()) else {
        diags.report(
            *spot,
            "`buckets` needs a preset or a list of numbers",
            format!("write `buckets = [0.1, 1, 10]`, or {}", suggest::list(&PRESETS)),
        );
        return quote!(&[]);
    };
    bounds(&list.elems, *spot, diags)
}

fn bounds(list: &Punctuated<Expr, Token![,]>, spot: Spot, diags: &mut Diags) -> TokenStream {
    let numbers: Option<Vec<f64>> = list.iter().map(number).collect();
    let Some(numbers) = numbers else {
        diags.report(spot, "a bound of `buckets` is not a number", "write numbers such as `0.5` or `10`");
        return quote!(&[]);
    };
    if numbers.is_empty() {
        diags.report(spot, "`buckets` has no bounds", format!("write some, or {}", suggest::list(&PRESETS)));
    }
    if numbers.windows(2).any(|pair| matches!(pair, [a, b] if a >= b)) {
        diags.report(
            spot,
            "the bounds of `buckets` do not rise",
            "write each one larger than the one before it",
        );
    }
    let numbers = numbers.iter().map(|number| proc_macro2::Literal::f64_unsuffixed(*number));
    quote!(&[#(#numbers),*])
}

fn number(expr: &Expr) -> Option<f64> {
    let number = match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse::<f64>().ok(),
            Lit::Float(number) => number.base10_parse::<f64>().ok(),
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => number(&unary.expr).map(|number| -number),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    #[test]
    fn units_with_bounds_are_those_that_the_runtime_has_bounds_for() {
        let runtime = include_str!("../../../runtime/src/metrics/typed/buckets.rs");
        for unit in super::WITH_BOUNDS {
            assert!(runtime.contains(&format!("{unit:?}")), "{unit}");
        }
        for preset in super::PRESETS {
            assert!(runtime.contains(&format!("pub const {}", preset.to_uppercase())), "{preset}");
        }
    }
}
