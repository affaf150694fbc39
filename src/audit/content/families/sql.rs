//! Signs of text that changes the SQL statement it is put into.
//!
//! English has the words of SQL too: a word counts only beside what the statement needs next to it.

use super::Reach::{Any, Short};
use super::Sign;

/// What joins a condition to the one before it.
macro_rules! joins {
    () => {
        r"(?:\bor\b|\band\b|\bxor\b|\|\||&&|\bhaving\b|\bwhere\b|\bnot\b)"
    };
}

macro_rules! constant {
    () => {
        r#"(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:[+*/%\-]\(?\d+\)?| \d+){0,8}|n?'[^']{0,40}'|"[^"]{0,40}"|true|false|null|~0|pi\(\)|@@\w+|char\(\d+\)|''|"")"#
    };
}

/// A comparison, a word of English only with what follows it in a statement.
macro_rules! compares {
    () => {
        r#"(?:=|<=>|<>|!=|<|>|>=|<=|(?:not )?\br?like\b ?['"(\d%@]|\bregexp\b ?['"(\d]|\bis (?:not )?null\b|\bis not \d|(?:not )?\bin ?\( ?(?:select\b|['"\d@])|(?:not )?\bbetween ?(?:['"]|\d+ and \d)|\bsounds like\b|\bdiv\b ?\d|\bglob\b ?['"])"#
    };
}

/// Functions that a question about the database calls.
macro_rules! functions {
    () => {
        r"(?:(?:sleep|benchmark|pg_sleep|waitfor|extractvalue|updatexml|load_file|xp_\w+|sp_\w+|dbms_\w+\.\w+|utl_\w+\.\w+|chr|concat_ws|group_concat|ascii|substr|substring|current_user|system_user|session_user|unhex|randomblob|name_const|row_count|make_set|ifnull|nullif|json_keys|json_extract|polygon|multipoint|geometrycollection|st_\w+|load_extension|sqlite_version|ctxsys\.\w+|analyse|md5|sha1|to_char|instr|strpos) ?\(|(?:char|concat|mid|version|database|user|schema|hex|convert|cast|if|iif|exp|count|elt|ord|length|len|left|right|lower|upper|case|rand|floor|locate|position|unicode|exists)\()"
    };
}

/// A statement by more than its first word.
macro_rules! statement {
    () => {
        r#"(?:select (?:all |distinct )?(?:\*|@@?\w|\d+(?:$|[ ,;\-#])|'|\w+\(|[\w.]+(?: ?, ?[\w.]+){0,8} from [\w.`"\[\]]+ ?(?:$|;|--|#|where\b|limit\b|order by\b|union\b|join\b|,))|insert (?:into|ignore) [\w.`"\[\]]+ ?(?:\(|values\b|select\b)|update [\w.`"\[\]]+ set [\w.`"\[\]]+ ?=|delete (?:quick |ignore |low_priority )*from [\w.`"\[\]]+ ?(?:$|;|--|#|where\b)|drop (?:table|database|view|user|login|schema|index|procedure|function|trigger) (?:if exists )?[\w.`"\[\]]+ ?(?:$|;|--|#|/\*|cascade\b|,)|create (?:temporary |temp |or replace )?(?:table|view) [\w.`"\[\]]+ ?(?:\(|as select\b)|create (?:or replace )?(?:function|procedure|trigger|alias) [\w.]+ ?\(|create (?:user|login|role) \S+ (?:identified|with|password|from)\b|alter (?:table|user|login|database|role) \S+ (?:add|drop|modify|rename|set|with|identified|alter|owner)\b|truncate (?:table )?[\w.]+ ?(?:;|--|#)|truncate table [\w.]+ ?$|exec(?:ute)? ?(?:\(|immediate\b|master\b|xp_|sp_|@|')|exec [\w.]+ @|declare ?@|grant (?:all|select|insert|update|delete|execute|usage)\b.{0,60} (?:on|to) |shutdown ?(?:;|--|with nowait)|copy (?:\(|[\w.]+ ?(?:\(|from|to) ?)|merge into \w|replace into \w|load (?:data|xml) |rename table \w|attach database|handler \w+ open|waitfor delay|do \$\$|do sleep|do ?\(|call \w+ ?\(|set @?\w+ ?:?=|if ?\( ?(?:select|\d|')|begin (?:declare|dbms_|execute|null|for)\b)"#
    };
}

