//! What is put into a command or a statement, programs, and prose.

#![forbid(unsafe_code)]

use super::super::facts::{Facts, has};
use super::ABOUT;

pub(super) fn is_sql(facts: &Facts<'_>) -> bool {
    let no = "where clause, fragment, clause, condition, nosql, mongodb, natural language, injection, dialect, path, \
        filename, table name, column name, expression";
    let whole =
        "sql query, sql statement, sql select, select query, select statement, sql to, sql command, sql code";
    if facts.says(no) {
        return false;
    }
    match facts.words().as_slice() {
        ["sql"] | [.., "sql", "query" | "statement" | "command"] | ["query", "sql"] => true,
        [.., "query" | "statement" | "sql"] => facts.says(whole),
        _ => false,
    }
}

pub(super) fn is_identifier(facts: &Facts<'_>) -> bool {
    let no = "csv, excel, spreadsheet, sheet, dataframe, data frame, furniture, restaurant, markdown, html, \
        airtable, id, identifier, dynamodb, bigquery, notion, header, kanban, board, number, letter, index, \
        comma separated, expression, alia, connect, connection, server, mongodb, file, space, dining, game, \
        periodic, wildcard, all column, elasticsearch, project";
    if facts.says(no) || facts.examples.iter().any(|value| value.contains('*')) {
        return false;
    }
    let database = "database, sql, db, row, record, schema, postgre, mysql, sqlite, sql server, query, snowflake, \
        relational, describe";
    match facts.words().as_slice() {
        [.., "table", "name"] => facts.is_bare() || facts.says(database),
        [.., "table"] => facts.says(database),
        [.., "column", "name"] | [.., "column"] => {
            facts.says("database, sql, db, table, sqlite, postgre, mysql")
                && !facts.says("select, return, retrieve, fetch")
        }
        ["database" | "db" | "schema"] | [.., "database" | "db" | "schema", "name"] => {
            facts.siblings.table && facts.says("database, schema, db")
        }
        _ => false,
    }
}

pub(super) fn is_word(facts: &Facts<'_>) -> bool {
    if facts.says(
        "pattern, wildcard, glob, regex, comma separated, space separated, optional version, version \
                specifier, expression, or path, or url, url, message",
    ) {
        return false;
    }
    let git = "git, repo, repository, commit, committed, merge, merged, push, pushed, checkout, pull request, github, \
        gitlab";
    let about = |words: &str| facts.says(words);
    match facts.words().as_slice() {
        [.., "branch"] | [.., "branch", "name"] => {
            let no = "bank, store, office, library, company, business, tree, ref, reference, revision, or commit, or tag, \
        sha";
            (about(git) || (facts.siblings.repository && (facts.is_bare() || about("branch")))) && !about(no)
        }
        [.., "commit", "sha" | "hash"] => !about("ref, reference, revision, range, relative, head, branch"),
        [.., "sha"] => about("commit, blob, git, file") && !about("ref, reference, branch"),
        [.., "tag"] | [.., "tag", "name"] => {
            about("git tag, release tag, tag of the release, docker tag, image tag, tag for the release")
                && !about("ref, branch, label")
        }
        [.., "container"] | [.., "container", "name" | "id"] => {
            about("docker, podman, container id, name or id of the container, kubernete")
                && !about("blob, storage, azure, shipping, html, css, image")
        }
        [.., "image"] | [.., "image", "name"] => about("docker image, container image") && !about("file"),
        [.., "package"] | [.., "package", "name"] => {
            about("npm, pypi, package name, crate, rubygem, npm package, python package")
                && !about("travel, delivery, shipping, subscription, tour, version, tracking")
        }
        [.., "namespace" | "pod" | "deployment"] | [.., "pod" | "deployment" | "namespace", "name"] => {
            about("kubernete, k8")
        }
        _ => false,
    }
}

pub(super) fn is_code(facts: &Facts<'_>) -> bool {
    let no = "country, currency, airport, postal, zip, promo, promotional, coupon, discount, error code, status, \
        language code, area, iso, product, verification, otp, authentication, authorization, oauth, qr, \
        barcode, stock, ticker, exchange, state, region, dress, sku, diagnosis, icd, course, booking, \
        reservation, confirmation, path, filename, identifier, id, url, two letter, three letter, digit, file \
        name, name of the script, movie";
    let languages = "python, javascript, typescript, java, lua, rust, ruby, golang, php, kotlin, swift, bash, shell, \
        powershell, c, r, matlab, html, css";
    let use_of_code =
        "source code, code to, code snippet, snippet, code that, code block, code for, code you, code which";
    let script = "script to, script content, source code, script that, script source, content of the script, script code";
    if facts.says(no) {
        return false;
    }
    match facts.words().as_slice() {
        [.., "code", "snippet"]
        | [.., "source" | "python" | "js" | "javascript" | "typescript" | "html" | "cs" | "css", "code"] => {
            true
        }
        [.., "code" | "snippet"] => facts.says(use_of_code) || (facts.says(languages) && facts.says("code")),
        [.., "script"] => facts.says(script) || facts.says(languages),
        _ => facts.opens_with(
            "source code to, source code of, source code as, python code, javascript code, lua source code",
            4,
        ) && !has(ABOUT, facts.head()),
    }
}

pub(super) fn is_text(facts: &Facts<'_>) -> bool {
    let no = "json, xml, html tag, sql, regex, regular expression, pattern, id, identifier, uuid, url, path, file, \
        filename, base64, encoded, hash, hex, command, shell, script, enum, template, latex, formula, \
        expression, pitch, melody, music, musical, chord, key, yaml, serialized, code, mime, header, one of, \
        comma separated, format, number, pointer, type of, cipher, encrypted, binary, digit, encrypt, decrypt, \
        decode, encode, query language, search query, search term, search engine";
    if facts.says(no) || facts.named("id, type, format, key, template, json, sql, raw, html, xml") {
        return false;
    }
    let told = |words: &str| facts.says(words);
    match facts.words().as_slice() {
        [
            ..,
            "message" | "comment" | "feedback" | "prompt" | "instruction" | "summary" | "caption" | "bio"
            | "biography" | "question" | "explanation" | "greeting" | "announcement" | "reply" | "tweet"
            | "memo" | "reason" | "description" | "complaint",
        ] => true,
        ["note"] | ["additional" | "special" | "release", "note"] => !facts.is_bare() && !told("title, name"),
        [.., "text"] => told(
            "translate, translated, analyze, analyse, analyzed, summarize, summarized, summarise, speech, \
                sentiment, classify, text content, text of the, prose, paragraph, article, essay, message",
        ),
        [.., "body"] => {
            told("email, message, issue, comment, post, pull request, article, note, mail")
                && !told("request, http")
        }
        [.., "content"] => {
            told(
                "post, message, note, email, memory, article, comment, page, tweet, review, blog, content item",
            ) && !told("markup, request")
        }
        [.., "subject"] => told("email, mail, message"),
        [.., "title"] => {
            told("issue, ticket, pull request, post, blog, article, task, todo, meeting, page")
                && !told("exact, search, slug")
        }
        _ => false,
    }
}
