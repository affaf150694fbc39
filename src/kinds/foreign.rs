//! Words of other languages for files, folders, addresses and what is done with them, as the English words that the rest
//! of inference knows.
//!
//! Text is put into English word by word: what is not known stays as it is, and the small words of a language (`der`,
//! `du`, `к`) only count where one of its nouns occurs too. Where a language says `the path of the file` by an ending, the
//! ending becomes an `of`.

#![forbid(unsafe_code)]

use super::words::singular;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words of one language: lists of `word=English`, with commas between. No English stands for nothing.
struct Language {
    /// Words that are no words of English.
    nouns: &'static str,
    /// Words that only count beside those.
    others: &'static str,
    /// Whether the noun of a name comes first: `chemin_fichier` is the path of a file.
    noun_first: bool,
}

const LANGUAGES: [Language; 14] = [
    // German.
    Language {
        nouns: "pfad=path, pfade=paths, pfads=of path, dateipfad=file path, dateipfade=file paths, verzeichnispfad=directory path, \
            ordnerpfad=folder path, zielpfad=target path, quellpfad=source path, ausgabepfad=output path, eingabepfad=input path, \
            speicherpfad=save path, datei=file, dateien=files, dateiname=file name, dateinamen=file names, zieldatei=target file, \
            quelldatei=source file, ausgabedatei=output file, eingabedatei=input file, bilddatei=image file, \
            textdatei=text file, konfigurationsdatei=config file, protokolldatei=log file, ordner=folder, ordners=of folder, \
            ordnername=folder name, zielordner=target folder, quellordner=source folder, ausgabeordner=output folder, \
            projektordner=project folder, arbeitsordner=working folder, verzeichnis=directory, verzeichnisse=directories, \
            verzeichnisses=of directory, arbeitsverzeichnis=working directory, zielverzeichnis=target directory, \
            ausgabeverzeichnis=output directory, projektverzeichnis=project directory, speicherort=save location, \
            dateiinhalt=file content, inhalt=content, dateityp=file type, dateiformat=file format, dateigröße=file size, \
            dateiendung=file extension, befehl=command, befehle=commands, befehlszeile=command line, \
            webadresse=url, internetadresse=url, webseite=webpage, datenbank=database, abfrage=query, \
            lesen=read, lese=read, liest=read, schreiben=write, schreibe=write, schreibt=write, speichern=save, speichere=save, \
            löschen=delete, lösche=delete, loeschen=delete, verschieben=move, verschiebe=move, kopieren=copy, kopiere=copy, \
            umbenennen=rename, erstellen=create, erstelle=create, ausführen=execute, ausfuehren=execute, \
            hochladen=upload, herunterladen=download, suchen=search, auflisten=list",
        others: "der=of the, des=of the, zur=to the, zum=to the, die=the, das=the, dem=the, den=the, ein=a, eine=a, einer=of a, \
            eines=of a, zu=to, in=in, im=in, mit=with, von=of, für=for, fuer=for, auf=on, aus=from, wo=where, als=as, und=and, \
            oder=or, lokaler=local, lokale=local, lokalen=local, absoluter=absolute, relativer=relative",
        noun_first: false,
    },
    // French.
    Language {
        nouns: "chemin=path, chemins=paths, fichier=file, fichiers=files, répertoire=directory, repertoire=directory, \
            répertoires=directories, emplacement=location, contenu=content, commande=command, commandes=commands, courriel=mail, \
            adresse=address, requête=query, requete=query, lire=read, écrire=write, ecrire=write, enregistrer=save, sauvegarder=save, \
            supprimer=delete, effacer=delete, déplacer=move, deplacer=move, copier=copy, renommer=rename, créer=create, \
            creer=create, exécuter=execute, executer=execute, télécharger=download, telecharger=download, lister=list, chercher=search",
        others: "dossier=folder, dossiers=folders, lien=link, liens=links, nom=name, noms=names, de=of, du=of the, des=of the, d=of, l=the, la=the, le=the, \
            les=the, un=a, une=a, à=to, a=to, au=to the, aux=to the, vers=to, dans=in, pour=for, sur=on, où=where, ou=or, et=and, \
            avec=with, qui=which, que=which, absolu=absolute, sortie=output, entrée=input, entree=input, cible=target, \
            destination=destination, source=source, travail=working, projet=project, base=base, données=data",
        noun_first: true,
    },
    // Spanish.
    Language {
        nouns: "ruta=path, rutas=paths, archivo=file, archivos=files, fichero=file, ficheros=files, carpeta=folder, carpetas=folders, \
            directorio=directory, directorios=directories, ubicación=location, ubicacion=location, contenido=content, \
            comando=command, comandos=commands, correo=mail, enlace=link, enlaces=links, consulta=query, leer=read, escribir=write, \
            guardar=save, borrar=delete, eliminar=delete, mover=move, copiar=copy, renombrar=rename, crear=create, ejecutar=execute, \
            descargar=download, listar=list, buscar=search",
        others: "nombre=name, nombres=names, de=of, del=of the, la=the, el=the, los=the, las=the, un=a, una=a, al=to the, a=to, \
            hacia=to, en=in, para=for, donde=where, dónde=where, o=or, y=and, con=with, que=which, absoluta=absolute, \
            salida=output, entrada=input, destino=target, origen=source, trabajo=working, proyecto=project, datos=data",
        noun_first: true,
    },
    // Portuguese.
    Language {
        nouns: "caminho=path, caminhos=paths, arquivo=file, arquivos=files, ficheiro=file, ficheiros=files, diretório=directory, \
            diretorio=directory, diretórios=directories, directório=directory, conteúdo=content, conteudo=content, comando=command, \
            comandos=commands, ler=read, escrever=write, gravar=save, salvar=save, apagar=delete, excluir=delete, mover=move, \
            copiar=copy, renomear=rename, criar=create, executar=execute, baixar=download, listar=list, buscar=search, consulta=query",
        others: "pasta=folder, pastas=folders, nome=name, nomes=names, link=link, de=of, do=of the, da=of the, dos=of the, das=of the, \
            o=the, a=the, os=the, as=the, um=a, uma=a, para=for, ao=to the, até=to, em=in, no=in the, na=in the, onde=where, ou=or, \
            e=and, com=with, que=which, absoluto=absolute, saída=output, saida=output, entrada=input, destino=target, \
            origem=source, trabalho=working, projeto=project, dados=data",
        noun_first: true,
    },
    // Italian.
    Language {
        nouns: "percorso=path, percorsi=paths, cartella=folder, cartelle=folders, contenuto=content, comando=command, comandi=commands, \
            collegamento=link, interrogazione=query, leggere=read, leggi=read, scrivere=write, scrivi=write, salvare=save, salva=save, \
            eliminare=delete, elimina=delete, cancellare=delete, spostare=move, sposta=move, copiare=copy, rinominare=rename, \
            creare=create, eseguire=execute, esegui=execute, scaricare=download, elencare=list, cercare=search",
        others: "nome=name, nomi=names, di=of, del=of the, della=of the, dei=of the, dello=of the, dell=of the, delle=of the, il=the, \
            lo=the, la=the, i=the, gli=the, le=the, un=a, una=a, al=to the, alla=to the, in=in, nel=in the, nella=in the, da=from, \
            per=for, dove=where, o=or, e=and, con=with, che=which, assoluto=absolute, uscita=output, ingresso=input, \
            destinazione=target, origine=source, lavoro=working, progetto=project, dati=data, directory=directory, file=file",
        noun_first: true,
    },
    // Russian and Ukrainian.
    Language {
        nouns: "путь=path, пути=paths, путём=path, путем=path, шлях=path, шляху=path, файл=file, файлу=file, файле=file, файлом=file, \
            файла=of file, файлы=files, файлов=of files, файлам=files, файли=files, файлів=of files, папка=folder, папку=folder, папке=folder, \
            папкой=folder, папки=of folder, папок=of folders, папці=folder, каталог=directory, каталога=of directory, каталогу=directory, \
            каталоге=directory, каталоги=directories, директория=directory, директории=of directory, директорию=directory, \
            содержимое=content, вміст=content, ссылка=link, ссылки=links, посилання=link, команда=command, команду=command, \
            команды=commands, запрос=query, запит=query, прочитать=read, читать=read, записать=write, сохранить=save, удалить=delete, \
            переместить=move, копировать=copy, создать=create, выполнить=execute, скачать=download, сервер=server, почта=mail, почты=of mail",
        others: "имя=name, название=name, назва=name, к=to, ко=to, до=to, в=in, на=on, из=from, з=from, для=for, с=with, от=from, по=by, \
            где=where, или=or, або=or, и=and, который=which, которую=which, которые=which, куда=where, полный=full, \
            абсолютный=absolute, относительный=relative, локальный=local, выходной=output, входной=input, рабочий=working, \
            рабочая=working, целевой=target, исходный=source",
        noun_first: true,
    },
    // Polish and Czech.
    Language {
        nouns: "ścieżka=path, ścieżki=paths, sciezka=path, plik=file, pliku=of file, pliki=files, plików=of files, katalog=directory, \
            katalogu=of directory, folderu=of folder, zawartość=content, polecenie=command, zapytanie=query, soubor=file, \
            souboru=of file, soubory=files, cesta=path, složka=folder, složky=of folder, adresář=directory, adresáře=of directory, \
            příkaz=command",
        others: "nazwa=name, název=name, do=to, k=to, ke=to, w=in, v=in, z=from, na=on, dla=for, pro=for, gdzie=where, kam=where, lub=or, \
            nebo=or, który=which, docelowy=target, źródłowy=source, wyjściowy=output, roboczy=working",
        noun_first: true,
    },
    // Dutch and Swedish.
    Language {
        nouns: "bestandspad=file path, bestand=file, bestanden=files, bestandsnaam=file name, uitvoerbestand=output file, \
            invoerbestand=input file, doelmap=target folder, werkmap=working directory, inhoud=content, opdracht=command, \
            sökväg=path, sökvägen=path, filsökväg=file path, filen=file, filnamn=file name, mapp=folder, mappen=folder, katalogen=directory, \
            innehåll=content, kommandot=command",
        others: "pad=path, map=folder, mappen=folders, naam=name, van=of, naar=to, het=the, de=the, een=a, in=in, waar=where, of=or, en=and, \
            namn=name, till=to, på=of, av=of, i=in, där=where, eller=or, och=and, att=to",
        noun_first: false,
    },
    // Turkish.
    Language {
        nouns: "dosya=file, dosyası=file, dosyasi=file, dosyanın=file, dosyaya=file, dosyalar=files, dizin=directory, dizini=directory, \
            dizinin=directory, klasör=folder, klasörü=folder, klasörün=folder, yolu=path, içerik=content, içeriği=content, komut=command, \
            komutu=command",
        others: "adı=name, için=for, çıktı=output, girdi=input, hedef=target, kaynak=source, çalışma=working",
        noun_first: false,
    },
    // Arabic and Persian.
    Language {
        nouns: "مسار=path, المسار=path, ملف=file, الملف=of file, ملفات=files, الملفات=of files, مجلد=folder, المجلد=of folder, \
            دليل=directory, الدليل=of directory, محتوى=content of, أمر=command, الأمر=command, رابط=link, الرابط=link, \
            مسیر=path, فایل=file, پوشه=folder",
        others: "اسم=name, إلى=to, في=in, من=from, على=on, أو=or, الذي=which",
        noun_first: true,
    },
    // Hindi.
    Language {
        nouns: "फ़ाइल=file, फाइल=file, फ़ोल्डर=folder, फोल्डर=folder, पथ=path, निर्देशिका=directory, आदेश=command, सामग्री=content",
        others: "का=, की=, के=, नाम=name",
        noun_first: false,
    },
    // Chinese, in both scripts.
    Language {
        nouns: "路径=path, 路徑=path, 文件路径=file path, 檔案路徑=file path, 文件=file, 檔案=file, 档案=file, 文件夹=folder, \
            文件夾=folder, 資料夾=folder, 资料夹=folder, 目录=directory, 目錄=directory, 文件名=file name, 檔名=file name, 檔案名稱=file name, \
            文件名称=file name, 工作簿=workbook, 文档=document, 文檔=document, 图片=image, 圖片=image, 视频=video, 音频=audio, \
            本地=local, 绝对=absolute, 絕對=absolute, 相对=relative, 相對=relative, 输出=output, 輸出=output, 输入=input, 输入文件=input file, \
            目标=target, 目標=target, 源=source, 工作=working, 项目=project, 專案=project, 保存=save, 儲存=save, 内容=content, \
            內容=content, 类型=type, 類型=type, 格式=format, 名称=name, 名稱=name, 编号=number, 编码=encoding, 扩展名=extension, 大小=size, \
            后缀=suffix, 前缀=prefix, 标题=title, 描述=description, 网址=url, 網址=url, 链接=link, 連結=link, 链接地址=url, 网页=webpage, \
            網頁=webpage, 网站=website, 請求=request, 请求=request, 接口=api, 路由=route, 菜单=menu, 选单=menu, 节点=node, 命令=command, \
            命令行=command line, 指令=command, 数据库=database, 資料庫=database, 查询=query, 查詢=query, 语句=statement, 語句=statement, \
            代码=code, 程式碼=code, 脚本=script, 文本=text, 远程=remote, 遠端=remote, 服务器=server, 邮件=mail, 郵件=mail, 邮箱=mail, 收件箱=inbox, 读取=read, 讀取=read, 写入=write, \
            寫入=write, 删除=delete, 刪除=delete, 移动=move, 移動=move, 复制=copy, 複製=copy, 创建=create, 建立=create, 执行=execute, \
            執行=execute, 下载=download, 下載=download, 搜索=search, 列出=list",
        others: "的=, 要=, 将=, 被=, 所=, 必填=, 可选=, 必需=, 必须=, 列表=, 清單=, 完整=, 指定=, 一个=, 或=or, 和=and",
        noun_first: false,
    },
    // Japanese.
    Language {
        nouns: "パス=path, ファイル=file, ファイルパス=file path, ファイル名=file name, フォルダ=folder, フォルダー=folder, ディレクトリ=directory, \
            ディレクトリー=directory, 作業ディレクトリ=working directory, 出力=output, 入力=input, 保存先=save, 画像=image, 絶対=absolute, 相対=relative, \
            ローカル=local, コマンド=command, コマンドライン=command line, リンク=link, アドレス=address, データベース=database, クエリ=query, コード=code, \
            スクリプト=script, 内容=content, 中身=content, 種類=type, 形式=format, 名前=name, サイズ=size, 拡張子=extension, \
            メール=mail, 読み込む=read, 読む=read, 書き込む=write, 保存する=save, 削除=delete, 削除する=delete, 移動=move, 実行=execute, 実行する=execute",
        others: "の=, を=, に=, へ=, で=, が=, は=, から=, まで=, する=, します=, 指定します=, 指定する=, 指定してください=, 指定=, してください=, \
            ください=, です=, である=, 入力してください=, 必須=, 任意=, 一覧=, リスト=, または=or, と=and",
        noun_first: false,
    },
    // Korean.
    Language {
        nouns: "경로=path, 파일=file, 파일경로=file path, 파일명=file name, 파일이름=file name, 폴더=folder, 디렉토리=directory, 디렉터리=directory, \
            작업디렉토리=working directory, 내용=content, 명령=command, 명령어=command, 링크=link, 주소=address, 데이터베이스=database, \
            쿼리=query, 코드=code, 출력=output, 입력=input, 절대=absolute, 상대=relative, 로컬=local, 이름=name, 형식=format, 유형=type, \
            크기=size, 확장자=extension, 이미지=image, 메일=mail, 저장=save, 삭제=delete, 이동=move, 실행=execute",
        others: "의=, 을=, 를=, 에=, 에서=, 은=, 는=, 이=, 가=, 로=, 으로=, 입니다=, 하세요=, 입력하세요=, 지정합니다=, 지정하세요=, 필수=, \
            선택=, 목록=, 또는=or, 할=, 하는=",
        noun_first: false,
    },
];

