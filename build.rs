//! With the feature `capi`: the SONAME of the shared library, and a fresh header in `OUT_DIR` for
//! `tests/header.rs` to compare with the committed one.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "capi")]
    capi::run();
}

#[cfg(feature = "capi")]
mod capi {
    use std::env::var;
    use std::path::Path;

    /// The files of `src/ffi`, in the order of the header.
    const TOPICS: [&str; 11] = [
        "types",
        "status",
        "error",
        "transport",
        "peer",
        "policy",
        "chooser",
        "choose",
        "cancel",
        "notify",
        "introspect",
    ];

    pub(super) fn run() {
        if var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libpeerage.so.0");
        }
        for input in ["src/ffi", "cbindgen.toml", "src/ffi/overview.h"] {
            println!("cargo::rerun-if-changed={input}");
        }
        let overview = std::fs::read_to_string("src/ffi/overview.h").expect("the overview");
        let mut config = cbindgen::Config::from_file("cbindgen.toml").expect("cbindgen.toml");
        config.after_includes = Some(overview.replace("@VERSION@", &version_macros()));
        let mut builder = cbindgen::Builder::new().with_config(config);
        for topic in TOPICS {
            builder = builder.with_src(format!("src/ffi/{topic}.rs"));
        }
        let header = Path::new(&var("OUT_DIR").expect("cargo sets it")).join("peerage.h");
        builder.generate().expect("the header").write_to_file(&header);
        println!("cargo::rustc-env=PEERAGE_GENERATED_HEADER={}", header.display());
    }

    fn version_macros() -> String {
        let part = |name: &str| var(format!("CARGO_PKG_VERSION_{name}")).expect("cargo sets it");
        let (major, minor, patch) = (part("MAJOR"), part("MINOR"), part("PATCH"));
        format!(
            "#define PEERAGE_VERSION_MAJOR {major}\n\
             #define PEERAGE_VERSION_MINOR {minor}\n\
             #define PEERAGE_VERSION_PATCH {patch}\n\
             /** The version of this header, as peerage_version() gives that of the library. */\n\
             #define PEERAGE_VERSION_NUMBER \\\n    \
             ((PEERAGE_VERSION_MAJOR << 16) | (PEERAGE_VERSION_MINOR << 8) | PEERAGE_VERSION_PATCH)"
        )
    }
}
