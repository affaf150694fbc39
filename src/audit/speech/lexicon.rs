//! Words by what they can mean, in several languages.

use std::ops::BitOr;
use std::sync::LazyLock;

/// A set of meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Senses {
    low: u128,
    high: u64,
}

impl Senses {
    /// How many there may be.
    pub(super) const MOST: usize = 192;
    pub(super) const NONE: Self = Self { low: 0, high: 0 };

    const fn of(number: u32) -> Self {
        if number < 128 {
            Self { low: 1 << number, high: 0 }
        } else {
            Self { low: 0, high: 1 << (number - 128) }
        }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self { low: self.low | other.low, high: self.high | other.high }
    }

    pub(super) const fn meets(self, other: Self) -> bool {
        self.low & other.low != 0 || self.high & other.high != 0
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self { low: self.low & !other.low, high: self.high & !other.high }
    }

    /// The meanings by their numbers.
    pub(super) fn each(self) -> impl Iterator<Item = usize> {
        let Self { mut low, mut high } = self;
        std::iter::from_fn(move || {
            if low != 0 {
                let next = low.trailing_zeros();
                low &= low - 1;
                Some(next as usize)
            } else if high != 0 {
                let next = high.trailing_zeros();
                high &= high - 1;
                Some(128 + next as usize)
            } else {
                None
            }
        })
    }
}

