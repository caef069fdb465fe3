event!("cache miss", key, shard.id = shard);
