-- What numbers of batches belong to: another cluster, another database, and a standby that took over may give the same ones again.
SELECT hashtextextended(concat_ws('/',
    (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()),
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)), 0);
