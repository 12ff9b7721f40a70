-- Issues of the newsletter have public pages; programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON portal_newsletterissue
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
