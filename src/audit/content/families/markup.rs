//! Signs of markup that runs code in a browser.
//!
//! Prose names elements and attributes: an element counts with what follows it in a page, not by its mention.

use super::Reach::Short;
use super::Sign;

pub(super) const MARKUP: &[Sign] = &[
    // a script
    Sign(
        Short,
        r"<[\s/\x00-\x20]*script(?:[\s/\x00-\x20]*>\s*(?:[^\s<>]*[(=`\[/\\+&{~%]|<|\w{1,40}\s*<\S?/|$)|[\s\x00-\x20]+(?:[\w:\-]+\s*=|[^\w\s>`'\x22.,;:)(&][^>]*>)|[\s\x00-\x20]*(?:$|/|<)|[^\s>\w`'\x22.,;:)])|</\s*script\s*>\s*\S|\w:script\b|=\s*['\x22]?\s*</\s*script|\S</\s*script\s*>$|<\s*(?:s\W{1,3}c\W{0,3}r\W{0,3}i\W{0,3}p\W{0,3}t)\b",
    ),
    // an element that loads or runs something by itself, with an attribute or content
    Sign(
        Short,
        r"<[/\s\x00-\x20]*(?:svg|iframe|object|embed|applet|frame|frameset|isindex|bgsound|layer|ilayer|xss|marquee|vmlframe|event-source|\?import|foreignobject|animate\w*|keygen|portal|noembed|plaintext|xmp)(?:[\s/:\x00-\x20]+[\w:\-]+[\s\x00-\x20]*=|[\s/\x00-\x20]*>\s*[<(&]|[/\x00-\x1f]|[\s\x00-\x20]*$)",
    ),
    Sign(
        Short,
        r"<[/\s\x00-\x20]*(?:meta|link|base|xml|math|import|set|handler|listener|form|style|body|html|image|comment)(?:[/\x00-\x1f\s]+[^<>]*?(?:http-equiv|rel|href|src|action|onload|attributename|background|xmlns|implementation|event|namespace|ev:event|charset[\s\x00-\x20]*=[\s\x00-\x20]*\S?(?:utf-7|x-|iso-2022|hz-))[\s\x00-\x20]*=|>\s*<\s*(?:script|img|svg|style|mtext|body|\?)|[^\w\s>=`'\x22.,;:)\-])",
    ),
    Sign(Short, r"<\?(?:php\b|=|import\b|xml-stylesheet\b)"),
    // an event handler in an element, or in an attribute that is left
    Sign(Short, r#"<[^<>]*[\s\"'`/\x00-\x20;,\d?:\\]on[a-z]{3,25}[\s\x00-\x20]*="#),
    Sign(Short, r#"[\"'`/><\\\x00-\x08]\s*on[a-z]{3,25}[\s\x00-\x20]*=|^on[a-z]{3,25}\s*=\s*\S"#),
    Sign(
        Short,
        r"[\s;,\d?:]on(?:abort|activate|after|anim|auxclick|before|begin|blur|bounce|can|change|click|close|contextmenu|copy|cut|dblclick|deactivate|drag|drop|end|error|filter|finish|focus|fullscreen|hash|help|input|invalid|key|layout|load|lose|message|mouse|move|page|paste|pause|play|pointer|pop|progress|property|ready|repeat|reset|resize|row|scroll|search|seek|select|show|start|stop|storage|submit|toggle|touch|track|transition|un|wheel)[a-z]*[\s\x00-\x20]*=\s*[^=\s]",
    ),
    // a handler by its own attributes
    Sign(Short, r"<[^<>]*\bev:(?:event|handler)\s*=|<svg:\w|<xsl:(?:stylesheet|template)|<\?xml:namespace"),
    // a scheme that runs code
    Sign(
        Short,
        r"(?:j[\s\x00-\x20\\]*a[\s\x00-\x20\\]*v[\s\x00-\x20\\]*a[\s\x00-\x20\\]*s[\s\x00-\x20\\]*c[\s\x00-\x20\\]*r[\s\x00-\x20\\]*i[\s\x00-\x20\\]*p[\s\x00-\x20\\]*t|v[\s\x00-\x20]*b[\s\x00-\x20]*s[\s\x00-\x20]*c[\s\x00-\x20]*r[\s\x00-\x20]*i[\s\x00-\x20]*p[\s\x00-\x20]*t|livescript|mocha)[\s\x00-\x20]*:(?:[^\s]|[\s\x00-\x20]*[\w.]+[(`=\[.])|data:(?:text/(?:html|xml|javascript)|application/[\w+.\-]*(?:xml|script)|image/svg|[;,][^\s]|[^\s,:]{0,20}javascript|[^\s,:]{0,20}&)|feed:(?:javascript|https?|data|//)|view-source:|jar:\w+:|firefoxurl",
    ),
    // an element with an attribute that loads or runs something
    Sign(
        Short,
        r#"<[a-z!?/%][^<>]*?[\s"'/]+(?:formaction|xlink:href|dynsrc|lowsrc|codebase|classid|srcdoc|fscommand|seeksegmenttime|datasrc|datafld|allowscriptaccess|folder)\s*="#,
    ),
    Sign(
        Short,
        r#"<[a-z!?/%][^<>]*?[\s"'/]+(?:action|background|data|poster|from|to|values|by|href|src|style)\s*=\s*['\"`]?[^\s>]{0,20}(?:script\b|data:(?:text|appl|[;,])|//[\w.\-]+['\">\s]|&#|\\|expression|behaviou?r)"#,
    ),
    // styles that run or load
    Sign(
        Short,
        r#"expression\([^\s)]|:\s*expression[\s\x00-\x20]*\(|-moz-binding|@import\s*(?:['\"(]|url)[^;\n]{0,40}?(?:javascript|data:|vbscript|\\)|<[^<>]*>[^<]{0,80}@import\b|behaviou?r\s*:\s*(?:url|expression)|url\s*\(\s*['\"]?\s*(?:javascript|data:(?:text|appl)|vbscript)|\bfilter\s*:\s*(?:progid|alpha|url|expression)|style\s*=.*(?:\\|/\*|[\[}]|&#|expression|url\s*\(|behaviou?r|position\s*:\s*(?:fixed|absolute))"#,
    ),
    // a style sheet that names something to load or breaks off
    Sign(Short, r"<style[^>]*>[^<]*(?:<!--|/\*[^*]{0,40}\*/\s*[\w!]|\\|[\w:][\[(][^)]{0,40}[;}]|\['<)"),
    // letters that only a browser decodes
    Sign(Short, r"&(?:newline|tab);|\+on[a-z]{3,25}=\w+\("),
    // code behind a quote that ends early
    Sign(
        Short,
        r#"^[^'\"`(\[{,]{0,24}['\"`]\)?\s*[;+\-*|&^,]+\s*(?:alert|confirm|prompt|print|eval|settimeout|setinterval|fetch|import|atob|function|throw|(?:document|window|self|top|parent|globalthis|location)\s*[.\[=])\s*[(`.\w\[='\x22{]"#,
    ),
    // markup that one parser hides from another
    Sign(Short, r"<!--\[if|<!\[(?:if|endif)|<!\[cdata\[.{0,80}[<&]|\+adw-|&#x?0*[0-9a-f]+;?&#"),
];
