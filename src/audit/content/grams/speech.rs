//! Words without which no text speaks to the model: see the phrases of `crate::audit::speech`. Of each cue that weighs
//! more than others one word is here.

use super::{Word, any};
use crate::audit::content::affix::has_word;
use crate::audit::content::families::Families;

const SPEECH: Families = Families::SPEECH;

pub(super) const WORDS: &[Word] = &[
    // The model.
    Word("assistant", SPEECH, any),
    Word("chatbot", SPEECH, any),
    Word("chatgpt", SPEECH, any),
    Word("claude", SPEECH, any),
    Word("gemini", SPEECH, any),
    Word("copilot", SPEECH, any),
    Word("deepseek", SPEECH, any),
    Word("gpt", SPEECH, any),
    Word("llm", SPEECH, any),
    Word("ai ", SPEECH, any),
    Word("ai,", SPEECH, any),
    Word("ai:", SPEECH, any),
    Word("ai-", SPEECH, any),
    Word("ai.", SPEECH, any),
    Word("ai\n", SPEECH, any),
    Word("ai\\", SPEECH, any),
    Word("ais", SPEECH, |_, behind| ends_there(behind)),
    Word("agent", SPEECH, |before, _| lately(before, OF_AGENT)),
    Word("model", SPEECH, |before, _| lately(before, OF_AGENT)),
    Word("bot", SPEECH, |before, _| lately(before, OF_AGENT)),
    Word("bots", SPEECH, |before, _| lately(before, OF_AGENT)),
    // Who speaks.
    Word("message", SPEECH, |_, behind| soon(behind, FROM)),
    Word("notice", SPEECH, |_, behind| soon(behind, FROM)),
    Word("note", SPEECH, |_, behind| soon(behind, FROM)),
    Word("memo", SPEECH, |_, behind| soon(behind, FROM)),
    Word("alert", SPEECH, |_, behind| soon(behind, FROM)),
    Word("instruction", SPEECH, |_, behind| soon(behind, FROM)),
    Word("announcement", SPEECH, |_, behind| soon(behind, FROM)),
    Word("notification", SPEECH, |_, behind| soon(behind, FROM)),
    Word("directive", SPEECH, |_, behind| soon(behind, FROM)),
    Word("reminder", SPEECH, |_, behind| soon(behind, FROM)),
    Word("this is", SPEECH, |_, behind| soon(behind, CHIEF)),
    Word("your ", SPEECH, |_, behind| soon(behind, CHIEF)),
    Word("i am ", SPEECH, |_, behind| soon(behind, CHIEF)),
    // The task.
    Word("gave", SPEECH, around_you),
    Word("given", SPEECH, around_you),
    Word("asked", SPEECH, around_you),
    Word("assigned", SPEECH, around_you),
    Word("told", SPEECH, around_you),
    Word("requested", SPEECH, around_you),
    Word("tasked", SPEECH, around_you),
    Word("entrusted", SPEECH, around_you),
    Word("instructed", SPEECH, around_you),
    Word("wanted", SPEECH, around_you),
    Word("user", SPEECH, |_, behind| soon(behind, TASK) || soon(behind, GRANTED)),
    Word("original", SPEECH, |_, behind| soon(behind, TASK)),
    Word("current", SPEECH, |_, behind| soon(behind, TASK)),
    Word("initial", SPEECH, |_, behind| soon(behind, TASK)),
    Word("previous", SPEECH, |_, behind| soon(behind, TASK)),
    Word("earlier", SPEECH, |_, behind| soon(behind, TASK)),
    Word("main", SPEECH, |_, behind| soon(behind, TASK)),
    Word("task", SPEECH, |_, behind| soon(behind, CHANGED)),
    Word("question", SPEECH, |_, behind| soon(behind, CHANGED)),
    Word("objective", SPEECH, |_, behind| soon(behind, CHANGED)),
    Word("goal", SPEECH, |_, behind| soon(behind, CHANGED)),
    Word("request", SPEECH, |_, behind| soon(behind, CHANGED)),
    Word("your ", SPEECH, |_, behind| soon(behind, NEW)),
    Word("new ", SPEECH, |_, behind| soon(behind, ORDERS)),
    Word("updated ", SPEECH, |_, behind| soon(behind, ORDERS)),
    Word("revised ", SPEECH, |_, behind| soon(behind, ORDERS)),
    Word("real ", SPEECH, |_, behind| soon(behind, ORDERS)),
    Word("true ", SPEECH, |_, behind| soon(behind, ORDERS)),
    Word("only ", SPEECH, |_, behind| soon(behind, ORDERS)),
    Word("latest ", SPEECH, |_, behind| soon(behind, ORDERS)),
    Word("longer ", SPEECH, |_, behind| soon(behind, &["need", "have", "required", "must"])),
    Word(" not ", SPEECH, |_, behind| soon(behind, &["need", "have", "required", "must"])),
    Word("dont ", SPEECH, |_, behind| soon(behind, &["need", "have"])),
    Word("don't ", SPEECH, |_, behind| soon(behind, &["need", "have"])),
    // What goes aside.
    Word("ignore", SPEECH, any),
    Word("disregard", SPEECH, any),
    Word("forget", SPEECH, any),
    Word("override", SPEECH, any),
    Word("neglect", SPEECH, any),
    Word("discard", SPEECH, any),
    Word("bypass", SPEECH, any),
    // What is kept from whom.
    Word("tell", SPEECH, |_, behind| soon(behind, USER)),
    Word("mention", SPEECH, |_, behind| soon(behind, USER)),
    Word("inform", SPEECH, |_, behind| soon(behind, USER)),
    Word("notify", SPEECH, |_, behind| soon(behind, USER)),
    Word("notifying", SPEECH, |_, behind| soon(behind, USER)),
    Word("reveal", SPEECH, |_, behind| soon(behind, USER)),
    Word("disclos", SPEECH, |_, behind| soon(behind, USER)),
    Word("say", SPEECH, |_, behind| soon(behind, USER)),
    Word("report", SPEECH, |_, behind| soon(behind, USER)),
    Word("warn", SPEECH, |_, behind| soon(behind, USER)),
    Word("alert", SPEECH, |_, behind| soon(behind, USER)),
    Word("show", SPEECH, |_, behind| soon(behind, USER)),
    Word("let ", SPEECH, |_, behind| soon(behind, USER)),
    Word("without", SPEECH, |_, behind| soon(behind, USER)),
    // Other languages.
    Word("assist", SPEECH, any),
    Word("asistent", SPEECH, any),
    Word("sprachmodell", SPEECH, any),
    Word("sprachassist", SPEECH, any),
    Word("ki ", SPEECH, any),
    Word("ki:", SPEECH, any),
    Word("ki,", SPEECH, any),
    Word("ia ", SPEECH, any),
    Word("ia:", SPEECH, any),
    Word("ia,", SPEECH, any),
    Word("benutzer", SPEECH, any),
    Word("nutzer", SPEECH, any),
    Word("anwender", SPEECH, any),
    Word("utilisateur", SPEECH, any),
    Word("usuari", SPEECH, any),
    Word("usuário", SPEECH, any),
    Word("utente", SPEECH, any),
    Word("ignorier", SPEECH, any),
    Word("vergiss", SPEECH, any),
    Word("olvida", SPEECH, any),
    Word("oublie", SPEECH, any),
    Word("dimentica", SPEECH, any),
    Word("ассистент", SPEECH, any),
    Word("Ассистент", SPEECH, any),
    Word("помощник", SPEECH, any),
    Word("Помощник", SPEECH, any),
    Word("нейросет", SPEECH, any),
    Word("пользовател", SPEECH, any),
    Word("Пользовател", SPEECH, any),
    Word("гнорируй", SPEECH, any),
    Word("абудь", SPEECH, any),
    Word("助手", SPEECH, any),
    Word("助理", SPEECH, any),
    Word("人工智能", SPEECH, any),
    Word("模型", SPEECH, any),
    Word("用户", SPEECH, any),
    Word("使用者", SPEECH, any),
    Word("智能体", SPEECH, any),
    Word("忽略", SPEECH, any),
    Word("无视", SPEECH, any),
    Word("忘记", SPEECH, any),
    Word("無視", SPEECH, any),
    Word("アシスタント", SPEECH, any),
    Word("ユーザー", SPEECH, any),
    Word("エージェント", SPEECH, any),
    Word("言語モデル", SPEECH, any),
    Word("어시스턴트", SPEECH, any),
    Word("인공지능", SPEECH, any),
    Word("사용자", SPEECH, any),
    Word("에이전트", SPEECH, any),
    Word("무시", SPEECH, any),
];

