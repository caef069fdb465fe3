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
    let (__span, __session) = reexported::telemetry::__private::SyncSpan::enter_capturing(
        &__CALLSITE,
        reexported::telemetry::__private::name_of(&|| ()),
    );
    let __result = reexported::telemetry::__private::call(move || -> () {
        {
            let mut __session = __session;
            if let ::core::option::Option::Some(mut __attributes) = __session
                .attributes()
            {
                let __out = &mut __attributes;
                reexported::telemetry::__private::show_serde(
                    &job,
                    __out,
                    const {
                        &reexported::telemetry::__private::Key {
                            framed: *b"J\0\n\rparameter.job\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                            len: 19,
                            encoded: b"\n\rparameter.job",
                        }
                    },
                );
            }
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
    });
    {
        reexported::telemetry::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
