//! `http:` and `https:`, peers that a URL answers, as lines or JSON.
//!
//! A GET every `poll` (5 s unless set, a tenth more or less so that clients that have started together
//! do not stay together). An answer that has an `ETag` is asked for with `If-None-Match` the next time:
//! 304 is a success that changes nothing.
//!
//! # Long polling
//!
//! With `wait=30s` a question about an answer that had an `ETag` carries `Prefer: wait=30` beside
//! `If-None-Match`: "I wait so long" (RFC 7240, 4.3). The server may hold it until it has something
//! else, and answers 304 when the time is over. So a change is known at once, and there is nothing to
//! agree upon but two headers that are standards. (Consul's blocking queries put `index` and `wait` into
//! the query instead, and say the index in `X-Consul-Index`; what they answer is no list of peers.)
//!
//! A question that is held for longer than `poll` is followed by the next one at once. A server that
//! knows nothing of all this answers at once, and is asked every `poll` as without `wait`. After news it
//! is asked at once, but 100 ms after the question before at the earliest, as consul-template does: an
//! `ETag` may be another one each time.
//!
//! # Bounds
//!
//! | what | bound |
//! |---|---|
//! | finding the host; connecting to it | `timeout`, each |
//! | all of a question, from the name to the last byte | `timeout`; held: `wait` and `timeout` |
//! | the body | `max-bytes`, and it must be UTF-8 |
//! | the headers | 64 KiB |
//! | redirects | 5, none of them from `https` to `http` |
//!
//! Any answer but 200 and 304 is an error, and so is a body that ends too soon. Lines must come with
//! their length (`Content-Length`, or chunked): without, those of a server that has died in the middle
//! would look like all of them. JSON shows by itself whether it is whole.
//!
//! `https` checks the server's certificate against `ca-file`, or those whom Mozilla trusts, and shows
//! `cert-file` with `key-file` if they are set. The files are read at the first question and after each
//! error.
//!
//! Proxies of the environment (`http_proxy`) are not used. A stop ends whatever waits for the server to
//! send; finding the host and connecting go on in the background, for no longer than `timeout`.
//!
//! | file | what |
//! |---|---|
//! | `url` | checks the URL |
//! | `question` | asks once |
//! | `fault` | why there is no answer, in words |
//! | `source` | when to ask, and what the reply says |

mod fault;
mod question;
mod source;
mod url;

pub(super) use self::source::open;
