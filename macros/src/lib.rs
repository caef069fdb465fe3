//! The macros of wirespan: [`macro@traced`] and [`macro@Capture`]. Use them through the `wirespan` crate, which re-exports them.
//!
//! A macro runs in phases, each in its own module: `args` reads the options, `sig` the facts about the item, `check` makes a
//! `plan` of the two or reports every mistake at once, `expand` turns the plan into tokens and cannot fail. With mistakes,
//! `fallback` emits them and the user's item as it was.

#![forbid(unsafe_code)]

#[cfg(test)]
mod any_tokens;
mod args;
mod block;
mod by_hand;
mod capture;
mod check;
mod diag;
mod expand;
mod fallback;
mod key;
#[cfg(test)]
mod kinds;
mod metrics;
mod plan;
#[cfg(test)]
mod planted;
mod policy;
mod secret;
mod sig;
#[cfg(test)]
mod snapshots;
mod suggest;
#[cfg(test)]
mod tokens;
mod traced;
#[cfg(test)]
mod unfinished;

use proc_macro::TokenStream;

use traced::traced_tokens;

/// Records each call of a function as a span.
///
/// The function stays what it is: same type, borrows, `?`, panics and drop order. Its parameters become attributes
/// `parameter.<name>`, typed and limited in bytes; its outcome becomes the span's status.
///
/// ```text
/// #[traced(skip = "messages", fields(messages.count = messages.len()))]
/// async fn step(&self, run_id: u64, messages: Vec<Message>) -> Result<Reply, LlmError> { … }
/// ```
///
/// # What is recorded of a parameter
///
/// | parameter | recorded as |
/// |---|---|
/// | any other | its value: by [`macro@Capture`], else as it displays, else as it debugs, else its type's name |
/// | in `skip`, or on the default list | its type and ids: `<Vec<Message> (excluded, ids=[a,b])>` |
/// | its name looks like a secret (`password`, `api_key`, `authToken`, …), and it is not in `unredacted` | `<redacted>` |
/// | its name starts with `_`, or it is `self` | nothing |
///
/// The default list: `agent_state`, `messages`, `in_context_messages`, `message_sequence`, `content`, `tool_returns`, `memory`,
/// `sources`, `context`, `source_code`, `system`, `text_chunks`, `embeddings`, `embedding`, `file_bytes`, `chunks`.
///
/// # Options
///
/// | option | meaning | default |
/// |---|---|---|
/// | `name = "load user"` | the span's name, at most 255 bytes | `Type::method` or the function's name |
/// | `name_prefix = "store."` | on an `impl` block: what the names of its functions begin with | |
/// | `kind = "client"` | `internal`, `server`, `client`, `producer` or `consumer` | `internal` |
/// | `level = "debug"` | `trace`, `debug`, `info`, `warn` or `error`: what a filter (`WIRESPAN_FILTER`) goes by | `info` |
/// | `skip = "a, b"` or `skip(a, b)` | show only type and ids of these | the default list |
/// | `skip_all` | record no parameter but those in `record` | |
/// | `record(a)` | record `a` although it is on the default list or `skip_all` is set | |
/// | `debug(a)`, `display(a)` | record `a` as `{:?}` prints it, as it displays | by its type |
/// | `unredacted(a)` | `a` is no secret, whatever its name looks like; `return` stands for what the function returns | |
/// | `fields(key.dotted = expr, "any key" = expr)` | further attributes; the expressions see the parameters | |
/// | `max_value = "64KiB"` | bytes that one value may take; B, KB, KiB, MB, MiB | 2 MiB |
/// | `max_span = "1MiB"` | bytes that all attributes may take together | 4 MiB |
/// | `budget = "1KiB"` | as `max_span`, and proven when compiling: a span that could be larger is an error | |
/// | `max_future = "2KiB"` | a traced future that is larger is an error of `cargo build` | |
/// | `err = "ignore"` | an `Err` is no error of this span | an `Err` is its status |
/// | `cancel = "error"` or `"unset"` | the status when the future is dropped before it finished | `"unset"` |
/// | `returns = "future"`, `"stream"` or `"value"` | what the span covers, where the return type does not say it | by the type |
/// | `ret` | record what is returned, of a `Result` what is in its `Ok`, as the attribute `return`; of a function whose name looks like a secret (`fn api_key`) an error, unless `unredacted(return)` is there too | |
/// | `status = path` | `fn(&Returned) -> opentelemetry::trace::Status` decides about the status, also for an `Err` | by the type |
/// | `parent = expr` | whose child the span is: anything that is `AsSpanContext`; the expression sees the parameters, what a pattern binds by reference | the current span's |
/// | `root` | the span starts a trace | |
/// | `links(expr)` | spans that this one is linked to: an iterator of `AsSpanContext` | |
/// | `serde(a)` | record `a` as the JSON text that it serializes to; needs the feature `serde` | by the type |
/// | `metrics` | measure how long each call takes and how it ends, also of calls that are no spans; needs the feature `metrics` | |
/// | `crate = path` | where this crate is, if not at `::wirespan` | |
/// | `off` | the function stays as it is, in a block that is traced | |
///
/// A parameter that only an expression of `fields`, `links` or `parent` uses is used. One that is recorded and nothing else is
/// still reported by `unused_variables`, as in the bare function. A field whose value is a variable or a member with a name that
/// looks like a secret is an error, also behind calls that keep the value (`clone`, `as_str`, …), unless `unredacted` has it.
///
/// # The workspace's policy
///
/// `wirespan.toml`, in the crate's directory or one above it, says what holds for all functions, types and spans by hand:
///
/// ```toml
/// max_value = "64KiB"        # the defaults of the options of the same name
/// max_span = "1MiB"
/// debug_only = "type-name"   # a type that has only `Debug`: "show" (default), "type-name" or "error"
///
/// [skip]                     # changes to the default list
/// add = ["rows"]
/// remove = ["content"]
///
/// [redact]
/// add = ["iban"]             # names with these words: `iban`, `customer_iban`
/// remove = ["auth_level"]    # these names, as they stand
/// ```
///
/// An edit of the file rebuilds the crate, and a mistake in it is a compile error. Where a file is created, touch the crate.
///
/// # What the span covers
///
/// The return type decides, never the body:
///
/// | the function | the span lasts |
/// |---|---|
/// | `async fn` | from the future's first poll until it is ready or dropped; one that is never polled makes no span |
/// | returns `impl Future`, `Pin<Box<dyn Future>>`, `Box<dyn Future>`, `BoxFuture` or `LocalBoxFuture` | from the call until the future is ready or dropped |
/// | returns `impl Stream`, a boxed stream, `BoxStream` or `LocalBoxStream` | from the call until the stream ends or is dropped |
/// | anything else | until it returns |
///
/// The types are known by these names, under any path. For an alias of a boxed one write `returns = "future"` or
/// `returns = "stream"`; `returns = "value"` leaves what is returned to itself. A type of your own that implements `Future`
/// cannot be wrapped, since it would become another type: return `impl Future`. One that is something else, too (`impl Future +
/// FusedFuture`) is a compile error, since what covers it is not.
///
/// A span of a stream has `stream.items` and `stream.time_to_first_item_ns` (nanoseconds from the call). The first item that
/// is an `Err` is its error; one that is dropped before its end is cancelled.
///
/// # Metrics
///
/// With `metrics` each call is one measurement of the histogram `wirespan.function.duration` (seconds), whether the call is sampled,
/// left out by a filter or neither. It lasts as long as the span would. Its labels are `code.function.name` and `wirespan.outcome`:
///
/// | `wirespan.outcome` | the call | `error.type` |
/// |---|---|---|
/// | `ok` | returned, and no error; also an `Err` under `err = "ignore"` | |
/// | `error` | returned an `Err`, or what `status` says is an error; of a stream, one of its items was an `Err` | `_OTHER` |
/// | `panic` | panicked | `panic` |
/// | `cancelled` | gave back a future or stream that was dropped before its end | |
///
/// # On an `impl` block
///
/// Every function of the block is traced, also of an implementation of a trait. A method's own `#[traced(…)]` counts before the
/// block's options, `#[traced(off)]` leaves it out. `skip`, `record`, `cancel` and `ret` of the block hold for the methods
/// that have such a parameter, a future, or something to return.
///
/// ```text
/// #[traced(kind = "client", name_prefix = "store.")]
/// impl Store {
///     async fn load(&self, key: &str) -> Result<Row, DbError> { … }
///     #[traced(off)]
///     fn len(&self) -> usize { … }
/// }
/// ```
///
/// # Where it cannot stand
///
/// On a `const fn`, an `extern "C"` function, a method without a body, beside `#[track_caller]`, and on anything but a function or an `impl` block:
/// each is a compile error that says what to do instead.
///
/// A parameter whose pattern takes a field of a `#[repr(packed)]` struct needs `skip_all`: it cannot be borrowed.
#[proc_macro_attribute]
pub fn traced(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut mistakes = policy::begin();
    mistakes.extend(traced_tokens(options.into(), item.into()));
    mistakes.into()
}

