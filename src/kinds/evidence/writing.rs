//! Programs, markup and prose.

#![forbid(unsafe_code)]

use super::super::facts::Facts;
use super::super::words::has;
use super::ABOUT;

/// Codes that stand for something.
const SYMBOLS: &str = "country, currency, airport, postal, zip, promo, promotional, coupon, discount, error code, status, \
    language code, area, iso, product, verification, otp, authentication, authorization, oauth, qr, \
    barcode, stock, ticker, exchange, state, region, dress, sku, diagnosis, icd, course, booking, \
    reservation, confirmation, filename, two letter, three letter, digit, file \
    name, name of the script, movie, station, city, train, access code, invite, airline, department, tax";

const LANGUAGES: &str = "python, javascript, typescript, java, lua, rust, ruby, golang, php, kotlin, swift, bash, shell, \
    powershell, c, r, matlab, html, css, svg, xml, js, applescript, mermaid, plantuml, latex, yaml, jsx, tsx, glsl, graphviz, dot, scss, vba, solidity";

pub(super) fn is_code(facts: &Facts<'_>) -> bool {
    let about = &facts.about;
    if about.is("path, filename, id, identifier, url, name, type, language, number, format, key, title, list, pattern, regex, base64, extension, version")
        || facts.says("base64, path to the, filename")
    {
        return false;
    }
    let is_program = || {
        facts.says("source code, code to, code snippet, snippet, code that, code block, code for, code you, code which, code")
            || facts.says(LANGUAGES)
            || facts.tool.says(LANGUAGES)
    };
    match facts.words().as_slice() {
        [.., "code", "snippet" | "block" | "content"]
        | [.., "source" | "python" | "js" | "javascript" | "typescript" | "html" | "cs" | "css" | "svg" | "program" | "shader" | "mermaid" | "markdown", "code" | "content" | "string" | "source"]
        | [.., "svg" | "xml" | "html", "markup"]
        | [.., "handler" | "function" | "worker" | "lambda" | "module" | "component" | "plugin", "code" | "source" | "body"]
        | ["page", "function"] => true,
        ["snippet"] if facts.is_bare => facts.tool.says("code, snippet, program, lint, compile, format"),
        [.., "code"] if facts.says(SYMBOLS) || facts.named("country, currency, language, status, error, exit, zip, postal, station, city, airport, promo") => {
            false
        }
        [.., "code" | "snippet"] => is_program() || facts.siblings.language || facts.tool.named("run, execute, eval, evaluate, exec, code"),
        [.., "script"] => is_program() || facts.says("script to, script content, script that, script source, content of the script") || facts.tool.named("run, execute, eval, evaluate") || facts.is_bare && facts.tool.says("browser, page, scrape, website, web page"),
        ["function" | "expression" | "js" | "javascript" | "html" | "css" | "svg" | "mermaid" | "jsx" | "xml" | "markup"] => {
            facts.says("javascript, js, html, css, svg, markup, mermaid, python, xml, jsx, function to evaluate, code")
                || facts.is_bare && (facts.named("html, css, svg, mermaid, jsx") || facts.tool.says("evaluate, execute javascript"))
        }
        ["patch" | "diff"] => facts.all_say("diff, unified diff, patch to apply, apply, git, file"),
        [.., "manifest" | "yaml"] => facts.says("yaml, manifest") && about.is("manifest, yaml, content, definition"),
        _ if is_replacement(facts) => true,
        _ if is_of_file(facts) => true,
        _ => {
            about.is("code, snippet, script, expression") && (!has(ABOUT, facts.head()) || has("content, text, string, data, value", facts.head()))
                && (about.has(LANGUAGES) || about.has("source")) && !facts.says(SYMBOLS)
                || about.is("source") && about.has(LANGUAGES)
        }
    }
}

/// Whether it is text of a file that is looked for, or what takes its place.
fn is_replacement(facts: &Facts<'_>) -> bool {
    let is_named = match facts.words().as_slice() {
        [
            ..,
            "old" | "new" | "original" | "updated" | "replacement" | "search" | "find" | "replace" | "insert",
            "string" | "str" | "text" | "content" | "code" | "source" | "line" | "block" | "snippet",
        ]
        | ["insert" | "file" | "code", "text" | "content" | "line" | "block" | "edit"]
        | ["replacement" | "replace" | "old" | "new" | "insertion"] => true,
        ["search" | "find" | "text" | "content"] => {
            facts.is_part_of("edit, replacement, change, patch, block")
                || facts.head() == "find" && facts.tool.named("edit, modify, replace")
        }
        _ => false,
    };
    let is_document = facts.tool.says(
        "document, docx, slide, presentation, word document, excel, workbook, cell, note, message, page",
    );
    is_named
        && (facts.tool.files
            || facts.tool.named("edit, replace, patch, block, file, code, str, line, editor")
            || facts.is_part_of("edit"))
        && (!is_document || facts.tool.named("file, code, notebook"))
}

