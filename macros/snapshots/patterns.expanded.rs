fn patterns(__arg0: (u64, u64), __arg1: Row, count: u8, _unused: u8, __arg4: u8) -> u64 {
    ::wirespan::__private::callsite! {
        __CALLSITE = "patterns", ::core::line!(),
        "=left\0=right\0=id\0=count\0__unused\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> u64 {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                #[allow(
                    unused_variables,
                    irrefutable_let_patterns,
                    non_shorthand_field_patterns,
                    clippy::all,
                    clippy::pedantic,
                    clippy::restriction
                )]
                if let (left, right) = &__arg0 {
                    ::wirespan::__private::Peek {
                        of: left,
                    }
                        .record(
                            __out,
                            b"J\0\n\x0Eparameter.left\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                        );
                    ::wirespan::__private::Peek {
                        of: right,
                    }
                        .record(
                            __out,
                            b"J\0\n\x0Fparameter.right\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                        );
                }
                #[allow(
                    unused_variables,
                    irrefutable_let_patterns,
                    non_shorthand_field_patterns,
                    clippy::all,
                    clippy::pedantic,
                    clippy::restriction
                )]
                if let Row { id: id, .. } = &__arg1 {
                    ::wirespan::__private::Peek {
                        of: id,
                    }
                        .record(
                            __out,
                            b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                        );
                }
                ::wirespan::__private::Peek {
                    of: &count,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Fparameter.count\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                    );
                __all.done();
            }
            let __arg0 = __arg0;
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value,
                clippy::used_underscore_binding,
                clippy::no_effect_underscore_binding,
                clippy::let_underscore_untyped,
                clippy::let_underscore_must_use
            )]
            let (left, right) = __arg0;
            let __arg1 = __arg1;
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value,
                clippy::used_underscore_binding,
                clippy::no_effect_underscore_binding,
                clippy::let_underscore_untyped,
                clippy::let_underscore_must_use
            )]
            let Row { id, .. } = __arg1;
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            let mut count = count;
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value,
                clippy::used_underscore_binding,
                clippy::no_effect_underscore_binding,
                clippy::let_underscore_untyped,
                clippy::let_underscore_must_use
            )]
            let _unused = _unused;
            let __arg4 = __arg4;
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value,
                clippy::used_underscore_binding,
                clippy::no_effect_underscore_binding,
                clippy::let_underscore_untyped,
                clippy::let_underscore_must_use
            )]
            let _ = __arg4;
            match () {
                () => {
                    count += 1;
                    left + right + id + u64::from(count)
                }
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
