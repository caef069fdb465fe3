//! Functions of every kind, annotated, that compile without a warning.

#![deny(warnings)]
#![allow(missing_docs, clippy::missing_errors_doc, clippy::must_use_candidate, clippy::missing_panics_doc, dead_code)]
#![allow(clippy::needless_pass_by_value, clippy::missing_safety_doc, clippy::unused_async, clippy::needless_lifetimes)]
use std::cell::RefCell;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use wirespan::traced;

#[traced]
pub fn plain(a: u64, b: &str) -> usize { usize::try_from(a).unwrap() + b.len() }

#[traced]
pub fn unit(_a: u64) {}

#[traced]
pub fn nothing() {}

#[traced]
pub async fn async_plain(a: u64, b: &str) -> Result<usize, std::num::ParseIntError> {
    let n: usize = b.parse()?;
    if n == 7 {
        return Ok(0);
    }
    Ok(n + usize::try_from(a).unwrap())
}

#[traced]
pub async fn async_unit(a: u64) { let _ = a; }

#[traced]
pub fn mutable(mut values: Vec<u64>, mut n: u64) -> Vec<u64> {
    n += 1;
    values.push(n);
    values
}

#[traced]
pub fn patterns((a, _b): (u64, u64), [x, .., y]: [u64; 4], Pair { left, right: ref second }: Pair, &z: &u64, _: String) -> u64 {
    a + x + y + left + *second + z
}

#[traced(fields(sum = a + b))]
pub fn patterns_and_fields((a, mut b): (u64, u64)) -> u64 {
    b += 1;
    a + b
}

#[traced]
pub async fn async_patterns((a, b): (u64, u64), Pair { left, .. }: Pair, whole @ Pair { .. }: Pair) -> u64 { a + b + left + whole.right }

#[derive(Debug, Clone, Copy)]
pub struct Pair { pub left: u64, pub right: u64 }

#[traced]
pub fn first_mut(values: &mut Vec<u64>, at: usize) -> &mut u64 { &mut values[at] }

#[traced]
pub fn named<'a, 'b: 'a>(x: &'a mut [u64], _y: &'b str) -> Option<&'a mut u64> { x.first_mut() }

#[traced]
pub fn generic<T, const N: usize>(values: [T; N], f: impl Fn(&T) -> bool) -> impl Iterator<Item = T>
where
    T: Clone + 'static,
{
    values.into_iter().filter(move |v| f(v)).collect::<Vec<_>>().into_iter()
}

#[traced]
pub fn coerces(flag: bool) -> Box<dyn Display> { if flag { Box::new(1) } else { Box::new("a") } }

#[traced]
pub fn coerces_early(flag: bool) -> Box<dyn Display> {
    if flag {
        return Box::new(1);
    }
    Box::new("a")
}

#[traced]
pub async fn async_coerces(flag: bool) -> Box<dyn Display> { if flag { return Box::new(1) } Box::new("a") }

#[traced]
pub async fn async_impl(flag: bool) -> impl Display { if flag { "x" } else { "y" } }

#[traced]
pub fn result_impl(flag: bool) -> Result<impl Display, Box<dyn std::error::Error>> {
    if flag { Err("no")? }
    Ok(5)
}

#[traced]
pub fn fact(n: u64) -> u64 { if n == 0 { 1 } else { n * fact(n - 1) } }

#[traced]
pub fn never() -> ! { panic!("never") }

#[traced]
pub fn never_with(text: &str) -> ! { panic!("never {text}") }

#[traced]
pub async fn async_never(n: u64) -> ! { panic!("never {n}") }

#[traced]
pub fn diverges(n: u64) -> u32 { panic!("diverges {n}") }

#[traced]
pub async fn async_diverges(n: u64) -> u32 { panic!("diverges {n}") }

#[traced]
pub unsafe fn danger(p: *const u64) -> u64 { unsafe { *p } }

#[traced]
pub fn tail_temporary(m: Mutex<Vec<u64>>) -> usize { m.lock().unwrap().len() }

#[traced]
pub fn tail_temporary_local() -> u64 { let c = RefCell::new(5); *c.borrow() }

