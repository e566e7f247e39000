//! `plugin!`: everything that makes a crate a plugin library.

/// Makes the crate a plugin library of these kinds.
///
/// `objects` names each type with the interfaces that it serves, such as `Robot: motor + robot`; `bricks` names
/// types alone.
/// It writes the library's header, the protocol number that the host reads before it runs any code,
/// and `plugin()`, with which the crate's tests start it in the test kit.
///
/// ```standalone_crate
/// # use brickwork_sdk::{HardwareObject, ObjectContext, Result, plugin};
/// struct Nothing;
/// impl HardwareObject for Nothing {
///     const KIND: &'static str = "example.nothing";
///     type Config = ();
///     fn new(_: (), _: &ObjectContext) -> Result<Self> { Ok(Self) }
/// }
/// plugin! { objects: [Nothing], bricks: [] }
/// # fn main() { assert_eq!(plugin().info().objects[0].kind, "example.nothing"); }
/// ```
#[macro_export]
macro_rules! plugin {
    (
        objects: [$($object:ident $(: $first:ident $(+ $more:ident)*)?),* $(,)?],
        bricks: [$($brick:ty),* $(,)?] $(,)?
    ) => {
        /// What this library contributes.
        #[doc(hidden)]
        pub fn plugin() -> $crate::glue::PluginDef {
            $crate::glue::PluginDef::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
                $(.object::<$object>(::std::vec![
                    $($crate::__serve!($object: $first) $(, $crate::__serve!($object: $more))*)?
                ]))*
                $(.brick::<$brick>())*
        }
        $crate::__export_plugin!();
    };
}

/// One interface of one type of object, and how its calls are answered.
#[doc(hidden)]
#[macro_export]
macro_rules! __serve {
    ($object:ident: $interface:ident) => {
        (
            $interface::interface(),
            (|object, call, command, arguments| {
                ::std::boxed::Box::pin($interface::dispatch(object, call, command, arguments))
            }) as $crate::glue::Dispatch<$object>,
        )
    };
}

/// The exported symbols of a plugin library.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_plugin {
    () => {
        const _: () = {
            use $crate::__abi as abi;

            static GLUE: ::std::sync::OnceLock<$crate::glue::Glue> = ::std::sync::OnceLock::new();

            extern "C" fn describe() -> abi::Value {
                $crate::glue::describe(plugin)
            }
            extern "C" fn init(host: abi::HostRef) -> abi::Value {
                match $crate::glue::Glue::meet(plugin, host) {
                    Ok(glue) => {
                        let _ = GLUE.set(glue);
                        abi::Value::Null
                    }
                    Err(why) => why.into(),
                }
            }
            extern "C" fn send(instance: u64, request: abi::Value) {
                if let Some(glue) = GLUE.get() {
                    glue.send(instance, request);
                }
            }
            extern "C" fn ask(instance: u64, request: abi::Value) -> abi::Value {
                GLUE.get().map(|glue| glue.ask(instance, request)).unwrap_or_default()
            }
            extern "C" fn wake(token: u64) {
                if let Some(glue) = GLUE.get() {
                    glue.wake(token);
                }
            }
            extern "C" fn shutdown(limit_ms: u64) -> u64 {
                GLUE.get().map_or(0, |glue| glue.shutdown(limit_ms))
            }
            fn root() -> abi::PluginRef {
                abi::export::PrefixTypeTrait::leak_into_prefix(abi::Plugin {
                    describe,
                    init,
                    send,
                    ask,
                    wake,
                    shutdown,
                })
            }
            extern "C" fn erased_root() -> abi::export::RootModuleResult {
                abi::export::__call_root_module_loader(root)
            }

            #[unsafe(export_name = "_1as_0lib_1header_0root_bmodule_bloader")]
            pub static HEADER: abi::export::LibHeader = unsafe {
                abi::export::LibHeader::from_constructor::<abi::PluginRef>(
                    erased_root,
                    abi::export::CheckTypeLayout::Yes,
                )
            };

            #[unsafe(export_name = "BRICKWORK_PROTOCOL")]
            #[used]
            pub static MARK: abi::ProtocolMark = abi::ProtocolMark::CURRENT;
        };
    };
}
