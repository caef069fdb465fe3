impl Store {
    fn get(&self, key: u64) -> u64 {
        ::wirespan::__private::callsite! {
            __CALLSITE = "get", ::core::line!(), "=key\0"; .with_receiver()
        }
        let mut __span = ::wirespan::__private::SyncSpan::OFF;
        let __result = ::wirespan::__private::in_method_span(
            &mut __span,
            &__CALLSITE,
            ::core::any::type_name::<Self>,
            true,
            move |__session| -> u64 {
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
                    () => self.read(key),
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
    fn len(&self) -> usize {
        self.count
    }
}
