//! With the feature `capi`: the name and the symbol version of the shared library. With `header`: a fresh
//! header in `OUT_DIR`, for `tests/header.rs` to compare with the committed one.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "capi")]
    shared::run();
    #[cfg(feature = "header")]
    header::run();
}

/// What the linker is told about the shared library.
#[cfg(feature = "capi")]
mod shared {
    use std::env::var;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    /// rustc writes the list of exports as a version script without a name, and no linker takes a
    /// second script beside it that names the version: GNU ld refuses both together, lld lets the
    /// first win. So the compiler driver calls the linker through this, which names rustc's own.
    const VERSIONED: &str = r#"for argument; do
  case $argument in --version-script=*)
    list=${argument#*=}
    read -r first <"$list"
    if [ "$first" = '{' ]; then
      { printf '@NODE@ '; cat "$list"; } >"$list.versioned" && mv "$list.versioned" "$list"
    fi
  esac
done
exec "$@"
"#;

    const ELF: [&str; 6] = ["linux", "android", "freebsd", "netbsd", "openbsd", "dragonfly"];

    pub(super) fn run() {
        // cargo-c, which sets this variable, sets the SONAME by itself.
        println!("cargo::rerun-if-env-changed=CARGO_C_CARGO");
        let by_cargo_c = var("CARGO_C_CARGO").is_ok();
        let package = |part: &str| var(format!("CARGO_PKG_VERSION{part}")).expect("cargo sets it");
        // Before 1.0 a minor version may break the ABI, and then has another name.
        let abi = match package("_MAJOR").as_str() {
            "0" => format!("0.{}", package("_MINOR")),
            major => major.to_owned(),
        };
        let system = var("CARGO_CFG_TARGET_OS").expect("cargo sets it");
        if ELF.contains(&system.as_str()) {
            if !by_cargo_c {
                link(&format!("-Wl,-soname,libpeerage.so.{abi}"));
            }
            // Threads that used the library run its destructors when they end, which may be after
            // a `dlclose`: so the code stays.
            link("-Wl,-z,nodelete");
            versioned(&format!("PEERAGE_{abi}"));
        } else if system == "macos" && !by_cargo_c {
            link(&format!("-Wl,-install_name,@rpath/libpeerage.{abi}.dylib"));
            link(&format!("-Wl,-compatibility_version,{abi}"));
            link(&format!("-Wl,-current_version,{}", package("")));
        }
    }

    fn link(argument: &str) {
        println!("cargo::rustc-cdylib-link-arg={argument}");
    }

    /// Gives every exported symbol the version `node`, if the compiler driver can be made to.
    fn versioned(node: &str) {
        let folder = PathBuf::from(var("OUT_DIR").expect("cargo sets it"));
        let script = folder.join("versioned.sh");
        std::fs::write(&script, VERSIONED.replace("@NODE@", node)).expect("a file");
        let driver = var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
        // GCC's way, whichever linker it calls; clang has another.
        let wrapper = ["-wrapper".to_owned(), format!("sh,{}", script.display())];
        let arguments = if links(&driver, &wrapper, &folder) {
            wrapper.to_vec()
        } else if let Some(linker) = named(&driver, &script, &folder) {
            vec![linker]
        } else {
            println!(
                "cargo::warning=the symbols of the shared library have no version: `{driver}` takes \
                 neither `-wrapper`, as GCC does, nor `--ld-path`, as clang does"
            );
            return;
        };
        arguments.iter().for_each(|argument| link(argument));
    }

    /// Whether the driver makes a shared library of an empty source with these arguments.
    fn links(driver: &str, arguments: &[String], folder: &Path) -> bool {
        let mut command = Command::new(driver);
        command.args(arguments).args(["-shared", "-nostdlib", "-x", "c", "/dev/null", "-o"]);
        command.arg(folder.join("probe.so")).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// For clang: a linker that is the script, in front of lld or else of the driver's own linker.
    fn named(driver: &str, script: &Path, folder: &Path) -> Option<String> {
        let linker = |name: &str| {
            let output = Command::new(driver).arg(format!("-print-prog-name={name}")).output();
            let path = String::from_utf8(output.ok()?.stdout).ok()?.trim().to_owned();
            Path::new(&path).is_absolute().then_some(path)
        };
        let linker = linker("ld.lld").or_else(|| linker("ld"))?;
        let path = folder.join("ld");
        let text = format!("#!/bin/sh\nexec sh '{}' '{linker}' \"$@\"\n", script.display());
        std::fs::write(&path, text).ok()?;
        let made = Command::new("chmod").arg("+x").arg(&path).status();
        let argument = format!("--ld-path={}", path.display());
        let works = made.is_ok_and(|status| status.success())
            && links(driver, std::slice::from_ref(&argument), folder);
        works.then_some(argument)
    }
}

/// The header, made of its template and of what cbindgen writes for each topic.
#[cfg(feature = "header")]
mod header {
    use std::env::var;
    use std::path::Path;

    /// The header as its reader meets it. `@topic@` stands for the items of `src/ffi/topic.rs`.
    const TEMPLATE: &str = "src/ffi/peerage.in.h";

    /// Types that no function of their own file names.
    const TYPES: [&str; 18] = [
        "peerage_outcome",
        "peerage_connection",
        "peerage_choice",
        "peerage_log_level",
        "peerage_state",
        "peerage_reasons",
        "peerage_draw",
        "peerage_cause",
        "peerage_failure",
        "peerage_check",
        "peerage_snapshot_peer",
        "peerage_str",
        "peerage_drop_fn",
        "peerage_header",
        "peerage_finish",
        "peerage_request",
        "peerage_log_opts",
        "peerage_chooser_opts",
    ];

    pub(super) fn run() {
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
                "usize" => "size_t",
                named => named,
            };
            let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            Some(format!("#define {name} (({kind}){number})"))
        };
        typed().unwrap_or_else(|| line.to_owned())
    }
}
