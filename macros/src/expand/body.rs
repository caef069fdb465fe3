//! The traced body: a closure in a sync span, or an `async` block in an async one.
//!
//! The body is the last expression of that closure or block, whose type is the function's, so that its branches coerce as they
//! do in the bare function. Its braces are the user's, and so what its last expression holds is dropped before or after its
//! variables as their edition says, and before the parameters in any: the arm that it stands in ends there.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Ident, ReturnType, Type};

use super::{at, capture, framed, given, hidden, max_future, params};
use crate::key;
use crate::plan::{Ending, Parent, Plan};
use crate::sig::{Held, erase_impl};

/// What the function returns, as far as the shape of its body depends on it.
enum Returns {
    Unit,
    Never,
    /// A type, with `_` where it has `impl Trait`.
    Type(TokenStream),
}

fn returns(plan: &Plan) -> Returns {
    match &plan.func.sig.output {
        ReturnType::Default => Returns::Unit,
        ReturnType::Type(_, ty) if matches!(ty.as_ref(), Type::Never(_)) => Returns::Never,
        ReturnType::Type(_, ty) => Returns::Type(erase_impl(ty)),
    }
}

/// The body of a plain function.
pub(super) fn sync(plan: &Plan) -> TokenStream {
    let (span, result) = (hidden("__span"), hidden("__result"));
    let end = end(plan, &quote!(&mut #span));
    let (start, body, give_back) = (start(plan), block(plan), give_back());
    let ty = match returns(plan) {
        // The body never comes back: the span ends when the panic unwinds through it.
        Returns::Never => return call(plan, &quote!(-> ! { #start #body }), None),
        Returns::Unit => quote!(()),
        Returns::Type(ty) => ty,
    };
    let call = call(plan, &quote!(-> #ty { #start #body }), Some(&result));
    quote! {
        #call
        #end
        #give_back
    }
}

/// The body of an `async fn` that becomes a function with that future.
pub(super) fn future(plan: &Plan) -> TokenStream {
    let callsite = hidden("__CALLSITE");
    let (traced, subject) = if plan.func.has_receiver() {
        (hidden("traced_method"), quote!(::<Self, _, _>))
    } else {
        (hidden("traced"), TokenStream::new())
    };
    let (result, end_of, session) = (hidden("__result"), hidden("__end"), hidden("__session"));
    // Gone before the body waits, so that the future need not keep it.
    let session = quote!(let #session = ::wirespan::__private::Parameters::of_body(););
    let (start, body) = (start_with(plan, &session), block(plan));
    let finish = finish(plan, &result, &end_of);
    let (fix, captures) = (fix(plan), capture::is_needed(plan));
    let order = capture::is_out_of_order(plan).then(|| params::order(&plan.func));
    let measured = plan.metrics.is_some().then(|| quote!(.measured()));
    let future = quote! {
        ::wirespan::__private::#traced #subject (&#callsite, #captures, async move {
            #order
            #fix
            #start
            #body
        }, |#result, #end_of| { #finish }) #measured
    };
    let future = max_future::limited(plan, future);
    quote!(return #future;)
}

/// An `async` block has no place for its type; a `return` that never runs gives it one before the body does.
fn fix(plan: &Plan) -> TokenStream {
    let ty = match returns(plan) {
        Returns::Unit => quote!(()),
        Returns::Never => return TokenStream::new(),
        Returns::Type(ty) => ty,
    };
    quote_spanned! {at(plan.func.sig.output.span())=>
        if false {
            return ::wirespan::__private::absurd::<#ty>();
        }
    }
}

/// The body of an `async fn` that stays one.
pub(super) fn asynchronous(plan: &Plan) -> TokenStream {
    let (span, result, end_of) = (hidden("__span"), hidden("__result"), hidden("__end"));
    let (enter, end, fix) = (enter(plan), end(plan, &end_of), fix(plan));
    let (start, body, give_back) = (start(plan), block(plan), give_back());
    match returns(plan) {
        // An `async` block cannot be given the type `!`. Its stand-in has no value either, so there is no end to record.
        Returns::Never => {
            let run = quote! {
                ::wirespan::__private::run(#span, async move {
                    #start
                    let #result: ::core::convert::Infallible = #body;
                    #give_back
                })
            };
            let run = max_future::limited(plan, run);
            return quote! {
                #enter
                let (#result, _) = #run.await;
                match #result {}
            };
        }
        Returns::Unit | Returns::Type(_) => {}
    }
    let run = quote!(::wirespan::__private::run(#span, async move { #fix #start #body }));
    let run = max_future::limited(plan, run);
    quote! {
        #enter
        let (#result, #end_of) = #run.await;
        #end
        #give_back
    }
}

/// The body of a plain function that returns a future or a stream: it runs inside the span, which `cover` then gives to what
/// it returns.
pub(super) fn covering(plan: &Plan, cover: &str, held: Held) -> TokenStream {
    let (span, result, end) = (hidden("__span"), hidden("__result"), hidden("__end"));
    let cover = hidden(cover);
    let (enter, finish) = (enter(plan), finish(plan, &result, &end));
    let (start, body) = (start(plan), block(plan));
    let ty = match returns(plan) {
        Returns::Type(ty) => ty,
        Returns::Unit | Returns::Never => quote!(_),
    };
    let covered = quote! {
        ::wirespan::__private::#cover(#span, #result, |#result, #end| { #finish })
    };
    let give = give(&match held {
        Held::Opaque => max_future::limited(plan, covered),
        // Nothing to cover: the box is given back as it is.
        Held::Pinned => quote! {
            if #span.is_off() { #result } else { ::wirespan::__private::pinned(#covered) }
        },
        Held::Boxed => quote! {
            if #span.is_off() { #result } else { ::wirespan::__private::boxed(#covered) }
        },
    });
    quote! {
        #enter
        let #result = ::wirespan::__private::call(move || -> #ty { #start #body });
        #give
    }
}

/// The user's body. The `match` keeps lints from looking at its braces, and clippy from looking at it as a value that may diverge: a
/// body may.
fn block(plan: &Plan) -> Option<TokenStream> {
    plan.func.body.as_ref().map(|body| quote!(match () { () => #body }))
}

/// Leaves the block with the result. A statement, because only statements can allow to be unreachable, as this one is after
/// a body that never ends.
fn give_back() -> TokenStream {
    give(&hidden("__result"))
}

/// The same with any value. Never the last expression: some would have a `return` there.
fn give(value: &impl ToTokens) -> TokenStream {
    quote!(#[allow(unreachable_code)] return #value;)
}

/// Captures and rebinds the parameters.
fn start(plan: &Plan) -> TokenStream {
    start_with(plan, &TokenStream::new())
}

/// The same, where `session` is what has to come first for the capture.
fn start_with(plan: &Plan, session: &TokenStream) -> TokenStream {
    let capture::Capture { before, after } = capture::expand(plan, session);
    let rebind = params::rebind(plan);
    quote!(#before #rebind #after)
}

/// Whose call this is: the concrete type of `self`, or the path to the function.
fn subject(plan: &Plan) -> TokenStream {
    if plan.func.has_receiver() {
        quote!(::core::any::type_name::<Self>)
    } else {
        quote!(::wirespan::__private::name_of(&|| ()))
    }
}

/// Calls the rest of a closure inside a span; what that gives is bound to `result`.
fn call(plan: &Plan, closure: &TokenStream, result: Option<&Ident>) -> TokenStream {
    let (span, callsite, captures) = (hidden("__span"), hidden("__CALLSITE"), capture::is_needed(plan));
    let end = result.is_some().then(|| quote!(;));
    let result = result.map(|result| quote!(let #result =));
    if !matches!(plan.parent, Parent::Current) {
        let enter = enter(plan);
        return quote!(#enter let mut #span = #span; #result ::wirespan::__private::call(move || #closure) #end);
    }
    let guard = hidden(if plan.metrics.is_some() { "Measured" } else { "SyncSpan" });
    let session = session(plan);
    let (in_span, subject) = if plan.func.has_receiver() {
        (hidden("in_method_span"), quote!(::core::any::type_name::<Self>,))
    } else {
        (hidden("in_span"), TokenStream::new())
    };
    quote! {
        let mut #span = ::wirespan::__private::#guard::OFF;
        #result ::wirespan::__private::#in_span(
            &mut #span, &#callsite, #subject #captures, move |#session| #closure
        ) #end
    }
}

/// The pattern of what takes the parameters.
fn session(plan: &Plan) -> TokenStream {
    let session = hidden("__session");
    if capture::is_needed(plan) { quote!(#session) } else { quote!(_) }
}

/// Starts the span, and what measures the call.
fn enter(plan: &Plan) -> TokenStream {
    let given = subject(plan);
    if plan.metrics.is_none() {
        return start_span(plan, &given);
    }
    let (span, callsite, subject) = (hidden("__span"), hidden("__CALLSITE"), hidden("__subject"));
    let start = start_span(plan, &subject);
    quote! {
        let #subject: ::wirespan::__private::Subject = #given;
        #start
        let #span = ::wirespan::__private::Measured::begin(&#callsite, #subject, #span);
    }
}

/// Starts the span, and the capture of what is recorded of its parameters.
fn start_span(plan: &Plan, subject: &impl ToTokens) -> TokenStream {
    let (span, callsite, session) = (hidden("__span"), hidden("__CALLSITE"), session(plan));
    let captures = capture::is_needed(plan);
    let start = match &plan.parent {
        Parent::Current if !captures => {
            return quote!(let #span = ::wirespan::__private::SyncSpan::enter(&#callsite, #subject););
        }
        Parent::Current => quote!(enter_capturing(&#callsite, #subject)),
        Parent::Given(parent) => {
            let parent = given::parent(&plan.func, parent);
            quote!(enter_under(&#callsite, #subject, #captures, || #parent))
        }
        Parent::Nobody => {
            quote!(enter_under(&#callsite, #subject, #captures, ::wirespan::__private::no_parent))
        }
    };
    quote!(let (#span, #session) = ::wirespan::__private::SyncSpan::#start;)
}

/// Ends the span with what the function returned.
fn end(plan: &Plan, span: &impl ToTokens) -> TokenStream {
    let result = hidden("__result");
    let finish = finish(plan, &quote!(&#result), span);
    quote!({ #finish })
}

/// Ends the span with the value that `result` refers to.
fn finish(plan: &Plan, result: &impl ToTokens, span: &impl ToTokens) -> TokenStream {
    let (out, value, open) = (hidden("__out"), hidden("__value"), hidden("__open"));
    let ret = plan.ret.then(|| {
        let key = framed(&key::encode("return"));
        quote! {
            let mut #open = #span;
            ::wirespan::__private::EndSpan::attributes(&mut #open, |#out| {
                if let ::core::option::Option::Some(#value) = (::wirespan::__private::Good { of: #result }).value() {
                    ::wirespan::__private::Value { of: #value }.record(#out, #key);
                }
            });
        }
    });
    let span = if plan.ret { open.to_token_stream() } else { span.to_token_stream() };
    let end = match &plan.ending {
        Ending::Outcome => quote!(::wirespan::__private::Outcome { of: #result }.finish(#span);),
        Ending::Returned => quote!(let _ = #result; ::wirespan::__private::EndSpan::returned(#span);),
        Ending::Status(path) => {
            let status = quote_spanned!(at(path.span())=> ::wirespan::__private::said_status(#path(#result)));
            quote!(::wirespan::__private::finish_with_status(#span, || #status);)
        }
    };
    quote!(#ret #end)
}
