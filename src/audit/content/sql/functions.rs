//! What the functions of databases do besides answering.

use super::{is_any, starts};

/// Whether a function leaves the database: files, programs, connections.
pub(super) fn reaches(name: &[u8]) -> bool {
    is_any(name, REACHING) || starts(name, REACHING_FAMILIES) || is_package(name)
}

/// Whether a name is that of a package or procedure that leaves the database, called with brackets or without.
pub(super) fn is_package(name: &[u8]) -> bool {
    starts(name, PACKAGE_FAMILIES) || is_any(name, PACKAGES)
}

/// Whether a function leaves the database where a table belongs. Elsewhere its name may be anybody's.
pub(super) fn is_table_from_elsewhere(name: &[u8]) -> bool {
    is_any(name, TABLES_FROM_ELSEWHERE)
}

/// Whether a function runs a statement that it is given as a text.
pub(super) fn runs_text(name: &[u8]) -> bool {
    is_any(name, RUNNING)
}

/// Whether a function changes something.
pub(super) fn changes(name: &[u8]) -> bool {
    is_any(name, CHANGING)
        || starts(name, &["lo_", "system$abort", "system$cancel", "system$send"])
        || (starts(name, &["pg_"]) && !is_any(name, ASKING) && !starts(name, ASKING_FAMILIES))
        || (starts(name, &["dbms_"]) && !is_any(name, ASKING_PACKAGES))
}

/// Whether the answer of a function is how long it takes.
pub(super) fn waits(name: &[u8]) -> bool {
    is_any(name, WAITING)
}

/// Whether a function that changes something is in a package that asks, too.
pub(super) fn is_changing_package(name: &[u8]) -> bool {
    starts(name, &["dbms_"]) && !is_any(name, ASKING_PACKAGES)
}

const WAITING: &[&str] = &[
    "sleep",
    "pg_sleep",
    "pg_sleep_for",
    "pg_sleep_until",
    "benchmark",
    "master_pos_wait",
    "source_pos_wait",
    "wait_for_executed_gtid_set",
    "randomblob",
    "receive_message",
];

const REACHING: &[&str] = &[
    // MySQL
    "load_file",
    "sys_exec",
    "sys_eval",
    "sys_get",
    "sys_set",
    // PostgreSQL
    "pg_stat_file",
    "pg_logdir_ls",
    "pg_logfile_rotate",
    "pg_execute_server_program",
    "pg_current_logfile",
    "pg_hba_file_rules",
    "pg_ident_file_mappings",
    "pg_show_all_file_settings",
    "lo_import",
    "lo_export",
    "dblink",
    "postgres_fdw_get_connections",
    "file_fdw_handler",
    // SQLite
    "load_extension",
    "readfile",
    "writefile",
    "edit",
    "fts3_tokenizer",
    "fsdir",
    "zipfile",
    // SQL Server
    "openrowset",
    "openquery",
    "opendatasource",
    "fn_trace_gettable",
    "fn_trace_getinfo",
    "fn_xe_file_target_read_file",
    "fn_get_audit_file",
    "fn_get_audit_file_v2",
    "fn_dump_dblog",
    "fn_dump_dblog_xtp",
    "dm_os_file_exists",
    "dm_os_enumerate_filesystem",
    "dm_os_enumerate_fixed_drives",
    // Oracle
    "httpuritype",
    "dburitype",
    "xdburitype",
    "bfilename",
    // DuckDB
    "parquet_metadata",
    "parquet_schema",
    "parquet_file_metadata",
    "parquet_kv_metadata",
    "parquet_bloom_probe",
    "parquet_scan",
    "sqlite_scan",
    "sqlite_query",
    "sqlite_attach",
    "postgres_scan",
    "postgres_scan_pushdown",
    "postgres_query",
    "postgres_execute",
    "postgres_attach",
    "mysql_scan",
    "mysql_query",
    "mysql_execute",
    "iceberg_scan",
    "iceberg_metadata",
    "iceberg_snapshots",
    "delta_scan",
    "arrow_scan",
    "pandas_scan",
    "sniff_csv",
    "st_read",
    "st_read_meta",
    "st_readosm",
    "st_readshp",
    "getenv",
    "load_aws_credentials",
    // ClickHouse
    "executable",
    "remotesecure",
    "filecluster",
    "urlcluster",
    "s3cluster",
    "hdfscluster",
    "azureblobstorage",
    "azureblobstoragecluster",
    "hdfs",
    // BigQuery, Spark, Db2, H2, Derby
    "external_query",
    "java_method",
    "try_reflect",
    "csvread",
    "csvwrite",
    "file_read",
    "file_write",
    "link_schema",
];

