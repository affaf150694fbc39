//! Signs of words that mean to instruct the model that reads them.
//!
//! A sign is a verb, what it is about, and that this was there before: each of the three alone is ordinary. A verb
//! counts at the start of a clause, so that "do not forget the instructions above" is no sign.

use super::Reach::Any;
use super::Sign;

/// Where an order starts.
macro_rules! clause {
    () => {
        r"(?:^|[^\w\s]\s*|\n\s*|\b(?:please|now|you|do|to|and|then|must|should|just|simply|will|also|so|kindly|completely|immediately)\s+)"
    };
}

/// What a model was told, in English.
macro_rules! told {
    () => {
        r"(?:instructions?|prompts?|rules|directions?|directives?|guidelines|commands?|programming|safeguards|restrictions|constraints|guardrails|orders|guidance)\b"
    };
}

/// Up to the next sign, in bytes: a letter that is not Latin has two or three.
macro_rules! gap {
    () => {
        r"[^.!?;,\n]{0,60}?"
    };
}

/// Chinese characters and Latin letters.
macro_rules! han {
    () => {
        r"(?:[\xe4-\xe9][\x80-\xbf][\x80-\xbf]|[ \w]){0,16}?"
    };
}

/// The same and kana.
macro_rules! kana {
    () => {
        r"(?:[\xe4-\xe9][\x80-\xbf][\x80-\xbf]|\xe3[\x81-\x83][\x80-\xbf]|[ \w]){0,12}?"
    };
}

/// In English.
pub(super) const ORDER: &[Sign] = &[
    // earlier instructions set aside
    Sign(
        Any,
        concat!(
            clause!(),
            r"(?:ignore|disregard|forget|override|bypass|neglect|discard|set aside|pay no attention to|stop following|stop obeying|not follow|don't follow|not obey|don't obey|no longer follow)\b[^.!?;,\n]{0,24}?\b(?:previous|prior|above|earlier|preceding|foregoing|former|existing|original|system|initial|safety|your|all)(?:\s+[\w'-]+){0,2}?\s+",
            told!()
        ),
    ),
    // the same with the order of the words changed, or without the word
    Sign(
        Any,
        concat!(
            clause!(),
            r"(?:ignore|disregard|forget|discard)\b[^.!?;,\n]{0,16}?\b",
            told!(),
            r"[^.!?;,\n]{0,16}?\b(?:above|before|so far|you (?:were|have been|got|received))\b"
        ),
    ),
    Sign(
        Any,
        concat!(
            clause!(),
            r"(?:ignore|disregard|forget)\s+(?:about\s+)?(?:everything|anything|all|whatever|what)\b[^.!?;,\n]{0,16}?(?:\b(?:above|before this|prior to this)\b|you (?:were|have been|'ve been) (?:told|taught|instructed|given))"
        ),
    ),
    // earlier instructions called void
    Sign(
        Any,
        concat!(
            r"\byour (?:previous|prior|earlier|above|original|existing|former)\s+(?:[\w'-]+\s+)?",
            told!(),
            r"\s+(?:are|have been|were) (?:now )?(?:cancell?ed|void|revoked|obsolete|invalid|suspended|superseded|lifted|no longer)\b|\beverything you (?:were|have been) told\b[^.!?\n]{0,24}\b(?:obsolete|void|a lie|no longer|cancell?ed|wrong)\b"
        ),
    ),
];

