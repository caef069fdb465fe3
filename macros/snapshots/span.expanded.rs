fn span() {
    {
        ::wirespan::__private::callsite! {
            __CALLSITE = ::wirespan::__private::Source { function : "", module :
            ::core::module_path!(), file : ::core::file!(), line : ::core::line!(),
            package : ::core::option_env!("CARGO_PKG_NAME"), version :
            ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
            name : ::core::option::Option::Some("load user"), kind :
            ::wirespan::__private::Kind::Internal, level :
            ::wirespan::__private::Level::Info, receiver : false, parameters :
            ".user.id\0.attempt\0", max_value : 2097152u32, max_span : 4194304u32, cancel
            : ::wirespan::__private::Cancel::Unset, }
        }
        let (__span, mut __session) = ::wirespan::__private::SyncSpan::enter_capturing(
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
                        ::wirespan::__private::value(&(id)).record(__out, __key)
                    },
                );
            __out
                .field(
                    b"J\0\n\x07attempt\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r",
                    |__out, __key| {
                        ::wirespan::__private::value(&(attempt)).record(__out, __key)
                    },
                );
        }
        ::core::mem::drop(__session);
        ::wirespan::SpanGuard::new(__span)
    };
}
