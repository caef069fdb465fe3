//! Reads the values of options: text, a word of a list, a size, names of parameters.
//!
//! Each reader returns `None` after it has reported what is wrong, at the smallest token that is.

use proc_macro2::{Group, Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Lit, LitStr, Token, token};

use super::parse::{Reader, next_span, to_comma, within};
use super::{
    CEILING, Cancel, Given, Key, Kind, Level, NamesArgs, OnErr, Returns, Spec, echo, show_size, size,
};
use crate::diag::Spot;
use crate::suggest;

/// The words of `kind`.
pub(super) static KINDS: [(&str, Kind); 5] = [
    ("internal", Kind::Internal),
    ("server", Kind::Server),
    ("client", Kind::Client),
    ("producer", Kind::Producer),
    ("consumer", Kind::Consumer),
];

/// The words of `level`.
pub(super) static LEVELS: [(&str, Level); 5] = [
    ("trace", Level::Trace),
    ("debug", Level::Debug),
    ("info", Level::Info),
    ("warn", Level::Warn),
    ("error", Level::Error),
];

/// The words of `err`.
pub(super) static ERRS: [(&str, OnErr); 1] = [("ignore", OnErr::Ignore)];

/// The words of `cancel`.
pub(super) static CANCELS: [(&str, Cancel); 2] = [("error", Cancel::Error), ("unset", Cancel::Unset)];

/// The words of `returns`.
pub(super) static RETURNS: [(&str, Returns); 3] =
    [("future", Returns::Future), ("stream", Returns::Stream), ("value", Returns::Value)];