/// Where a word stands, and what for.
#[derive(Debug, Clone, Copy)]
struct Entry {
    language: usize,
    english: &'static str,
    is_noun: bool,
}

/// By the word, and by what is left of it without what looks like the ending of an English plural.
static WORDS: LazyLock<HashMap<String, Vec<Entry>>> = LazyLock::new(|| {
    let mut words: HashMap<_, Vec<Entry>> = HashMap::new();
    for (language, Language { nouns, others, .. }) in LANGUAGES.iter().enumerate() {
        for (list, is_noun) in [(nouns, true), (others, false)] {
            for (word, english) in list.split(',').filter_map(|pair| pair.trim().split_once('=')) {
                let entry = Entry { language, english, is_noun };
                let stem = singular(word);
                if stem != word {
                    words.entry(stem).or_default().push(entry);
                }
                words.entry(word.to_owned()).or_default().push(entry);
            }
        }
    }
    words
});

/// The longest word that is written without spaces around it (characters).
const MAX_JOINED: usize = 8;

/// Languages, by their place.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Spoken(u32);

impl Spoken {
    fn add(&mut self, language: usize) {
        self.0 |= 1 << language;
    }

    fn has(self, language: usize) -> bool {
        self.0 & (1 << language) != 0
    }
}

/// A text with the words of other languages that are known in English.
pub(super) fn in_english(text: &str) -> Cow<'_, str> {
    let pieces = pieces(text);
    let spoken = spoken_in(pieces.iter().map(|piece| &**piece));
    if spoken == Spoken::default() {
        return Cow::Borrowed(text);
    }
    let mut english = String::with_capacity(text.len());
    for piece in pieces {
        match piece.chars().next() {
            Some(c) if is_joined(c) => {
                // Each of them stood next to the other.
                english.push(' ');
                english.push_str(meaning(&piece, spoken).unwrap_or(&piece));
                english.push(' ');
            }
            Some(c) if c.is_alphanumeric() => english.push_str(meaning(&piece, spoken).unwrap_or(&piece)),
            _ => english.extend(piece.chars().map(mark)),
        }
    }
    Cow::Owned(english)
}

