//! Rules: which sampler decides, by what is known of a root before it starts.
//!
//! A rule is a condition ([`When`]) and a sampler. The first rule that matches decides. Conditions look at the span's name and
//! kind and at attributes; which attributes a sampler sees is said at [`When`].

use opentelemetry::trace::{Link, SpanKind};
use opentelemetry::{Context, KeyValue, TraceId};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};

use super::rate::RateLimit;

/// A sampler that asks other samplers, by rules: the first one that matches decides.
///
/// ```
/// use wirespan::opentelemetry_sdk::trace::Sampler;
/// use wirespan::sampling::{Rules, When};
///
/// let rules = Rules::new()
///     .drop(When::name("health").or_name("GET /metrics*"))
///     .ratio(When::module("shop::catalogue"), 0.01)
///     .limit(When::kind(wirespan::opentelemetry::trace::SpanKind::Consumer), 20.0)
///     .otherwise(Sampler::TraceIdRatioBased(0.2));
///
/// // As with every sampler that is not parent-based, rules alone overrule parents in other processes.
/// # let _ =
/// wirespan::builder().sampler(Sampler::parent_based(rules))
/// # ;
/// ```
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Vec<(When, Box<dyn ShouldSample>)>,
    otherwise: Box<dyn ShouldSample>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { rules: Vec::new(), otherwise: Box::new(Sampler::AlwaysOn) }
    }
}

impl Rules {
    /// No rules: everything is kept.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps none of these traces.
    #[must_use]
    pub fn drop(self, when: When) -> Self {
        self.sample(when, Sampler::AlwaysOff)
    }

    /// Keeps all of these traces.
    #[must_use]
    pub fn keep(self, when: When) -> Self {
        self.sample(when, Sampler::AlwaysOn)
    }

    /// Keeps this part of these traces, from 0.0 to 1.0, by their ids: all processes of a trace draw the same.
    #[must_use]
    pub fn ratio(self, when: When, ratio: f64) -> Self {
        self.sample(when, Sampler::TraceIdRatioBased(ratio))
    }

    /// Keeps at most so many of these traces a second: see [`RateLimit`].
    #[must_use]
    pub fn limit(self, when: When, per_second: f64) -> Self {
        self.sample(when, RateLimit::per_second(per_second))
    }

    /// Lets `sampler` decide for these traces.
    #[must_use]
    pub fn sample(mut self, when: When, sampler: impl Into<Box<dyn ShouldSample>>) -> Self {
        self.rules.push((when, sampler.into()));
        self
    }

    /// Lets `sampler` decide where no rule matches. Default: everything is kept.
    #[must_use]
    pub fn otherwise(self, sampler: impl Into<Box<dyn ShouldSample>>) -> Self {
        Self { otherwise: sampler.into(), ..self }
    }
}

impl ShouldSample for Rules {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let rule = self.rules.iter().find(|(when, _)| when.matches(name, kind, attributes));
        let sampler = rule.map_or(&self.otherwise, |(_, sampler)| sampler);
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

/// What a rule is for: conditions that must all hold.
///
/// Texts are compared as they are; a `*` in them stands for any text, also for none. Before a span starts nothing of its
/// parameters is captured, so the attributes that there are to look at are those that stand in the source:
///
/// | key | value |
/// |---|---|
/// | fields with a literal value | as in `#[traced(fields(http.route = "/health"))]` |
/// | `code.function.name` | the path to the function, or to the one around a `span!` |
/// | `wirespan.module` | the module that it stands in; for rules only, spans do not have it |
/// | `code.file.path`, `code.line.number` | its place |
///
/// At the tail ([`TailSampling::otherwise`](crate::sampling::TailSampling::otherwise)) they see all attributes, and where they are
/// used with other instrumentation, those that it gives.
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    all: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    /// One of these.
    Name(Vec<Pattern>),
    Kind(SpanKind),
    Attribute(String, Pattern),
    /// The module, and those in it.
    Module(String),
}

/// The module of the code that starts a span.
pub(super) const MODULE: &str = "wirespan.module";

