impl Store {
    fn load(&self, key: &str) -> impl ::core::future::Future<Output = Row> {
        ::wirespan::__private::callsite! {
            __CALLSITE = "load", ::core::line!(), "=key\0"; .with_receiver()
        }
        return ::wirespan::__private::traced_method::<
            Self,
            _,
            _,
        >(
            &__CALLSITE,
            true,
            async move {
                if false {
                    return ::wirespan::__private::absurd::<Row>();
                }
                {
                    let __session = ::wirespan::__private::Parameters::of_body();
                    if let ::core::option::Option::Some(mut __all) = __session
                        .attributes()
                    {
                        let __out = &mut __all;
                        ::wirespan::__private::Value {
                            of: &{ key },
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
                    () => self.rows.get(key).await,
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
}
