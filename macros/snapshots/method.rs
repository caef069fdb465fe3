#[traced]
impl Store {
    async fn load(&self, key: &str) -> Row {
        self.rows.get(key).await
    }
}
