//! The shapes of tokens that providers document: a prefix, and what follows it.
//!
//! Facts about prefix, length and alphabet come from the providers' own documents and from what scanners
//! publish; a prefix that could be part of other text also asks for a body that looks drawn at random.

#![forbid(unsafe_code)]

use super::chars::{
    ALNUM, ANY64, BASE64, CAPS, Class, DASHED, DIGIT, DOTTED, EQUALS, HEX, LETTER, SEGMENTS, SMALL, URL64,
    WORD,
};
use crate::rules::Rule;

/// A piece of a token.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// These bytes.
    Is(&'static [u8]),
    /// As many bytes of a class as there are, from a least to a most number.
    Run(Class, usize, usize),
    /// These parts, or nothing.
    Maybe(&'static [Part]),
}

/// What a token must be besides its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: no other text has this shape.
    Shape,
    /// The body must look drawn at random, and must not be a placeholder.
    Random,
    /// The same by a stricter measure, where the prefix is short.
    Drawn,
    /// The body ends with its CRC-32 in six digits of base 62; without it the body must look random.
    Crc62,
    /// The same in eight hexadecimal digits.
    CrcHex,
    /// The body must hold these bytes.
    Holds(&'static [u8]),
    /// Eight digits at least.
    Digits,
    /// An access key id of AWS, less the examples of its documentation.
    AwsId,
}

/// One shape.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) prefix: &'static [u8],
    pub(super) body: &'static [Part],
    pub(super) need: Need,
    pub(super) rule: Rule,
    /// The finding's message: what was found.
    pub(super) what: &'static str,
}

/// No upper limit but this one (characters): longer runs are data.
const LONG: usize = 4096;

macro_rules! shapes {
    ($($rule:ident $what:literal { $($prefix:literal $need:expr, [$($part:expr),*];)+ })+) => {
        /// Every shape, by provider.
        pub(super) const SHAPES: &[Shape] = &[$($(Shape {
            prefix: $prefix, body: &[$($part),*], need: $need, rule: Rule::$rule, what: $what,
        },)+)+];
    };
}

use Need::{AwsId, Crc62, CrcHex, Digits, Drawn, Holds, Random, Shape as Exact};
use Part::{Is, Maybe, Run};