#[traced]
pub fn attributes(#[allow(unused_variables)] a: u64, #[cfg(any())] b: Missing, #[cfg(all())] c: u64, #[expect(unused_variables)] d: u64) -> u64 { c }

#[traced]
pub fn raw(r#type: u64, r#fn: u64) -> u64 { r#type + r#fn }

#[traced]
pub fn dynamic(f: &dyn Fn(&str) -> usize, g: fn(u64) -> u64) -> usize { f("a") + usize::try_from(g(1)).unwrap() }

#[traced]
pub fn boxed(n: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> { Box::pin(async move { n }) }

#[traced]
pub fn unconstrained<T>(t: T) -> T { t }

#[traced]
pub fn iterator<I: Iterator<Item = u64>>(items: I) -> Vec<u64> { items.collect() }

#[traced]
pub fn inner_items(n: u64) -> u64 {
    #![allow(clippy::items_after_statements)]
    #[traced]
    fn inner(n: u64) -> u64 { n + K }
    const K: u64 = 2;
    inner(n)
}

#[traced(skip(messages), record(content), fields(user.id = user, "any key" = "text", count = messages.len(), flag = true), kind = "client", name = "hello")]
pub fn options(messages: Vec<String>, content: &str, user: u64, password: &str, context: u64) -> usize { messages.len() + content.len() + usize::try_from(user + context).unwrap() + password.len() }

#[traced(skip_all, record(b), max_value = "1KiB", max_span = 4096, err = "ignore")]
pub fn more(a: u64, b: u64) -> Result<u64, String> { if a == 0 { Err(String::from("zero")) } else { Ok(a + b) } }

#[traced(cancel = "error", err = "ignore")]
pub async fn cancels(a: u64) -> u64 { a }

#[traced(budget = "1KiB")]
pub fn cheap(a: u64, b: Option<u32>, token: &str) -> u64 { a + u64::from(b.unwrap_or(0)) + token.len() as u64 }

#[traced(budget = "1KiB", max_value = 100)]
pub fn cheap_generic<'a, T: Debug>(a: &'a T, b: &'a str, f: impl Fn(&'a str) -> u64) -> u64 { let _ = a; f(b) }

#[derive(Debug, Clone)]
pub struct Service { pub name: String, pub log: Rc<RefCell<Vec<u64>>>, pub n: u64 }

impl Service {
    #[traced]
    pub fn new(name: String) -> Self { Self { name, log: Rc::default(), n: 0 } }
    #[traced]
    pub fn by_ref(&self, n: u64) -> &str { self.log.borrow_mut().push(n); &self.name }
    #[traced]
    pub fn by_mut(&mut self, n: u64) -> &mut u64 { self.n += n; &mut self.n }
    #[traced]
    pub fn by_value(self) -> String { self.name }
    #[traced]
    pub fn by_mut_value(mut self, n: u64) -> Self { self.n += n; self }
    #[traced]
    pub fn by_box(self: Box<Self>) -> String { self.name }
    #[traced]
    pub fn by_rc(self: Rc<Self>, n: u64) -> u64 { self.n + n }
    #[traced]
    pub fn by_pin(self: Pin<&mut Self>, n: u64) -> &mut u64 { let this = self.get_mut(); this.n += n; &mut this.n }
    #[traced]
    pub fn by_mut_pin(mut self: Pin<&mut Self>, n: u64) { self.as_mut().n += n; }
    #[traced]
    pub fn typed_ref(self: &Self, n: u64) -> &str { let _ = n; &self.name }
    #[traced(fields(service = self.name))]
    pub async fn by_async(&mut self, n: u64) -> &mut u64 { self.n += n; &mut self.n }
    #[traced]
    pub async fn by_async_value(self, n: u64) -> u64 { self.n + n }
    #[traced]
    fn unused_self(self) {}
    #[traced]
    pub fn builder(&mut self, n: u64) -> &mut Self { self.n = n; self }
    #[traced]
    pub fn iter<'s>(&'s self, values: &'s [u64]) -> impl Iterator<Item = u64> + 's { values.iter().map(move |v| v + self.n) }
}

#[allow(async_fn_in_trait)]
pub trait Work {
    fn required(&self, n: u64) -> u64;
    #[traced]
    fn provided(&self, n: u64) -> u64 { self.required(n) + 1 }
    #[traced]
    fn stat(n: u64) -> u64 where Self: Sized { n }
    #[traced]
    async fn asynchronous(&self, n: u64) -> u64 { self.required(n) }
}

impl Work for Service {
    #[traced]
    fn required(&self, n: u64) -> u64 { self.n + n }
}

#[traced]
pub async fn send(a: Arc<Mutex<u64>>, b: &str, c: std::cell::Cell<u64>) -> usize {
    std::future::ready(()).await;
    b.len() + usize::try_from(*a.lock().unwrap() + c.get()).unwrap()
}

fn assert_send<T: Send>(_: &T) {}
pub fn is_send() { assert_send(&send(Arc::default(), "", std::cell::Cell::new(1))); assert_send(&async_plain(1, "")); }

macro_rules! traced_fns { ($($name:ident)*) => { $( #[traced] pub fn $name(a: u64, (b, c): (u64, u64)) -> u64 { a + b + c } )* } }
traced_fns!(one two);

#[derive(Debug, wirespan::Capture)]
pub struct Job<T> { #[capture(id)] pub id: u64, pub title: T, pub api_key: String, #[capture(len)] pub lines: Vec<u64>, #[capture(display)] pub d: u64, #[capture(debug)] pub e: (u64, u64), #[capture(skip)] pub f: Vec<Job<T>>, pub next: Option<Box<Job<T>>>}
#[derive(wirespan::Capture)]
pub struct UserId(#[capture(id)] pub u64);
#[derive(wirespan::Capture)]
pub struct ApiKey(pub String);
#[derive(wirespan::Capture)]
pub struct Empty;
#[derive(wirespan::Capture)]
pub struct Tuple(pub u64, #[capture(redact)] pub String);
#[derive(wirespan::Capture)]
pub enum Choice<'a, const N: usize> { A, B { x: u64, #[capture(id)] y: &'a str, token: String }, C(u64, [u64; N]), D() }
#[derive(wirespan::Capture)]
pub enum Void {}
#[traced(skip(tuple))]
pub fn captures(job: &Job<String>, id: UserId, key: ApiKey, empty: Empty, tuple: Tuple, choice: Choice<'_, 2>) -> u64 { let _ = (key, empty, tuple, choice); job.id + id.0 }

fn main() {}
