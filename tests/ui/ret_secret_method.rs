use wirespan::traced;

struct Vault;

#[traced(ret)]
impl Vault {
    fn password(&self) -> &str {
        "p"
    }

    fn has_password(&self) -> bool {
        true
    }

    #[traced(unredacted(return))]
    fn tax_token(&self) -> u8 {
        1
    }
}

fn main() {
    let _ = (Vault.password(), Vault.has_password(), Vault.tax_token());
}