/// Starts a span by hand: an expression of type `SpanGuard`, whose span lasts as long as that.
///
/// ```text
/// let _span = span!("load user", user.id = id, attempt);
/// span!("parse").in_scope(|| parse(text))
/// load(id).in_span(span!("load", id)).await
/// span!(parent: &carried, links: [&other], kind: "client", level: "debug", "call", key = value)
/// ```
///
/// Options come first, the name next, then the fields: `key = value`, `key.dotted = value`, `"any key" = value`, or a variable
/// alone. Values are shown by their type and limited as parameters are. They are evaluated only where the span is recorded, and
/// traced functions called in them are not recorded.
///
/// | option | meaning |
/// |---|---|
/// | `parent: expr` | the parent: anything that is `AsSpanContext`, from this process or another; `parent: None` starts a trace |
/// | `links: expr` | spans that this one is linked to: an iterator of `AsSpanContext` |
/// | `kind: "client"` | as `#[traced(kind = …)]` |
/// | `level: "debug"` | as `#[traced(level = …)]`: what a filter goes by; `info` where none is given |
#[proc_macro]
pub fn span(tokens: TokenStream) -> TokenStream {
    by_hand_tokens(args::by_hand::Macro::Span, tokens.into()).into()
}

/// Records an event, with the time it is now, on the current span, or with `on:` on the span of a handle.
///
/// ```text
/// event!("cache miss", key, shard.id = shard)
/// event!(on: &handle, "retried", attempt)
/// ```
///
/// Outside of every recorded span nothing happens, and the values are not evaluated.
#[proc_macro]
pub fn event(tokens: TokenStream) -> TokenStream {
    by_hand_tokens(args::by_hand::Macro::Event, tokens.into()).into()
}

