fn event() {
    ::wirespan::__private::event(
        "cache miss",
        |__out| {
            let _ = &__out;
            __out
                .field(
                    b"J\0\n\x03key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\t",
                    |__out, __key| {
                        ::wirespan::__private::Value {
                            of: &(key),
                        }
                            .record(__out, __key)
                    },
                );
            __out
                .field(
                    b"J\0\n\x08shard.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0E",
                    |__out, __key| {
                        ::wirespan::__private::Value {
                            of: &(shard),
                        }
                            .record(__out, __key)
                    },
                );
        },
    );
}
