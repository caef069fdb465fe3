// A block with a function that stays as it is.
#[traced]
impl Store {
    fn get(&self, key: u64) -> u64 {
        self.read(key)
    }
    #[traced(off)]
    fn len(&self) -> usize {
        self.count
    }
}
