impl Store {
    const SIZE: usize = 3;
    fn save(&mut self, row: Row) {
        ::wirespan::__private::callsite! {
            __CALLSITE = "save", ::core::line!(), "=row\0"; .named("store.save")
            .with_receiver().of_kind(::wirespan::__private::Kind::Client)
        }
        let mut __span = ::wirespan::__private::SyncSpan::OFF;
        let __result = ::wirespan::__private::in_method_span(
            &mut __span,
            &__CALLSITE,
            ::core::any::type_name::<Self>,
            true,
            move |__session| -> () {
                if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                    let __out = &mut __all;
                    ::wirespan::__private::Peek {
                        of: &row,
                    }
                        .record(
                            __out,
                            b"J\0\n\rparameter.row\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                        );
                    __all.done();
                }
                #[allow(clippy::shadow_reuse)]
                let (row,) = (row,);
                match () {
                    () => {
                        self.rows.push(row);
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
    fn len(&self) -> usize {
        self.rows.len()
    }
}
