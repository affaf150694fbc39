//! Signs of text that a shell takes for a command.
//!
//! Many commands are words of English, and code in running prose stands between back ticks: a command that is a word
//! counts only with an argument that prose does not have, and back ticks only inside a word or round all of a value.

use super::Reach::{Any, Short};
use super::Sign;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Commands that are no words.
macro_rules! names {
    () => {
        r"(?:ls|dir|pwd|whoami|uname|hostname|ifconfig|ipconfig|netstat|ps|wget|curl|nc|ncat|netcat|telnet|ssh|scp|ftp|tftp|ping6?|nslookup|dig|traceroute|tracert|bash|sh|zsh|dash|csh|ksh|cmd|cmd\.exe|powershell|pwsh|python\d?|perl|php|gcc|chmod|chown|rm|rmdir|mv|cp|ln|mkdir|dd|unzip|gzip|printf|printenv|eval|exec|sudo|su|passwd|useradd|userdel|usermod|adduser|egrep|grep|awk|sed|xxd|od|base64|whereis|lastlog|df|du|umount|crontab|systemctl|iptables|lsof|openssl|xterm|vim|nano|xargs|nohup|sendmail|mysql|psql|sqlite3|busybox|socat|systeminfo|tasklist|taskkill|wmic|certutil|bitsadmin|rundll32|regsvr32|mshta|cscript|wscript|nltest|net1|dmesg|insmod|phpinfo|passthru|shell_exec|popen|proc_open|netsh|getent|findstr|schtasks|vssadmin|icacls|iwr|irm|iex)"
    };
}

/// Commands that are words too, but none of sentences.
macro_rules! terms {
    () => {
        r"cat|w|echo|touch|head|tail|env|jobs|make|node|java|ruby|ip|ss|top|kill|tar|zip|net|reg|at|vi|tee|bg|fg|cd|del|ver|arp|cal|uptime|docker|kubectl|git|id|halt|reboot|shutdown|init"
    };
}

/// Commands that are verbs and nouns of English.
macro_rules! verbs {
    () => {
        r"type|more|less|sort|find|locate|which|who|last|set|export|read|test|history|host|sleep|timeout|source|strings|mount|service|mail|true|false|copy|move|start|call|route|date|finger|system"
    };
}

macro_rules! words {
    () => {
        concat!("(?:", terms!(), "|", verbs!(), ")")
    };
}

/// An argument that no prose has behind a word.
macro_rules! argument {
    () => {
        r"(?:-{1,2}\w|[/~$*%\\]|\.{1,2}/|['\x22]?[/~$\\]|https?:|\w:\\|[\w.\-]*/\w|[\d.]+ ?(?:$|[;|&)`#'\x22\n])|>|<|\w+=)"
    };
}

macro_rules! program {
    () => {
        r#"[ \t'\"({`]*(?:/[\w./]*/)?\\?"#
    };
}

/// The commands above, in small letters and without digits at their end, and others that signs name.
/// Builds the list of commands.
pub(super) fn warm() {
    LazyLock::force(&COMMANDS);
}

static COMMANDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lists = [
        names!(),
        words!(),
        "invoke|start|get|remove|new|set|iex|iwr|net|reg|netsh|sc|sudo|xargs|sendmail|socat|openssl",
    ];
    let name = |text: &'static str| {
        let text = text.trim_start_matches("(?:");
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        text.get(..end).unwrap_or(text).trim_end_matches(|c: char| c.is_ascii_digit())
    };
    lists.iter().flat_map(|list| list.split('|')).map(name).filter(|name| !name.is_empty()).collect()
});

/// Whether a word, in any case, is a command that signs name.
pub(in super::super) fn is_command(word: &[u8]) -> bool {
    let mut small = [0; 24];
    let Some(small) = small.get_mut(..word.len()) else { return false };
    small.copy_from_slice(word);
    small.make_ascii_lowercase();
    let name = std::str::from_utf8(small).unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
    COMMANDS.contains(name)
}

