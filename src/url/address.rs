//! Addresses by the IANA special-purpose registries (RFC 6890 and its successors), and the addresses at which
//! clouds serve credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where a host leads, and what makes it that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The public internet.
    Public,
    /// This machine, this network, or nowhere.
    Private(&'static str),
    /// A cloud's metadata service, or the link that such services live on.
    Metadata(&'static str),
}

use Reach::{Metadata, Private, Public};

const METADATA: Reach = Metadata("the address of a cloud's metadata service");
const LINK_LOCAL: Reach = Metadata("a link-local address, where clouds serve metadata");
const OWN_NETWORK: Reach = Private("an address of a private network");
const LOOPBACK: Reach = Private("an address of this machine");
const RESERVED: Reach = Private("an address that is reserved or not routed");
const MULTICAST: Reach = Private("a multicast address");
const TUNNEL: Reach = Private("an IPv6 address that stands for an IPv4 address");

type V4 = (Ipv4Addr, u32, Reach);
type V6 = (Ipv6Addr, u32, Reach);

const fn v4([a, b, c, d]: [u8; 4], prefix: u32, reach: Reach) -> V4 {
    (Ipv4Addr::new(a, b, c, d), prefix, reach)
}

const fn v6([s0, s1, s2, s3, s4, s5, s6, s7]: [u16; 8], prefix: u32, reach: Reach) -> V6 {
    (Ipv6Addr::new(s0, s1, s2, s3, s4, s5, s6, s7), prefix, reach)
}

/// The first row that holds decides; what no row names is public.
const V4_ROWS: &[V4] = &[
    // Alibaba, Oracle, and the wire server of Azure, which has a public address.
    v4([100, 100, 100, 200], 32, METADATA),
    v4([192, 0, 0, 192], 32, METADATA),
    v4([168, 63, 129, 16], 32, METADATA),
    v4([169, 254, 0, 0], 16, LINK_LOCAL),
    v4([0, 0, 0, 0], 8, LOOPBACK),
    v4([127, 0, 0, 0], 8, LOOPBACK),
    v4([10, 0, 0, 0], 8, OWN_NETWORK),
    v4([172, 16, 0, 0], 12, OWN_NETWORK),
    v4([192, 168, 0, 0], 16, OWN_NETWORK),
    v4([100, 64, 0, 0], 10, Private("an address behind a carrier's translation")),
    // Port control and TURN anycast are the two that the registry calls reachable.
    v4([192, 0, 0, 9], 32, Public),
    v4([192, 0, 0, 10], 32, Public),
    v4([192, 0, 0, 0], 24, RESERVED),
    v4([192, 0, 2, 0], 24, RESERVED),
    v4([192, 88, 99, 0], 24, RESERVED),
    v4([198, 18, 0, 0], 15, RESERVED),
    v4([198, 51, 100, 0], 24, RESERVED),
    v4([203, 0, 113, 0], 24, RESERVED),
    v4([224, 0, 0, 0], 4, MULTICAST),
    v4([240, 0, 0, 0], 4, RESERVED),
];

/// The first row that holds decides; what no row names is not routed.
const V6_ROWS: &[V6] = &[
    // AWS, Google, Scaleway and Linode.
    v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0], 32, METADATA),
    v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254], 128, METADATA),
    v6([0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42], 128, METADATA),
    v6([0xfd00, 0xa9fe, 0xa9fe, 0, 0, 0, 0, 0], 48, METADATA),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, LINK_LOCAL),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 127, LOOPBACK),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, OWN_NETWORK),
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, OWN_NETWORK),
    v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, MULTICAST),
    // Inside 2001::/23 the registry calls these reachable.
    v6([0x2001, 1, 0, 0, 0, 0, 0, 1], 128, Public),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 2], 127, Public),
    v6([0x2001, 3, 0, 0, 0, 0, 0, 0], 32, Public),
    v6([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48, Public),
    v6([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28, Public),
    v6([0x2001, 0x30, 0, 0, 0, 0, 0, 0], 28, Public),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, RESERVED),
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, RESERVED),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, RESERVED),
    v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3, Public),
];

/// Where an address leads.
pub(crate) fn classify(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => classify_v4(address),
        IpAddr::V6(address) => classify_v6(address),
    }
}

fn classify_v4(address: Ipv4Addr) -> Reach {
    let row = V4_ROWS
        .iter()
        .find(|(network, prefix, _)| (address.to_bits() ^ network.to_bits()).leading_zeros() >= *prefix);
    row.map_or(Public, |(_, _, reach)| *reach)
}

fn classify_v6(address: Ipv6Addr) -> Reach {
    if let Some(reach) = embedded(address) {
        return reach;
    }
    let row = V6_ROWS
        .iter()
        .find(|(network, prefix, _)| (address.to_bits() ^ network.to_bits()).leading_zeros() >= *prefix);
    row.map_or(RESERVED, |(_, _, reach)| *reach)
}

