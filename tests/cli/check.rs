//! `check`, and configurations where peers are asked for.

use crate::program::{Folder, run_in};

#[test]
fn what_cannot_be_read_ends_with_two() {
    let folder = Folder::new();
    folder.put("garbage.yaml", [0xff, 0, 0x80]);
    for (file, says) in
        [("missing.yaml", "No such file"), (".", "directory"), ("garbage.yaml", "UTF-8")]
    {
        let said = run_in(folder.path(), &["check", file]).fault(2);
        assert!(said.contains(file) && said.contains(says), "{said}");
    }
}
