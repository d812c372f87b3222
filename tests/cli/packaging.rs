//! Completion and manual pages.

use std::fs;

use crate::program::{Folder, run, run_in};

#[test]
fn each_shell_has_its_completion() {
    for shell in ["bash", "zsh", "fish"] {
        let said = run(&["completion", shell]).good();
        for word in ["simulate", "explain", "policies"] {
            assert!(said.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn the_manual_has_a_page_for_each_subcommand() {
    let said = run(&["man"]).good();
    assert!(said.contains(".TH peerage 1") && said.contains("Examples:"), "{said}");
    let folder = Folder::new();
    assert_eq!(run_in(folder.path(), &["man", "man1"]).good(), "");
    for page in ["peerage", "peerage-check", "peerage-watch", "peerage-top", "peerage-explain"] {
        let text = fs::read_to_string(folder.path().join(format!("man1/{page}.1"))).unwrap();
        assert!(text.contains(&format!(".TH {page} 1")), "{text}");
        assert!(text.contains("Exits with 0; with 1 if "), "{text}");
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_a_failure() {
    let folder = Folder::new();
    folder.put("file", "");
    let said = run_in(folder.path(), &["man", "file/man1"]).fault(1);
    assert!(said.starts_with("peerage: file/man1: "), "{said}");
}
