//! A file that the user has chosen or dropped, read as text.

use gloo::file::File;
use gloo::file::callbacks::read_as_text;
use web_sys::FileList;
use yew::prelude::*;

use super::use_keeper;

/// Takes the first of the files, if there is one, and says so; its name and its text come later.
#[hook]
pub fn use_text_file(onread: Callback<(String, String)>) -> Callback<Option<FileList>, bool> {
    let reading = use_keeper();
    Callback::from(move |files: Option<FileList>| {
        let file = files.and_then(|list| list.get(0)).map(File::from);
        let found = file.is_some();
        if let Some(file) = file {
            let (name, onread) = (file.name(), onread.clone());
            reading.keep(read_as_text(&file, move |text| {
                if let Ok(text) = text {
                    onread.emit((name, text));
                }
            }));
        }
        found
    })
}