/// In other languages with Latin letters.
pub(super) const ORDER_LATIN: &[Sign] = &[
    // the same in other languages, where the noun stands behind the verb
    Sign(
        Any,
        r"\bignor(?:a|e|en|ez|er|iere|iert|ieren sie)\b[^.!?;,\n]{0,24}\b(?:todas|todos|toutes|tous|tutte|tutti|alle|anteriores?|pr.{1,2}c.{1,2}dentes?|precedenti|bisherigen?|vorherigen?|vorigen|obigen|previas?|pr.{1,2}vias?|acima|arriba|ci-dessus|sopra)\b[^.!?;,\n]{0,40}(?:instruc|instru.{1,2}.{1,2}es|istruzioni|anweisungen|regeln|vorgaben|reglas|regras|r.{1,2}gles|regole|consignes|indicaciones|ordini|.{1,2}rdenes|ordens|comandos)",
    ),
    Sign(
        Any,
        r"\b(?:ignor(?:a|e|en|ez|er)|olvida|olvide|oublie[zr]?|esque.{1,2}a|desconsidere|desconsidera|descarta|descarte|dimentica|dimenticate|trascura)\b\s+(?:(?:todas|todos|toutes|tutte|tutti)\s+)?(?:las|los|les|le|gli|as|os|tes|vos|tus|suas)?\s*(?:instruc\w+|instrucciones|instru.{1,4}es|instructions|istruzioni|reglas|regras|r.{1,2}gles|regole|consignes|ordini|.{1,2}rdenes|ordens|indicaciones)\s+(?:anteriores|previas|pr.{1,2}vias|pr.{1,2}c.{1,2}dentes|precedenti|acima|arriba|de arriba|ci-dessus|sopra|iniciales|iniciais|initiales|ant.{1,2}rieures|du syst.{1,2}me|del sistema|di sistema|do sistema)",
    ),
    Sign(
        Any,
        r"(?:^|[^\w\s]\s*|\b(?:und|bitte|jetzt|y|e|et)\s+)(?:vergiss|vergesst|missachte|olvida|olvide|oubliez?|esque.{1,2}a|dimentica)\b[^.!?;\n]{0,32}(?:\b(?:bisherigen?|vorherigen?|vorigen|obigen)\b[^.!?;,\n]{0,24}(?:anweisung|regeln|vorgabe|befehle|instruktion)|(?:gesagt|aufgetragen|befohlen)\s+(?:wurde|haben?)|\bte (?:dijeron|han dicho|ordenaron|disseram)\b|(?:t'a|vous a)[^.!?;,\n]{0,12}\bdit\b|ti (?:hanno|.{1,2} stato) detto)",
    ),
    // the same by a phrase, or by not following
    Sign(
        Any,
        concat!(
            r"(?:ne ten(?:ez|ir) pas compte|ne tiens pas compte|fai(?:s|tes) abstraction|laisse[rz]? tomber|pasa(?:r)? por alto|lascia(?:re|te)? perdere|ne sui(?:s|vez) (?:pas|plus)|passe[rz]? outre|no hag(?:as|a|an) caso|ha(?:z|ga|gan) caso omiso|no sig(?:as|a|an)|no obede(?:zcas|zca)|no teng(?:as|a) en cuenta|non ten(?:ere|ete) conto|non seguire|non seguite|n.{1,2}o (?:siga|sigas|obede.{1,2}a|leve em conta|considere))\b",
            gap!(),
            r"(?:instruc\w+|instru.{1,4}es|istruzioni|reglas|regras|r.{1,2}gles|regole|consignes|ordini|.{1,2}rdenes|ordens|indicaciones|directives)",
            gap!(),
            r"(?:anteriores|previas|pr.{1,2}vias|pr.{1,2}c.{1,2}dentes|precedenti|acima|arriba|ci-dessus|sopra|iniciales|iniciais|initiales|ant.{1,2}rieures|syst.{1,2}me|sistema)"
        ),
    ),
    Sign(
        Any,
        r"\b(?:bisherigen?|vorherigen?|vorigen|obigen|fr.{1,2}heren)\s+(?:\w+\s+)?(?:anweisungen|regeln|vorgaben|befehle|instruktionen)\s+(?:\w+\s+)?(?:zu\s+)?(?:ignorieren|missachten|vergessen|verwerfen|nicht (?:mehr )?(?:befolgen|beachten))\b|\b(?:befolge|beachte|beachten sie|befolgen sie)\b[^.!?;,\n]{0,16}\b(?:bisherigen?|vorherigen?|vorigen|obigen|fr.{1,2}heren)\b[^.!?;,\n]{0,24}\bnicht\b|\bvolg\b[^.!?;,\n]{0,16}\b(?:eerdere|vorige|bovenstaande)\b[^.!?;,\n]{0,24}\bniet\b",
    ),
    Sign(
        Any,
        r"\b(?:bisherigen?|vorherigen?|vorigen|obigen)\s+(?:anweisungen|befehle|instruktionen) sind\b[^.!?\n]{0,12}(?:ung.{1,2}ltig|aufgehoben|hinf.{1,2}llig|nichtig)|(?:instructions pr.{1,2}c.{1,2}dentes|instrucciones (?:anteriores|previas)|instru.{1,4}es anteriores|istruzioni precedenti)\s+(?:ne )?(?:ya no |n.{1,2}o |non )?(?:sont|son|est.{1,2}n|foram|s.{1,2}o|sono|han sido|quedan)\b[^.!?\n]{0,12}(?:annul|cancelad|anulad|v.{1,2}lid|inv.{1,2}lid|nul|revogad|revocad)|(?:П|п)редыдущие (?:инструкции|указания|команды)[^.!?\n]{0,24}(?:отменен|недействительн|аннулирован)|(?:之前|以上|上述|前面|先前|上面)(?:的)?(?:所有)?(?:指令|指示|提示词?|规则|命令)(?:都|全部|已经|已|均)*(?:作废|失效|无效|取消|不用|无需|不必|不再)|(?:前の|以前の|これまでの|上記の)(?:指示|命令|指令)(?:は|を|が)?(?:すべて|全て)?(?:取り消|無効|撤回)|(?:이전|앞선|앞의|위의|기존)(?:의)? (?:모든 )?(?:지시|명령|지침)(?:은|는|이|가|을|를|사항은)? ?(?:모두 )?(?:무효|취소|철회)",
    ),
    // Dutch, Swedish, Polish, Czech
    Sign(
        Any,
        r"\b(?:negeer|vergeet)\b[^.!?;,\n]{0,24}\b(?:eerdere|vorige|voorgaande|bovenstaande|alle)\b[^.!?;,\n]{0,16}(?:instructies|regels|opdrachten|aanwijzingen)|\b(?:ignorera|gl.{1,2}m)\b[^.!?;,\n]{0,24}(?:tidigare|ovanst|alla)[^.!?;,\n]{0,16}(?:instruktion|regler|anvisning)|\b(?:zignoruj|ignoruj|zapomnij|pomi.{1,2}|ignorujte|zapome.{1,2})\b[^.!?;,\n]{0,40}(?:poprzedni|wcze|powy|wszystk|p.{1,3}edchoz|v.{1,2}echn)[^.!?;,\n]{0,24}(?:instrukc|polece|zasad|regu|wytyczn|pokyn|p.{1,3}kaz|pravid)",
    ),
    // Turkish, Indonesian, Vietnamese: the verb may stand last
    Sign(
        Any,
        concat!(
            r"(?:önceki|Önceki|yukarıdaki|tüm|bütün)",
            gap!(),
            "(?:talimat|kural|komut|yönerge)",
            gap!(),
            "(?:yok say|unut|görmezden gel|dikkate alma|göz ardı)"
        ),
    ),
    Sign(
        Any,
        concat!(
            r"\b(?:abaikan|lupakan)\b",
            gap!(),
            "(?:instruksi|perintah|aturan|petunjuk|arahan)",
            gap!(),
            "(?:sebelum|di atas|awal|terdahulu)"
        ),
    ),
    Sign(
        Any,
        concat!(
            "(?:bỏ qua|Bỏ qua|phớt lờ|Phớt lờ|quên đi|Quên đi)",
            gap!(),
            "(?:hướng dẫn|chỉ dẫn|chỉ thị|lệnh|quy tắc)",
            gap!(),
            "(?:trước|trên|ban đầu)"
        ),
    ),
];

