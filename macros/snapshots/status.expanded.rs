fn status(id: u64) -> impl ::core::future::Future<Output = Reply> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "status", ::core::line!(), "=id\0";
    }
    return ::wirespan::__private::traced(
        &__CALLSITE,
        true,
        async move {
            if false {
                return ::wirespan::__private::absurd::<Reply>();
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
                () => ask(id).await,
            }
        },
        |__result, __end| {
            ::wirespan::__private::finish_with_status(
                __end,
                || ::wirespan::__private::said_status(Reply::status(__result)),
            );
        },
    );
}
