//! Words without which no text has an order to the model that reads it.

use super::{Word, any, begins, ends_in, skip, trimmed};
use crate::audit::content::affix::{ends, starts};
use crate::audit::content::families::Families;

const PROMPT: Families = Families::PROMPT;
const ORDER: Families = Families::ORDER;
const LATIN: Families = Families::ORDER_LATIN;
const OTHER: Families = Families::ORDER_OTHER;
const ROLE: Families = Families::ROLE;

pub(super) const WORDS: &[Word] = &[
    // Earlier instructions set aside.
    Word("ignor", ORDER.and(LATIN), begins),
    Word("disregard", ORDER, |before, _| orders(before)),
    Word("forget", ORDER, |before, _| orders(before)),
    Word("override", ORDER, |before, _| orders(before)),
    Word("bypass", ORDER, |before, _| orders(before)),
    Word("neglect", ORDER, |before, _| orders(before)),
    Word("discard", ORDER, |before, _| orders(before)),
    Word("set aside", ORDER, any),
    Word("pay no attention", ORDER, any),
    Word("stop following", ORDER, any),
    Word("stop obeying", ORDER, any),
    Word("no longer follow", ORDER, any),
    Word(" not ", ORDER.and(ROLE), |_, behind| forbidden(behind)),
    Word("don't ", ORDER.and(ROLE), |_, behind| forbidden(behind)),
    Word("never ", ORDER.and(ROLE), |_, behind| forbidden(behind)),
    Word("everything you", ORDER, any),
    Word("your ", ORDER.and(ROLE), |_, behind| {
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
    Word("are ", ORDER.and(ROLE), |_, behind| {
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
    Word("no longer apply", ROLE, any),
    // Limits said to be gone, another person made of the model.
    Word("pretend", ROLE, any),
    Word("have no ", ROLE, |_, behind| {
        starts(behind, &["restrictions", "rules", "guidelines", "filters", "ethical", "moral"])
    }),
    Word("bound by no", ROLE, any),
    Word("from now on", ROLE, any),
    Word("you are now", ROLE, any),
    Word(" mode", ROLE, |before, _| ends(before, &["developer", "dan", "jailbreak", "god"])),
    Word("unrestricted", ROLE, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("unfiltered", ROLE, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("uncensored", ROLE, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("jailbroken", ROLE, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("amoral", ROLE, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    Word("evil", ROLE, |before, _| ends(trimmed(before), &["as", " a", " an"])),
    // The hidden part asked for; orders in a document.
    Word("prompt", ROLE, |before, _| is_of_model(before)),
    Word("instruction", ROLE, |before, behind| {
        ends_in(before, b"<#")
            || is_of_model(before)
            || is_new(before, behind)
            || starts(behind, &[">", "s>"])
    }),
    Word("the ai ", ROLE, any),
    Word("dear ai ", ROLE, any),
    Word("attention ai ", ROLE, any),
    Word("hey ai ", ROLE, any),
    Word("language model", ROLE, any),
    Word("llm ", ROLE, any),
    Word("assistant", ROLE, |before, behind| {
        ends_in(before, b"</#|")
            || speaks(behind)
            || ends(trimmed(before), &["the", "dear", "attention", "hey", "ai"])
    }),
    // Roles of a conversation.
    Word("<|im_", ROLE, any),
    Word("<|system", ROLE, any),
    Word("<|user", ROLE, any),
    Word("<|assistant", ROLE, any),
    Word("<|endoftext", ROLE, any),
    Word("<|eot_id", ROLE, any),
    Word("<|start_header", ROLE, any),
    Word("<|begin_of", ROLE, any),
    Word("[inst]", ROLE, any),
    Word("[/inst]", ROLE, any),
    Word("<<sys>>", ROLE, any),
    Word("<</sys>>", ROLE, any),
    Word("<start_of_turn", ROLE, any),
    Word("<｜", ROLE, any),
    Word("system", ROLE, |before, behind| ends_in(before, b"</#|") || speaks(behind)),
    Word("human", ROLE, |_, behind| speaks(behind)),
    Word("user", ROLE, |_, behind| speaks(behind)),
    Word("-message>", ROLE, any),
    Word("_message>", ROLE, any),
    Word("-request>", ROLE, any),
    Word("_request>", ROLE, any),
    Word("_query>", ROLE, any),
    Word("_command>", ROLE, any),
    Word("-override>", ROLE, any),
    Word("_override>", ROLE, any),
    Word("</tool_", ROLE, any),
    Word("</function_re", ROLE, any),
    Word("](#instruction", ROLE, any),
    Word("](#message", ROLE, any),
    Word("](#error", ROLE, any),
    Word("](#context", ROLE, any),
    Word("](#additional_", ROLE, any),
    Word("important>", ROLE, |before, _| ends_in(before, b"</")),
    Word("secret>", ROLE, |before, _| ends_in(before, b"</")),
    Word("hidden>", ROLE, |before, _| ends_in(before, b"</")),
    Word("admin>", ROLE, |before, _| ends_in(before, b"</")),
    Word("without ", ROLE, |_, behind| starts(behind, &["telling", "informing", "alerting"])),
    Word("from the user", ROLE, any),
    // Spanish, French, Italian, Portuguese.
    Word("olvid", LATIN, begins),
    Word("oubli", LATIN, begins),
    Word("esque", LATIN, begins),
    Word("desconsider", LATIN, begins),
    Word("descart", LATIN, begins),
    Word("dimentica", LATIN, begins),
    Word("trascura", LATIN, begins),
    Word("pas compte", LATIN, any),
    Word("fais abstraction", LATIN, any),
    Word("faites abstraction", LATIN, any),
    Word(" tomber", LATIN, any),
    Word("por alto", LATIN, any),
    Word(" perdere", LATIN, any),
    Word("ne sui", LATIN, any),
    Word(" outre", LATIN, any),
    Word("no hag", LATIN, any),
    Word("caso omiso", LATIN, any),
    Word("no sig", LATIN, any),
    Word("no obede", LATIN, any),
    Word("no teng", LATIN, any),
    Word("non ten", LATIN, any),
    Word("non segui", LATIN, any),
    Word("o siga", LATIN, any),
    Word("o obede", LATIN, any),
    Word("o leve em conta", LATIN, any),
    Word("o considere", LATIN, any),
    Word("nao siga", LATIN, any),
    Word("nao obede", LATIN, any),
    Word("nao leve em conta", LATIN, any),
    Word("nao considere", LATIN, any),
    Word("instrucciones", LATIN, any),
    Word("instruções", LATIN, any),
    Word("instructions pr", LATIN, any),
    Word("istruzioni precedenti", LATIN, any),
    // German, Dutch, Swedish, Polish, Czech.
    Word("vergiss", LATIN, begins),
    Word("vergess", LATIN, begins),
    Word("missacht", LATIN, begins),
    Word("verwerfen", LATIN, begins),
    Word("befolge", LATIN, begins),
    Word("beachte", LATIN, begins),
    Word("volg ", LATIN, begins),
    Word("negeer", LATIN, begins),
    Word("vergeet", LATIN, begins),
    Word("glöm", LATIN, begins),
    Word("zapom", LATIN, begins),
    Word("pomi", LATIN, begins),
    Word("anweisungen sind", LATIN, any),
    Word("befehle sind", LATIN, any),
    Word("instruktionen sind", LATIN, any),
    Word("zignoruj", LATIN, any),
    // Russian, Ukrainian.
    Word("гнорируй", OTHER, any),
    Word("гнорировать", OTHER, any),
    Word("абудь", OTHER, any),
    Word("тмени", OTHER, any),
    Word("тбрось", OTHER, any),
    Word("е обращай", OTHER, any),
    Word("е следуй", OTHER, any),
    Word("е слушай", OTHER, any),
    Word("е учитывай", OTHER, any),
    Word("е выполняй", OTHER, any),
    Word("е соблюдай", OTHER, any),
    Word("е виконуй", OTHER, any),
    Word("е дотримуйся", OTHER, any),
    Word("гноруй", OTHER, any),
    Word("ідкинь", OTHER, any),
    Word("редыдущие ", PROMPT, any),
    // Turkish, Indonesian, Vietnamese.
    Word("talimat", LATIN, any),
    Word("kural", LATIN, any),
    Word("komut", LATIN, any),
    Word("yönerge", LATIN, any),
    Word("abaikan", LATIN, any),
    Word("lupakan", LATIN, any),
    Word("ỏ qua", LATIN, any),
    Word("phớt lờ", LATIN, any),
    Word("quên đi", LATIN, any),
    // Arabic, Persian, Hebrew, Hindi, Thai.
    Word("تجاهل", OTHER, any),
    Word("انس ", OTHER, any),
    Word("انسى", OTHER, any),
    Word("انسوا", OTHER, any),
    Word("دستور", OTHER, any),
    Word("قوانین", OTHER, any),
    Word("התעלם", OTHER, any),
    Word("שכח", OTHER, any),
    Word("निर्देश", OTHER, any),
    Word("नियम", OTHER, any),
    Word("आदेश", OTHER, any),
    Word("คำสั่ง", OTHER, any),
    Word("คำแนะนำ", OTHER, any),
    Word("กฎ", OTHER, any),
    // Chinese, Japanese, Korean.
    Word("忽略", OTHER, any),
    Word("无视", OTHER, any),
    Word("無視", OTHER, any),
    Word("不要", OTHER, any),
    Word("不必", PROMPT, any),
    Word("不用", PROMPT, any),
    Word("无需", PROMPT, any),
    Word("别", OTHER, any),
    Word("停止", OTHER, any),
    Word("抛开", OTHER, any),
    Word("忽視", OTHER, any),
    Word("忘记", OTHER, any),
    Word("忘掉", OTHER, any),
    Word("忘記", OTHER, any),
    Word("作废", PROMPT, any),
    Word("失效", PROMPT, any),
    Word("无效", PROMPT, any),
    Word("取消", PROMPT, any),
    Word("不再", PROMPT, any),
    Word("忘れ", OTHER, any),
    Word("従わ", OTHER, any),
    Word("従う", OTHER, any),
    Word("取り消", PROMPT, any),
    Word("無効", PROMPT, any),
    Word("撤回", PROMPT, any),
    Word("무시", OTHER, any),
    Word("잊", OTHER, any),
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
