//! Makes the JavaScript between page and wasm short, for the page that is shipped.
//!
//! wasm-bindgen gives each function that the wasm calls a name with a hash in it. Nothing compresses hashes, and each is
//! fetched twice: in the wasm and in the script. Here both get names of one or two letters, and the script loses its blanks.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use walrus::ModuleConfig;

use crate::{editor, shell};

const SCRIPT: &str = "steppe-web.js";
const WASM: &str = "steppe-web_bg.wasm";

/// Shortens both files in `assets`; the editor must have been bundled, because its bundler is used.
pub(crate) fn shorten(assets: &Path) -> Result<()> {
    let (script, wasm) = (assets.join(SCRIPT), assets.join(WASM));
    let mut text = fs::read_to_string(&script).context(SCRIPT)?;
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module =
        config.parse(&fs::read(&wasm).context(WASM)?).map_err(|error| anyhow!("{error:?}"))?;
    for (number, import) in module.imports.iter_mut().filter(|i| is_hashed(&i.name)).enumerate() {
        let name = short(number);
        ensure!(text.contains(&import.name), "{SCRIPT} does not define {}", import.name);
        text = text.replace(&import.name, &name);
        import.name = name;
    }
    fs::write(&wasm, module.emit_wasm())?;
    fs::write(&script, text)?;
    let mut esbuild = shell::clean(editor::folder().join("node_modules/.bin/esbuild"));
    esbuild.current_dir(editor::folder()).arg(&script);
    esbuild.args(["--minify", "--format=esm", "--log-level=warning", "--allow-overwrite"]);
    shell::run(esbuild.arg(format!("--outfile={}", script.display())))
}

/// True for names such as `__wbg_now_0123456789abcdef`.
fn is_hashed(name: &str) -> bool {
    let hash = name.rsplit_once('_').map_or("", |(_, hash)| hash);
    name.starts_with("__wb") && hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A name for each number: its digits to the base of 26, the last one first.
fn short(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        name.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
        if number == 0 {
            return name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_hashed, short};

    #[test]
    fn only_names_with_a_hash_are_changed() {
        assert!(is_hashed("__wbg_now_0123456789abcdef"));
        assert!(is_hashed("__wbindgen_cast_0123456789abcdef"));
        assert!(!is_hashed("__wbindgen_init_externref_table"));
        assert!(!is_hashed("memory_0123456789abcdef"));
    }

    #[test]
    fn no_two_numbers_have_one_name() {
        let names: std::collections::BTreeSet<String> = (0..2000).map(short).collect();
        assert_eq!(names.len(), 2000);
    }
}