impl When {
    /// The span has this name: `When::name("GET /internal/*")`. A function's is its own, a method's `Type::method`.
    pub fn name(pattern: impl Into<String>) -> Self {
        Self { all: vec![Condition::Name(vec![Pattern::new(pattern)])] }
    }

    /// The span has this kind.
    pub fn kind(kind: SpanKind) -> Self {
        Self { all: vec![Condition::Kind(kind)] }
    }

    /// The code stands in this module, or in one in it: `When::module("shop::catalogue")`.
    pub fn module(path: impl Into<String>) -> Self {
        Self { all: vec![Condition::Module(path.into())] }
    }

    /// An attribute, looked at as text, has this value: `When::attribute("code.file.path", "src/generated/*")`.
    pub fn attribute(key: impl Into<String>, pattern: impl Into<String>) -> Self {
        Self { all: vec![Condition::Attribute(key.into(), Pattern::new(pattern))] }
    }

    /// The same for a further name: where the condition before this is a name, the span has one of them.
    #[must_use]
    pub fn or_name(mut self, pattern: impl Into<String>) -> Self {
        let pattern = Pattern::new(pattern);
        match self.all.last_mut() {
            Some(Condition::Name(names)) => names.push(pattern),
            _ => self.all.push(Condition::Name(vec![pattern])),
        }
        self
    }

    /// And this holds, too.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self
    }

    pub(super) fn matches(&self, name: &str, kind: &SpanKind, attributes: &[KeyValue]) -> bool {
        let value = |key: &str| {
            let found = attributes.iter().find(|attribute| attribute.key.as_str() == key);
            found.map(|attribute| attribute.value.as_str())
        };
        self.all.iter().all(|condition| match condition {
            Condition::Name(patterns) => patterns.iter().any(|pattern| pattern.matches(name)),
            Condition::Kind(wanted) => wanted == kind,
            Condition::Attribute(key, pattern) => value(key).is_some_and(|value| pattern.matches(&value)),
            Condition::Module(path) => value(MODULE).is_some_and(|module| {
                module.strip_prefix(&**path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            }),
        })
    }
}

/// A text in which `*` stands for any text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern(String);

impl Pattern {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// In one go: each part is taken where it comes first, the last one at the end.
    fn matches(&self, text: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else { return self.0 == text };
        let Some(mut text) = text.strip_prefix(first) else { return false };
        let (between, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        for part in between.split('*') {
            let Some((_, after)) = text.split_once(part) else { return false };
            text = after;
        }
        text.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let matches = |pattern: &str, text: &str| Pattern::new(pattern).matches(text);
        for (pattern, text) in [
            ("", ""),
            ("health", "health"),
            ("*", ""),
            ("*", "anything"),
            ("GET /*", "GET /"),
            ("GET /*", "GET /a/b"),
            ("*::get", "Store::get"),
            ("a*b*c", "a-b-b-c"),
            ("a**c", "abc"),
            ("*ü*", "grün"),
            ("ab*ab", "abab"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("health", "healthy"),
            ("GET /*", "GET"),
            ("*::get", "Store::get_all"),
            ("a*b*c", "acb"),
            ("ab*ab", "aba"),
            ("a*b*b", "ab"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn all_conditions_of_a_rule_must_hold() {
        let attributes =
            [KeyValue::new(MODULE, "shop::catalogue::list"), KeyValue::new("code.line.number", 7)];
        let holds = |when: &When| when.matches("list", &SpanKind::Server, &attributes);
        assert!(holds(&When::module("shop")));
        assert!(holds(&When::module("shop::catalogue").and(When::kind(SpanKind::Server))));
        assert!(!holds(&When::module("shop::cat")));
        assert!(!holds(&When::module("shop").and(When::kind(SpanKind::Client))));
        assert!(holds(&When::attribute("code.line.number", "7").and(When::name("x").or_name("li*"))));
        assert!(!holds(&When::attribute("code.line.number", "77")));
        assert!(!holds(&When::attribute("http.route", "*")));
    }
}