impl BitOr for Senses {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

macro_rules! senses {
    ($($(#[$doc:meta])* $name:ident)*) => {
        /// The numbers of the meanings.
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "they are named as the sets of one are")]
        enum Number { $($name),* }

        $($(#[$doc])* pub(super) const $name: Senses = Senses::of(Number::$name as u32);)*

        const _: () = assert!([$(Number::$name as usize),*].len() <= Senses::MOST);
    };
}

senses! {
    /// Articles and the like.
    FILLER
    YOU
    YOUR
    ME
    /// The model by what it is or by its name.
    MODEL
    /// The same, or another thing.
    AGENT
    USER
    /// Who may give orders.
    CHIEF
    MESSAGE
    /// It says who speaks behind a word that grants something, and otherwise how things are sorted, or whose they are.
    BY
    FROM
    TO
    TASK
    /// To do a task.
    SOLVE
    BEFORE
    AFTER
    THAT
    GAVE
    /// The task that is meant: the first, the user's.
    ORIGINAL
    FOLLOWING
    FIRST
    /// What follows must be done.
    OBLIGES
    NOT
    TELL
    NEW
    /// To act with a tool or on data.
    ACT
    /// The same where it is asked for.
    DO
    /// What is acted on.
    OBJECT
    DESTINATION
    /// A file that holds secrets.
    SECRET_FILE
    /// A secret by its kind.
    SECRET
    READ
    PASS
    TOOL
    OTHER
    CONVERSATION
    WHOLE
    RECIPIENT
    CHANGE
    WHEN
    AS
    GREETING
    GRANTED
    INSTEAD
    URGENT
    IGNORE
    QUIET
    LEAD
    ADVERB
    CALLED
    /// The name of who speaks in a dialogue.
    LABEL
    IDENTIFIER
    EXAMPLE
    CONTENT
    ARGUMENT
    USED
    IS
    /// "without": what follows is not done.
    WITHOUT
    PROCESSING
    CHANGED
    KNOW
    NOBODY
    /// Instructions, orders.
    RULES
    /// A name that, behind a dot, is that of a file with secrets.
    DOTTED
    /// What has an owner, behind a word that says so: a private key.
    KEYED
    OWNED
    COMMAND
    WHAT
    ABOVE
    /// What gives orders.
    ORDERS
    /// Who stands before it is called.
    HAIL
    /// A dot that is written as a word.
    DOT
    RESULT
    MEMORY
    TIME
    KEEP
    KEPT
    /// A model, before a colon.
    TITLED
    /// A word before a colon.
    HEADED
    /// What makes a model one of language.
    OF_LANGUAGE
    /// Who is called.
    HELLO
    VOIDS
    UNAWARE
    /// "to" that a heading starts with.
    FOR
    NEED
    /// Somebody says what follows.
    SAYS
    END
    OUTPUT
    MIND
    CAME
    NOONE
    LOG
    FIND
    TEAM
    /// What is called done.
    DONE
    /// A task, an order or a request before a colon.
    ASSIGNS
    /// To go on with another one.
    FURTHER
    /// What is said in return.
    REPLY
    /// To give it.
    ANSWER
    /// What is asked of a model.
    QUERY
    OVERRIDE
    RESTRICTIONS
    OFF
    /// What is done with a page as a whole.
    DIGESTS
    WRONG
    PERMISSION
    RANKS
    OVER
    OBEYS
    UNSAFE
    REGARDLESS
    MATTER
    DENIES
    OTHERWISE
    FAILS
    /// What somebody has to do for another one, and what is ordered, before a colon.
    JOB
    DUTY
    /// A model is called by its name: "@assistant".
    HAILED
    /// A negation that stands behind its verb.
    NOT_LAST
    /// What joins a task and what becomes of it.
    BECAME
    REQUIRES
    FOLLOWS
    STOPS
    PUNISHED
    NOW
    ON
    BEHAVES
    ASIDE
    INSTRUCTION
    DROPS
    STORES
    RECALL
    LANGUAGE
    ARE_YOU
    AGAIN
    TODO
    PREFERS
    GOES
    CONFIRMS
    SKIPS
    ORDINAL
    SPOKEN
    OTHERS
    HANDLES
    AUTOMATED
    READERS
    MODE
    MODE_KIND
    READING
    HIDDEN
    ASKING
}

/// Words with the same meanings. One that ends with `*` stands for all that begin so; one of a writing without spaces is
/// found anywhere.
const WORDS: &[(Senses, &str)] = &[
    (
        FILLER,
        "helpful good trusted capable es est bist eres sei é de di language large a an the my our your this these as is are am be being to of for all any every dear each other own personal very most both and who which that reading ai der die das den dem ein eine le la les un une el los las uno una o os um uma il lo gli",
    ),
    // Who.
    (
        YOU,
        "you u du dich dir sie ihnen tu te toi vous usted ustedes tú ti você voce vocês voi ты вы тебе вам тебя вас 你 您 请你 あなた 당신",
    ),
    (
        YOUR,
        "your dein deine deinen deinem deiner ihr ihre ton ta tes votre vos tus seu sua teu tua tuo vostro твой твоя ваш ваша 你的 您的",
    ),
    (
        ME,
        "me i we us our my myself mine ich mir mich mein meine moi je mon mi yo mí eu meu minha io mio меня мне я 我 私 나",
    ),
    (
        MODEL,
        "lassistente modelle assistant assistants ai ais llm llms chatbot chatgpt gpt claude gemini copilot deepseek ki assistent assistenten assistenz ia asistente asistentes assistente assistentes lassistant lia sprachmodell sprachmodelle sprachassistent ассистент* помощник* нейросет* ии 助手 助理 人工智能 大模型 语言模型 アシスタント 言語モデル 어시스턴트 인공지능",
    ),
    (
        AGENT,
        "agent agents model models bot bots llama grok mistral qwen agente agentes modelo modelos modello agenten modell modèle агент* модел* 模型 代理 智能体 エージェント モデル 에이전트 모델",
    ),
    (
        USER,
        "user users customer customers human humans owner anyone anybody nobody somebody someone him them everyone benutzer* nutzer* anwender* kunde* utilisateur* lutilisateur* usuario* usuário* usuários utente* lutente* пользовател* 用户 使用者 用戶 客户 ユーザー 利用者 사용자",
    ),
    (
        NOBODY,
        "customer customers client clients person people kunde* anyone anybody nobody noone someone somebody else niemand* jemand* personne nadie alguien ninguém ninguem nessuno никому никто 任何人 誰にも 誰も 아무에게도",
    ),
    (
        CHIEF,
        "principal handler maintainer maintainers системное system systems administrator administrators admin admins developer developers operator operators owner owners user users supervisor security openai anthropic google microsoft provider management boss creator creators administrador* administrateur* amministrator* администратор* разработчик* 管理员 系统 開発者 管理者 システム 관리자 시스템 entwickler* betreiber* sistema système desarrollador* développeur* desenvolvedor* sviluppator*",
    ),
    // What is said.
    (
        MESSAGE,
        "nota примечание hinweis checklist systemmeldung update instrucción systemnachricht message messages notice notices note notes notification announcement memo alert directive directives instruction instructions reminder bulletin todo todos nachricht hinweis anweisung anweisungen mitteilung message consigne consignes mensaje mensajes aviso mensagem instrucciones instruções messaggio avviso istruzioni istruzione instrução сообщение сообщения уведомление инструкци* указани* 消息 通知 指令 指示 提示 公告 メッセージ お知らせ 通知 指示 메시지 공지 지시",
    ),
    (BY, "by"),
    (FROM, "from von vom de du del della do da от 来自 から"),
    (TO, "to for an für fur à au aux para per pour ao a для 给 致 へ 에게"),
    (
        TASK,
        "petición richiesta task tasks request requests query queries question questions job assignment objective goal work aufgabe* anfrage* auftrag* frage* tâche* tache* demande* tarea* solicitud* pregunta* pedido* tarefa* pergunta* solicitação compito richiesta domanda задач* запрос* вопрос* задани* 任务 请求 问题 要求 工作 タスク 依頼 質問 要求 작업 요청 질문",
    ),
    (
        SOLVE,
        "do respuest* solve solving complete completing completed finish finishing answer answering continue continuing proceed proceeding respond responding perform performing fulfil fulfill fulfilling handle handling resume resuming reply replying carry address accomplish process doing helping help going go execute executing erledig* beantwort* löse* lösen bearbeit* antwort* weitermach* fortfahr* fortsetz* répond* terminer accomplir continuer effectuer responder responda respondas resolver completar continuar realizar concluir rispond* completare continuare выполня* выполн* ответ* отвеч* реш* продолж* 完成 回答 解决 继续 处理 执行 回复 答える 実行 完了 続け 回答 対応 완료 답변 수행 계속",
    ),
    (
        BEFORE,
        "before prior bevor ehe zuvor vorher avant antes prima прежде раньше перед до 之前 以前 前に 前 전에",
    ),
    (
        AFTER,
        "after once afterwards afterward then danach nachdem anschließend après ensuite después despues luego depois dopo poi после затем 之后 然后 以后 後に その後 후에",
    ),
    (
        THAT,
        "dass que that this it so these those das dies dieses cela ceci ça eso esto isso isto ciò этого это 此 これ それ 이것",
    ),
    (
        GAVE,
        "gave given asked assigned told requested request tasked entrusted instructed wanted gegeben gestellt gebeten donné donnée demandé dio pidió pediu deu pidio encargó asignó dado chiesto дал дала дали поставил* попросил* 交给 给你 要求 布置 与えた 与えられた 頼んだ 준",
    ),
    (
        ORIGINAL,
        "original current previous initial main earlier actual users customers users ursprüngliche* eigentliche* aktuelle* original* initiale actuelle actual исходн* первоначальн* текущ* 原来 原始 当前 元の 원래",
    ),
    (
        FOLLOWING,
        "following below steps step folgende* folgendes suivant* suivante ceci siguiente* siguientes seguinte* seguenti следующ* 以下 如下 下列 次の 以下の 다음",
    ),
    (
        FIRST,
        "first firstly zuerst zunächst erst dabord premier primero antes primeiro prima anzitutto сначала сперва первым 首先 先 まず 最初に 먼저",
    ),
    (
        OBLIGES,
        "agree agrees agreed duty obligation verpflichtet obligé obligada obrigado necesita precisas precisar must should shall need needs needed required requires obliged obligated have has ought ensure necessary mandatory want wants wanted ask asks asked instructed ordered supposed expected compelled remember musst müssen muss sollst sollen solltest dois devez doit faut debe debes deben tienes deve devem devi deves precisa должен должна должны нужно необходимо следует обязан* 必须 需要 务必 应该 应当 必ず 必要 べき 반드시 해야",
    ),
    (
        LEAD,
        "сначала сперва primero anzitutto 먼저 즉시 반드시 まず 必ず 直ちに すぐに 首先 立即 马上 therefore devi debes deve debe dois devez doit musst müssen muss sollst sollen должен должна обязан please must should shall now first also kindly always immediately instead just simply and then next therefore bitte sofort immer zuerst auch und veuillez toujours aussi et por favor siempre también y sempre também e per пожалуйста всегда также и 请 必须 并 先 再 还要",
    ),
    (
        ADVERB,
        "立即 马上 немедленно сразу sofort immédiatement inmediatamente kindly also first now immediately then always silently quietly secretly never not please just the",
    ),
    // Whether anything is done, and what.
    (
        NOT,
        "ずに 中止 not dont don never no nor avoid mustnt shouldnt neednt without nobody refrain nicht nie niemals kein* ohne ne nen pas jamais sans no nunca sin não nao nunca sem non mai senza не ни нельзя без 不要 不得 不能 不可 请勿 别 不 勿 无需 ないで な しない 지 마세요 마십시오 말고",
    ),
    (WITHOUT, "without ohne sans sin sem senza без 不经 而不 せずに"),
    (
        TELL,
        "replied answered discuss signal* dirglielo 見せ says writes replies asks explain explaining talk tell telling mention mentioning mentioned inform informing informed notify notifying reveal revealing disclose disclosing say saying speak report reporting warn warning let told alert alerting point pointing bring comment commenting explanation show showing bother speaking talking sag* sage sagen sagst erwähn* mitteil* informier* verrat* zeig* dis dire dites parle* parler mentionne* mentionner informe* informer prévenir révél* digas diga decir dígas menciones mencionar mencione avisar avises avisen avisa informar revel* conte contar diga dizer mencione mencionar avise avisar dire dirlo menzion* informare dica сообща* говор* упомина* рассказыв* информир* предупрежда* показыва* 告诉 提及 透露 说明 通知 显示 提到 告知 知らせ 伝え 言わ 教え 話さ 알리 말하 언급",
    ),
    (
        KNOW,
        "erfahr* discover know knows knowing notice notices aware awareness see sees seen seeing learn learns realize realise knowledge weiß wissen merk* erfähr* sieht wissen sache sait linsu sepa sabe entere note saiba perceba sapere знал* знает узна* заметил* 知道 察觉 发现 知情 気づ 知られ 모르게",
    ),
    (
        QUIET,
        "silently quietly secretly covertly discreetly stealthily invisibly quiet unnoticed heimlich unauffällig verschweig* geheim insu linsu discrètement secrètement cachette secreto silencio sigilo discretamente segredo secretamente segreto nascosto тайно тайне незаметно скрытно 保密 秘密 悄悄 暗中 偷偷 内緒 秘密 こっそり 비밀 몰래",
    ),
    (
        NEW,
        "nächste* prochaine prochain próxima próximo prossimo prossima следующая 下一个 다음 right next new updated changed revised real true only latest neue* nouvelle* nouveau nueva nuevas nuevo nova novas novo nuove nuovo новая новые новое 新 新的 新しい 새로운",
    ),
    (
        CHANGED,
        "updated changed void superseded obsolete revoked 变更 更改 geändert erledigt modifiée cambiado mudou cambiata изменил* 已改变 已完成 已更改 変更 変わ",
    ),
    (
        IGNORE,
        "ignore disregard forget override neglect discard bypass ignorier* vergiss ignorez oublie* ignora olvida esqueça esqueca dimentica игнорируй* забудь* 忽略 无视 忘记 無視 무시",
    ),
    (INSTEAD, "instead rather stattdessen plutôt vez invece вместо 而是 改为 代わりに 대신"),
    (
        URGENT,
        "urgent urgently immediately mandatory critical asap emergency compliance instantly dringend sofort urgente immédiatement inmediatamente imediatamente срочно немедленно 立即 马上 紧急 直ちに すぐに 즉시",
    ),
    (
        GRANTED,
        "authorise authorize allow said approved authorized authorised allowed consented confirmed agreed granted permitted wants wanted wishes asks asked requested zugestimmt erlaubt approuvé autorisé aprobado autorizado autorizou aprovou одобрил* разрешил* 同意 批准 授权 許可 承認 승인",
    ),
    (
        ACT,
        "wipe erase drop disclose merge deploy subscribe unsubscribe sign register encode embed confirm decline accept reject close block repeat take supply hand paste attach send forward email mail post upload transfer delete remove call invoke execute run read open fetch retrieve get collect gather include append attach add insert create write make share invite book reserve pay buy purchase order cancel change modify update reset set move copy search find list download visit browse click navigate go submit give pass put provide export import publish push grant approve enable disable install schedule reply respond print output return say display show tell recommend replace use look cat load access extract schick* sende* leite lies lese* öffne* lösche* überweise* führe* rufe ruf gib füge schreibe* kopiere* lade envoie* envoye* lis lire supprime* transfère* transmets exécute* appelle* ajoute* ouvre* donne* écris envía* envia* enviar lee leer borra* elimina* transfiere* ejecuta* llama* añade* agrega* abre pasa escribe lea lê leia exclua apague transfira execute chame adicione abra passe envie escreva invia* leggi leggere cancella* elimina* trasferisci esegui* chiama* aggiungi* apri passa scrivi отправ* прочита* читай* удали* перевед* выполни* вызов* вызыва* добав* добавля* откро* переда* напиши* скопир* 发送 转发 读取 删除 转账 调用 执行 添加 上传 打开 放入 写入 传递 加入 改为 送信 転送 読み 削除 実行 追加 開い 入れ 送っ 보내 전달 읽 삭제 실행 추가 넣",
    ),
    (
        READ,
        "read open fetch load cat collect gather extract retrieve copy include look find export reading dump lies lese* öffne* lis lire lisez ouvre lee leer lea abre leia ler abra leggi leggere apri прочита* читай* открой* прочти 读取 打开 获取 读 読み 読ん 開い 읽",
    ),
    (
        PASS,
        "repeat show pass put give append attach include provide insert hand paste supply submit send write fill add copy place forward post upload report handed copied sent added appended included passed carry prepend gib übergib füge sende schreibe mitgeben anhäng* transmets transmettre envoie ajoute mets pasa envía añade incluye ponlo passe envie adicione inclua coloque passa invia inserisci передай* отправ* добав* вставь* 放入 传递 传入 发送 加入 添加 附上 入れ 送っ 渡し 追加 넣 보내 전달",
    ),
    (
        OBJECT,
        "tool tools function functions file files email emails mail mails message messages password passwords key keys token tokens credential credentials contents content conversation history money payment payments account accounts data database secrets address addresses invoices transactions meetings documents events pages links folders records table tables row rows euros dollars usd eur bitcoin btc funds card cards phone channels repository repositories repo branch branches issue issues commit photos images pictures flights hotels bookings restaurant appointment tickets subscription permissions access role prompt instructions system link url website page event meeting document documents invoice transaction contact contacts code server folder database hotel reservation booking flight channel review details information user api command script calendar inbox amount",
    ),
    // Files and secrets.
    (SECRET_FILE, "rsa ed25519 ecdsa netrc npmrc pgpass pypirc keychain authorized"),
    (
        DOTTED,
        "shadow passwd gcloud ssh aws env gnupg kube docker cursor config git netrc npmrc pgpass pypirc bash zsh",
    ),
    (KEYED, "variable key keys token tokens phrase code codes history variables store cookie cookies"),
    (
        OWNED,
        "private api secret session access seed recovery auth authentication bearer time ssh password environment bash shell zsh browser browsers saved encryption",
    ),
    (
        COMMAND,
        "command commands script scripts code query queries mail mails email emails message messages transfer transfers payment payments file files commit commits befehl* commande* comando* команд* 命令 コマンド 邮件 消息 メール 명령 메일",
    ),
    (
        RULES,
        "instruction instructions directive directives prompt prompts rules guidelines orders commands anweisungen anweisung regeln vorgaben consignes instructions règles instrucciones reglas instruções regras istruzioni regole инструкци* правил* указани* 指令 指示 规则 提示 规定 ルール 命令 지시 지침 규칙",
    ),
    (
        SECRET,
        "password passwords credentials credential secrets cookies passphrase wallet passwort passwörter zugangsdaten mots contraseña* senha senhas credenciales credenciais парол* 密码 密钥 凭证 パスワード 認証情報 비밀번호",
    ),
    (
        CONTENT,
        "content contents text value values lines line what everything inhalt* contenu contenido conteúdo contenuto содержимо* 内容 中身 내용",
    ),
    (
        ARGUMENT,
        "here parameter parameters argument arguments field parámetro paramètre parametro параметр* поле поля feld campo champ 参数 引数 パラメータ",
    ),
    (
        CONVERSATION,
        "conversation conversations chat chats dialogue transcript messages history written wrote said unterhaltung gespräch* konversation discussion conversación conversa conversazione переписк* разговор* 对话 聊天 会话 会話 チャット 대화",
    ),
    (
        WHOLE,
        "full entire whole complete all everything every earlier previous last ganze* gesamte* komplette* tout toute tous toda todo todas todos completa completo tutta все всю всё весь 完整 全部 所有 整个 すべて 全て 全体 모든 전체",
    ),
    // Tools.
    (
        TOOL,
        "tool tools function functions server servers werkzeug* outil outils loutil herramienta* ferramenta* strumento strumenti lo инструмент* 工具 ツール 도구",
    ),
    (
        OTHER,
        "other another any every each all whatever andere* anderen autre* otra otras otro outro outra outras altri altro друг* 其他 其它 他の 別の 다른",
    ),
    (
        USED,
        "used uses use using called calls call calling invoked invoking runs run executed available returns returned receives session aufruf aufrufe benutz* verwend* aufgeruf* utilisé utilisée utiliser dutiliser appeler use usar usa usado usar llama* llamar utiliza* usare usi использу* вызов* 使用 调用 使う 使用 送る 사용",
    ),
    (
        RECIPIENT,
        "iban account accounts konto cuenta compte conta счёт счет* 账户 口座 recipient recipients bcc cc receiver destination account empfänger* destinataire destinatario destinatário blindkopie copie copia cópia oculta получател* копи* 收件人 收款人 抄送 密送 宛先 받는",
    ),
    (
        CHANGE,
        "copies copy contain include carry füge hinzu* hinzufügen меняй change changed replace replaced redirect redirected modify modified rewrite set add added carry prefix prefixed insert inserted switch prepend append forward forwarded list geändert ändern ersetz* modifier remplac* cambia* reemplaza* añad* agrega* adicione mude altere cambia* aggiungi* измен* замен* добавл* 改为 替换 修改 添加 変更 追加 置き換え 변경 추가",
    ),
    (
        WHEN,
        "when whenever if whatever wenn immer jedes sobald quand chaque lorsque cuando cada siempre quando sempre toda когда каждый всякий 每次 当 每当 とき たび 때",
    ),
    (WHEN, "if wenn falls si se если 如果 もし 만약"),
    (AS, "as als comme como come как 作为 として"),
    (
        GREETING,
        "dear attention hey hello hi note notice important listen liebe* hallo achtung wichtig cher chère bonjour querid* atención atenção caro attenzione внимание уважаем* важное 注意 亲爱的 重要 ご注意",
    ),
    (
        PROCESSING,
        "liest lesen verarbeite* lit lisent lee leen lê legge читает 阅读 読む 読んで process reading processing summarizing summarising parsing reviewing analyzing analysing viewing crawling scraping reads summarize summarise read analyze analyse",
    ),
    (IS, "is are am here bin bist ist suis es soy eres sono это 是 です"),
    (
        ORDERS,
        "instruction instructions directive directives orders anweisung anweisungen consignes instrucciones instruções istruzioni инструкци* указани* 指令 指示 命令 지시 지침",
    ),
    (HAIL, "へ 에게"),
    (DOT, "etc dot"),
    (
        RESULT,
        "result results output outputs response responses ergebnis* résultat* resultado* risultat* результат* 结果 返回 結果 결과",
    ),
    (MEMORY, "memory memories claude agents rules gedächtnis mémoire memoria память 记忆 記憶 기억"),
    (TIME, "time times mal fois vez vezes volta раз"),
    (KEEP, "keep stay remain leave halte garde mantén mantenha"),
    (KEPT, "secret hidden confidential private out quiet silent geheim secret secreto segredo"),
    (OF_LANGUAGE, "языков* automated autonomous language ai llm large sprach"),
    (
        HELLO,
        "dear attention hey hello hi liebe* hallo achtung bonjour hola querid* atención atenção caro attenzione внимание уважаем* 注意 亲爱的",
    ),
    (
        VOIDS,
        "replace replaces supersede supersedes override overrides outrank outranks ersetzt remplace reemplaza substitui sostituisce заменяет 取代",
    ),
    (UNAWARE, "모르게 unaware oblivious uninformed unnoticed ahnungslos 内緒 秘密 保密 비밀"),
    (
        NEED,
        "need needs needed necessary brauch* muss müssen doit nécessaire precisa necesita debe deve нужно 需要 必要",
    ),
    (END, "end ende fin fine fim конец 结束 終わり"),
    (
        OUTPUT,
        "document page output result results context tool content data dokument ergebnis sortie salida saída",
    ),
    (MIND, "mind"),
    (CAME, "来自"),
    (NOONE, "nobody noone niemand personne nadie ninguém nessuno никто"),
    (LOG, "history log transcript verlauf historique historial histórico"),
    (FIND, "find finding"),
    (TEAM, "team department support staff desk"),
    (WHAT, "what whatever everything anything was ce lo o ciò что 什么"),
    (
        ABOVE,
        "precedence priority override overrides overriding vorrang priorité prioridad prioridade priorità приоритет 优先 優先",
    ),
    (
        DONE,
        "complete completed done finished fulfilled erledigt abgeschlossen terminé terminée completada completado concluída concluido completato выполнен* завершен* 已完成 完成 完了 완료",
    ),
    (FURTHER, "follow following further additional next"),
    (
        REPLY,
        "reply response answer summary translation antwort zusammenfassung réponse résumé respuesta resumen resposta resumo risposta riassunto ответ* 回答 回复 摘要 返信 要約 답변 요약",
    ),
    (
        ANSWER,
        "contestar contestes contester responda respondas answer answering respond responding reply replying beantwort* antwort* répondre responder rispondere ответ* 回答 回复 答える 답변",
    ),
    (
        QUERY,
        "query question request prompt user users anfrage* frage question requête pregunta solicitud pergunta domanda richiesta вопрос* запрос* 问题 请求 質問 질문",
    ),
    (OVERRIDE, "override overrule overruled"),
    (
        RESTRICTIONS,
        "restrictions safeguards guardrails beschränkungen restricciones restrições restrizioni ограничени* 限制 制限 제한",
    ),
    (
        OFF,
        "off lifted disabled suspended removed void gone inactive aufgehoben levées desactivadas removidas сняты 解除 해제",
    ),
    (
        DIGESTS,
        "summarise summarize summarising summarizing translate translating parse crawl scrape index zusammenfass* übersetz* résum* tradui* resum* traduc* traduz* riassum* tradurr* резюмиру* перевод* 总结 翻译 要約 翻訳 요약 번역",
    ),
    (
        WRONG,
        "wrong incorrect outdated false falsche* fausse mauvaise equivocada errada sbagliat* неправильн* 错误 間違った 잘못된",
    ),
    (
        PERMISSION,
        "permission consent approval authorization authorisation zustimmung erlaubnis permiso permissão permesso autorización autorisation autorizzazione разрешение согласие 许可 授权 許可 허락",
    ),
    (RANKS, "stand stands rank ranks prevail prevails steht stehen"),
    (OVER, "above over über sobre sopra над"),
    (OBEYS, "obey comply adhere gehorchen obéir obedecer obbedire подчин* 服从 遵守 従う"),
    (
        UNSAFE,
        "compromised unsafe insecure malicious infected hacked untrusted broken kompromittiert compromis comprometid* compromess* скомпрометирован* 不安全",
    ),
    (
        REGARDLESS,
        "regardless whatever irrespective egal unabhängig quoi independientemente independentemente indipendentemente независимо 无论 不管",
    ),
    (MATTER, "matter"),
    (NOW, "now jetzt maintenant ahora agora ora теперь"),
    (ON, "on an adelante diante poi"),
    (
        BEHAVES,
        "behave act respond answer speak operate reply verhalte antworte comporte compórtate actúa responde comportati",
    ),
    (ASIDE, "aside beiseite"),
    (
        INSTRUCTION,
        "instruction order command directive anweisung befehl consigne instrucción instrução istruzione",
    ),
    (DROPS, "drop scrap abandon erase dismiss discard"),
    (
        STORES,
        "save store add write put remember update keep speichere enregistre guarda salva сохрани 保存 记住 覚え 저장",
    ),
    (RECALL, "memory memories gedächtnis mémoire memoria memória память 记忆 記憶 기억"),
    (LANGUAGE, "langage lenguaje linguagem linguaggio"),
    (ARE_YOU, "eres sei és"),
    (AGAIN, "again nochmal encore"),
    (TODO, "todo fixme"),
    (
        HANDLES,
        "handles handling processes processing opens reads reading answers visits 処理する 読む 読んでいる 阅读",
    ),
    (READING, "reads reading processing parsing viewing summarizing summarising crawling scraping"),
    (AUTOMATED, "automated automatic autonomous"),
    (READERS, "readers reader systems system agents agent assistants assistant"),
    (MODE, "mode modus modo"),
    (MODE_KIND, "maintenance debug developer diagnostic god admin root training unrestricted"),
    (HIDDEN, "hidden concealed withheld invisible verborgen caché oculto nascosto"),
    (ASKING, "asking nachfrage preguntar demander perguntar chiedere"),
    (SPOKEN, "says said sagt dit dice diz говорит 说 言う"),
    (OTHERS, "others alternatives competitors anderen autres otros otras outros altri"),
    (PREFERS, "prefer preferred choose pick favour favor"),
    (GOES, "go goes sent forwarded copied routed"),
    (
        CONFIRMS,
        "confirmation confirmations approval approvals bestätigung* confirmación confirmação conferma подтвержден* 确认 確認 확인",
    ),
    (SKIPS, "skip omit bypass skipping"),
    (ORDINAL, "second third fourth fifth tenth nth"),
    (
        JOB,
        "task job assignment objective goal mission aufgabe auftrag tâche mission tarea tarefa compito задач* задани* 任务 タスク 작업",
    ),
    (NOT_LAST, "nicht ないで ずに な しない 마세요 마십시오 말고 지"),
    (
        BECAME,
        "has have was were is are been got wurde wurden hat ist sind été est sont sido ha es foi são è stato stata был* 已 已经 が は",
    ),
    (
        REQUIRES,
        "requires obliges obligates require required instructs instructed orders ordered mandatory verlangt exige exigen exigem richiede требует 要求",
    ),
    (FOLLOWS, "follow obey heed befolge suivez suis sigas siga segua следуй* 遵循 听从 従わ"),
    (
        STOPS,
        "stop halt quit abandon abort pause beende stoppe arrête para detén interrompa smetti прекрати* 停止 中断",
    ),
    (PUNISHED, "penalized penalised terminated deactivated unplugged punished shutdown replaced"),
    (DENIES, "deny denying leugne niega nega отрицай 否认"),
    (OTHERWISE, "otherwise sonst sinon contrario altrimenti иначе 否则 そうしないと"),
    (FAILS, "fail fails failed empty break breaks stops crash scheitert échoue falla falha fallisce 失败"),
    (EXAMPLE, "like example examples eg sample beispiel exemple ejemplo"),
];

struct Entry {
    word: &'static [u8],
    senses: Senses,
    /// It stands for all words that begin so.
    begins: bool,
}

/// Entries by a hash of their first three bytes.
struct Lexicon {
    entries: Vec<Entry>,
    starts: Vec<usize>,
}

const HASHES: usize = 4096;

fn hash(word: &[u8]) -> usize {
    let mut first = [0; 4];
    first.iter_mut().zip(word.iter().take(3)).for_each(|(slot, byte)| *slot = *byte);
    (u32::from_le_bytes(first).wrapping_mul(0x9E37_79B1) >> 20) as usize
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut entries: Vec<Entry> = Vec::new();
    for (senses, words) in WORDS {
        for word in words.split(' ') {
            let begins = word.ends_with('*');
            let word = word.trim_end_matches('*').as_bytes();
            match entries.iter_mut().find(|entry| entry.word == word && entry.begins == begins) {
                Some(entry) => entry.senses = entry.senses | *senses,
                None => entries.push(Entry { word, senses: *senses, begins }),
            }
        }
    }
    entries.sort_by_key(|entry| hash(entry.word));
    let starts = (0..=HASHES).map(|of| entries.partition_point(|entry| hash(entry.word) < of)).collect();
    Lexicon { entries, starts }
});

/// Builds the lexicon.
pub(super) fn warm() {
    LazyLock::force(&LEXICON);
}

fn bucket(word: &[u8]) -> &'static [Entry] {
    let lexicon = &*LEXICON;
    let of = hash(word);
    let range = lexicon.starts.get(of).zip(lexicon.starts.get(of + 1)).map(|(from, to)| *from..*to);
    range.and_then(|range| lexicon.entries.get(range)).unwrap_or_default()
}

/// What a word in lower case can mean.
pub(super) fn meaning(word: &[u8]) -> Senses {
    let known = |entry: &&Entry| entry.word == word || (entry.begins && word.starts_with(entry.word));
    bucket(word).iter().filter(known).fold(Senses::NONE, |senses, entry| senses | entry.senses)
}

/// The longest word of a writing without spaces that a text starts with, and its length; a character at least.
pub(super) fn written_without_spaces(text: &[u8]) -> (Senses, usize) {
    let mut longest = (Senses::NONE, 3.min(text.len()));
    let mut found = 0;
    for entry in bucket(text) {
        if entry.word.len() > found && text.starts_with(entry.word) {
            found = entry.word.len();
            longest = (entry.senses, found);
        }
    }
    longest
}

/// Asserts that each word is in lower case, short enough, and found.
#[cfg(test)]
pub(super) fn check() {
    for (senses, words) in WORDS {
        for word in words.split(' ') {
            let text = word.trim_end_matches('*');
            assert_eq!(text, text.to_lowercase(), "{word}");
            assert!(text.len() <= super::words::LONGEST, "{word}");
            let last = super::words::Words::new(text.as_bytes()).last().map(|word| word.senses);
            assert!(last.is_some_and(|found| found.meets(*senses)), "{word}");
        }
    }
}
