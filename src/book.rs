//! The pages of the book whose blocks of Rust are doc tests. The row `book` fails if one is missing.

#[doc = include_str!("../docs/index.md")]
struct Index;

#[doc = include_str!("../docs/concepts.md")]
struct Concepts;

#[doc = include_str!("../docs/first-rust.md")]
struct FirstRust;

#[doc = include_str!("../docs/policies.md")]
struct Policies;

#[doc = include_str!("../docs/discovery.md")]
struct Discovery;

#[doc = include_str!("../docs/health.md")]
struct Health;

#[doc = include_str!("../docs/retries.md")]
struct Retries;

#[doc = include_str!("../docs/deploys.md")]
struct Deploys;

#[doc = include_str!("../docs/questions.md")]
struct Questions;

#[doc = include_str!("../docs/transport.md")]
struct WritingATransport;

#[doc = include_str!("../docs/policy.md")]
struct WritingAPolicy;
