//! Reads worlds from files.
//!
//! A file with `[[each]]` tables is a world for each: the file without them, with the keys of the
//! table in their place. A table inside is merged; anything else is replaced.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::World;

/// The worlds of a folder, by the order of their files' names.
pub(crate) type Worlds = Vec<World>;

/// Every `.toml` file of `folder`.
pub(crate) fn read_all(folder: &Path) -> Result<Worlds, String> {
    let unreadable = |error| format!("cannot read the folder {}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<PathBuf>, _>>().map_err(unreadable)?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    if paths.is_empty() {
        return Err(format!("there is no .toml file in {}", folder.display()));
    }
    let mut worlds = vec![];
    for path in paths {
        worlds.extend(read_file(&path)?);
    }
    Ok(worlds)
}

/// What a file may have: no world is nearly as long.
const MOST_BYTES: u64 = 1 << 20;

/// The worlds of one file. An error begins with its path.
pub(crate) fn read_file(path: &Path) -> Result<Worlds, String> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = |error: String| format!("{}: {error}", path.display());
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|error| wrong(error.to_string()))?;
    let length = file.take(MOST_BYTES + 1).read_to_string(&mut text);
    if length.map_err(|error| wrong(error.to_string()))? as u64 > MOST_BYTES {
        return Err(wrong(format!("it has more than {MOST_BYTES} bytes, and is no world")));
    }
    read(&name, &text).map_err(wrong)
}

/// The worlds of one file's text.
pub(crate) fn read(name: &str, text: &str) -> Result<Worlds, String> {
    let mut base: Table = text.parse().map_err(|error| placed(text, &error))?;
    let Some(each) = base.remove("each") else {
        // From the text, so that an error shows the line.
        let world = toml::from_str(text).map_err(|error| placed(text, &error))?;
        return Ok(vec![named(world, name.into()).map_err(|error| format!("{name}: {error}"))?]);
    };
    let each = each.as_array().ok_or("each must be tables: [[each]]")?.clone();
    each.into_iter()
        .map(|changed| {
            let Value::Table(changed) = changed else {
                return Err("each must be tables: [[each]]".into());
            };
            let name = format!("{name}[{}]", label(&changed));
            let mut table = base.clone();
            merge(&mut table, changed);
            let wrong = |error: toml::de::Error| format!("{name}: {}", error.message());
            let world = table.try_into().map_err(wrong)?;
            named(world, name.clone()).map_err(|error| format!("{name}: {error}"))
        })
        .collect()
}

/// An error as one line that begins with its place.
fn placed(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().trim().replace('\n', "; ");
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
        return message;
    };
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
    format!("line {line}, column {column}: {message}")
}

fn named(mut world: World, name: String) -> Result<World, String> {
    world.name = name;
    world.check()?;
    Ok(world)
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        if let (Some(Value::Table(old)), Value::Table(new)) = (into.get_mut(&key), &value) {
            merge(old, new.clone());
        } else if key == "load" || key == "rate" {
            // One replaces the other.
            into.retain(|key, _| key != "load" && key != "rate");
            into.insert(key, value);
        } else {
            into.insert(key, value);
        }
    }
}

/// What a table changes, in a few words: numbers only.
fn label(changed: &Table) -> String {
    let parts = changed.iter().filter_map(|(key, value)| match value {
        Value::Integer(number) => Some(format!("{key}={number}")),
        Value::Float(number) => Some(format!("{key}={number}")),
        Value::Boolean(is) => Some(format!("{key}={is}")),
        _ => None,
    });
    // The number of calls is chosen for the length of the run.
    parts.filter(|part| !part.starts_with("calls=")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "title = \"t\"\ncalls = 10\nclients = 1\nservers = 4\nload = 0.5\n";

    fn error(text: &str) -> String {
        read("w", &format!("{PLAIN}{text}")).unwrap_err()
    }

    #[test]
    fn each_table_is_a_world() {
        let text = "[service]\nmean = \"20ms\"\n[[each]]\nclients = 2\n\
                    [[each]]\nrate = 100\nservice = { shape = \"pareto\" }\n";
        let worlds = read("w", &format!("{PLAIN}{text}")).unwrap();
        let names: Vec<_> = worlds.iter().map(|world| world.name.as_str()).collect();
        assert_eq!(names, ["w[clients=2]", "w[rate=100]"]);
        assert_eq!(worlds[0].clients, 2);
        assert!((worlds[0].rate() - 100.0).abs() < 1e-9); // half of four times 50
        assert_eq!((worlds[1].load, worlds[1].service.mean.0), (None, 20_000_000));
    }

    #[test]
    fn errors_name_the_key_and_what_is_right() {
        assert!(error("lode = 1\n").contains("unknown field `lode`"));
        assert!(error("bad = [4]\n").contains("bad names server 4, and there are 4"));
        assert!(error("rate = 3.0\n").contains("one of them is enough"));
        assert!(error("warm = 2.0\n").contains("warm = 2 must be from 0 to 1"));
        assert!(error("hedge = \"10\"\n").contains("such as \"10ms\""));
        assert!(error("[[trouble]]\nservers = \"all\"\nevery = \"1s\"\n").contains("needs"));
    }

    #[test]
    fn load_is_a_share_of_what_slow_servers_can_do() {
        let text = "[[trouble]]\nservers = [0, 1]\nslow = 2.0\n";
        let world = &read("w", &format!("{PLAIN}{text}")).unwrap()[0];
        assert!((world.capacity() - 300.0).abs() < 1e-9); // 100 each, two at half
    }
}
