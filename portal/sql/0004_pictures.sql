-- Pages name the pictures that are drawn; programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON portal_sharepicture
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
