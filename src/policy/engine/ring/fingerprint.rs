//! Farm Fingerprint32: the 32-bit hash of FarmHash that never changes (Pike, 2014; in go-farm
//! `Fingerprint32`, there the `mk` variant of the 32-bit hash).

const C1: u32 = 0xcc9e_2d51;
const C2: u32 = 0x1b87_3593;
const K: u32 = 0xe654_6b64;

/// The farm Fingerprint32 of `bytes`: the same in every language and version.
///
/// ```
/// assert_eq!(peerage::policy::fingerprint32(b"foo1"), 0xb16e_53b4);
/// ```
#[must_use]
pub fn fingerprint32(bytes: &[u8]) -> u32 {
    match bytes.len() {
        0..=4 => up_to_4(bytes),
        5..=12 => up_to_12(bytes),
        13..=24 => up_to_24(bytes),
        _ => longer(bytes),
    }
}

fn finish(mut h: u32) -> u32 {
    h = (h ^ h >> 16).wrapping_mul(0x85eb_ca6b);
    h = (h ^ h >> 13).wrapping_mul(0xc2b2_ae35);
    h ^ h >> 16
}

fn spread(h: u32) -> u32 {
    h.rotate_right(19).wrapping_mul(5).wrapping_add(K)
}

fn scramble(a: u32) -> u32 {
    a.wrapping_mul(C1).rotate_right(17).wrapping_mul(C2)
}

/// The combining step of Murmur3, from which this hash descends.
fn murmur(a: u32, h: u32) -> u32 {
    spread(h ^ scramble(a))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let word = bytes[at..at + 4].try_into().expect("four bytes");
    u32::from_le_bytes(word)
}

fn up_to_4(bytes: &[u8]) -> u32 {
    let (mut b, mut c) = (0_u32, 9_u32);
    for &byte in bytes {
        // The reference reads bytes as signed.
        b = b.wrapping_mul(C1).wrapping_add(i32::from(byte as i8) as u32);
        c ^= b;
    }
    finish(murmur(b, murmur(bytes.len() as u32, c)))
}

fn up_to_12(bytes: &[u8]) -> u32 {
    let n = bytes.len();
    let len = n as u32;
    let a = len.wrapping_add(word(bytes, 0));
    let b = (len * 5).wrapping_add(word(bytes, n - 4));
    let c = 9_u32.wrapping_add(word(bytes, (n >> 1) & 4));
    finish(murmur(c, murmur(b, murmur(a, len * 5))))
}

fn up_to_24(bytes: &[u8]) -> u32 {
    let n = bytes.len();
    let mut a = word(bytes, n / 2 - 4);
    let b = word(bytes, 4);
    let c = word(bytes, n - 8);
    let d = word(bytes, n / 2);
    let e = word(bytes, 0);
    let f = word(bytes, n - 4);
    let mut h = d.wrapping_mul(C1).wrapping_add(n as u32);
    a = a.rotate_right(12).wrapping_add(f);
    h = murmur(c, h).wrapping_add(a);
    a = a.rotate_right(3).wrapping_add(c);
    h = murmur(e, h).wrapping_add(a);
    a = a.wrapping_add(f).rotate_right(12).wrapping_add(d);
    h = murmur(b, h).wrapping_add(a);
    finish(h)
}

