fn record() {
    ::wirespan::__private::record_on(
        &(&handle),
        |__out| {
            let _ = &__out;
            __out
                .field(
                    b"J\0\n\x04rows\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\n",
                    |__out, __key| {
                        ::wirespan::__private::Value {
                            of: &(3),
                        }
                            .record(__out, __key)
                    },
                );
        },
    );
}
