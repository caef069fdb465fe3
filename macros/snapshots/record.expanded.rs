fn record() {
    ::wirespan::__private::record(|__out| {
        let _ = &__out;
        __out
            .field(
                b"J\0\n\x04rows\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\n",
                |__out, __key| {
                    ::wirespan::__private::Value {
                        of: &(rows.len()),
                    }
                        .record(__out, __key)
                },
            );
        __out
            .field(
                b"J\0\n\x06cached\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0C",
                |__out, __key| {
                    ::wirespan::__private::Value {
                        of: &(cached),
                    }
                        .record(__out, __key)
                },
            );
    });
}
