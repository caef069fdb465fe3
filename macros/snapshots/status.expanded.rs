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
                let mut __session = ::wirespan::__private::Parameters::of_body();
                if let ::core::option::Option::Some(__out) = &mut __session.attributes()
                {
                    ::wirespan::__private::Peek {
                        of: &id,
                    }
                        .record(
                            __out,
                            b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                        );
                    __session.done();
                }
            }
            #[allow(clippy::shadow_reuse)]
            let (id,) = (id,);
            match () {
                () => ask(id).await,
            }
        },
        |__result, __end| {
            ::wirespan::__private::finish_with_status(__end, || Reply::status(__result));
        },
    );
}
