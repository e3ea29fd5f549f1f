-- Every table of this database's schema that holds rows of its own, but for the list of migrations.
SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) AND tablename <> '__EFMigrationsHistory' ORDER BY tablename
