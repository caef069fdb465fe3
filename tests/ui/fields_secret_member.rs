#![allow(dead_code)]

use wirespan::traced;

struct Client {
    api_key: String,
}

impl Client {
    #[traced(fields(key = self.api_key, len = self.api_key.len()))]
    fn call(&self) -> usize {
        self.api_key.len()
    }
}

fn main() {}
