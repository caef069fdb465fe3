async fn given_parent(job: Job) {
    ::wirespan::__private::callsite! {
        __CALLSITE = "given_parent", ::core::line!(), "=job\0";
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_under(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
        true,
        || ::wirespan::__private::parent_of(&(job.parent)),
    );
    let (__result, __end) = ::wirespan::__private::run(
            __span,
            async move {
                if false {
                    return ::wirespan::__private::absurd::<()>();
                }
                if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                    let __out = &mut __all;
                    ::wirespan::__private::Peek {
                        of: &job,
                    }
                        .record(
                            __out,
                            b"J\0\n\rparameter.job\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                        );
                    __all.done();
                }
                #[allow(clippy::shadow_reuse)]
                let (job,) = (job,);
                let _ = &job;
                match () {
                    () => {
                        work(job).await;
                    }
                }
            },
        )
        .await;
    {
        ::wirespan::__private::Outcome {
            of: &__result,
        }
            .finish(__end);
    }
    #[allow(unreachable_code)] return __result;
}
fn root(jobs: &[Job]) {
    ::wirespan::__private::callsite! {
        __CALLSITE = "root", ::core::line!(), "=jobs\0";
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_under(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
        true,
        ::wirespan::__private::no_parent,
    );
    let mut __span = __span;
    let __result = ::wirespan::__private::call(move || -> () {
        if let ::core::option::Option::Some(mut __all) = __session.attributes() {
            let __out = &mut __all;
            ::wirespan::__private::links(__out, || jobs);
            ::wirespan::__private::Value {
                of: &{ jobs },
            }
                .record(
                    __out,
                    b"J\0\n\x0Eparameter.jobs\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                );
            __all.done();
        }
        #[allow(clippy::shadow_reuse)]
        let (jobs,) = (jobs,);
        let _ = &jobs;
        match () {
            () => {
                batch(jobs);
            }
        }
    });
    {
        ::wirespan::__private::Outcome {
            of: &__result,
        }
            .finish(&mut __span);
    }
    #[allow(unreachable_code)] return __result;
}