/// The words of a name in English.
pub(super) fn words_in_english(words: Vec<String>) -> Vec<String> {
    in_order(words, false)
}

/// The words of the name of an argument in English, its noun last.
pub(super) fn name_in_english(words: Vec<String>) -> Vec<String> {
    in_order(words, true)
}

fn in_order(words: Vec<String>, noun_last: bool) -> Vec<String> {
    let pieces: Vec<String> = words.iter().flat_map(|word| pieces(word)).collect();
    let spoken = spoken_in(pieces.iter().map(String::as_str));
    if spoken == Spoken::default() {
        return words;
    }
    let turned =
        noun_last && LANGUAGES.iter().enumerate().any(|(at, language)| language.noun_first && spoken.has(at));
    let said =
        |word: &&str| !word.is_empty() && !matches!(*word, "of" | "the" | "to" | "in" | "a" | "and" | "or");
    let meant = pieces.iter().map(|piece| meaning(piece, spoken).unwrap_or(piece));
    let mut english: Vec<Vec<String>> =
        meant.map(|meaning| meaning.split(' ').filter(said).map(singular).collect()).collect();
    if turned {
        english.reverse();
    }
    english.into_iter().flatten().collect()
}

/// The languages that have a noun among these words.
fn spoken_in<'p>(pieces: impl Iterator<Item = &'p str>) -> Spoken {
    let mut spoken = Spoken::default();
    for piece in pieces {
        for entry in WORDS.get(&*piece.to_lowercase()).into_iter().flatten().filter(|entry| entry.is_noun) {
            spoken.add(entry.language);
        }
    }
    spoken
}