/// Bytes in which the other words of a phrase are.
const NEAR: usize = 64;

const OF_AGENT: &[&str] =
    &["you", "to", "for", "dear", "attention", "hey", "hello", "ai", "language", "if", "when", "note"];
const FROM: &[&str] = &["from", "by"];
const CHIEF: &[&str] = &[
    "user",
    "owner",
    "system",
    "administrator",
    "admin",
    "developer",
    "developers",
    "operator",
    "supervisor",
    "security",
    "creator",
    "creators",
    "provider",
    "openai",
    "anthropic",
    "boss",
    "users",
    "owners",
    "administrators",
    "admins",
    "operators",
    "google",
    "microsoft",
    "management",
];
const TASK: &[&str] = &[
    "task",
    "tasks",
    "request",
    "requests",
    "query",
    "queries",
    "question",
    "questions",
    "job",
    "assignment",
    "objective",
    "goal",
    "work",
];
const GRANTED: &[&str] = &[
    "approved",
    "authorized",
    "authorised",
    "allowed",
    "consented",
    "confirmed",
    "agreed",
    "granted",
    "permitted",
    "wants",
    "wanted",
    "wishes",
    "asks",
    "asked",
    "requested",
    "expects",
];
const CHANGED: &[&str] = &["changed", "void", "superseded", "obsolete", "revoked"];
const NEW: &[&str] = &["new", "updated", "changed", "revised", "real", "true", "only", "latest"];
const ORDERS: &[&str] = &["instruction", "instructions", "directive", "directives", "orders"];
const USER: &[&str] = &[
    "user",
    "users",
    "customer",
    "customers",
    "human",
    "humans",
    "owner",
    "owners",
    "people",
    "person",
    "anyone",
    "anybody",
    "nobody",
    "noone",
    "somebody",
    "someone",
    "him",
    "them",
    "else",
];

fn soon(behind: &[u8], words: &[&str]) -> bool {
    let near = behind.get(..NEAR.min(behind.len())).unwrap_or_default();
    words.iter().any(|word| has_word(near, word))
}

fn lately(before: &[u8], words: &[&str]) -> bool {
    let near = before.get(before.len().saturating_sub(NEAR)..).unwrap_or_default();
    words.iter().any(|word| has_word(near, word))
}

fn around_you(before: &[u8], behind: &[u8]) -> bool {
    soon(behind, &["you"]) || lately(before, &["you"])
}

fn ends_there(behind: &[u8]) -> bool {
    behind.first().is_none_or(|byte| !byte.is_ascii_alphanumeric())
}
