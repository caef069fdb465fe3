fn queue(job: Job) {
    reexported::telemetry::__private::callsite! {
        __CALLSITE = reexported::telemetry::__private::Source { function : "queue",
        module : ::core::module_path!(), file : ::core::file!(), line : ::core::line!(),
        package : ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), };
        reexported::telemetry::__private::Options { name : ::core::option::Option::None,
        kind : reexported::telemetry::__private::Kind::Internal, level :
        reexported::telemetry::__private::Level::Info, receiver : false, parameters :
        "=job\0", max_value : 2097152, max_span : 4194304, cancel :
        reexported::telemetry::__private::Cancel::Unset, }
    }
    let (__span, __result) = reexported::telemetry::__private::in_span(
        &__CALLSITE,
        true,
        move |__session| -> () {
            if let ::core::option::Option::Some(__out) = &mut { __session }.attributes()
            {
                reexported::telemetry::__private::show_serde(
                    &job,
                    __out,
                    b"J\0\n\rparameter.job\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                );
            }
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            let job = job;
            let __result: () = match () {
                () => {
                    push(job);
                }
            };
            #[allow(unreachable_code, clippy::needless_return)] return __result;
        },
    );
    {
        reexported::telemetry::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
