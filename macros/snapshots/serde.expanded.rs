fn queue(job: Job) {
    reexported::telemetry::__private::callsite! {
        __CALLSITE = "queue", ::core::line!(), "=job\0";
    }
    let mut __span = reexported::telemetry::__private::SyncSpan::OFF;
    let __result = reexported::telemetry::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> () {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                reexported::telemetry::__private::show_serde(
                    &job,
                    __out,
                    b"J\0\n\rparameter.job\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (job,) = (job,);
            match () {
                () => {
                    push(job);
                }
            }
        },
    );
    {
        reexported::telemetry::__private::Outcome {
            of: &__result,
        }
            .finish(&mut __span);
    }
    #[allow(unreachable_code)] return __result;
}