shapes! {
    SecretAws "an AWS access key" {
        b"AKIA" AwsId, [Run(CAPS, 16, 16)];
        b"ASIA" AwsId, [Run(CAPS, 16, 16)];
        b"ABIA" AwsId, [Run(CAPS, 16, 16)];
        b"ACCA" AwsId, [Run(CAPS, 16, 16)];
        b"A3T" AwsId, [Run(CAPS, 17, 17)];
        b"ABSK" Random, [Run(BASE64, 109, 269), Run(EQUALS, 0, 2)];
        b"bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t" Exact, [Run(BASE64, 0, LONG), Run(EQUALS, 0, 2)];
        b"bedrock-api-key-" Random, [Run(BASE64, 60, LONG), Run(EQUALS, 0, 2)];
    }
    SecretGcp "a Google credential" {
        b"AIza" Random, [Run(URL64, 35, 35)];
        b"GOCSPX-" Random, [Run(URL64, 28, 28)];
        b"ya29." Random, [Run(DOTTED, 30, 2048)];
        b"1//0" Random, [Run(URL64, 38, 512)];
    }
    SecretGithub "a GitHub token" {
        b"ghp_" Crc62, [Run(ALNUM, 36, 36)];
        b"gho_" Crc62, [Run(ALNUM, 36, 36)];
        b"ghu_" Crc62, [Run(ALNUM, 36, 36)];
        b"ghs_" Crc62, [Run(ALNUM, 36, 36)];
        b"ghr_" Crc62, [Run(ALNUM, 36, 76)];
        b"ghs_" Exact, [Run(DIGIT, 1, 20), Is(b"_eyJ"), Run(URL64, 8, LONG), Is(b".eyJ"), Run(URL64, 8, LONG), Is(b"."), Run(URL64, 16, LONG)];
        b"github_pat_" Random, [Run(WORD, 82, 82)];
    }
    SecretGitlab "a GitLab token" {
        b"glpat-" Random, [Run(DOTTED, 20, 320)];
        b"gldt-" Random, [Run(URL64, 20, 320)];
        b"glft-" Random, [Run(URL64, 20, 320)];
        b"glrt-" Random, [Run(DOTTED, 20, 320)];
        b"glrtr-" Random, [Run(DOTTED, 20, 320)];
        b"glptt-" Random, [Run(HEX, 40, 40)];
        b"glcbt-" Random, [Run(ALNUM, 1, 5), Is(b"_"), Run(URL64, 20, 320)];
        b"glagent-" Random, [Run(URL64, 50, 320)];
        b"gloas-" Random, [Run(URL64, 64, 320)];
        b"glimt-" Random, [Run(URL64, 25, 320)];
        b"glffct-" Random, [Run(URL64, 20, 320)];
        b"glsoat-" Random, [Run(URL64, 20, 320)];
        b"_gitlab_session=" Random, [Run(ALNUM, 32, 32)];
        b"GR1348941" Random, [Run(URL64, 20, 20)];
    }
    SecretSlack "a Slack credential" {
        b"xoxa-" Digits, [Run(DASHED, 15, 400)];
        b"xoxa-" Random, [Run(ALNUM, 24, 48)];
        b"xoxr-" Random, [Run(ALNUM, 24, 48)];
        b"xoxb-" Digits, [Run(DASHED, 15, 400)];
        b"xoxe-" Digits, [Run(DASHED, 15, 400)];
        b"xoxe.xoxb-" Digits, [Run(DASHED, 15, 400)];
        b"xoxe.xoxp-" Digits, [Run(DASHED, 15, 400)];
        b"xoxo-" Digits, [Run(DASHED, 15, 400)];
        b"xoxp-" Digits, [Run(DASHED, 15, 400)];
        b"xoxr-" Digits, [Run(DASHED, 15, 400)];
        b"xoxs-" Digits, [Run(DASHED, 15, 400)];
        b"xapp-" Digits, [Run(DIGIT, 1, 2), Is(b"-"), Run(DASHED, 15, 400)];
        b"hooks.slack.com/services/T" Exact, [Run(SEGMENTS, 20, 120)];
        b"hooks.slack.com/workflows/" Exact, [Run(SEGMENTS, 20, 120)];
        b"hooks.slack.com/triggers/" Exact, [Run(SEGMENTS, 20, 120)];
    }
    SecretStripe "a Stripe key" {
        b"sk_live_" Random, [Run(ALNUM, 16, 255)];
        b"sk_test_" Random, [Run(ALNUM, 16, 255)];
        b"sk_prod_" Random, [Run(ALNUM, 16, 255)];
        b"rk_live_" Random, [Run(ALNUM, 16, 255)];
        b"rk_test_" Random, [Run(ALNUM, 16, 255)];
        b"rk_prod_" Random, [Run(ALNUM, 16, 255)];
        b"whsec_" Random, [Run(BASE64, 24, 128), Run(EQUALS, 0, 2)];
    }
    SecretAi "a key of an AI provider" {
        b"sk-ant-" Random, [Run(URL64, 80, 256)];
        b"sk-proj-" Random, [Run(URL64, 40, 256)];
        b"sk-svcacct-" Random, [Run(URL64, 40, 256)];
        b"sk-admin-" Random, [Run(URL64, 40, 256)];
        b"sk-or-v1-" Random, [Run(HEX, 64, 64)];
        b"sk-lf-" Random, [Run(URL64, 36, 36)];
        b"sk-" Holds(b"T3BlbkFJ"), [Run(URL64, 40, 256)];
        b"sk-" Drawn, [Run(ALNUM, 48, 48)];
        b"sk-" Random, [Run(HEX, 32, 32)];
        b"sk_" Drawn, [Run(HEX, 48, 48)];
        b"hf_" Exact, [Run(LETTER, 34, 34)];
        b"api_org_" Exact, [Run(LETTER, 34, 34)];
        b"gsk_" Exact, [Run(ALNUM, 52, 52)];
        b"csk-" Random, [Run(ALNUM, 48, 48)];
        b"pplx-" Random, [Run(ALNUM, 40, 64)];
        b"xai-" Random, [Run(ALNUM, 70, 90)];
        b"r8_" Random, [Run(ALNUM, 37, 37)];
        b"tgp_v1_" Random, [Run(URL64, 43, 43)];
        b"nvapi-" Random, [Run(URL64, 60, 72)];
        b"pcsk_" Random, [Run(WORD, 60, 80)];
        b"lsv2_pt_" Random, [Run(HEX, 32, 32), Is(b"_"), Run(HEX, 10, 10)];
        b"lsv2_sk_" Random, [Run(HEX, 32, 32), Is(b"_"), Run(HEX, 10, 10)];
        b"tvly-" Random, [Run(DASHED, 32, 48)];
        b"e2b_" Random, [Run(HEX, 40, 40)];
        b"jina_" Random, [Run(URL64, 55, 70)];
        b"fc-" Drawn, [Run(HEX, 32, 32)];
    }
    SecretRegistry "a package registry's token" {
        b"npm_" Crc62, [Run(ALNUM, 36, 36)];
        b"pypi-Ag" Random, [Run(URL64, 60, 1024)];
        b"rubygems_" Random, [Run(HEX, 48, 48)];
        b"CLOJARS_" Random, [Run(ALNUM, 60, 60)];
        b"clojars_" Random, [Run(ALNUM, 60, 60)];
        b"oy2" Drawn, [Run(SMALL, 43, 43)];
        b"cio" Drawn, [Run(ALNUM, 32, 32)];
        b"dckr_pat_" Exact, [Run(URL64, 27, 27)];
        b"dckr_oat_" Exact, [Run(URL64, 32, 32)];
        b"AKCp" Drawn, [Run(ALNUM, 69, 69)];
        b"cmVmd" Random, [Run(ALNUM, 59, 59)];
    }
    SecretToken "a token of a cloud or hosting provider" {
        b"dop_v1_" Random, [Run(HEX, 64, 64)];
        b"doo_v1_" Random, [Run(HEX, 64, 64)];
        b"dor_v1_" Random, [Run(HEX, 64, 64)];
        b"HRKU-" Random, [Run(URL64, 36, 64)];
        b"fo1_" Random, [Run(URL64, 43, 43)];
        b"fm1a_" Random, [Run(BASE64, 100, LONG), Run(EQUALS, 0, 3)];
        b"fm1r_" Random, [Run(BASE64, 100, LONG), Run(EQUALS, 0, 3)];
        b"fm2_" Random, [Run(BASE64, 100, LONG), Run(EQUALS, 0, 3)];
        b"vcp_" Random, [Run(ALNUM, 20, 60)];
        b"vci_" Random, [Run(ALNUM, 20, 60)];
        b"vca_" Random, [Run(ALNUM, 20, 60)];
        b"vcr_" Random, [Run(ALNUM, 20, 60)];
        b"vck_" Random, [Run(ALNUM, 20, 60)];
        b"nfp_" Random, [Run(ALNUM, 36, 40)];
        b"cfat_" CrcHex, [Run(ALNUM, 48, 48)];
        b"cfut_" CrcHex, [Run(ALNUM, 48, 48)];
        b"cfk_" CrcHex, [Run(ALNUM, 48, 48)];
        b"v1.0-" Random, [Run(HEX, 24, 24), Is(b"-"), Run(HEX, 146, 146)];
        b"pul-" Random, [Run(HEX, 40, 40)];
        b"hvs." Random, [Run(URL64, 24, 300)];
        b"hvb." Random, [Run(URL64, 100, 400)];
        b"hvr." Random, [Run(URL64, 24, 300)];
        b"s." Drawn, [Run(ALNUM, 24, 24)];
        b"dp.pt." Random, [Run(ALNUM, 40, 44)];
        b"dp.ct." Random, [Run(ALNUM, 40, 44)];
        b"dp.sa." Random, [Run(ALNUM, 40, 44)];
        b"dp.scim." Random, [Run(ALNUM, 40, 44)];
        b"dp.audit." Random, [Run(ALNUM, 40, 44)];
        b"dp.st." Random, [Run(DOTTED, 40, 90)];
        b"LTAI" Drawn, [Run(ALNUM, 12, 26)];
        b"AKID" Drawn, [Run(ALNUM, 32, 32)];
        b"AQVN" Drawn, [Run(URL64, 35, 38)];
        b"sha256~" Random, [Run(URL64, 43, 43)];
        b"pscale_tkn_" Random, [Run(DOTTED, 32, 64)];
        b"pscale_oauth_" Random, [Run(DOTTED, 32, 64)];
        b"pscale_pw_" Random, [Run(DOTTED, 32, 64)];
        b"sbp_" Random, [Run(HEX, 40, 40)];
        b"sb_secret_" Random, [Run(URL64, 24, 64)];
        b"napi_" Random, [Run(ALNUM, 60, 70)];
        b"dapi" Random, [Run(HEX, 32, 32), Maybe(&[Is(b"-"), Run(DIGIT, 1, 1)])];
        b"AVNS_" Random, [Run(URL64, 18, 40)];
        b"mdb_sa_sk_" Random, [Run(URL64, 40, 50)];
        b"tskey-" Random, [Run(DASHED, 20, 90)];
        b"tk-us-" Random, [Run(URL64, 48, 48)];
        b"dnkey-" Random, [Run(URL64, 26, 26), Is(b"-"), Run(URL64, 52, 52)];
        b"4b1d" Drawn, [Run(ALNUM, 38, 38)];
        b"pnu_" Random, [Run(ALNUM, 36, 36)];
        b"ico-" Drawn, [Run(ALNUM, 32, 32)];
    }
    SecretToken "a token of a monitoring or development service" {
        b"glc_" Random, [Run(BASE64, 32, 400), Run(EQUALS, 0, 3)];
        b"glsa_" Exact, [Run(ALNUM, 32, 32), Is(b"_"), Run(HEX, 8, 8)];
        b"eyJrIjoi" Random, [Run(BASE64, 70, 400), Run(EQUALS, 0, 3)];
        b"NRAK-" Random, [Run(ALNUM, 27, 27)];
        b"NRII-" Random, [Run(URL64, 32, 32)];
        b"NRJS-" Random, [Run(HEX, 19, 19)];
        b"dt0" Random, [Run(LETTER, 1, 1), Run(DIGIT, 2, 2), Is(b"."), Run(ALNUM, 8, 24), Is(b"."), Run(ALNUM, 64, 64)];
        b"sntrys_eyJ" Random, [Run(BASE64, 20, 600), Run(EQUALS, 0, 2), Is(b"_"), Run(BASE64, 43, 44)];
        b"sntryu_" Random, [Run(HEX, 64, 64)];
        b"hcaik_" Random, [Run(ALNUM, 58, 58)];
        b"PMAK-" Random, [Run(HEX, 24, 24), Is(b"-"), Run(HEX, 34, 34)];
        b"lin_api_" Random, [Run(WORD, 32, 128)];
        b"lin_oauth_" Random, [Run(WORD, 32, 128)];
        b"ntn_" Exact, [Run(DIGIT, 11, 11), Run(ALNUM, 35, 35)];
        b"secret_" Random, [Run(ALNUM, 43, 43)];
        b"pat" Random, [Run(ALNUM, 14, 14), Is(b"."), Run(HEX, 64, 64)];
        b"pat-" Random, [Run(SMALL, 3, 4), Is(b"-"), Run(DASHED, 36, 36)];
        b"pat." Random, [Run(URL64, 22, 22), Is(b"."), Run(ALNUM, 24, 24), Is(b"."), Run(ALNUM, 20, 20)];
        b"sat." Random, [Run(URL64, 22, 22), Is(b"."), Run(ALNUM, 24, 24), Is(b"."), Run(ALNUM, 20, 20)];
        b"figd_" Random, [Run(URL64, 40, 200)];
        b"ATATT3" Random, [Run(URL64, 150, 400), Maybe(&[Is(b"="), Run(HEX, 8, 8)])];
        b"ATCTT3" Random, [Run(URL64, 150, 400), Maybe(&[Is(b"="), Run(HEX, 8, 8)])];
        b"ATBB" Drawn, [Run(ALNUM, 32, 32)];
        b"ATTA" Random, [Run(HEX, 60, 80)];
        b"rdme_" Random, [Run(SMALL, 70, 70)];
        b"sgp_" Random, [Run(HEX, 40, 40)];
        b"sgp_" Random, [Run(ALNUM, 5, 16), Is(b"_"), Run(HEX, 40, 40)];
        b"sm_aat_" Random, [Run(ALNUM, 16, 16)];
        b"sm_pat_" Random, [Run(ALNUM, 16, 16)];
        b"sm_sat_" Random, [Run(ALNUM, 16, 16)];
        b"authress_" Random, [Run(ALNUM, 5, 30), Is(b"."), Run(ALNUM, 4, 6), Is(b".acc"), Run(URL64, 11, 33), Is(b"."), Run(ANY64, 30, 120), Run(EQUALS, 0, 2)];
        b"scauth_" Random, [Run(ALNUM, 5, 30), Is(b"."), Run(ALNUM, 4, 6), Is(b".acc"), Run(URL64, 11, 33), Is(b"."), Run(ANY64, 30, 120), Run(EQUALS, 0, 2)];
        b"sc_" Random, [Run(ALNUM, 5, 30), Is(b"."), Run(ALNUM, 4, 6), Is(b".acc"), Run(URL64, 11, 33), Is(b"."), Run(ANY64, 30, 120), Run(EQUALS, 0, 2)];
        b"ext_" Random, [Run(ALNUM, 5, 30), Is(b"."), Run(ALNUM, 4, 6), Is(b".acc"), Run(URL64, 11, 33), Is(b"."), Run(ANY64, 30, 120), Run(EQUALS, 0, 2)];
        b"API-" Drawn, [Run(CAPS, 26, 26)];
        b"CFPAT-" Random, [Run(URL64, 43, 43)];
        b"CCIPAT_" Random, [Run(WORD, 40, 80)];
        b"bkua_" Random, [Run(HEX, 40, 40)];
        b"fio-u-" Random, [Run(URL64, 64, 64), Run(EQUALS, 0, 2)];
        b"p8e-" Drawn, [Run(ALNUM, 32, 32)];
        b"s-s4t2ud-" Random, [Run(HEX, 64, 64)];
        b"s-s4t2af-" Random, [Run(HEX, 64, 64)];
        b"tfp_" Random, [Run(DOTTED, 40, 64)];
        b"sk.eyJ" Random, [Run(URL64, 40, 120), Is(b"."), Run(URL64, 20, 30)];
        b"ops_eyJ" Random, [Run(BASE64, 100, 1400), Run(EQUALS, 0, 3)];
        b"A3-" Random, [Run(CAPS, 6, 6), Is(b"-"), Run(CAPS, 6, 11), Is(b"-"), Run(CAPS, 5, 5), Is(b"-"), Run(CAPS, 5, 5), Is(b"-"), Run(CAPS, 5, 5), Maybe(&[Is(b"-"), Run(CAPS, 5, 5)])];
    }
    SecretToken "a token of a payment, shop or message service" {
        b"shpat_" Random, [Run(ALNUM, 32, 64)];
        b"shpca_" Random, [Run(ALNUM, 32, 64)];
        b"shppa_" Random, [Run(ALNUM, 32, 64)];
        b"shpss_" Random, [Run(ALNUM, 32, 64)];
        b"sq0atp-" Random, [Run(URL64, 22, 60)];
        b"sq0csp-" Random, [Run(URL64, 40, 60)];
        b"EAAA" Drawn, [Run(URL64, 55, 62)];
        b"FLWSECK-" Random, [Run(ALNUM, 12, 32), Maybe(&[Is(b"-X")])];
        b"FLWSECK_TEST-" Random, [Run(ALNUM, 12, 32), Maybe(&[Is(b"-X")])];
        b"FLWPUBK_TEST-" Random, [Run(ALNUM, 32, 32), Is(b"-X")];
        b"shippo_live_" Random, [Run(HEX, 40, 40)];
        b"shippo_test_" Random, [Run(HEX, 40, 40)];
        b"EZAK" Random, [Run(ALNUM, 54, 54)];
        b"EZTK" Random, [Run(ALNUM, 54, 54)];
        b"duffel_live_" Random, [Run(URL64, 43, 43)];
        b"duffel_test_" Random, [Run(URL64, 43, 43)];
        b"access-production-" Random, [Run(DASHED, 36, 36)];
        b"access-development-" Random, [Run(DASHED, 36, 36)];
        b"access-sandbox-" Random, [Run(DASHED, 36, 36)];
        b"key-" Random, [Run(HEX, 32, 32)];
        b"SG." Random, [Run(URL64, 16, 128), Is(b"."), Run(URL64, 16, 128)];
        b"xkeysib-" Random, [Run(HEX, 64, 64), Is(b"-"), Run(ALNUM, 16, 16)];
        b"re_" Drawn, [Run(ALNUM, 6, 10), Is(b"_"), Run(ALNUM, 20, 40)];
        b"SK" Drawn, [Run(HEX, 32, 32)];
        b"EAAM" Random, [Run(ALNUM, 100, LONG)];
        b"EAAC" Random, [Run(ALNUM, 100, LONG)];
        b"AAAAAAAAAAAAAAAAAAAAA" Random, [Run(ALNUM, 20, 120)];
        b"IGQV" Random, [Run(URL64, 100, 400)];
        b"sl." Random, [Run(DOTTED, 120, 1400)];
        b"webhook.office.com/webhookb2/" Exact, [Run(DASHED, 36, 36), Is(b"@"), Run(DASHED, 36, 36), Is(b"/IncomingWebhook/"), Run(HEX, 32, 32), Is(b"/"), Run(DASHED, 36, 36)];
        b"discord.com/api/webhooks/" Exact, [Run(DIGIT, 16, 20), Is(b"/"), Run(URL64, 50, 90)];
        b"discordapp.com/api/webhooks/" Exact, [Run(DIGIT, 16, 20), Is(b"/"), Run(URL64, 50, 90)];
    }
    SecretPrivateKey "a private key" {
        b"AGE-SECRET-KEY-1" Exact, [Run(CAPS, 58, 58)];
    }
}

