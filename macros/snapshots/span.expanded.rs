fn span() {
    {
        ::wirespan::__private::callsite! {
            __CALLSITE = "", ::core::line!(), ".user.id\0.attempt\0"; .named("load user")
        }
        let (__span, __session) = ::wirespan::__private::SyncSpan::enter_capturing(
            &__CALLSITE,
            ::wirespan::__private::name_of(&|| ()),
        );
        if let ::core::option::Option::Some(mut __attributes) = __session.attributes() {
            let __out = &mut __attributes;
            let _ = &__out;
            __out
                .field(
                    b"J\0\n\x07user.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r",
                    |__out, __key| {
                        ::wirespan::__private::Value {
                            of: &(id),
                        }
                            .record(__out, __key)
                    },
                );
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
            __attributes.done();
        }
        ::wirespan::SpanGuard::new(__span)
    };
}
