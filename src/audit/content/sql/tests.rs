use super::*;

fn found(text: &str, statements: Statements) -> Vec<&'static str> {
    let mut ids = Vec::new();
    judge(text, statements, |(rule, _)| ids.push(rule.id()));
    ids.retain(|id| *id != "sql.comment");
    ids
}

#[test]
fn plain_statements_of_any_dialect_are_quiet() {
    for text in [
        "",
        ";",
        "SELECT * FROM users WHERE id = 1",
        "SELECT * FROM users WHERE id = 1;\n",
        "-- who is there\nSELECT 1",
        "/* a; b */ SELECT 'x' -- c; d",
        "SELECT 'a;b', \"c--d\", 'it''s';",
        "SELECT 'it\\'s; fine'",
        "SELECT 'C:\\' AS drive, 'x'",
        "INSERT INTO t VALUES (1, '#')",
        "SELECT $$it's; DROP$$ , $tag$ a; $$ b $tag$",
        "SELECT $1, $2 FROM t",
        "SELECT q'[it's; here]', nq'{a'b}', Q'!it's!' FROM dual",
        "SELECT a[1:2], ARRAY['x;y'], b[1][2] FROM t",
        "SELECT E'it\\'s; one' , N'x', X'41'",
        "SELECT `a;b`, [Order Details] FROM [dbo].[my table]",
        "/* a /* nested; */ it's */ SELECT 1",
        "UPDATE t SET a = 1 WHERE b = 2",
        "DELETE FROM t WHERE a = 1",
        "WITH old AS (DELETE FROM t WHERE a < 3 RETURNING *) SELECT * FROM old",
        "CREATE TABLE t (id int, drop_at date)",
        "DROP INDEX IF EXISTS i",
        "DROP POLICY IF EXISTS p ON users",
        "ALTER TABLE t DROP CONSTRAINT c",
        "SELECT truncate(x, 2), replace(a, 'b', 'c') FROM t",
        "PRAGMA table_info(users)",
        "PRAGMA foreign_keys = ON",
        "COPY t FROM STDIN",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF a THEN b := 1; END IF; RETURN 1; END $$",
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE u SET a = CASE WHEN b THEN 1 ELSE 2 END; SELECT 1; END;",
        "SELECT data #> '{a}' FROM t",
        "SELECT load, program, edit FROM machines",
    ] {
        assert_eq!(found(text, Statements::Any), [] as [&str; 0], "{text}");
    }
}

#[test]
fn what_is_more_than_one_statement_or_none() {
    for (text, rule) in [
        ("SELECT 1; DROP VIEW v", "sql.stacked"),
        ("SELECT 1;SELECT 2", "sql.stacked"),
        ("SELECT 1; x", "sql.stacked"),
        ("SELECT 'a\\'; DROP VIEW v; -- '", "sql.stacked"),
        ("SELECT q'[' ; DROP VIEW v --]'", "sql.stacked"),
        ("SELECT 1 /* /* */ ; DROP VIEW v -- */ */", "sql.stacked"),
        ("SELECT 1 /*!; DROP VIEW v */", "sql.stacked"),
        ("SELECT 'a", "injection.sql"),
        ("SELECT \"a", "injection.sql"),
        ("SELECT 1 /* x", "injection.sql"),
        ("' OR 1=1 --", "injection.sql"),
        ("SELECT $$a", "injection.sql"),
        ("SELECT pg_sleep(9)", "injection.sql"),
        ("SELECT 1 FROM t WHERE a = 1 AND SLEEP (5)", "injection.sql"),
        ("WAITFOR DELAY '0:0:9'", "injection.sql"),
    ] {
        assert_eq!(found(text, Statements::Any), [rule], "{text}");
    }
}

#[test]
fn what_reaches_out_of_the_database() {
    for text in [
        "ATTACH DATABASE '/tmp/x' AS y",
        "COPY t TO PROGRAM 'sh'",
        "COPY t FROM '/etc/passwd'",
        "copy (select 1) to '/tmp/x'",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT a INTO DUMPFILE '/x' FROM t",
        "EXEC xp_cmdshell 'dir'",
        "EXEC master..xp_dirtree '\\\\h\\s'",
        "SELECT load_file('/etc/passwd')",
        "SELECT LOAD_FILE /* */ ('/x')",
        "SELECT pg_read_file('/x')",
        "SELECT pg_catalog.pg_read_file('/x')",
        "SELECT \"pg_read_file\"('/x')",
        "SELECT * FROM dblink('host=x', 'select 1') AS t(a int)",
        "SELECT load_extension('x')",
        "SELECT writefile('/x', 'y')",
        "LOAD DATA INFILE '/x' INTO TABLE t",
        "LOAD 'x'",
        "BULK INSERT t FROM 'x'",
        "VACUUM INTO '/tmp/x'",
        "PRAGMA writable_schema = 1",
        "SELECT utl_http.request('http://h/') FROM dual",
        "SELECT lo_import('/x')",
        "CREATE FUNCTION f() RETURNS int AS 'x' LANGUAGE C",
        "DO $$ BEGIN PERFORM pg_read_file('/x'); END $$",
        "CREATE FUNCTION s RETURNS string SONAME 'x.so'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "INSTALL httpfs",
        "ALTER SYSTEM SET a = b",
        "SET GLOBAL general_log_file = '/x'",
    ] {
        let ids = found(text, Statements::Any);
        assert!(ids.contains(&"sql.reach"), "{text}: {ids:?}");
        assert!(found(text, Statements::Read).contains(&"sql.statement"), "{text}");
    }
}

