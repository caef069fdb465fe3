use wirespan::traced;

#[traced]
static LIMIT: u32 = 2;

#[traced]
type Limit = u32;

fn main() {
    let _: Limit = LIMIT;
}
