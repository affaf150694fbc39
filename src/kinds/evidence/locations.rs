//! Paths, URLs and hosts: a wrong guess refuses a call.

#![forbid(unsafe_code)]

use super::super::facts::{Facts, has};
use super::ABOUT;

/// Places that are not in the file system of the tool.
pub(super) const REMOTE: &str = "s3, bucket, blob, gcs, azure, ftp, sftp, ssh, remote, google drive, dropbox, sharepoint, onedrive, github, \
    gitlab, bitbucket, container, docker, pod, kubernete, registry, email, mail, inbox, mailbox, gmail, imap, \
    attachment, notion, confluence, jenkin, figma, vault, memory";

pub(super) const NO_PATH: &str = "url, uri, http, route, endpoint, api, xpath, jsonpath, json path, json pointer, dot notation, jq, key \
    path, object path, property path, field path, svg, learning path, career path, breadcrumb, active \
    directory, phone, employee, ldap, base64, wildcard, glob, regex, regular expression, html, selector, css, \
    dom, classpath, menu, scene, node path, asset path, graph, shortest, hiking, id, identifier, or content, \
    or text, bookmark, clickable, xml path, import path, module path, package path";

const FILES: &str =
    "file, filename, directory, folder, filesystem, file system, disk, working directory, subdirectory";

/// What a path leads to.
const KEPT: &str = "file, directory, dir, folder, image, img, picture, video, audio, input, output, config, log, local, \
    working, work, save, download, document, doc, pdf, csv, excel, workbook, spreadsheet, script, font, \
    screenshot, project, repo, repository, workspace, source, src, destination, dest, target, absolute, \
    notebook, archive, zip, executable, binary, dataset, model, checkpoint, cert, certificate, template, root";

pub(super) fn is_path(facts: &Facts<'_>) -> bool {
    let head = facts.head();
    if facts.says(NO_PATH) || facts.says(REMOTE) || facts.raw.contains("://") || facts.siblings.hosted {
        return false;
    }
    match facts.words().as_slice() {
        ["filepath" | "filename" | "dirname" | "dirpath" | "cwd" | "workdir" | "directory" | "dir"]
        | [.., "file" | "directory" | "dir" | "folder", "path" | "name"]
        | ["path", "to", "file"]
        | [
            ..,
            "working" | "output" | "input" | "root" | "base" | "source" | "src" | "target",
            "directory" | "dir" | "folder",
        ] => true,
        // A folder may be one of mails, a file its content.
        [.., "folder" | "directory" | "dir"] => {
            facts.is_bare()
                || facts.says("path, file, disk, filesystem, file system, working directory, local")
        }
        [.., "file" | "filename"] => {
            facts.says("path, filepath, filename, file name, name of the file, location of the file")
                && !facts.says("content, upload")
        }
        [.., before, "path"] if has(KEPT, before) => {
            facts.is_bare() || facts.says(FILES) || facts.says("path to, path of, path where")
        }
        [.., "path"] => {
            !facts.siblings.web_call && ((facts.is_bare() && facts.siblings.file_call) || facts.says(FILES))
        }
        _ => {
            let paths = "file path, filepath, path to the file, path of the file, path to a file, directory path, folder path, \
        path to the directory, path to the folder, path of the directory, path of the folder, path to a \
        directory, path to a folder, path to the image, path to the output, path to the input, path to an \
        image, file system path";
            !has(ABOUT, head) && facts.opens_with(paths, 7)
        }
    }
}

/// What a name says of a URL that is not one of the web, or not a whole one.
const NO_WEB_NAME: &str = "database, db, connection, redi, mongo, mongodb, postgre, mysql, jdbc, amqp, broker, \
    proxy, repo, repository, git, clone, remote, ssh, relative, path, ws, wss, websocket, socket, rtsp, rtmp, \
    s3, data, slug, file, short, encoded, partial, pattern, match, exclude, include, filter, dsn";

const NO_WEB: &str = "or path, or file, or local, file path, local file, local path, relative, url path, path of the url, slug, \
    or domain, or hostname, or host, or ip, or id, or name, or title, or username, or keyword, or search, \
    base64, data url, data uri, pattern, wildcard, regex, regular expression, connection string, connection \
    url, database url, jdbc, redi, mongodb, amqp, websocket, rtsp, rtmp, ssh, without, not include, excluding, \
    url encoded, prefix, query string, part of the url, url fragment, comma separated, handle, friendly, scp, \
    urn, spotify uri, spotify, magnet, deep link, s3 uri, gs, ipf, id or url, path or url, file or url, name \
    or url, text or url, username or url, uri reference, custom scheme, resource uri, document uri, if any";

pub(super) fn is_web_address(facts: &Facts<'_>) -> bool {
    if facts.named(NO_WEB_NAME) || facts.says(NO_WEB) || other_scheme(&facts.raw) {
        return false;
    }
    // A URI may have any scheme.
    !facts.named("uri, iri, urn, resource") || facts.says("url, http, web, website, webpage")
}

/// Whether a scheme other than those of the web is shown.
fn other_scheme(raw: &str) -> bool {
    raw.match_indices("://").any(|(at, _)| {
        let before = raw.get(..at).unwrap_or_default();
        let before = before.trim_end_matches(['s', '(', ')', '[', ']', '?']);
        !before.ends_with("http")
    })
}

pub(super) fn is_url(facts: &Facts<'_>) -> bool {
    let web = "url, http, web address, webpage, web page";
    let is_place = match facts.words().as_slice() {
        [.., "url"] | ["url", "to", ..] => true,
        [
            ..,
            "uri" | "href" | "link" | "hyperlink" | "webhook" | "website" | "endpoint" | "site" | "webpage"
            | "homepage",
        ] => facts.opens_with(web, 12) || facts.raw.contains("http://") || facts.raw.contains("https://"),
        [.., head] if !has(ABOUT, head) => {
            facts.opens_with("url of, url to, url for, url where, url that, url pointing", 4)
        }
        _ => false,
    };
    let anchored = |pattern: &str| pattern.starts_with("^http") || pattern.starts_with("^(http");
    (is_place || facts.keyword("pattern").is_some_and(anchored)) && is_web_address(facts)
}

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
        [.., "ip"] => facts.is_bare() || facts.says("ip, ip address"),
        [.., "host"] => {
            facts.says(address)
                || facts.says("domain name, network address, server address, dns, localhost, ip")
                || (facts.siblings.port && facts.is_bare())
        }
        [.., "domain"] | [.., "domain", "name"] => {
            facts.says("domain name, dns, whoi, registrar, subdomain, hostname, example com, website")
                || facts.words().len() == 2 && facts.is_bare() && facts.head() == "name"
        }
        [.., "server" | "target" | "address" | "node" | "machine"] => facts.opens_with(address, 8),
        _ => false,
    }
}
