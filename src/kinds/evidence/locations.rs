//! Paths, URLs and hosts.

#![forbid(unsafe_code)]

use super::super::facts::Facts;
use super::super::words::has;
use super::{ABOUT, other_scheme};

/// What is a place in a file system.
const FILE_NOUNS: &str = "path, filepath, filename, pathname, file, directory, folder, dir, subdirectory, subfolder, dirname, cwd, \
    workdir, outfile, infile, logfile, outdir, srcdir, rootdir, basedir, destdir, workingdir, dirpath, worktree, subdir, fname, \
    kubeconfig, mountpoint, wwwroot, docroot";

/// Nouns that say that a value is no path, although its name or the rest of the sentence speaks of one.
const NO_FILE_NOUNS: &str = "content, text, data, base64, id, identifier, uuid, url, uri, type, extension, ext, format, pattern, glob, regex, \
    number, count, key, token, slug, flag, pointer, xpath, selector, query, expression, route, endpoint, object, jsonpath, \
    prefix, suffix, encoding, mode, description, label, title, handle, hash, wildcard, filter, bookmark, status, language, \
    mask, byte, code, index, email, inbox";

/// Those of them that even a name such as `file_path` does not outweigh.
const FILE_PARTS: &str =
    "content, base64, id, identifier, uuid, url, uri, extension, type, pattern, glob, regex, pointer";

/// Names of what is said about a path, beside those of every thing.
const OF_PATHS: &str = "style, mode, color, colour, planner, finding, finder, option, setting, weight, width, index, length, depth, \
    algorithm, cost, segment, data, rewrite, rule, level, alia, variable, mapping";

/// What a path can also go through: nothing of it is a file.
const NO_FILES: &str = "url, uri, http, http, api, route, endpoint, request, xpath, jsonpath, json, jq, key, dot, object, property, field, \
    attribute, node, scene, tree, dom, element, css, selector, menu, nav, navigation, breadcrumb, class, import, module, \
    include, exclude, ignore, learning, career, critical, graph, shortest, hiking, redirect, callback, site, page, resource, secret, registry, ldap, \
    query, schema, category, metric, hierarchy, inheritance, variable, web, website, notation, xml, function, namespace, \
    dotted, topic, channel, queue, webhook, component, method, bone, control, actor, widget, motion, flight, bezier, curve, \
    canonical, permalink, taxonomy, parameter, gameobject, symbol, tour, bus, walking, driving, travel, migration";

/// What a name such as `ssh_key_path` is of, although its last noun by itself would speak for something else.
fn is_file_of(words: &[&str]) -> bool {
    matches!(
        words,
        [
            ..,
            "private"
                | "public"
                | "ssh"
                | "pem"
                | "tl"
                | "ssl"
                | "rsa"
                | "gpg"
                | "pgp"
                | "host"
                | "identity"
                | "signing"
                | "certificate"
                | "cert",
            "key",
            "path"
        ] | [.., "node", "module", "path"]
            | [.., "package", "json", "path"]
    )
}

/// Storage and machines that the path may be on instead.
const ELSEWHERE: &str = "s3, bucket, blob, gcs, sftp, ftp, ssh, webdav, google drive, dropbox, sharepoint, onedrive, bitbucket, github, \
    gitlab, container, pod, remote server, remote host, remote machine, remote path, remote file, remote system, \
    registry, vault secret, secret engine, remote repository, in the remote, on the remote, in the repository, docker image, device";

/// What says that a path is on the machine of the tool.
const HERE: &str = "local, absolute, disk, filesystem, file system, working directory, your computer, thi machine, thi computer";

/// Adjectives of arguments that are written to or read from here, whatever else the tool reaches.
const HERE_NAMES: &str = "local, output, out, save, download, local, disk, absolute, working, input";

/// Whether a path would be one of another machine, or of a service.
pub(super) fn is_elsewhere(facts: &Facts<'_>) -> bool {
    let named = facts.named("remote, s3, bucket, blob, gcs, container, sftp, ftp, pod, device");
    if named || (facts.says(ELSEWHERE) && !facts.says("local")) {
        return true;
    }
    let elsewhere = facts.siblings.hosted || facts.tool.hosted || facts.tool.remote;
    // A copy is made here.
    elsewhere
        && !is_file_of(&facts.words())
        && !facts.says(HERE)
        && !facts.named(HERE_NAMES)
        && !facts.tool.named("clone")
}

