impl Store {
    fn load(&self, key: &str) -> impl ::core::future::Future<Output = Row> {
        ::wirespan::__private::callsite! {
            __CALLSITE = ::wirespan::__private::Source { function : "load", module :
            ::core::module_path!(), file : ::core::file!(), line : ::core::line!(),
            package : ::core::option_env!("CARGO_PKG_NAME"), version :
            ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
            name : ::core::option::Option::None, kind :
            ::wirespan::__private::Kind::Internal, level :
            ::wirespan::__private::Level::Info, receiver : true, parameters : "=key\0",
            max_value : 2097152, max_span : 4194304, cancel :
            ::wirespan::__private::Cancel::Unset, }
        }
        #[allow(unreachable_code, clippy::needless_return)]
        return ::wirespan::__private::traced_method(
            &__CALLSITE,
            ::core::any::type_name::<Self>,
            true,
            async move {
                #[allow(
                    unreachable_code,
                    clippy::all,
                    clippy::pedantic,
                    clippy::restriction,
                    clippy::nursery
                )]
                if false {
                    let __never: Row = loop {};
                    return __never;
                }
                let __session = ::wirespan::__private::Session::of_body(&__CALLSITE);
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::value(&{ key })
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
                let __result: Row = match () {
                    () => self.rows.get(key).await,
                };
                #[allow(unreachable_code, clippy::needless_return)] return __result;
            },
            |__result, __end| {
                ::wirespan::__private::outcome(__result).finish(__end);
            },
        );
    }
}
