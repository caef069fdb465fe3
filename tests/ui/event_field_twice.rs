use wirespan::event;

fn main() {
    let shard = 1;
    event!("miss", shard, shard = 2);
}
