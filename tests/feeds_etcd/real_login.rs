//! etcd with users.

use std::fs;

use serde_json::json;

use crate::bed::{Bed, Folder};
use crate::client::{Client, base64};
use crate::server::Server;

/// Turns users on: `root`, and `reader`, who may read `users/`.
fn with_users(server: &Server) -> Client {
    let mut client = server.client();
    let ask =
        |path: &str, body: serde_json::Value| client.ask(path, &body).expect("a user").to_string();
    ask("auth/user/add", json!({"name": "root", "password": "r"}));
    ask("auth/role/add", json!({"name": "root"}));
    ask("auth/user/grant", json!({"user": "root", "role": "root"}));
    ask("auth/user/add", json!({"name": "reader", "password": "secret word"}));
    ask("auth/role/add", json!({"name": "reads"}));
    let may = json!({"permType": "READ", "key": base64("users/"), "range_end": base64("users0")});
    ask("auth/role/grant", json!({"name": "reads", "perm": may}));
    ask("auth/user/grant", json!({"user": "reader", "role": "reads"}));
    ask("auth/enable", json!({}));
    client.log_in("root", "r");
    client
}

#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn a_user_logs_in_and_again_when_etcd_has_forgotten() {
    let mut server = Server::new("users");
    let mut root = with_users(&server);
    root.put("users/0", "a:1").unwrap();
    let folder = Folder::new("password");
    let password = folder.file("password", "secret word\n");
    let bed = Bed::new(&server.uri(&format!("user=reader,password-file={password}")));
    bed.has("a:1");
    root.put("users/1", "b:1").unwrap();
    bed.has("a:1 b:1");
    assert_eq!(bed.updater.status().failures, 0);
    // Its tokens are gone with it.
    server.kill();
    server.start();
    root.log_in("root", "r");
    root.put("users/2", "c:1").unwrap();
    bed.has("a:1 b:1 c:1");
    // The store of users is another: tokens of before are refused.
    root.ask("auth/user/add", &json!({"name": "new", "password": "n"})).unwrap();
    root.log_in("root", "r");
    root.put("users/3", "d:1").unwrap();
    bed.has("a:1 b:1 c:1 d:1");
}

#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn who_may_not_is_told_why() {
    let server = Server::new("refused");
    with_users(&server).put("users/0", "a:1").unwrap();
    let bed = Bed::new(&server.uri(""));
    let told = bed.hears("it needs a user and a password-file");
    println!("without a user: {told}");
    let folder = Folder::new("wrong");
    let password = folder.file("password", "wrong");
    let login = format!("user=reader,password-file={password}");
    let bed = Bed::new(&server.uri(&login));
    let told = bed.hears("the login failed: it refuses, with status 400");
    println!("with a wrong password: {told}");
    fs::write(&password, "secret word").unwrap();
    bed.has("a:1");
    let other = format!("etcd:127.0.0.1:{}/others/#{login}", server.port);
    let told = Bed::new(&other).hears("permission denied");
    println!("another prefix: {told}");
}

/// The client is set up before etcd has users, and is there when it has.
#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn users_may_come_later() {
    let server = Server::new("later");
    server.client().put("users/0", "a:1").unwrap();
    let folder = Folder::new("later");
    let password = folder.file("password", "secret word");
    let bed = Bed::new(&server.uri(&format!("poll=100ms,user=reader,password-file={password}")));
    bed.has("a:1");
    let root = with_users(&server);
    root.put("users/1", "b:1").unwrap();
    bed.has("a:1 b:1");
    let successes = bed.updater.status().successes;
    bed.until("it is asked again", |bed, _| bed.updater.status().successes > successes + 2);
}
