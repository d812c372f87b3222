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

    /// The header as its reader meets it. `@topic@` stands for the items of `src/ffi/topic.rs`.
    const TEMPLATE: &str = "src/ffi/peerage.in.h";

    /// Types that no function of their own file names.
    const TYPES: [&str; 14] = [
        "peerage_outcome",
        "peerage_connection",
        "peerage_choice",
        "peerage_log_level",
        "peerage_state",
        "peerage_reasons",
        "peerage_draw",
        "peerage_cause",
        "peerage_str",
        "peerage_drop_fn",
        "peerage_header",
        "peerage_request",
        "peerage_log_opts",
        "peerage_chooser_opts",
    ];

    pub(super) fn run() {
        // cargo-c, which sets this variable, sets the SONAME by itself.
        println!("cargo::rerun-if-env-changed=CARGO_C_CARGO");
        let cargo_c = var("CARGO_C_CARGO").is_ok();
        if !cargo_c && var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libpeerage.so.0.1");
        }
        for input in ["src/ffi", "cbindgen.toml"] {
            println!("cargo::rerun-if-changed={input}");
        }
        let template = std::fs::read_to_string(TEMPLATE).expect("the template");
        let header: String = template.lines().map(|line| expand(line) + "\n").collect();
        let path = Path::new(&var("OUT_DIR").expect("cargo sets it")).join("peerage.h");
        std::fs::write(&path, header).expect("the header");
        println!("cargo::rustc-env=PEERAGE_GENERATED_HEADER={}", path.display());
    }

    fn expand(line: &str) -> String {
        for part in ["MAJOR", "MINOR", "PATCH"] {
            if let Some(macro_name) = line.strip_suffix(&format!("@{part}@")) {
                return macro_name.to_owned() + &var(format!("CARGO_PKG_VERSION_{part}")).unwrap();
            }
        }
        match line.strip_prefix('@').and_then(|line| line.strip_suffix('@')) {
            Some(topic) => items(topic),
            None => line.to_owned(),
        }
    }

    /// The public items of one topic, by cbindgen.
    fn items(topic: &str) -> String {
        let config = cbindgen::Config::from_file("cbindgen.toml").expect("cbindgen.toml");
        let path = format!("src/ffi/{topic}.rs");
        let builder = cbindgen::Builder::new().with_config(config).with_src(&path);
        let builder = TYPES.iter().fold(builder, |builder, name| builder.include_item(*name));
        let mut text = vec![];
        builder.generate().unwrap_or_else(|error| panic!("{topic}: {error}")).write(&mut text);
        let text = String::from_utf8(text).expect("UTF-8");
        let source = std::fs::read_to_string(path).expect("the source");
        text.trim().lines().map(|line| typed(line, &source) + "\n").collect()
    }

    /// A constant with its type and in parentheses, as cbindgen leaves both out.
    fn typed(line: &str, source: &str) -> String {
        let typed = || {
            let (name, value) = line.strip_prefix("#define ")?.split_once(' ')?;
            let (_, rest) = source.split_once(&format!("\npub const {name}: "))?;
            let kind = match rest.split_once(" = ")?.0 {
                "i32" => "int32_t",
                "i64" => "int64_t",
                "u32" => "uint32_t",
                "u64" => "uint64_t",
                named => named,
            };
            let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            Some(format!("#define {name} (({kind}){number})"))
        };
        typed().unwrap_or_else(|| line.to_owned())
    }
}