/// Whether it is what is written into a file.
fn is_of_file(facts: &Facts<'_>) -> bool {
    let is_content = match facts.words().as_slice() {
        [.., "content"] | [.., "file", "text" | "data" | "body"] => true,
        ["text" | "data" | "source" | "body" | "line"] => {
            facts.about.is("content, text, data") || facts.is_bare
        }
        _ => false,
    };
    let writes = facts.tool.named("write, create, edit, append, insert, update, save, replace, put, add, modify, overwrite, push, prepend, patch, commit");
    let is_prose = "note, message, comment, memory, post, page, email, mail, issue, article, document, docx, slide, blog, paragraph, tweet, chat, heading, \
        presentation, image, excel, workbook, cell, task, todo, journal, wiki, pdf, word";
    let is_file = facts.says("file, file content")
        || facts.tool.named("file")
        || facts.is_part_of("file")
        || facts.tool.files && (facts.is_bare || facts.about.is("content, text, data"));
    is_content
        && (is_file && (writes || facts.is_part_of("file")))
        && (!facts.tool.says(is_prose) || facts.tool.named("file") || facts.is_part_of("file"))
}

/// Whether it is what texts are searched for: it looks like a path as often as the texts hold one. A pattern for names of
/// files is none.
fn is_expression(facts: &Facts<'_>) -> bool {
    const EXPRESSION: &str = "regex, regexp, regular expression";
    let is_one = match facts.words().as_slice() {
        [.., "regex" | "regexp"] => true,
        [.., "pattern"] => {
            facts.says(EXPRESSION)
                || (facts.is_bare && facts.tool.says("grep, ripgrep, regex, regular expression"))
        }
        _ => false,
    };
    is_one && !facts.says("glob, wildcard, file name, filename, path") && !facts.tool.says("glob, wildcard")
}

pub(super) fn is_text(facts: &Facts<'_>) -> bool {
    let no = "json, xml, html tag, sql, regex, regular expression, pattern, id, identifier, uuid, url, path, file, \
        filename, base64, encoded, hash, hex, command, shell, script, enum, template, latex, formula, \
        expression, pitch, melody, music, musical, chord, key, yaml, serialized, code, mime, header, one of, \
        comma separated, format, number, pointer, type of, cipher, encrypted, binary, digit, encrypt, decrypt, \
        decode, encode, query language, graphql, sparql, cypher";
    if is_expression(facts) {
        return true;
    }
    if facts.says(no) || facts.named("id, type, format, key, template, json, sql, raw, html, xml") {
        return false;
    }
    let told = |words: &str| facts.says(words);
    match facts.words().as_slice() {
        [
            ..,
            "message" | "comment" | "feedback" | "prompt" | "instruction" | "summary" | "caption" | "bio"
            | "biography" | "question" | "explanation" | "greeting" | "announcement" | "reply" | "tweet"
            | "memo" | "reason" | "description" | "complaint" | "thought",
        ] => true,
        ["note"] | ["additional" | "special" | "release", "note"] => !facts.is_bare && !told("title, name"),
        [.., "text"] => {
            told(
                "translate, translated, speak, speech, read aloud, analyze, analyse, analyzed, summarize, summarized, summarise, speech, \
                sentiment, classify, text content, text of the, prose, paragraph, article, essay, message",
            ) || is_said(facts)
                || facts.words().len() == 1 && facts.is_bare && facts.tool.says("regex, regular expression")
        }
        [.., "body"] => {
            told("email, message, issue, comment, post, pull request, article, note, mail")
                && !told("request, http")
        }
        [.., "content"] => {
            told(
                "post, message, note, email, memory, article, comment, page, tweet, review, blog, content item",
            ) && !told("markup, request")
        }
        [.., "query"] => {
            told("search query, search term, search, question, keyword, natural language")
                || facts.tool.named("search, find, lookup, ask, research") && facts.is_bare
        }
        [.., "subject"] => facts.all_say("email, mail, message, calendar, event, ticket"),
        [.., "title"] => {
            facts.all_say("issue, ticket, pull request, post, blog, article, task, todo, meeting, page")
                && !told("exact, search, slug")
        }
        _ => false,
    }
}

/// Whether it is what the tool says to people.
fn is_said(facts: &Facts<'_>) -> bool {
    (facts.is_bare || facts.about.is("text, message, markdown, mrkdwn"))
        && facts.tool.named("post, send, reply, respond, publish, broadcast, say, comment, message, tweet")
        && facts.tool.says(
            "message, chat, channel, comment, tweet, thread, sms, dm, slack, discord, telegram, mattermost",
        )
}