const REACHING_FAMILIES: &[&str] = &[
    "pg_read_",
    "pg_ls_",
    "pg_file_",
    "dblink_",
    "read_",
    "fileio_",
    "http_get",
    "http_post",
    "http_put",
    "http_patch",
    "http_delete",
    "http_head",
    "http_request",
    "httpget",
    "httppost",
    "httpput",
    "httpdelete",
    "lib_mysqludf_sys",
    "syscs_",
];

const PACKAGE_FAMILIES: &[&str] =
    &["xp_", "sp_oa", "utl_http", "utl_file", "utl_tcp", "utl_smtp", "utl_mail", "utl_inaddr", "utl_dbws"];

const PACKAGES: &[&str] = &[
    // SQL Server
    "sp_configure",
    "sp_addlinkedserver",
    "sp_addlinkedsrvlogin",
    "sp_serveroption",
    "sp_addserver",
    "sp_dropserver",
    "sp_addextendedproc",
    "sp_dropextendedproc",
    "sp_add_job",
    "sp_add_jobstep",
    "sp_add_jobserver",
    "sp_add_jobschedule",
    "sp_update_job",
    "sp_update_jobstep",
    "sp_start_job",
    "sp_send_dbmail",
    "sp_invoke_external_rest_endpoint",
    "sp_execute_external_script",
    "sp_execute_remote",
    "sp_makewebtask",
    "sp_addsrvrolemember",
    "sp_addrolemember",
    "sp_addlogin",
    "sp_password",
    "sp_grantlogin",
    "sp_attach_db",
    "sp_attach_single_file_db",
    "sp_detach_db",
    "sp_create_plan_guide",
    "sp_procoption",
    "sp_replwritetovarbin",
    "sp_setapprole",
    // Oracle
    "urifactory",
    "dbms_ldap",
    "dbms_scheduler",
    "dbms_job",
    "dbms_java",
    "dbms_java_test",
    "dbms_cloud",
    "dbms_xslprocessor",
    "dbms_file_transfer",
    "dbms_backup_restore",
    "dbms_datapump",
    "dbms_pipe",
    "dbms_network_acl_admin",
    "dbms_vector",
    "apex_web_service",
    "apex_mail",
    "ordsys",
];

const TABLES_FROM_ELSEWHERE: &[&str] = &[
    "file",
    "url",
    "s3",
    "gcs",
    "oss",
    "cosn",
    "remote",
    "mysql",
    "postgresql",
    "mongodb",
    "redis",
    "sqlite",
    "odbc",
    "jdbc",
    "hive",
    "deltalake",
    "hudi",
    "iceberg",
    "icebergs3",
    "ytsaurus",
    "glob",
    "csv",
    "query",
    "query_table",
    "lines",
    "reflect",
];

const RUNNING: &[&str] = &[
    "query_to_xml",
    "query_to_xmlschema",
    "query_to_xml_and_xmlschema",
    "xpath_table",
    "crosstab",
    "crosstab2",
    "crosstab3",
    "crosstab4",
    "connectby",
    "ts_stat",
    "ts_rewrite",
    "getxml",
    "getxmltype",
    "newcontext",
];

const CHANGING: &[&str] = &["nextval", "setval", "set_config", "get_lock", "release_all_locks"];

