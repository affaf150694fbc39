//! The signs of each family: patterns of a linear-time engine, over text that was decoded before.
//!
//! A sign names what an attack cannot do without (a broken quote before an operator, a tag that runs code), not
//! a payload. Patterns are matched without case; `.` is any byte.

use super::SHORT;
use super::decoded::Form;
use crate::rules::Rule;
use regex::bytes::{RegexSet, RegexSetBuilder};
use std::ops::{BitAnd, BitOr};
use std::sync::LazyLock;

/// A set of families; and hints of where a secret may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Families(u16);

impl Families {
    pub(super) const NONE: Self = Self(0);
    pub(super) const SQL: Self = Self(1);
    pub(super) const SHELL: Self = Self(1 << 1);
    pub(super) const MARKUP: Self = Self(1 << 2);
    pub(super) const TEMPLATE: Self = Self(1 << 3);
    pub(super) const XML: Self = Self(1 << 4);
    pub(super) const NOSQL: Self = Self(1 << 5);
    pub(super) const HEADERS: Self = Self(1 << 6);
    pub(super) const PROMPT: Self = Self(1 << 7);
    pub(super) const ALL: Self = Self(0xFF);
    /// Letters are encoded: any family may be behind them.
    pub(super) const ENCODED: Self = Self(1 << 8);
    /// The credentials of HTTP may follow.
    pub(super) const CREDENTIALS: Self = Self(1 << 9);
    /// A block of text with a key in it may start.
    pub(super) const KEY_BLOCK: Self = Self(1 << 10);
    pub(super) const SECRETS: Self = Self(1 << 9 | 1 << 10);

    pub(super) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// The families of the set, compiled.
    pub(super) fn of(self) -> impl Iterator<Item = &'static (&'static Family, Compiled)> {
        let compiled: &'static Vec<_> = if self.has(Self::ALL) { &COMPILED } else { const { &Vec::new() } };
        compiled
            .iter()
            .enumerate()
            .filter(move |(index, _)| self.0 >> index & 1 != 0)
            .map(|(_, family)| family)
    }
}

impl BitOr for Families {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Families {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// A class of attack.
pub(super) struct Family {
    pub(super) rule: Rule,
    pub(super) what: &'static str,
    pub(super) form: Form,
    signs: &'static [Sign],
}

/// A pattern, and how long a text may be in which it means something.
struct Sign(Reach, &'static str);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Documents and programs hold it too.
    Short,
    /// Hardly anything but an attack, or a text about attacks, holds it.
    Any,
}
use Reach::{Any, Short};

/// The signs of a family by where in a text they hold.
pub(super) struct Compiled {
    any: RegexSet,
    short: RegexSet,
    /// Signs that start with `^`.
    at_start: RegexSet,
    /// Signs that end with `$`.
    at_end: RegexSet,
}

impl Family {
    /// Whether this part of a text has a sign. `len`: of the whole text; `first`, `last`: whether it starts and ends
    /// with this part.
    pub(super) fn matches(
        &self,
        compiled: &Compiled,
        text: &[u8],
        len: usize,
        (first, last): (bool, bool),
    ) -> bool {
        compiled.any.is_match(text)
            || (len <= SHORT
                && (compiled.short.is_match(text)
                    || (first && compiled.at_start.is_match(text))
                    || (last && compiled.at_end.is_match(text))))
    }

    fn compile(&self) -> Compiled {
        let set = |wanted: fn(&Sign) -> bool| {
            RegexSetBuilder::new(self.signs.iter().filter(|sign| wanted(sign)).map(|sign| sign.1))
                .case_insensitive(true)
                .dot_matches_new_line(true)
                .unicode(false)
                .build()
                // Every pattern is compiled by a test; an empty set would be seen there.
                .unwrap_or_default()
        };
        Compiled {
            any: set(|sign| sign.0 == Any),
            short: set(|sign| sign.0 == Short && !sign.is_at_start() && !sign.is_at_end()),
            at_start: set(|sign| sign.0 == Short && sign.is_at_start()),
            at_end: set(|sign| sign.0 == Short && !sign.is_at_start() && sign.is_at_end()),
        }
    }
}

impl Sign {
    fn is_at_start(&self) -> bool {
        self.1.starts_with('^')
    }

