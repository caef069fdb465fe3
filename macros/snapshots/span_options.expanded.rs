fn span() {
    {
        ::wirespan::__private::callsite! {
            __CALLSITE = "", ::core::line!(), ".key\0"; .named("call")
            .of_kind(::wirespan::__private::Kind::Client)
        }
        let (__span, __session) = ::wirespan::__private::SyncSpan::enter_under(
            &__CALLSITE,
            ::wirespan::__private::name_of(&|| ()),
            true,
            || ::wirespan::__private::parent_of(&(&carried)),
        );
        if let ::core::option::Option::Some(mut __attributes) = __session.attributes() {
            let __out = &mut __attributes;
            ::wirespan::__private::links(__out, || [&other]);
            let _ = &__out;
            __out
                .field(
                    b"J\0\n\x03key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\t",
                    |__out, __key| {
                        ::wirespan::__private::Value {
                            of: &(value),
                        }
                            .record(__out, __key)
                    },
                );
            __attributes.done();
        }
        ::wirespan::SpanGuard::new(__span)
    };
}