/// The shapes by their first byte: `ORDER[BEGIN[b]..BEGIN[b + 1]]` are those that start with `b`.
const BEGIN: [u8; 257] = index().0;
const ORDER: [u8; SHAPES.len()] = index().1;

#[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "evaluated by the compiler")]
const fn index() -> ([u8; 257], [u8; SHAPES.len()]) {
    assert!(SHAPES.len() < 256);
    let (mut begin, mut order) = ([0; 257], [0; SHAPES.len()]);
    let (mut byte, mut filled) = (0, 0);
    while byte < 256 {
        begin[byte] = filled;
        let mut at = 0;
        while at < SHAPES.len() {
            if SHAPES[at].prefix[0] as usize == byte {
                order[filled as usize] = at as u8;
                filled += 1;
            }
            at += 1;
        }
        byte += 1;
    }
    begin[256] = filled;
    (begin, order)
}

/// The shapes that start with a byte.
pub(super) fn shapes(first: u8) -> impl Iterator<Item = &'static Shape> {
    let first = usize::from(first);
    let bound = |at: usize| BEGIN.get(at).map_or(0, |offset| usize::from(*offset));
    let order = ORDER.get(bound(first)..bound(first + 1)).unwrap_or_default();
    order.iter().filter_map(|at| SHAPES.get(usize::from(*at)))
}

/// For each first byte, which second bytes a prefix has; one bit each.
#[expect(clippy::indexing_slicing, reason = "a byte is below 256, and every prefix has two")]
static SECOND: [[u64; 4]; 256] = {
    let mut table = [[0; 4]; 256];
    let mut at = 0;
    while at < SHAPES.len() {
        let prefix = SHAPES[at].prefix;
        table[prefix[0] as usize][(prefix[1] >> 6) as usize] |= 1 << (prefix[1] & 63);
        at += 1;
    }
    table
};

/// Whether a prefix has these as its first two bytes.
pub(super) fn begins([first, second]: [u8; 2]) -> bool {
    let row = SECOND.get(usize::from(first)).and_then(|rows| rows.get(usize::from(second >> 6)));
    row.is_some_and(|bits| bits >> (second & 63) & 1 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_found_by_its_first_byte() {
        let found: usize = (0..=255).map(|byte| shapes(byte).count()).sum();
        assert_eq!(found, SHAPES.len());
        for shape in SHAPES {
            assert!(shapes(shape.prefix[0]).any(|other| std::ptr::eq(other, shape)), "{shape:?}");
            assert!(begins([shape.prefix[0], shape.prefix[1]]), "{shape:?}");
        }
    }
}
