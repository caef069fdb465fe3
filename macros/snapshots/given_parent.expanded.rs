async fn given_parent(job: Job) {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "given_parent", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=job\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_under(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
        || ::wirespan::__private::parent_of(&(job.parent)),
    );
    let (__result, __end) = ::wirespan::__private::run(
            __span,
            async move {
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::peek(&job)
                        .record(
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
                        work(job).await;
                    }
                };
                #[allow(unreachable_code, clippy::needless_return)] return __result;
            },
        )
        .await;
    {
        ::wirespan::__private::outcome(&__result).finish(__end);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
fn root(jobs: &[Job]) {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "root", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=jobs\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    let (__span, __result) = {
        let (__span, __session) = ::wirespan::__private::SyncSpan::enter_under(
            &__CALLSITE,
            ::wirespan::__private::name_of(&|| ()),
            ::wirespan::__private::no_parent,
        );
        (
            __span,
            ::wirespan::__private::call(move || -> () {
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::links(__out, || jobs);
                    ::wirespan::__private::value(&{ jobs })
                        .record(
                            __out,
                            b"J\0\n\x0Eparameter.jobs\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                        );
                }
                #[allow(
                    clippy::redundant_locals,
                    clippy::shadow_same,
                    clippy::shadow_reuse,
                    clippy::shadow_unrelated,
                    clippy::let_unit_value
                )]
                let jobs = jobs;
                let __result: () = match () {
                    () => {
                        batch(jobs);
                    }
                };
                #[allow(unreachable_code, clippy::needless_return)] return __result;
            }),
        )
    };
    {
        ::wirespan::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
