fn event() {
    ::wirespan::__private::event(
        "cache miss",
        |__out| {
            let _ = &__out;
            __out
                .field(
                    const {
                        &::wirespan::__private::Key {
                            framed: *b"J\0\n\x03key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                            len: 9,
                            encoded: b"\n\x03key",
                        }
                    },
                    |__out, __key| {
                        ::wirespan::__private::value(&(key)).record(__out, __key)
                    },
                );
            __out
                .field(
                    const {
                        &::wirespan::__private::Key {
                            framed: *b"J\0\n\x08shard.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                            len: 14,
                            encoded: b"\n\x08shard.id",
                        }
                    },
                    |__out, __key| {
                        ::wirespan::__private::value(&(shard)).record(__out, __key)
                    },
                );
        },
    );
}
