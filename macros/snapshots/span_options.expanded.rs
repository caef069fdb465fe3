fn span() {
    {
        ::wirespan::__private::callsite! {
            __CALLSITE = ::wirespan::__private::Source { function : "", module :
            ::core::module_path!(), file : ::core::file!(), line : ::core::line!(),
            package : ::core::option_env!("CARGO_PKG_NAME"), version :
            ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
            name : ::core::option::Option::Some("call"), kind :
            ::wirespan::__private::Kind::Client, level :
            ::wirespan::__private::Level::Info, receiver : false, parameters : ".key\0",
            max_value : 2097152u32, max_span : 4194304u32, cancel :
            ::wirespan::__private::Cancel::Unset, }
        }
        let (__span, mut __session) = ::wirespan::__private::SyncSpan::enter_under(
            &__CALLSITE,
            ::wirespan::__private::name_of(&|| ()),
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
                        ::wirespan::__private::value(&(value)).record(__out, __key)
                    },
                );
        }
        ::core::mem::drop(__session);
        ::wirespan::SpanGuard::new(__span)
    };
}