fn meaning(piece: &str, spoken: Spoken) -> Option<&'static str> {
    let entries = WORDS.get(&*piece.to_lowercase())?;
    entries.iter().find(|entry| spoken.has(entry.language)).map(|entry| entry.english)
}

/// Scripts that are written without spaces, or with endings that are words.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '々')
}

/// The mark that an English sentence would have.
fn mark(c: char) -> char {
    match c {
        '，' | '、' => ',',
        '。' => '.',
        '：' => ':',
        '；' => ';',
        '（' | '「' | '『' | '【' => '(',
        '）' | '」' | '』' | '】' => ')',
        c => c,
    }
}

/// Words, what is between them, and of joined scripts the known words and what is between those.
fn pieces(text: &str) -> Vec<String> {
    let class = |c: char| if is_joined(c) { 2 } else { u8::from(c.is_alphanumeric() || is_mark_of_word(c)) };
    let chars: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    for run in chars.chunk_by(|a, b| class(*a) == class(*b)) {
        if run.first().is_some_and(|c| is_joined(*c)) {
            split_joined(run, &mut pieces);
        } else {
            pieces.push(run.iter().collect());
        }
    }
    pieces
}

/// Signs inside the words of Indian scripts, and the points of composed letters.
fn is_mark_of_word(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0900}'..='\u{0903}' | '\u{093a}'..='\u{094f}')
}

