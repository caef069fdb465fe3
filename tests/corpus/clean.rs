//! Functions that no lint of rustc's says anything about, bare or annotated.
#![deny(warnings)]
#![forbid(unsafe_code)]

use std::fmt::{Debug, Display};
use std::future::Future;
use std::num::ParseIntError;
use std::pin::Pin;

use wirespan::traced;

/// Nothing in, nothing out.
#[traced]
pub fn unit() {}

/// A sum.
#[traced]
pub fn sum(a: u64, b: u64) -> u64 {
    a.wrapping_add(b)
}

/// Patterns.
#[traced(fields(total = a + b))]
pub fn patterns((a, b): (u64, u64), [first, .., last]: [u64; 3], &c: &u64, _: u8) -> u64 {
    a.wrapping_add(b).wrapping_add(first).wrapping_add(last).wrapping_add(c)
}

/// A parameter that changes.
#[traced]
pub fn changes(mut values: Vec<u64>, step: u64) -> Vec<u64> {
    values.push(step);
    values
}

/// An early return and a question mark.
#[traced]
pub fn parse(text: &str) -> Result<u64, ParseIntError> {
    if text.is_empty() {
        return Ok(0);
    }
    let number: u64 = text.parse()?;
    Ok(number)
}

/// The same, waiting.
#[traced]
pub async fn parse_later(text: &str, password: &str) -> Result<u64, ParseIntError> {
    if text.is_empty() || password.is_empty() {
        return Ok(0);
    }
    let number: u64 = std::future::ready(text.parse()).await?;
    Ok(number)
}

/// Lends what it was lent.
#[traced]
pub fn largest<'a>(values: &'a mut [u64], _unused: &str) -> Option<&'a mut u64> {
    values.iter_mut().max()
}

/// Lends to a future what it was lent.
#[traced]
pub async fn first_later<'a>(values: &'a [u64], label: &str) -> Option<&'a u64> {
    std::future::ready(values.first().filter(|_| !label.is_empty())).await
}

/// Generic in all ways.
#[traced]
pub fn generic<T: Clone + Debug, const N: usize>(values: [T; N], more: impl Display) -> (Vec<T>, String)
where
    T: PartialEq,
{
    (values.to_vec(), more.to_string())
}

/// Generic, and waits.
#[traced]
pub async fn generic_later<T, F>(value: T, then: impl FnOnce(T) -> F) -> u64
where
    F: Future<Output = u64>,
{
    then(value).await
}

/// Never comes back.
#[traced]
pub fn never(text: &str) -> ! {
    panic!("{text}")
}

/// Never comes back either.
#[traced]
pub async fn never_later(text: &str) -> ! {
    std::future::ready(()).await;
    panic!("{text}")
}

/// Calls itself.
#[traced]
pub fn factorial(n: u64) -> u64 {
    if n == 0 { 1 } else { n.wrapping_mul(factorial(n - 1)) }
}

/// Calls itself, in a box.
#[traced]
pub async fn factorial_later(n: u64) -> u64 {
    if n == 0 {
        return 1;
    }
    let below: Pin<Box<dyn Future<Output = u64>>> = Box::pin(factorial_later(n - 1));
    n.wrapping_mul(below.await)
}

/// Sends what others return.
#[traced]
pub async fn sends(text: String, n: u64) -> Box<dyn Future<Output = u64> + Send> {
    fn sent<T: Send>(value: T) -> T {
        value
    }
    let parsed = sent(parse_later(&text, "x")).await;
    Box::new(sent(opaque(parsed.unwrap_or(n))))
}

/// A future behind `impl`.
#[traced]
pub fn opaque(n: u64) -> impl Future<Output = u64> {
    async move { n }
}

/// A future in a box.
#[traced]
pub fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
    Box::pin(async move { text.len() })
}

/// Items and closures inside.
#[traced(skip(label), max_value = "1KiB")]
pub fn nested(n: u64, label: String) -> u64 {
    fn twice(n: u64) -> u64 {
        n.wrapping_mul(2)
    }
    let add = |more: u64| n.wrapping_add(more);
    add(twice(label.len() as u64))
}

/// Closures that wait.
#[traced]
pub async fn nested_later(mut values: Vec<u64>) -> u64 {
    let sum = async { values.iter().sum::<u64>() }.await;
    values.clear();
    sum
}

/// Raw identifiers.
#[traced]
pub fn r#loop(r#type: u64, r#match: &str) -> bool {
    r#match.len() as u64 == r#type
}

/// Has methods.
#[derive(Debug, Clone, Default)]
pub struct Store<T> {
    values: Vec<T>,
}

/// Has a method with a body and one without.
pub trait Load {
    /// Loads.
    fn load(&self, id: u64) -> Option<String>;

    /// Loads with a default.
    #[traced]
    fn load_or(&self, id: u64, other: &str) -> String {
        self.load(id).unwrap_or_else(|| other.to_owned())
    }
}

impl<T: Display> Load for Store<T> {
    #[traced]
    fn load(&self, id: u64) -> Option<String> {
        self.values.get(usize::try_from(id).ok()?).map(ToString::to_string)
    }
}

impl<T: Clone> Store<T> {
    /// Makes one.
    #[traced]
    pub fn new(first: T) -> Self {
        Self { values: vec![first] }
    }

    /// Adds.
    #[traced]
    pub fn add(&mut self, value: T) -> &mut Self {
        self.values.push(value);
        self
    }

    /// Ends.
    #[traced]
    pub fn into_values(self) -> Vec<T> {
        self.values
    }

    /// Waits.
    #[traced]
    pub async fn last(&self) -> Option<&T> {
        std::future::ready(self.values.last()).await
    }

    /// Takes a box.
    #[traced]
    pub fn count(self: Box<Self>) -> usize {
        self.values.len()
    }
}

macro_rules! traced_functions {
    ($($name:ident: $type:ty),*) => {$(
        /// From a macro.
        #[traced]
        pub fn $name(value: $type) -> $type {
            value
        }
    )*};
}

traced_functions!(same_u64: u64, same_text: String, same_list: Vec<u8>);