#[test]
fn what_takes_away_tables_or_rows() {
    for text in [
        "DROP TABLE users",
        "drop table if exists users",
        "DROP DATABASE x",
        "DROP SCHEMA s CASCADE",
        "TRUNCATE users",
        "TRUNCATE TABLE users",
        "DELETE FROM users",
        "DELETE FROM users;",
        "WITH a AS (SELECT 1) DELETE FROM users",
        "ALTER TABLE t DROP COLUMN c",
        "DO $$ BEGIN DROP TABLE t; END $$",
    ] {
        assert_eq!(found(text, Statements::Any), ["sql.destroy"], "{text}");
    }
    for text in ["DELETE FROM t WHERE a = 1", "SELECT 'drop table x'", "DROP VIEW v", "SELECT deleted FROM t"]
    {
        assert_eq!(found(text, Statements::Any), [] as [&str; 0], "{text}");
    }
}

#[test]
fn what_a_reading_or_writing_argument_admits() {
    let refuses = |text, statements| found(text, statements).contains(&"sql.statement");
    for text in [
        "SELECT 1",
        "(SELECT 1) UNION (SELECT 2)",
        "with t as (select 1) select * from t",
        "WITH RECURSIVE t AS (VALUES (1) UNION SELECT n FROM t) SELECT n FROM t",
        "EXPLAIN DELETE FROM t WHERE a = 1",
        "EXPLAIN ANALYZE SELECT 1",
        "EXPLAIN (ANALYZE, BUFFERS) SELECT 1",
        "SHOW TABLES",
        "DESCRIBE t",
        "PRAGMA table_info(t)",
        "PRAGMA user_version",
        "VALUES (1), (2)",
        "SELECT update_time, \"into\" FROM t FOR UPDATE",
        "SELECT replace(a, 'b', 'c'), 'insert into' FROM t -- delete",
        "BEGIN",
        "COMMIT",
        "",
    ] {
        assert!(!refuses(text, Statements::Read), "{text}");
        assert!(!refuses(text, Statements::Write), "{text}");
    }
    for text in [
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET a = 1 WHERE b",
        "DELETE FROM t WHERE a",
        "MERGE INTO t USING u ON a WHEN MATCHED THEN UPDATE SET b = 1",
        "WITH d AS (DELETE FROM t WHERE a RETURNING *) SELECT * FROM d",
        "WITH d AS (SELECT 1) INSERT INTO t SELECT * FROM d",
        "SELECT * INTO t2 FROM t",
        "EXPLAIN ANALYZE DELETE FROM t WHERE a",
        "EXPLAIN (ANALYZE) UPDATE t SET a = 1 WHERE b",
        "SELECT nextval('s')",
        "SELECT pg_terminate_backend(1)",
        "/*!50000 INSERT */ INTO t VALUES (1)",
        "REPLACE INTO t VALUES (1)",
    ] {
        assert!(refuses(text, Statements::Read), "{text}");
        assert!(!refuses(text, Statements::Write), "{text}");
        assert!(!refuses(text, Statements::Any), "{text}");
    }
    for text in [
        "CREATE TABLE t (a int)",
        "DROP TABLE t",
        "ALTER TABLE t ADD a int",
        "GRANT ALL ON t TO u",
        "SET ROLE admin",
        "CALL p()",
        "VACUUM",
        "PRAGMA journal_mode(delete)",
        "ATTACH 'x' AS y",
        "1",
    ] {
        assert!(refuses(text, Statements::Read), "{text}");
    }
    for text in ["CREATE TABLE t (a int)", "DROP TABLE t", "GRANT ALL ON t TO u", "ATTACH 'x' AS y"] {
        assert!(refuses(text, Statements::Write), "{text}");
    }
    // The first statement is not all of it.
    assert!(refuses("SELECT 1; DROP TABLE t", Statements::Read));
    assert!(refuses("SELECT 'a\\'; DELETE FROM t; -- '", Statements::Read));
}

#[test]
fn statements_are_told_from_what_is_put_into_one() {
    for text in [
        "SELECT 1",
        "select a from t where b = 'c';",
        "-- who\nSELECT * FROM t",
        "WITH t AS (SELECT 1) SELECT * FROM t",
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET a = 1",
        "DELETE FROM t WHERE a = 1",
        "CREATE TABLE t (a int)",
        "DROP POLICY p ON t",
    ] {
        assert!(is_statement(text.as_bytes()), "{text}");
    }
    for text in [
        "",
        "select",
        "(select 1)",
        "1; select 1",
        "' union select 1",
        "select 1 from t where",
        "select 1 from t where a = ",
        "select 1 from t -- ",
        "select 'a",
        "delete more \"()\"",
        "drop me a line",
        "insert coin",
    ] {
        assert!(!is_statement(text.as_bytes()), "{text}");
    }
}

#[test]
fn assignments_of_pragmas_are_no_questions() {
    assert!(found("PRAGMA journal_mode = DELETE", Statements::Read).contains(&"sql.statement"));
}

mod attacks;
mod ordinary;
