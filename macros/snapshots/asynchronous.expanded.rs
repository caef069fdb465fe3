fn asynchronous(
    id: u64,
    name: &str,
) -> impl ::core::future::Future<Output = Result<usize, Error>> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "asynchronous", ::core::line!(), "=id\0=name\0";
    }
    return ::wirespan::__private::traced(
        &__CALLSITE,
        true,
        async move {
            if false {
                return ::wirespan::__private::absurd::<Result<usize, Error>>();
            }
            {
                let __session = ::wirespan::__private::Parameters::of_body();
                if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                    let __out = &mut __all;
                    ::wirespan::__private::Peek {
                        of: &id,
                    }
                        .record(
                            __out,
                            b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                        );
                    ::wirespan::__private::Value {
                        of: &{ name },
                    }
                        .record(
                            __out,
                            b"J\0\n\x0Eparameter.name\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                        );
                    __all.done();
                }
            }
            #[allow(clippy::shadow_reuse)]
            let (id, name) = (id, name);
            match () {
                () => count(id, name).await,
            }
        },
        |__result, __end| {
            ::wirespan::__private::Outcome {
                of: __result,
            }
                .finish(__end);
        },
    );
}