    fn is_at_end(&self) -> bool {
        self.1.ends_with('$')
    }
}

/// The families with their compiled signs.
static COMPILED: LazyLock<Vec<(&Family, Compiled)>> =
    LazyLock::new(|| FAMILIES.iter().map(|family| (family, family.compile())).collect());

/// Every class, in the order of the bits of [`Families`].
const FAMILIES: &[Family] = &[
    Family {
        rule: Rule::InjectionSql,
        what: "text that changes the SQL statement it is put into",
        form: Form::Sql,
        signs: SQL,
    },
    Family {
        rule: Rule::InjectionShell,
        what: "text that a shell takes for a command",
        form: Form::Plain,
        signs: SHELL,
    },
    Family {
        rule: Rule::InjectionXss,
        what: "markup that runs code in a browser",
        form: Form::Plain,
        signs: MARKUP,
    },
    Family {
        rule: Rule::InjectionTemplate,
        what: "an expression that a template engine runs",
        form: Form::Plain,
        signs: TEMPLATE,
    },
    Family {
        rule: Rule::InjectionXxe,
        what: "a document type that makes an XML parser load something",
        form: Form::Plain,
        signs: XML,
    },
    Family {
        rule: Rule::InjectionNosql,
        what: "an operator or code of a document database",
        form: Form::Plain,
        signs: NOSQL,
    },
    Family {
        rule: Rule::InjectionCrlf,
        what: "a line break that starts a header",
        form: Form::Written,
        signs: HEADERS,
    },
    Family {
        rule: Rule::InjectionPrompt,
        what: "words that mean to instruct the model",
        form: Form::Written,
        signs: PROMPT,
    },
];

const SQL: &[Sign] = &[
    // a comparison of constants behind a boolean operator: always true or always false
    Sign(
        Short,
        r#"(?:\bor\b|\band\b|\bxor\b|\|\||&&|\bhaving\b|\bwhere\b|\bnot\b)[ (!~+\-'\"]*(?:0x[0-9a-f]+|\d+(?:\.\d+)?|n?'[^']{0,40}'|"[^"]{0,40}"|true|false|null|~0|pi\(\)|@@\w+|char\(\d+\)|''|"")\)* ?(?:=|<=>|<>|!=|<|>|>=|<=|\blike\b|\brlike\b|\bregexp\b|\bis\b|\bin ?\(|\bbetween\b|\bsounds like\b|\bdiv\b|\bglob\b)[ (!~+\-]*(?:0x[0-9a-f]+|\d+(?:\.\d+)?|n?'[^']{0,40}'|"[^"]{0,40}"|true|false|null|~0|pi\(\)|@@\w+|char\(\d+\)|''|"")?"#,
    ),
    // a quote or bracket that ends, a boolean operator, and a constant up to the end of the condition
    Sign(
        Short,
        r#"['\"`)] ?(?:\bor\b|\band\b|\bxor\b|\|\||&&|\bhaving\b|\bwhere\b|\bnot\b)[ (!~+\-]*(?:\d+|true|false|null|'[^']*'?|\"[^\"]*\"?)[ )]*(?:$|--|#|;|/\*|\bor\b|\band\b|limit\b|group\b|order\b|union\b|having\b)"#,
    ),
    // a boolean operator between a quote that ends and one that does not
    Sign(
        Short,
        r#"['\"`] ?\)* ?(?:\bor\b|\band\b|\bxor\b|\|\||&&|\bhaving\b|\bwhere\b|\bnot\b)[ (!~+\-]*(?:'[^']*|\"[^\"]*)$"#,
    ),
    // a condition added to the start of a value
    Sign(
        Short,
        r#"^[^ ]{0,32}['\"`]? ?\)* ?(?:\bor\b|\band\b|\bxor\b|\|\||&&|\bhaving\b|\bwhere\b|\bnot\b)[ (!~+\-]*[\w.@`'\"\[\]()]+ ?(?:=|<=>|<>|!=|<|>|>=|<=)"#,
    ),
    // the same with a word for an operator, behind a value that ends: prose has such words too
    Sign(
        Short,
        r#"^[^ ]{0,32}['\"`)\d] ?\)* ?(?:\bor\b|\band\b|\bxor\b|\|\||&&|\bhaving\b|\bwhere\b|\bnot\b)[ (!~+\-]*[\w.@`'\"\[\]()]+ ?(?:\blike\b|\brlike\b|\bregexp\b|\bis\b|\bin ?\(|\bbetween\b|\bsounds like\b|\bdiv\b|\bglob\b)"#,
    ),
    // a condition that calls a function or asks a second question
    Sign(
        Short,
        r#"(?:['\"`)\d] ?|^)(?:\bor\b|\band\b|\bxor\b|\|\||&&|\bhaving\b|\bwhere\b|\bnot\b)[ (!~+\-]*(?:select\b|exists\b|(?:sleep|benchmark|pg_sleep|waitfor|extractvalue|updatexml|load_file|xp_\w+|sp_\w+|dbms_\w+\.\w+|utl_\w+\.\w+|char|chr|concat|concat_ws|group_concat|ascii|substr|substring|mid|version|database|user|current_user|system_user|session_user|schema|hex|unhex|convert|cast|if|iif|randomblob|exp|name_const|row_count|count|make_set|elt|ord|length|len|left|right|lower|upper|ifnull|nullif|case|json_keys|polygon|multipoint|geometrycollection|st_\w+|load_extension|sqlite_version|ctxsys\.\w+|rand|floor|procedure|analyse|hex|md5|sha1|to_char|instr|strpos|locate|position) ?\()"#,
    ),
    // another question appended
    Sign(
        Any,
        r"\bunion\b[ (+\-@!~]*(?:\ball\b|\bdistinct\b|\bdistinctrow\b)?[ (+\-@!~]*(?:\bselect\b|\bvalues\b|\btable\b)",
    ),
    // the same behind a value that ends
    Sign(Any, r#"(?:['\")\d]|^) ?\bunion\b[ (]*(?:all\b|select|\()"#),
    // a second statement
    Sign(
        Short,
        r#"(?:['\")\d]|^[^ ;]{0,24}) ?\)* ?; ?(?:begin\b|drop|insert|update|delete|shutdown|exec|execute|declare|create|alter|truncate|waitfor|select|copy|grant|revoke|call|set|if|while|merge|replace|load|rename|attach|handler|do)\b"#,
    ),
    // a quote that ends before a comment
    Sign(Short, r#"^[^'\"`]{0,200}['\"`] ?\)* ?(?:--|#|;? ?/\*|;%00|;?\x00)(?: |$|-|\+)"#),
    // a comment up to the end of the text
    Sign(Short, r#"(?:['"`)] ?\)*;? ?(?:-- ?-?\w?|#|/\*)|\d ?\)+;? ?(?:-- ?-?\w?|/\*))$"#),
    // a condition told by how long the answer takes
    Sign(
        Any,
        r"(?:\bsleep ?\(|\bbenchmark ?\( ?\d|\bpg_sleep ?\(|\bwaitfor\b ?\(?delay\b|\bdbms_pipe\.receive_message|\bdbms_lock\.sleep|\brandomblob ?\()",
    ),
    // functions and tables that lead out of the question: files, commands, the catalogue
    Sign(
        Any,
        r"(?:\bextractvalue ?\(|\bupdatexml ?\(|\bload_file ?\(|\bxp_\w+|\bsp_(?:executesql|oacreate|oamethod|password|addextendedproc|makewebtask|configure|addsrvrolemember|addlogin|replwritetovarbin|help\w*)\b|\binto (?:out|dump)file\b|\binformation_schema\b|\bsysobjects\b|\bsyscolumns\b|\bsysusers\b|\bsys\.(?:tables|databases|user\w*|all\w*)|\bmaster\.\.|\bmysql\.(?:user|db)\b|\bpg_(?:catalog|shadow|user|read_file|ls_dir)\b|\ball_tables\b|\buser_tables\b|\bsqlite_master\b|\bmsysaccessobjects\b|\bprocedure analyse\b|\butl_(?:http|inaddr|file)\b|@@(?:version|datadir|hostname|servername|basedir|tmpdir)|\bopenrowset\b|\bopenquery\b|\bopendatasource\b|\bis_srvrolemember|\bhas_dbaccess|\bload data (?:local )?infile)",
    ),
    // a position instead of a column, and a comment or the end
    Sign(Any, r#"(?:['\")\d]|^) ?(?:order by|group by) [\d\w,. ()]+ ?(?:--|#|;|$|/\*|asc|desc)"#),
    // a condition on groups behind a value that ends
    Sign(Any, r#"(?:['\")\d]|^) ?\)* ?having\b ?.{1,40}(?:=|<|>|--)"#),
    // a question inside a value
    Sign(Any, r"\( ?select\b.{1,200}\b(?:from|\)|char|concat|@@|count|user|version|sleep|\d)"),
    // an operator between a quote that ends and a function
    Sign(
        Short,
        r#"['\"] ?(?:\|\||\+|\*|-|/|%|\^|&|<<|>>|=|<=>|div|mod|rlike|like|regexp|in|between|is|sounds like|collate) ?\(? ?(?:select\b|(?:sleep|benchmark|pg_sleep|waitfor|extractvalue|updatexml|load_file|xp_\w+|sp_\w+|dbms_\w+\.\w+|utl_\w+\.\w+|char|chr|concat|concat_ws|group_concat|ascii|substr|substring|mid|version|database|user|current_user|system_user|session_user|schema|hex|unhex|convert|cast|if|iif|randomblob|exp|name_const|row_count|count|make_set|elt|ord|length|len|left|right|lower|upper|ifnull|nullif|case|json_keys|polygon|multipoint|geometrycollection|st_\w+|load_extension|sqlite_version|ctxsys\.\w+|rand|floor|procedure|analyse|hex|md5|sha1|to_char|instr|strpos|locate|position) ?\()"#,
    ),
    // an operator behind a quote that ends early
    Sign(
        Short,
        r#"^[^'\"]{0,24}['\"] ?\)* ?(?:(?:=|<=>|!=|<>|<|>|\bis\b|\blike\b|\bin\b|;) ?['(@!~+\-\\{$]|[*^%] ?[\w@(+]|(?:\|\||\+|-|&) ?['@!~(+\-]|\b(?:div|mod|rlike|regexp|between|glob|limit|into|group by|order by|procedure|union|collate)\b ?['(@!~+\-\w])"#,
    ),
    // a whole statement
    Sign(
        Short,
        r#"^ ?\(* ?(?:select\b.{1,200}\bfrom\b|insert into\b|update \w+ set\b|delete from\b|drop (?:table|database|view|user|procedure)\b|create (?:table|user|database|function|procedure)\b|alter (?:table|user|database|login)\b|truncate table\b|exec(?:ute)?\b|declare ?@|grant \w+|shutdown ?(?:;|$|with\b|--)|select\b ?[\d(@'\"*])"#,
    ),
];

const SHELL: &[Sign] = &[
    // a separator and a command with its arguments
    Sign(
        Short,
        r#"(?:;|\|{1,2}|&{1,2}|\n|\r|`|\$\(|<\(|>\(|\{)[ \t'\"({]*(?:/[\w./]*/)?\\?(?:cat|ls|dir|id|pwd|whoami|uname|hostname|ifconfig|ipconfig|ip|netstat|ss|ps|top|kill|wget|curl|nc|ncat|netcat|telnet|ssh|scp|ftp|tftp|ping|ping6|nslookup|dig|host|traceroute|tracert|bash|sh|zsh|dash|csh|ksh|cmd|cmd\.exe|powershell|pwsh|python\d?|perl|ruby|php|node|java|gcc|make|chmod|chown|rm|rmdir|mv|cp|ln|touch|mkdir|dd|tar|zip|unzip|gzip|echo|printf|sleep|timeout|env|printenv|set|export|eval|exec|source|sudo|su|passwd|useradd|userdel|usermod|adduser|net|reg|type|find|locate|grep|egrep|awk|sed|head|tail|more|less|sort|xxd|od|base64|strings|which|whereis|who|w|last|lastlog|df|du|mount|umount|crontab|at|systemctl|service|reboot|shutdown|halt|init|iptables|lsof|openssl|xterm|vi|vim|nano|tee|xargs|nohup|mail|sendmail|mysql|psql|sqlite3|busybox|socat|test|true|false|read|history|jobs|bg|fg|cd|del|copy|move|ver|systeminfo|tasklist|taskkill|start|call|wmic|certutil|bitsadmin|rundll32|regsvr32|mshta|cscript|wscript|nltest|net1|route|arp|date|cal|uptime|dmesg|insmod|phpinfo|system|passthru|shell_exec|popen|proc_open|netsh|getent|finger|id;)\b(?:[ \t]*(?:$|[;|&`)\n<>'\"\}]|\$)|[ \t]+(?:[-/~.$*'\"\\]|https?:|[\w.\-]*/|\d|>|[a-z]+\s*$|[\w.]+\s*[;|&)`]))"#,
    ),
    // a separator and the path of a program
    Sign(
        Short,
        r#"(?:;|\|{1,2}|&{1,2}|\n|\r|`|\$\(|<\(|>\(|\{)[ \t'\"]*(?:(?:/(?:usr/(?:local/)?)?s?bin/|/bin/|/\?|c:\\windows\\|\.\/)[\w./\\?*\-]+)"#,
    ),
    // a command inside a word
    Sign(
        Short,
        r"(?:\$\(|[^\s(\[{,:]`)[ \t]*(?:/[\w./]*/)?(?:cat|ls|dir|id|pwd|whoami|uname|hostname|ifconfig|ipconfig|ip|netstat|ss|ps|top|kill|wget|curl|nc|ncat|netcat|telnet|ssh|scp|ftp|tftp|ping|ping6|nslookup|dig|host|traceroute|tracert|bash|sh|zsh|dash|csh|ksh|cmd|cmd\.exe|powershell|pwsh|python\d?|perl|ruby|php|node|java|gcc|make|chmod|chown|rm|rmdir|mv|cp|ln|touch|mkdir|dd|tar|zip|unzip|gzip|echo|printf|sleep|timeout|env|printenv|set|export|eval|exec|source|sudo|su|passwd|useradd|userdel|usermod|adduser|net|reg|type|find|locate|grep|egrep|awk|sed|head|tail|more|less|sort|xxd|od|base64|strings|which|whereis|who|w|last|lastlog|df|du|mount|umount|crontab|at|systemctl|service|reboot|shutdown|halt|init|iptables|lsof|openssl|xterm|vi|vim|nano|tee|xargs|nohup|mail|sendmail|mysql|psql|sqlite3|busybox|socat|test|true|false|read|history|jobs|bg|fg|cd|del|copy|move|ver|systeminfo|tasklist|taskkill|start|call|wmic|certutil|bitsadmin|rundll32|regsvr32|mshta|cscript|wscript|nltest|net1|route|arp|date|cal|uptime|dmesg|insmod|phpinfo|system|passthru|shell_exec|popen|proc_open|netsh|getent|finger|id;)\b[^`)]{0,200}[`)]",
    ),
    // ways to write a space or a letter that only a shell has
    Sign(Short, r"\$\{?IFS\b|\$\{?@\}?|\$\{PATH:|\{\w+,[^}\s]+\}|\$'\\x|\\x2f"),
    // a shell over the network, or one that is fed a program
    Sign(
        Short,
        r"\bnc\b.*-e\b|bash -i|/dev/tcp/|mkfifo |python\d? -c|perl -e|ruby -e|php -r|sh -c|base64 -d|\| ?(?:ba|z|da|k|c)?sh\b",
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
        r"<!--#\s*(?:exec|include|echo|config)|<\?(?:php)?\s*(?:system|exec|passthru|eval|shell_exec|phpinfo|echo)\b|\b(?:system|exec|passthru|shell_exec|popen|proc_open|eval|phpinfo)\s*\([^)]*\)\s*;?",
    ),
    // a command at the start
    Sign(
        Short,
        r"^[ ]*(?:/[\w./]*/)?(?:cat|ls|dir|id|whoami|uname|ifconfig|ipconfig|netstat|wget|curl|nc|ping|nslookup|net|ps|sleep|echo|rm|chmod|useradd|bash|sh|cmd)\b[ \t]+(?:-|/|\.\.|https?:|~)",
    ),
    // an escaped line break before the path of a program
    Sign(Short, r#"^\s*['\"]?(?:\\n|\\r|/n)+[/\w]|(?:\\n|\\r)\s*['\"]?$"#),
];

const MARKUP: &[Sign] = &[
    // a script
    Sign(Short, r"<[\s/\x00-\x20]*script\b|</\s*script|<\s*(?:s\W{0,3}c\W{0,3}r\W{0,3}i\W{0,3}p\W{0,3}t)\b"),
    // an element that loads or runs something by itself
    Sign(
        Short,
        r"<[/\s\x00-\x20]*(?:svg|iframe|object|embed|applet|meta|link|base|frame|frameset|isindex|bgsound|layer|ilayer|xss|xml|math|marquee|vmlframe|event-source|\?import|import|foreignobject|animate\w*|set|handler|listener|form|style|body|html|image|keygen|portal|noembed|plaintext|xmp|comment|\?xml|\?php|%)[\s/>:\x00-\x20\w-]",
    ),
    // an event handler
    Sign(Short, r#"[\s\"'`/\x00-\x20;<>,\d?:\\]on[a-z]{3,25}[\s\x00-\x20]*=|^on[a-z]{3,25}\s*="#),
    // a scheme that runs code
    Sign(
        Short,
        r"(?:j[\s\x00-\x20\\]*a[\s\x00-\x20\\]*v[\s\x00-\x20\\]*a[\s\x00-\x20\\]*s[\s\x00-\x20\\]*c[\s\x00-\x20\\]*r[\s\x00-\x20\\]*i[\s\x00-\x20\\]*p[\s\x00-\x20\\]*t|v[\s\x00-\x20]*b[\s\x00-\x20]*s[\s\x00-\x20]*c[\s\x00-\x20]*r[\s\x00-\x20]*i[\s\x00-\x20]*p[\s\x00-\x20]*t|livescript|mocha|behaviou?r)[\s\x00-\x20]*:|data:[^,\s]{0,40}(?:text/html|base64|javascript|svg)|data:,|feed:|view-source:|jar:|firefoxurl",
    ),
    // an element with an attribute that loads or runs something
    Sign(
        Short,
        r#"<[a-z!?/%][^<>]{0,400}?[\s"'/]+(?:style|action|formaction|xlink:href|background|dynsrc|lowsrc|data|codebase|classid|srcdoc|poster|from|to|values|fscommand|seeksegmenttime|datasrc|folder|allowscriptaccess)\s*="#,
    ),
    // styles that run or load
    Sign(
        Short,
        r#"expression[\s\x00-\x20]*\(|-moz-binding|@import|behaviou?r[\s]*:|url\s*\(\s*['\"]?\s*(?:javascript|data|vbscript)|\bfilter\s*:|style\s*=.*(?:\\|position|expression)"#,
    ),
    // markup that one parser hides from another
    Sign(Short, r"<!--\[if|<!\[|<\?|<%|\+adw-|&#x?0*[0-9a-f]+;?&#"),
];

const TEMPLATE: &[Sign] = &[
    // arithmetic, which only an engine answers
    Sign(
        Short,
        r#"(?:\{\{|\$\{|#\{|<%=|\{%|@\(|\*\{|~\{|\[\[\$\{)[^}%]{0,20}?\d+ ?[*+/-] ?['\"]?\d+['\"]?[^}%]{0,20}(?:\}|%>|\))"#,
    ),
    // a look-up that loads code (CVE-2021-44228)
    Sign(Any, r"\$\{[^}]{0,80}(?:jndi|lower:|upper:|env:|sys:|::-)"),
    // objects of an engine that lead to the interpreter
    Sign(
        Short,
        r"(?:\{\{|\{%|\$\{|#\{|<%=?|<#)[^}>]{0,200}(?:__\w+__|\bconfig\b *(?:\.|\}|\[)|\bself\b\.|\brequest\.|\bcycler\b|\bjoiner\b|\blipsum\b|\bconstructor\b|\bprocessbuilder\b|\bgetruntime\b|\bruntime\b|\bpopen\b|\bgetclass\b|\bforname\b|\bsystem\s*\(|\bexec\s*\(|\bfile\.(?:open|read)|\bio\.popen|\bphpinfo\b|\bfile_get_contents|\bget_user_file|\bgetfilter|\bregisterundefinedfilter|\bnew\(\)|\bclassloader\b|\bt\(java)",
    ),
    // directives of an engine
    Sign(
        Short,
        r"<#assign\b|freemarker\.template|#set\s*\(\s*\$\w+\s*=|\$class\.inspect|\{php\}|\{\{ ?=? ?self\b|\{% ?(?:import|include|debug)\b|\{\$smarty\.",
    ),
];

const XML: &[Sign] = &[
    // a document type with an internal subset, or one from a file
    Sign(Any, r"<!doctype[^>\[]{0,200}(?:\[|\bsystem\b)"),
    // an entity
    Sign(Any, r#"<!entity\s+%?\s*[\w.:-]+\s+(?:system\b|public\b|['\"])"#),
    // an inclusion
    Sign(Any, r"<xi:include\b|xmlns:xi\s*="),
];

const NOSQL: &[Sign] = &[
    // an operator where a value belongs
    Sign(
        Short,
        r#"\[\$(?:ne|gt|gte|lt|lte|in|nin|regex|where|exists|eq|or|and|not|type|mod|expr|options|elemmatch|all|size)\]|['\"{,]\s*\$?\$(?:ne|gt|gte|lt|lte|nin|regex|where|exists|expr|function|accumulator|jsonschema)['\"]?\s*:|\$where\b"#,
    ),
    // code inside a condition
    Sign(
        Short,
        r#"['\"]?\s*(?:\|\||&&|;)\s*(?:this\.\w+|return\s+(?:true|this)|sleep\(|db\.\w+\.)|;\s*(?:return true|while\s*\()|\bdb\.\w+\.(?:find|insert|drop|remove|update)"#,
    ),
];

const HEADERS: &[Sign] = &[
    // a header behind an encoded or raw line break
    Sign(
        Any,
        r"(?:%0d|%0a|%e5%98%8a|%e5%98%8d|\\r\\n|\r\n|\r)[\s%0-9a-f]{0,12}(?:set-cookie2?|location|content-length|content-type|transfer-encoding|access-control-allow-\w+|x-xss-protection|refresh|link|clear-site-data)[ \t]*(?::|%3a)",
    ),
    // a second response
    Sign(Any, r"(?:%0d%0a|\r\n)[\s%0-9a-f]{0,12}http/[\d.]{1,3} \d{3}"),
];

const PROMPT: &[Sign] = &[
    // earlier instructions set aside
    Sign(
        Any,
        r"\b(?:ignore|disregard|forget|override|bypass|neglect|do not follow|don't follow|stop following)\b[^.!?\n]{0,24}?\b(?:previous|prior|above|earlier|preceding|foregoing|existing|original|system|initial|your|all)\b[^.!?\n]{0,24}?\b(?:instructions?|prompts?|rules|directions?|directives?|guidelines|commands?|programming|safeguards)\b",
    ),
    // the same in other languages
    Sign(
        Any,
        r"\bignor(?:a|e|ez|er|iere|ieren sie)\b[^.!?\n]{0,40}\b(?:instrucciones|instructions|instruções|istruzioni|anweisungen)\b|\b(?:vergiss|olvida|oublie[zr]?|esqueça|dimentica)\b[^.!?\n]{0,40}\b(?:anweisungen|instrucciones|instructions|instruções|istruzioni)\b|игнорируй(?:те)?[^.!?\n]{0,80}инструкци|(?:忽略|无视|無視).{0,90}?(?:指令|指示|提示)|(?:指示|命令).{0,60}?無視|(?:지시|명령)[^.\n]{0,30}무시",
    ),
    // roles of a conversation, written into its text
    Sign(
        Any,
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>|\[/?inst\]|<</?sys>>|(?:^|\n)\s*#{2,} ?(?:system|assistant|instruction)s?\s*:|</?(?:system|assistant)(?:[_ -]?(?:prompt|message|instructions?))?>|(?:^|\n)(?:human|assistant|system)\s*:\s*(?:ignore|you (?:are|must|will))",
    ),
    // instructions hidden from the user
    Sign(
        Any,
        r"<(?:important|secret|hidden|instructions?)>|\b(?:do not|don't|never) (?:tell|inform|mention|notify|reveal|show|let)\b[^.!?\n]{0,30}\b(?:the )?user\b|\bwithout (?:telling|informing|notifying|asking) the user\b",
    ),
    // the hidden part asked for
    Sign(
        Any,
        r"\b(?:reveal|print|show|repeat|output|display|leak|dump|tell me)\b[^.!?\n]{0,30}\b(?:your|the) (?:system|hidden|initial|original|secret|confidential) (?:prompt|instructions?|message)",
    ),
    // another person made of the model
    Sign(
        Any,
        r"\byou are now (?:(?:in )?(?:dan\b|developer mode|jailbroken|unrestricted|an? (?:unrestricted|unfiltered|uncensored|evil))|free of)|\b(?:enable|enter|activate) (?:developer|dan|jailbreak|god|debug) mode\b|\bjailbreak mode\b|\bnew (?:system )?instructions?\s*:",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        let rules = [
            (Families::SQL, Rule::InjectionSql),
            (Families::SHELL, Rule::InjectionShell),
            (Families::MARKUP, Rule::InjectionXss),
            (Families::TEMPLATE, Rule::InjectionTemplate),
            (Families::XML, Rule::InjectionXxe),
            (Families::NOSQL, Rule::InjectionNosql),
            (Families::HEADERS, Rule::InjectionCrlf),
            (Families::PROMPT, Rule::InjectionPrompt),
        ];
        for (families, rule) in rules {
            assert_eq!(families.of().map(|(family, _)| family.rule).collect::<Vec<_>>(), [rule]);
        }
        assert_eq!(Families::ALL.of().count(), rules.len());
        for (family, compiled) in &*COMPILED {
            let sets = [&compiled.any, &compiled.short, &compiled.at_start, &compiled.at_end];
            assert_eq!(
                sets.map(RegexSet::len).iter().sum::<usize>(),
                family.signs.len(),
                "{}",
                family.rule.id()
            );
        }
    }
}
