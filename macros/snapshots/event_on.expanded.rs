fn event() {
    ::wirespan::__private::event_on(
        &(&handle),
        "retried",
        |__out| {
            let _ = &__out;
            __out
                .field(
                    b"J\0\n\x07attempt\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r",
                    |__out, __key| {
                        ::wirespan::__private::Value {
                            of: &(attempt),
                        }
                            .record(__out, __key)
                    },
                );
        },
    );
}
