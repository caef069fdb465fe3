fn boxed_future(id: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "boxed_future", ::core::line!(), "=id\0";
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_capturing(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
    );
    let __result = ::wirespan::__private::call(move || -> Pin<
        Box<dyn Future<Output = u64> + Send>,
    > {
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
        #[allow(clippy::shadow_reuse)]
        let (id,) = (id,);
        match () {
            () => Box::pin(async move { id }),
        }
    });
    #[allow(unreachable_code)]
    return if __span.is_off() {
        __result
    } else {
        ::wirespan::__private::pinned(
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
        )
    };
}