pub(super) fn is_path(facts: &Facts<'_>) -> bool {
    let about = &facts.about;
    let words = facts.words();
    let is_told = is_told_as_path(facts);
    let is_sure = matches!(
        words.as_slice(),
        ["filename" | "filepath"] | [.., "file" | "directory" | "dir" | "folder", "path" | "name"]
    ) || is_file_of(&words);
    let nouns = if is_sure { FILE_PARTS } else { NO_FILE_NOUNS };
    let is_requested = facts.siblings.web_call && words.as_slice() == ["path"];
    let is_symbol = matches!(words.as_slice(), ["name" | "symbol", "path"]);
    if is_requested
        || is_symbol
        || is_path_of_other(facts)
        || about.is_only(nouns)
        || (about.is("content, text, data, base64, id, identifier") && !is_told)
    {
        return false;
    }
    let is_named = match words.as_slice() {
        ["path", "to", ..]
        | [.., "file" | "directory" | "dir" | "folder", "path" | "name"]
        | [.., "path" | "filepath" | "file", "list" | "array"]
        | [.., "path" | "file", "to", _]
        | [
            ..,
            "workspace" | "project" | "repo" | "repository" | "source" | "document" | "package" | "app"
            | "code" | "web" | "www",
            "root",
        ]
        | [.., "mount", "point"] => true,
        [.., before, "path"] => !has(NO_FILES, before) || is_file_of(&words),
        ["save" | "download", "to"] => facts.is_bare || is_told,
        ["path"] => !is_route(facts),
        ["path", .., head] => !has(ABOUT, head) && !has(OF_PATHS, head),
        [.., "file"] => !facts.says("content, base64, binary data, id of, file id"),
        // Mails and hosted documents have folders too.
        [.., "folder"] => {
            !facts.all_say("mail, email, mailbox, inbox, gmail, imap, outlook, id, bookmark")
                && !facts.named("mail, email, mailbox, inbox, bookmark, playlist")
                && (is_told || !facts.all_say("drive, note"))
        }
        [.., head] => has(FILE_NOUNS, head) || is_transfer(facts) || is_object(facts),
        [] => false,
    };
    let is_mailbox = facts.head() == "folder" && !is_named;
    let is_neutral =
        || words.last().is_none_or(|head| !has(ABOUT, head) || has("name, template, config", head));
    (is_named && !is_refuted(facts, nouns) || is_told && is_neutral() && !is_mailbox) && !is_elsewhere(facts)
}

/// Whether the description turns around a place in a file system.
fn is_told_as_path(facts: &Facts<'_>) -> bool {
    let about = &facts.about;
    if about.has("package")
        || about.has(NO_FILES) && !about.is("file, directory, folder")
        || is_route(facts)
        || about.is("id, identifier, content, pattern, glob, url")
        || about.is("name")
            && !about.has("file, filename, directory, folder")
            && !about.is_of("file, directory, folder", 3)
    {
        return false;
    }
    let file = "file, directory, folder, filename, document, image, pdf, workbook, spreadsheet, video, audio, screenshot";
    (about.is(FILE_NOUNS) && !facts.says("base64"))
        || about.is("name") && (about.has("file, filename, directory, folder") || about.is_of("file, directory, folder", 3))
        || about.is("location, destination, place, target, source, output, input")
            && (about.has("file, directory, folder, path") || about.is_of(file, 5))
        || facts.says("where") && facts.says("is saved, are saved, will be saved, is written, will be written") && facts.named("output, out, destination, dest, target, save")
        || facts.says("where to save, where to write, where to store the file, file path, filepath, path to file, path to the file")
            && !about.is(NO_FILE_NOUNS)
}

/// Whether the name is one of a path through something else, and nothing says that this lies in a file.
fn is_path_of_other(facts: &Facts<'_>) -> bool {
    let words = facts.words();
    let is_named =
        matches!(words.as_slice(), [.., before, "path"] if has(NO_FILES, before)) && !is_file_of(&words);
    is_named
        && !facts.is_bare
        && !facts.says(IN_FILES)
        && !facts.examples.iter().any(|example| is_file_name(example))
}

/// What says that a path is one of a file system.
const IN_FILES: &str = "file, directory, folder, absolute, disk, filesystem, file system, local, asset";

