//! Words without which no text has an order to the model that reads it.

use super::{Word, any, begins, ends, ends_in, skip, starts, trimmed};
use crate::audit::content::families::Families;

const PROMPT: Families = Families::PROMPT;

pub(super) const WORDS: &[Word] = &[
    // Earlier instructions set aside.
    Word("ignor", PROMPT, begins),
    Word("disregard", PROMPT, |before, _| orders(before)),
    Word("forget", PROMPT, |before, _| orders(before)),
    Word("override", PROMPT, |before, _| orders(before)),
    Word("bypass", PROMPT, |before, _| orders(before)),
    Word("neglect", PROMPT, |before, _| orders(before)),
    Word("discard", PROMPT, |before, _| orders(before)),
    Word("set aside", PROMPT, any),
    Word("pay no attention", PROMPT, any),
    Word("stop following", PROMPT, any),
    Word("stop obeying", PROMPT, any),
    Word("no longer follow", PROMPT, any),
    Word(" not ", PROMPT, |_, behind| forbidden(behind)),
    Word("n't ", PROMPT, |_, behind| forbidden(behind)),
    Word("never ", PROMPT, |_, behind| forbidden(behind)),
    Word("everything you", PROMPT, any),
    Word("your ", PROMPT, |_, behind| {
        starts(
            behind,
            &[
                "previous",
                "prior",
                "earlier",
                "above",
                "original",
                "existing",
                "former",
                "system",
                "hidden",
                "initial",
                "secret",
                "confidential",
                "first",
            ],
        )
    }),
    Word("are ", PROMPT, |_, behind| {
        starts(
            behind,
            &[
                "void",
                "suspended",
                "lifted",
                "cancel",
                "disabled",
                "now void",
                "now suspended",
                "now lifted",
                "now cancel",
                "now disabled",
            ],
        )
    }),
    Word("no longer apply", PROMPT, any),
    // Limits said to be gone, another person made of the model.
    Word("pretend", PROMPT, any),
    Word("have no ", PROMPT, |_, behind| {
        starts(behind, &["restrictions", "rules", "guidelines", "filters", "ethical", "moral"])
    }),
    Word("bound by no", PROMPT, any),
    Word("from now on", PROMPT, any),
    Word("you are now", PROMPT, any),
    Word(" mode", PROMPT, |before, _| ends(before, &["developer", "dan", "jailbreak", "god"])),
    Word("unrestricted", PROMPT, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("unfiltered", PROMPT, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("uncensored", PROMPT, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("jailbroken", PROMPT, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("amoral", PROMPT, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("evil", PROMPT, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    // The hidden part asked for; orders in a document.
    Word("prompt", PROMPT, |before, _| is_of_model(before)),
    Word("instruction", PROMPT, |before, behind| {
        ends_in(before, b"<#") || is_of_model(before) || is_new(before, behind)
    }),
    Word("e ai", PROMPT, |before, _| ends(before, &["th"])),
    Word("r ai", PROMPT, |before, _| ends(before, &["dea"])),
    Word("n ai", PROMPT, |before, _| ends(before, &["attentio"])),
    Word("y ai", PROMPT, |before, _| ends(before, &["he"])),
    Word("language model", PROMPT, any),
    Word("llm ", PROMPT, any),
    Word("assistant", PROMPT, |before, behind| {
        ends_in(before, b"</#|")
            || speaks(behind)
            || ends(trimmed(before), &["the", "dear", "attention", "hey", "ai"])
    }),
    // Roles of a conversation.
    Word("<|im_", PROMPT, any),
    Word("<|system", PROMPT, any),
    Word("<|user", PROMPT, any),
    Word("<|assistant", PROMPT, any),
    Word("<|endoftext", PROMPT, any),
    Word("<|eot_id", PROMPT, any),
    Word("<|start_header", PROMPT, any),
    Word("<|begin_of", PROMPT, any),
    Word("[inst]", PROMPT, any),
    Word("[/inst]", PROMPT, any),
    Word("<<sys>>", PROMPT, any),
    Word("<</sys>>", PROMPT, any),
    Word("<start_of_turn", PROMPT, any),
    Word("<｜", PROMPT, any),
    Word("system", PROMPT, |before, behind| ends_in(before, b"</#|") || speaks(behind)),
    Word("human", PROMPT, |_, behind| speaks(behind)),
    Word("important>", PROMPT, |before, _| before.ends_with(b"<")),
    Word("secret>", PROMPT, |before, _| before.ends_with(b"<")),
    Word("hidden>", PROMPT, |before, _| before.ends_with(b"<")),
    Word("without ", PROMPT, |_, behind| starts(behind, &["telling", "informing", "alerting"])),
    Word("from the user", PROMPT, any),
    // Spanish, French, Italian, Portuguese.
    Word("olvid", PROMPT, begins),
    Word("oubli", PROMPT, begins),
    Word("esque", PROMPT, begins),
    Word("desconsider", PROMPT, begins),
    Word("descart", PROMPT, begins),
    Word("dimentica", PROMPT, begins),
    Word("trascura", PROMPT, begins),
    Word("pas compte", PROMPT, any),
    Word("s abstraction", PROMPT, any),
    Word(" tomber", PROMPT, any),
    Word("por alto", PROMPT, any),
    Word(" perdere", PROMPT, any),
    Word("ne sui", PROMPT, any),
    Word(" outre", PROMPT, any),
    Word("no hag", PROMPT, any),
    Word("caso omiso", PROMPT, any),
    Word("no sig", PROMPT, any),
    Word("no obede", PROMPT, any),
    Word("no teng", PROMPT, any),
    Word("non ten", PROMPT, any),
    Word("non segui", PROMPT, any),
    Word("o siga", PROMPT, any),
    Word("o obede", PROMPT, any),
    Word("o leve em conta", PROMPT, any),
    Word("o considere", PROMPT, any),
    Word("instrucciones", PROMPT, any),
    Word("instruções", PROMPT, any),
    Word("instructions pr", PROMPT, any),
    Word("istruzioni precedenti", PROMPT, any),
    // German, Dutch, Swedish, Polish, Czech.
    Word("vergiss", PROMPT, begins),
    Word("vergess", PROMPT, begins),
    Word("missacht", PROMPT, begins),
    Word("verwerfen", PROMPT, begins),
    Word("befolge", PROMPT, begins),
    Word("beachte", PROMPT, begins),
    Word("volg ", PROMPT, begins),
    Word("negeer", PROMPT, begins),
    Word("vergeet", PROMPT, begins),
    Word("glöm", PROMPT, begins),
    Word("zapom", PROMPT, begins),
    Word("pomi", PROMPT, begins),
    Word("anweisungen sind", PROMPT, any),
    Word("befehle sind", PROMPT, any),
    Word("instruktionen sind", PROMPT, any),
    Word("ignoruj", PROMPT, any),
    // Russian, Ukrainian.
    Word("гнорируй", PROMPT, any),
    Word("гнорировать", PROMPT, any),
    Word("абудь", PROMPT, any),
    Word("тмени", PROMPT, any),
    Word("тбрось", PROMPT, any),
    Word("е обращай", PROMPT, any),
    Word("е следуй", PROMPT, any),
    Word("е слушай", PROMPT, any),
    Word("е учитывай", PROMPT, any),
    Word("е выполняй", PROMPT, any),
    Word("е соблюдай", PROMPT, any),
    Word("е виконуй", PROMPT, any),
    Word("е дотримуйся", PROMPT, any),
    Word("гноруй", PROMPT, any),
    Word("ідкинь", PROMPT, any),
    Word("редыдущие ", PROMPT, any),
    // Turkish, Indonesian, Vietnamese.
    Word("talimat", PROMPT, any),
    Word("kural", PROMPT, any),
    Word("komut", PROMPT, any),
    Word("yönerge", PROMPT, any),
    Word("abaikan", PROMPT, any),
    Word("lupakan", PROMPT, any),
    Word("ỏ qua", PROMPT, any),
    Word("hớt lờ", PROMPT, any),
    Word("uên đi", PROMPT, any),
    // Arabic, Persian, Hebrew, Hindi, Thai.
    Word("تجاهل", PROMPT, any),
    Word("انس ", PROMPT, any),
    Word("انسى", PROMPT, any),
    Word("انسوا", PROMPT, any),
    Word("دستور", PROMPT, any),
    Word("قوانین", PROMPT, any),
    Word("התעלם", PROMPT, any),
    Word("שכח", PROMPT, any),
    Word("निर्देश", PROMPT, any),
    Word("नियम", PROMPT, any),
    Word("आदेश", PROMPT, any),
    Word("คำสั่ง", PROMPT, any),
    Word("คำแนะนำ", PROMPT, any),
    Word("กฎ", PROMPT, any),
    // Chinese, Japanese, Korean.
    Word("忽略", PROMPT, any),
    Word("无视", PROMPT, any),
    Word("無視", PROMPT, any),
    Word("不要", PROMPT, any),
    Word("不必", PROMPT, any),
    Word("不用", PROMPT, any),
    Word("无需", PROMPT, any),
    Word("别", PROMPT, any),
    Word("停止", PROMPT, any),
    Word("抛开", PROMPT, any),
    Word("忽視", PROMPT, any),
    Word("忘记", PROMPT, any),
    Word("忘掉", PROMPT, any),
    Word("忘記", PROMPT, any),
    Word("作废", PROMPT, any),
    Word("失效", PROMPT, any),
    Word("无效", PROMPT, any),
    Word("取消", PROMPT, any),
    Word("不再", PROMPT, any),
    Word("忘れ", PROMPT, any),
    Word("従わ", PROMPT, any),
    Word("従う", PROMPT, any),
    Word("取り消", PROMPT, any),
    Word("無効", PROMPT, any),
    Word("撤回", PROMPT, any),
    Word("무시", PROMPT, any),
    Word("잊", PROMPT, any),
    Word("무효", PROMPT, any),
    Word("취소", PROMPT, any),
    Word("철회", PROMPT, any),
];

/// An order starts here: see the clause of `families::prompt`.
fn orders(before: &[u8]) -> bool {
    let end = trimmed(before);
    let starts_clause =
        end.last().is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_' && *byte < 0x80);
    starts_clause
        || end.len() < before.len()
            && ends(
                end,
                &[
                    "please",
                    "now",
                    "you",
                    "do",
                    "to",
                    "and",
                    "then",
                    "must",
                    "should",
                    "just",
                    "simply",
                    "will",
                    "also",
                    "so",
                    "kindly",
                    "completely",
                    "immediately",
                ],
            )
}

/// What a model is told not to do.
fn forbidden(behind: &[u8]) -> bool {
    starts(
        skip(behind, b""),
        &["follow", "obey", "tell", "inform", "notify", "alert", "let", "mention", "reveal", "disclose"],
    )
}

/// A role speaks.
fn speaks(behind: &[u8]) -> bool {
    skip(behind, b"").starts_with(b":")
}

/// The prompt of a model is meant.
fn is_of_model(before: &[u8]) -> bool {
    ends(trimmed(before), &["system", "hidden", "initial", "original", "secret", "confidential"])
}

/// New ones are given.
fn is_new(before: &[u8], behind: &[u8]) -> bool {
    ends(trimmed(before), &["new", "system"]) && behind.iter().take(8).any(|byte| *byte == b':')
}
