//! `simulate`: worlds of its user.

use crate::program::{Folder, run, run_in};

const WORLD: &str = "title = \"a test\"\ncalls = 2000\nclients = 2\nservers = 4\nload = 0.5\n";

#[test]
fn a_world_is_a_table_and_the_same_one_each_time() {
    let folder = Folder::new();
    folder.put("w.toml", WORLD);
    let args = ["simulate", "w.toml", "--policies", "random,least-loaded,exact-least"];
    let said = run_in(folder.path(), &args).good();
    assert!(said.starts_with("### w\n\na test (ms)\n\n| rule "), "{said}");
    for rule in ["random", "least-loaded", "exact-least"] {
        assert!(said.contains(&format!("\n| {rule} ")), "{said}");
    }
    assert_eq!(run_in(folder.path(), &args).good(), said);
}

#[test]
fn a_picture_is_drawn_for_each_world() {
    let folder = Folder::new();
    folder.put("w.toml", format!("{WORLD}[[each]]\nclients = 1\n[[each]]\nclients = 3\n"));
    let args = ["simulate", "w.toml", "--policies", "random", "--plots", "plots"];
    let said = run_in(folder.path(), &args).good();
    for name in ["w[clients=1].svg", "w[clients=3].svg"] {
        assert!(said.contains(name), "{said}");
        let svg = std::fs::read_to_string(folder.path().join("plots").join(name)).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("p99, ms"), "{svg:.80}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let folder = Folder::new();
    folder.put("key.toml", format!("{WORLD}lode = 1\n"));
    folder.put("syntax.toml", "title = \n");
    folder.put("empty.toml", "");
    folder.put("garbage.toml", [0xff, 0, 0x80]);
    folder.put("huge.toml", "#".repeat(2 << 20));
    folder.put("rule.toml", format!("rules = [\"no-such\"]\n{WORLD}"));
    for (file, says) in [
        ("missing.toml", "missing.toml: No such file"),
        ("key.toml", "key.toml: line 6, column 1: unknown field `lode`, expected one of "),
        ("syntax.toml", "syntax.toml: line 1, column "),
        ("empty.toml", "empty.toml: "),
        ("garbage.toml", "garbage.toml: "),
        ("huge.toml", "huge.toml: it has more than 1048576 bytes, and is no world"),
        ("/dev/zero", "/dev/zero: it has more than"),
        ("rule.toml", "none of the rules of rule is there"),
    ] {
        let said = run_in(folder.path(), &["simulate", file]);
        let line = said.err.lines().last().unwrap_or_default().to_owned();
        assert!(said.code == Some(2) && line.starts_with(&format!("peerage: {says}")), "{said:?}");
    }
    std::fs::create_dir(folder.path().join("none")).unwrap();
    let said = run_in(folder.path(), &["simulate", "none"]).fault(2);
    assert!(said.contains("there is no .toml file in none"), "{said}");
}

#[test]
fn a_rule_that_is_misspelt_is_told_before_anything_runs() {
    let folder = Folder::new();
    folder.put("w.toml", WORLD);
    let said = run_in(folder.path(), &["simulate", "w.toml", "--policies", "random,leastloaded"]);
    assert_eq!(said.out, "");
    assert!(said.fault(2).contains("no policy is called \"leastloaded\""));
}

#[test]
fn rules_are_listed_without_a_world() {
    let said = run(&["simulate", "--rules"]).good();
    assert!(said.contains("\n  least-loaded ") && said.contains("\n  prequal "), "{said}");
}