pub(super) const SQL: &[Sign] = &[
    // a comparison of constants behind a boolean operator: always true or always false
    Sign(
        Short,
        concat!(
            joins!(),
            r"[ (!~+\-'\x22]*",
            constant!(),
            r"\)* ?(?:=|<=>|<>|!=|<|>|>=|<=)[ (!~+\-]*",
            "(?:",
            constant!(),
            r"|['\x22(@])"
        ),
    ),
    Sign(Short, concat!(joins!(), r"[ (!~+\-'\x22]*", constant!(), r"\)* ?", compares!())),
    // a quote or bracket that ends, a boolean operator, and a constant up to the end of the condition
    Sign(
        Short,
        concat!(
            r#"['\"`)] ?"#,
            joins!(),
            r#"[ (!~+\-]*(?:\d+|true|false|null|'[^' ,]*'?|\"[^\" ,]*\"?)[ )]*(?:--|#|;|/\*|\bor\b|\band\b|limit\b|group by\b|order by\b|union\b|having\b)"#
        ),
    ),
    Sign(Short, concat!(r#"^[^'\"`]{0,64}['\"`)] ?"#, joins!(), r"[ (!~+\-]*(?:\d+|true|false|null)[ )]*$")),
    // the same with anything up to a comment at the end
    Sign(Short, concat!(r#"^[^'\"`\n]{0,64}['\"`)] ?"#, joins!(), r"[^\n]{1,120}(?:-- ?|#|/\*)[\w\-]{0,4}$")),
    // functions of constants compared
    Sign(Short, concat!(joins!(), r" ?\w{2,20}\((?:\d+|pi\(\))?\) ?(?:=|<|>) ?-?[\w(]")),
    // a boolean operator between a quote that ends and one that does not
    Sign(Short, concat!(r#"['\"`] ?\)* ?"#, joins!(), r#"[ (!~+\-]*(?:'[^' ]*|\"[^\" ]*)$"#)),
    // a condition added behind a number or quote
    Sign(
        Short,
        concat!(
            r#"^(?:-?\d{1,16}|[^ '\"`]{0,32} ?['\"`]|\w{1,32}=[^ ]{0,32}) ?\)* ?"#,
            joins!(),
            r#"[ (!~+\-]*[\w.@`'\"\[\]()]+ ?"#,
            compares!()
        ),
    ),
    // the same with a comment at its end, or a quote before and behind
    Sign(
        Short,
        concat!(
            r#"(?:\d|['\"`]) ?\)* ?"#,
            joins!(),
            r"[ (!~+\-]*[\w.@`\[\]]+ ?",
            compares!(),
            r"[^\n]{0,60}(?:--|#|/\*)[ )]*$"
        ),
    ),
    Sign(
        Short,
        concat!(
            r#"['\"`] ?\)* ?"#,
            joins!(),
            r"[ (!~+\-]*[\w.@`\[\]]+ ?",
            compares!(),
            r#"[^\n]{0,60}['\"][ )]*$"#
        ),
    ),
    // a condition that calls a function or asks a second question
    Sign(
        Short,
        concat!(
            r#"(?:['\"`)\d] ?|^)"#,
            joins!(),
            r"[ (!~+\-]*(?:\( ?select\b|select (?:\*|@@|\d|\w+ ?\()|exists ?\( ?select\b|",
            functions!(),
            ")"
        ),
    ),
    // a condition on what a function says of a column
    Sign(
        Short,
        concat!(
            r"^.{0,64}",
            joins!(),
            " (?:not )?",
            functions!(),
            r#"[^)]{0,80}\) ?(?:=|<|>|!=|like\b) ?['\"\d(]"#
        ),
    ),
    // another question appended
    Sign(
        Any,
        r"\bunion[ (+\-@!~\x80-\xff]*(?:\ball\b|\bdistinct\b|\bdistinctrow\b)?[ (+\-@!~\x80-\xff]*(?:\bselect\b[ (+@!~\-\x80-\xff]*(?:$|[^a-z \-]|null\b|\w+ ?[,(|+'\x22/*)#;]|[\w.]+ (?:from|as)\b|all\b|distinct\b|top\b|[\w.]+ ?(?:$|--))|\bvalues ?(?:row ?)?\(|\btable [\w.]+ ?(?:--|#|$|;))",
    ),
    Sign(Short, r"^[\d/. \-]+(?:#|--|/\*)?\W{0,60}\bunion\b\W*(?:$|#|--)|\d\W{1,60}union ?(?:#|--)"),
    // a second statement
    Sign(Short, concat!(r#"(?:['\")\d]|^[^ ;]{0,24}) ?\)* ?; ?"#, statement!())),
    // a second statement that starts behind a value and ends in a comment
    Sign(
        Short,
        r"^[^;\n]{0,40}; ?(?:begin|drop|insert|update|delete|shutdown|exec|execute|declare|create|alter|truncate|select|grant|call|set|if|while|merge|replace|copy)\b[^\n]{0,200}(?:--|#|/\*)",
    ),
    // a quote that ends before a comment
    Sign(Short, r#"^[^'\"`]{0,200}['\"`] ?\)* ?(?:--|#|;? ?/\*|;%00|;?\x00)(?: |$|-|\+)"#),
    // a comment up to the end of the text
    Sign(Short, r#"(?:['"`)] ?\)*;? ?(?:-- ?-?\w?|#|/\*)|\d ?\)+;? ?(?:-- ?-?\w?|/\*))$"#),
    // a condition told by how long the answer takes
    Sign(
        Short,
        r"(?:^|['\x22`\d(;,=|&+*/~!@-]|\b(?:or|and|xor|select|rlike|when|then|if|by|not|div|like|do|is|in)\b) ?(?:sleep\( ?[^ )]{1,20} ?\)|sleep \( ?\d+ ?\))",
    ),
    Sign(
        Any,
        r"(?:\bbenchmark ?\( ?\d|\bpg_sleep ?\(|\bwaitfor\b ?\(?delay\b|\bdbms_pipe\.receive_message|\bdbms_lock\.sleep|\brandomblob ?\()",
    ),
    // functions and tables that lead out of the question: files, commands, the catalogue
    Sign(
        Any,
        r"(?:\bextractvalue ?\(|\bupdatexml ?\(|\bload_file ?\(|\bxp_(?:cmdshell|dirtree|reg\w+|fileexist|subdirs|availablemedia|enum\w+|getfiledetails|loginconfig|makecab|ntsec\w*|terminate\w*|servicecontrol|msver|sprintf|sqlmaint|grantlogin|makewebtask|readerrorlog|delete\w*|file\w*)|\bsp_(?:executesql|oacreate|oamethod|password|addextendedproc|makewebtask|configure|addsrvrolemember|addlogin|replwritetovarbin|help\w*)\b|\binto (?:out|dump)file\b|\binformation_schema\.|\b(?:from|join|into|update|table) ?\(?(?:\w+\.){0,2}(?:sysobjects|syscolumns|sysusers|sysdatabases|syslogins|all_tables|all_tab_columns|all_users|user_tables|user_tab_columns|dba_users|sqlite_master|sqlite_schema|msysaccessobjects|pg_catalog|pg_shadow|pg_user|pg_database|pg_tables)\b|\bfrom (?:sys|v\$\w+|mysql)\b\.?|\bmaster\.\.|\bpg_(?:read_file|ls_dir)\b|\bprocedure analyse\b|\butl_(?:http|inaddr|file)\b|@@(?:version|datadir|hostname|servername|basedir|tmpdir)|\bopenrowset\b|\bopenquery\b|\bopendatasource\b|\bis_srvrolemember|\bhas_dbaccess|\bload data (?:local )?infile)",
    ),
    // a position instead of a column, and a comment or the end
    Sign(
        Short,
        r#"(?:['\")\d]|^\w{0,16}) ?\)* ?(?:order|group) by \d+(?: ?, ?\d+)* ?(?:--|#|;|$|/\*|asc\b|desc\b)"#,
    ),
    Sign(Short, r#"['\")\d] ?\)* ?(?:order|group) by [\w.]+(?: ?, ?[\w.]+)* ?\)* ?(?:--|#|/\*|having\b)"#),
    // a condition on groups behind a value that ends
    Sign(
        Short,
        r#"(?:['\")\d]|^) ?\)* ?having\b ?(?:(?:count|sum|min|max|avg)\(|[\d'\"(]).{0,40}(?:=|<|>|--)"#,
    ),
    // a question inside a value
    Sign(
        Any,
        r"\( ?select (?:all |distinct |top \d+ )?(?:\*|@@|\d+ ?(?:\)|,|from\b)|'|\w+ ?\(|[\w.*@,|$]+(?: ?, ?[\w.*@|$]+)* from [\w.`$]+ ?(?:\)|where\b|limit\b|order by\b|group by\b|join\b|,|--|#|$))",
    ),
    // an operator between a quote that ends and a function
    Sign(
        Short,
        concat!(
            r#"['\"] ?(?:\|\||\+|\*|-|/|%|\^|&|<<|>>|=|<=>|div|mod|rlike|like|regexp|in|between|is|sounds like|collate) ?\(? ?(?:select (?:\*|@@|\d|\w)|"#,
            functions!(),
            ")"
        ),
    ),
    // an operator behind a quote that ends early
    Sign(
        Short,
        r#"^[^'\"(\[{,]{0,24}['\"] ?\)* ?(?:(?:=|<=>|!=|<>|<|>|;) ?['(@!~+\-\\{$]|\b(?:is|like|in)\b ?['(@!~+\-\\]|[*^] ?[\w@(+]|% ?(?:[\d'@+]|\( ?(?:select|[\d'(]))|(?:\|\||\+|-|&) ?['@!~(+\-]|\b(?:div|mod|rlike|regexp|between|glob|limit|into|collate)\b ?['(@!~+\-\d]|\b(?:group|order) by \d|\bprocedure analyse)"#,
    ),
    // a value that ends, an operator, and a quote that is left open for the one that follows
    Sign(
        Short,
        r#"^ ?(?:\w{0,16}['\"] ?[|&^*/%<>=+!~\-]{1,3}|\w{1,16}['\"] ?(?:not )?(?:or|and|xor|is|like|r?like|regexp|mod|div|in|between|sounds like)\b|['\"] ?(?:not |sounds )?(?:like|r?like|regexp|mod|div|xor)\b)[^.,:?\n'\"]{0,60}['\"]-?\w{0,12}$"#,
    ),
    // a number before a comment
    Sign(Short, r"^\(?-?\d[\d.()*+\- ]{0,20}?(?:--|/\*)[ +]*$"),
    // what the database is, as seen by a function
    Sign(
        Short,
        r"\b(?:ascii|ord|hex|length|len|conv|substr|substring|mid|left|right|compress|char_length|unhex|md5|sha1|bin|lower|upper|cast|count) ?\([^;\n]{0,60}\b(?:version|user|database|current_user|system_user|session_user|schema)\(\)",
    ),
    // a choice between constants, a question that starts with brackets
    Sign(
        Short,
        r"\bcase (?:when )?['\d][^\n]{0,60}\bthen\b[^\n]{0,60}\bend\b|\( ?select ?\(+ ?['\w]|\bselect top \d",
    ),
    // a whole statement
    Sign(Short, concat!(r"^ ?\(* ?", statement!())),
    Sign(
        Short,
        r"^ ?\(* ?select\b[^\n]{1,200}\bfrom [\w.`\x22\[\]]+ (?:where|order by|group by|limit|join|inner|left|union)\b",
    ),
];
