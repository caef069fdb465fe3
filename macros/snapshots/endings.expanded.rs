fn endings(id: u64) -> impl ::core::future::Future<Output = Result<u64, Error>> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "endings", ::core::line!(), "=id\0"; .cancelled_is_error()
        .of_kind(::wirespan::__private::Kind::Server)
    }
    return ::wirespan::__private::traced(
        &__CALLSITE,
        true,
        async move {
            if false {
                return ::wirespan::__private::absurd::<Result<u64, Error>>();
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
                    __all.done();
                }
            }
            #[allow(clippy::shadow_reuse)]
            let (id,) = (id,);
            match () {
                () => load(id).await,
            }
        },
        |__result, __end| {
            let _ = __result;
            ::wirespan::__private::EndSpan::returned(__end);
        },
    );
}
