fn record() {
    ::wirespan::__private::record(|__out| {
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
                    ::wirespan::__private::value(&(rows.len())).record(__out, __key)
                },
            );
        __out
            .field(
                const {
                    &::wirespan::__private::Key {
                        framed: *b"J\0\n\x06cached\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                        len: 12,
                        encoded: b"\n\x06cached",
                    }
                },
                |__out, __key| {
                    ::wirespan::__private::value(&(cached)).record(__out, __key)
                },
            );
    });
}
