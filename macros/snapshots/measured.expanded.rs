fn step(run_id: u64) -> Result<u64, Error> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "step", ::core::line!(), "=run_id\0";
        .measured(::wirespan::__private::site!())
    }
    let mut __span = ::wirespan::__private::Measured::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> Result<u64, Error> {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Peek {
                    of: &run_id,
                }
                    .record(
                        __out,
                        b"J\0\n\x10parameter.run_id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x16",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (run_id,) = (run_id,);
            match () {
                () => work(run_id),
            }
        },
    );
    {
        ::wirespan::__private::Outcome {
            of: &__result,
        }
            .finish(&mut __span);
    }
    #[allow(unreachable_code)] return __result;
}
fn wait(run_id: u64) -> impl ::core::future::Future<Output = u64> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "wait", ::core::line!(), "_run_id\0";
        .measured(::wirespan::__private::site!())
    }
    return ::wirespan::__private::traced(
            &__CALLSITE,
            false,
            async move {
                if false {
                    return ::wirespan::__private::absurd::<u64>();
                }
                #[allow(clippy::shadow_reuse)]
                let (run_id,) = (run_id,);
                match () {
                    () => work(run_id).await,
                }
            },
            |__result, __end| {
                ::wirespan::__private::Outcome {
                    of: __result,
                }
                    .finish(__end);
            },
        )
        .measured();
}
