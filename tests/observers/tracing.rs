use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use peerage::observers::Tracing;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Keeps every event as a text of its fields.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a String");
    }
}

impl Subscriber for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "peerage" && *metadata.level() <= Level::DEBUG
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(event.metadata().level().to_string());
        event.record(&mut text);
        self.0.lock().expect("not poisoned").push(text.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn events_have_fields() {
    let kept = Kept::default();
    tracing::subscriber::with_default(kept.clone(), || drop(super::told("users", Tracing::new())));
    let events = kept.0.lock().expect("not poisoned").clone();
    let [up, added, failed, down, waited] = &events[..] else { panic!("{events:?}") };
    let expected = [
        r#"INFO chooser="users" event="status-changed" peer="a:80" from="Unavailable" to="Available" "#,
        r#"message=peer "a:80" is Available, and was Unavailable"#,
    ];
    assert_eq!(*up, expected.concat());
    let expected = [
        r#"INFO chooser="users" event="updated" additions=1 removals=0 "#,
        r"message=updated: 1 addition, 0 removals",
    ];
    assert_eq!(*added, expected.concat());
    let expected =
        r#"ERROR chooser="users" event="updated" additions=0 removals=1 error="can't remove peer "#;
    assert!(failed.starts_with(expected), "{failed}");
    assert!(down.contains(r#" from="Available" to="Unavailable" "#), "{down}");
    let expected = r#"DEBUG chooser="users" event="timed-out" waited=0."#;
    assert!(waited.starts_with(expected), "{waited}");
}
