impl Store {
    fn get(&self, key: u64) -> u64 {
        ::wirespan::__private::callsite! {
            __CALLSITE = ::wirespan::__private::Source { function : "get", module :
            ::core::module_path!(), file : ::core::file!(), line : ::core::line!(),
            package : ::core::option_env!("CARGO_PKG_NAME"), version :
            ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
            name : ::core::option::Option::None, kind :
            ::wirespan::__private::Kind::Internal, level :
            ::wirespan::__private::Level::Info, receiver : true, parameters : "=key\0",
            max_value : 2097152, max_span : 4194304, cancel :
            ::wirespan::__private::Cancel::Unset, }
        }
        let (__span, __result) = ::wirespan::__private::in_method_span(
            &__CALLSITE,
            ::core::any::type_name::<Self>,
            true,
            move |__session| -> u64 {
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::peek(&key)
                        .record(
                            __out,
                            b"J\0\n\rparameter.key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                        );
                }
                #[allow(
                    clippy::redundant_locals,
                    clippy::shadow_same,
                    clippy::shadow_reuse,
                    clippy::shadow_unrelated,
                    clippy::let_unit_value
                )]
                let key = key;
                let __result: u64 = match () {
                    () => self.read(key),
                };
                #[allow(unreachable_code, clippy::needless_return)] return __result;
            },
        );
        {
            ::wirespan::__private::outcome(&__result).finish(__span);
        }
        #[allow(unreachable_code, clippy::needless_return)] return __result;
    }
    fn len(&self) -> usize {
        self.count
    }
}
