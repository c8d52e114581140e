//! Cuts the page's wasm in two: what the first page needs, and the rest, which is fetched when it is needed.
//!
//! The places to cut at stand in the code of the page (`#[wasm_split]`); this applies them to the compiled file, before
//! wasm-bindgen sees it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// What the compiler must do for it: keep the relocations, and mark the places.
pub(crate) const FLAGS: [&str; 2] = ["-Clink-arg=--emit-relocs", "--cfg=steppe_split"];

/// Writes the parts that are fetched later into `assets`; gives the path of the first one.
pub(crate) fn split(wasm: &Path, assets: &Path) -> Result<PathBuf> {
    let input = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let main = wasm.with_extension("first.wasm");
    let mut options = Options::new(&input);
    options.output_dir = assets;
    options.main_out_path = &main;
    options.link_name = "./parts.js";
    options.main_module = "./steppe-web.js";
    let parts = transform(options)
        .map_err(|error| anyhow!("{error:?}"))
        .context("splitting the page")?
        .split_modules;
    for part in parts {
        let bytes = fs::read(&part)?;
        fs::write(&part, without_custom_sections(&bytes).context("a part of the page")?)?;
    }
    Ok(main)
}

/// A module without names and other notes: wasm-bindgen takes them out of the first part only.
fn without_custom_sections(wasm: &[u8]) -> Option<Vec<u8>> {
    const HEADER: usize = 8;
    let mut out = wasm.get(..HEADER)?.to_vec();
    let mut at = HEADER;
    while at < wasm.len() {
        let (size, start) = leb128(wasm, at + 1)?;
        let end = start.checked_add(size)?;
        let section = wasm.get(at..end)?;
        if section.first() != Some(&0) {
            out.extend_from_slice(section);
        }
        at = end;
    }
    Some(out)
}

/// An unsigned number in LEB128, and the place behind it.
fn leb128(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut value, mut shift) = (0usize, 0);
    loop {
        let byte = *bytes.get(at)?;
        value |= usize::from(byte & 0x7f).checked_shl(shift)?;
        at += 1;
        shift += 7;
        if byte < 0x80 {
            return Some((value, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_custom_sections;

    #[test]
    fn only_custom_sections_go() {
        let head = b"\0asm\x01\0\0\0".to_vec();
        let kept = [1u8, 1, 0];
        let custom = [[0u8, 0x81, 0x00].as_slice(), b"x"].concat();
        let module = [head.clone(), custom.clone(), kept.to_vec(), custom].concat();
        assert_eq!(without_custom_sections(&module), Some([head, kept.to_vec()].concat()));
        assert_eq!(without_custom_sections(b"\0asm\x01\0\0\0\x01\x7f"), None);
    }
}
