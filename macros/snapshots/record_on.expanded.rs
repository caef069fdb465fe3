fn record() {
    ::wirespan::__private::record_on(
        &(&handle),
        |__out| {
            let _ = &__out;
            __out
                .field(
                    const {
                        &::wirespan::__private::Key {
                            framed: *b"J\0\n\x04rows\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                            len: 10,
                            encoded: b"\n\x04rows",
                        }
                    },
                    |__out, __key| {
                        ::wirespan::__private::value(&(3)).record(__out, __key)
                    },
                );
        },
    );
}
