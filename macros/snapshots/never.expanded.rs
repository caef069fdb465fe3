fn never(code: i32) -> ! {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "never", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=code\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    ::wirespan::__private::in_span(
            &__CALLSITE,
            true,
            move |__session| -> ! {
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::peek(&code)
                        .record(
                            __out,
                            b"J\0\n\x0Eparameter.code\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                        );
                }
                #[allow(
                    clippy::redundant_locals,
                    clippy::shadow_same,
                    clippy::shadow_reuse,
                    clippy::shadow_unrelated,
                    clippy::let_unit_value
                )]
                let code = code;
                match () {
                    () => exit(code),
                }
            },
        )
        .1
}
