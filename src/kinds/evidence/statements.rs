//! What goes to a database.

#![forbid(unsafe_code)]

use super::super::facts::Facts;

/// One whole statement.
pub(super) fn is_sql(facts: &Facts<'_>) -> bool {
    let no = "where clause, fragment, clause, condition, nosql, mongodb, natural language, injection, path, \
        filename, table name, column name, expression, search query, search term, keyword, cypher, graphql, promql, logql, \
        jql, soql, kql, sparql, elasticsearch, json query, in plain english, plain english, question, search string, jmespath, \
        xpath, mongo, pattern, search for, regex, lucene, dataview, query name, template";
    let whole = "sql query, sql statement, sql select, select query, select statement, sql to, sql command, sql code, sql text, sql string, sql";
    if facts.says(no)
        || facts.about.is("id, identifier, name, type, file, path, title, list, column, table, label")
    {
        return false;
    }
    let is_asked = facts.tool.database
        && !facts.tool.says("search, documentation, natural language, history, log, list, metric, trace, schema only, question")
        && facts.tool.named("query, sql, execute, run, select, statement, read, write, explain, exec, ddl, dml, insert, update, delete, create, alter, analyze, drop, copy, export");
    match facts.words().as_slice() {
        ["sql"] | [.., "sql", "query" | "statement" | "stmt" | "command" | "text" | "string" | "script" | "code"] | ["query" | "raw", "sql"] => true,
        [.., "sql"] => !facts.named("use, is, allow, enable, dialect"),
        [.., "query" | "statement"] | [.., "query" | "statement", "string" | "text" | "body"] => {
            facts.says(whole) || is_asked && (facts.is_bare || facts.about.is("query, statement"))
        }
        ["q"] if is_asked && facts.is_bare => true,
        ["command" | "code" | "script" | "ddl" | "dml" | "text" | "input" | "q"] => {
            facts.says("sql query, sql statement, sql command, sql to execute, sql code, sql script, sql to run, select query")
        }
        ["migration" | "up" | "down"] => facts.says("sql"),
        // "SELECT statement of the view"
        _ => facts.about.is_only("statement, query") && facts.about.has("sql, select, ddl, dml") && !facts.named("id, name, type, url"),
    }
}

/// A query of a document database, an object whose members have the names of operators.
pub(super) fn is_document_query(facts: &Facts<'_>) -> bool {
    facts.tool.says("mongodb, mongo, documentdb, cosmo db, couchdb, nosql, aggregation pipeline")
        && !facts.has("property")
        && matches!(
            facts.head(),
            "filter"
                | "query"
                | "pipeline"
                | "aggregation"
                | "projection"
                | "sort"
                | "update"
                | "selector"
                | "match"
        )
}

/// The name of a table, a column or a schema.
pub(super) fn is_identifier(facts: &Facts<'_>) -> bool {
    let no = "csv, excel, spreadsheet, sheet, dataframe, data frame, furniture, restaurant, markdown, html, \
        airtable, id, identifier, dynamodb, bigquery, notion, header, kanban, board, number, letter, index, \
        comma separated, expression, alia, connect, connection, server, mongodb, file, space, dining, game, \
        periodic, wildcard, all column, elasticsearch, project, pattern, qualified";
    let elsewhere = "csv, excel, workbook, spreadsheet, markdown, html, airtable, dynamodb, bigquery, notion, mongodb, elasticsearch, word, \
        document, slide, kanban, restaurant, dataframe, lark, feishu, iceberg, hbase, servicenow";
    if facts.says(no) || facts.tool.says(elsewhere) || facts.examples.iter().any(|value| value.contains('*'))
    {
        return false;
    }
    let database = "database, sql, db, row, record, schema, postgre, postgresql, mysql, sqlite, sql server, query, snowflake, \
        relational, describe, column";
    let is_database = facts.tool.database || facts.says(database);
    match facts.words().as_slice() {
        [.., "table", "name"] => facts.is_bare || is_database,
        [.., "table"] => is_database,
        [.., "column", "name"] | [.., "column"] => {
            (facts.siblings.table && facts.tool.database
                || facts.says("database, sql, db, table, sqlite, postgre, mysql"))
                && !facts.says("select, return, retrieve, fetch, order, sort, list")
        }
        ["database" | "db" | "schema"] | [.., "database" | "db" | "schema", "name"] => {
            facts.siblings.table && is_database
        }
        _ => false,
    }
}
