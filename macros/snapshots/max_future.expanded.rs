fn load(key: u64) -> impl ::core::future::Future<Output = u64> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "load", ::core::line!(), "=key\0";
    }
    #[inline]
    fn __fits<__F>(__future: __F) -> __F {
        const {
            ::wirespan::__private::assert_future(
                "load",
                2048,
                ::core::mem::size_of::<__F>(),
            )
        };
        __future
    }
    return __fits(
        ::wirespan::__private::traced(
            &__CALLSITE,
            true,
            async move {
                if false {
                    return ::wirespan::__private::absurd::<u64>();
                }
                {
                    let __session = ::wirespan::__private::Parameters::of_body();
                    if let ::core::option::Option::Some(mut __all) = __session
                        .attributes()
                    {
                        let __out = &mut __all;
                        ::wirespan::__private::Peek {
                            of: &key,
                        }
                            .record(
                                __out,
                                b"J\0\n\rparameter.key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                            );
                        __all.done();
                    }
                }
                #[allow(clippy::shadow_reuse)]
                let (key,) = (key,);
                match () {
                    () => fetch(key).await,
                }
            },
            |__result, __end| {
                ::wirespan::__private::Outcome {
                    of: __result,
                }
                    .finish(__end);
            },
        ),
    );
}
fn load_later(key: u64) -> impl Future<Output = u64> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "load_later", ::core::line!(), "=key\0";
    }
    #[inline]
    fn __fits<__F>(__future: __F) -> __F {
        const {
            ::wirespan::__private::assert_future(
                "load_later",
                512,
                ::core::mem::size_of::<__F>(),
            )
        };
        __future
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_capturing(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
    );
    let __result = ::wirespan::__private::call(move || -> _ {
        if let ::core::option::Option::Some(mut __all) = __session.attributes() {
            let __out = &mut __all;
            ::wirespan::__private::Peek {
                of: &key,
            }
                .record(
                    __out,
                    b"J\0\n\rparameter.key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                );
            __all.done();
        }
        #[allow(clippy::shadow_reuse)]
        let (key,) = (key,);
        match () {
            () => load(key),
        }
    });
    #[allow(unreachable_code)]
    return __fits(
        ::wirespan::__private::cover(
            __span,
            __result,
            |__result, __end| {
                ::wirespan::__private::Outcome {
                    of: __result,
                }
                    .finish(__end);
            },
        ),
    );
}