fn longer(bytes: &[u8]) -> u32 {
    let n = bytes.len();
    let mut h = n as u32;
    let mut g = C1.wrapping_mul(h);
    let mut f = g;
    let tail = |back: usize| scramble(word(bytes, n - back));
    h = spread(h ^ tail(4));
    h = spread(h ^ tail(16));
    g = spread(g ^ tail(8));
    g = spread(g ^ tail(12));
    f = f.wrapping_add(tail(20)).rotate_right(19).wrapping_add(113);
    for block in 0..(n - 1) / 20 {
        let at = block * 20;
        let [a, b, c, d, e] = [0, 4, 8, 12, 16].map(|offset| word(bytes, at + offset));
        h = h.wrapping_add(a);
        g = g.wrapping_add(b);
        f = f.wrapping_add(c);
        h = murmur(d, h).wrapping_add(e);
        g = murmur(c, g).wrapping_add(a);
        f = murmur(b.wrapping_add(e.wrapping_mul(C1)), f).wrapping_add(d);
        f = f.wrapping_add(g);
        g = g.wrapping_add(f);
    }
    for half in [&mut g, &mut f] {
        *half = half.rotate_right(11).wrapping_mul(C1);
        *half = half.rotate_right(17).wrapping_mul(C1);
    }
    h = spread(h.wrapping_add(g));
    h = h.rotate_right(17).wrapping_mul(C1);
    h = spread(h.wrapping_add(f));
    h.rotate_right(17).wrapping_mul(C1)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::fingerprint32;

    #[test]
    fn vectors_of_the_go_implementation() {
        let (x24, x25, x40) = ("x".repeat(24), "x".repeat(25), "x".repeat(40));
        let vectors: [(&[u8], u32); 19] = [
            (b"", 0xdc56_d17a),
            (b"a", 0x3c97_3d4d),
            (b"ab", 0x4173_30fd),
            (b"abc", 0x2f63_5ec7),
            (b"abcd", 0x98b5_1e95),
            (b"foo1", 0xb16e_53b4),
            (b"123", 0x1415_85fb),
            (b"shard-1#0", 0x0029_d266),
            (b"shard-1#1", 0xe3af_7b6b),
            (b"shard-2#0", 0x2172_fac2),
            (b"member10", 0xc1d0_c316),
            (b"127.0.0.1:100000", 0x8207_4446),
            (b"\xff", 0x1d89_fece),
            (b"\x80\x81", 0xee7a_79b7),
            (b"0123456789-0", 0xf8cc_7928),
            (x24.as_bytes(), 0x90b1_e609),
            (x25.as_bytes(), 0x0221_4d9d),
            (x40.as_bytes(), 0xba30_36dd),
            (b"98.25.121.4:2401649", 0x4eca_b699),
        ];
        for (text, expected) in vectors {
            let found = fingerprint32(text);
            assert_eq!(found, expected, "{:?}: {found:08x}", String::from_utf8_lossy(text));
        }
    }

    /// Bytes that are no text, with a length on each side of every branch and at every end of a
    /// block.
    #[test]
    #[cfg_attr(miri, ignore = "many hashes and nothing unsafe")]
    fn vectors_of_the_go_implementation_on_bytes() {
        let bytes = |n: u32| -> Vec<u8> { (0..n).map(|i| (219 + 37 * i) as u8).collect() };
        let vectors = [
            (1, 0xaa1d_7a8e),
            (2, 0x8643_d896),
            (3, 0xe8e1_1fe9),
            (4, 0x84a0_7a51),
            (5, 0x9147_399a),
            (8, 0xc62a_9109),
            (12, 0x6ac7_76f0),
            (13, 0x725f_7876),
            (20, 0x93d7_64f5),
            (24, 0xc0ff_e2d9),
            (25, 0x13d6_b9c3),
            (40, 0x01f0_14be),
            (41, 0x1193_b849),
            (44, 0x8640_2a4b),
            (45, 0x4476_1e2e),
            (60, 0xb6fe_0b89),
            (61, 0x1c96_9f33),
            (80, 0x064f_c5fd),
            (81, 0x36a8_4d7f),
            (100, 0x58fb_21a7),
            (101, 0x5670_feea),
            (1000, 0x6fde_1cc5),
        ];
        for (len, expected) in vectors {
            let found = fingerprint32(&bytes(len));
            assert_eq!(found, expected, "{len} bytes: {found:08x}");
        }
        let all = (0..=1000).map(|len| fingerprint32(&bytes(len)));
        let folded = all.fold(0_u32, |sum, hash| sum.wrapping_mul(31).wrapping_add(hash));
        assert_eq!(folded, 0xcf68_a767);
        for (bytes, expected) in [(&b"\0"[..], 0xc0a9_2754), (b"\0\xff", 0xa2ef_44ab)] {
            assert_eq!(fingerprint32(bytes), expected, "{bytes:?}");
        }
        assert_eq!(fingerprint32(&[0xff; 25]), 0xd7f4_1681);
    }

    #[test]
    fn the_known_collision_collides() {
        assert_eq!(fingerprint32(b"251.73.56.7:2103179"), 0x4eca_b699);
    }
}