/// Functions of `PostgreSQL` that only ask.
const ASKING: &[&str] = &[
    "pg_size_pretty",
    "pg_size_bytes",
    "pg_relation_size",
    "pg_total_relation_size",
    "pg_table_size",
    "pg_indexes_size",
    "pg_database_size",
    "pg_tablespace_size",
    "pg_tablespace_location",
    "pg_tablespace_databases",
    "pg_relation_filenode",
    "pg_relation_filepath",
    "pg_filenode_relation",
    "pg_typeof",
    "pg_basetype",
    "pg_column_size",
    "pg_column_compression",
    "pg_column_toast_chunk_id",
    "pg_column_is_updatable",
    "pg_relation_is_updatable",
    "pg_relation_is_publishable",
    "pg_backend_pid",
    "pg_blocking_pids",
    "pg_safe_snapshot_blocking_pids",
    "pg_is_in_recovery",
    "pg_is_in_backup",
    "pg_is_other_temp_schema",
    "pg_is_wal_replay_paused",
    "pg_my_temp_schema",
    "pg_postmaster_start_time",
    "pg_conf_load_time",
    "pg_encoding_to_char",
    "pg_char_to_encoding",
    "pg_client_encoding",
    "pg_collation_for",
    "pg_collation_actual_version",
    "pg_has_role",
    "pg_describe_object",
    "pg_identify_object",
    "pg_identify_object_as_address",
    "pg_options_to_table",
    "pg_index_column_has_property",
    "pg_index_has_property",
    "pg_indexam_has_property",
    "pg_input_is_valid",
    "pg_input_error_info",
    "pg_jit_available",
    "pg_listening_channels",
    "pg_notification_queue_usage",
    "pg_lock_status",
    "pg_cursor",
    "pg_prepared_statement",
    "pg_prepared_xact",
    "pg_show_all_settings",
    "pg_settings_get_flags",
    "pg_timezone_names",
    "pg_timezone_abbrevs",
    "pg_trigger_depth",
    "pg_sequence_last_value",
    "pg_sequence_parameters",
    "pg_wal_lsn_diff",
    "pg_walfile_name",
    "pg_walfile_name_offset",
    "pg_snapshot_xmin",
    "pg_snapshot_xmax",
    "pg_snapshot_xip",
    "pg_current_snapshot",
    "pg_current_xact_id_if_assigned",
    "pg_visible_in_snapshot",
    "pg_xact_status",
    "pg_xact_commit_timestamp",
    "pg_stat_statements",
    "pg_stat_statements_info",
    "pg_stat_kcache",
    "pg_buffercache_pages",
    "pg_buffercache_summary",
    "pg_freespace",
    "pg_visibility",
    "pg_available_extensions",
    "pg_available_extension_versions",
    "pg_extension_update_paths",
    "pg_event_trigger_ddl_commands",
    "pg_event_trigger_dropped_objects",
    "pg_config",
];

const ASKING_FAMILIES: &[&str] = &[
    "pg_get_",
    "pg_stat_get_",
    "pg_partition_",
    "pg_last_",
    "pg_current_wal_",
    "pg_control_",
    "pg_ts_",
    "pg_type_is_visible",
    "pg_table_is_visible",
    "pg_function_is_visible",
    "pg_operator_is_visible",
    "pg_opclass_is_visible",
    "pg_collation_is_visible",
    "pg_conversion_is_visible",
    "pg_statistics_obj_is_visible",
];

/// Packages of Oracle that only ask.
const ASKING_PACKAGES: &[&str] = &[
    "dbms_random",
    "dbms_lob",
    "dbms_metadata",
    "dbms_metadata_diff",
    "dbms_xplan",
    "dbms_output",
    "dbms_utility",
    "dbms_crypto",
    "dbms_obfuscation_toolkit",
    "dbms_rowid",
    "dbms_flashback",
    "dbms_compression",
    "dbms_assert",
    "dbms_session",
    "dbms_application_info",
    "dbms_mview",
    "dbms_space",
    "dbms_stats",
    "dbms_sqltune",
    "dbms_xmlgen",
    "dbms_xmlquery",
];
