fn event() {
    ::wirespan::SpanHandle::add_event(
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
                    |__out| {
                        ::wirespan::__private::value(&(attempt))
                            .record(
                                __out,
                                const {
                                    &::wirespan::__private::Key {
                                        framed: *b"J\0\n\x07attempt\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                                        len: 13,
                                        encoded: b"\n\x07attempt",
                                    }
                                },
                            )
                    },
                );
        },
    );
}