/// Records attributes on the current span, or with `on:` on the span of a handle.
///
/// ```text
/// record!(rows = rows.len(), cached)
/// record!(on: &handle, rows = 3)
/// ```
///
/// Outside of every recorded span nothing happens, and the values are not evaluated. An attribute that is recorded twice is
/// exported twice; back ends keep the last.
///
/// `Context::current().span()` of OpenTelemetry's API is the span's identity alone: `set_attribute`, `add_event` and `set_status` do
/// nothing there. This, [`event!`](macro@event) and an `Err` are what to write instead.
#[proc_macro]
pub fn record(tokens: TokenStream) -> TokenStream {
    by_hand_tokens(args::by_hand::Macro::Record, tokens.into()).into()
}

/// Says how a type shows itself in telemetry.
///
/// ```text
/// #[derive(Capture)]
/// struct Job {
///     #[capture(id)]
///     id: u64,
///     #[capture(len)]
///     lines: Vec<String>,
///     password: String,
/// }
/// ```
///
/// A parameter `job: Job` becomes `parameter.job.id`, `parameter.job.lines` (how many) and `parameter.job.password`
/// (`<redacted>`); where it is skipped, `<Job (excluded, id=7)>`.
///
/// | on a field | shown as |
/// |---|---|
/// | nothing | its value; `<redacted>` when the name looks like a secret; nothing when it starts with `_` |
/// | `#[capture(skip)]` | nothing |
/// | `#[capture(id)]` | its value, and where the whole is skipped, as what identifies it; needs `Display` |
/// | `#[capture(redact)]` | `<redacted>` |
/// | `#[capture(len)]` | its length |
/// | `#[capture(display)]`, `#[capture(debug)]` | text |
///
/// A struct with one unnamed field shows itself as that field; a struct without fields and a variant without fields as their
/// name; any other variant with its name as the field `variant`.
#[proc_macro_derive(Capture, attributes(capture))]
pub fn derive_capture(item: TokenStream) -> TokenStream {
    let mut mistakes = policy::begin();
    let derived = capture::derive(item.into());
    mistakes.extend(policy::tracking());
    mistakes.extend(derived);
    mistakes.into()
}