/// Where the IPv4 address inside an IPv6 address leads; `None` where there is none.
fn embedded(address: Ipv6Addr) -> Option<Reach> {
    let v4 = |high: u16, low: u16| classify_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    let inside = match address.segments() {
        // These are taken to that address by any system (v4-mapped) or by the network (NAT64, RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            return Some(v4(high, low));
        }
        // The others are given up, or of use inside a network only: never public, whatever is inside.
        // ::1 and :: are no IPv4 addresses.
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 || low > 1 => [v4(high, low), TUNNEL],
        // Translated addresses (RFC 2765), NAT64 for local use (RFC 8215), and 6to4.
        [0, 0, 0, 0, 0xffff, 0, high, low] | [0x64, 0xff9b, 1, .., high, low] | [0x2002, high, low, ..] => {
            [v4(high, low), TUNNEL]
        }
        // Teredo: the server, and the client with its bits turned.
        [0x2001, 0, server_high, server_low, .., high, low] => [v4(server_high, server_low), v4(!high, !low)],
        // ISATAP keeps the reach of its prefix, unless what it stands for is worse.
        [.., 0 | 0x200, 0x5efe, high, low] if v4(high, low) != Public => [v4(high, low), TUNNEL],
        _ => return None,
    };
    Some(inside.into_iter().find(|reach| matches!(reach, Metadata(_))).unwrap_or(TUNNEL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(reach: Reach) -> &'static str {
        match reach {
            Public => "public",
            Private(_) => "private",
            Metadata(_) => "metadata",
        }
    }

    #[test]
    fn edges_of_every_range() {
        for (addresses, expected) in [
            ("0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255", "private"),
            ("127.0.0.0 127.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255", "private"),
            ("192.0.0.0 192.0.0.8 192.0.0.11 192.0.0.255 192.0.2.0 192.0.2.255 192.88.99.1", "private"),
            ("198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.0 239.255.255.255", "private"),
            ("240.0.0.0 255.255.255.255", "private"),
            ("169.254.0.0 169.254.169.254 169.254.170.2 169.254.255.255", "metadata"),
            ("100.100.100.200 192.0.0.192 168.63.129.16", "metadata"),
            ("1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255", "public"),
            ("128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.0.9", "public"),
            ("192.0.0.10 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0", "public"),
            ("203.0.112.255 203.0.114.0 223.255.255.255 168.63.129.15 8.8.8.8", "public"),
            (":: ::1 ::2 ::7f00:1 ::808:808 100::1 100:0:0:1::1 1fff::1 4000::1 5f00::1", "private"),
            ("fc00:: fdff:ffff::1 fec0::1 feff::1 ff00:: ff02::1 ff0e::1", "private"),
            ("2001:db8::1 2001:2::1 2001:10::1 2001:100::1 2001:1::1:1 3fff::1 3fff:fff::1", "private"),
            ("64:ff9b:1::808:808 64:ff9b::7f00:1 ::ffff:10.0.0.1 ::ffff:0:8.8.8.8", "private"),
            ("2002:7f00:1:: 2002:808:808:: 2001:0:808:808::f7f7:f7f7", "private"),
            ("2607:f8b0::5efe:127.0.0.1 2607:f8b0::200:5efe:10.0.0.1", "private"),
            ("fe80:: fe80::a9fe:a9fe febf:ffff::1 fd00:ec2::254 fd00:ec2::23 fd20:ce::254", "metadata"),
            ("fd00:42::42 fd00:a9fe:a9fe::1 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe", "metadata"),
            ("::a9fe:a9fe 2002:a9fe:a9fe:: 64:ff9b:1::a9fe:a9fe ::ffff:0:169.254.169.254", "metadata"),
            ("2001:0:a9fe:a9fe::1 2001:0:808:808::5601:5601 64:ff9b::6464:64c8", "metadata"),
            ("2000::1 2001:200::1 2001:4860:4860::8888 2606:4700::1111 2620:4f:8000::1 3ffe::1", "public"),
            ("2001:1::1 2001:1::2 2001:1::3 2001:3::1 2001:4:112::1 2001:20::1 2001:3f::1", "public"),
            ("::ffff:8.8.8.8 64:ff9b::808:808 2607:f8b0::5efe:8.8.8.8 3fff:1000::1", "public"),
        ] {
            for address in addresses.split(' ') {
                assert_eq!(name(classify(address.parse().expect(address))), expected, "{address}");
            }
        }
    }

    proptest! {
        /// An address inside another is judged by what it is, and never found public where it is not.
        #[test]
        fn every_embedding_is_judged_like_the_address(bits: u32, row in 0..V4_ROWS.len(), own: bool) {
            // Half of them inside a range of the table.
            let (network, prefix, _) = V4_ROWS[row];
            let mask = u32::MAX.checked_shr(prefix).unwrap_or(0);
            let bits = if own { network.to_bits() | bits & mask } else { bits };
            let plain = classify_v4(Ipv4Addr::from_bits(bits));
            let low = u128::from(bits);
            for same in [0xffff_u128 << 32 | low, 0x64_ff9b_u128 << 96 | low] {
                prop_assert_eq!(classify(Ipv6Addr::from_bits(same).into()), plain);
            }
            let teredo = 0x2001_u128 << 112 | 0x0808_0808_u128 << 64 | u128::from(!bits);
            for stronger in [low, 0xffff_0000_u128 << 32 | low, 0x2002_u128 << 112 | low << 80, teredo] {
                let reach = classify(Ipv6Addr::from_bits(stronger).into());
                prop_assert!(reach != Public);
                if stronger > 1 {
                    prop_assert_eq!(matches!(plain, Metadata(_)), matches!(reach, Metadata(_)));
                }
            }
        }
    }
}
