-- The page of figures shows what the portal counts every month; programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON portal_figure
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