/// Makes a struct of instruments: each is declared once, in its field.
///
/// ```text
/// #[derive(wirespan::Metrics)]
/// struct ShopMetrics {
///     /// Orders that were placed.
///     #[metric(name = "shop.orders", unit = "{order}", alias = "count_orders", alias_unit = "1")]
///     orders: Counter<u64, OrderLabels>,
///     /// How long a checkout takes.
///     #[metric(name = "shop.checkout.duration", unit = "s", buckets = seconds)]
///     checkout: Histogram<Duration, OrderLabels>,
/// }
/// ShopMetrics::get().orders.add(1, &OrderLabels { region: Region::Eu });
/// ```
///
/// The struct gets `new()`, for a `static` of your own, and `get()`, the ones that the program shares. Instruments may be made
/// before telemetry is on. The documentation's first paragraph is the description.
///
/// | option | meaning |
/// |---|---|
/// | `name = "shop.orders"` | the name, by OpenTelemetry's rules; required |
/// | `unit = "s"` | by UCUM (`s`, `By`, `1`, `{order}`); required |
/// | `buckets = seconds` | of a histogram: `seconds`, `tokens`, `bytes`, `money`, or `[0.1, 1, 10]`. Default: by the unit (`s`, `By`, `{token}`, `{USD}`, `{EUR}`) |
/// | `alias = "count_orders"` | the name in another system, which `WIRESPAN_METRIC_ALIASES` switches on |
/// | `alias_unit = "ms"` | that one's unit; values and buckets are converted |
#[proc_macro_derive(Metrics, attributes(metric))]
pub fn derive_metrics(item: TokenStream) -> TokenStream {
    metrics::derive(metrics::Derive::Metrics, item.into()).into()
}

/// Makes a struct the labels of an instrument: each field an enum with [`macro@MetricValue`], a `bool`, a `Name`, or an `Option` of
/// one. The key is the field's name, or `#[metric(name = "shop.region")]`.
#[proc_macro_derive(MetricAttributes, attributes(metric))]
pub fn derive_metric_attributes(item: TokenStream) -> TokenStream {
    metrics::derive(metrics::Derive::Attributes, item.into()).into()
}

/// Makes an enum without fields the value of a label: the variant's name in snake case, or `#[metric(name = "eu-west")]`.
#[proc_macro_derive(MetricValue, attributes(metric))]
pub fn derive_metric_value(item: TokenStream) -> TokenStream {
    metrics::derive(metrics::Derive::Value, item.into()).into()
}

/// One of the macros that are expressions; with what the policy has to say, where it has.
fn by_hand_tokens(of: args::by_hand::Macro, tokens: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let mistakes = policy::begin();
    let expanded = by_hand::expand(of, tokens);
    let tracking = policy::tracking();
    if mistakes.is_empty() && tracking.is_empty() {
        return expanded;
    }
    quote::quote!({ #mistakes #tracking #expanded })
}