impl Reader<'_> {
    /// `key = "word"`, where the word is one of `words`.
    pub(super) fn word<T: Copy>(
        &mut self,
        input: ParseStream<'_>,
        spec: &Spec,
        key: Spot,
        what: &str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text(input, spec, key)?;
        let found = words.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let help = suggest::help(&text.value, words.iter().map(|(word, _)| *word), "");
            self.report(text.spot, format!("`{}` is not {what}", text.value), help);
        }
        found.map(|(_, value)| *value)
    }

    /// `key = "64KiB"` or `key = 65536`.
    pub(super) fn size(&mut self, input: ParseStream<'_>, spec: &Spec, key: Spot) -> Option<Given<u32>> {
        self.equals(input, spec, key)?;
        let span = next_span(input);
        let spot = self.spots.spot(span);
        let text = match input.parse::<Lit>() {
            // `64 * 1024` is no literal.
            _ if !input.is_empty() && !input.peek(Token![,]) => String::new(),
            Ok(Lit::Str(text)) => text.value(),
            Ok(Lit::Int(bytes)) if bytes.suffix().is_empty() => bytes.base10_digits().to_owned(),
            _ => String::new(),
        };
        to_comma(input);
        let (wrong, help) = match size::parse(&text) {
            Ok(value) => return Some(Given { value, spot }),
            Err(size::Refused::NoSize) => (
                format!("`{}` needs a size in bytes", spec.name),
                format!("write `{}`; units are B, KB, KiB, MB and MiB", spec.example),
            ),
            Err(size::Refused::Zero) => (
                format!("`{}` cannot be zero", spec.name),
                match spec.key {
                    Key::MaxFuture => format!("write `{}`, or remove it", spec.example),
                    _ => "write `skip_all` to record no parameter".to_owned(),
                },
            ),
            Err(size::Refused::TooLarge) => {
                let ceiling = show_size(CEILING);
                (
                    format!("`{}` cannot be over {ceiling}", spec.name),
                    format!("write at most `{} = \"64MiB\"`", spec.name),
                )
            }
        };
        self.report(spot, wrong, help);
        None
    }

    /// A key alone.
    pub(super) fn flag(&mut self, input: ParseStream<'_>, spec: &Spec, key: Spot) -> Option<Spot> {
        if input.is_empty() || input.peek(Token![,]) {
            return Some(key);
        }
        let spot = self.spots.spot(next_span(input));
        to_comma(input);
        let name = spec.name;
        self.report(spot, format!("`{name}` takes no value"), format!("write `{name}` alone, or remove it"));
        None
    }

    /// `key = "a, b"` or `key(a, b)`.
    pub(super) fn names(&mut self, input: ParseStream<'_>, spec: &Spec, key: Spot) -> Option<NamesArgs> {
        let before = self.diags.count();
        let mut names = Vec::new();
        let mut end = key;
        if input.peek(token::Paren) {
            let group = input.parse::<Group>().ok()?;
            within(group.stream(), |input| self.idents(input, spec, &mut names));
        } else {
            self.equals(input, spec, key)?;
            let text = self.literal(input, spec)?;
            end = text.spot;
            let listed = text.value.trim().trim_end_matches(',');
            for name in listed.split(',').map(str::trim).filter(|_| !listed.is_empty()) {
                let value = name.strip_prefix("r#").unwrap_or(name).to_owned();
                names.push(Given { value, spot: text.spot });
            }
        }
        let name = spec.name;
        if self.diags.count() > before {
            return None;
        }
        if names.is_empty() {
            self.report(
                end,
                format!("`{name}` names no parameter"),
                format!("write `{}`, or remove `{name}`", spec.example),
            );
            return None;
        }
        Some(NamesArgs { key, names })
    }

    /// `key = …`, where what follows can be read as `T`.
    pub(super) fn parsed<T: Parse>(
        &mut self,
        input: ParseStream<'_>,
        spec: &Spec,
        key: Spot,
        what: &str,
    ) -> Option<Given<T>> {
        self.equals(input, spec, key)?;
        let spot = self.spots.spot(next_span(input));
        let value = input.fork().parse::<T>().and_then(|_| input.parse::<T>());
        if value.is_err() {
            to_comma(input);
            let wrong = format!("`{}` needs {what}", spec.name);
            self.report(spot, wrong, format!("write `{}`", spec.example));
        }
        value.ok().map(|value| Given { value, spot: key })
    }

    /// Parameter names in brackets, separated by commas.
    fn idents(&mut self, input: ParseStream<'_>, spec: &Spec, names: &mut Vec<Given<String>>) {
        let name = spec.name;
        while !input.is_empty() {
            let spot = self.spots.spot(next_span(input));
            if input.parse::<Token![_]>().is_ok() {
                self.report(
                    spot,
                    "`_` is not the name of a parameter",
                    "leave it out: `_` is never recorded",
                );
            } else if let Ok(ident) = input.call(Ident::parse_any) {
                names.push(Given { value: ident.unraw().to_string(), spot });
            } else if let Ok(text) = input.parse::<LitStr>() {
                self.report(
                    spot,
                    format!("`{name}(…)` takes names without quotes"),
                    format!("write `{}`", text.value()),
                );
            } else {
                self.report(
                    spot,
                    format!("`{name}(…)` takes names of parameters"),
                    format!("write `{name}(a, b)`"),
                );
                to_comma(input);
            }
            if !input.is_empty() && !input.peek(Token![,]) {
                let spot = self.spots.spot(next_span(input));
                let (wrong, help) = if input.peek(Token![.]) {
                    let part = "remove what follows; to record a part of it, write `fields(key = name.part)`";
                    (format!("`{name}(…)` takes whole parameters"), part)
                } else {
                    ("a parameter's name ends here".to_owned(), "write a `,` before the next one")
                };
                self.report(spot, wrong, help);
                to_comma(input);
            }
            let _ = input.parse::<Token![,]>();
        }
    }

    /// A string literal after `=`.
    pub(super) fn text(&mut self, input: ParseStream<'_>, spec: &Spec, key: Spot) -> Option<Given<String>> {
        self.equals(input, spec, key)?;
        self.literal(input, spec)
    }

    /// A string literal.
    fn literal(&mut self, input: ParseStream<'_>, spec: &Spec) -> Option<Given<String>> {
        let spot = self.spots.spot(next_span(input));
        let text = input.parse::<LitStr>();
        let written = if text.is_ok() { TokenStream::new() } else { echo::rest(input) };
        match text {
            Ok(text) if text.suffix().is_empty() => Some(Given { value: text.value(), spot }),
            _ => {
                let help = format!("write `{}`", echo::option(spec, &written));
                self.report(spot, format!("`{}` needs text in quotes", spec.name), help);
                None
            }
        }
    }

    /// The `=` between a key and its value.
    fn equals(&mut self, input: ParseStream<'_>, spec: &Spec, key: Spot) -> Option<()> {
        if input.parse::<Token![=]>().is_ok() && !input.is_empty() && !input.peek(Token![,]) {
            return Some(());
        }
        let name = spec.name;
        let in_brackets = input.fork().parse::<Group>().map(|group| group.stream()).unwrap_or_default();
        let help = match spec.key {
            Key::Err => {
                format!("leave it out: an `Err` is always recorded; to ignore it write `{}`", spec.example)
            }
            _ => format!("write `{}`", echo::option(spec, &in_brackets)),
        };
        let wrong = if input.peek(token::Paren) {
            format!("`{name}` takes its value after `=`")
        } else {
            format!("`{name}` needs a value")
        };
        to_comma(input);
        self.report(key, wrong, help);
        None
    }
}
