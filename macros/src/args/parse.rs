//! Reads the attribute's tokens into [`Args`], option by option.
//!
//! A mistake is reported and the rest of its option passed over, up to the next comma outside any bracket; so each option
//! can be wrong by itself and none hides another.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Ident, LitStr, Token};

use super::{Args, Given, Key, Spec, fields, find, habits, names, values};
use crate::diag::{Diags, Spot, Spots};
use crate::suggest;

/// Reads all options; what cannot be read is in `diags`.
pub(crate) fn parse(tokens: TokenStream, diags: &mut Diags) -> Args {
    let mut reader = Reader::new(Home::Attribute, diags);
    within(tokens, |input| reader.options(input));
    reader.args
}

/// Runs `read` over `tokens`, whatever it leaves unread.
pub(super) fn within(tokens: TokenStream, read: impl FnOnce(ParseStream<'_>)) {
    let all = |input: ParseStream<'_>| {
        read(input);
        pass_over(input);
        Ok(())
    };
    // `all` reads everything and returns `Ok`; syn has nothing left to complain about.
    let _ = all.parse2(tokens);
}

/// Goes to the next comma outside any bracket, or to the end.
pub(super) fn to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}

fn pass_over(input: ParseStream<'_>) {
    while !input.is_empty() && input.parse::<TokenTree>().is_ok() {}
}

/// The value of an option that is not used; read as an expression, so that a comma in it is not taken for the next option.
fn value_unread(input: ParseStream<'_>) {
    if input.parse::<Token![=]>().is_ok() && input.fork().parse::<syn::Expr>().is_ok() {
        let _ = input.parse::<syn::Expr>();
    }
    to_comma(input);
}

/// The span of the next token, without reading it; for a bracket, the whole of it.
pub(crate) fn next_span(input: ParseStream<'_>) -> Span {
    input.fork().parse::<TokenTree>().map_or_else(|_| input.span(), |token| token.span())
}

/// Where fields stand: what a message about one says depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// In `#[traced(fields(…))]`, beside parameters that are recorded by themselves.
    Attribute,
    /// In one of the macros by hand.
    ByHand,
}

/// The state of reading one attribute.
pub(super) struct Reader<'a> {
    pub(super) home: Home,
    pub(super) args: Args,
    seen: Vec<Key>,
    pub(super) spots: Spots,
    pub(super) diags: &'a mut Diags,
}

impl<'a> Reader<'a> {
    pub(super) fn new(home: Home, diags: &'a mut Diags) -> Self {
        Self { home, args: Args::default(), seen: Vec::new(), spots: Spots::default(), diags }
    }
}

impl Reader<'_> {
    /// Reports a mistake at `spot`.
    pub(super) fn report(&mut self, spot: Spot, wrong: impl AsRef<str>, help: impl AsRef<str>) {
        self.diags.report(spot, wrong, help);
    }

    fn options(&mut self, input: ParseStream<'_>) {
        while !input.is_empty() {
            let before = self.diags.count();
            self.option(input);
            if !input.is_empty() && !input.peek(Token![,]) && self.diags.count() == before {
                let spot = self.spots.spot(next_span(input));
                self.report(spot, "options are separated by commas", "write a `,` before this");
            }
            to_comma(input);
            let _ = input.parse::<Token![,]>();
        }
    }

    fn option(&mut self, input: ParseStream<'_>) {
        let Ok(key) = input.call(Ident::parse_any) else {
            return self.no_option(input);
        };
        let name = key.unraw().to_string();
        let spot = self.spots.spot(key.span());
        let Some(spec) = find(&name) else {
            return self.unknown(input, &name, spot);
        };
        if self.seen.contains(&spec.key) {
            self.report(spot, format!("option `{name}` is set twice"), "remove one of the two");
            return value_unread(input);
        }
        self.seen.push(spec.key);
        self.value(input, spec, spot);
    }

    fn value(&mut self, input: ParseStream<'_>, spec: &Spec, key: Spot) {
        match spec.key {
            Key::Name => self.args.name = self.span_name(input, spec, key),
            Key::NamePrefix => self.args.name_prefix = self.span_name(input, spec, key),
            Key::Off => self.args.off = self.flag(input, spec, key),
            Key::Skip => self.args.skip = self.names(input, spec, key),
            Key::SkipAll => self.args.skip_all = self.flag(input, spec, key),
            Key::Record => self.args.record = self.names(input, spec, key),
            Key::Unredacted => self.args.unredacted = self.names(input, spec, key),
            Key::Debug => self.args.debug = self.names(input, spec, key),
            Key::Display => self.args.display = self.names(input, spec, key),
            Key::Serde => self.args.serde = self.names(input, spec, key),
            Key::Crate => self.args.krate = self.parsed(input, spec, key, "a path without quotes"),
            Key::Ret => self.args.ret = self.flag(input, spec, key),
            Key::Status => self.args.status = self.parsed(input, spec, key, "the path of a function"),
            Key::Parent => self.args.parent = self.parent(input, spec, key),
            Key::Root => self.args.root = self.flag(input, spec, key),
            Key::Metrics => self.args.metrics = self.flag(input, spec, key),
            Key::Links => self.args.links = self.links(input, spec, key),
            Key::Fields => self.args.fields = fields::read(self, input, key),
            Key::Kind => self.args.kind = self.word(input, spec, key, "a span kind", &values::KINDS),
            Key::Level => {
                let value = self.word(input, spec, key, "a level", &values::LEVELS);
                self.args.level = value.map(|value| Given { value, spot: key });
            }
            Key::MaxValue => self.args.max_value = self.size(input, spec, key),
            Key::MaxSpan => self.args.max_span = self.size(input, spec, key),
            Key::Budget => self.args.budget = self.size(input, spec, key),
            Key::MaxFuture => self.args.max_future = self.size(input, spec, key),
            Key::Err => {
                let value = self.word(input, spec, key, "a way to treat an `Err`", &values::ERRS);
                self.args.err = value.map(|value| Given { value, spot: key });
            }
            Key::Cancel => {
                let value = self.word(input, spec, key, "a way to end a cancelled span", &values::CANCELS);
                self.args.cancel = value.map(|value| Given { value, spot: key });
            }
            Key::Returns => {
                let value = self.word(input, spec, key, "something that a span can cover", &values::RETURNS);
                self.args.returns = value.map(|value| Given { value, spot: key });
            }
        }
    }

    fn unknown(&mut self, input: ParseStream<'_>, name: &str, spot: Spot) {
        value_unread(input);
        let help = habits::help(name).map_or_else(|| suggest::help(name, names(), ""), str::to_owned);
        self.report(spot, format!("`{name}` is not an option of `#[traced]`"), help);
    }

    /// Something stands where an option's name should.
    fn no_option(&mut self, input: ParseStream<'_>) {
        let spot = self.spots.spot(next_span(input));
        if input.peek(Token![,]) {
            return self.report(spot, "there is no option before this comma", "remove the comma");
        }
        if let Ok(text) = input.parse::<LitStr>() {
            let help = format!("write `name = {:?}`", text.value());
            return self.report(spot, "a span's name needs its option", help);
        }
        let all: Vec<&str> = names().collect();
        to_comma(input);
        self.report(
            spot,
            "an option of `#[traced]` starts with its name",
            format!("write {}", suggest::list(&all)),
        );
    }
}