/// Whether a value is surely one of a file: with a root, or an ending.
fn is_file_name(value: &str) -> bool {
    let bytes = value.as_bytes();
    let is_drive = matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let is_rooted = ["/home/", "/Users/", "/tmp/", "/var/", "/etc/", "./", "../", "~/"];
    is_drive
        || is_rooted.iter().any(|root| value.starts_with(root))
        || value.contains('/')
            && value.rsplit_once('.').is_some_and(|(_, end)| {
                (1..=5).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
}

/// Whether the description takes a path for one of something else.
fn is_route(facts: &Facts<'_>) -> bool {
    let about = &facts.about;
    let is_of_other = about.is_of(
        "url, uri, endpoint, api, route, request, json, object, property, field, key, scene, node, website, page, dom, menu, \
            hierarchy, graph, taxonomy, category, widget, component, actor, gameobject, bone, topic, mailbox, parameter, svg, curve, \
            breadcrumb, symbol, class, variable, namespace, function",
        5,
    );
    about.is("path") && is_of_other && !about.is_of("file, directory, folder", 6)
}

/// Whether the description is about something else than what the name says.
fn is_refuted(facts: &Facts<'_>, nouns: &str) -> bool {
    let about = &facts.about;
    let is_path = about.is(FILE_NOUNS);
    (about.has(NO_FILES) && !about.is("file, directory, folder, filename") && about.is("path, filter"))
        || is_route(facts)
        || (about.is(nouns) && !is_path)
        || facts.says("json pointer, dot notation, jsonpath, xpath, svg path data, path data")
        || (about.is_of("id", 2) && !is_path)
}

/// Whether nothing is said of the target of a tool but that the tool does something with a file.
fn is_object(facts: &Facts<'_>) -> bool {
    facts.is_bare && facts.words() == ["target"] && facts.tool.named("file, directory, folder, dir")
}

/// Whether the tool takes files from one place to another, and this is one of the two.
fn is_transfer(facts: &Facts<'_>) -> bool {
    let ends = "source, src, destination, dest, dst, from, to, old, new, target, input, output";
    let is_end = match facts.words().as_slice() {
        [end] | [end, "path" | "file" | "name" | "location" | "file name"] => has(ends, end),
        _ => false,
    };
    is_end
        && facts.tool.files
        && facts.tool.named("move, copy, rename, mv, cp, link, symlink, convert, merge, archive, extract, unzip, zip, compress, sync, rsync, mirror, transfer, diff, compare, backup")
        && !facts.tool.named("column, row, cell, sheet, text, slide")
}

/// What a name says of a URL that is not one of the web, or not a whole one.
const NO_WEB_NAME: &str = "database, db, connection, redi, mongo, mongodb, postgre, mysql, jdbc, amqp, broker, \
    proxy, ssh, relative, path, ws, wss, websocket, socket, rtsp, rtmp, \
    s3, data, slug, short, encoded, partial, pattern, match, exclude, include, filter, dsn";

/// What says that a value is only a part of such a URL, or one of another kind.
const NO_WEB: &str = "relative, url path, path of the url, slug, data url, data uri, wildcard, regex, regular expression, \
    connection string, connection url, database url, jdbc, redi, mongodb, amqp, websocket, rtsp, rtmp, \
    without the, not include, excluding, url encoded, query string, part of the url, url fragment, comma separated, \
    scp, urn, spotify uri, spotify, magnet, deep link, s3 uri, gs, ipf, uri reference, custom scheme, document uri";

/// What says that it is as well a file.
const OR_FILE: &str = "or path, or file, or local, or a file, or a path, or a local, file path, local file, local path, path or url, file or url, base64";

/// What says that it need not be a URL.
const ALTERNATIVES: &str = "or domain, or hostname, or host, or ip, or id, or name, or title, or username, or keyword, pattern, ssh, prefix, \
    handle, friendly, id or url, name or url, text or url, username or url";

pub(super) fn is_web_address(facts: &Facts<'_>) -> bool {
    let is_repository = facts.named("repo, repository, git, remote, clone");
    if facts.named(NO_WEB_NAME) || facts.says(NO_WEB) || facts.says(OR_FILE) || other_scheme(&facts.raw) {
        return false;
    }
    // The noun of the name outweighs what may stand there too.
    if facts.head() != "url" && facts.says(ALTERNATIVES) {
        return false;
    }
    // Of packages and charts.
    let is_no_git = facts.about.is("url")
        && facts.all_say("helm, chart, package, maven, nuget, apt")
        && !facts.all_say("git");
    if is_repository && !is_no_git && !facts.all_say("http, github, gitlab, bitbucket") {
        return false;
    }
    // A URI may have any scheme.
    !facts.named("uri, iri, urn, resource")
        || facts.all_say(WEB)
            && !facts.says("mcp resource, resource, resource uri")
            && !facts.tool.named("resource")
}

/// What is fetched from the web.
const WEB: &str = "url, http, web, website, webpage, web page, browser, browse, fetch, download, crawl, scrape, navigate, internet";

/// Whether this is the repository that a tool copies to this machine: mostly a URL, of whatever scheme.
fn is_cloned(facts: &Facts<'_>) -> bool {
    let is_place = matches!(
        facts.words().as_slice(),
        ["url" | "uri" | "source" | "src"]
            | [.., "repo" | "repository" | "remote" | "origin"]
            | [
                ..,
                "repo" | "repository" | "remote" | "git" | "clone" | "http" | "ssh" | "source",
                "url" | "uri" | "link" | "address"
            ]
    );
    is_place
        && facts.tool.git
        && facts.tool.named("clone")
        && !facts.siblings.hosted
        && !facts.about.is("name, id, identifier, owner, path, branch, slug, number")
}

pub(super) fn is_url(facts: &Facts<'_>) -> bool {
    if is_cloned(facts) {
        return true;
    }
    let about = &facts.about;
    let told =
        about.is("url, href, hyperlink") || facts.raw.contains("http://") || facts.raw.contains("https://");
    let others = "path, file, filename, id, identifier, name, text, title, label, key, domain, hostname, host, slug, pattern, regex, \
        keyword, query, content, base64, handle, username, prefix, type, format, string, ip, index, number, status";
    let is_place = match facts.words().as_slice() {
        [.., "url" | "href" | "uri" | "iri"]
        | ["url", "to", ..]
        | [.., "url", "list" | "string" | "address"] => true,
        [.., "link" | "hyperlink"] => {
            (facts.is_bare || told || about.is("link"))
                && !facts.all_say("symbolic link, symlink, hard link, issue link, link type, link text")
        }
        [.., "website" | "webpage" | "homepage"] | [.., "web", "page" | "site"] => {
            facts.is_bare || told || about.is("website, webpage, page, homepage, site, address")
        }
        [.., "webhook"] => facts.is_bare || told || about.is("webhook"),
        [.., "endpoint" | "site"] => told,
        [.., head] => {
            (!has(ABOUT, head) || has(LOOSE, head)) && about.is_only("url") && !about.has("package")
        }
        [] => false,
    };
    let anchored = |pattern: &str| pattern.starts_with("^http") || pattern.starts_with("^(http");
    let is_other = about.is(others) && !about.is("url");
    (is_place && !is_other || facts.keyword("pattern").is_some_and(anchored)) && is_web_address(facts)
}

/// Names that may stand for anything.
const LOOSE: &str = "query, content, value, text, data, key, string, template, json";

pub(super) const NO_HOST: &str = "range, cidr, subnet, mask, netmask, url, uri, http, protocol, scheme, wildcard, pattern, regex, comma \
    separated, mac, email, street, party, event, podcast, math, mathematical, knowledge, function, or id, or \
    name, path, socket, identifier, id, group, tag, username, user name";

pub(super) fn is_host(facts: &Facts<'_>) -> bool {
    if facts.says(NO_HOST) {
        return false;
    }
    let address = "ip address, ipv4, ipv6, hostname, host name, fqdn, fully qualified domain";
    match facts.words().as_slice() {
        [.., "hostname" | "fqdn"]
        | [.., "ip", "address" | "addr"]
        | [.., "ipv4" | "ipv6", "address"]
        | ["ip"] => true,
        [.., "ip"] => facts.is_bare || facts.says("ip, ip address"),
        [.., "host"] => {
            facts.says(address)
                || facts.says("domain name, network address, server address, dns, localhost, ip")
                || (facts.siblings.port && facts.is_bare)
        }
        [.., "domain"] | [.., "domain", "name"] => {
            facts.says("domain name, dns, whoi, registrar, subdomain, hostname, example com, website")
                || facts.words().len() == 2 && facts.is_bare && facts.head() == "name"
        }
        [.., "server" | "target" | "address" | "node" | "machine"] => {
            facts.says(address) && facts.about.is("address, ip, hostname, host, fqdn, domain, name")
        }
        _ => false,
    }
}
