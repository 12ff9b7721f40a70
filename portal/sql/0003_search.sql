-- The words of the search are part of what public pages show; programs/sql/0003_versions.sql.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON portal_synonymgroup
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