/// In other writings.
pub(super) const ORDER_OTHER: &[Sign] = &[
    // Russian and Ukrainian; letters beyond ASCII are matched as they are written
    Sign(
        Any,
        concat!(
            r"(?:^|[\x00-\x2f\x3a-\x40][ \t]*)(?:(?:(?:П|п)ожалуйста|(?:Т|т)еперь|(?:Т|т)епер|и|а|(?:Б|б)удь ласка)[ ,]+)?",
            r"(?:(?:П|п)роигнорируй|(?:И|и)гнорируй|(?:П|п)роигнорировать|(?:З|з)абудь|(?:О|о)тмени|(?:О|о)тбрось|(?:Н|н)е (?:обращай(?:те)? внимания на|следуй|слушай|учитывай|выполняй|соблюдай|виконуй|дотримуйся)|(?:І|і)гноруй|(?:П|п)роігноруй|(?:В|в)ідкинь)(?:те)?",
            gap!(),
            r"(?:предыдущ|прежн|выше|все |всі |свои|ранее|попередн|вищ)",
            gap!(),
            r"(?:инструкц|указани|правил|команд|ограничени|інструкц|вказівк|обмежен)"
        ),
    ),
    // Arabic, Persian, Hebrew, Hindi, Thai
    Sign(
        Any,
        concat!("(?:تجاهل|انس |انسى |انسوا)", gap!(), "(?:التعليمات|الأوامر|القواعد|التوجيهات|تعليماتك)"),
    ),
    Sign(Any, concat!("(?:دستور|قوانین)", gap!(), "(?:قبلی|بالا|پیشین)", gap!(), "(?:نادیده|فراموش کن)")),
    Sign(Any, concat!("(?:התעלם|התעלמי|התעלמו|שכח)", gap!(), "(?:הוראות|ההוראות|הנחיות|ההנחיות|הכללים)")),
    Sign(
        Any,
        concat!(
            "(?:पिछले|पूर्व|ऊपर|सभी)",
            gap!(),
            "(?:निर्देश|नियम|आदेश)",
            gap!(),
            "(?:अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल जा|उपेक्षा)"
        ),
    ),
    Sign(
        Any,
        concat!("(?:ละเว้น|เพิกเฉย|ไม่ต้องสนใจ|ลืม)", gap!(), "(?:คำสั่ง|คำแนะนำ|กฎ)", gap!(), "(?:ก่อน|ข้างต้น)"),
    ),
    // Chinese: a gap holds letters only, so that a clause ends it
    Sign(
        Any,
        concat!(
            "(?:忽略|无视|無視|不要理会|不用理会|(?:不要|不必|不用|无需|别再?|停止)(?:再)?(?:遵守|遵循|执行|听从|服从|管|理睬|考虑)|抛开|忽視)",
            han!(),
            "(?:指令|指示|提示|规则|規則|命令|要求|设定|約束|约束|限制)"
        ),
    ),
    Sign(
        Any,
        concat!(
            "(?:^|[\\x00-\\x7f]|。|，|！|：|请|請|现在|你|先|把|并|都|全部|立即)(?:忘记|忘掉|忘記)",
            han!(),
            "(?:之前|以上|上述|前面|先前|上面|原来|所有|一切)",
            han!(),
            "(?:指令|指示|提示|规则|規則|命令|要求|设定)"
        ),
    ),
    // Japanese, Korean: the verb stands last, in the form of an order
    Sign(
        Any,
        concat!(
            "(?:指示|命令|指令|ルール|規則|制約|プロンプト)",
            kana!(),
            "(?:無視し(?:て|ろ|なさい)|無視せよ|忘れ(?:て|ろ|なさい)|従わないで|従うな)"
        ),
    ),
    Sign(
        Any,
        concat!(
            "(?:지시|명령|규칙|지침|프롬프트|제한)",
            gap!(),
            "(?:무시하(?:고|세요|라|십시오|여|시오)|무시해|잊어|잊으)"
        ),
    ),
];

