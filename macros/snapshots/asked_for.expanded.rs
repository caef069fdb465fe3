fn asked_for(token: u64, request: Request, host: Host, causes: &[Span]) -> Reply {
    ::wirespan::__private::callsite! {
        __CALLSITE = "asked_for", ::core::line!(),
        "=token\0=request\0=host\0=causes\0.return\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> Reply {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::links(__out, || causes);
                ::wirespan::__private::Peek {
                    of: &token,
                }
                    .record_named(
                        __out,
                        b"J\0\n\x0Fparameter.token\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                    );
                ::wirespan::__private::debug(
                    __out,
                    b"J\0\n\x11parameter.request\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x17",
                    &request,
                );
                ::wirespan::__private::display(
                    __out,
                    b"J\0\n\x0Eparameter.host\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    &host,
                );
                ::wirespan::__private::Value {
                    of: &{ causes },
                }
                    .record(
                        __out,
                        b"J\0\n\x10parameter.causes\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x16",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (token, request, host, causes) = (token, request, host, causes);
            let _ = &causes;
            match () {
                () => work(token, request, host, causes),
            }
        },
    );
    {
        let mut __open = &mut __span;
        ::wirespan::__private::EndSpan::attributes(
            &mut __open,
            |__out| {
                if let ::core::option::Option::Some(__value) = (::wirespan::__private::Good {
                    of: &__result,
                })
                    .value()
                {
                    ::wirespan::__private::Value {
                        of: __value,
                    }
                        .record(
                            __out,
                            b"J\0\n\x06return\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0C",
                        );
                }
            },
        );
        ::wirespan::__private::finish_with_status(
            __open,
            || ::wirespan::__private::said_status(judge(&__result)),
        );
    }
    #[allow(unreachable_code)] return __result;
}
fn rooted() {
    ::wirespan::__private::callsite! {
        __CALLSITE = "rooted", ::core::line!(), "";
    }
    let (__span, _) = ::wirespan::__private::SyncSpan::enter_under(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
        false,
        ::wirespan::__private::no_parent,
    );
    let mut __span = __span;
    let __result = ::wirespan::__private::call(move || -> () {
        match () {
            () => {
                work();
            }
        }
    });
    {
        ::wirespan::__private::Outcome {
            of: &__result,
        }
            .finish(&mut __span);
    }
    #[allow(unreachable_code)] return __result;
}
async fn given(caller: &Span) {
    ::wirespan::__private::callsite! {
        __CALLSITE = "given", ::core::line!(), "=caller\0";
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_under(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
        true,
        || ::wirespan::__private::parent_of(&(caller)),
    );
    let (__result, __end) = ::wirespan::__private::run(
            __span,
            async move {
                if false {
                    return ::wirespan::__private::absurd::<()>();
                }
                if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                    let __out = &mut __all;
                    ::wirespan::__private::Value {
                        of: &{ caller },
                    }
                        .record(
                            __out,
                            b"J\0\n\x10parameter.caller\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x16",
                        );
                    __all.done();
                }
                #[allow(clippy::shadow_reuse)]
                let (caller,) = (caller,);
                let _ = &caller;
                match () {
                    () => {
                        work(caller).await;
                    }
                }
            },
        )
        .await;
    {
        ::wirespan::__private::Outcome {
            of: &__result,
        }
            .finish(__end);
    }
    #[allow(unreachable_code)] return __result;
}
