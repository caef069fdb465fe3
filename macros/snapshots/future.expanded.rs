fn future(id: u64) -> impl Future<Output = u64> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "future", ::core::line!(), "=id\0";
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_capturing(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
    );
    let __result = ::wirespan::__private::call(move || -> _ {
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
            () => async move { id },
        }
    });
    #[allow(unreachable_code)]
    return ::wirespan::__private::cover(
        __span,
        __result,
        |__result, __end| {
            ::wirespan::__private::Outcome {
                of: __result,
            }
                .finish(__end);
        },
    );
}