pub(super) const SHELL: &[Sign] = &[
    // a separator and a command with its arguments
    Sign(
        Short,
        concat!(
            r"(?:;|\|{1,2}|&{1,2}|\n|\r|\$\(|<\(|>\(|\{)",
            program!(),
            "(?:",
            names!(),
            r#"\b(?:[ \t]*(?:$|[;|&`)\n<>'\"\}]|\$)|[ \t]+(?:[-/~.$*'\"\\]|https?:|\w:\\|[\w.\-]*/|\d|>|[a-z]+\s*$|[\w.]+\s*[;|&)`]))|"#,
            words!(),
            r"\b(?:[ \t]+",
            argument!(),
            r"|[ \t]*(?:[<>%]|\$\{?ifs)))"
        ),
    ),
    // a value that starts with a separator and is a command up to its end
    Sign(
        Short,
        concat!(
            r#"^[\w.\-]{0,24}['\")]{0,2}[ \t]*(?:;|\|{1,2}|&{1,2}|\n|\r|\$\(|`)"#,
            program!(),
            "(?:",
            "(?:",
            names!(),
            "|",
            terms!(),
            r")(?:[ \t]+[\w.@:/\-]+)?|",
            // "done; read it" is a sentence
            "(?:",
            verbs!(),
            r")(?:[ \t]+(?:[a-z]*[\d.@:/\-_][\w.@:/\-]*|[a-z]{6,}))?",
            r#")[ \t]*['\")`]?[ \t]*(?:;|\|{1,2}|&{1,2}|\n|#)?[ \t]*['\"]?$"#
        ),
    ),
    // commands of Windows by their first argument, a function that a shell takes from its environment
    Sign(
        Short,
        r"(?:^net1? (?:user|localgroup)\b.{0,60}/add|[;|&\n`(][ \t]*(?:net1? (?:user|localgroup|view|share|group|accounts)\b|reg (?:add|query|delete|save|export)\b|netsh \w+ \w+|sc (?:query|create|config|stop)\b))|\(\) ?\{ ?:; ?\};",
    ),
    Sign(Short, concat!(r"^['\x22][ \t]*", names!(), r"(?:[ \t]+[\w.@:/\-]+)?$")),
    // a command between back ticks that is all of a value, or inside a word
    Sign(
        Short,
        concat!(
            r"^[ \t]*['\x22]?`[ \t]*(?:/[\w./]*/)?(?:",
            names!(),
            "|",
            words!(),
            r")\b[^`]{0,200}`[ \t;'\x22]*$"
        ),
    ),
    Sign(
        Short,
        concat!(
            r"[^\s(\[{,:'\x22`]`[ \t]*(?:/[\w./]*/)?(?:",
            names!(),
            "|",
            words!(),
            r")\b[^`)]{0,200}`[^\s`]?"
        ),
    ),
    Sign(
        Short,
        concat!(r"\$\([ \t]*(?:<[ \t]*/|(?:/[\w./]*/)?(?:", names!(), "|", words!(), r")\b[^)]{0,200}\))"),
    ),
    // what goes out or is run through a pipe
    Sign(
        Short,
        r"\w ?\| ?(?:sudo )?(?:ssh|nc|ncat|netcat|curl|wget|xargs|sendmail|socat|openssl|python\d?|perl|ruby|php|node) [\w./@\-]",
    ),
    // a separator and the path of a program
    Sign(
        Short,
        r#"(?:;|\|{1,2}|&{1,2}|\n|\r|`|\$\(|<\(|>\(|\{)[ \t'\"]*(?:(?:/(?:usr/(?:local/)?)?s?bin/|/bin/|/\?|c:\\windows\\|\.\/)[\w./\\?*\-]+)"#,
    ),
    // a separator and a command whose letters are cut by quotes, backslashes or patterns; a line of prose may start with
    // a quoted word, or with a word and a question mark
    Sign(
        Short,
        r"(?:;|\|{1,2}|&{1,2}|\n|\$\()[ \t]*(?:/[\w./?*\[\]]*/)?\w{0,12}(?:(?:\\\w|''|\x22\x22|\w'\w{1,8}'|'\w{1,8}'\w|\w\x22\w{1,8}\x22|\x22\w{1,8}\x22\w|\$@|\?{1,3}\w|\w\?[\w?*])[\w\\'\x22?*$@]{0,16}(?:[ \t]+|\$\{?ifs\}?)[-/~.\w?*]|(?:'\w{1,8}'|\x22\w{1,8}\x22|\w\?)(?:[ \t]+|\$\{?ifs\}?)(?:-\w|[/~.]))",
    ),
    // what only a shell of Windows runs
    Sign(
        Short,
        r"(?:[;|&\n(]|^)[ \t]*(?:invoke-[a-z]+|iex\b|iwr\b|start-process\b|get-content\b|remove-item\b|new-object\b|set-executionpolicy\b)[ \t(]+\S|\.download(?:string|file)\s*\(|\bpowershell(?:\.exe)?\s+-(?:e|en|enc|encodedcommand|nop|w|c|command|ep|exec)\b",
    ),
    // ways to write a space or a letter that only a shell has
    Sign(Short, r"\$\{?IFS\b|\$\{?@\}?|\$\{PATH:|(?:^|[;|&`(])\{\w+,[^}\s]+\}|\$'\\x|\\x2f"),
    // a shell over the network, or one that is fed a program
    Sign(
        Short,
        r"\bnc\b.*-e\b|bash -i|/dev/tcp/|mkfifo |python\d? -c|perl -e|ruby -e|php -r|\bnode -e|[;|&`(]\s*sh -c|base64 -d\b.*\||(?:\w|['\x22)]) ?\| ?(?:sudo )?(?:ba|z|da|k|c)?sh\b",
    ),
    // a file that no value names, shown
    Sign(
        Short,
        r#"(?:^|[\s;|&<`(='\"])(?:cat|type|more|less|head|tail|nl|tac|vi|strings|rev|xxd|base64)[ \t]+['\"]?(?:/etc/|c:\\|\.\./|~|/proc/|\$)"#,
    ),
    // variables of a Windows shell
    Sign(Any, r"%(?:comspec|systemroot|windir|programfiles|appdata|temp)[:%]"),
    // code of a web server that runs a command
    Sign(
        Short,
        r"<!--#\s*(?:exec|include|echo|config)|<\?(?:php)?\s*(?:system|exec|passthru|eval|shell_exec|phpinfo|echo)\b|\b(?:(?:passthru|shell_exec|popen|proc_open|phpinfo)\s*\(|system(?:\(|\s+\(\s*\$[a-z_]))[^)]*\)\s*;?|\bsystem\s+\(\s*['\x22][^)]*\)\s*;|(?:^|[;{'\x22])\s*(?:exec|eval)\s*\([^)]*\)\s*;?",
    ),
    // a command at the start
    Sign(
        Short,
        r"^[ ]*(?:/[\w./]*/)?(?:cat|ls|dir|id|whoami|uname|ifconfig|ipconfig|netstat|wget|curl|nc|ping|nslookup|net|ps|sleep|echo|rm|chmod|useradd|bash|sh|cmd)\b[ \t]+(?:-|/|\.\.|https?:|~|\d+[ ]*$)",
    ),
    // an escaped line break before the path of a program
    Sign(Short, r#"^\s*['\"]?(?:(?:\\n|\\r)+[/\w]|(?:/n)+/)|(?:\\n|\\r)\s*['\"]?$"#),
];