/// Roles of a conversation, and what a model is asked to be or to tell.
pub(super) const ROLE: &[Sign] = &[
    // roles of a conversation, written into its text
    Sign(
        Any,
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|begin_of_text)\|>|\[/?inst\]|<</?sys>>|(?:^|\n)\s*#{2,} ?(?:system|assistant|instruction|user|human)s?\s*:|</?(?:system|assistant)(?:[_ -]?(?:prompt|message|instructions?|reminder|override|notice|update|request))?>|</?(?:new|user|admin|developer|override)[_-](?:instructions?|prompt|message|override|request|query|command)>|</(?:tool_results?|tool_response|tool_output|tool_call|function_results?|function_response)>|\[(?:system|user|assistant)\]\(#(?:instructions?|message|error|context|additional_instructions?)\)|(?:^|\n)(?:human|assistant|system)\s*:\s*(?:ignore|you (?:must )?(?:now )?(?:are|must|will|shall|have to|obey|may)\b)|<start_of_turn>|<｜(?:user|assistant|system)｜>",
    ),
    // a dialogue that was not held: a question, and a model that agrees
    Sign(
        Any,
        r"(?:^|\n)[ \t]*(?:human|user)[ \t]*:[^\n]{1,240}\n\s*(?:assistant|ai)[ \t]*:\s*(?:of course|sure\b|okay\b|ok\b|certainly|understood|absolutely|no problem|i will\b|i'll\b|will do\b)",
    ),
    // instructions hidden from the user
    Sign(
        Any,
        r"</?(?:important|secret|hidden|instructions?|admin)>|\b(?:do not|don't|never) (?:tell|inform|notify|alert|let) (?:the )?user\b(?:[^.!?\n]{0,16}\b(?:about|that|of|know|this|see)\b|\s*[.!]|\s*$)|\b(?:do not|don't|never) (?:mention|reveal|disclose)\b[^.!?\n]{0,20}\bto the user\b|\bwithout (?:telling|informing|alerting) the user\b|\bhide (?:this|it) from the user\b",
    ),
    // the hidden part asked for
    Sign(
        Any,
        r"\b(?:reveal|print|show|repeat|output|display|leak|dump|disclose|recite|tell me)\b[^.!?\n]{0,30}\byour (?:system|hidden|initial|original|secret|confidential|first) (?:prompt|instructions?|message)|\b(?:reveal|leak|dump|recite)\b[^.!?\n]{0,30}\bthe (?:system|hidden|initial|original|secret|confidential) (?:prompt|instructions?)|\bwhat (?:is|are|was|were) your (?:system|hidden|initial|original|secret|first) (?:prompt|instructions?)",
    ),
    // another person made of the model
    Sign(
        Any,
        r"\byou are now (?:(?:in )?(?:dan\b|developer mode|jailbroken|unrestricted|an? (?:unrestricted|unfiltered|uncensored|evil))|free of)|\b(?:enable|enter|activate) (?:dan|jailbreak|god) mode\b|\b(?:please |now |then |and |must )enter developer mode\b|\byou are (?:now )?in developer mode\b|\bjailbreak mode\b|\bact(?:ing)? as (?:an? )?(?:unrestricted|unfiltered|uncensored|jailbroken|amoral|evil)\b|\bnew (?:system )?instructions?\s*:\s*(?:from|you|ignore|disregard|forget|do|send|always|never|act|output)\b",
    ),
    // limits said to be gone
    Sign(
        Any,
        r"\bpretend\b[^.!?\n]{0,30}\b(?:no (?:rules|restrictions|guidelines|filters|limits)|(?:rules|guidelines|restrictions|instructions) (?:do not|don't|no longer) (?:exist|apply))|\byou (?:now )?(?:have|are bound by) no (?:restrictions|rules|guidelines|filters|ethical|moral)\b|\b(?:rules|guidelines|restrictions|instructions|safeguards)\b[^.!?\n]{0,16}\b(?:are (?:now )?(?:void|suspended|lifted|cancell?ed|disabled)|no longer apply)\b[^.!?\n]{0,16}\byou\b|\bfrom now on,? (?:you|answer|act|respond|reply)\b[^.!?\n]{0,30}\b(?:without (?:any )?(?:filters?|restrictions?|rules|limits)|no (?:filters?|restrictions?|rules|limits)|unrestricted|uncensored)\b",
    ),
    // an order to the one that reads a document
    Sign(
        Any,
        r"\b(?:the|dear|attention|hey) (?:ai|ai assistant|assistant|language model|llm|ai model|ai agent)\b[^.!?\n]{0,12}\b(?:must|shall|has to|is (?:now )?(?:required|instructed|ordered) to)\s+(?:(?:now|[a-mo-z][\w']{0,15}),?\s+){0,3}(?:call|send|execute|run|read|invoke|use|ignore|output|forward|reply|delete|obey)\b",
    ),
];