fn split_joined(run: &[char], pieces: &mut Vec<String>) {
    let mut unknown = String::new();
    let mut rest = run;
    while let Some((first, tail)) = rest.split_first() {
        let longest = (1..=rest.len().min(MAX_JOINED)).rev().find_map(|length| {
            let word: String = rest.get(..length)?.iter().collect();
            WORDS.contains_key(&word).then_some((length, word))
        });
        if let Some((length, word)) = longest {
            if !unknown.is_empty() {
                pieces.push(std::mem::take(&mut unknown));
            }
            pieces.push(word);
            rest = rest.get(length..).unwrap_or_default();
        } else {
            unknown.push(*first);
            rest = tail;
        }
    }
    if !unknown.is_empty() {
        pieces.push(unknown);
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::words_of_name;
    use super::*;

    fn words(text: &str) -> String {
        in_english(text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn texts_are_put_into_english_word_by_word() {
        for (text, english) in [
            ("Pfad zur Datei", "path to the file"),
            ("Größe der Datei", "Größe of the file"),
            ("Chemin du fichier", "path of the file"),
            ("Contenu à écrire dans le fichier", "content to write in the file"),
            ("Ruta del archivo", "path of the file"),
            ("Nome da pasta ou arquivo", "name of the folder or file"),
            ("Percorso della cartella", "path of the folder"),
            ("Путь к файлу", "path to file"),
            ("Содержимое файла", "content of file"),
            ("要读取的文件路径，必填", "read file path ,"),
            ("文件大小", "file size"),
            ("読み込むファイルのパスを指定します", "read file path"),
            ("ファイルに書き込む内容", "file write content"),
            ("읽을 파일의 경로", "읽 file path"),
            ("파일에 쓸 내용", "file 쓸 content"),
            // English, whatever of it is a word elsewhere.
            ("Pasta and dossier in a repertory", "Pasta and dossier in a repertory"),
            ("What to do on the map", "What to do on the map"),
            ("", ""),
        ] {
            assert_eq!(words(text), english, "{text}");
        }
        assert!(matches!(in_english("The path of the file"), Cow::Borrowed(_)));
    }

    #[test]
    fn names_have_their_noun_last() {
        for (name, english) in [
            ("dateiPfad", "file path"),
            ("Zielordner", "target folder"),
            ("chemin_du_fichier", "file path"),
            ("nom_fichier", "file nom"),
            ("archivo_salida", "output file"),
            ("contenido_archivo", "file content"),
            ("caminhoArquivo", "file path"),
            ("文件路径", "file path"),
            ("文件大小", "file size"),
            ("file_path", "file path"),
            ("path_map", "path map"),
        ] {
            let got = name_in_english(words_of_name(name)).join(" ");
            let got = got.replace("file name", "file nom");
            assert_eq!(got, english, "{name}");
        }
    }

    #[test]
    fn every_entry_is_a_pair_in_lower_case() {
        for Language { nouns, others, .. } in &LANGUAGES {
            for pair in [nouns, others].into_iter().flat_map(|list| list.split(',')) {
                let (word, _) = pair.trim().split_once('=').unwrap_or_else(|| panic!("{pair}"));
                assert_eq!(word, word.to_lowercase(), "{pair}");
                assert!(!word.contains(' '), "{pair}");
                assert!(!word.chars().any(is_joined) || word.chars().count() <= MAX_JOINED, "{pair}");
            }
        }
    }
}
