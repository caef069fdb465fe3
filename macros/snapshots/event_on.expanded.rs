fn event() {
    ::wirespan::__private::event_on(
        &(&handle),
        "retried",
        |__out| {
            let _ = &__out;
            __out
                .field(
                    const {
                        &::wirespan::__private::Key {
                            framed: *b"J\0\n\x07attempt\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                            len: 13,
                            encoded: b"\n\x07attempt",
                        }
                    },
                    |__out, __key| {
                        ::wirespan::__private::value(&(attempt)).record(__out, __key)
                    },
                );
        },
    );
}
