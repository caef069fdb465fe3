fn skip_all(id: u64, rows: Vec<Row>) {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "skip_all", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters :
        "=id\0_rows\0", max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    let (__span, __result) = ::wirespan::__private::in_span(
        &__CALLSITE,
        true,
        move |__session| -> () {
            if let ::core::option::Option::Some(__out) = &mut { __session }.attributes()
            {
                ::wirespan::__private::peek(&id)
                    .record_named(
                        __out,
                        b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                    );
            }
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            let (id, rows) = (id, rows);
            let __result: () = match () {
                () => {
                    work(id, rows);
                }
            };
            #[allow(unreachable_code, clippy::needless_return)] return __result;
        },
    );
    {
        ::wirespan::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
